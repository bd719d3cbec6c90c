package io.github.fusedloss.reference;

import org.apache.commons.math3.analysis.differentiation.DerivativeStructure;

/**
 * The second derivative of each row's or element's own loss by each input, by automatic
 * differentiation of second order. The definitions are those of {@link
 * ReferenceBinaryCrossEntropy}, {@link ReferenceElementLoss} and {@link ReferenceCrossEntropy}.
 *
 * <p>Those of binary cross entropy and of cross entropy without z-loss have a relative error below
 * 1e-14 where they are at least 1e-100. The others consist of terms of both signs, and have an
 * absolute error below 1e-13 times the size of these.
 */
public final class ReferenceHessian {
  private static final int ORDER = 2;

  private ReferenceHessian() {}

  private static DerivativeStructure variable(double x) {
    return new DerivativeStructure(1, ORDER, 0, x);
  }

  /** Returns log(1 + e^x), in a form in which nothing cancels, nor in its derivatives. */
  private static DerivativeStructure softplus(DerivativeStructure x) {
    return x.getValue() > 0 ? x.negate().exp().log1p().add(x) : x.exp().log1p();
  }

  private static DerivativeStructure sigmoid(DerivativeStructure x) {
    return x.getValue() < 0 ? x.exp().divide(x.exp().add(1)) : x.negate().exp().add(1).reciprocal();
  }

  private static DerivativeStructure bce(DerivativeStructure x, double ofTrue, double ofFalse) {
    return softplus(x.negate()).multiply(ofTrue).add(softplus(x).multiply(ofFalse));
  }

  /**
   * Returns that of binary cross entropy of a logit.
   *
   * @param t target
   * @param w weight of the element: the product of all weights
   * @param pw weight of its positive part
   * @param smoothing e in [0, 1]: t is {@code t (1 - e) + e / 2}
   */
  public static double withLogits(double x, double t, double w, double pw, double smoothing) {
    double positive = t * (1 - smoothing) + smoothing / 2;
    double negative = (1 - t) * (1 - smoothing) + smoothing / 2;
    return bce(variable(x), pw * positive, negative).multiply(w).getPartialDerivative(ORDER);
  }

  /** Returns that of sigmoid focal loss; alpha below 0 stands for no such factors. */
  public static double sigmoidFocal(
      double x, double t, double w, double pw, double alpha, double gamma) {
    DerivativeStructure logit = variable(x);
    DerivativeStructure loss = bce(logit, pw * t, 1 - t);
    DerivativeStructure missed =
        sigmoid(logit.negate()).multiply(t).add(sigmoid(logit).multiply(1 - t));
    double alphaT = alpha < 0 ? 1 : alpha * t + (1 - alpha) * (1 - t);
    DerivativeStructure focused = gamma == 0 ? loss : missed.pow(gamma).multiply(loss);
    return focused.multiply(w * alphaT).getPartialDerivative(ORDER);
  }

  /**
   * Returns those of a row of cross entropy, as a function of one logit after the other.
   *
   * @param x finite logits
   * @param mass the sum of the target's probabilities, each times the weight of its class
   */
  public static double[] crossEntropy(double[] x, double mass) {
    double max = ReferencePrimitives.max(x);
    double[] terms = ReferencePrimitives.exponentials(x, max);
    double[] others = ReferencePrimitives.sumsOfOthers(terms);
    double[] hessian = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      // The terms that are linear in x_j have no second derivative.
      DerivativeStructure lse = logSumExp(variable(x[j] - max), others[j]);
      hessian[j] = lse.multiply(mass).getPartialDerivative(ORDER);
    }
    return hessian;
  }

  /** Returns those of a row of the z-loss, times its factor. */
  public static double[] zLoss(double[] x, double factor) {
    double max = ReferencePrimitives.max(x);
    double[] terms = ReferencePrimitives.exponentials(x, max);
    double[] others = ReferencePrimitives.sumsOfOthers(terms);
    double[] hessian = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      DerivativeStructure lse = logSumExp(variable(x[j] - max), others[j]).add(max);
      hessian[j] = lse.multiply(lse).multiply(factor).getPartialDerivative(ORDER);
    }
    return hessian;
  }

  /**
   * Returns the logsumexp of a logit beside others, whose exponentials add up to {@code others}.
   */
  static DerivativeStructure logSumExp(DerivativeStructure x, double others) {
    return Math.exp(x.getValue()) > others
        ? x.negate().exp().multiply(others).log1p().add(x)
        : x.exp().add(others).log();
  }
}
