package io.github.fusedloss.verify;

import io.github.fusedloss.BinaryCrossEntropy;
import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.Hessian;
import io.github.fusedloss.KlDivLoss;
import io.github.fusedloss.LogitTransform;
import io.github.fusedloss.SigmoidFocalLoss;
import io.github.fusedloss.Target;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.reference.ReferenceBinaryCrossEntropy;
import io.github.fusedloss.reference.ReferenceElementLoss;
import io.github.fusedloss.reference.ReferenceLoss;
import io.github.fusedloss.reference.ReferencePrimitives;

/** What the losses over elements must give. */
final class ExpectedElements {
  private final Tensor input;

  /** The logits or probabilities as the loss uses them. */
  private float[] x;

  private final float[] t;
  private final int factors;

  /** A factor of each loss, or null. */
  private final double[] rowWeights;

  /**
   * Begins with one call.
   *
   * @param factors how many factors a gradient has besides the weights
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
    double e = loss.labelSmoothing();
    ReferenceLoss reference =
        ReferenceBinaryCrossEntropy.ofProbabilities(x, t, w, e).withRowWeights(rowWeights);
    double[] lossTerms = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      // If a weight is below 0, losses may cancel in the sum.
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
        smoothedTerms(w, e),
        null,
        null);
  }

  /** Returns bounds from the terms of p - t, which cancel: a smoothed t is no float. */
  private double[] smoothedTerms(float[] w, double e) {
    double[] terms = new double[x.length];
    for (int i = 0; i < terms.length && e > 0; i++) {
      double size = x[i] + t[i] * (1 - e) + e / 2;
      double divisor = Math.max((1.0 - x[i]) * x[i], 1e-12);
      double weight = w == null ? 1 : Math.abs(w[i]);
      terms[i] =
          Promise.PROBABILITY_SMOOTHED_GRADIENT.terms() * Promise.TERM * weight * size / divisor;
    }
    return terms;
  }

  Expected logits(BinaryCrossEntropyWithLogits loss) {
    float[] w = expand(loss.weight());
    float[] pw = expand(loss.posWeight());
    double e = loss.labelSmoothing();
    boolean weighted = w != null || pw != null || rowWeights != null;
    double[] lossUlps = new double[x.length];
    double[] lossTerms = new double[x.length];
    double[] gradientTerms = new double[x.length];
    double soft = Promise.BINARY_SOFT_GRADIENT.terms() * Promise.TERM;
    for (int i = 0; i < x.length; i++) {
      double weight = w == null ? 1 : Math.abs(w[i]);
      double rest = Math.abs((1.0 - t[i]) * (1 - e) + e / 2);
      double part = Math.abs(t[i] * (1 - e) + e / 2) * (pw == null ? 1 : Math.abs(pw[i]));
      double size = weight * (rest + part);
      // With other targets or weights the terms of a loss cancel.
      boolean promised = t[i] >= 0 && t[i] <= 1 && (pw == null || pw[i] >= 0);
      boolean hard = e == 0 && (t[i] == 0 || t[i] == 1);
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
        ReferenceBinaryCrossEntropy.withLogits(x, t, w, pw, e).withRowWeights(rowWeights),
        lossUlps,
        lossTerms,
        Promise.BINARY_HARD_GRADIENT.ulps(factors + (w == null ? 0 : 1) + (pw == null ? 0 : 1)),
        gradientTerms,
        null,
        null);
  }

  Expected focal(SigmoidFocalLoss loss) {
    double[] slopes = new double[x.length];
    if (loss.logits().equals(LogitTransform.NONE)) {
      return focalOfLogits(loss, slopes);
    }
    ExpectedLogits logits = new ExpectedLogits(x, 1, 1, loss.logits());
    x = logits.y;
    Expected e = focalOfLogits(loss, slopes);
    for (int i = 0; i < x.length; i++) {
      // No term changes faster than this. The slope and its product are rounded.
      double changed = (2 + loss.gamma()) * 2 * logits.off[i] + 4 * Promise.TERM;
      e.lossTerms()[i] += slopes[i] * 2 * logits.off[i];
      double terms = e.gradientTerms()[i] + slopes[i] * changed;
      e.gradientTerms()[i] = logits.slope[i] * terms + 4 * Float.MIN_VALUE;
      e.reference().gradient()[i] *= logits.slope[i];
    }
    return e;
  }

