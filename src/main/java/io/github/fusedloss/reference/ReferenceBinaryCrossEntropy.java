package io.github.fusedloss.reference;

import static java.lang.Double.isNaN;

import org.apache.commons.math3.analysis.differentiation.DerivativeStructure;
import org.apache.commons.math3.util.FastMath;

/**
 * Binary cross entropy per element, {@code -w (pw t log p + (1 - t) log(1 - p))}: the definition in
 * the documentation of PyTorch's {@code BCEWithLogitsLoss} and {@code BCELoss}.
 *
 * <p>All arrays have one length; results have one row per element, each with weight 1 in the mean.
 * Losses with weights of one sign and targets in [0, 1], and the gradients of hard targets (0 or
 * 1), have a relative error below 2e-15 where the exact magnitude is at least 1e-120. The gradient
 * of a soft target has a root in x; there the error is below 1e-15 times {@code w max(1, pw)}.
 *
 * <p>NaN in any of an element's inputs makes its loss and gradient NaN. A coefficient of 0 (target,
 * weight) times an infinite logarithm is 0, which is the limit.
 */
public final class ReferenceBinaryCrossEntropy {
  /**
   * Beyond this |x| the smaller of p and 1 - p is e^-|x| to within a relative 1e-130, far below
   * double's precision. Up to here e^(2|x|), which the derivatives need, is still a double.
   */
  static final double FAR = 300;

  private static final double LOG_CLAMP = -100;
  private static final double GRADIENT_GUARD = 1e-12;

  private ReferenceBinaryCrossEntropy() {}

  /**
   * Returns the loss with {@code p = 1 / (1 + e^-x)}. Gradients are by automatic differentiation
   * with respect to x; at x = +-Infinity they are the limits.
   *
   * @param x logits
   * @param t targets, any finite value
   * @param weight a factor of each element's loss, or null for 1
   * @param posWeight pw, expanded to one value per element, or null for 1
   * @param smoothing e in [0, 1]: t is {@code t (1 - e) + e / 2}
   * @throws IllegalArgumentException if the lengths differ
   */
  public static ReferenceLoss withLogits(
      float[] x, float[] t, float[] weight, float[] posWeight, double smoothing) {
    requireLengths(x, t, weight);
    requireLength("posWeight", posWeight, x.length);
    double[] loss = new double[x.length];
    double[] gradient = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      DerivativeStructure value =
          withLogits(
              new DerivativeStructure(1, 1, 0, x[i]),
              smoothed(t[i], smoothing),
              smoothed(1.0 - t[i], smoothing),
              at(weight, i),
              at(posWeight, i));
      loss[i] = value.getValue();
      gradient[i] = value.getPartialDerivative(1);
    }
    return ReferenceLoss.unweighted(loss, gradient, 1, 1);
  }

  /**
   * Returns the loss of probabilities as PyTorch defines it: logarithms are clamped to at least
   * -100, and the gradient is {@code w (p - t) / max((1 - p) p, 1e-12)}. The gradient has a
   * definition of its own, and is not the derivative where one of the clamps acts. That is why it
   * is a formula here.
   *
   * @param p probabilities in [0, 1]
   * @param t targets in [0, 1]
   * @param weight a factor of each element's loss, or null for 1
   * @param smoothing e in [0, 1]: t is {@code t (1 - e) + e / 2}
   * @throws IllegalArgumentException if the lengths differ, or p or t is outside [0, 1]; NaN is not
   */
  public static ReferenceLoss ofProbabilities(
      float[] p, float[] t, float[] weight, double smoothing) {
    requireLengths(p, t, weight);
    double[] loss = new double[p.length];
    double[] gradient = new double[p.length];
    for (int i = 0; i < p.length; i++) {
      requireProbability("p", i, p[i]);
      requireProbability("t", i, t[i]);
      double pi = p[i];
      double ti = smoothed(t[i], smoothing);
      double rest = smoothed(1.0 - t[i], smoothing);
      double w = at(weight, i);
      double logP = Math.max(FastMath.log(pi), LOG_CLAMP);
      double logQ = Math.max(FastMath.log1p(-pi), LOG_CLAMP);
      loss[i] = w * (ti * -logP + rest * -logQ);
      gradient[i] = w * (pi - ti) / Math.max((1 - pi) * pi, GRADIENT_GUARD);
    }
    return ReferenceLoss.unweighted(loss, gradient, 1, 1);
  }

  private static double smoothed(double t, double smoothing) {
    return t * (1 - smoothing) + smoothing / 2;
  }

  /** Returns the loss of one element; NaN if one of its inputs is NaN. */
  static DerivativeStructure withLogits(
      DerivativeStructure x, double t, double weight, double posWeight) {
    return withLogits(x, t, 1 - t, weight, posWeight);
  }

  /** Returns the loss of one element; {@code rest} is 1 - t. */
  private static DerivativeStructure withLogits(
      DerivativeStructure x, double t, double rest, double weight, double posWeight) {
    if (isNaN(x.getValue()) || isNaN(t) || isNaN(weight) || isNaN(posWeight)) {
      return new DerivativeStructure(1, 1, Double.NaN, Double.NaN);
    }
    DerivativeStructure ofTrue = times(posWeight * t, logSigmoid(x).negate());
    DerivativeStructure ofFalse = times(rest, logSigmoid(x.negate()).negate());
    return times(weight, ofTrue.add(ofFalse));
  }

  /** Returns log p for p = 1 / (1 + e^-x): from p if that is small, and otherwise from 1 - p. */
  private static DerivativeStructure logSigmoid(DerivativeStructure x) {
    if (x.getValue() < -FAR) {
      return x;
    }
    if (x.getValue() > FAR) {
      return x.negate().exp().negate().log1p();
    }
    return x.getValue() <= 0
        ? x.negate().exp().add(1).reciprocal().log()
        : x.exp().add(1).reciprocal().negate().log1p();
  }

  /** Returns a * y, with 0 * Infinity = 0, the limit of 0 * y. */
  static DerivativeStructure times(double a, DerivativeStructure y) {
    return a == 0 ? new DerivativeStructure(1, 1, 0.0) : y.multiply(a);
  }

  static double at(float[] weight, int i) {
    return weight == null ? 1 : weight[i];
  }

  static void requireLengths(float[] input, float[] t, float[] weight) {
    requireLength("t", t, input.length);
    requireLength("weight", weight, input.length);
  }

  static void requireLength(String name, float[] array, int expected) {
    if (array != null) {
      RowLayout.requireLength(name, array.length, expected);
    }
  }

  private static void requireProbability(String name, int i, float value) {
    if (value < 0 || value > 1) {
      throw new IllegalArgumentException(
          name + "[" + i + "]: expected a value in [0, 1], got " + value);
    }
  }
}
