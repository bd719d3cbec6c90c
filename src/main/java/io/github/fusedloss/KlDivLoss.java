package io.github.fusedloss;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;

/**
 * The Kullback-Leibler divergence of a model's probabilities from the target's, term by term:
 * {@code weight * t * (log(t) - x)}, or {@code weight * exp(t) * (t - x)} if the target is
 * log-probabilities. It is PyTorch's {@code kl_div}. The input is log-probabilities, such as those
 * of {@link FusedLoss#logSoftmax}. The gradient is {@code weight} times {@code -t} or {@code
 * -exp(t)}.
 *
 * <p>{@link Reduction#MEAN} divides by the number of elements, as in PyTorch. The divergence in the
 * sense of its definition is {@link Reduction#BATCHMEAN}, which divides by the length of the first
 * axis.
 *
 * <p>Input and target are tensors of the same shape, of any rank: the input float32, float16 or
 * bfloat16, the target float32, of the input's type, integers or booleans. A class to which the
 * target gives probability 0 adds nothing, even if the input is -infinity (NaN in PyTorch). A
 * target below 0 makes its loss NaN. The weight is float32 and broadcasts to the input's shape by
 * NumPy's rules; PyTorch has none here.
 */
@CheckReturnValue
public final class KlDivLoss extends TypedLoss<KlDivLoss> {
  /** The default options: a target of probabilities, no weight, reduction mean. */
  public static final KlDivLoss DEFAULT = new KlDivLoss(Options.defaults(Function.KL_DIV));

  private static final long serialVersionUID = 1;

  private KlDivLoss(Options options) {
    super(options);
  }

  @Override
  KlDivLoss with(Options options) {
    return new KlDivLoss(options);
  }

  /** Returns whether the target is log-probabilities. */
  public boolean logTarget() {
    return options().flag(Option.LOG_TARGET);
  }

  /**
   * Returns a copy whose target is log-probabilities, or probabilities if {@code logTarget} is
   * false.
   */
  public KlDivLoss withLogTarget(boolean logTarget) {
    return with(options().with(Option.LOG_TARGET, logTarget));
  }
}
