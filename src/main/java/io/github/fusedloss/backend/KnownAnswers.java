package io.github.fusedloss.backend;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The known-answer probe: small problems that reach every branch of the arithmetic, and for each a
 * hash of the bits that every executor must give. A device whose compiler contracts, flushes
 * subnormals, miscompiles a reduction or substitutes its own functions does not pass.
 *
 * <p>There is a question for each way of computing, so that a device is asked {@link #BASIC} when
 * it is opened and the others when what they are about is first wanted: their kernels are then
 * needed anyway, while asking everything at once means to wait for the compiler again and again.
 */
public final class KnownAnswers {
  /** Asked first: elements, sums; whether arithmetic is what IEEE 754 says. */
  public static final Question BASIC = new Question(Subject.LOGITS, null);

  /** How rows of classes are stored and summed: in order, or as blocks of 4096. */
  enum Rows {
    /** Up to 64 classes. */
    SHORT(37, 10, 1, 20),
    /** Classes that are not adjacent. */
    APART(2, 19, 33, 60),
    /** One block. */
    ONE_BLOCK(17, 70, 1, 10),
    /** Several blocks. */
    LONG(2, 4099, 1, 4);

    final int batch;
    final int classes;
    final int inner;
    final double scale;

    Rows(int batch, int classes, int inner, double scale) {
      this.batch = batch;
      this.classes = classes;
      this.inner = inner;
      this.scale = scale;
    }

    int count() {
      return batch * inner;
    }

    static Rows of(long classes, long inner) {
      if (inner > 1) {
        return APART;
      }
      return SumShape.inOrder(classes, inner)
          ? SHORT
          : classes <= SumShape.BLOCK ? ONE_BLOCK : LONG;
    }
  }

  private interface Problem {
    void pose(Executor executor, Hash hash, Rows rows);
  }

  /** What is asked about, and the answers: one, or one for each of {@link Rows}. */
  enum Subject {
    LOGITS((e, h, r) -> KnownProblems.logits(e, h), 0x9099bd7054a2bb57L),
    PROBABILITIES((e, h, r) -> KnownProblems.probabilities(e, h), 0xa14b9107ee8aa317L),
    FLOAT16((e, h, r) -> KnownProblems.sixteenBits(e, h, ElementType.FLOAT16), 0x92ee90c02a2baf24L),
    BFLOAT16(
        (e, h, r) -> KnownProblems.sixteenBits(e, h, ElementType.BFLOAT16), 0x9835d2903505541dL),
    LOG_PROBABILITIES(
        (e, h, r) -> {
          KnownProblems.classes(e, h, Rows.ONE_BLOCK, CrossEntropyTask.Kind.NLL, false, 0);
          KnownProblems.classes(e, h, Rows.APART, CrossEntropyTask.Kind.NLL, true, 0);
        },
        0x37b59a77a54bb362L),
    CLASSES(
        (e, h, r) -> {
          KnownProblems.classes(e, h, r, CrossEntropyTask.Kind.INDICES, false, 0);
          KnownProblems.classes(e, h, r, CrossEntropyTask.Kind.INDICES, true, 0);
        },
        0x16ca3e55819ffbbbL,
        0x4921e6dea243ec02L,
        0x2493b04e275117f6L,
        0xb4d8bd816a10f9b6L),
    SMOOTHED_CLASSES(
        (e, h, r) -> KnownProblems.classes(e, h, r, CrossEntropyTask.Kind.INDICES, true, 0.1f),
        0x3ba1385abd21d7fcL,
        0x3c94e6e1380ad305L,
        0x7820cace28cd9702L,
        0xab8e292bb845bb66L),
    CLASS_PROBABILITIES(
        KnownProblems::classProbabilities,
        0xc3045cd5ee5a7c67L,
        0x0937e4cc8a43174fL,
        0xfb73658542d044f8L,
        0x60de9b39e251e708L),
    SOFTMAX(
        (e, h, r) -> KnownProblems.softmax(e, h, r, SoftmaxTask.Kind.SOFTMAX),
        0x7d988e3d5faede83L,
        0x6ebb7a6f337bcdc2L,
        0x32ccaa18aa8eafa8L,
        0xc6e650dc2086fb3dL),
    LOG_SOFTMAX(
        (e, h, r) -> KnownProblems.softmax(e, h, r, SoftmaxTask.Kind.LOG_SOFTMAX),
        0xd1c22bec929c951eL,
        0x47be073762d9f06bL,
        0x6b4e4be9da17f105L,
        0x76d96f889e32c064L),
    LOGSUMEXP(
        (e, h, r) -> KnownProblems.softmax(e, h, r, SoftmaxTask.Kind.LOGSUMEXP),
        0x8e81c304fe53f044L,
        0x36adb910886fb06fL,
        0xc69f2ca177775dfdL,
        0xf00667fc9a5a7adfL);

    private final Problem problem;
    private final long[] answers;

    Subject(Problem problem, long... answers) {
      this.problem = problem;
      this.answers = answers;
    }
  }

  /** One thing to know; a test asks plain Java. */
  public record Question(Subject subject, Rows rows) {
    /** Returns null if the executor gives the known bits, or what is wrong. */
    public String wrong(Executor executor) {
      String got;
      try {
        long answer = answer(executor);
        if (answer == expected()) {
          return null;
        }
        got = String.format("%016x", answer);
      } catch (IllegalArgumentException | BadElementException e) {
        got = "\"" + e.getMessage() + "\""; // It finds fault with what is right.
      }
      return String.format(
          "%s computes wrong bits: known-answer probe (%s%s) gave %s, not %016x; "
              + "try another driver version",
          executor.info().name(), subject, rows == null ? "" : " " + rows, got, expected());
    }

    private long expected() {
      return subject.answers[rows == null ? 0 : rows.ordinal()];
    }

    long answer(Executor executor) {
      Hash hash = new Hash();
      subject.problem.pose(executor, hash, rows);
      return hash.value;
    }
  }

  private KnownAnswers() {}

  /** Every question there is. */
  static List<Question> all() {
    List<Question> all = new ArrayList<>();
    for (Subject subject : Subject.values()) {
      if (subject.answers.length == 1) {
        all.add(new Question(subject, null));
      } else {
        EnumSet.allOf(Rows.class).forEach(rows -> all.add(new Question(subject, rows)));
      }
    }
    return all;
  }

  /** What to ask before a function of elements of this type. */
  public static Set<Question> of(ElementType type) {
    return of(BASIC, type, type);
  }

  /** What to ask before this task. */
  public static Set<Question> of(BceTask task) {
    Question elements = task.logits() ? BASIC : new Question(Subject.PROBABILITIES, null);
    return of(elements, task.input().type(), task.target().type());
  }

  /** What to ask before this task. */
  public static Set<Question> of(SoftmaxTask task) {
    Subject subject =
        switch (task.kind()) {
          case SOFTMAX -> Subject.SOFTMAX;
          case LOG_SOFTMAX -> Subject.LOG_SOFTMAX;
          case LOGSUMEXP -> Subject.LOGSUMEXP;
        };
    ElementType type = task.input().type();
    return of(new Question(subject, Rows.of(task.classes(), task.inner())), type, type);
  }

  /** What to ask before this task. */
  public static Set<Question> of(CrossEntropyTask task) {
    Subject subject =
        switch (task.kind()) {
          case PROBABILITIES -> Subject.CLASS_PROBABILITIES;
          case NLL -> Subject.LOG_PROBABILITIES;
          case INDICES -> task.labelSmoothing() > 0 ? Subject.SMOOTHED_CLASSES : Subject.CLASSES;
        };
    Rows rows = subject == Subject.LOG_PROBABILITIES ? null : Rows.of(task.classes(), task.inner());
    return of(new Question(subject, rows), task.input().type(), task.target().type());
  }

  private static Set<Question> of(Question question, ElementType input, ElementType target) {
    if (!input.isSixteenBit() && !target.isSixteenBit()) {
      return Set.of(question);
    }
    Set<Question> all = new LinkedHashSet<>();
    for (ElementType type : new ElementType[] {input, target}) {
      if (type == ElementType.FLOAT16) {
        all.add(new Question(Subject.FLOAT16, null));
      } else if (type == ElementType.BFLOAT16) {
        all.add(new Question(Subject.BFLOAT16, null));
      }
    }
    all.add(question);
    return all;
  }

  /** Of raw bits. */
  static final class Hash {
    private long value = 0xcbf29ce484222325L;

    void add(int bits) {
      value = (value ^ bits) * 0x100000001b3L;
      value ^= value >>> 29;
    }

    void add(float[] values) {
      for (float v : values) {
        add(Float.floatToRawIntBits(v));
      }
    }

    void add(double v) {
      long bits = Double.doubleToLongBits(v); // The JVM does not keep the sign of a NaN.
      add((int) bits);
      add((int) (bits >>> 32));
    }
  }
}
