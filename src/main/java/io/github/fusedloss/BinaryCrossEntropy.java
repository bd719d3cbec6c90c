package io.github.fusedloss;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;

/**
 * Binary cross entropy of probabilities: {@code weight * -(t * log(p) + (1 - t) * log(1 - p))} with
 * both logarithms clamped at -100, PyTorch's {@code binary_cross_entropy}. The gradient is {@code
 * weight * (p - t) / max((1 - p) * p, 1e-12)}, as in PyTorch. Prefer {@link
 * BinaryCrossEntropyWithLogits}: a probability has already lost what a logit still knows.
 *
 * <p>Input and target are tensors of the same shape, of any rank, with values in [0, 1]: float32,
 * float16 or bfloat16, the target float32 or of the input's type. The weight is float32.
 */
@CheckReturnValue
public final class BinaryCrossEntropy extends TypedLoss<BinaryCrossEntropy> {
  /** The default options: no weight, no label smoothing, reduction mean. */
  public static final BinaryCrossEntropy DEFAULT =
      new BinaryCrossEntropy(Options.defaults(Function.BINARY_CROSS_ENTROPY));

  private static final long serialVersionUID = 1;

  private BinaryCrossEntropy(Options options) {
    super(options);
  }

  @Override
  BinaryCrossEntropy with(Options options) {
    return new BinaryCrossEntropy(options);
  }

  /** Returns the share of the target that is spread over both classes. */
  public float labelSmoothing() {
    return options().number(Option.LABEL_SMOOTHING);
  }

  /**
   * Returns a copy with label smoothing e: a target t becomes {@code t * (1 - e) + e / 2}.
   * PyTorch's binary losses have no such option.
   *
   * @param labelSmoothing e, in [0, 1]
   * @throws IllegalArgumentException if it is not in this range
   */
  public BinaryCrossEntropy withLabelSmoothing(float labelSmoothing) {
    return with(options().with(Option.LABEL_SMOOTHING, labelSmoothing));
  }
}
