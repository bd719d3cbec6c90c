package io.github.fusedloss.cpu;

import io.github.fusedloss.backend.Memory;

/**
 * The row weight of each row of a batch, or of each element of a binary loss: {@code r} in
 * kernels/row_weights.cl. A row or element with the factor 0 is ignored.
 */
final class RowFactors {
  // One of the two is null.
  private final Floats weights;
  private final Integers mask;

  private RowFactors(Floats weights, Integers mask) {
    this.weights = weights;
    this.mask = mask;
  }

  /**
   * Makes the factors of a task; null if {@code rowWeights} is null, and so all rows count for 1.
   */
  static RowFactors orNull(Memory rowWeights, BlockKernels kernels) {
    if (rowWeights == null) {
      return null;
    }
    return rowWeights.type().isFloating()
        ? new RowFactors(new Floats(rowWeights, kernels), null)
        : new RowFactors(null, new Integers(rowWeights));
  }

  /** Returns whether the factors are a mask, so that all are 0 or 1. */
  boolean isMask() {
    return mask != null;
  }

  float get(long i) {
    return mask == null ? weights.get(i) : mask.get((int) i) != 0 ? 1f : 0f;
  }

  /** Copies factors start to start + n. */
  void copy(long start, int n, float[] to) {
    if (mask == null) {
      weights.copy(start, n, to, 0);
      return;
    }
    for (int i = 0; i < n; i++) {
      to[i] = get(start + i);
    }
  }
}
