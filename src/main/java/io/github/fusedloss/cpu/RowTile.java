package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.pair;

/**
 * Rows whose sums are in order of the classes ({@link Blocks#inOrder}), side by side: class c of
 * row t is element {@code c * ROWS + t}, whatever the layout in memory, so that lanes go across
 * rows. One per thread.
 */
final class RowTile {
  /** A multiple of every vector's length; a class of them is 256 adjacent bytes. */
  static final int ROWS = 64;

  int classes;

  /** Rows in use; what the others hold is of no consequence. */
  int rows;

  float[] x = new float[0];

  /** Whether {@link TilePasses} found all exponentials to be numbers. */
  boolean numbers;

  /** Exponentials, then the gradient. */
  float[] e = new float[0];

  final float[] max = new float[ROWS];
  final float[] shift = new float[ROWS];
  final float[] magic = new float[ROWS];
  final float[] cut = new float[ROWS];
  final float[] ties = new float[ROWS];
  final float[] restHi = new float[ROWS];
  final float[] restLo = new float[ROWS];

  /** What {@link SoftmaxRow#finish} finds. */
  final float[] logHi = new float[ROWS];

  final float[] logLo = new float[ROWS];
  final float[] totalHi = new float[ROWS];
  final float[] totalLo = new float[ROWS];
  final float[] othersHi = new float[ROWS];
  final float[] othersLo = new float[ROWS];

  /** Of the gradient, for {@link BlockKernels#scale(RowTile, Lanes)}. */
  final float[] coefficient = new float[ROWS];

  /** Class indices, or {@link Targets#IGNORED}, and the gradient there, for {@link #fix}. */
  final int[] target = new int[ROWS];

  final float[] atTarget = new float[ROWS];

  /** Working space of plain Java. */
  final SoftmaxRow row = new SoftmaxRow();

  /** Makes room for rows of this many classes. */
  void begin(int classes, int rows) {
    this.classes = classes;
    this.rows = rows;
    if (x.length < classes * ROWS) {
      x = new float[classes * ROWS];
      e = new float[classes * ROWS];
    }
  }

  /** What {@link BlockKernels#softmax(RowTile, boolean, Lanes)} found about row t, finished. */
  void read(int t, SoftmaxRow row) {
    row.reference(max[t]);
    row.ties = ties[t];
    row.rest = pair(restHi[t], restLo[t]);
    row.undefined = !(Math.abs(row.max) < ScalarMath.INF) || restHi[t] != restHi[t];
    row.log = pair(logHi[t], logLo[t]);
    row.total = pair(totalHi[t], totalLo[t]);
    row.others = pair(othersHi[t], othersLo[t]);
  }

  /** Sets the gradient at each row's target, and all of the row if that is ignored. */
  void fix() {
    for (int t = 0; t < rows; t++) {
      if (target[t] == Targets.IGNORED) {
        for (int c = 0; c < classes; c++) {
          e[c * ROWS + t] = 0f;
        }
      } else {
        e[target[t] * ROWS + t] = atTarget[t];
      }
    }
  }

  /** Copies rows {@code first} to {@code first + rows} from memory. */
  void load(Floats from, long first, long inner, Scratch scratch) {
    if (inner == 1) {
      long start = first * classes;
      float[] values = from.array(start, rows * classes, scratch, 4);
      int at = from.at(start);
      for (int t = 0; t < rows; t++) {
        for (int c = 0; c < classes; c++) {
          x[c * ROWS + t] = values[at++];
        }
      }
      return;
    }
    for (int t = 0; t < rows; ) {
      long k = (first + t) % inner;
      int run = (int) Math.min(rows - t, inner - k);
      long at = (first + t - k) * classes + k;
      for (int c = 0; c < classes; c++) {
        from.copy(at + c * inner, run, x, c * ROWS + t);
      }
      t += run;
    }
  }

  /** Copies {@link #e} to the rows in memory. */
  void store(Floats to, long first, long inner, Scratch scratch) {
    if (inner == 1) {
      long start = first * classes;
      float[] values = to.result(rows * classes, scratch, 5);
      int at = to.at(start);
      for (int t = 0; t < rows; t++) {
        for (int c = 0; c < classes; c++) {
          values[at++] = e[c * ROWS + t];
        }
      }
      to.written(start, rows * classes, values);
      return;
    }
    for (int t = 0; t < rows; ) {
      long k = (first + t) % inner;
      int run = (int) Math.min(rows - t, inner - k);
      long at = (first + t - k) * classes + k;
      for (int c = 0; c < classes; c++) {
        to.paste(e, c * ROWS + t, run, at + c * inner);
      }
      t += run;
    }
  }

  /** Row t of {@link #x} or {@link #e}, adjacent. */
  void row(float[] from, int t, float[] to) {
    for (int c = 0; c < classes; c++) {
      to[c] = from[c * ROWS + t];
    }
  }

  /** Puts row t of {@link #e} back. */
  void putRow(float[] from, int t) {
    for (int c = 0; c < classes; c++) {
      e[c * ROWS + t] = from[c];
    }
  }
}
