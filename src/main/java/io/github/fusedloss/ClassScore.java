package io.github.fusedloss;

/**
 * What became of one class.
 *
 * @param index of the class
 * @param count of the rows whose target it is; scikit-learn's support
 * @param predicted how many rows have their largest logit there
 * @param correct how many rows are among both
 * @param weights of these rows, added up
 * @param meanLoss of the rows whose target it is; NaN of none
 */
public record ClassScore(
    int index, long count, long predicted, long correct, Weights weights, double meanLoss) {
  /**
   * Sums of weights of rows; without row weights, how many there are.
   *
   * @param actual of the rows whose target the class is
   * @param predicted of those that have their largest logit there
   * @param correct of those that are among both
   */
  public record Weights(double actual, double predicted, double correct) {}

  /** The share of the class's rows that were predicted to be of it, weighted; 0 of none. */
  public double recall() {
    return count == 0 ? 0 : weights.correct / weights.actual;
  }

  /** The share of the rows predicted to be of the class that are, weighted; 0 of none. */
  public double precision() {
    return predicted == 0 ? 0 : weights.correct / weights.predicted;
  }

  /** The harmonic mean of precision and recall; 0 if both are. */
  public double f1() {
    return correct == 0 ? 0 : 2.0 * weights.correct / (weights.actual + weights.predicted);
  }
}
