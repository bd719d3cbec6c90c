package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;

import java.util.Arrays;

/**
 * Rows side by side: class c of row t is element {@code c * stride + t}, whatever the layout in
 * memory, so that vectors go across rows. The sums of rows are in order of the classes ({@link
 * Blocks#inOrder}); those of short rows may be in lanes. Each thread has one tile.
 */
final class RowTile {
  /** The most rows of a tile; many rows make long loops. */
  static final int ROWS = 256;

  /** The least rows of a full tile, and how many rows are turned at a time. */
  static final int LEAST = 48;

  /**
   * The most classes of rows in lanes that are worth a tile, since adding up their lanes takes
   * long.
   */
  static final int SHORT = 128;

  /** The most logits of a tile that is turned (transposed); more do not fit the first cache. */
  private static final int TURNED = 1 << 13;

  /** The most logits of other tiles; more rows make longer pieces of memory. */
  private static final int LOGITS = 1 << 15;

  /** The length of the longest vector there may be; a stride is a multiple of it. */
  static final int VECTOR = 16;

  int classes;

  /** How many rows are in use; the content of others does not matter. */
  int rows;

  /** How far it is from one class to the next. */
  int stride;

  /** The first row, and how far it is from one class to the next in memory. */
  long first;

  long inner;

  /** The rows' first class in the tile, and how many classes they have in all. */
  int start;

  int all;

  /** Whether the sums of a row are in order of the classes, or else in lanes. */
  boolean inOrder;

  float[] x = new float[0];

  /** The logits as they were given, where they are needed beside x. */
  float[] given;

  /** Whether exponentials are wanted, and whether a logit may be below its row's cut. */
  boolean keep;

  boolean far;

  /** Whether {@link ScalarTiles} found all exponentials to be numbers. */
  boolean numbers;

  /** Exponentials, then the gradient. */
  float[] e = new float[0];

  /** Second derivatives, and the numbers they are made with, where they are wanted. */
  float[] h;

  TileCurves curves;

  /**
   * Whether rows have label smoothing or class probabilities, and the shares that they have then.
   */
  boolean hasShares;

  TileShares shares;

  final float[] max = new float[ROWS];
  final float[] shift = new float[ROWS];
  final float[] exponent = new float[ROWS];
  final float[] magic = new float[ROWS];
  final float[] cut = new float[ROWS];
  final float[] ties = new float[ROWS];

  /**
   * The sums of lanes: lane l of row t is element {@code l * stride + t}. Empty until they are
   * used.
   */
  float[] laneHi = new float[0];

  float[] laneLo = new float[0];

  final float[] restHi = new float[ROWS];
  final float[] restLo = new float[ROWS];

  /** The numbers that {@link GeneratedRows#finish} finds. */
  final float[] logHi = new float[ROWS];

  final float[] logLo = new float[ROWS];
  final float[] totalHi = new float[ROWS];
  final float[] totalLo = new float[ROWS];
  final float[] othersHi = new float[ROWS];
  final float[] othersLo = new float[ROWS];

  /** The coefficients of the gradients, for {@link BlockKernels#scale(RowTile, Lanes)}. */
  final float[] coefficient = new float[ROWS];

  /** Class indices, or {@link Targets#IGNORED}; see {@link #target(int, int, float, long)}. */
  final int[] target = new int[ROWS];

  final float[] targetX = new float[ROWS];
  final float[] targetE = new float[ROWS];
  final float[] weight = new float[ROWS];

  /** The upstream gradient times the scale, as pairs. */
  final float[] scale = new float[ROWS];

  final float[] scaleLo = new float[ROWS];

  /** Whether the gradient is wanted. */
  boolean gradient;

  Settings settings;

  /** The results of {@link BlockKernels#losses}: pairs, and the gradient at the target. */
  final float[] lossHi = new float[ROWS];

  final float[] lossLo = new float[ROWS];

  final TilePenalty penalty = new TilePenalty(ROWS);
  final float[] atTarget = new float[ROWS];

  // ---- the outputs of each row, see RowOutputs; integers are held as floats

  boolean wantsEntropy;
  boolean wantsLowest;
  boolean wantsBefore;

  /** What each term adds to the moment; then the moments of the rows. */
  float[] moments = new float[0];

  final float[] momentHi = new float[ROWS];
  final float[] momentLo = new float[ROWS];
  final float[] lse = new float[ROWS];
  final float[] logProbability = new float[ROWS];
  final float[] entropy = new float[ROWS];
  final float[] lowest = new float[ROWS];
  final float[] before = new float[ROWS];
  final float[] targetClass = new float[ROWS];
  private final float[] otherTies = new float[ROWS];

  /** Working space for plain Java. */
  final SoftmaxRow row = new SoftmaxRow();

  final RowTarget rowTarget = new RowTarget();
  final Slope slope = new Slope();

  /**
   * Returns how many rows a full tile has; {@code inner} is how far it is from one class to the
   * next in memory. The rows make an odd number of vectors: with a power of two the classes of a
   * row would meet in few places of a cache.
   */
  static int full(int classes, long inner) {
    int logits = inner == 1 ? TURNED : LOGITS;
    int vectors = Math.min(ROWS, logits / classes) / VECTOR;
    return Math.max(LEAST, (vectors - 1 | 1) * VECTOR);
  }

