package io.github.fusedloss.cpu;

/** Work on rows first to first + count, not more than a tile has. */
interface RowWork {
  /**
   * A loss leaves a pair for each row, from 0 on, in the scratch tile's lossHi and lossLo, and of
   * the z-loss in zHi and zLo.
   */
  void run(long first, int count, Scratch scratch);
}
