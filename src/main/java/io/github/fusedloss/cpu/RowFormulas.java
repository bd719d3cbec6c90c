package io.github.fusedloss.cpu;

/**
 * What is computed once for a row that is summed up: functions of kernels/cross_entropy.cl, for one
 * kind of target and one choice of options. Of the target they read what that kind has.
 */
interface RowFormulas {
  /** The loss of a row that has a softmax and is not ignored, a pair. */
  long loss(SoftmaxRow row, RowTarget target, Settings settings);

  /** What a penalty adds to it, a pair; nothing without one. */
  default long penalty(SoftmaxRow row, Settings settings) {
    return 0L;
  }

  /** Both, for row t of a tile. */
  default void loss(RowTile tile, int t, SoftmaxRow row, RowTarget target, Settings settings) {
    tile.loss(t, loss(row, target, settings), penalty(row, settings));
  }

  /** What its gradient needs for each class; e is the exponential of the target's class. */
  void slope(SoftmaxRow row, RowTarget target, float e, Settings settings, Slope slope);

  /** The same for one block of it, to whose reference e and the others are relative. */
  void blockSlope(
      SoftmaxRow row, SoftmaxRow block, RowTarget target, float e, Settings settings, Slope slope);

  /** Loss and, if wanted, slope of all rows of a tile, in loops; right where both are finite. */
  void losses(RowTile tile, Lanes lanes);

  /** The same in passes of the Vector API. */
  VectorPasses<RowTile> passes();
}
