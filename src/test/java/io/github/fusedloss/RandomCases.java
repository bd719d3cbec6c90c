package io.github.fusedloss;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Random calls of losses with their options crossed, each on every executor: all have to give the
 * bits of plain Java, or the same refusal. ci/same-bits makes a million, a test a few.
 *
 * <p>A kernel is built for each loss, set of options, type and kind of rows. There are thousands,
 * and each takes a driver seconds. So OpenCL gets calls of some sets, which are drawn first; the
 * executors on the CPU get these, and in every third case another set.
 */
final class RandomCases {
  private static final List<Loss> LOSSES =
      List.of(
          BinaryCrossEntropyWithLogits.DEFAULT,
          BinaryCrossEntropy.DEFAULT,
          SigmoidFocalLoss.DEFAULT,
          KlDivLoss.DEFAULT,
          CrossEntropy.DEFAULT,
          CrossEntropy.DEFAULT,
          NllLoss.DEFAULT,
          SoftmaxFocalLoss.DEFAULT,
          Distillation.DEFAULT,
          Distillation.REVERSE_KL); // OptionCases draws the last divergence, JSD, in its place

  private static final ElementType[] TYPES = {
    ElementType.FLOAT32, ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16
  };

  /** Around a vector, a stripe of 64 lanes, one of 1024, a block, two blocks; and small ones. */
  private static final int[] SIZES = {
    1, 2, 3, 7, 15, 16, 17, 31, 33, 63, 64, 65, 127, 200, 1023, 1024, 1025, 4095, 4096, 4097, 8200
  };

  /** Rows in order up to 64 classes, in lanes of one stripe, of several, of two blocks. */
  private static final int[][] CLASSES = {
    {1, 2, 3, 4, 7, 10, 16, 17, 31, 33, 63, 64},
    {65, 70, 100, 127, 128, 129, 200, 255, 256, 257, 384, 385, 513},
    {896, 897, 1000, 1023, 1024, 1025, 1400, 2049, 4095, 4096},
    {4097, 4100, 8192, 8200}
  };

  /** Axes behind the classes: none, or around a vector. */
  private static final int[] INNER = {2, 3, 7, 15, 16, 17, 33};

  private static final double[] SCALES = {0.01, 1, 5, 30, 120, 3e4, 3e38};

  /** The properties that decide which kernel runs. */
  private record Kind(
      Loss loss,
      int options,
      ElementType type,
      int classes,
      boolean inner,
      boolean soft,
      int rows,
      Hessian hessian,
      boolean outputs) {
    static Kind draw(Random random) {
      Loss loss = one(random, LOSSES);
      return new Kind(
          loss,
          random.nextInt(OptionCases.subsets(loss)),
          TYPES[random.nextInt(TYPES.length)],
          random.nextInt(CLASSES.length),
          random.nextInt(3) == 0,
          random.nextInt(3) == 0,
          random.nextInt(5) < 3 ? 0 : 1 + random.nextInt(3),
          random.nextInt(5) == 0 ? one(random, List.of(Hessian.values())) : null,
          (loss instanceof CrossEntropy || loss instanceof SoftmaxFocalLoss)
              && random.nextInt(4) == 0);
    }

    boolean isOverRows() {
      return Function.ofLoss(loss.name()).isOverRows();
    }
  }

  private final Random random;
  private final List<Kind> kinds = new ArrayList<>();
  private int compared;

  RandomCases(long seed, int kinds) {
    random = new Random(seed);
    for (int i = 0; i < kinds; i++) {
      this.kinds.add(Kind.draw(random));
    }
  }

