package io.github.fusedloss.backend;

import static io.github.fusedloss.backend.Function.BINARY_CROSS_ENTROPY;
import static io.github.fusedloss.backend.Function.BINARY_CROSS_ENTROPY_WITH_LOGITS;
import static io.github.fusedloss.backend.Function.CROSS_ENTROPY;
import static io.github.fusedloss.backend.Function.CROSS_ENTROPY_OF_PROBABILITIES;
import static io.github.fusedloss.backend.Function.DISTILLATION;
import static io.github.fusedloss.backend.Function.KL_DIV;
import static io.github.fusedloss.backend.Function.NLL_LOSS;
import static io.github.fusedloss.backend.Function.SIGMOID_FOCAL_LOSS;
import static io.github.fusedloss.backend.Function.SOFTMAX_FOCAL_LOSS;

import io.github.fusedloss.Divergence;
import io.github.fusedloss.Reduction;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The table of options of losses. The loss classes take their defaults and checks from it, the
 * command line its flags, the documentation its table, and the random tests their cases.
 *
 * <p>A constant's name is the option's name in PyTorch, in capitals.
 */
public enum Option {
  /** Factors of the classes, or of the elements for binary losses. */
  WEIGHT(
      Kind.TENSOR,
      null,
      "of classes, or of elements for losses over elements (broadcasts)",
      lossesBut(DISTILLATION)),

  /** Factors of the part of binary losses that has the target as a factor. */
  POS_WEIGHT(
      Kind.TENSOR,
      null,
      "of the positive part (broadcasts)",
      BINARY_CROSS_ENTROPY_WITH_LOGITS,
      SIGMOID_FOCAL_LOSS),

  /** The class index of rows that are ignored. */
  IGNORE_INDEX(
      Kind.INTEGER,
      -100L,
      "rows with this class count for nothing",
      CROSS_ENTROPY,
      NLL_LOSS,
      SOFTMAX_FOCAL_LOSS),

  /** The axis of the input that holds the classes. PyTorch's is always axis 1. */
  CLASS_AXIS(
      Kind.INTEGER,
      1L,
      "axis of the classes, from -1 down counted from the last; of a 1-D input it is 0",
      CROSS_ENTROPY,
      NLL_LOSS,
      SOFTMAX_FOCAL_LOSS,
      DISTILLATION),

  /** How much of the target is spread over all classes. */
  LABEL_SMOOTHING(
      0f,
      0f,
      1f,
      "share of the target that is spread over all classes (binary losses: over both)",
      BINARY_CROSS_ENTROPY,
      BINARY_CROSS_ENTROPY_WITH_LOGITS,
      CROSS_ENTROPY,
      CROSS_ENTROPY_OF_PROBABILITIES),

  /**
   * The factor of the square of the logits' logsumexp. PyTorch has no such option; Liger Kernel
   * has.
   */
  Z_LOSS(
      0f,
      0f,
      Float.MAX_VALUE,
      "factor of the square of each row's logsumexp, added to its loss",
      CROSS_ENTROPY,
      CROSS_ENTROPY_OF_PROBABILITIES),

  /** Logits become {@code softcap * tanh(x / softcap)}. PyTorch has no such option. */
  SOFTCAP(
      0f,
      1e-6f,
      1e6f,
      "c of logits c tanh(x / c)",
      CROSS_ENTROPY,
      CROSS_ENTROPY_OF_PROBABILITIES,
      SOFTMAX_FOCAL_LOSS,
      SIGMOID_FOCAL_LOSS),

  /** The number that logits are divided by, after the cap. PyTorch has no such option. */
  TEMPERATURE(
      1f,
      1e-6f,
      1e6f,
      "what logits are divided by",
      CROSS_ENTROPY,
      CROSS_ENTROPY_OF_PROBABILITIES,
      SOFTMAX_FOCAL_LOSS,
      SIGMOID_FOCAL_LOSS,
      DISTILLATION),

  /** Whether the loss is multiplied by the square of the temperature. PyTorch has no such loss. */
  TEMPERATURE_SQUARED(
      Kind.FLAG, false, "the loss is multiplied by the temperature's square", DISTILLATION),

  /** Which divergence of teacher and student is computed. PyTorch has no such loss. */
  DIVERGENCE(
      Kind.CHOICE,
      Divergence.FORWARD_KL,
      "of the teacher from the student, the other way round, or of both from a mixture",
      DISTILLATION),

  /** The teacher's share of the mixture of a JSD, as in Liger Kernel. */
  BETA(
      0.5f,
      0f,
      1f,
      "teacher's share of the mixture of jsd; 0 is forward_kl, 1 is reverse_kl",
      DISTILLATION),

  /**
   * A number for each class that is added to its logits, after all else. PyTorch has no such
   * option.
   */
  LOGIT_BIAS(
      Kind.TENSOR,
      null,
      "of classes, added to logits",
      CROSS_ENTROPY,
      CROSS_ENTROPY_OF_PROBABILITIES,
      SOFTMAX_FOCAL_LOSS),

  /** The factor of the loss where the target is 1; where it is 0 the factor is 1 - alpha. */
  ALPHA(
      0.25f,
      -Float.MAX_VALUE,
      1f,
      "factor of the loss at target 1, and 1 - alpha at 0; below 0: neither",
      SIGMOID_FOCAL_LOSS),

  /**
   * The exponent of the focusing factor: the larger it is, the less nearly right predictions count.
   */
  GAMMA(
      2f,
      0f,
      1024f,
      "power of how much of the target was missed",
      SIGMOID_FOCAL_LOSS,
      SOFTMAX_FOCAL_LOSS),

