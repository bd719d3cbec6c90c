package io.github.fusedloss.cpu;

import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.cpu.Scratch.Slot;

/** Computes a loss over elements with row weights, block by block. */
final class WeightedBce extends CpuBce {
  private final RowFactors rowWeights;
  private final boolean someIgnored;
  private final float scale;

  /**
   * Makes the computation of one task.
   *
   * @param someIgnored whether a row weight is 0; if none is, blocks need not look for them
   * @param scale the factor of the gradient
   */
  WeightedBce(
      BceTask task, BlockKernels kernels, RowFactors rowWeights, boolean someIgnored, float scale) {
    super(task, kernels);
    this.rowWeights = rowWeights;
    this.someIgnored = someIgnored;
    this.scale = scale;
  }

  @Override
  float scale() {
    return scale;
  }

  /**
   * Multiplies the block's weights by the row weights. Elements that are ignored are replaced by
   * harmless ones: their weight makes the loss 0, and {@link #end} clears their gradient.
   */
  @Override
  void begin(BceBlock b, long start, Scratch scratch) {
    float[] r = scratch.floats(Slot.ROW_WEIGHT, b.n);
    rowWeights.copy(start, b.n, r);
    float[] product = b.w == null ? r : times(r, b.w, b.wAt, b.n, scratch);
    b.w = product;
    b.wAt = 0;
    if (someIgnored && anyIgnored(r, b.n)) {
      b.x = harmless(b.x, b.xAt, r, b.n, scratch.floats(Slot.INPUT, b.n));
      b.xAt = 0;
      b.t = harmless(b.t, b.tAt, r, b.n, scratch.floats(Slot.TARGET, b.n));
      b.tAt = 0;
      b.w = harmless(product, 0, r, b.n, scratch.floats(Slot.WEIGHT, b.n));
      if (b.posWeight != null) {
        float[] copy = scratch.floats(Slot.POS_WEIGHT, b.n);
        b.posWeight = harmless(b.posWeight, b.posWeightAt, r, b.n, copy);
        b.posWeightAt = 0;
      }
    }
  }

  private static float[] times(float[] r, float[] w, int at, int n, Scratch scratch) {
    float[] product = scratch.floats(Slot.WEIGHT, n);
    for (int i = 0; i < n; i++) {
      product[i] = r[i] * w[at + i];
    }
    return product;
  }

  private static boolean anyIgnored(float[] r, int n) {
    for (int i = 0; i < n; i++) {
      if (r[i] == 0f) {
        return true;
      }
    }
    return false;
  }

  /** Copies n values, but writes 0 where r is 0. */
  private static float[] harmless(float[] from, int at, float[] r, int n, float[] to) {
    for (int i = 0; i < n; i++) {
      to[i] = r[i] == 0f ? 0f : from[at + i];
    }
    return to;
  }

  /** Writes 0 for elements that are ignored; their loss is 0 already, but may be -0. */
  @Override
  void end(BceBlock b, Scratch scratch) {
    if (!someIgnored) {
      return;
    }
    float[] r = scratch.floats(Slot.ROW_WEIGHT, b.n);
    for (int i = 0; i < b.n; i++) {
      if (r[i] == 0f) {
        if (b.loss != null) {
          b.loss[b.lossAt + i] = 0f;
        }
        if (b.gradient != null) {
          b.gradient[b.gradientAt + i] = 0f;
        }
        if (b.hessian != null) {
          b.hessian[b.hessianAt + i] = 0f;
        }
      }
    }
  }
}
