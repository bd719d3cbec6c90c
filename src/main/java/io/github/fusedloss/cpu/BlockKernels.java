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
   * A loss over elements.
   *
   * @return the block's sum
   */
  long elementLoss(ElementFormulas formulas, BceBlock block, Lanes lanes);

  /** The second derivatives of a loss over elements. */
  void elementHessian(ElementFormulas formulas, BceBlock block, Lanes lanes);

  /** True if all n values are in [0, 1]. */
  boolean inUnitInterval(float[] x, int at, int n);

  /** True if every value is 0 or 1. */
  boolean isZeroOrOne(float[] x, int at, int n);

  void sigmoid(float[] x, int at, int n, float[] out, int outAt, Lanes lanes);

  /** The sum of n floats. */
  default long sum(float[] x, int at, int n, Lanes lanes) {
    return sum(x, null, at, n, lanes);
  }

  /** The sum of n pairs; of their high halves where lo is null. */
  long sum(float[] hi, float[] lo, int at, int n, Lanes lanes);

  /** The largest value, NaN if there is one; +0 is larger than -0. */
  float max(float[] x, int at, int n);

  /**
   * Sets max, reference, ties and rest of the block's row. Where there is e it receives 2^32 exp(x
   * - reference), 0 below the cut.
   */
  void softmax(RowBlock block, Lanes lanes);

  /**
   * The same for every row of a tile, sums in order of the classes, and finishes them; {@code keep}
   * says whether the exponentials are wanted.
   */
  void softmax(RowTile tile, boolean keep, Lanes lanes);

  /** The exponentials of a tile's rows once more; their maxima are those that were found then. */
  default void terms(RowTile tile, Lanes lanes) {
    softmax(tile, true, lanes);
  }

  /**
   * The loss of each row of a tile against its target, once the softmax is done; if the gradient is
   * wanted also the coefficient of its exponentials, which were kept, and its gradient there.
   */
  void losses(RowTile tile, RowFormulas formulas, Lanes lanes);

  /** Sums up the shares and distances of the rows of a tile, whose softmax is done. */
  void distances(RowTile tile, Lanes lanes);

  /** Makes the exponentials of a tile with shares the gradient, but at the targets. */
  void gradient(RowTile tile, Lanes lanes);

  /** Multiplies the exponentials of each row of a tile by the row's coefficient. */
  void scale(RowTile tile, Lanes lanes);

  /**
   * Sets distance and mass of the block's row, whose softmax is known: for class probabilities q,
   * or without them for label smoothing, where all weigh the same but for w.
   */
  void distances(RowBlock block, Lanes lanes);

  /**
   * e = e * factor - b by the block's slope, where b is scale * w * q, q smoothed; or w * spread,
   * if all classes have one share; or 0. With q, where e equals {@code top}, its product is the
   * pair {@code likely}: the difference keeps its digits when the probability is close to 1.
   */
  void gradient(RowBlock block, Lanes lanes);

  /** Sets the moment of the block's row, of the logits and their terms. */
  void moment(RowBlock block, Lanes lanes);

  /** The first of n elements that is this value; n if there is none. */
  int indexOf(float value, float[] x, int at, int n);

  /** How many of n elements are larger than this one, and how many of the first ones equal it. */
  int before(float value, int equal, float[] x, int at, int n);

  /** What a loss says of each row of a tile, once its losses are there; see {@link RowOutputs}. */
  void outputs(RowTile tile, Lanes lanes);

  /** h = the second derivative of the exponentials e, by the block's curve. */
  void hessian(RowBlock block, Lanes lanes);

  /** The same of all rows of a tile, of which {@link #losses} found what the gradient needs. */
  void hessian(RowTile tile, Lanes lanes);

  /** What is done to logits: y becomes what is used of them. */
  void transform(LogitBlock block, Lanes lanes);

  /** e = e * dy / dx, of the block's x. */
  void slopes(LogitBlock block, Lanes lanes);

  /** Makes the exponentials of each row of a tile (x - max) - log; of a row that has such. */
  void logSoftmax(RowTile tile, Lanes lanes);

  /** Sets the sums of the exponentials of a block of two sides, whose maxima are known. */
  void masses(DistillBlock block, Lanes lanes);

  /** Sets the sums of the block's terms, for its divergence. */
  void divergences(DistillBlock block, Lanes lanes);

  /** Sets the block's gradient. */
  void slopes(DistillBlock block, Lanes lanes);

  /** e = (x - max) - log, for the block's max and log. */
  void logSoftmax(RowBlock block, Lanes lanes);

  /** Whether the methods below are there: whether a row in each lane of a vector is faster. */
  default boolean hasVectors() {
    return false;
  }

  /** {@link #masses(DistillBlock, Lanes)} of all rows; sets the maxima, shifts and inverses. */
  default void masses(DivergenceTile tile, Lanes lanes) {
    throw new UnsupportedOperationException("rows side by side need vectors");
  }

  /** {@link #divergences(DistillBlock, Lanes)} of all rows, in tile.first and tile.second. */
  default void divergences(DivergenceTile tile, Lanes lanes) {
    throw new UnsupportedOperationException("rows side by side need vectors");
  }

  /** The gradients of all rows, where they did not come with the terms. */
  default void slopes(DivergenceTile tile, Lanes lanes) {
    throw new UnsupportedOperationException("rows side by side need vectors");
  }
}
