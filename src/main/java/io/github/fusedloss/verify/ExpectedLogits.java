package io.github.fusedloss.verify;

import io.github.fusedloss.LogitTransform;

/**
 * Transformed logits from their definition, rounded to floats; the slope of each; and how far the
 * logits that a loss used may be from these.
 */
final class ExpectedLogits {
  final float[] y;
  final double[] slope;

  /** Absolute bounds of the differences. */
  final double[] off;

  /** Transforms logits x of (batch, classes, inner). */
  ExpectedLogits(float[] x, int classes, int inner, LogitTransform t) {
    y = new float[x.length];
    slope = new double[x.length];
    off = new double[x.length];
    float[] bias = t.bias() == null ? null : t.bias().toFloatArray();
    double c = t.softcap();
    for (int i = 0; i < x.length; i++) {
      double capped = c == 0 ? x[i] : c * Math.tanh(x[i] / c);
      double cosh = c == 0 ? 1 : Math.cosh(x[i] / c);
      slope[i] = 1 / cosh / cosh / t.temperature();
      double cooled = capped / t.temperature();
      double b = bias == null ? 0 : bias[i / inner % classes];
      y[i] = (float) (cooled + b);
      // Two ULP are promised, one is for rounding y here, and one for the sum with a bias.
      boolean finite = Math.abs(y[i]) <= Float.MAX_VALUE;
      off[i] = finite ? Promise.TERM * 1.5 * Math.max(Math.abs(cooled), Math.abs(y[i])) : 0;
    }
  }
}
