package io.github.fusedloss;

/**
 * What became of one class.
 *
 * @param index of the class
 * @param count of the rows whose target it is; scikit-learn's support
 * @param predicted how many rows have their largest logit there
 * @param correct how many rows are among both
 * @param meanLoss of the rows whose target it is; NaN of none
 */
public record ClassScore(int index, long count, long predicted, long correct, double meanLoss) {
  /** The share of the class's rows that were predicted to be of it; 0 of none. */
  public double recall() {
    return count == 0 ? 0 : (double) correct / count;
  }

  /** The share of the rows predicted to be of the class that are; 0 of none. */
  public double precision() {
    return predicted == 0 ? 0 : (double) correct / predicted;
  }

  /** The harmonic mean of precision and recall; 0 if both are. */
  public double f1() {
    return correct == 0 ? 0 : 2.0 * correct / (count + predicted);
  }
}
