package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.GeneratedNumerics.canonical;
import static io.github.fusedloss.cpu.ScalarMath.hi;

import io.github.fusedloss.ElementType;

/**
 * The work on one block (at most {@link Blocks#BLOCK} elements, contiguous), for one thread, in
 * plain Java; {@link VectorKernels} give the same bits. Blocks worth it are worked at in loops over
 * a {@link Strip}, which HotSpot vectorises; others one element at a time, and so are tails of
 * vectors, and what has an infinity or NaN that has to be judged.
 */
class BlockKernels {
  /** {@link ElementType#decode} of n numbers of this 16-bit type. */
  void decode(ElementType type, short[] from, int at, int n, float[] to, int toAt) {
    for (int i = 0; i < n; i++) {
      to[toAt + i] = type.decode(from[at + i]);
    }
  }

  /** {@link ElementType#encode} of n numbers. */
  void encode(ElementType type, float[] from, int at, int n, short[] to, int toAt) {
    for (int i = 0; i < n; i++) {
      to[toAt + i] = type.encode(from[at + i]);
    }
  }

  /**
   * A loss over elements.
   *
   * @return the block's sum
   */
  long elementLoss(ElementFormulas formulas, BceBlock b, Lanes lanes) {
    if (b.n >= Strip.FEW && !b.odd) {
      lanes.clear(b.n, false);
      for (int start = 0; start < b.n; start += Strip.LENGTH) {
        formulas.strip(b, lanes, start, Math.min(Strip.LENGTH, b.n - start));
      }
      long total = StripSums.total(lanes.strip(), lanes);
      if (Math.abs(hi(total)) < ScalarMath.INF) {
        return total;
      }
    }
    lanes.clear(b.n, false);
    formulas.each(b, 0, lanes);
    return lanes.total();
  }

  /** The second derivatives of a loss over elements. */
  void elementHessian(ElementFormulas formulas, BceBlock b, Lanes lanes) {
    formulas.eachHessian(b, 0);
  }

  /** True if all n values are in [0, 1]. */
  boolean inUnitInterval(float[] x, int at, int n) {
    boolean in = true;
    for (int i = at; i < at + n; i++) {
      in &= x[i] >= 0f & x[i] <= 1f;
    }
    return in;
  }

  /** True if every value is 0 or 1. */
  boolean isZeroOrOne(float[] x, int at, int n) {
    boolean are = true;
    for (int i = at; i < at + n; i++) {
      are &= x[i] == 0f | x[i] == 1f;
    }
    return are;
  }

  void sigmoid(float[] x, int at, int n, float[] out, int outAt, Lanes lanes) {
    for (int i = 0; i < n; i++) {
      out[outAt + i] = GeneratedLogits.logistic(x[at + i]);
    }
  }

  /** The sum of n floats. */
  long sum(float[] x, int at, int n, Lanes lanes) {
    return sum(x, null, at, n, lanes);
  }

  /** The sum of n pairs; of their high halves where lo is null. */
  long sum(float[] hi, float[] lo, int at, int n, Lanes lanes) {
    return StripSums.of(hi, lo, at, n, false, lanes);
  }

  /** The largest value, NaN if there is one; +0 is larger than -0. */
  float max(float[] x, int at, int n) {
    float max = x[at];
    for (int i = at + 1; i < at + n; i++) {
      max = Math.max(max, x[i]);
    }
    return canonical(max);
  }

  /**
   * Sets max, reference, ties and rest of the block's row. Where there is e it receives 2^32 exp(x
   * - reference), 0 below the cut.
   */
  void softmax(RowBlock b, Lanes lanes) {
    ScalarRows.softmax(b, lanes);
  }

  /**
   * The same for every row of a tile, sums in order of the classes, and finishes them; {@code keep}
   * says whether the exponentials are wanted.
   */
  void softmax(RowTile tile, boolean keep, Lanes lanes) {
    ScalarTiles.softmax(tile, keep, lanes);
  }

  /** The exponentials of a tile's rows once more; their maxima are those that were found then. */
  void terms(RowTile tile, Lanes lanes) {
    softmax(tile, true, lanes);
  }

  /**
   * The loss of each row of a tile against its target, once the softmax is done; if the gradient is
   * wanted also the coefficient of its exponentials, which were kept, and its gradient there.
   */
  void losses(RowTile tile, RowFormulas formulas, Lanes lanes) {
    ScalarTiles.losses(tile, formulas, lanes);
  }

  /** Sums up the shares and distances of the rows of a tile, whose softmax is done. */
  void distances(RowTile tile, Lanes lanes) {
    ScalarTiles.distances(tile, lanes);
  }

  /** Makes the exponentials of a tile with shares the gradient, but at the targets. */
  void gradient(RowTile tile, Lanes lanes) {
    ScalarTiles.gradient(tile, lanes);
  }

