package io.github.fusedloss.verify;

import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;

/**
 * The factor of each row of a batch, from the definition: its weight, and 0 where the mask leaves
 * it out.
 */
final class RowFactors {
  private RowFactors() {}

  /** Returns one factor for each row; null if all count for 1. */
  static double[] of(Target target) {
    if (target.rowWeights() == null && target.mask() == null) {
      return null;
    }
    float[] weights = target.rowWeights() == null ? null : target.rowWeights().toFloatArray();
    long[] mask = target.mask() == null ? null : target.mask().toLongArray();
    double[] factors = new double[weights == null ? mask.length : weights.length];
    for (int i = 0; i < factors.length; i++) {
      boolean counts = mask == null || mask[i] != 0;
      factors[i] = !counts ? 0 : weights == null ? 1 : weights[i];
    }
    return factors;
  }

  /**
   * Multiplies absolute bounds by the factors of their rows; a row has {@code classes} bounds,
   * {@code inner} apart.
   */
  static void scale(double[] bounds, double[] factors, int classes, int inner) {
    for (int i = 0; factors != null && i < bounds.length; i++) {
      double factor = Math.abs(factors[i / (classes * inner) * inner + i % inner]);
      // Errors from the lower end of the range of floats do not shrink.
      bounds[i] = factor == 0 ? 0 : bounds[i] * Math.max(factor, 1);
    }
  }

  /** Returns the numbers of a tensor of any type. */
  static float[] floats(Tensor tensor) {
    if (tensor.type().isFloating()) {
      return tensor.toFloatArray();
    }
    long[] integers = tensor.toLongArray();
    float[] values = new float[integers.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = integers[i];
    }
    return values;
  }
}
