package io.github.fusedloss.reference;

/**
 * The options of the oracles of cross entropy; start from {@link #DEFAULT}.
 *
 * @param weight of each class, or null for 1
 * @param ignoreIndex rows with this class index are ignored; it may be a class or not
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

  /** Returns a copy with these weights of classes, or none if null. */
  public RowOptions withWeight(float[] weight) {
    return new RowOptions(weight, ignoreIndex, labelSmoothing, zLoss);
  }

  /** Returns a copy that ignores rows with this class index. */
  public RowOptions withIgnoreIndex(long ignoreIndex) {
    return new RowOptions(weight, ignoreIndex, labelSmoothing, zLoss);
  }

  /** Returns a copy with this label smoothing. */
  public RowOptions withLabelSmoothing(double labelSmoothing) {
    return new RowOptions(weight, ignoreIndex, labelSmoothing, zLoss);
  }

  /** Returns a copy with this factor of the z-loss. */
  public RowOptions withZLoss(double zLoss) {
    return new RowOptions(weight, ignoreIndex, labelSmoothing, zLoss);
  }

  /** Returns the weight of a class. */
  double weight(int c) {
    return weight == null ? 1 : weight[c];
  }
}
