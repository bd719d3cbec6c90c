package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.GeneratedNumerics.canonical;
import static io.github.fusedloss.cpu.ScalarMath.hi;

import io.github.fusedloss.ElementType;

/**
 * The work on one block (at most {@link Blocks#BLOCK} adjacent elements) by one thread, in plain
 * Java; {@link VectorKernels} give the same bits. Long blocks are computed in loops over a {@link
 * Strip}, which HotSpot vectorises. Short blocks are computed one element at a time, and so are the
 * elements after the last whole vector, and elements with an infinity or NaN that has to be judged.
 */
class BlockKernels {
  /** Does {@link ElementType#decode} for n numbers of this 16-bit type. */
  void decode(ElementType type, short[] from, int at, int n, float[] to, int toAt) {
    for (int i = 0; i < n; i++) {
      to[toAt + i] = type.decode(from[at + i]);
    }
  }

  /** Does {@link ElementType#encode} for n numbers. */
  void encode(ElementType type, float[] from, int at, int n, short[] to, int toAt) {
    for (int i = 0; i < n; i++) {
      to[toAt + i] = type.encode(from[at + i]);
    }
  }

  /**
   * Computes a loss over elements, and its gradient if it is wanted.
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

  /** Computes the second derivatives of a loss over elements. */
  void elementHessian(ElementFormulas formulas, BceBlock b, Lanes lanes) {
    formulas.eachHessian(b, 0);
  }

  /** Returns true if all n values are in [0, 1]. */
  boolean inUnitInterval(float[] x, int at, int n) {
    boolean in = true;
    for (int i = at; i < at + n; i++) {
      in &= x[i] >= 0f & x[i] <= 1f;
    }
    return in;
  }

  /** Returns true if every value is 0 or 1. */
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

  /** Returns the sum of n floats. */
  long sum(float[] x, int at, int n, Lanes lanes) {
    return sum(x, null, at, n, lanes);
  }

  /** Returns the sum of n pairs; if lo is null, of n floats. */
  long sum(float[] hi, float[] lo, int at, int n, Lanes lanes) {
    return StripSums.of(hi, lo, at, n, false, lanes);
  }

  /** Returns the largest value; NaN if one is NaN. +0 is larger than -0. */
  float max(float[] x, int at, int n) {
    float max = x[at];
    for (int i = at + 1; i < at + n; i++) {
      max = Math.max(max, x[i]);
    }
    return canonical(max);
  }

  /**
   * Sets max, reference, ties and rest of the block's row. If e is not null, it receives 2^32 exp(x
   * - reference), and 0 below the cut.
   */
  void softmax(RowBlock b, Lanes lanes) {
    ScalarRows.softmax(b, lanes);
  }

  /**
   * Computes the softmax of every row of a tile, with sums in order of the classes or in lanes as
   * the tile says, and finishes the rows.
   *
   * @param keep whether the exponentials are wanted
   */
  void softmax(RowTile tile, boolean keep, Lanes lanes) {
    ScalarTiles.softmax(tile, keep, lanes);
  }

  /** Computes the exponentials of a tile's rows, whose maxima are known, once more. */
  void terms(RowTile tile, Lanes lanes) {
    softmax(tile, true, lanes);
  }

  /**
   * Computes the loss of each row of a tile against its target. The softmax must be done. If the
   * gradient is wanted, also finds the coefficient of the exponentials, which were kept, and the
   * gradient at the target.
   */
  void losses(RowTile tile, RowFormulas formulas, Lanes lanes) {
    ScalarTiles.losses(tile, formulas, lanes);
  }

  /** Sums up the shares and distances of the rows of a tile, whose softmax is done. */
  void distances(RowTile tile, Lanes lanes) {
    ScalarTiles.distances(tile, lanes);
  }

  /** Turns the exponentials of a tile with shares into the gradient, except at the targets. */
  void gradient(RowTile tile, Lanes lanes) {
    ScalarTiles.gradient(tile, lanes);
  }

  /** Multiplies the exponentials of each row of a tile by the row's coefficient. */
  void scale(RowTile tile, Lanes lanes) {
    ScalarTiles.scale(tile, lanes);
  }