  /** Whether the target is log-probabilities. */
  LOG_TARGET(Kind.FLAG, false, "the target is log-probabilities", KL_DIV),

  /** How the losses of a batch are reduced to one. */
  REDUCTION(
      Kind.REDUCTION, Reduction.MEAN, "mean, sum or none; of kl_div also batchmean", allLosses()),

  /** The number that a mean divides by. PyTorch has no such option. */
  DENOMINATOR(Kind.DENOMINATOR, null, "what a mean divides by, instead of PyTorch's", allLosses());

  /** The type of an option's value. */
  public enum Kind {
    /** A float32 tensor, or null for none. */
    TENSOR,
    /** A {@code Long}. */
    INTEGER,
    /** A {@code Float} in a range. */
    NUMBER,
    /** A {@code Boolean}. */
    FLAG,
    /** A constant of the same enum as the default. */
    CHOICE,
    /** A {@link Reduction}. */
    REDUCTION,
    /** A {@code Double} in the range of denominators, or null for PyTorch's. */
    DENOMINATOR
  }

  /**
   * The factor of a penalty, which is added to the loss of each row. A penalty depends on the row's
   * logsumexp alone, and neither on its target nor on the target's weight. So its mean is over the
   * rows that count.
   */
  public static final Option PENALTY = Z_LOSS;

  private static final Pattern WORD = Pattern.compile("_(.)");

  private final Kind kind;
  private final Object defaultValue;
  private final float least;
  private final float most;
  private final String description;
  private final Set<Function> functions;

  Option(Kind kind, Object defaultValue, String description, Function... functions) {
    this(kind, defaultValue, Float.NaN, Float.NaN, description, functions);
  }

  /** Makes an option whose value is a number from least to most. */
  Option(float defaultValue, float least, float most, String description, Function... functions) {
    this(Kind.NUMBER, defaultValue, least, most, description, functions);
  }

  Option(
      Kind kind,
      Object defaultValue,
      float least,
      float most,
      String description,
      Function... functions) {
    this.kind = kind;
    this.defaultValue = defaultValue;
    this.least = least;
    this.most = most;
    this.description = description;
    this.functions = EnumSet.copyOf(Arrays.asList(functions));
  }

  private static Function[] allLosses() {
    return Arrays.stream(Function.values()).filter(Function::isLoss).toArray(Function[]::new);
  }

  private static Function[] lossesBut(Function one) {
    return Arrays.stream(allLosses()).filter(loss -> loss != one).toArray(Function[]::new);
  }

  /** Returns the type of its value. */
  public Kind kind() {
    return kind;
  }

  /** Returns its value where none is given; null for none. */
  public Object defaultValue() {
    return defaultValue;
  }

  /** Returns the default as people write it; "none" if there is none. */
  public String defaultText() {
    return defaultValue == null ? "none" : text(defaultValue);
  }

  /** Returns whether this number is a value of this option. */
  public boolean isInRange(double value) {
    return value >= least && value <= most || ((Number) defaultValue).doubleValue() == value;
  }

  /** Returns whether it belongs to {@link Logits}, which are applied before all formulas. */
  public boolean isOfLogits() {
    return this == SOFTCAP || this == TEMPERATURE || this == LOGIT_BIAS;
  }

  /**
   * Returns whether it belongs to the loss of a single row. Other options reduce losses, or serve
   * training.
   */
  public boolean isOfSingleRows() {
    return this != REDUCTION && this != DENOMINATOR && this != PENALTY;
  }

  /** Returns the constants that are values of this option. */
  public List<Enum<?>> choices() {
    return List.of(((Enum<?>) defaultValue).getDeclaringClass().getEnumConstants());
  }

  /** Returns constants as people write them: "a, b or c". */
  public static String choicesText(List<? extends Enum<?>> choices) {
    return either(choices.stream().map(Option::text).toList());
  }

  /** Returns names as people write them: "a, b or c". */
  public static String either(List<String> names) {
    int last = names.size() - 1;
    return String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }

  /** Returns the range of a number as text, such as "in [0, 1]". */
  public String rangeText() {
    return most == Float.MAX_VALUE
        ? "finite and at least " + text(least)
        : least == -Float.MAX_VALUE
            ? "finite and at most " + text(most)
            : "in ["
                + text(least)
                + ", "
                + text(most)
                + "]"
                + (defaultValue.equals(0f) && least > 0 ? " or 0" : "");
  }

  private static String text(Object value) {
    return value.toString().toLowerCase(Locale.ROOT).replaceFirst("\\.0$", "");
  }

  /** Returns what the option does, in a line that can follow its name. */
  public String description() {
    return description;
  }

  /** Returns PyTorch's name, such as {@code pos_weight}. */
  public String torchName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns Java's name, such as {@code posWeight}. */
  public String javaName() {
    return WORD.matcher(torchName()).replaceAll(word -> word.group(1).toUpperCase(Locale.ROOT));
  }

  /** Returns the command line's name, such as {@code --pos-weight}. */
  public String flag() {
    return "--" + torchName().replace('_', '-');
  }

  /** Returns whether it changes what this function computes. */
  public boolean isOf(Function function) {
    return functions.contains(function);
  }

  /** Returns whether the loss of this name has this option. */
  public boolean isOf(String loss) {
    return functions.stream().anyMatch(f -> f.torchName().equals(loss));
  }

  /** Returns the names of the losses that have this option. */
  public List<String> losses() {
    return functions.stream().map(Function::torchName).distinct().toList();
  }
}
