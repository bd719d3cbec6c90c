package io.github.fusedloss.cpu;

/** How rows are walked. */
final class RowSources {
  private RowSources() {}

  /** Rows first to first + count, at most {@link RowLayout#together()} of them. */
  static RowSource of(RowOperands rows, long first, int count, Workers workers, Scratch scratch) {
    return rows.layout().tiled()
        ? new TiledRows(rows, first, count, scratch)
        : new BlockedRows(rows, first, workers, scratch);
  }
}
