package io.github.fusedloss;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;

/**
 * Negative log likelihood {@code -w[y] * x[y]} of log-probabilities x, PyTorch's {@code nll_loss}.
 *
 * <p>Input: (C), (N, C) or (N, C, d1, ..., dk), float32, float16 or bfloat16. Target: class indices
 * (), (N) or (N, d1, ..., dk), int8 to int64 or uint8.
 */
@CheckReturnValue
public final class NllLoss extends TypedLoss<NllLoss> {
  /** The default options: no weight, ignore_index -100, reduction mean. */
  public static final NllLoss DEFAULT = new NllLoss(Options.defaults(Function.NLL_LOSS));

  private static final long serialVersionUID = 1;

  private NllLoss(Options options) {
    super(options);
  }

  @Override
  NllLoss with(Options options) {
    return new NllLoss(options);
  }

  /** Returns the class index of rows that are ignored. */
  public long ignoreIndex() {
    return options().integer(Option.IGNORE_INDEX);
  }

  /** Returns a copy that ignores rows with this class index. */
  public NllLoss withIgnoreIndex(long ignoreIndex) {
    return with(options().with(Option.IGNORE_INDEX, ignoreIndex));
  }

  /** Returns the axis of the input that holds the classes. */
  public int classAxis() {
    return (int) options().integer(Option.CLASS_AXIS);
  }

  /**
   * Returns a copy that has the classes on another axis, without copying the input. Target, row
   * weights and losses have the shape of the input without that axis. The axis is checked when
   * there is an input.
   *
   * @param classAxis from -1 down it counts from the last axis; 1, the default, means axis 0 of an
   *     input of one dimension
   */
  public NllLoss withClassAxis(int classAxis) {
    return with(options().with(Option.CLASS_AXIS, (long) classAxis));
  }
}
