package io.github.fusedloss.backend;

import static io.github.fusedloss.backend.Function.BINARY_CROSS_ENTROPY;
import static io.github.fusedloss.backend.Function.BINARY_CROSS_ENTROPY_WITH_LOGITS;
import static io.github.fusedloss.backend.Function.CROSS_ENTROPY;
import static io.github.fusedloss.backend.Function.CROSS_ENTROPY_OF_PROBABILITIES;
import static io.github.fusedloss.backend.Function.DISTILLATION;
import static io.github.fusedloss.backend.Function.KL_DIV;
import static io.github.fusedloss.backend.Function.LOGSUMEXP;
import static io.github.fusedloss.backend.Function.LOG_SOFTMAX;
import static io.github.fusedloss.backend.Function.NLL_LOSS;
import static io.github.fusedloss.backend.Function.SIGMOID_FOCAL_LOSS;
import static io.github.fusedloss.backend.Function.SOFTMAX;
import static io.github.fusedloss.backend.Function.SOFTMAX_FOCAL_LOSS;

import io.github.fusedloss.Divergence;
import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.CrossEntropyTask.Options;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The known-answer probe: small problems that reach every branch of the arithmetic, and for each a
 * hash of the bits that every executor must give. A device does not pass if its compiler contracts
 * multiplications and additions, flushes subnormals, miscompiles a reduction or substitutes its own
 * functions.
 *
 * <p>There is a question for each way of computing. A device is asked {@link #BASIC} when it is
 * opened, and every other question just before the first call that computes in its way: the kernels
 * are then needed anyway, while asking everything at once would mean to wait for the compiler again
 * and again.
 *
 * <p>The answers are in the resource {@code known_answers.txt}, a line for each question; {@code
 * ci/known-answers} prints it.
 */
public final class KnownAnswers {
  // ---- the questions: whatever a function or an option computes in its own way has a row here

  private static final Question.Subject ELEMENTS =
      Question.Subject.ofElements("elements and sums", p -> p.logits());

  private static final Question.Subject FLOAT16 =
      Question.Subject.ofElements("float16", p -> p.sixteenBits(ElementType.FLOAT16));

  private static final Question.Subject BFLOAT16 =
      Question.Subject.ofElements("bfloat16", p -> p.sixteenBits(ElementType.BFLOAT16));

  /**
   * A way of computing a function: those options that are computed so, and the questions about it.
   */
  private record Way(Function function, Predicate<Options> options, Question.Subject subject) {}

  /** Makes the way of a function over elements, with one question. */
  private static Way elements(
      Function function, String with, Predicate<Options> options, Consumer<KnownElements> problem) {
    return new Way(function, options, Question.Subject.ofElements(name(function, with), problem));
  }

  /** Makes the way of a function over rows, with one question for each kind of rows. */
  private static Way rows(
      Function function, String with, Predicate<Options> options, Consumer<KnownRows> problem) {
    return new Way(function, options, Question.Subject.ofRows(name(function, with), problem));
  }

  /** Makes the way of NLL, which treats all kinds of rows alike, with one question. */
  private static Way nll(String with, Consumer<KnownRows> problem) {
    return new Way(NLL_LOSS, ANY, Question.Subject.ofAnyRows(name(NLL_LOSS, with), problem));
  }

  private static String name(Function function, String with) {
    return (function + " " + with).strip();
  }

  private static final Predicate<Options> ANY = o -> true;
  private static final Predicate<Options> SMOOTHED = o -> o.labelSmoothing() > 0;
  private static final Predicate<Options> TRANSFORMED = o -> !o.logits().isPlain();
  private static final Predicate<Options> WITH_Z = o -> o.penalty() > 0;
  private static final Predicate<Options> GAMMA_2 = o -> o.values().number(Option.GAMMA) == 2f;
  private static final Predicate<Options> LOGS = o -> o.values().flag(Option.LOG_TARGET);

  private static final Options PLAIN = Options.DEFAULT;
  private static final Options SMOOTHING = PLAIN.with(Option.LABEL_SMOOTHING, 0.1f);
  private static final Options Z = PLAIN.with(Option.Z_LOSS, 0.01f);
  private static final Options TRANSFORM =
      PLAIN.with(Option.SOFTCAP, 7f).with(Option.TEMPERATURE, 0.7f);

  private static Way distillation(Divergence divergence) {
    Options options = PLAIN.with(Option.DIVERGENCE, divergence).with(Option.TEMPERATURE, 0.7f);
    return rows(
        DISTILLATION,
        "of " + divergence,
        o -> o.divergence() == divergence,
        p -> p.distillation(options));
  }

  private static final List<Way> WAYS =
      List.of(
          elements(BINARY_CROSS_ENTROPY, "", ANY, p -> p.probabilities(0f)),
          elements(
              BINARY_CROSS_ENTROPY, "with label_smoothing", SMOOTHED, p -> p.probabilities(0.1f)),
          elements(
              BINARY_CROSS_ENTROPY_WITH_LOGITS,
              "with label_smoothing",
              SMOOTHED,
              p -> p.logits(0.1f)),
          elements(SIGMOID_FOCAL_LOSS, "with gamma 2", GAMMA_2, p -> p.focal(2f)),
          elements(SIGMOID_FOCAL_LOSS, "with another gamma", GAMMA_2.negate(), p -> p.focal(1.5f)),
          elements(
              SIGMOID_FOCAL_LOSS,
              "of transformed logits",
              TRANSFORMED,
              p -> p.focal(TRANSFORM.values().with(Option.GAMMA, 1.5f))),
          elements(KL_DIV, "of probabilities", LOGS.negate(), p -> p.divergence(false)),
          elements(KL_DIV, "with log_target", LOGS, p -> p.divergence(true)),
          nll(
              "",
              p -> {
                p.of(RowKind.ONE_STRIPE).classes(NLL_LOSS, false, PLAIN);
                p.of(RowKind.APART).classes(NLL_LOSS, true, PLAIN);
              }),
          rows(
              CROSS_ENTROPY,
              "without label_smoothing",
              SMOOTHED.negate(),
              p -> {
                p.classes(CROSS_ENTROPY, false, PLAIN);
                p.classes(CROSS_ENTROPY, true, PLAIN);
              }),
          rows(
              CROSS_ENTROPY,
              "with label_smoothing",
              SMOOTHED,
              p -> p.classes(CROSS_ENTROPY, true, SMOOTHING)),
          rows(
              CROSS_ENTROPY,
              "of transformed logits",
              TRANSFORMED,
              p -> p.classes(CROSS_ENTROPY, true, TRANSFORM)),
          rows(SOFTMAX, "of transformed logits", TRANSFORMED, p -> p.softmax(SOFTMAX, TRANSFORM)),
          rows(
              LOG_SOFTMAX,
              "of transformed logits",
              TRANSFORMED,
              p -> p.softmax(LOG_SOFTMAX, TRANSFORM)),
          rows(
              LOGSUMEXP,
              "of transformed logits",
              TRANSFORMED,
              p -> p.softmax(LOGSUMEXP, TRANSFORM)),
          rows(
              CROSS_ENTROPY,
              "with z_loss",
              WITH_Z,
              p -> {
                p.classes(CROSS_ENTROPY, true, Z);
                p.classes(CROSS_ENTROPY, true, SMOOTHING.with(Option.Z_LOSS, 0.01f));
              }),
          rows(
              SOFTMAX_FOCAL_LOSS,
              "",
              ANY,
              p -> {
                p.classes(SOFTMAX_FOCAL_LOSS, false, PLAIN);
                p.classes(SOFTMAX_FOCAL_LOSS, true, PLAIN.with(Option.GAMMA, 0.7f));
              }),
          distillation(Divergence.FORWARD_KL),
          distillation(Divergence.REVERSE_KL),
          distillation(Divergence.JSD),
          rows(CROSS_ENTROPY_OF_PROBABILITIES, "", ANY, p -> p.classProbabilities(PLAIN)),
          rows(CROSS_ENTROPY_OF_PROBABILITIES, "with z_loss", WITH_Z, p -> p.classProbabilities(Z)),
          rows(SOFTMAX, "", ANY, p -> p.softmax(SOFTMAX, PLAIN)),
          rows(LOG_SOFTMAX, "", ANY, p -> p.softmax(LOG_SOFTMAX, PLAIN)),
          rows(LOGSUMEXP, "", ANY, p -> p.softmax(LOGSUMEXP, PLAIN)));

  private static final String ROW_WEIGHTS = "with row weights";

  /** Questions that are asked in addition if rows have weights or a mask. */
  private static final List<Way> OF_ROW_WEIGHTS =
      List.of(
          elements(
              BINARY_CROSS_ENTROPY_WITH_LOGITS,
              ROW_WEIGHTS,
              ANY,
              p -> p.rowWeights(BINARY_CROSS_ENTROPY_WITH_LOGITS)),
          elements(BINARY_CROSS_ENTROPY, ROW_WEIGHTS, ANY, p -> p.rowWeights(BINARY_CROSS_ENTROPY)),
          nll(ROW_WEIGHTS, p -> p.of(RowKind.APART).rowWeights(NLL_LOSS)),
          rows(CROSS_ENTROPY, ROW_WEIGHTS, ANY, p -> p.rowWeights(CROSS_ENTROPY)),
          rows(
              CROSS_ENTROPY_OF_PROBABILITIES,
              ROW_WEIGHTS,
              ANY,
              p -> p.rowWeights(CROSS_ENTROPY_OF_PROBABILITIES)));

  /** Questions that are asked in addition if outputs of the rows are wanted. */
  private static final Question.Subject OUTPUTS =
      Question.Subject.ofRows("outputs of rows", p -> p.outputs());

  private static final String HESSIANS = "with second derivatives";

  /** Questions that are asked in addition if second derivatives are wanted. */
  private static final List<Way> OF_HESSIANS =
      List.of(
          elements(BINARY_CROSS_ENTROPY_WITH_LOGITS, HESSIANS, ANY, p -> p.curved().logits()),
          elements(SIGMOID_FOCAL_LOSS, HESSIANS + ", gamma 2", GAMMA_2, p -> p.curved().focal(2f)),
          elements(
              SIGMOID_FOCAL_LOSS,
              HESSIANS + ", another gamma",
              GAMMA_2.negate(),
              p -> p.curved().focal(1.5f)),
          rows(CROSS_ENTROPY, HESSIANS, ANY, p -> p.curved().classes(CROSS_ENTROPY, true, PLAIN)),
          rows(
              CROSS_ENTROPY_OF_PROBABILITIES, HESSIANS, ANY, p -> p.curved().classProbabilities(Z)),
          rows(
              SOFTMAX_FOCAL_LOSS,
              HESSIANS,
              ANY,
              p -> {
                p.curved().classes(SOFTMAX_FOCAL_LOSS, false, PLAIN);
                p.classes(SOFTMAX_FOCAL_LOSS, true, PLAIN.with(Option.GAMMA, 0.7f));
              }));

  /**
   * The question that is asked first: elements and sums, and whether arithmetic is what IEEE 754
   * says.
   */
  public static final Question BASIC = ELEMENTS.about(null);

  private KnownAnswers() {}

  /** Returns every question there is. */
  static List<Question> all() {
    List<Question> all = new ArrayList<>();
    List.of(ELEMENTS, FLOAT16, BFLOAT16).forEach(subject -> all.addAll(subject.questions()));
    WAYS.forEach(way -> all.addAll(way.subject.questions()));
    OF_ROW_WEIGHTS.forEach(way -> all.addAll(way.subject.questions()));
    all.addAll(OUTPUTS.questions());
    OF_HESSIANS.forEach(way -> all.addAll(way.subject.questions()));
    return all;
  }

  /** Returns what to ask before a function of elements of this type. */
  public static Set<Question> of(ElementType type) {
    Set<Question> all = new LinkedHashSet<>();
    if (type == ElementType.FLOAT16) {
      all.add(FLOAT16.about(null));
    } else if (type == ElementType.BFLOAT16) {
      all.add(BFLOAT16.about(null));
    }
    all.add(BASIC);
    return all;
  }

  /** Returns what to ask before this loss over elements. */
  public static Set<Question> of(BceTask task) {
    return of(task, null, Options.of(null, null, task.options().values(), null));
  }

  /** Returns what to ask before this loss over rows. */
  public static Set<Question> of(CrossEntropyTask task) {
    Set<Question> all = of(task, task.shape(), task.options());
    if (!task.results().extras().rows().isEmpty()) {
      all.add(OUTPUTS.about(task.shape()));
    }
    return all;
  }

  /** Returns what to ask before this function of rows. */
  public static Set<Question> of(SoftmaxTask task) {
    Set<Question> all = of(task.input().type());
    Options options = new Options(null, null, OptionValues.DEFAULT, task.logits());
    add(WAYS, all, task.function(), task.shape(), options);
    return all;
  }

  private static Set<Question> of(LossTask task, RowShape shape, Options options) {
    Set<Question> all = of(task.input().type());
    all.addAll(of(task.target().type()));
    add(WAYS, all, task.function(), shape, options);
    if (task.rowWeights() != null) {
      add(OF_ROW_WEIGHTS, all, task.function(), shape, options);
    }
    if (task.hessian() != null) {
      add(OF_HESSIANS, all, task.function(), shape, options);
    }
    return all;
  }

  private static void add(
      List<Way> ways, Set<Question> all, Function function, RowShape shape, Options options) {
    for (Way way : ways) {
      if (way.function == function && way.options.test(options)) {
        all.add(way.subject.about(shape));
      }
    }
  }
}
