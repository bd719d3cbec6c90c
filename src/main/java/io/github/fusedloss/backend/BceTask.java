package io.github.fusedloss.backend;

/**
 * Binary cross entropy over elements.
 *
 * @param function BINARY_CROSS_ENTROPY_WITH_LOGITS, or BINARY_CROSS_ENTROPY, whose input and target
 *     are checked to be in [0, 1]
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
    Outputs outputs)
    implements LossTask {

  /**
   * The options of the loss.
   *
   * @param weight of the losses, or null
   * @param posWeight of the losses' positive part, or null; always null for probabilities
   * @param labelSmoothing e in [0, 1]: a target t is t (1 - e) + e / 2
   */
  public record Options(Operand weight, Operand posWeight, float labelSmoothing) {
    /** The defaults. */
    public static final Options DEFAULT = new Options(null, null, 0f);

    /** These, or the defaults at no cost. */
    public static Options of(Operand weight, Operand posWeight, float labelSmoothing) {
      return weight == null && posWeight == null && labelSmoothing == 0f
          ? DEFAULT
          : new Options(weight, posWeight, labelSmoothing);
    }

    /** With these operands instead. */
    public Options with(Operand weight, Operand posWeight) {
      return new Options(weight, posWeight, labelSmoothing);
    }
  }

  /** With default options, for its totals alone; the {@code with} methods ask for more. */
  public static BceTask of(Function function, long size, Memory input, Memory target) {
    return new BceTask(function, size, input, target, Options.DEFAULT, Upstream.ONE, Outputs.NONE);
  }

  /** With these options. */
  public BceTask with(Options options) {
    return new BceTask(function, size, input, target, options, upstream, outputs);
  }

  /** With this factor of the gradient. */
  public BceTask with(Upstream upstream) {
    return new BceTask(function, size, input, target, options, upstream, outputs);
  }

  /** With these results. */
  public BceTask with(Outputs outputs) {
    return new BceTask(function, size, input, target, options, upstream, outputs);
  }

  /** The features that formulas are compiled with, as OpenCL's compiler takes them. */
  public String features() {
    return options.labelSmoothing > 0f ? " -D " + Option.LABEL_SMOOTHING : "";
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
