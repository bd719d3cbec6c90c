package io.github.fusedloss;

import io.github.fusedloss.backend.Memory;
import java.util.Arrays;

/**
 * What a {@link Target} says of its rows.
 *
 * @param weights float32, or null
 * @param mask of booleans or integers, or null
 */
record RowWeights(Tensor weights, Tensor mask) {
  /** All rows count for 1. */
  static final RowWeights NONE = new RowWeights(null, null);

  /** Whether there are any. */
  boolean given() {
    return weights != null || mask != null;
  }

  /**
   * Throws unless both have the shape of the losses.
   *
   * @param shape of the losses
   */
  void check(long[] shape) {
    check("rowWeights", weights, shape);
    check("mask", mask, shape);
  }

  private static void check(String name, Tensor tensor, long[] shape) {
    if (tensor != null && !Arrays.equals(tensor.dimensions(), shape)) {
      throw new IllegalArgumentException(
          name
              + " must have one element per loss, "
              + Shapes.text(shape)
              + ", got "
              + Shapes.text(tensor.dimensions())
              + Advice.shape(name, tensor.dimensions(), shape));
    }
  }

  /**
   * As executors take them, for a call that has both tensors: one of the two, or what both come to.
   */
  Memory memory(Call call) {
    return weights == null || mask == null
        ? Tensor.memoryOf(weights == null ? mask : weights)
        : call.masked(weights, mask);
  }
}
