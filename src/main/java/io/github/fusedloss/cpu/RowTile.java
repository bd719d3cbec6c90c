package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;

import java.util.Arrays;

/**
 * Rows side by side: class c of row t is element {@code c * stride + t}, whatever the layout in
 * memory, so that vectors go across rows. Their sums are in order of the classes ({@link
 * Blocks#inOrder}), or those of short rows in lanes. One per thread.
 */
final class RowTile {
  /** As many rows as a tile ever has: loops over them are long. */
  static final int ROWS = 256;

  /** A full tile has no fewer rows, and so many are turned at a time. */
  static final int LEAST = 48;

  /** Rows in lanes of up to so many classes are worth a tile: their lanes take long to add up. */
  static final int SHORT = 128;

  /** Logits of a tile that is turned: more leave the first cache. */
  private static final int TURNED = 1 << 13;

  /** Logits of other tiles: more rows are longer pieces of memory. */
  private static final int LOGITS = 1 << 15;

  /** The longest vector there may be: a stride is a multiple of it. */
  static final int VECTOR = 16;

  int classes;

  /** Rows in use; what the others hold is of no consequence. */
  int rows;

  /** From a class to the next. */
  int stride;

  /** The first row, and how far it is from a class to the next in memory. */
  long first;

  long inner;

  /** The rows' first class in the tile, and how many they have in all. */
  int start;

  int all;

  /** Whether the sums of a row are in order of the classes, or else in lanes. */
  boolean inOrder;

  float[] x = new float[0];

  /** Logits as they were, where they are needed beside x. */
  float[] given;

  /** Whether exponentials are wanted, and whether a logit may be below its row's cut. */
  boolean keep;

  boolean far;

  /** Whether {@link ScalarTiles} found all exponentials to be numbers. */
  boolean numbers;

  /** Exponentials, then the gradient. */
  float[] e = new float[0];

  /** Second derivatives, and what they are made with, where they are wanted. */
  float[] h;

  TileCurves curves;

  /** Whether rows have label smoothing or class probabilities; then there are these. */
  boolean hasShares;

  TileShares shares;

  final float[] max = new float[ROWS];
  final float[] shift = new float[ROWS];
  final float[] exponent = new float[ROWS];
  final float[] magic = new float[ROWS];
  final float[] cut = new float[ROWS];
  final float[] ties = new float[ROWS];

  /** The sums of lanes, lane l of row t at {@code l * stride + t}; empty until they are used. */
  float[] laneHi = new float[0];

  float[] laneLo = new float[0];

  final float[] restHi = new float[ROWS];
  final float[] restLo = new float[ROWS];

  /** What {@link GeneratedRows#finish} finds. */
  final float[] logHi = new float[ROWS];

  final float[] logLo = new float[ROWS];
  final float[] totalHi = new float[ROWS];
  final float[] totalLo = new float[ROWS];
  final float[] othersHi = new float[ROWS];
  final float[] othersLo = new float[ROWS];

  /** Of the gradient, for {@link BlockKernels#scale(RowTile, Lanes)}. */
  final float[] coefficient = new float[ROWS];

  /** Class indices, or {@link Targets#IGNORED}; see {@link #target(int, int, float, long)}. */
  final int[] target = new int[ROWS];

  final float[] targetX = new float[ROWS];
  final float[] targetE = new float[ROWS];
  final float[] weight = new float[ROWS];

  /** Upstream gradient times scale, pairs. */
  final float[] scale = new float[ROWS];

  final float[] scaleLo = new float[ROWS];

  /** Whether the gradient is wanted. */
  boolean gradient;

  Settings settings;

  /** What {@link BlockKernels#losses} finds: pairs, and the gradient at the target. */
  final float[] lossHi = new float[ROWS];

  final float[] lossLo = new float[ROWS];

  final TilePenalty penalty = new TilePenalty(ROWS);
  final float[] atTarget = new float[ROWS];

  // ---- what a loss says of each row besides, see RowOutputs; integers are held as floats

  boolean wantsEntropy;
  boolean wantsLowest;
  boolean wantsBefore;

  /** What each term adds to the moment; then those of the rows. */
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

  /** Working space of plain Java. */
  final SoftmaxRow row = new SoftmaxRow();

  final RowTarget rowTarget = new RowTarget();
  final Slope slope = new Slope();

  /**
   * Rows in a full tile; {@code inner} is from a class to the next, in memory. An odd number of
   * vectors: at a power of two the classes of a row would meet in few places of a cache.
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

  /** Makes room for what is wanted of each row besides. */
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

  /** Moments take the place of terms, so that these are added up; then all comes back. */
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

  /** The sum of each row's lanes is in the first of these now. */
  void takeSumsOfLanes(float[] laneHi, float[] laneLo, float[] hi, float[] lo) {
    System.arraycopy(laneHi, 0, hi, 0, stride);
    System.arraycopy(laneLo, 0, lo, 0, stride);
  }

  /** Lanes of all rows. */
  int lanes() {
    return Blocks.LANES * stride;
  }

  /** Begins the sums of all lanes. */
  void clearLanes() {
    Arrays.fill(laneHi, 0, lanes(), 0f);
    Arrays.fill(laneLo, 0, lanes(), 0f);
  }

  /** Past the last class. */
  int end() {
    return classes * stride;
  }

  /** What {@link BlockKernels#softmax(RowTile, boolean, Lanes)} found about row t, finished. */
  void read(int t, SoftmaxRow row) {
    GeneratedRows.reference(max[t], row);
    row.ties = ties[t];
    row.rest = pair(restHi[t], restLo[t]);
    row.undefined = !(Math.abs(row.max) < ScalarMath.INF) || restHi[t] != restHi[t];
    row.log = pair(logHi[t], logLo[t]);
    row.total = pair(totalHi[t], totalLo[t]);
    row.others = pair(othersHi[t], othersLo[t]);
  }

  /** The target of row t, its weight, and the factor of its gradient without the weight. */
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

  /** What {@link #target(int, int, float, long)} was told of row t, and its logit. */
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

  /** The loss of row t with what a penalty adds. */
  float withPenalty(int t) {
    long more = pair(penalty.hi[t], penalty.lo[t]);
    return hi(GeneratedNumerics.pairAdd(pair(lossHi[t], lossLo[t]), more));
  }

  /** Whether rows have no class, but a probability of each. */
  boolean hasProbabilities() {
    return hasShares && shares.given;
  }

  /** Sets the gradient at each row's target, and all of the row if that is ignored. */
  void fix() {
    for (int t = 0; t < rows; t++) {
      if (target[t] == Targets.IGNORED) {
        fill(t, 0f, e);
      } else if (!hasProbabilities()) {
        e[target[t] * stride + t] = atTarget[t];
      }
    }
  }

  /** Sets row t of {@link #e} or {@link #h}. */
  void fill(int t, float value, float[] to) {
    for (int i = t; i < end(); i += stride) {
      to[i] = value;
    }
  }

  /** Row t of {@link #x} or {@link #e}, adjacent. */
  void row(float[] from, int t, float[] to) {
    for (int c = 0; c < classes; c++) {
      to[c] = from[c * stride + t];
    }
  }
}
