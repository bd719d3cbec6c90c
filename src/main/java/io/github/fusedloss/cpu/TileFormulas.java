package io.github.fusedloss.cpu;

/** Formulas that there are for all rows of a tile at once too, for results that are finite. */
interface TileFormulas extends RowFormulas {
  /** Losses and, if wanted, what the gradients need, in loops. */
  void losses(RowTile tile, Lanes lanes);

  /** The same in passes of the Vector API. */
  VectorPasses<RowTile> passes();
}
