package io.github.fusedloss.backend;

/**
 * What a loss adds up to. The sums are exact sums of two floats, so that they fit a double.
 *
 * @param sum of the (weighted) losses
 * @param weightSum PyTorch's denominator of the mean: the weights of the rows that count for class
 *     indices, otherwise the number of losses
 * @param count how many losses count: elements, or rows not ignored
 * @param zSum of what the z-loss adds to the losses; {@code sum} is without it
 */
public record Totals(double sum, double weightSum, long count, double zSum) {
  /** Of losses without z-loss. */
  public Totals(double sum, double weightSum, long count) {
    this(sum, weightSum, count, 0);
  }

  /** Of no losses. */
  public static final Totals NONE = new Totals(0, 0, 0);

  /** There is one NaN and no -0: executors differ in those that their arithmetic leaves. */
  public Totals {
    sum = canonical(sum);
    weightSum = canonical(weightSum);
    zSum = canonical(zSum);
  }

  private static double canonical(double value) {
    return value == value ? value + 0.0 : Double.NaN;
  }
}
