package io.github.fusedloss;

import io.github.fusedloss.backend.Curvature;
import java.util.Arrays;

/**
 * Weights times a power of two. A call whose sums leave the range of floats is computed once more
 * with such weights. Its sums are then those of the call times that power, and the gradient of a
 * mean over class weights is the same. A weight that would become 0 becomes the least float of its
 * sign, so that it does not hide an infinite loss; beside the largest weight it does not count.
 *
 * @param tensor the weights, on the host
 * @param exponent the exponent of the power of two
 */
record ScaledWeights(Tensor tensor, int exponent) {
  /**
   * The exponent of the largest weight for sums that are too large: 2^39 losses of any size then
   * add up to a float.
   */
  static final int FOR_SUM = -40;

  /**
   * The exponent of the largest weight where only the weights themselves add up to too much or too
   * little.
   */
  static final int FOR_WEIGHTS = 0;

  /** So many weights at most are copied; with more of them the sums stay as they are. */
  private static final int MOST = 1 << 24;

  /**
   * Scales the weights so that the largest of them is in [2^largest, 2^(largest + 1)).
   *
   * @param weight the weights; null if there are none, which means that all are 1
   * @param shape the shape of the weights that are made if there are none
   * @param largest {@link #FOR_SUM} or {@link #FOR_WEIGHTS}
   * @return null if there are too many, or none is finite and not 0
   */
  static ScaledWeights of(Tensor weight, long[] shape, int largest) {
    if ((weight == null ? Shapes.size(shape) : weight.size()) > MOST) {
      return null;
    }
    float[] values;
    if (weight == null) {
      values = new float[(int) Shapes.size(shape)];
      Arrays.fill(values, 1f);
    } else {
      values = weight.toFloatArray();
    }
    float most = 0f;
    for (float v : values) {
      most = Math.abs(v) <= Float.MAX_VALUE ? Math.max(most, Math.abs(v)) : most;
    }
    if (most == 0f) {
      return null;
    }
    // A subnormal float has its own exponent as a double.
    int exponent = largest - Math.getExponent((double) most);
    for (int i = 0; i < values.length; i++) {
      float value = Math.scalb(values[i], exponent);
      boolean lost = value == 0f && values[i] != 0f;
      values[i] = lost ? Math.copySign(Float.MIN_VALUE, values[i]) : value;
    }
    return new ScaledWeights(
        Tensor.of(values, weight == null ? shape : weight.dimensions()), exponent);
  }

  /** Describes the second derivative for a call with these weights; null if none is wanted. */
  Curvature curvature(Curvature wanted) {
    return wanted == null
        ? null
        : new Curvature(wanted.to(), wanted.times(), Math.scalb(wanted.least(), exponent));
  }

  /** Turns a sum of the call with these weights into that of the original call. */
  double unscaled(double sum) {
    return Math.scalb(sum, -exponent);
  }
}
