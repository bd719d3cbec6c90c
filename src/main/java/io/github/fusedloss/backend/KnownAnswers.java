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
import io.github.fusedloss.backend.KnownProblems.RowKind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

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
  private interface Problem {
    void pose(KnownProblems problems, RowKind rows);
  }

  /** A way of computing. */
  static final class Subject {
    private final String name;
    private final Problem problem;
    private final List<Question> questions = new ArrayList<>();

    /** With one answer, or one for each {@link RowKind}. */
    private Subject(String name, Problem problem, long... answers) {
      this.name = name;
      this.problem = problem;
      for (int i = 0; i < answers.length; i++) {
        RowKind rows = answers.length == 1 ? null : RowKind.values()[i];
        questions.add(new Question(this, rows, answers[i]));
      }
    }

    /** What to ask before a call with such rows. */
    private Question about(RowShape shape) {
      return questions.get(questions.size() == 1 ? 0 : RowKind.of(shape).ordinal());
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** One thing to know; a test asks plain Java. */
  public record Question(Subject subject, RowKind rows, long expected) {
    /** Returns null if the executor gives the known bits, or what is wrong. */
    public String wrong(Executor executor) {
      String got;
      try {
        long answer = answer(executor);
        if (answer == expected) {
          return null;
        }
        got = String.format("%016x", answer);
      } catch (IllegalArgumentException | BadElementException e) {
        got = "\"" + e.getMessage() + "\""; // It finds fault with what is right.
      }
      return String.format(
          "%s computes wrong bits: known-answer probe (%s%s) gave %s, not %016x; "
              + "try another driver version",
          executor.info().name(), subject, rows == null ? "" : " " + rows, got, expected);
    }

    long answer(Executor executor) {
      KnownProblems problems = new KnownProblems(executor);
      subject.problem.pose(problems, rows);
      return problems.hash();
    }
  }

  // ---- the questions: what a function or an option computes in a way of its own has a row here

  private static final Subject ELEMENTS =
      new Subject("elements and sums", (p, rows) -> p.logits(), 0x9099bd7054a2bb57L);

  private static final Subject FLOAT16 =
      new Subject("float16", (p, rows) -> p.sixteenBits(ElementType.FLOAT16), 0x92ee90c02a2baf24L);

  private static final Subject BFLOAT16 =
      new Subject(
          "bfloat16", (p, rows) -> p.sixteenBits(ElementType.BFLOAT16), 0x9835d2903505541dL);

  /** A way of computing a function, with options of some kind. */
  private record Way(Function function, Predicate<Options> options, Subject subject) {}

  private static Way way(Function function, Problem problem, long... answers) {
    return new Way(function, o -> true, new Subject(function.name(), problem, answers));
  }

  private static Way way(
      Function function,
      String with,
      Predicate<Options> options,
      Problem problem,
      long... answers) {
    Subject subject = new Subject(function + " " + with, problem, answers);
    return new Way(function, options, subject);
  }

  private static final Options SMOOTHING = Options.DEFAULT.with(Option.LABEL_SMOOTHING, 0.1f);

  private static final Options TRANSFORM =
      Options.DEFAULT.with(Option.SOFTCAP, 7f).with(Option.TEMPERATURE, 0.7f);

  private static final Options Z = Options.DEFAULT.with(Option.Z_LOSS, 0.01f);

  private static Way distillation(Divergence divergence, long... answers) {
    Options options = Options.DEFAULT.with(Option.DIVERGENCE, divergence);
    return way(
        DISTILLATION,
        "of " + divergence,
        o -> o.divergence() == divergence,
        (p, rows) -> p.distillation(rows, options.with(Option.TEMPERATURE, 0.7f)),
        answers);
  }

  private static final List<Way> WAYS =
      List.of(
          way(BINARY_CROSS_ENTROPY, (p, rows) -> p.probabilities(0f), 0xa14b9107ee8aa317L),
          way(
              BINARY_CROSS_ENTROPY,
              "with label_smoothing",
              o -> o.labelSmoothing() > 0,
              (p, rows) -> p.probabilities(0.1f),
              0x52c0bcb60c857bc7L),
          way(
              BINARY_CROSS_ENTROPY_WITH_LOGITS,
              "with label_smoothing",
              o -> o.labelSmoothing() > 0,
              (p, rows) -> p.logits(0.1f),
              0x1e2eee8ae6945957L),
          way(
              SIGMOID_FOCAL_LOSS,
              "with gamma 2",
              o -> o.values().number(Option.GAMMA) == 2f,
              (p, rows) -> p.focal(2f),
              0x374201291bc21493L),
          way(
              SIGMOID_FOCAL_LOSS,
              "with another gamma",
              o -> o.values().number(Option.GAMMA) != 2f,
              (p, rows) -> p.focal(1.5f),
              0x395bd391978b78a8L),
          way(
              KL_DIV,
              "of probabilities",
              o -> !o.values().flag(Option.LOG_TARGET),
              (p, rows) -> p.divergence(false),
              0x8978da5baedabebfL),
          way(
              KL_DIV,
              "with log_target",
              o -> o.values().flag(Option.LOG_TARGET),
              (p, rows) -> p.divergence(true),
              0xa67ee628e9c08f19L),
          way(
              NLL_LOSS,
              (p, rows) -> {
                p.classes(RowKind.ONE_STRIPE, NLL_LOSS, false, Options.DEFAULT);
                p.classes(RowKind.APART, NLL_LOSS, true, Options.DEFAULT);
              },
              0x7de5416a2ea89227L),
          way(
              CROSS_ENTROPY,
              "without label_smoothing",
              o -> o.labelSmoothing() == 0,
              (p, rows) -> {
                p.classes(rows, CROSS_ENTROPY, false, Options.DEFAULT);
                p.classes(rows, CROSS_ENTROPY, true, Options.DEFAULT);
              },
              0x16ca3e55819ffbbbL,
              0x4921e6dea243ec02L,
              0x34a06f0ba914174bL,
              0x4c0a0ccda5b0c6b8L,
              0xc2d48841911e44cbL,
              0xb4d8bd816a10f9b6L),
          way(
              CROSS_ENTROPY,
              "with label_smoothing",
              o -> o.labelSmoothing() > 0,
              (p, rows) -> p.classes(rows, CROSS_ENTROPY, true, SMOOTHING),
              0x3ba1385abd21d7fcL,
              0x3c94e6e1380ad305L,
              0xff19ea8cdd136ffeL,
              0xf4236e9e4fded748L,
              0xcf398298301f2c2dL,
              0xab8e292bb845bb66L),
          way(
              CROSS_ENTROPY,
              "of transformed logits",
              o -> !o.logits().isPlain(),
              (p, rows) -> p.classes(rows, CROSS_ENTROPY, true, TRANSFORM),
              0xc4490810930ed462L,
              0x4e94141a5e10748fL,
              0xf4566c202d9e9d00L,
              0xca3e769ce23fa5fbL,
              0xd688369ba2a963e5L,
              0x44e99e55def33cccL),
          way(
              SOFTMAX,
              "of transformed logits",
              o -> !o.logits().isPlain(),
              (p, rows) -> p.softmax(rows, SOFTMAX, TRANSFORM),
              0xe4201fd98fed44fcL,
              0x8f52fd299e1e3ab0L,
              0x703b70f74f215483L,
              0x4bc93cdfce3a0178L,
              0xe07059738f2e2081L,
              0xea989d089b461aabL),
          way(
              LOG_SOFTMAX,
              "of transformed logits",
              o -> !o.logits().isPlain(),
              (p, rows) -> p.softmax(rows, LOG_SOFTMAX, TRANSFORM),
              0xdfc887f39dda9c23L,
              0x90040939df4faaf2L,
              0x5b13bb10a81f1031L,
              0x0c223ad0cfc653dbL,
              0xaa8723058e134b07L,
              0x2010948c9290ddf9L),
          way(
              LOGSUMEXP,
              "of transformed logits",
              o -> !o.logits().isPlain(),
              (p, rows) -> p.softmax(rows, LOGSUMEXP, TRANSFORM),
              0x293ecdc9f9df523cL,
              0xc8e64bc5cf673957L,
              0x0f1547ce377d8ca3L,
              0x3e62e5ea3ae0d4a1L,
              0xee9b7602e2d9ab82L,
              0x2341e111b0b7b484L),
          way(
              CROSS_ENTROPY,
              "with z_loss",
              o -> o.zLoss() > 0,
              (p, rows) -> {
                p.classes(rows, CROSS_ENTROPY, true, Z);
                p.classes(rows, CROSS_ENTROPY, true, SMOOTHING.with(Option.Z_LOSS, 0.01f));
              },
              0xa59253e41953db54L,
              0xd05a99f9d7135e26L,
              0x23dec872c02b96bdL,
              0x458f7388e9a9cd80L,
              0x6f84ca1664345e6cL,
              0x5c2fa846fdc8e1f2L),
          way(
              SOFTMAX_FOCAL_LOSS,
              (p, rows) -> {
                p.classes(rows, SOFTMAX_FOCAL_LOSS, false, Options.DEFAULT);
                p.classes(rows, SOFTMAX_FOCAL_LOSS, true, Options.DEFAULT.with(Option.GAMMA, 0.7f));
              },
              0xb4f4e4589cad9597L,
              0x229bc892fdbc5fefL,
              0x9b30e96f4c34def2L,
              0xcdfd9b0ba4cd35feL,
              0xcc262e905fed8d46L,
              0xb8fef90c647b7ab2L),
          distillation(
              Divergence.FORWARD_KL,
              0x4fb6b9aaed7bd5f3L,
              0xc662cfd00d98e07bL,
              0xe1bba82344085649L,
              0xf46755a3f28f08b6L,
              0xec7cc970a306f6a1L,
              0x4c4f0ec5cabda6b2L),
          distillation(
              Divergence.REVERSE_KL,
              0x2b427cc5d5033f8eL,
              0xec2b9190afd7d74eL,
              0xf53eeca24b8d55a2L,
              0x191eca76852b4d1cL,
              0xb7bd3023219fea88L,
              0x2be95ad2353a65a9L),
          distillation(
              Divergence.JSD,
              0xac0f502a769d5376L,
              0x6433baeb4fd9ec69L,
              0xd5eed86fa0c678afL,
              0xf42cd6eacb501d91L,
              0xb81bc84ef41e6d96L,
              0xf26e508c7e68a1dfL),
          way(
              CROSS_ENTROPY_OF_PROBABILITIES,
              (p, rows) -> p.classProbabilities(rows, Options.DEFAULT),
              0xc3045cd5ee5a7c67L,
              0x0937e4cc8a43174fL,
              0x96a4f41aa0914e7eL,
              0xf11a218870c83d1cL,
              0xea33d14c879ba432L,
              0x60de9b39e251e708L),
          way(
              CROSS_ENTROPY_OF_PROBABILITIES,
              "with z_loss",
              o -> o.zLoss() > 0,
              (p, rows) -> p.classProbabilities(rows, Z),
              0x21bfffc47b216320L,
              0xe0d75ed9401f0446L,
              0xdd135928a2e433c0L,
              0xf609bc4430cd012cL,
              0x7505dfb0f2b6b737L,
              0x38c6c970ade96279L),
          way(
              SOFTMAX,
              (p, rows) -> p.softmax(rows, SOFTMAX, Options.DEFAULT),
              0x7d988e3d5faede83L,
              0x6ebb7a6f337bcdc2L,
              0xc3a3446a284b25b3L,
              0xeb3dce0ba8b961ecL,
              0x987786d0303badb9L,
              0xc6e650dc2086fb3dL),
          way(
              LOG_SOFTMAX,
              (p, rows) -> p.softmax(rows, LOG_SOFTMAX, Options.DEFAULT),
              0xd1c22bec929c951eL,
              0x47be073762d9f06bL,
              0x0ae6a7fc2982f422L,
              0xd8b87cdb05e9ab48L,
              0xfea508f7e46d1c55L,
              0x76d96f889e32c064L),
          way(
              LOGSUMEXP,
              (p, rows) -> p.softmax(rows, LOGSUMEXP, Options.DEFAULT),
              0x8e81c304fe53f044L,
              0x36adb910886fb06fL,
              0x0139d2867180f73aL,
              0xc955559e591d3e7eL,
              0x16efa021575c6aefL,
              0xf00667fc9a5a7adfL));

  /** Asked beside those where rows have weights or a mask. */
  private static final List<Way> ROW_WEIGHTS =
      List.of(
          way(
              BINARY_CROSS_ENTROPY_WITH_LOGITS,
              "with row weights",
              o -> true,
              (p, rows) -> p.rowWeightsOfElements(BINARY_CROSS_ENTROPY_WITH_LOGITS),
              0xda4c05c0ad870a2bL),
          way(
              BINARY_CROSS_ENTROPY,
              "with row weights",
              o -> true,
              (p, rows) -> p.rowWeightsOfElements(BINARY_CROSS_ENTROPY),
              0x6bf87125d395d108L),
          way(
              NLL_LOSS,
              "with row weights",
              o -> true,
              (p, rows) -> p.rowWeights(RowKind.APART, NLL_LOSS),
              0x0e9770dfc4e3f970L),
          way(
              CROSS_ENTROPY,
              "with row weights",
              o -> true,
              (p, rows) -> p.rowWeights(rows, CROSS_ENTROPY),
              0xbfdba6b7f647bafaL,
              0xfee264aa5859a930L,
              0xec64b396af19fb39L,
              0x9f1a282166eb8c76L,
              0xce602562ea9f4cbdL,
              0x6d8ee3376205beb5L),
          way(
              CROSS_ENTROPY_OF_PROBABILITIES,
              "with row weights",
              o -> true,
              (p, rows) -> p.rowWeights(rows, CROSS_ENTROPY_OF_PROBABILITIES),
              0x20b743e11122575aL,
              0xac48fa8a9541d297L,
              0xf7a22fd6f502a554L,
              0x74272f711f361530L,
              0x01089e0bfa042a1dL,
              0x0a9cd603bf800ae5L));

  /** Asked beside those where more is wanted of rows than their losses. */
  private static final Subject OUTPUTS =
      new Subject(
          "outputs of rows",
          (p, rows) -> p.outputs(rows),
          0x5c19fe3c2273cc74L,
          0x3e238b8f4d0d0b10L,
          0x90b44c2abf1dfa79L,
          0xba4ac3774b16259bL,
          0x18ac2f29d45a18b0L,
          0xed58b826a646d277L);

  /** Asked beside those where second derivatives are wanted. */
  private static final List<Way> HESSIANS =
      List.of(
          way(
              BINARY_CROSS_ENTROPY_WITH_LOGITS,
              "with second derivatives",
              o -> true,
              (p, rows) -> p.curved().logits(),
              0x3b2b3c82a6c364ddL),
          way(
              SIGMOID_FOCAL_LOSS,
              "with second derivatives, gamma 2",
              o -> o.values().number(Option.GAMMA) == 2f,
              (p, rows) -> p.curved().focal(2f),
              0x9622db41e5c20c8bL),
          way(
              SIGMOID_FOCAL_LOSS,
              "with second derivatives, another gamma",
              o -> o.values().number(Option.GAMMA) != 2f,
              (p, rows) -> p.curved().focal(1.5f),
              0xcae64476bfae88c6L),
          way(
              CROSS_ENTROPY,
              "with second derivatives",
              o -> true,
              (p, rows) -> p.curved().classes(rows, CROSS_ENTROPY, true, Options.DEFAULT),
              0x1fd46940ae2815cdL,
              0xc1158af00a045017L,
              0x7826490aaa906224L,
              0x5d5a06c2c9899a33L,
              0x6243477a39dec5caL,
              0x660d7f845631aa4eL),
          way(
              CROSS_ENTROPY_OF_PROBABILITIES,
              "with second derivatives",
              o -> true,
              (p, rows) -> p.curved().classProbabilities(rows, Z),
              0x87af3a00b131609bL,
              0x8471d547079f3ad0L,
              0xbe0aa9a5d51c5da9L,
              0x5994b30b06f88e22L,
              0x288b067f34024d67L,
              0xb395e6c773211917L));

  /** Asked first: elements, sums; whether arithmetic is what IEEE 754 says. */
  public static final Question BASIC = ELEMENTS.about(null);

  private KnownAnswers() {}

  /** Every question there is. */
  static List<Question> all() {
    List<Question> all = new ArrayList<>();
    for (Subject subject : List.of(ELEMENTS, FLOAT16, BFLOAT16)) {
      all.addAll(subject.questions);
    }
    WAYS.forEach(way -> all.addAll(way.subject.questions));
    ROW_WEIGHTS.forEach(way -> all.addAll(way.subject.questions));
    all.addAll(OUTPUTS.questions);
    HESSIANS.forEach(way -> all.addAll(way.subject.questions));
    return all;
  }

  /** What to ask before a function of elements of this type. */
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

  /** What to ask before this task. */
  public static Set<Question> of(BceTask task) {
    return of(task, null, Options.of(null, null, task.options().values(), null));
  }

  /** What to ask before this task. */
  public static Set<Question> of(CrossEntropyTask task) {
    Set<Question> all = of(task, task.shape(), task.options());
    if (!task.results().extras().rows().isEmpty()) {
      all.add(OUTPUTS.about(task.shape()));
    }
    return all;
  }

  /** What to ask before this task. */
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
      add(ROW_WEIGHTS, all, task.function(), shape, options);
    }
    if (task.hessian() != null) {
      add(HESSIANS, all, task.function(), shape, options);
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
