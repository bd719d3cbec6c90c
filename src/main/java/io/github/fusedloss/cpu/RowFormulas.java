package io.github.fusedloss.cpu;

/**
 * The formulas that are computed once for each row, after it is summed up. They are functions in
 * kernels/cross_entropy.cl, for one kind of target and one choice of options. They read those
 * fields of the target that this kind has.
 */
interface RowFormulas {
  /** Returns the loss of a row that has a softmax and is not ignored, a pair. */
  long loss(SoftmaxRow row, RowTarget target, Settings settings);

  /** Returns what a penalty adds to the loss, a pair; 0 if there is none. */
  default long penalty(SoftmaxRow row, Settings settings) {
    return 0L;
  }

  /** Stores loss and penalty of row t of a tile. */
  default void loss(RowTile tile, int t, SoftmaxRow row, RowTarget target, Settings settings) {
    tile.loss(t, loss(row, target, settings), penalty(row, settings));
  }

  /**
   * Finds what the gradient needs for each class; {@code e} is the exponential of the target's
   * class.
   */
  void slope(SoftmaxRow row, RowTarget target, float e, Settings settings, Slope slope);

  /**
   * Finds what the gradient of one block of the row needs; exponentials are relative to that
   * block's reference.
   */
  void blockSlope(
      SoftmaxRow row, SoftmaxRow block, RowTarget target, float e, Settings settings, Slope slope);

  /**
   * Computes loss and, if wanted, slope of all rows of a tile in loops; right where both are
   * finite.
   */
  void losses(RowTile tile, Lanes lanes);

  /** Returns the passes of the Vector API that do what {@link #losses} does. */
  VectorPasses<RowTile> passes();
}
