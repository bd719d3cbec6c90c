package io.github.fusedloss.cpu;

/**
 * The rows of a task and how they are worked at.
 *
 * @param result of the input's layout; or null
 * @param keep whether the results are made of the exponentials
 */
record RowOperands(
    RowLayout layout, Floats input, Floats result, boolean keep, BlockKernels kernels) {
  /** Rows first to first + count, at most {@link RowLayout#together()} of them. */
  RowSource rows(long first, int count, Workers workers, Scratch scratch) {
    return layout.tiled()
        ? new TiledRows(this, first, count, scratch)
        : new BlockedRows(this, first, workers, scratch);
  }
}
