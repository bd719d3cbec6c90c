package io.github.fusedloss.cpu;

/** Copies rows between memory and a tile. */
final class TileMemory {
  private TileMemory() {}

  /**
   * Rows of more classes are turned (transposed) one by one, others class by class, so that loops
   * are long.
   */
  private static final int LONG = 16;

  /** Copies the rows of an operand with the layout of the logits to a tile's array. */
  static void load(RowTile tile, Floats from, float[] to, Scratch scratch) {
    int rows = tile.rows;
    int classes = tile.classes;
    if (tile.inner == 1) {
      long start = tile.first * classes;
      float[] values = from.array(start, rows * classes, scratch, Scratch.Slot.INPUT);
      spread(tile, values, from.at(start), to);
      return;
    }
    for (int t = 0; t < rows; ) {
      int run = run(tile, t);
      long at = at(tile, t);
      for (int c = 0; c < classes; c++) {
        from.copy(at + c * tile.inner, run, to, c * tile.stride + t);
      }
      t += run;
    }
  }

  /** Copies a tile's array to the rows of an operand. */
  static void store(RowTile tile, float[] from, Floats to, Scratch scratch) {
    int rows = tile.rows;
    int classes = tile.classes;
    if (tile.inner == 1) {
      long start = tile.first * classes;
      float[] values = to.result(rows * classes, scratch, Scratch.Slot.RESULT);
      gather(tile, from, values, to.at(start));
      to.written(start, rows * classes, values);
      return;
    }
    for (int t = 0; t < rows; ) {
      int run = run(tile, t);
      long at = at(tile, t);
      for (int c = 0; c < classes; c++) {
        to.paste(from, c * tile.stride + t, run, at + c * tile.inner);
      }
      t += run;
    }
  }

  /** Returns how many rows from row t on are side by side in memory. */
  private static int run(RowTile tile, int t) {
    return (int) Math.min(tile.rows - t, tile.inner - (tile.first + t) % tile.inner);
  }

  /** Returns where row t begins in memory. */
  private static long at(RowTile tile, int t) {
    long k = (tile.first + t) % tile.inner;
    return (tile.first + t - k) * tile.all + tile.start * tile.inner + k;
  }

  /** Copies rows that lie one behind the other to a tile, where they are side by side. */
  private static void spread(RowTile tile, float[] from, int at, float[] to) {
    int rows = tile.rows;
    int classes = tile.classes;
    if (classes > LONG) {
      for (int t = 0; t < rows; t++) {
        line(from, at + t * classes, 1, classes, to, t, tile.stride);
      }
      return;
    }
    for (int t = 0; t < rows; t += RowTile.LEAST) {
      int n = Math.min(RowTile.LEAST, rows - t);
      for (int c = 0; c < classes; c++) {
        line(from, at + t * classes + c, classes, n, to, t + c * tile.stride, 1);
      }
    }
  }

  /**
   * Copies a tile's rows, which are side by side, to memory where they lie one behind the other.
   */
  private static void gather(RowTile tile, float[] from, float[] to, int at) {
    int rows = tile.rows;
    int classes = tile.classes;
    if (classes > LONG) {
      for (int t = 0; t < rows; t++) {
        line(from, t, tile.stride, classes, to, at + t * classes, 1);
      }
      return;
    }
    for (int t = 0; t < rows; t += RowTile.LEAST) {
      int n = Math.min(RowTile.LEAST, rows - t);
      for (int c = 0; c < classes; c++) {
        line(from, t + c * tile.stride, 1, n, to, at + t * classes + c, classes);
      }
    }
  }

  private static void line(
      float[] from, int at, int step, int n, float[] to, int toAt, int toStep) {
    for (int i = 0; i < n; i++, at += step, toAt += toStep) {
      to[toAt] = from[at];
    }
  }
}
