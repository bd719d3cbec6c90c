package io.github.fusedloss.reference;

import static io.github.fusedloss.reference.ReferenceBinaryCrossEntropy.at;
import static io.github.fusedloss.reference.ReferenceBinaryCrossEntropy.requireLength;
import static io.github.fusedloss.reference.ReferenceBinaryCrossEntropy.requireLengths;
import static io.github.fusedloss.reference.ReferenceBinaryCrossEntropy.times;
import static io.github.fusedloss.reference.ReferenceBinaryCrossEntropy.withLogits;

import org.apache.commons.math3.analysis.differentiation.DerivativeStructure;
import org.apache.commons.math3.util.FastMath;

/**
 * More losses per element, from the definitions in the documentation of torchvision and PyTorch.
 * Arrays and results are as in {@link ReferenceBinaryCrossEntropy}.
 */
public final class ReferenceElementLoss {
  /** Beyond this |x|, e^-|x| times anything, to a power of at least 0, is 0 as a float. */
  private static final double NOTHING = 600;

  private ReferenceElementLoss() {}

  /**
   * Returns torchvision's sigmoid_focal_loss: {@code w alpha_t (1 - p_t)^gamma bce}, {@code p_t = p
   * t + (1 - p) (1 - t)}. Gradients are by automatic differentiation, at x = +-Infinity the limits.
   * The relative error is below 4e-15 (1 + gamma) where those of binary cross entropy are below
   * 2e-15.
   *
   * @param x logits
   * @param t targets in [0, 1]; others make NaN
   * @param weight a factor of each element's loss, or null for 1
   * @param posWeight the pos_weight of bce, expanded to one value per element, or null for 1
   * @param alpha factor of the loss at target 1, and 1 - alpha at target 0; below 0 for no such
   *     factors
   * @throws IllegalArgumentException if the lengths differ
   */
  public static ReferenceLoss sigmoidFocal(
      float[] x, float[] t, float[] weight, float[] posWeight, float alpha, float gamma) {
    requireLengths(x, t, weight);
    requireLength("posWeight", posWeight, x.length);
    double[] loss = new double[x.length];
    double[] gradient = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      DerivativeStructure logit = new DerivativeStructure(1, 1, 0, x[i]);
      boolean inRange = t[i] >= 0 && t[i] <= 1;
      DerivativeStructure bce = withLogits(logit, inRange ? t[i] : Double.NaN, 1, at(posWeight, i));
      double alphaT = alpha < 0 ? 1 : (double) alpha * t[i] + (1 - (double) alpha) * (1.0 - t[i]);
      DerivativeStructure value = times(alphaT, modulated(logit, t[i], gamma, bce));
      value = times(at(weight, i), value);
      loss[i] = value.getValue();
      gradient[i] = value.getPartialDerivative(1);
    }
    return ReferenceLoss.unweighted(loss, gradient, 1, 1);
  }

  private static DerivativeStructure modulated(
      DerivativeStructure x, double t, double gamma, DerivativeStructure bce) {
    double at = x.getValue();
    boolean met = at > 0 ? t == 1 : t == 0;
    if (gamma == 0 || Double.isNaN(bce.getValue())) {
      return bce;
    }
    if (Math.abs(at) > NOTHING) {
      // Here 1 - p_t is constant: 0, or the share of the target on the other side.
      return met
          ? new DerivativeStructure(1, 1, 0.0)
          : times(FastMath.pow(at > 0 ? 1 - t : t, gamma), bce);
    }
    DerivativeStructure missed = times(t, sigmoid(x.negate())).add(times(1 - t, sigmoid(x)));
    return missed.pow(gamma).multiply(bce);
  }

  private static DerivativeStructure sigmoid(DerivativeStructure x) {
    return x.getValue() < 0 ? x.exp().divide(x.exp().add(1)) : x.negate().exp().add(1).reciprocal();
  }

  /**
   * Returns PyTorch's kl_div: {@code w t (log t - x)}, with log targets {@code w e^t (t - x)}, and
   * its gradient by x. A term of probability 0 is 0. The absolute error is below 1e-15 times the
   * size of the two products.
   *
   * @param x log-probabilities
   * @param t probabilities, or their logarithms; a probability below 0 gives a loss of NaN
   * @param weight a factor of each element's loss, or null for 1
   * @throws IllegalArgumentException if the lengths differ
   */
  public static ReferenceLoss klDiv(float[] x, float[] t, float[] weight, boolean logTarget) {
    requireLengths(x, t, weight);
    double[] loss = new double[x.length];
    double[] gradient = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double p = logTarget ? FastMath.exp(t[i]) : t[i];
      double difference = (logTarget ? t[i] : FastMath.log(t[i])) - x[i];
      double term = p == 0 && !Float.isNaN(x[i]) ? 0 : p * difference;
      double w = at(weight, i);
      loss[i] = w == 0 && !Double.isNaN(term) ? 0 : w * term;
      gradient[i] = w * -p;
    }
    return ReferenceLoss.unweighted(loss, gradient, 1, 1);
  }
}
