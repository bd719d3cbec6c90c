package io.github.fusedloss.backend;

/**
 * The factor of a gradient.
 *
 * @param scale of the whole gradient
 * @param byWeights true if the gradient is to be divided by {@link Totals#weightSum()}, which is
 *     known no sooner
 * @param each float32, one factor more for each loss; or null
 */
public record Upstream(float scale, boolean byWeights, Memory each) {
  /** No factor. */
  public static final Upstream ONE = new Upstream(1f, false, null);

  /** That of PyTorch's mean over class indices. */
  public static final Upstream OVER_WEIGHTS = new Upstream(1f, true, null);

  /** With these factors of the losses' gradients. */
  public Upstream withEach(Memory each) {
    return each == this.each ? this : new Upstream(scale, byWeights, each);
  }

  /**
   * The factor of the whole gradient.
   *
   * @param weightSum of the totals; where it is 0 or not finite the gradient is NaN as the loss is
   */
  public float factor(double weightSum) {
    if (!byWeights) {
      return scale;
    }
    boolean divides = Math.abs(weightSum) <= Double.MAX_VALUE && weightSum != 0;
    return divides ? (float) (scale / weightSum) : Float.NaN;
  }
}
