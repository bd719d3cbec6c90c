package io.github.fusedloss.verify;

import io.github.fusedloss.Hessian;
import io.github.fusedloss.SigmoidFocalLoss;
import io.github.fusedloss.reference.ReferenceFocalRows;
import io.github.fusedloss.reference.ReferenceHessian;
import io.github.fusedloss.reference.ReferencePrimitives;

/**
 * The second derivative of each loss by itself, or what stands in its place, and how exact it must
 * be.
 *
 * @param exact one number for each input
 * @param ofZ what the z-loss adds; or null
 * @param bounds absolute bounds, before any denominator
 * @param zBounds absolute bounds for what the z-loss adds; or null
 * @param ulps the limit in ULP for all
 */
record ExpectedHessian(
    double[] exact, double[] ofZ, double[] bounds, double[] zBounds, double ulps) {

  /** XGBoost's least value, as a float. */
  private static final double LEAST = 1e-16f;

  /**
   * Returns what is expected for binary cross entropy of logits.
   *
   * @param w weight of each element times its row weight
   * @param pw weight of the positive part, or null
   */
  static ExpectedHessian logits(
      float[] x, float[] t, double[] w, float[] pw, double smoothing, Hessian kind, int factors) {
    double[] exact = new double[x.length];
    double[] bounds = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double positive = pw == null ? 1 : pw[i];
      // Where the variance is too small, XGBoost has its least value times the same factors.
      double variance = ReferenceHessian.withLogits(x[i], 0, 1, 1, 0);
      double at = kind == Hessian.XGBOOST && variance < LEAST ? 0 : x[i];
      exact[i] = ReferenceHessian.withLogits(at, t[i], w[i], positive, smoothing);
      exact[i] *= at == x[i] ? 1 : LEAST * 4; // the variance at 0 is 1/4
      exact[i] = w[i] == 0 ? 0 : exact[i];
      double size = Math.abs(w[i]) * Math.max(1, Math.abs(positive));
      bounds[i] = variance < 0x1p-100 ? 4 * Float.MIN_VALUE * Math.max(1, size) : 0;
    }
    double ulps = Promise.BINARY_HESSIAN.ulps(factors);
    return new ExpectedHessian(exact, null, bounds, null, ulps);
  }

  /** Returns what is expected for focal loss; for the parameters see {@link #logits}. */
  static ExpectedHessian focal(
      float[] x, float[] t, double[] w, float[] pw, SigmoidFocalLoss loss) {
    double gamma = loss.gamma();
    double[] exact = new double[x.length];
    double[] bounds = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double positive = pw == null ? 1 : pw[i];
      exact[i] = ReferenceHessian.sigmoidFocal(x[i], t[i], w[i], positive, loss.alpha(), gamma);
      double alpha = loss.alpha() < 0 ? 1 : loss.alpha() * t[i] + (1 - loss.alpha()) * (1.0 - t[i]);
      double up = 1 / (1 + Math.exp(-x[i]));
      double down = 1 / (1 + Math.exp(x[i]));
      double missed = t[i] * down + (1 - t[i]) * up;
      double rho = Math.abs(1 - 2 * t[i]) * up * down / missed;
      double slope = (1 - t[i]) * up + t[i] * Math.abs(positive) * down;
      double value =
          (1 - t[i]) * ReferencePrimitives.softplus(x[i])
              + t[i] * Math.abs(positive) * ReferencePrimitives.softplus(-x[i]);
      double terms =
          ((1 - t[i]) + t[i] * Math.abs(positive)) * up * down
              + gamma * rho * (2 * slope + value * (1 + Math.abs(gamma - 1) * rho));
      double size = Math.abs(w[i] * alpha);
      double power = Math.pow(missed, gamma);
      double limit = Promise.FOCAL_HESSIAN.terms() * Promise.TERM * (1 + gamma);
      double lost = 4 * Float.MIN_VALUE * (1 + gamma) * Math.max(1, value) * Math.max(1, terms);
      // Subnormal numbers may occur in between: the power, its product with the loss, or a small
      // probability.
      boolean low = Math.min(power * Math.min(1, value), up * down * 0x1p24) < LowEnd.COARSE_POWER;
      bounds[i] = limit * size * power * terms + (low ? lost * Math.max(1, size) : 0);
      exact[i] = w[i] == 0 ? 0 : exact[i];
    }
    return new ExpectedHessian(exact, null, bounds, null, 0);
  }

  /**
   * Returns what is expected for rows.
   *
   * @param x logits of (batch, classes, inner)
   * @param masses what the probabilities of each row's target add up to, with all weights; 0 for
   *     rows that are ignored
   * @param z the factor of the z-loss of each row; 0 for none
   */
  static ExpectedHessian rows(
      float[] x, int classes, int inner, double[] masses, double[] z, Hessian kind) {
    double[] exact = new double[x.length];
    double[] ofZ = new double[x.length];
    double[] bounds = new double[x.length];
    double[] zBounds = new double[x.length];
    double[] p = ReferencePrimitives.softmax(x, masses.length / inner, classes, inner);
    for (int r = 0; r < masses.length; r++) {
      int first = r / inner * classes * inner + r % inner;
      double[] row = new double[classes];
      double max = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        row[c] = x[first + c * inner];
        max = Math.max(max, Math.abs(row[c]));
      }
      if (masses[r] == 0 && z[r] == 0) {
        continue;
      }
      double[] h = ReferenceHessian.crossEntropy(row, masses[r]);
      double[] hz = ReferenceHessian.zLoss(row, z[r]);
      double size = Math.max(1, max + Math.log(classes));
      double term = z[r] == 0 ? 0 : Promise.ROW_Z_HESSIAN.terms() * Promise.TERM;
      for (int c = 0; c < classes; c++) {
        int i = first + c * inner;
        exact[i] = inPlace(kind, h[c], classes);
        ofZ[i] = hz[c];
        bounds[i] = LowEnd.gradient(h[c], Math.abs(masses[r]), classes);
        bounds[i] += term * Math.abs(masses[r]) * p[i];
        // A logit far below the maximum counts as 0.
        double lost = Math.abs(masses[r]) * Float.MIN_VALUE;
        bounds[i] += Math.abs(h[c]) < lost ? lost : 0;
        zBounds[i] = 2 * z[r] * size * (term * p[i] + (z[r] == 0 ? 0 : Float.MIN_VALUE));
      }
    }
    return new ExpectedHessian(exact, ofZ, bounds, zBounds, Promise.ROW_HESSIAN.ulps());
  }

  /**
   * Returns what is expected for softmax focal loss; for the other parameters see {@link #rows}.
   *
   * @param y class indices
   */
  static ExpectedHessian focalRows(
      float[] x, int classes, int inner, long[] y, double[] masses, double gamma) {
    double[] exact = new double[x.length];
    double[] bounds = new double[x.length];
    double[] p = ReferencePrimitives.softmax(x, masses.length / inner, classes, inner);
    double limit = Promise.FOCAL_ROW_HESSIAN.terms() * Promise.TERM * (1 + gamma);
    for (int r = 0; r < masses.length; r++) {
      if (masses[r] == 0) {
        continue;
      }
      int first = r / inner * classes * inner + r % inner;
      double[] row = new double[classes];
      double others = 0;
      for (int c = 0; c < classes; c++) {
        row[c] = x[first + c * inner];
        others += c == y[r] ? 0 : p[first + c * inner];
      }
      double[] h = ReferenceFocalRows.hessian(row, (int) y[r], gamma);
      double[] variances = ReferenceHessian.crossEntropy(row, 1); // p (1 - p)
      double own = p[first + (int) y[r] * inner];
      double loss = own > 0.5 ? Math.log1p(others / own) : -Math.log(own);
      double power = Math.pow(others, gamma);
      double part = others == 0 || own == 0 ? 0 : loss / others; // 0 times that is 0
      double bend = gamma * own * (part * (1 + gamma * own) + 2);
      double size = Math.abs(masses[r]);
      // the factor of the softmax in the gradient
      double steep = size * power * (1 + gamma * own * part);
      // Subnormal numbers may occur in between: the power of a small number, or the target's
      // probability.
      boolean low = Math.min(own, power * others) < LowEnd.COARSE_POWER;
      double unit = 4 * Float.MIN_VALUE * Math.max(1, size);
      double lost = low ? unit * (1 + gamma) * Math.max(1, Math.min(loss, 104)) : 0;
      for (int c = 0; c < classes; c++) {
        int i = first + c * inner;
        boolean target = c == y[r];
        double share = others == 0 ? 0 : p[i] / others * p[i];
        double terms = variances[c] * (1 + gamma * own * part) + bend * (target ? others : share);
        exact[i] = masses[r] * h[c];
        bounds[i] = limit * size * power * terms + lost;
        bounds[i] += LowEnd.gradient(exact[i], steep, classes);
      }
    }
    return new ExpectedHessian(exact, null, bounds, null, 0);
  }

  /** Returns what a library has in the place of the second derivative h, for so many classes. */
  private static double inPlace(Hessian kind, double h, int classes) {
    return switch (kind) {
      case EXACT -> h;
      case XGBOOST -> Math.max(2 * h, LEAST);
      case LIGHTGBM -> classes > 1 ? classes / (classes - 1.0) * h : h;
    };
  }
}
