package io.github.fusedloss.backend;

/**
 * The task to compute a loss over elements.
 *
 * @param function a loss over elements; for BINARY_CROSS_ENTROPY input and target are checked to be
 *     in [0, 1]
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
   * @param weight the weight of the losses, or null
   * @param posWeight the weight of the losses' positive part, or null; always null for losses
   *     without one
   * @param rowWeights see {@link LossTask#rowWeights()}
   * @param values the values of the options that are no tensors
   */
  public record Options(Operand weight, Operand posWeight, Memory rowWeights, OptionValues values) {
    /** The default options. */
    public static final Options DEFAULT = new Options(null, null, null, OptionValues.DEFAULT);

    /** Returns these options; if they are the defaults, makes no object. */
    public static Options of(
        Operand weight, Operand posWeight, Memory rowWeights, OptionValues values) {
      boolean plain = weight == null && posWeight == null && rowWeights == null;
      return plain && values.given().isEmpty()
          ? DEFAULT
          : new Options(weight, posWeight, rowWeights, values);
    }

    /** Returns a copy with these weights. */
    public Options with(Operand weight, Operand posWeight) {
      return new Options(weight, posWeight, rowWeights, values);
    }

    /** Returns a copy with these factors of the losses, or none if null. */
    public Options withRowWeights(Memory rowWeights) {
      return new Options(weight, posWeight, rowWeights, values);
    }

    /** Returns a copy with another value of an option that is no tensor. */
    public Options with(Option option, Object value) {
      return new Options(weight, posWeight, rowWeights, values.with(option, value));
    }
  }

  private static final float[] NO_NUMBERS = new float[3];

  /**
   * Returns the numbers that the kernel of the function takes from the options, in the kernel's
   * order; zeros if it takes none.
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

  /** Returns what is done to the logits first; nothing for losses without such options. */
  public Logits logits() {
    return Logits.of(options.values(), null);
  }

  /** Returns whether the target of a divergence is logarithms. */
  public boolean hasLogTarget() {
    return options.values().flag(Option.LOG_TARGET);
  }

  /** Returns the features that kernels are compiled with, as options of OpenCL's compiler. */
  public String features() {
    if (isSmooth()) {
      return " -D " + Option.LABEL_SMOOTHING;
    }
    return hasLogTarget() ? " -D " + Option.LOG_TARGET : isSquare() ? " -D SQUARE" : "";
  }

  /** Returns whether targets are smoothed. */
  public boolean isSmooth() {
    return labelSmoothing() > 0f;
  }

  /**
   * Returns the label smoothing e, in [0, 1]: a target t of a binary loss becomes t (1 - e) + e /
   * 2.
   */
  public float labelSmoothing() {
    return options.values().number(Option.LABEL_SMOOTHING);
  }

  /** Returns whether this is a focal loss with gamma 2, which has formulas of its own. */
  public boolean isSquare() {
    return function == Function.SIGMOID_FOCAL_LOSS && options.values().number(Option.GAMMA) == 2f;
  }

  /**
   * Makes a task with default options that wants totals alone; the {@code with} methods ask for
   * more.
   */
  public static BceTask of(Function function, long size, Memory input, Memory target) {
    return new BceTask(function, size, input, target, Options.DEFAULT, Upstream.ONE, Results.NONE);
  }

  @Override
  public Memory rowWeights() {
    return options.rowWeights();
  }

  /** Returns a copy with these options. */
  public BceTask with(Options options) {
    return new BceTask(function, size, input, target, options, upstream, results);
  }

  /** Returns a copy with this factor of the gradient. */
  public BceTask with(Upstream upstream) {
    return new BceTask(function, size, input, target, options, upstream, results);
  }

  /** Returns a copy that wants these results. */
  public BceTask with(Results results) {
    return new BceTask(function, size, input, target, options, upstream, results);
  }

  /**
   * Returns the exception for probability p and target t at this position; null if both are in [0,
   * 1].
   */
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
