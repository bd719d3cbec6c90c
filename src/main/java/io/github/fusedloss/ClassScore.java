package io.github.fusedloss;

/**
 * How well the rows of one class were predicted.
 *
 * @param index the class
 * @param count how many rows have it as their target; scikit-learn's support
 * @param predicted how many rows have their largest logit there
 * @param correct how many rows are among both
 * @param weights the sums of the weights of these three groups of rows
 * @param meanLoss the mean loss of the rows whose target it is; NaN if there are none
 */
public record ClassScore(
    int index, long count, long predicted, long correct, Weights weights, double meanLoss) {
  /**
   * Sums of weights of rows; without row weights, how many rows there are.
   *
   * @param actual for the rows whose target is the class
   * @param predicted for the rows that have their largest logit there
   * @param correct for the rows that are among both
   */
  public record Weights(double actual, double predicted, double correct) {}

  /**
   * Returns the weighted share of the class's rows that were predicted to be of it; 0 if it has no
   * rows.
   */
  public double recall() {
    return count == 0 ? 0 : weights.correct / weights.actual;
  }

  /**
   * Returns the weighted share of the rows predicted to be of the class that are of it; 0 if there
   * are no such rows.
   */
  public double precision() {
    return predicted == 0 ? 0 : weights.correct / weights.predicted;
  }

  /** Returns the harmonic mean of precision and recall; 0 if both are 0. */
  public double f1() {
    return correct == 0 ? 0 : 2.0 * weights.correct / (weights.actual + weights.predicted);
  }
}
