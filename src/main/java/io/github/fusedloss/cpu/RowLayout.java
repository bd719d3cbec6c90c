package io.github.fusedloss.cpu;

/**
 * Where the elements of rows lie in memory: adjacent, or {@code inner} apart; and what follows for
 * how rows are walked.
 *
 * @param split whether all threads work at one row
 * @param whole a row of up to so many classes is copied as a whole where it has to be copied
 */
record RowLayout(int classes, long inner, boolean split, int whole) {
  /**
   * Longer rows, of more classes than any vocabulary has, are copied block by block where they have
   * to be copied, never as a whole.
   */
  static final int WHOLE = 5 << 16;

  /** Classes that are worth a row of all threads. */
  private static final int SPLIT = 1 << 17;

  /** The layout of so many rows that {@code threads} threads work at. */
  static RowLayout of(long rows, int classes, long inner, int whole, int threads) {
    return new RowLayout(classes, inner, split(rows, classes, inner, threads), whole);
  }

  /**
   * Whether all threads work at one row: if with rows of their own a quarter of their time or more
   * would pass idle, and a row has blocks enough for all of them.
   */
  private static boolean split(long rows, int classes, long inner, long threads) {
    long most = (rows + threads - 1) / threads * threads;
    boolean idle = 4 * (most - rows) >= most && most > rows;
    return idle && classes >= SPLIT && Blocks.count(classes) >= 4 * threads && inner == 1;
  }

  /** Whether a row's sums are in order of the classes. */
  boolean inOrder() {
    return Blocks.inOrder(classes, inner);
  }

  /**
   * Whether rows are worked at side by side ({@link RowTile}): rows of one block, if their sums are
   * in order, and short ones whose sums are in lanes.
   */
  boolean tiled() {
    return classes <= (inOrder() ? Blocks.BLOCK : RowTile.SHORT);
  }

  /** How many rows are worked at together: those of a full tile. */
  int together() {
    return RowTile.full(classes, inner);
  }

  /** Rows enough to be worth a part of their own, if so many elements of each are worked at. */
  static int rowsPerPart(int elements, long inner) {
    int rows = Math.max(1, (int) Workers.WORTHWHILE / elements);
    int tile = RowTile.full(elements, inner);
    return rows < tile ? rows : rows / tile * tile;
  }

  /** The same of so many rows side by side: neighbours fill a vector, if there are enough. */
  static int rowsPerPart(int elements, long inner, long rows, int threads) {
    int few = rowsPerPart(elements, inner);
    int tile = RowTile.full(elements, inner);
    if (few >= tile || inner < RowTile.VECTOR) {
      return few;
    }
    long share = (rows + threads - 1) / threads;
    return (int) Math.min(tile, share + RowTile.VECTOR - 1 & -RowTile.VECTOR);
  }

  /** Index of a row's first element. */
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
