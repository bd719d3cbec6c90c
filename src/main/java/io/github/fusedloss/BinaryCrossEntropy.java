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
public final class BinaryCrossEntropy extends Loss {
  /** No weight, mean. */
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

  /**
   * With this weight of each element, float32, broadcast to the input's shape by NumPy's rules; or
   * none if null.
   */
  @Override
  public BinaryCrossEntropy withWeight(Tensor weight) {
    return with(options().with(Option.WEIGHT, weight));
  }

  @Override
  public BinaryCrossEntropy withReduction(Reduction reduction) {
    return with(options().with(Option.REDUCTION, reduction));
  }

  @Override
  public BinaryCrossEntropy withDenominator(double denominator) {
    return with(options().with(Option.DENOMINATOR, denominator));
  }

  @Override
  public BinaryCrossEntropy withoutDenominator() {
    return with(options().with(Option.DENOMINATOR, null));
  }
}
