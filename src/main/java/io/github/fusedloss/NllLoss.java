package io.github.fusedloss;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;

/**
 * Negative log likelihood {@code -w[y] * x[y]} of log-probabilities x, PyTorch's {@code nll_loss}.
 *
 * <p>Input: (C), (N, C) or (N, C, d1, ..., dk), float32, float16 or bfloat16. Target: class indices
 * (), (N) or (N, d1, ..., dk), int32 or int64.
 */
@CheckReturnValue
public final class NllLoss extends TypedLoss<NllLoss> {
  /** No weight, ignore_index -100, mean. */
  public static final NllLoss DEFAULT = new NllLoss(Options.defaults(Function.NLL_LOSS));

  private static final long serialVersionUID = 1;

  private NllLoss(Options options) {
    super(options);
  }

  @Override
  NllLoss with(Options options) {
    return new NllLoss(options);
  }

  /** The class index of the rows that count for nothing. */
  public long ignoreIndex() {
    return options().integer(Option.IGNORE_INDEX);
  }

  /** Rows with this class index count for nothing. */
  public NllLoss withIgnoreIndex(long ignoreIndex) {
    return with(options().with(Option.IGNORE_INDEX, ignoreIndex));
  }
}
