package io.github.fusedloss.backend;

/**
 * The factors of a gradient.
 *
 * @param scale the factor of the whole gradient
 * @param penaltyScale the factor of what a penalty adds to it
 * @param byWeights true if the gradient is to be divided by {@link Totals#weightSum()}, and that of
 *     the penalty by {@link Totals#rowWeightSum()}, which are known only after the losses
 * @param each float32, one factor more for each loss; or null
 */
public record Upstream(float scale, float penaltyScale, boolean byWeights, Memory each) {
  /** Makes the factors where the penalty has that of the whole gradient. */
  public Upstream(float scale, boolean byWeights, Memory each) {
    this(scale, scale, byWeights, each);
  }

  /** The factor is 1. */
  public static final Upstream ONE = new Upstream(1f, false, null);

  /** The gradient is that of PyTorch's mean over class indices. */
  public static final Upstream OVER_WEIGHTS = new Upstream(1f, true, null);

  /** Returns a copy with these factors of the losses' gradients. */
  public Upstream withEach(Memory each) {
    return each == this.each ? this : new Upstream(scale, penaltyScale, byWeights, each);
  }

  /**
   * Returns the factor of the whole gradient.
   *
   * @param weightSum that of the totals; where it is 0 or not finite, the gradient is NaN, as the
   *     loss is
   */
  public float factor(double weightSum) {
    return factor(scale, weightSum);
  }

  /** Returns the factor of what a penalty adds; {@code rowWeightSum} is that of the totals. */
  public float penaltyFactor(double rowWeightSum) {
    return factor(penaltyScale, rowWeightSum);
  }

  private float factor(float scale, double divisor) {
    if (!byWeights) {
      return scale;
    }
    boolean divides = Math.abs(divisor) <= Double.MAX_VALUE && divisor != 0;
    return divides ? (float) (scale / divisor) : Float.NaN;
  }

  /**
   * Returns the factors of a call with these totals, for parts of the call that are computed alone.
   */
  public Upstream of(Totals totals) {
    float penaltyFactor = penaltyFactor(totals.rowWeightSum());
    return new Upstream(factor(totals.weightSum()), penaltyFactor, false, each);
  }
}