  private static <T> T one(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static int one(Random random, int... of) {
    return of[random.nextInt(of.length)];
  }

  /** How many results were compared with those of plain Java. */
  int compared() {
    return compared;
  }

  /**
   * Makes one case.
   *
   * @param executors plain Java first
   * @return what was not the same, or null
   */
  String differs(List<FusedLoss> executors) {
    boolean onCpu = random.nextInt(3) == 0;
    Kind kind = onCpu ? Kind.draw(random) : one(random, kinds);
    Case drawn = kind.isOverRows() ? ofRows(kind) : ofElements(kind);
    int[] expected = null;
    for (FusedLoss fused : executors) {
      if (onCpu && fused.device().startsWith("opencl")) {
        continue;
      }
      int[] bits = drawn.bits(fused);
      if (expected == null) {
        expected = bits;
        continue;
      }
      compared++;
      if (!Arrays.equals(expected, bits)) {
        return fused.device() + ": " + drawn + ", first at " + Arrays.mismatch(expected, bits);
      }
    }
    return null;
  }

  private Loss options(Kind kind, Tensor... weights) {
    Loss loss = OptionCases.some(kind.loss, kind.options, weights);
    if (Option.IGNORE_INDEX.isOf(loss.name()) && !kind.soft && random.nextInt(4) == 0) {
      loss = loss.with("ignore_index", 1L);
    }
    loss = loss.withReduction(one(random, Function.ofLoss(loss.name()).reductions()));
    boolean own = loss.reduction() == Reduction.MEAN && random.nextInt(3) == 0;
    return own ? loss.withDenominator(0.1 + random.nextInt(100)) : loss;
  }

  private Case ofElements(Kind kind) {
    int n = Math.max(1, one(random, SIZES) - random.nextInt(2));
    boolean probabilities = kind.loss instanceof BinaryCrossEntropy;
    float[] x =
        probabilities
            ? Numbers.unit(random, n)
            : Numbers.values(random, n, SCALES[random.nextInt(SCALES.length)]);
    float[] t = Numbers.unit(random, n);
    Tensor target =
        switch (random.nextInt(4)) {
          case 0 -> Numbers.tensor(kind.type, t, n);
          case 1 -> hard(t);
          default -> Tensor.of(t, n);
        };
    int weights = random.nextBoolean() ? 1 : n;
    Tensor weight = Tensor.of(Numbers.values(random, weights, 2), weights);
    Loss loss = options(kind, weight, Tensor.of(Numbers.unit(random, n), n));
    return new Case(
        loss,
        Numbers.tensor(kind.type, x, n),
        batch(kind, target, n),
        upstream(loss, n),
        kind.hessian,
        Outputs.NONE);
  }

  private static Tensor hard(float[] t) {
    byte[] bytes = new byte[t.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (t[i] > 0.5f ? 1 : 0);
    }
    return Tensor.of(bytes, t.length);
  }

  private Case ofRows(Kind kind) {
    int classes = one(random, CLASSES[kind.classes]);
    int inner = kind.inner ? one(random, INNER) : 1;
    int most = Math.max(1, (classes > 2000 ? 20_000 : 4_000) / classes / inner);
    LogitShape s = new LogitShape(1 + random.nextInt(Math.min(most, 300)), classes, inner);
    float[] x = Numbers.values(random, s.elements(), SCALES[random.nextInt(SCALES.length)]);
    Layout layout = random.nextInt(3) == 0 ? Layout.counted(s) : Layout.of(s);
    boolean soft = kind.soft && kind.loss instanceof CrossEntropy;
    boolean teacher = kind.loss instanceof Distillation;
    Tensor target =
        teacher
            ? teacher(kind, x, layout)
            : soft
                ? Tensor.of(Numbers.unit(random, s.elements()), layout.input)
                : Tensor.of(s.indices(random), layout.rows);
    Tensor weight = Tensor.of(Numbers.unit(random, classes), classes);
    Tensor bias = Tensor.of(Numbers.values(random, classes, 2), classes);
    Loss loss = options(kind, weight, bias);
    if (!soft && !teacher && loss.options().integer(Option.IGNORE_INDEX) == 1) {
      target = Tensor.of(random.ints(s.rows(), 0, classes).toArray(), layout.rows);
    }
    return new Case(
        layout.axis == null ? loss : loss.with(Option.CLASS_AXIS.torchName(), layout.axis),
        Numbers.tensor(kind.type, x, layout.input),
        batch(kind, target, layout.rows),
        upstream(loss, layout.rows),
        kind.hessian,
        kind.outputs ? outputs(soft) : Outputs.NONE);
  }

  /**
   * How elements that are in order are shaped.
   *
   * @param axis of the classes; null for the default
   */
  private record Layout(long[] input, long[] rows, Long axis) {
    static Layout of(LogitShape s) {
      return new Layout(s.input(), s.target(), null);
    }

    /** The classes last, as in (batch, time, classes); or, with inner, the last but one. */
    static Layout counted(LogitShape s) {
      long n = s.batch();
      long c = s.classes();
      long inner = s.inner();
      return inner == 1
          ? new Layout(new long[] {1, n, c}, new long[] {1, n}, -1L)
          : new Layout(new long[] {n, 1, c, inner}, new long[] {n, 1, inner}, -2L);
    }
  }

  /** Any of those that there are for the target, so that calls are seldom refused. */
  private Outputs outputs(boolean soft) {
    List<Output> drawn = new ArrayList<>(List.of(Output.values()));
    if (soft) {
      drawn.removeAll(List.of(Output.TARGET_LOG_PROBABILITY, Output.RANK));
    }
    while (drawn.size() > 1 && random.nextInt(4) > 0) {
      drawn.remove(random.nextInt(drawn.size()));
    }
    return Outputs.of(drawn.toArray(Output[]::new));
  }

  /** Logits like the student's, some of them near these. */
  private Tensor teacher(Kind kind, float[] x, Layout layout) {
    float[] z = Numbers.values(random, x.length, SCALES[random.nextInt(SCALES.length)]);
    boolean near = random.nextBoolean();
    for (int i = 0; i < z.length && near; i++) {
      z[i] = x[i] + z[i] * 1e-4f;
    }
    return Numbers.tensor(kind.soft ? ElementType.FLOAT32 : kind.type, z, layout.input);
  }

  /** Makes a target with weights of the rows, a mask, or both. */
  private Target batch(Kind kind, Tensor target, long... shape) {
    int n = (int) Shapes.size(shape);
    Target batch = Target.of(target);
    if ((kind.rows & 1) != 0) {
      batch = batch.rowWeights(Tensor.of(Numbers.unit(random, n), shape));
    }
    if ((kind.rows & 2) != 0) {
      byte[] mask = new byte[n];
      random.nextBytes(mask);
      for (int i = 0; i < n; i++) {
        mask[i] &= 3;
      }
      batch = batch.mask(Tensor.of(mask, shape));
    }
    return batch;
  }

  private Tensor upstream(Loss loss, long... shape) {
    boolean each = loss.reduction() == Reduction.NONE && random.nextInt(3) == 0;
    int n = (int) Shapes.size(shape);
    return each ? Tensor.of(Numbers.values(random, n, 2), shape) : null;
  }

  /** One call. */
  private record Case(
      Loss loss, Tensor input, Target target, Tensor upstream, Hessian hessian, Outputs outputs) {
    int[] bits(FusedLoss fused) {
      try {
        if (hessian != null && upstream == null) {
          return Bits.of(fused.forwardGradientAndHessian(loss, input, target, hessian, outputs));
        }
        return upstream == null
            ? Bits.of(fused.forwardAndGradient(loss, input, target, outputs))
            : Bits.of(fused.forwardAndGradient(loss, input, target, upstream, null));
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        return e.getMessage().chars().toArray();
      }
    }
  }

  /** CASES SEED KINDS; exit status 1 if one differs. */
  public static void main(String[] args) {
    int cases = Integer.parseInt(args[0]);
    RandomCases random = new RandomCases(Long.parseLong(args[1]), Integer.parseInt(args[2]));
    List<FusedLoss> executors = SameBitsTest.open();
    int different = 0;
    for (int i = 0; i < cases; i++) {
      String what = random.differs(executors);
      if (what != null) {
        different++;
        System.err.println("case " + i + ": " + what);
      }
      if ((i + 1) % 10_000 == 0) {
        System.err.printf("%d cases, %d different%n", i + 1, different);
      }
    }
    System.out.printf(
        "same bits: %d cases, %d results compared with plain Java, %d different%n",
        cases, random.compared(), different);
    System.exit(different == 0 ? 0 : 1);
  }
}
