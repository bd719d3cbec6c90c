package io.github.fusedloss;

/**
 * What a loss compares its input with, together with the row weights and the mask of the batch.
 * Immutable.
 *
 * <p>A row is what has one loss: a sample, a pixel of a K-dimensional layout, an element of a
 * binary loss. Row weights r multiply the losses, and so the gradients. Unless the loss has a
 * denominator, the mean divides by the weights that count: with class indices by the sum of {@code
 * r[i] * weight[y[i]]} over the rows that count, with class probabilities and for binary losses by
 * the sum of r. So it is PyTorch's mean where all r are 1.
 *
 * <p>A row whose weight is 0, or that the mask leaves out, is ignored: its loss and gradient are
 * exactly 0, whatever its input, target and weights are, NaN and class indices out of range
 * included. If all rows are ignored, the mean is NaN and the gradient 0.
 */
@CheckReturnValue
public final class Target {
  private final Tensor tensor;
  private final RowWeights rows;

  Target(Tensor tensor, RowWeights rows) {
    this.tensor = tensor;
    this.rows = rows;
  }

  /**
   * Returns a target in which every row counts for 1.
   *
   * @param tensor class indices, class probabilities or binary targets
   */
  public static Target of(Tensor tensor) {
    TensorChecks.tensor("target", tensor);
    return new Target(tensor, RowWeights.NONE);
  }

  /**
   * Returns a copy with these weights of the rows.
   *
   * @param rowWeights float32, one for each loss: of the shape of the losses with reduction none;
   *     null for no weights
   * @throws IllegalArgumentException if they are of another type
   */
  public Target rowWeights(Tensor rowWeights) {
    if (rowWeights != null) {
      TensorChecks.type("rowWeights", rowWeights, ElementType.FLOAT32);
    }
    return new Target(tensor, new RowWeights(rowWeights, mask()));
  }

  /**
   * Returns a copy with this mask.
   *
   * @param mask booleans or integers, of the shape of the losses with reduction none; where it is 0
   *     a row is ignored. Null for no mask
   * @throws IllegalArgumentException if it is floating-point
   */
  public Target mask(Tensor mask) {
    if (mask != null && mask.type().isFloating()) {
      throw new IllegalArgumentException(
          "mask must be bool or integers, got "
              + Checks.text(mask.type())
              + ": give it as rowWeights, of which 0 does not count either");
    }
    return new Target(tensor, new RowWeights(rowWeights(), mask));
  }

  /** Returns the tensor that the input is compared with. */
  public Tensor tensor() {
    return tensor;
  }

  /** Returns the weights of the rows, or null. */
  public Tensor rowWeights() {
    return rows.weights();
  }

  /** Returns the mask, or null. */
  public Tensor mask() {
    return rows.mask();
  }

  /** Returns row weights and mask together. */
  RowWeights rows() {
    return rows;
  }

  @Override
  public String toString() {
    return "Target("
        + tensor
        + (rowWeights() == null ? "" : ", rowWeights=" + rowWeights())
        + (mask() == null ? "" : ", mask=" + mask())
        + ")";
  }
}
