package io.github.fusedloss;

/**
 * Binary cross entropy of probabilities: {@code weight * -(t * log(p) + (1 - t) * log(1 - p))} with
 * both logarithms clamped at -100, PyTorch's {@code binary_cross_entropy}. The gradient is {@code
 * weight * (p - t) / max((1 - p) * p, 1e-12)}, as in PyTorch. Prefer {@link
 * BinaryCrossEntropyWithLogits}: a probability has already lost what a logit still knows.
 *
 * <p>Input and target are tensors of the same shape, of any rank, with values in [0, 1]: float32,
 * float16 or bfloat16, the target float32 or of the input's type. The weight is float32.
 *
 * @param weight of each element, broadcast to the input's shape by NumPy's rules; or null
 * @param reduction of the element losses
 * @param denominator of a mean, in [2^-126, 2^64], or NaN for the number of elements
 */
public record BinaryCrossEntropy(Tensor weight, Reduction reduction, double denominator)
    implements Loss {

  /** No weight, mean. */
  public static final BinaryCrossEntropy DEFAULT =
      new BinaryCrossEntropy(null, Reduction.MEAN, Double.NaN);

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if they do not fit together
   */
  public BinaryCrossEntropy {
    Checks.options(reduction, denominator);
    Checks.floatWeight("weight", weight);
  }

  @Override
  public String name() {
    return "binary_cross_entropy";
  }

  /** With this weight, or none if null. */
  public BinaryCrossEntropy weight(Tensor weight) {
    return new BinaryCrossEntropy(weight, reduction, denominator);
  }

  /** With this reduction. */
  public BinaryCrossEntropy reduction(Reduction reduction) {
    return new BinaryCrossEntropy(weight, reduction, denominator);
  }

  /** A mean that divides by {@code denominator}. */
  public BinaryCrossEntropy denominator(double denominator) {
    return new BinaryCrossEntropy(weight, reduction, denominator);
  }
}
