package io.github.fusedloss.cpu;

/** Work on rows first to first + count, at most as many as a tile has. */
interface RowWork {
  /**
   * Computes the rows. A loss leaves a pair for each row, from 0 on, in lossHi and lossLo of the
   * scratch tile, and those of a penalty in the tile's penalty. They are without the weights of
   * rows.
   */
  void run(long first, int count, Scratch scratch);

  /** Returns whether rows are computed side by side, so that a vector full of them pays. */
  default boolean sideBySide() {
    return false;
  }
}
