package io.github.fusedloss;

/**
 * Negative log likelihood {@code -w[y] * x[y]} of log-probabilities x, PyTorch's {@code nll_loss}.
 *
 * <p>Input: (C), (N, C) or (N, C, d1, ..., dk), float32, float16 or bfloat16. Target: class indices
 * (), (N) or (N, d1, ..., dk), int32 or int64.
 *
 * @param weight of each class, float32 (C); or null
 * @param ignoreIndex rows with this class index count for nothing
 * @param reduction of the row losses
 * @param denominator of a mean, in [2^-126, 2^64], or NaN for PyTorch's: the weights of the targets
 */
public record NllLoss(Tensor weight, long ignoreIndex, Reduction reduction, double denominator)
    implements Loss {

  /** No weight, ignore_index -100, mean. */
  public static final NllLoss DEFAULT = new NllLoss(null, -100, Reduction.MEAN, Double.NaN);

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if they do not fit together
   */
  public NllLoss {
    Checks.options(reduction, denominator);
    Checks.floatWeight("weight", weight);
  }

  @Override
  public String name() {
    return "nll_loss";
  }

  /** With these class weights, or none if null. */
  public NllLoss weight(Tensor weight) {
    return new NllLoss(weight, ignoreIndex, reduction, denominator);
  }

  /** Rows with this class index count for nothing. */
  public NllLoss ignoreIndex(long ignoreIndex) {
    return new NllLoss(weight, ignoreIndex, reduction, denominator);
  }

  /** With this reduction. */
  public NllLoss reduction(Reduction reduction) {
    return new NllLoss(weight, ignoreIndex, reduction, denominator);
  }

  /** A mean that divides by {@code denominator}. */
  public NllLoss denominator(double denominator) {
    return new NllLoss(weight, ignoreIndex, reduction, denominator);
  }
}
