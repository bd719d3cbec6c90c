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
      turn(tile, new Places(values, from.at(start), classes, 1), places(tile, to));
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
      turn(tile, places(tile, from), new Places(values, to.at(start), classes, 1));
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

  /**
   * Where the elements of rows lie in an array: the first one is at {@code at}, and {@code
   * toNextRow} and {@code toNextClass} lead from a row and from a class to the next.
   */
  private record Places(float[] values, int at, int toNextRow, int toNextClass) {
    int of(int row, int c) {
      return at + row * toNextRow + c * toNextClass;
    }
  }

  private static Places places(RowTile tile, float[] values) {
    return new Places(values, 0, 1, tile.stride);
  }

  /** Copies all rows of a tile from one place to the other. */
  private static void turn(RowTile tile, Places from, Places to) {
    int rows = tile.rows;
    int classes = tile.classes;
    if (classes > LONG) {
      for (int t = 0; t < rows; t++) {
        line(
            from.values,
            from.of(t, 0),
            from.toNextClass,
            classes,
            to.values,
            to.of(t, 0),
            to.toNextClass);
      }
      return;
    }
    for (int t = 0; t < rows; t += RowTile.LEAST) {
      int n = Math.min(RowTile.LEAST, rows - t);
      for (int c = 0; c < classes; c++) {
        line(from.values, from.of(t, c), from.toNextRow, n, to.values, to.of(t, c), to.toNextRow);
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
