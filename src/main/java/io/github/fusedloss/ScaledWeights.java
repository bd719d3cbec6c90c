package io.github.fusedloss;

import io.github.fusedloss.backend.Curvature;
import java.util.Arrays;

/**
 * Weights times a power of two. A call whose sums leave the range of floats is computed once more
 * with such weights: its sums are then those of the call times that power, and the gradient of a
 * mean over class weights is the same. A weight that would become 0 becomes the least float of its
 * sign, so that it does not hide an infinite loss; beside the largest it does not count.
 *
 * @param tensor the weights, on the host
 * @param exponent of the power of two
 */
record ScaledWeights(Tensor tensor, int exponent) {
  /** Largest weight for sums that are too large: 2^39 losses of any size add up to a float. */
  static final int FOR_SUM = -40;

  /** Largest weight where only the weights themselves add up to too much or too little. */
  static final int FOR_WEIGHTS = 0;

  /** More of them are not copied: the sums stay as they are. */
  private static final int MOST = 1 << 24;

  /**
   * The weights with the largest of them in [2^largest, 2^(largest + 1)).
   *
   * @param weight null if there are none: all of them are one
   * @param shape of the weights that are to be made if there are none
   * @param largest {@link #FOR_SUM} or {@link #FOR_WEIGHTS}
   * @return null if they are too many, or none is finite and not 0
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
    int exponent = largest - Math.getExponent((double) most); // of a double: subnormals have one
    for (int i = 0; i < values.length; i++) {
      float value = Math.scalb(values[i], exponent);
      boolean lost = value == 0f && values[i] != 0f;
      values[i] = lost ? Math.copySign(Float.MIN_VALUE, values[i]) : value;
    }
    return new ScaledWeights(
        Tensor.of(values, weight == null ? shape : weight.dimensions()), exponent);
  }

  /** What a call with these weights wants of the second derivative, where the call wants that. */
  Curvature curvature(Curvature wanted) {
    return wanted == null
        ? null
        : new Curvature(wanted.to(), wanted.times(), Math.scalb(wanted.least(), exponent));
  }

  /** A sum of the call itself, from that of the call with these weights. */
  double unscaled(double sum) {
    return Math.scalb(sum, -exponent);
  }
}
