package io.github.fusedloss.backend;

/**
 * The factor of a gradient.
 *
 * @param scale of the whole gradient
 * @param penaltyScale the same of what a penalty adds
 * @param byWeights true if the gradient is to be divided by {@link Totals#weightSum()}, and that of
 *     the penalty by {@link Totals#rowWeightSum()}, which are known no sooner
 * @param each float32, one factor more for each loss; or null
 */
public record Upstream(float scale, float penaltyScale, boolean byWeights, Memory each) {
  /** With one factor for all. */
  public Upstream(float scale, boolean byWeights, Memory each) {
    this(scale, scale, byWeights, each);
  }

  /** No factor. */
  public static final Upstream ONE = new Upstream(1f, false, null);

  /** That of PyTorch's mean over class indices. */
  public static final Upstream OVER_WEIGHTS = new Upstream(1f, true, null);

  /** With these factors of the losses' gradients. */
  public Upstream withEach(Memory each) {
    return each == this.each ? this : new Upstream(scale, penaltyScale, byWeights, each);
  }

  /**
   * The factor of the whole gradient.
   *
   * @param weightSum of the totals; where it is 0 or not finite the gradient is NaN as the loss is
   */
  public float factor(double weightSum) {
    return factor(scale, weightSum);
  }

  /** The same of what a penalty adds; see {@link Totals#rowWeightSum()}. */
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

  /** The factors of a call with these totals, for parts of it. */
  public Upstream of(Totals totals) {
    float penaltyFactor = penaltyFactor(totals.rowWeightSum());
    return new Upstream(factor(totals.weightSum()), penaltyFactor, false, each);
  }
}
