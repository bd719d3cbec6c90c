package io.github.fusedloss.reference;

/**
 * What the oracles of cross entropy are told beside logits and targets; start from {@link
 * #DEFAULT}.
 *
 * @param weight of each class, or null for 1
 * @param ignoreIndex rows with this class index count for nothing; it may be a class or not
 * @param labelSmoothing e in [0, 1]
 * @param zLoss factor of logsumexp(x)^2, which is added to the loss of a row
 */
public record RowOptions(float[] weight, long ignoreIndex, double labelSmoothing, double zLoss) {
  /** PyTorch's defaults. */
  public static final RowOptions DEFAULT = new RowOptions(null, -100, 0, 0);

  /**
   * Checks the smoothing.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public RowOptions {
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw new IllegalArgumentException(
          "labelSmoothing: expected a value in [0, 1], got " + labelSmoothing);
    }
  }

  /** With these weights of classes, or none if null. */
  public RowOptions withWeight(float[] weight) {
    return new RowOptions(weight, ignoreIndex, labelSmoothing, zLoss);
  }

  /** With this class index of rows that count for nothing. */
  public RowOptions withIgnoreIndex(long ignoreIndex) {
    return new RowOptions(weight, ignoreIndex, labelSmoothing, zLoss);
  }

  /** With this much label smoothing. */
  public RowOptions withLabelSmoothing(double labelSmoothing) {
    return new RowOptions(weight, ignoreIndex, labelSmoothing, zLoss);
  }

  /** With this factor of the z-loss. */
  public RowOptions withZLoss(double zLoss) {
    return new RowOptions(weight, ignoreIndex, labelSmoothing, zLoss);
  }

  /** The weight of a class. */
  double weight(int c) {
    return weight == null ? 1 : weight[c];
  }
}
