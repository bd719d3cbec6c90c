package io.github.fusedloss;

import io.github.fusedloss.backend.Memory;
import java.util.Arrays;

/**
 * The row weights and the mask of a {@link Target}.
 *
 * @param weights float32, or null
 * @param mask booleans or integers, or null
 */
record RowWeights(Tensor weights, Tensor mask) {
  /** All rows count for 1. */
  static final RowWeights NONE = new RowWeights(null, null);

  /** Returns whether there are weights or a mask. */
  boolean given() {
    return weights != null || mask != null;
  }

  /**
   * Throws unless both have the shape of the losses.
   *
   * @param shape the shape of the losses
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
   * Returns the one operand that executors take, in a call that holds both tensors: the weights,
   * the mask, or the weights with 0 where the mask is 0.
   */
  Memory memory(Call call) {
    return weights == null || mask == null
        ? Tensor.memoryOf(weights == null ? mask : weights)
        : call.masked(weights, mask);
  }
}
