package io.github.fusedloss.backend;

/**
 * What a loss adds up to. The sums are exact sums of two floats, so that they fit a double.
 *
 * @param sum of the (weighted) losses
 * @param weightSum the denominator of the mean: the weights of the rows that count for class
 *     indices, times their row weights; otherwise the sum of the row weights, which are 1 if there
 *     are none
 * @param count how many losses count: elements, or rows not ignored
 * @param z what the z-loss adds up to; null if it adds nothing
 */
public record Totals(double sum, double weightSum, long count, OfZ z) {
  /**
   * Of the z-loss.
   *
   * @param sum of what it adds to the losses
   * @param weightSum the denominator of its mean
   */
  public record OfZ(double sum, double weightSum) {
    /** As for {@link Totals}. */
    public OfZ {
      sum = canonical(sum);
      weightSum = canonical(weightSum);
    }
  }

  /** Of losses without z-loss. */
  public Totals(double sum, double weightSum, long count) {
    this(sum, weightSum, count, null);
  }

  /** Of losses that may have one. */
  public Totals(double sum, double weightSum, long count, double zSum, double rowWeightSum) {
    this(
        sum,
        weightSum,
        count,
        zSum == 0 && rowWeightSum == count ? null : new OfZ(zSum, rowWeightSum));
  }

  /** Of no losses. */
  public static final Totals NONE = new Totals(0, 0, 0);

  /** There is one NaN and no -0: executors differ in those that their arithmetic leaves. */
  public Totals {
    sum = canonical(sum);
    weightSum = canonical(weightSum);
  }

  /** Of what the z-loss adds to the losses; {@link #sum()} is without it. */
  public double zSum() {
    return z == null ? 0 : z.sum();
  }

  /**
   * The denominator of the mean of the z-loss: the row weights of the rows that count, or their
   * number.
   */
  public double rowWeightSum() {
    return z == null ? count : z.weightSum();
  }

  private static double canonical(double value) {
    return value == value ? value + 0.0 : Double.NaN;
  }
}
