package io.github.fusedloss.cpu;

/**
 * Where the elements of rows are in memory: adjacent, or {@code inner} apart; and what follows for
 * how rows are computed.
 *
 * @param split whether all threads work on one row
 * @param whole a row of up to so many classes is copied as a whole where it has to be copied
 */
record RowLayout(int classes, long inner, boolean split, int whole) {
  /**
   * The largest number of classes of a row that is copied as a whole. No vocabulary is so large.
   * Longer rows are copied block by block where they have to be copied.
   */
  static final int WHOLE = 5 << 16;

  /** A row of so many classes is worth the work of all threads. */
  private static final int SPLIT = 1 << 17;

  /** Makes the layout of so many rows that {@code threads} threads work on. */
  static RowLayout of(long rows, int classes, long inner, int whole, int threads) {
    return new RowLayout(classes, inner, split(rows, classes, inner, threads), whole);
  }

  /**
   * Returns whether all threads work on one row. They do if each thread with rows of its own would
   * be idle for a quarter of the time or more, and a row has blocks enough for all threads.
   */
  private static boolean split(long rows, int classes, long inner, long threads) {
    long most = (rows + threads - 1) / threads * threads;
    boolean idle = 4 * (most - rows) >= most && most > rows;
    return idle && classes >= SPLIT && Blocks.count(classes) >= 4 * threads && inner == 1;
  }

  /** Returns whether a row's sums are in order of the classes. */
  boolean inOrder() {
    return Blocks.inOrder(classes, inner);
  }

  /**
   * Returns whether rows are computed side by side ({@link RowTile}): rows of one block, if their
   * sums are in order, and short rows whose sums are in lanes.
   */
  boolean tiled() {
    return classes <= (inOrder() ? Blocks.BLOCK : RowTile.SHORT);
  }

  /** Returns how many rows are computed together: those of a full tile. */
  int together() {
    return RowTile.full(classes, inner);
  }

  /**
   * Returns how many rows make a part that is worth a thread, if so many elements of each are
   * touched.
   */
  static int rowsPerPart(int elements, long inner) {
    int rows = Math.max(1, (int) Workers.WORTHWHILE / elements);
    int tile = RowTile.full(elements, inner);
    return rows < tile ? rows : rows / tile * tile;
  }

  /**
   * Returns how many of {@code rows} rows make a part if they are computed side by side. If there
   * are rows enough, they fill a vector.
   */
  static int rowsPerPart(int elements, long inner, long rows, int threads) {
    int few = rowsPerPart(elements, inner);
    int tile = RowTile.full(elements, inner);
    if (few >= tile || inner < RowTile.VECTOR) {
      return few;
    }
    long share = (rows + threads - 1) / threads;
    return (int) Math.min(tile, share + RowTile.VECTOR - 1 & -RowTile.VECTOR);
  }

  /** Returns the index of a row's first element. */
  long first(long row) {
    return inner == 1 ? row * classes : row / inner * inner * classes + row % inner;
  }

  OperandRow input(Floats from, long row, Scratch scratch, Scratch.Slot slot) {
    return OperandRow.input(from, first(row), inner, classes, whole, scratch, slot);
  }

  OperandRow result(Floats to, long row, Scratch scratch, Scratch.Slot slot) {
    return OperandRow.result(to, first(row), inner, classes, whole, scratch, slot);
  }

  void fill(Floats to, long row, float value) {
    to.fill(first(row), inner, classes, value);
  }
}
