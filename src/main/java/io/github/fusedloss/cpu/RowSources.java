package io.github.fusedloss.cpu;

/** How rows are walked. */
final class RowSources {
  private RowSources() {}

  /**
   * Rows first to first + count, at most {@link RowLayout#together()} of them.
   *
   * @param transform of the logits, or null
   */
  static RowSource of(
      RowOperands rows,
      Transform transform,
      long first,
      int count,
      Workers workers,
      Scratch scratch) {
    return rows.layout().tiled()
        ? new TiledRows(rows, transform, first, count, scratch)
        : new BlockedRows(rows, transform, first, workers, scratch);
  }
}
