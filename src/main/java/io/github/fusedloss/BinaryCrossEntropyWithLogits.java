package io.github.fusedloss;

/**
 * Binary cross entropy of logits: {@code weight * ((1 - t) * softplus(x) + posWeight * t *
 * softplus(-x))}, PyTorch's {@code binary_cross_entropy_with_logits}.
 *
 * <p>Input and target are tensors of the same shape, of any rank: float32, float16 or bfloat16, the
 * target float32 or of the input's type. Any finite target is accepted, as in PyTorch; accuracy is
 * promised for targets in [0, 1]. Weights are float32 and broadcast to the input's shape by NumPy's
 * rules.
 *
 * @param weight of each element, or null
 * @param posWeight of the positive part, or null
 * @param reduction of the element losses
 * @param denominator of a mean, in [2^-126, 2^64], or NaN for the number of elements
 */
public record BinaryCrossEntropyWithLogits(
    Tensor weight, Tensor posWeight, Reduction reduction, double denominator) implements Loss {

  /** No weights, mean. */
  public static final BinaryCrossEntropyWithLogits DEFAULT =
      new BinaryCrossEntropyWithLogits(null, null, Reduction.MEAN, Double.NaN);

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if they do not fit together
   */
  public BinaryCrossEntropyWithLogits {
    Checks.options(reduction, denominator);
    Checks.floatWeight("weight", weight);
    Checks.floatWeight("posWeight", posWeight);
  }

  @Override
  public String name() {
    return "binary_cross_entropy_with_logits";
  }

  /** With this weight, or none if null. */
  public BinaryCrossEntropyWithLogits weight(Tensor weight) {
    return new BinaryCrossEntropyWithLogits(weight, posWeight, reduction, denominator);
  }

  /** With this weight of the positive part, or none if null. */
  public BinaryCrossEntropyWithLogits posWeight(Tensor posWeight) {
    return new BinaryCrossEntropyWithLogits(weight, posWeight, reduction, denominator);
  }

  /** With this reduction. */
  public BinaryCrossEntropyWithLogits reduction(Reduction reduction) {
    return new BinaryCrossEntropyWithLogits(weight, posWeight, reduction, denominator);
  }

  /** A mean that divides by {@code denominator}. */
  public BinaryCrossEntropyWithLogits denominator(double denominator) {
    return new BinaryCrossEntropyWithLogits(weight, posWeight, reduction, denominator);
  }
}
