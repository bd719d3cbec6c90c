package io.github.fusedloss.verify;

import io.github.fusedloss.Tensor;

/** A tensor of logits as rows: (batch, classes, inner). */
record LogitRows(int batch, int classes, int inner) {
  /** Sees a tensor as rows; {@code classAxis} counts as a loss counts it. */
  static LogitRows of(Tensor input, int classAxis) {
    long[] shape = input.shape();
    int axis = shape.length == 1 && classAxis == 1 ? 0 : Math.floorMod(classAxis, shape.length);
    if (input.size() == 0) {
      // Some dimension is 0, and others may be anything. There is still one weight for each class.
      return new LogitRows(0, (int) Math.max(1, shape[axis]), 1);
    }
    int before = 1;
    int behind = 1;
    for (int d = 0; d < shape.length; d++) {
      before *= d < axis ? (int) shape[d] : 1;
      behind *= d > axis ? (int) shape[d] : 1;
    }
    return new LogitRows(before, (int) shape[axis], behind);
  }
}
