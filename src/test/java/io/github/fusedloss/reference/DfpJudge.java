package io.github.fusedloss.reference;

import org.apache.commons.math3.dfp.Dfp;
import org.apache.commons.math3.dfp.DfpField;

/**
 * The losses of elements and their gradients in 120 decimal digits. They judge the double oracle,
 * and settle near-ties in ULP tests; {@link DfpRows} has those of rows.
 *
 * <p>They are evaluated as the definitions stand, without the rearrangements that limited precision
 * needs. A loss of 1e-45, which is the logarithm of a number so close to 1, still has 75 digits.
 * The gradients are the definitions' derivatives, written out by hand, while the double oracle
 * differentiates automatically. One exponential or logarithm takes about a millisecond. All inputs
 * must be finite.
 *
 * <p>Not safe for use by several threads: Dfp keeps its status flags in the shared field.
 */
public final class DfpJudge {
  /** 120 digits, and room for the two or three that the elementary functions may lose. */
  private static final DfpField FIELD = new DfpField(124);

  static final Dfp ONE = FIELD.getOne();
  static final Dfp ZERO = FIELD.getZero();

  private DfpJudge() {}

  /** Returns the exact value of a finite double. */
  public static Dfp exact(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("value: expected a finite number, got " + value);
    }
    return FIELD.newDfp(value);
  }

  /** Returns the distance of {@code computed} from {@code exact}, in ULP, from all digits. */
  public static double ulps(float computed, Dfp exact) {
    double near = exact.toDouble();
    if (!Float.isFinite(computed) || !Double.isFinite(near)) {
      return Ulp.notFinite(computed, near);
    }
    Dfp difference = exact.newInstance((double) computed).subtract(exact).abs();
    int exponent = Math.getExponent(near);
    // Rounding to double may have lifted the value over a power of two, into the next binade.
    if (exact.abs().lessThan(exact.newInstance(Math.scalb(1.0, exponent)))) {
      exponent--;
    }
    return difference.divide(exact.newInstance(Ulp.spacing(exponent))).toDouble();
  }

  /** Returns {@code 1 / (1 + e^-x)}. */
  public static Dfp sigmoid(double x) {
    if (x < -1000) {
      return ZERO; // e^-1000 is far below every float, and e^1e9 takes for ever
    }
    return ONE.divide(ONE.add(exponential(exact(x).negate())));
  }

  /** Returns {@code -w (pw t log s(x) + (1 - t) log(1 - s(x)))}, s the sigmoid. */
  public static Dfp binaryCrossEntropyWithLogits(double x, double t, double weight, double pw) {
    return binaryCrossEntropyWithLogits(x, exact(t), weight, pw);
  }

  /** Returns the loss for a target in 120 digits, such as {@link #smoothed}. */
  public static Dfp binaryCrossEntropyWithLogits(double x, Dfp t, double weight, double pw) {
    Dfp ofTrue = exact(pw).multiply(t).multiply(minusLogSigmoid(exact(x)));
    Dfp ofFalse = ONE.subtract(t).multiply(minusLogSigmoid(exact(x).negate()));
    return exact(weight).multiply(ofTrue.add(ofFalse));
  }

  /** Returns {@code w ((1 - t) s(x) - pw t (1 - s(x)))}: the derivative of the loss by x. */
  public static Dfp binaryCrossEntropyWithLogitsGradient(
      double x, double t, double weight, double pw) {
    return binaryCrossEntropyWithLogitsGradient(x, exact(t), weight, pw);
  }

  /** Returns the derivative for a target in 120 digits, such as {@link #smoothed}. */
  public static Dfp binaryCrossEntropyWithLogitsGradient(
      double x, Dfp t, double weight, double pw) {
    Dfp ofFalse = ONE.subtract(t).multiply(sigmoid(x));
    Dfp ofTrue = exact(pw).multiply(t).multiply(sigmoid(-x));
    return exact(weight).multiply(ofFalse.subtract(ofTrue));
  }

  /** Returns {@code -w (t max(log p, -100) + (1 - t) max(log(1 - p), -100))}. */
  public static Dfp binaryCrossEntropy(double p, double t, double weight) {
    return binaryCrossEntropy(p, exact(t), weight);
  }

  /** Returns the loss for a target in 120 digits, such as {@link #smoothed}. */
  public static Dfp binaryCrossEntropy(double p, Dfp t, double weight) {
    Dfp ofTrue = t.multiply(clampedLog(exact(p)));
    Dfp ofFalse = ONE.subtract(t).multiply(clampedLog(ONE.subtract(exact(p))));
    return exact(weight).multiply(ofTrue.add(ofFalse)).negate();
  }

  /**
   * Returns {@code w (p - t) / max((1 - p) p, 1e-12)}: PyTorch's gradient, which ignores the clamp.
   */
  public static Dfp binaryCrossEntropyGradient(double p, double t, double weight) {
    return binaryCrossEntropyGradient(p, exact(t), weight);
  }

  /** Returns the gradient for a target in 120 digits, such as {@link #smoothed}. */
  public static Dfp binaryCrossEntropyGradient(double p, Dfp t, double weight) {
    Dfp variance = ONE.subtract(exact(p)).multiply(exact(p));
    Dfp guard = FIELD.newDfp("1e-12");
    Dfp divisor = variance.lessThan(guard) ? guard : variance;
    return exact(weight).multiply(exact(p).subtract(t)).divide(divisor);
  }

  /** Returns {@code t (1 - e) + e / 2}: the target of a binary loss with label smoothing. */
  public static Dfp smoothed(double t, double e) {
    return exact(t).multiply(ONE.subtract(exact(e))).add(exact(e).divide(2));
  }

  /** Returns {@code alpha_t Q^gamma bce}, Q = t (1 - s(x)) + (1 - t) s(x), t in [0, 1]. */
  public static Dfp sigmoidFocal(double x, double t, double pw, double alpha, double gamma) {
    Dfp loss = binaryCrossEntropyWithLogits(x, t, 1, pw);
    return alphaOf(t, alpha).multiply(power(missed(x, t), gamma)).multiply(loss);
  }

  /** Returns {@code alpha_t (Q^gamma bce' + gamma Q^(gamma - 1) Q' bce)}: the derivative by x. */
  public static Dfp sigmoidFocalGradient(
      double x, double t, double pw, double alpha, double gamma) {
    Dfp loss = binaryCrossEntropyWithLogits(x, t, 1, pw);
    Dfp slope = binaryCrossEntropyWithLogitsGradient(x, t, 1, pw);
    Dfp tilt = ONE.subtract(exact(t).multiply(2)).multiply(sigmoid(x)).multiply(sigmoid(-x));
    Dfp missed = missed(x, t);
    Dfp ofPower = exact(gamma).multiply(power(missed, gamma - 1)).multiply(tilt).multiply(loss);
    return alphaOf(t, alpha).multiply(power(missed, gamma).multiply(slope).add(ofPower));
  }

  /** Returns {@code w ((1 - t) + pw t) s(x) (1 - s(x))}: the second derivative of the loss by x. */
  public static Dfp binaryCrossEntropyWithLogitsHessian(double x, Dfp t, double weight, double pw) {
    Dfp mass = ONE.subtract(t).add(exact(pw).multiply(t));
    return exact(weight).multiply(mass).multiply(sigmoid(x)).multiply(sigmoid(-x));
  }

  /** Returns {@code alpha_t (Q^gamma bce)''}, by the product rule. */
  public static Dfp sigmoidFocalHessian(double x, double t, double pw, double alpha, double gamma) {
    Dfp loss = binaryCrossEntropyWithLogits(x, t, 1, pw);
    Dfp slope = binaryCrossEntropyWithLogitsGradient(x, t, 1, pw);
    Dfp bend = binaryCrossEntropyWithLogitsHessian(x, exact(t), 1, pw);
    Dfp missed = missed(x, t);
    Dfp tilt = ONE.subtract(exact(t).multiply(2)).multiply(sigmoid(x)).multiply(sigmoid(-x));
    Dfp tiltOfTilt = tilt.multiply(sigmoid(-x).subtract(sigmoid(x)));
    Dfp ofPower = exact(gamma).multiply(power(missed, gamma - 1));
    Dfp twice = exact(gamma).multiply(exact(gamma - 1)).multiply(power(missed, gamma - 2));
    Dfp ofPowers = twice.multiply(tilt).multiply(tilt).add(ofPower.multiply(tiltOfTilt));
    Dfp all =
        power(missed, gamma).multiply(bend).add(ofPower.multiply(tilt).multiply(slope).multiply(2));
    return alphaOf(t, alpha).multiply(all.add(ofPowers.multiply(loss)));
  }

  private static Dfp missed(double x, double t) {
    return exact(t).multiply(sigmoid(-x)).add(ONE.subtract(exact(t)).multiply(sigmoid(x)));
  }

  private static Dfp alphaOf(double t, double alpha) {
    Dfp ofFalse = ONE.subtract(exact(alpha)).multiply(ONE.subtract(exact(t)));
    return alpha < 0 ? ONE : exact(alpha).multiply(exact(t)).add(ofFalse);
  }

  static Dfp power(Dfp base, double exponent) {
    return exponent == 0 ? ONE : exponential(base.log().multiply(exact(exponent)));
  }

  /** Returns {@code t (log t - x)}, t > 0; or {@code e^t (t - x)}. */
  public static Dfp klDiv(double x, double t, boolean logTarget) {
    Dfp p = logTarget ? exponential(exact(t)) : exact(t);
    Dfp logP = logTarget ? exact(t) : exact(t).log();
    return p.multiply(logP.subtract(exact(x)));
  }

  /** Returns {@code cap tanh(x / cap) / temperature}; without a cap if that is 0. */
  public static Dfp transformed(double x, double cap, double temperature) {
    if (cap == 0) {
      return exact(x).divide(exact(temperature));
    }
    Dfp size = exact(Math.abs(x)).divide(exact(cap)).multiply(2);
    Dfp e = exponential(size.negate());
    // Below 1e-30 the difference to 1 would run out of digits; there tanh(a) is a (1 - a^2 / 3).
    Dfp tanh =
        size.lessThan(FIELD.newDfp("1e-30")) ? size.divide(2) : ONE.subtract(e).divide(ONE.add(e));
    Dfp y = exact(cap).multiply(tanh).divide(exact(temperature));
    return x < 0 ? y.negate() : y;
  }

  /** Returns {@code log(1 + e^-x)}. */
  private static Dfp minusLogSigmoid(Dfp x) {
    if (x.lessThan(FIELD.newDfp(-1000))) {
      return x.negate(); // e^-1000 is below the last digit, and e^1e38 above the largest Dfp
    }
    Dfp e = exponential(x.negate());
    // The logarithm's digits run out as e nears 1e-120; e - e^2/2 is then off by 1e-130 at most.
    return x.lessThan(FIELD.newDfp(150)) ? ONE.add(e).log() : e.subtract(e.multiply(e).divide(2));
  }

  private static Dfp clampedLog(Dfp p) {
    Dfp clamp = FIELD.newDfp(-100);
    if (p.isZero()) {
      return clamp;
    }
    Dfp log = p.log();
    return log.lessThan(clamp) ? clamp : log;
  }

  /** Returns e^x; 0 below e^-1000, which is less than the last digit, and far below every float. */
  static Dfp exponential(Dfp x) {
    return x.lessThan(FIELD.newDfp(-1000)) ? ZERO : x.exp();
  }
}
