package io.github.fusedloss.verify;

import io.github.fusedloss.Output;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.reference.ReferenceOutputs;
import io.github.fusedloss.reference.ReferencePrimitives;

/**
 * Rows of logits as a loss uses them, and the outputs that it must give for them.
 *
 * @param off how far each logit may be from the one that was used; 0 if none is transformed
 * @param y class indices, or null
 * @param counts which rows are not ignored
 */
record ExpectedOutputs(
    float[] x, double[] off, int n, int classes, int inner, long[] y, boolean[] counts) {

  void judge(String where, Output output, Tensor computed, Judge judge) {
    boolean exact = output == Output.ARGMAX || output == Output.RANK;
    if (exact && widest() > 0) {
      return; // Logits that are nearly equal may come in either order.
    }
    double[] expected = expected(output);
    double[] bounds = bounds(output, expected);
    if (exact) {
      long[] actual = computed.toLongArray();
      for (int r = 0; r < actual.length; r++) {
        judge.value(where, r, actual[r], counts[r] ? expected[r] : -1, 0);
      }
    } else {
      float[] actual = computed.toFloatArray();
      for (int r = 0; r < actual.length; r++) {
        judge.value(where, r, actual[r], counts[r] ? expected[r] : 0, counts[r] ? bounds[r] : 0);
      }
    }
  }

  private double widest() {
    double widest = 0;
    for (double v : off) {
      widest = Math.max(widest, v);
    }
    return widest;
  }

  private double[] expected(Output output) {
    return switch (output) {
      case LSE -> ReferencePrimitives.logSumExp(x, n, classes, inner);
      case ENTROPY -> ReferenceOutputs.entropy(x, n, classes, inner);
      case ARGMAX -> doubles(ReferenceOutputs.argmax(x, n, classes, inner));
      case RANK -> doubles(ReferenceOutputs.rank(x, n, classes, inner, y));
      case TARGET_LOG_PROBABILITY -> {
        double[] all = ReferencePrimitives.logSoftmax(x, n, classes, inner);
        double[] own = new double[counts.length];
        for (int r = 0; r < own.length; r++) {
          own[r] = counts[r] ? all[index(r, (int) y[r])] : 0;
        }
        yield own;
      }
    };
  }

  /** Returns absolute bounds; 0 where the limit in ULP must hold. */
  private double[] bounds(Output output, double[] expected) {
    double[] p = ReferencePrimitives.softmax(x, n, classes, inner);
    double[] log = ReferencePrimitives.logSoftmax(x, n, classes, inner);
    double[] bounds = new double[counts.length];
    for (int r = 0; r < bounds.length; r++) {
      double max = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        int i = index(r, c);
        max = Math.max(max, x[i]);
        // The derivative of the output by this logit, times how far the logit may be off.
        double slope = output == Output.ENTROPY ? Math.abs(log[i]) + Math.log(classes) : 1;
        bounds[r] += p[i] > 0 ? p[i] * slope * off[i] : 0;
      }
      switch (output) {
        case LSE ->
            bounds[r] += Promise.LOG_SUM_EXP.terms() * Promise.TERM * Math.max(1, Math.abs(max));
        case TARGET_LOG_PROBABILITY -> {
          bounds[r] += counts[r] ? off[index(r, (int) y[r])] : 0;
          bounds[r] += LowEnd.rowLoss(expected[r], 1, classes, false);
        }
        case ENTROPY -> bounds[r] += LowEnd.entropy(expected[r], classes);
        case ARGMAX, RANK -> bounds[r] = 0;
      }
      bounds[r] = Double.isFinite(bounds[r]) ? bounds[r] : 0;
    }
    return bounds;
  }

  private int index(int r, int c) {
    return (r / inner * classes + c) * inner + r % inner;
  }

  private static double[] doubles(int[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