  /** Makes room for rows of this many classes. */
  void begin(int classes, int rows, boolean inOrder) {
    this.classes = classes;
    start = 0;
    all = classes;
    this.rows = rows;
    this.inOrder = inOrder;
    stride = rows + VECTOR - 1 & -VECTOR;
    if (!inOrder && laneHi.length < lanes()) {
      laneHi = new float[lanes()];
      laneLo = new float[lanes()];
    }
    if (x.length < classes * stride) {
      x = new float[classes * stride];
      e = new float[classes * stride];
    }
  }

  /** Begins the sums of all rows. */
  void clear() {
    Arrays.fill(ties, 0, stride, 0f);
    Arrays.fill(restHi, 0, stride, 0f);
    Arrays.fill(restLo, 0, stride, 0f);
  }

  /** Makes room for the outputs that are wanted of each row. */
  void beginOutputs(boolean entropy, boolean lowest, boolean before) {
    wantsEntropy = entropy;
    wantsLowest = lowest;
    wantsBefore = before;
    if (entropy && moments.length < classes * stride) {
      moments = new float[classes * stride];
    }
    for (int t = 0; before && t < rows; t++) {
      targetClass[t] = target[t];
    }
  }

  /**
   * Exchanges moments and terms, with their sums, so that the moments are added up. A second call
   * changes them back.
   */
  void exchangeSums() {
    float[] terms = e;
    e = moments;
    moments = terms;
    exchange(restHi, momentHi);
    exchange(restLo, momentLo);
    exchange(ties, otherTies);
  }

  private void exchange(float[] a, float[] b) {
    for (int t = 0; t < stride; t++) {
      float v = a[t];
      a[t] = b[t];
      b[t] = v;
    }
  }

  /** Takes over the sum of each row's lanes, which is now in the first lane. */
  void takeSumsOfLanes(float[] laneHi, float[] laneLo, float[] hi, float[] lo) {
    System.arraycopy(laneHi, 0, hi, 0, stride);
    System.arraycopy(laneLo, 0, lo, 0, stride);
  }

  /** Returns how many lanes all rows have together. */
  int lanes() {
    return Blocks.LANES * stride;
  }

  /** Begins the sums of all lanes. */
  void clearLanes() {
    Arrays.fill(laneHi, 0, lanes(), 0f);
    Arrays.fill(laneLo, 0, lanes(), 0f);
  }

  /** Returns the end of the last class. */
  int end() {
    return classes * stride;
  }

  /**
   * Reads what {@link BlockKernels#softmax(RowTile, boolean, Lanes)} found about row t, finished.
   */
  void read(int t, SoftmaxRow row) {
    GeneratedRows.reference(max[t], row);
    row.ties = ties[t];
    row.rest = pair(restHi[t], restLo[t]);
    row.undefined = !(Math.abs(row.max) < ScalarMath.INF) || restHi[t] != restHi[t];
    row.log = pair(logHi[t], logLo[t]);
    row.total = pair(totalHi[t], totalLo[t]);
    row.others = pair(othersHi[t], othersLo[t]);
  }

  /**
   * Sets the target y of row t, its weight w, and the factor s of its gradient without the weight.
   */
  void target(int t, int y, float w, long s) {
    target[t] = y;
    weight[t] = w;
    int at = (y == Targets.IGNORED ? 0 : y) * stride + t;
    targetX[t] = x[at];
    if (gradient) {
      scale[t] = hi(s);
      scaleLo[t] = lo(s);
      targetE[t] = e[at];
    }
  }

  /**
   * Returns what {@link #target(int, int, float, long)} was told about row t, and the target's
   * logit.
   */
  RowTarget target(int t) {
    rowTarget.x = targetX[t];
    rowTarget.w = weight[t];
    rowTarget.scale = pair(scale[t], scaleLo[t]);
    rowTarget.penaltyScale = pair(penalty.scale[t], penalty.scaleLo[t]);
    return rowTarget;
  }

  /** Sets the loss of a row that is ignored, or has no softmax. */
  void loss(int t, float value) {
    long loss = pair(value, 0f);
    loss(t, loss, loss);
  }

  /** Sets the loss of row t, and what a penalty adds to it. */
  void loss(int t, long loss, long more) {
    lossHi[t] = hi(loss);
    lossLo[t] = lo(loss);
    penalty.hi[t] = hi(more);
    penalty.lo[t] = lo(more);
  }

  /** Returns the loss of row t with what a penalty adds. */
  float withPenalty(int t) {
    long more = pair(penalty.hi[t], penalty.lo[t]);
    return hi(GeneratedNumerics.pairAdd(pair(lossHi[t], lossLo[t]), more));
  }

  /** Returns whether rows have a probability for each class instead of one class. */
  boolean hasProbabilities() {
    return hasShares && shares.given;
  }

  /** Sets the gradient at each row's target, and all of a row that is ignored. */
  void fix() {
    for (int t = 0; t < rows; t++) {
      if (target[t] == Targets.IGNORED) {
        fill(t, 0f, e);
      } else if (!hasProbabilities()) {
        e[target[t] * stride + t] = atTarget[t];
      }
    }
  }

  /** Sets row t of {@link #e} or {@link #h} to a value. */
  void fill(int t, float value, float[] to) {
    for (int i = t; i < end(); i += stride) {
      to[i] = value;
    }
  }

  /** Copies row t of {@link #x} or {@link #e} to adjacent elements. */
  void row(float[] from, int t, float[] to) {
    for (int c = 0; c < classes; c++) {
      to[c] = from[c * stride + t];
    }
  }
}
