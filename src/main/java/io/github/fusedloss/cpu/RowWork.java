package io.github.fusedloss.cpu;

/** Work on rows first to first + count, not more than a tile has. */
interface RowWork {
  /**
   * A loss leaves a pair for each row, from 0 on, in the scratch tile's lossHi and lossLo, and of a
   * penalty in what the tile has of that; without the weights of rows.
   */
  void run(long first, int count, Scratch scratch);

  /** Whether rows are worked at side by side, so that it pays to have a vector full of them. */
  default boolean sideBySide() {
    return false;
  }
}
