package io.github.fusedloss.backend;

/**
 * What a loss adds up to. The sums are exact sums of two floats, so that they fit a double.
 *
 * @param sum of the (weighted) losses
 * @param weightSum the denominator of the mean: the weights of the rows that count for class
 *     indices, times their row weights; otherwise the sum of the row weights, which are 1 if there
 *     are none
 * @param count how many losses count: elements, or rows not ignored
 * @param penalty what a penalty adds up to; null if it adds nothing
 */
public record Totals(double sum, double weightSum, long count, Penalty penalty) {
  /**
   * Of what is added to each loss, see {@link Option#PENALTY}.
   *
   * @param sum of it
   * @param weightSum the denominator of its mean
   */
  public record Penalty(double sum, double weightSum) {
    /** As for {@link Totals}. */
    public Penalty {
      sum = canonical(sum);
      weightSum = canonical(weightSum);
    }
  }

  /** Of losses without a penalty. */
  public Totals(double sum, double weightSum, long count) {
    this(sum, weightSum, count, null);
  }

  /** Of losses that may have one. */
  public Totals(double sum, double weightSum, long count, double penaltySum, double rowWeightSum) {
    this(
        sum,
        weightSum,
        count,
        penaltySum == 0 && rowWeightSum == count ? null : new Penalty(penaltySum, rowWeightSum));
  }

  /** Of no losses. */
  public static final Totals NONE = new Totals(0, 0, 0);

  /** There is one NaN and no -0: executors differ in those that their arithmetic leaves. */
  public Totals {
    sum = canonical(sum);
    weightSum = canonical(weightSum);
  }

  /** These with other sums of the losses and the weights. */
  public Totals with(double sum, double weightSum) {
    return new Totals(sum, weightSum, count, penalty);
  }

  /** Of what a penalty adds to the losses; {@link #sum()} is without it. */
  public double penaltySum() {
    return penalty == null ? 0 : penalty.sum();
  }

  /**
   * The denominator of the mean of a penalty: the row weights of the rows that count, or their
   * number.
   */
  public double rowWeightSum() {
    return penalty == null ? count : penalty.weightSum();
  }

  private static double canonical(double value) {
    return value == value ? value + 0.0 : Double.NaN;
  }
}
