package io.github.fusedloss.verify;

import io.github.fusedloss.BinaryCrossEntropy;
import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.reference.ReferenceBinaryCrossEntropy;
import io.github.fusedloss.reference.ReferenceLoss;

/** What the binary losses have to give. */
final class ExpectedElements {
  private final Tensor input;
  private final float[] x;
  private final float[] t;
  private final int factors;

  /** A factor of each loss, or null. */
  private final double[] rowWeights;

  /**
   * Of one call.
   *
   * @param factors how many a gradient has beside the weights
   */
  ExpectedElements(Tensor input, Target target, int factors) {
    this.input = input;
    this.factors = factors;
    x = input.toFloatArray();
    t = RowFactors.floats(target.tensor());
    rowWeights = RowFactors.of(target);
    ignore(x);
    ignore(t);
  }

  Expected probabilities(BinaryCrossEntropy loss) {
    float[] w = expand(loss.weight());
    ReferenceLoss reference =
        ReferenceBinaryCrossEntropy.ofProbabilities(x, t, w).withRowWeights(rowWeights);
    double[] lossTerms = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      // A weight below 0, whose losses may cancel in the sum.
      boolean negative = (w != null && w[i] < 0) != (rowWeights != null && rowWeights[i] < 0);
      lossTerms[i] = negative ? Promise.TERM * Math.abs(reference.loss()[i]) : 0;
    }
    return new Expected(
        reference,
        Expected.ulps(
            x.length,
            w != null && rowWeights != null
                ? Promise.BINARY_ROW_WEIGHTED_LOSS
                : Promise.PROBABILITY_LOSS),
        lossTerms,
        Promise.PROBABILITY_GRADIENT.ulps(factors + (w == null ? 0 : 1)),
        new double[x.length],
        null,
        null);
  }

  Expected logits(BinaryCrossEntropyWithLogits loss) {
    float[] w = expand(loss.weight());
    float[] pw = expand(loss.posWeight());
    boolean weighted = w != null || pw != null || rowWeights != null;
    double[] lossUlps = new double[x.length];
    double[] lossTerms = new double[x.length];
    double[] gradientTerms = new double[x.length];
    double soft = Promise.BINARY_SOFT_GRADIENT.terms() * Promise.TERM;
    for (int i = 0; i < x.length; i++) {
      double weight = w == null ? 1 : Math.abs(w[i]);
      double rest = Math.abs(1 - t[i]);
      double part = Math.abs(t[i]) * (pw == null ? 1 : Math.abs(pw[i]));
      double size = weight * (rest + part);
      // Outside of this the terms of a loss cancel.
      boolean promised = t[i] >= 0 && t[i] <= 1 && (pw == null || pw[i] >= 0);
      boolean hard = t[i] == 0 || t[i] == 1;
      double sigmoid = 1 / (1 + Math.exp(-x[i]));
      double terms = soft * weight * (rest * sigmoid + part * (1 - sigmoid));
      double lost = LowEnd.element(x[i], size);
      Promise promise = promise(hard, weighted);
      lossUlps[i] =
          (w != null && rowWeights != null ? Promise.BINARY_ROW_WEIGHTED_LOSS : promise).ulps();
      lossTerms[i] = Math.max(promised ? 0 : Promise.TERM * size * (Math.abs(x[i]) + 1), lost);
      gradientTerms[i] = Math.max(hard ? 0 : terms, lost);
    }
    RowFactors.scale(lossTerms, rowWeights, 1, 1);
    RowFactors.scale(gradientTerms, rowWeights, 1, 1);
    return new Expected(
        ReferenceBinaryCrossEntropy.withLogits(x, t, w, pw).withRowWeights(rowWeights),
        lossUlps,
        lossTerms,
        Promise.BINARY_HARD_GRADIENT.ulps(factors + (w == null ? 0 : 1) + (pw == null ? 0 : 1)),
        gradientTerms,
        null,
        null);
  }

  private static Promise promise(boolean hard, boolean weighted) {
    return !hard
        ? Promise.BINARY_SOFT_LOSS
        : weighted ? Promise.BINARY_HARD_WEIGHTED_LOSS : Promise.BINARY_HARD_LOSS;
  }

  /** Makes what belongs to ignored elements 0, which nothing is wrong with. */
  private void ignore(float[] values) {
    for (int i = 0; rowWeights != null && i < values.length; i++) {
      values[i] = rowWeights[i] == 0 ? 0 : values[i];
    }
  }

  /** Broadcast by NumPy's rules, written out. */
  private float[] expand(Tensor weight) {
    if (weight == null) {
      return null;
    }
    float[] from = weight.toFloatArray();
    long[] shape = weight.shape();
    long[] to = input.shape();
    float[] values = new float[x.length];
    for (int i = 0; i < values.length; i++) {
      long rest = i;
      long at = 0;
      long stride = 1;
      for (int d = to.length - 1; d >= 0; d--) {
        int s = d - (to.length - shape.length);
        if (s >= 0) {
          at += shape[s] == 1 ? 0 : rest % to[d] * stride;
          stride *= shape[s];
        }
        rest /= to[d];
      }
      values[i] = from[(int) at];
    }
    ignore(values);
    return values;
  }
}
