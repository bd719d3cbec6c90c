package io.github.fusedloss.backend;

/**
 * What the losses of a call add up to. Each sum is the exact sum of two floats, and so fits a
 * double.
 *
 * @param sum the sum of the (weighted) losses
 * @param weightSum the denominator of the mean. For class indices it is the sum of the weights of
 *     the rows that count, times their row weights; otherwise the sum of the row weights, which are
 *     1 if there are none
 * @param count how many losses count: elements, or rows that are not ignored
 * @param penalty what a penalty adds up to; null if it adds nothing
 */
public record Totals(double sum, double weightSum, long count, Penalty penalty) {
  /**
   * The totals of a penalty, which is added to each loss, see {@link Option#PENALTY}.
   *
   * @param sum the sum of the penalty
   * @param weightSum the denominator of its mean
   */
  public record Penalty(double sum, double weightSum) {
    /** Makes every NaN the same and turns -0 into 0, as {@link Totals} does. */
    public Penalty {
      sum = canonical(sum);
      weightSum = canonical(weightSum);
    }
  }

  /** Makes the totals of losses without a penalty. */
  public Totals(double sum, double weightSum, long count) {
    this(sum, weightSum, count, null);
  }

  /** Makes the totals of losses that may have a penalty. */
  public Totals(double sum, double weightSum, long count, double penaltySum, double rowWeightSum) {
    this(
        sum,
        weightSum,
        count,
        penaltySum == 0 && rowWeightSum == count ? null : new Penalty(penaltySum, rowWeightSum));
  }

  /** The totals of no losses. */
  public static final Totals NONE = new Totals(0, 0, 0);

  /**
   * Makes every NaN the same and turns -0 into 0, since the arithmetic of executors differs in
   * these.
   */
  public Totals {
    sum = canonical(sum);
    weightSum = canonical(weightSum);
  }

  /** Returns a copy with other sums of the losses and the weights. */
  public Totals with(double sum, double weightSum) {
    return new Totals(sum, weightSum, count, penalty);
  }

  /** Returns the sum of what a penalty adds to the losses; {@link #sum()} is without it. */
  public double penaltySum() {
    return penalty == null ? 0 : penalty.sum();
  }

  /**
   * Returns the denominator of the mean of a penalty: the row weights of the rows that count, or
   * their number.
   */
  public double rowWeightSum() {
    return penalty == null ? count : penalty.weightSum();
  }

  private static double canonical(double value) {
    return value == value ? value + 0.0 : Double.NaN;
  }
}