  /**
   * Sets distance and mass of the block's row, whose softmax is known. The shares are the class
   * probabilities q; or, without q, label smoothing gives all classes the same share, except for
   * the weights w.
   */
  void distances(RowBlock b, Lanes lanes) {
    ScalarRows.distances(b, lanes);
  }

  /**
   * Computes e = e * factor - b from the block's slope. With q, b is scale * w * q, where q is
   * smoothed. If all classes have one share, b is w * spread. Otherwise it is 0. With q, an e that
   * equals {@code top} uses the pair {@code likely} as its product: the difference then keeps its
   * digits when the probability is close to 1.
   */
  void gradient(RowBlock b, Lanes lanes) {
    ScalarRows.gradient(b, 0, lanes);
  }

  /** Sets the moment of the block's row from the logits and their terms. */
  void moment(RowBlock b, Lanes lanes) {
    ScalarRows.moment(b, lanes);
  }

  /** Returns the index of the first of n elements that equals this value; n if there is none. */
  int indexOf(float value, float[] x, int at, int n) {
    int i = 0;
    while (i < n && x[at + i] != value) {
      i++;
    }
    return i;
  }

  /**
   * Returns how many of n elements are larger than this value, plus how many of the first {@code
   * equal} equal it.
   */
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

  /**
   * Computes the outputs of each row of a tile, once its losses are there; see {@link RowOutputs}.
   */
  void outputs(RowTile tile, Lanes lanes) {
    ScalarTiles.outputs(tile, lanes);
  }

  /** Computes the second derivatives h from the exponentials e and the block's curve. */
  void hessian(RowBlock b, Lanes lanes) {
    ScalarRows.hessian(b, 0);
  }

  /**
   * Computes the second derivatives of all rows of a tile. {@link #losses} must have found what the
   * gradient needs.
   */
  void hessian(RowTile tile, Lanes lanes) {
    ScalarTiles.hessian(tile, lanes);
  }

  /** Transforms logits: y, which holds the logits, becomes the transformed ones. */
  void transform(LogitBlock b, Lanes lanes) {
    ScalarLogits.transform(b, 0);
  }

  /** Computes e = e * dy / dx at the block's x. */
  void slopes(LogitBlock b, Lanes lanes) {
    ScalarLogits.slopes(b, 0);
  }

  /**
   * Replaces the exponentials of a tile by the log-softmax (x - max) - log, for rows that have one.
   */
  void logSoftmax(RowTile tile, Lanes lanes) {
    ScalarTiles.logSoftmax(tile, lanes);
  }

  /**
   * Sets the sums of the exponentials of a block of student and teacher, whose maxima are known.
   */
  void masses(DistillBlock b, Lanes lanes) {
    clear(b, lanes);
    DistillationFormulas.masses(b, 0, lanes);
    b.sums.student = lanes.total();
    b.sums.teacher = lanes.more.total();
    b.sums.difference = lanes.more.more.total();
  }

  /** Begins the sums of a block of student and teacher. */
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

  /** Computes e = (x - max) - log, with the block's max and log. */
  void logSoftmax(RowBlock b, Lanes lanes) {
    ScalarRows.logSoftmax(b, 0);
  }

  /**
   * Returns whether there are vectors: only then do the methods below work, which have a row in
   * each lane of a vector.
   */
  boolean hasVectors() {
    return false;
  }

  /**
   * Does {@link #masses(DistillBlock, Lanes)} for all rows; sets the maxima, shifts and inverses.
   */
  void masses(DivergenceTile tile, Lanes lanes) {
    throw new UnsupportedOperationException("rows side by side need vectors");
  }

  /**
   * Does {@link #divergences(DistillBlock, Lanes)} for all rows; the sums are in tile.first and
   * tile.second.
   */
  void divergences(DivergenceTile tile, Lanes lanes) {
    throw new UnsupportedOperationException("rows side by side need vectors");
  }

  /** Computes the gradients of all rows, unless they were computed with the terms. */
  void slopes(DivergenceTile tile, Lanes lanes) {
    throw new UnsupportedOperationException("rows side by side need vectors");
  }
}
