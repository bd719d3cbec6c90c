package io.github.fusedloss;

/**
 * What a loss compares its input with, and what belongs to the batch besides: how much each row
 * counts, and which rows count at all. Immutable.
 *
 * <p>A row is what has one loss: a sample, a pixel of a K-dimensional layout, an element of a
 * binary loss. Row weights r multiply the losses, and so the gradients. The mean divides by what
 * counts: with class indices by the sum of {@code r[i] * weight[y[i]]} over the rows that count,
 * with class probabilities and for binary losses by the sum of r, unless the loss has a
 * denominator. (So it stays PyTorch's mean where all r are 1.)
 *
 * <p>A row whose weight is 0, or that the mask leaves out, is ignored: its loss and gradient are
 * exactly 0, whatever its input, target and weights are, NaN and class indices out of range
 * included. If all are ignored the mean is NaN and the gradient 0.
 */
@CheckReturnValue
public final class Target {
  private final Tensor tensor;
  private final RowWeights rows;

  Target(Tensor tensor, RowWeights rows) {
    this.tensor = tensor;
    this.rows = rows;
  }

  /** Of which every row counts for 1: class indices, class probabilities or binary targets. */
  public static Target of(Tensor tensor) {
    TensorChecks.tensor("target", tensor);
    return new Target(tensor, RowWeights.NONE);
  }

  /**
   * With these weights of the rows, or none if null.
   *
   * @param rowWeights float32, one for each loss: of the shape of the losses with reduction none
   */
  public Target rowWeights(Tensor rowWeights) {
    if (rowWeights != null) {
      TensorChecks.type("rowWeights", rowWeights, ElementType.FLOAT32);
    }
    return new Target(tensor, new RowWeights(rowWeights, mask()));
  }

  /**
   * With this mask, or none if null.
   *
   * @param mask booleans or integers, of the shape of the losses with reduction none; where it is 0
   *     a row does not count
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

  /** What the input is compared with. */
  public Tensor tensor() {
    return tensor;
  }

  /** The weights of the rows, or null. */
  public Tensor rowWeights() {
    return rows.weights();
  }

  /** The mask, or null. */
  public Tensor mask() {
    return rows.mask();
  }

  /** Both of these. */
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
