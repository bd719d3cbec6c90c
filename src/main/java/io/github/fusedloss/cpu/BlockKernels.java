package io.github.fusedloss.cpu;

import io.github.fusedloss.ElementType;

/**
 * The work on one block (at most {@link Blocks#BLOCK} elements, contiguous), for one thread. Plain
 * Java and the Vector API implement it with the same bits.
 */
interface BlockKernels {
  /** {@link ElementType#decode} of n numbers of this 16-bit type. */
  void decode(ElementType type, short[] from, int at, int n, float[] to, int toAt);

  /** {@link ElementType#encode} of n numbers. */
  void encode(ElementType type, float[] from, int at, int n, short[] to, int toAt);

  /**
   * Binary cross entropy of logits.
   *
   * @return the block's sum
   */
  long bceWithLogits(BceBlock block, Lanes lanes);

  /**
   * Binary cross entropy of probabilities.
   *
   * @return the block's sum; anything if an input or target is outside [0, 1]
   */
  long bce(BceBlock block, Lanes lanes);

  /** True if all n values are in [0, 1]. */
  boolean inUnitInterval(float[] x, int at, int n);

  void sigmoid(float[] x, int at, int n, float[] out, int outAt, Lanes lanes);

  long sum(float[] x, int at, int n, Lanes lanes);

  /** The sum of n pairs. */
  long sum(float[] hi, float[] lo, int at, int n, Lanes lanes);

  /** The largest value, NaN if there is one; +0 is larger than -0. */
  float max(float[] x, int at, int n);

  /**
   * Sets max, reference, ties and rest of the row. If {@code e} is not null it receives 2^32 exp(x
   * - reference), 0 below the cut.
   */
  void softmax(float[] x, int at, int n, float[] e, int eAt, SoftmaxRow row, Lanes lanes);

  /**
   * The same for every row of a tile, sums in order of the classes, and finishes them; {@code keep}
   * says whether the exponentials are wanted.
   */
  void softmax(RowTile tile, boolean keep, Lanes lanes);

  /**
   * The loss of each row of a tile against its target, once the softmax is done; with {@code
   * gradient} also the coefficient of its exponentials, which were kept, and its gradient there,
   * otherwise anything.
   */
  void losses(RowTile tile, boolean gradient, Lanes lanes);

  /** Multiplies the exponentials of each row of a tile by the row's coefficient. */
  void scale(RowTile tile, Lanes lanes);

  /** Sets distance and mass of the row for smoothing; w, the classes' weights, may be null. */
  void smoothing(float[] x, int at, int n, float[] w, int wAt, SoftmaxRow row, Lanes lanes);

  /** Sets distance and mass of the row for class probabilities q; w may be null. */
  void probabilities(
      float[] x,
      int at,
      int n,
      float[] q,
      int qAt,
      float[] w,
      int wAt,
      Smoothing smoothing,
      SoftmaxRow row,
      Lanes lanes);

  /** g = g * coefficient. */
  void scale(float[] g, int at, int n, float coefficient);

  /** g = g * coefficient - spread * w. */
  void scaleSmoothing(
      float[] g, int at, int n, float coefficient, float spread, float[] w, int wAt);

  /**
   * g = g * coefficient - scale * w * q, q smoothed. Where g equals {@code top}, the exponential of
   * a maximum more likely than not (else NaN), its product is the pair {@code likely}: the
   * difference keeps its digits when the probability is close to 1.
   */
  void scaleProbabilities(
      float[] g,
      int at,
      int n,
      float coefficient,
      float top,
      long likely,
      float scale,
      float[] q,
      int qAt,
      float[] w,
      int wAt,
      Smoothing smoothing,
      Lanes lanes);

  /** Makes the exponentials of each row of a tile (x - max) - log; of a row that has such. */
  void logSoftmax(RowTile tile, Lanes lanes);

  /** out = (x - max) - log. */
  void logSoftmax(float[] x, int at, int n, float[] out, int outAt, float max, long log);
}