  /**
   * Finds what is expected for logits; {@code slopes} receives the size of the terms of each
   * gradient.
   */
  private Expected focalOfLogits(SigmoidFocalLoss loss, double[] slopes) {
    float[] w = expand(loss.weight());
    float[] pw = expand(loss.posWeight());
    int powers = (int) Math.ceil(loss.gamma());
    ReferenceLoss reference =
        ReferenceElementLoss.sigmoidFocal(x, t, w, pw, loss.alpha(), loss.gamma())
            .withRowWeights(rowWeights);
    double[] lossUlps = new double[x.length];
    double[] lossTerms = new double[x.length];
    double[] gradientTerms = new double[x.length];
    double soft = Promise.FOCAL_SOFT_GRADIENT.terms() * Promise.TERM * (1 + loss.gamma());
    for (int i = 0; i < x.length; i++) {
      boolean hard = t[i] == 0 || t[i] == 1;
      double positive = pw == null ? 1 : pw[i];
      double alpha = loss.alpha() < 0 ? 1 : loss.alpha() * t[i] + (1 - loss.alpha()) * (1.0 - t[i]);
      double up = 1 / (1 + Math.exp(-x[i]));
      double down = 1 / (1 + Math.exp(x[i]));
      double missed = t[i] * down + (1 - t[i]) * up;
      double size = Math.abs((w == null ? 1 : w[i]) * alpha);
      double bce =
          (1 - t[i]) * ReferencePrimitives.softplus(x[i])
              + t[i] * positive * ReferencePrimitives.softplus(-x[i]);
      double tilt = up * down == 0 ? 0 : up * down / missed * Math.abs(bce);
      double terms =
          (1 - t[i]) * up
              + Math.abs(t[i] * positive * down)
              + loss.gamma() * Math.abs(1 - 2 * t[i]) * tilt;
      // Subnormal numbers may occur in between: the power, and its products with the loss or with
      // the sum of the terms.
      double part = Math.max(1, Math.abs(bce)) + (1 + loss.gamma()) * Math.max(1, terms);
      double power = Math.pow(missed, loss.gamma());
      boolean low = power * Math.min(1, bce) < LowEnd.COARSE_POWER;
      double unit = 2 * Float.MIN_VALUE * Math.max(1, size);
      double lost = low ? unit * part : 0;
      // A gradient may be as small while the loss is large, or infinite.
      boolean lowSlope = power * Math.min(1, terms) < LowEnd.COARSE_POWER;
      double ofSlope = lowSlope ? unit * (1 + loss.gamma()) * Math.max(1, terms) : 0;
      lossUlps[i] = (hard ? Promise.FOCAL_HARD_LOSS : Promise.FOCAL_SOFT_LOSS).ulps(powers);
      lossTerms[i] = Math.max(lost, positive < 0 ? Promise.TERM * size * Math.abs(bce) : 0);
      slopes[i] = size * power * terms;
      double cancelling = soft * slopes[i];
      double finite = Double.isFinite(lost) ? lost : 0;
      gradientTerms[i] =
          Math.max(hard && positive >= 0 ? 0 : cancelling, Math.max(finite, ofSlope));
    }
    RowFactors.scale(lossTerms, rowWeights, 1, 1);
    RowFactors.scale(gradientTerms, rowWeights, 1, 1);
    RowFactors.scale(slopes, rowWeights, 1, 1);
    int all = factors + powers + (w == null ? 0 : 1) + (pw == null ? 0 : 1);
    double ulps = Promise.FOCAL_HARD_GRADIENT.ulps(all);
    return new Expected(reference, lossUlps, lossTerms, ulps, gradientTerms, null, null);
  }

  ExpectedHessian logitsHessian(BinaryCrossEntropyWithLogits loss, Hessian kind) {
    float[] pw = expand(loss.posWeight());
    int all = factors + (loss.weight() == null ? 0 : 1) + (pw == null ? 0 : 2);
    double e = loss.labelSmoothing();
    return ExpectedHessian.logits(x, t, weights(loss.weight()), pw, e, kind, all);
  }

  ExpectedHessian focalHessian(SigmoidFocalLoss loss) {
    return ExpectedHessian.focal(x, t, weights(loss.weight()), expand(loss.posWeight()), loss);
  }

  /** Returns the weight of each element times its row weight. */
  private double[] weights(Tensor weight) {
    float[] w = expand(weight);
    double[] weights = new double[x.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (w == null ? 1 : w[i]) * (rowWeights == null ? 1 : rowWeights[i]);
    }
    return weights;
  }

  Expected divergence(KlDivLoss loss) {
    float[] w = expand(loss.weight());
    ReferenceLoss reference =
        ReferenceElementLoss.klDiv(x, t, w, loss.logTarget()).withRowWeights(rowWeights);
    double[] lossTerms = new double[x.length];
    double[] gradientTerms = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double p = loss.logTarget() ? Math.exp(t[i]) : t[i];
      double log = loss.logTarget() ? t[i] : p == 0 ? 0 : Math.log(p);
      double weight = w == null ? 1 : Math.abs(w[i]);
      double size = p == 0 ? 0 : weight * p * (Math.abs(log) + Math.abs(x[i]));
      double unit = 2 * Float.MIN_VALUE * Math.max(1, weight);
      double lost = unit * (1 + Math.abs(log - x[i]));
      lossTerms[i] = Promise.DIVERGENCE_LOSS.terms() * Promise.TERM * size + lost;
      // the gradient is -w p, whatever the loss is
      gradientTerms[i] = Math.abs(p) < 0x1p-102 ? unit : 0;
    }
    RowFactors.scale(lossTerms, rowWeights, 1, 1);
    RowFactors.scale(gradientTerms, rowWeights, 1, 1);
    return new Expected(
        reference,
        Expected.ulps(x.length, Promise.DIVERGENCE_LOSS),
        lossTerms,
        Promise.DIVERGENCE_GRADIENT.ulps(factors + (w == null ? 0 : 1)),
        gradientTerms,
        null,
        null);
  }

  private static Promise promise(boolean hard, boolean weighted) {
    return !hard
        ? Promise.BINARY_SOFT_LOSS
        : weighted ? Promise.BINARY_HARD_WEIGHTED_LOSS : Promise.BINARY_HARD_LOSS;
  }

  /** Sets the values of ignored elements to 0, for which every loss is right. */
  private void ignore(float[] values) {
    for (int i = 0; rowWeights != null && i < values.length; i++) {
      values[i] = rowWeights[i] == 0 ? 0 : values[i];
    }
  }

  /** Writes a weight out by NumPy's rules of broadcasting. */
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
