package io.github.fusedloss.backend;

/**
 * A loss over rows of logits or log-probabilities.
 *
 * @param function CROSS_ENTROPY, CROSS_ENTROPY_OF_PROBABILITIES or NLL_LOSS
 * @param target class indices, INT32 or INT64, one for each row; or class probabilities,
 *     floating-point, of the input's size
 */
public record CrossEntropyTask(
    Function function,
    RowShape shape,
    Memory input,
    Memory target,
    Options options,
    Upstream upstream,
    Outputs outputs)
    implements RowTask, LossTask {

  /**
   * The options of the loss.
   *
   * @param weight float32, one for each class; or null
   * @param ignoreIndex rows with this index count for nothing
   * @param labelSmoothing in [0, 1]
   */
  public record Options(Memory weight, long ignoreIndex, float labelSmoothing) {
    /** The defaults. */
    public static final Options DEFAULT = new Options(null, -100, 0f);

    /** These, or the defaults at no cost. */
    public static Options of(Memory weight, long ignoreIndex, float labelSmoothing) {
      Options options = DEFAULT;
      boolean given =
          weight != null
              || ignoreIndex != options.ignoreIndex
              || labelSmoothing != options.labelSmoothing;
      return given ? new Options(weight, ignoreIndex, labelSmoothing) : options;
    }

    /** With these class weights, or none if null. */
    public Options withWeight(Memory weight) {
      return new Options(weight, ignoreIndex, labelSmoothing);
    }

    /** With this much label smoothing. */
    public Options withLabelSmoothing(float labelSmoothing) {
      return new Options(weight, ignoreIndex, labelSmoothing);
    }
  }

  /** With default options, for its totals alone; the {@code with} methods ask for more. */
  public static CrossEntropyTask of(
      Function function, RowShape shape, Memory input, Memory target) {
    return new CrossEntropyTask(
        function, shape, input, target, Options.DEFAULT, Upstream.ONE, Outputs.NONE);
  }

  /** With these options. */
  public CrossEntropyTask with(Options options) {
    return new CrossEntropyTask(function, shape, input, target, options, upstream, outputs);
  }

  /** With this factor of the gradient. */
  public CrossEntropyTask with(Upstream upstream) {
    return new CrossEntropyTask(function, shape, input, target, options, upstream, outputs);
  }

  /** With these results. */
  public CrossEntropyTask with(Outputs outputs) {
    return new CrossEntropyTask(function, shape, input, target, options, upstream, outputs);
  }

  /** What to throw for a class index that is neither a class nor ignoreIndex. */
  public BadElementException refuse(long row, long index) {
    return BadElementException.index(
        "target",
        row,
        "a class index in [0, " + classes() + ") or ignoreIndex " + options.ignoreIndex(),
        index);
  }
}