  /** Multiplies the exponentials of each row of a tile by the row's coefficient. */
  void scale(RowTile tile, Lanes lanes) {
    ScalarTiles.scale(tile, lanes);
  }

  /**
   * Sets distance and mass of the block's row, whose softmax is known: for class probabilities q,
   * or without them for label smoothing, where all weigh the same but for w.
   */
  void distances(RowBlock b, Lanes lanes) {
    ScalarRows.distances(b, lanes);
  }

  /**
   * e = e * factor - b by the block's slope, where b is scale * w * q, q smoothed; or w * spread,
   * if all classes have one share; or 0. With q, where e equals {@code top}, its product is the
   * pair {@code likely}: the difference keeps its digits when the probability is close to 1.
   */
  void gradient(RowBlock b, Lanes lanes) {
    ScalarRows.gradient(b, 0, lanes);
  }

  /** Sets the moment of the block's row, of the logits and their terms. */
  void moment(RowBlock b, Lanes lanes) {
    ScalarRows.moment(b, lanes);
  }

  /** The first of n elements that is this value; n if there is none. */
  int indexOf(float value, float[] x, int at, int n) {
    int i = 0;
    while (i < n && x[at + i] != value) {
      i++;
    }
    return i;
  }

  /** How many of n elements are larger than this one, and how many of the first ones equal it. */
  int before(float value, int equal, float[] x, int at, int n) {
    int before = 0;
    for (int i = at; i < at + n; i++) {
      before += x[i] > value ? 1 : 0;
    }
    for (int i = at; i < at + equal; i++) {
      before += x[i] == value ? 1 : 0;
    }
    return before;
  }

  /** What a loss says of each row of a tile, once its losses are there; see {@link RowOutputs}. */
  void outputs(RowTile tile, Lanes lanes) {
    ScalarTiles.outputs(tile, lanes);
  }

  /** h = the second derivative of the exponentials e, by the block's curve. */
  void hessian(RowBlock b, Lanes lanes) {
    ScalarRows.hessian(b, 0);
  }

  /** The same of all rows of a tile, of which {@link #losses} found what the gradient needs. */
  void hessian(RowTile tile, Lanes lanes) {
    ScalarTiles.hessian(tile);
  }

  /** What is done to logits: y becomes what is used of them. */
  void transform(LogitBlock b, Lanes lanes) {
    ScalarLogits.transform(b, 0);
  }

  /** e = e * dy / dx, of the block's x. */
  void slopes(LogitBlock b, Lanes lanes) {
    ScalarLogits.slopes(b, 0);
  }

  /** Makes the exponentials of each row of a tile (x - max) - log; of a row that has such. */
  void logSoftmax(RowTile tile, Lanes lanes) {
    ScalarTiles.logSoftmax(tile, lanes);
  }

  /** Sets the sums of the exponentials of a block of two sides, whose maxima are known. */
  void masses(DistillBlock b, Lanes lanes) {
    clear(b, lanes);
    DistillationFormulas.masses(b, 0, lanes);
    b.sums.student = lanes.total();
    b.sums.teacher = lanes.more.total();
    b.sums.difference = lanes.more.more.total();
  }

  /** Begins the sums of a block. */
  static void clear(DistillBlock b, Lanes lanes) {
    lanes.clear(b.n, false);
    lanes.more.clear(b.n, false);
    lanes.more.more.clear(b.n, false);
  }

  /** Sets the sums of the block's terms, for its divergence. */
  void divergences(DistillBlock b, Lanes lanes) {
    clear(b, lanes);
    DistillationFormulas.terms(b, 0, lanes);
    b.sum = lanes.total();
    b.ofStudent = lanes.more.total();
  }

  /** Sets the block's gradient. */
  void slopes(DistillBlock b, Lanes lanes) {
    DistillationFormulas.slopes(b, 0);
  }

  /** e = (x - max) - log, for the block's max and log. */
  void logSoftmax(RowBlock b, Lanes lanes) {
    ScalarRows.logSoftmax(b, 0);
  }

  /** Whether the methods below are there: whether a row in each lane of a vector is faster. */
  boolean hasVectors() {
    return false;
  }

  /** {@link #masses(DistillBlock, Lanes)} of all rows; sets the maxima, shifts and inverses. */
  void masses(DivergenceTile tile, Lanes lanes) {
    throw new UnsupportedOperationException("rows side by side need vectors");
  }

  /** {@link #divergences(DistillBlock, Lanes)} of all rows, in tile.first and tile.second. */
  void divergences(DivergenceTile tile, Lanes lanes) {
    throw new UnsupportedOperationException("rows side by side need vectors");
  }

  /** The gradients of all rows, where they did not come with the terms. */
  void slopes(DivergenceTile tile, Lanes lanes) {
    throw new UnsupportedOperationException("rows side by side need vectors");
  }
}
