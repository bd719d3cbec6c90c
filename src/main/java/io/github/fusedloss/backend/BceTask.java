package io.github.fusedloss.backend;

/**
 * A loss over elements.
 *
 * @param function one of those; of BINARY_CROSS_ENTROPY input and target are checked to be in [0,
 *     1]
 * @param size number of elements, at least 1
 * @param target floating-point, of the input's size
 */
public record BceTask(
    Function function,
    long size,
    Memory input,
    Memory target,
    Options options,
    Upstream upstream,
    Results results)
    implements LossTask {

  /**
   * The options of the loss.
   *
   * @param weight of the losses, or null
   * @param posWeight of the losses' positive part, or null; always null for losses without one
   * @param rowWeights see {@link LossTask#rowWeights()}
   * @param values of the options that are no tensors
   */
  public record Options(Operand weight, Operand posWeight, Memory rowWeights, OptionValues values) {
    /** The defaults. */
    public static final Options DEFAULT = new Options(null, null, null, OptionValues.DEFAULT);

    /** These, or the defaults at no cost. */
    public static Options of(
        Operand weight, Operand posWeight, Memory rowWeights, OptionValues values) {
      boolean plain = weight == null && posWeight == null && rowWeights == null;
      return plain && values.given().isEmpty()
          ? DEFAULT
          : new Options(weight, posWeight, rowWeights, values);
    }

    /** With these operands instead. */
    public Options with(Operand weight, Operand posWeight) {
      return new Options(weight, posWeight, rowWeights, values);
    }

    /** With these factors of the losses, or none if null. */
    public Options withRowWeights(Memory rowWeights) {
      return new Options(weight, posWeight, rowWeights, values);
    }

    /** With another value of an option that is no tensor. */
    public Options with(Option option, Object value) {
      return new Options(weight, posWeight, rowWeights, values.with(option, value));
    }
  }

  private static final float[] NO_NUMBERS = new float[3];

  /**
   * What the formulas are told of the options, as the kernel of the function states; zeros if they
   * are told nothing.
   */
  public float[] numbers() {
    if (isSmooth()) {
      float e = labelSmoothing();
      float keep = (float) (1.0 - e);
      return new float[] {keep, (float) (1.0 - e - keep), e / 2};
    }
    if (function != Function.SIGMOID_FOCAL_LOSS) {
      return NO_NUMBERS;
    }
    float alpha = options.values().number(Option.ALPHA);
    float gamma = options.values().number(Option.GAMMA);
    return alpha < 0
        ? new float[] {gamma, 1f, 1f}
        : new float[] {gamma, alpha, (float) (1.0 - alpha)};
  }

  /** What is done to logits first; of losses without such options nothing. */
  public Logits logits() {
    return Logits.of(options.values(), null);
  }

  /** Whether the target of a divergence is logarithms. */
  public boolean hasLogTarget() {
    return options.values().flag(Option.LOG_TARGET);
  }

  /** The features that kernels are compiled with, as OpenCL's compiler takes them. */
  public String features() {
    if (isSmooth()) {
      return " -D " + Option.LABEL_SMOOTHING;
    }
    return hasLogTarget() ? " -D " + Option.LOG_TARGET : isSquare() ? " -D SQUARE" : "";
  }

  /** Whether targets are smoothed. */
  public boolean isSmooth() {
    return labelSmoothing() > 0f;
  }

  /** e in [0, 1]: a target t of a binary loss is t (1 - e) + e / 2. */
  public float labelSmoothing() {
    return options.values().number(Option.LABEL_SMOOTHING);
  }

  /** Whether this is a focal loss whose power is 2, which has formulas of its own. */
  public boolean isSquare() {
    return function == Function.SIGMOID_FOCAL_LOSS && options.values().number(Option.GAMMA) == 2f;
  }

  /** With default options, for its totals alone; the {@code with} methods ask for more. */
  public static BceTask of(Function function, long size, Memory input, Memory target) {
    return new BceTask(function, size, input, target, Options.DEFAULT, Upstream.ONE, Results.NONE);
  }

  @Override
  public Memory rowWeights() {
    return options.rowWeights();
  }

  /** With these options. */
  public BceTask with(Options options) {
    return new BceTask(function, size, input, target, options, upstream, results);
  }

  /** With this factor of the gradient. */
  public BceTask with(Upstream upstream) {
    return new BceTask(function, size, input, target, options, upstream, results);
  }

  /** With these results. */
  public BceTask with(Results results) {
    return new BceTask(function, size, input, target, options, upstream, results);
  }

  /** What to throw for probability p and target t at this position; null if both are in [0, 1]. */
  public static BadElementException refuse(long position, float p, float t) {
    if (!(p >= 0f && p <= 1f)) {
      return BadElementException.value("input", position, "a probability in [0, 1]", p);
    }
    if (!(t >= 0f && t <= 1f)) {
      return BadElementException.value("target", position, "in [0, 1]", t);
    }
    return null;
  }
}
