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
   * @param rowWeights see {@link LossTask#rowWeights()}
   */
  public record Options(Operand weight, Operand posWeight, Memory rowWeights) {
    /** The defaults. */
    public static final Options DEFAULT = new Options(null, null, null);

    /** These, or the defaults at no cost. */
    public static Options of(Operand weight, Operand posWeight, Memory rowWeights) {
      return weight == null && posWeight == null && rowWeights == null
          ? DEFAULT
          : new Options(weight, posWeight, rowWeights);
    }
  }

  /** With default options, for its totals alone; the {@code with} methods ask for more. */
  public static BceTask of(Function function, long size, Memory input, Memory target) {
    return new BceTask(function, size, input, target, Options.DEFAULT, Upstream.ONE, Outputs.NONE);
  }

  @Override
  public Memory rowWeights() {
    return options.rowWeights();
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
