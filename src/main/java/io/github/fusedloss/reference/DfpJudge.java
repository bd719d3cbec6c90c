package io.github.fusedloss.reference;

import java.util.HashMap;
import java.util.Map;
import org.apache.commons.math3.dfp.Dfp;
import org.apache.commons.math3.dfp.DfpField;

/**
 * The losses and their gradients in 120 decimal digits, to judge the double oracle and to settle
 * near-ties in ULP tests.
 *
 * <p>Evaluated as the definitions stand, without the rearrangements that limited precision needs: a
 * loss of 1e-45, the logarithm of a number that close to 1, still has 75 digits. The gradients are
 * the definitions' derivatives, written out by hand where the double oracle differentiates
 * automatically. One exponential or logarithm takes about a millisecond. All inputs have to be
 * finite; a row is the C logits of one sample.
 *
 * <p>Thread-safety: none is promised, Dfp keeps its status flags in the shared field.
 */
public final class DfpJudge {
  /** 120 digits, and room for the two or three that the elementary functions may lose. */
  private static final DfpField FIELD = new DfpField(124);

  private static final Dfp ONE = FIELD.getOne();
  private static final Dfp ZERO = FIELD.getZero();

  private DfpJudge() {}

  /** The exact value of a finite double. */
  public static Dfp exact(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("value: expected a finite number, got " + value);
    }
    return FIELD.newDfp(value);
  }

  /** {@code 1 / (1 + e^-x)}. */
  public static Dfp sigmoid(double x) {
    if (x < -1000) {
      return ZERO; // e^-1000 is far below every float, and e^1e9 takes for ever
    }
    return ONE.divide(ONE.add(exponential(exact(x).negate())));
  }

  /** {@code -w (pw t log s(x) + (1 - t) log(1 - s(x)))}, s the sigmoid. */
  public static Dfp binaryCrossEntropyWithLogits(double x, double t, double weight, double pw) {
    return binaryCrossEntropyWithLogits(x, exact(t), weight, pw);
  }

  /** The same of a target such as {@link #smoothed}. */
  public static Dfp binaryCrossEntropyWithLogits(double x, Dfp t, double weight, double pw) {
    Dfp ofTrue = exact(pw).multiply(t).multiply(minusLogSigmoid(exact(x)));
    Dfp ofFalse = ONE.subtract(t).multiply(minusLogSigmoid(exact(x).negate()));
    return exact(weight).multiply(ofTrue.add(ofFalse));
  }

  /** {@code w ((1 - t) s(x) - pw t (1 - s(x)))}: the derivative of the loss by x. */
  public static Dfp binaryCrossEntropyWithLogitsGradient(
      double x, double t, double weight, double pw) {
    return binaryCrossEntropyWithLogitsGradient(x, exact(t), weight, pw);
  }

  /** The same of a target such as {@link #smoothed}. */
  public static Dfp binaryCrossEntropyWithLogitsGradient(
      double x, Dfp t, double weight, double pw) {
    Dfp ofFalse = ONE.subtract(t).multiply(sigmoid(x));
    Dfp ofTrue = exact(pw).multiply(t).multiply(sigmoid(-x));
    return exact(weight).multiply(ofFalse.subtract(ofTrue));
  }

  /** {@code -w (t max(log p, -100) + (1 - t) max(log(1 - p), -100))}. */
  public static Dfp binaryCrossEntropy(double p, double t, double weight) {
    return binaryCrossEntropy(p, exact(t), weight);
  }

  /** The same of a target such as {@link #smoothed}. */
  public static Dfp binaryCrossEntropy(double p, Dfp t, double weight) {
    Dfp ofTrue = t.multiply(clampedLog(exact(p)));
    Dfp ofFalse = ONE.subtract(t).multiply(clampedLog(ONE.subtract(exact(p))));
    return exact(weight).multiply(ofTrue.add(ofFalse)).negate();
  }

  /** {@code w (p - t) / max((1 - p) p, 1e-12)}: PyTorch's gradient, which ignores the clamp. */
  public static Dfp binaryCrossEntropyGradient(double p, double t, double weight) {
    return binaryCrossEntropyGradient(p, exact(t), weight);
  }

  /** The same of a target such as {@link #smoothed}. */
  public static Dfp binaryCrossEntropyGradient(double p, Dfp t, double weight) {
    Dfp variance = ONE.subtract(exact(p)).multiply(exact(p));
    Dfp guard = FIELD.newDfp("1e-12");
    Dfp divisor = variance.lessThan(guard) ? guard : variance;
    return exact(weight).multiply(exact(p).subtract(t)).divide(divisor);
  }

  /** {@code t (1 - e) + e / 2}: the target of a binary loss with label smoothing. */
  public static Dfp smoothed(double t, double e) {
    return exact(t).multiply(ONE.subtract(exact(e))).add(exact(e).divide(2));
  }

  /** {@code alpha_t Q^gamma bce}, Q = t (1 - s(x)) + (1 - t) s(x), t in [0, 1]. */
  public static Dfp sigmoidFocal(double x, double t, double pw, double alpha, double gamma) {
    Dfp loss = binaryCrossEntropyWithLogits(x, t, 1, pw);
    return alphaOf(t, alpha).multiply(power(missed(x, t), gamma)).multiply(loss);
  }

  /** {@code alpha_t (Q^gamma bce' + gamma Q^(gamma - 1) Q' bce)}: its derivative by x. */
  public static Dfp sigmoidFocalGradient(
      double x, double t, double pw, double alpha, double gamma) {
    Dfp loss = binaryCrossEntropyWithLogits(x, t, 1, pw);
    Dfp slope = binaryCrossEntropyWithLogitsGradient(x, t, 1, pw);
    Dfp tilt = ONE.subtract(exact(t).multiply(2)).multiply(sigmoid(x)).multiply(sigmoid(-x));
    Dfp missed = missed(x, t);
    Dfp ofPower = exact(gamma).multiply(power(missed, gamma - 1)).multiply(tilt).multiply(loss);
    return alphaOf(t, alpha).multiply(power(missed, gamma).multiply(slope).add(ofPower));
  }

  /** {@code w ((1 - t) + pw t) s(x) (1 - s(x))}: the second derivative of the loss by x. */
  public static Dfp binaryCrossEntropyWithLogitsHessian(double x, Dfp t, double weight, double pw) {
    Dfp mass = ONE.subtract(t).add(exact(pw).multiply(t));
    return exact(weight).multiply(mass).multiply(sigmoid(x)).multiply(sigmoid(-x));
  }

  /** {@code alpha_t (Q^gamma bce)''}, by the product rule. */
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

  private static Dfp power(Dfp base, double exponent) {
    return exponent == 0 ? ONE : exponential(base.log().multiply(exact(exponent)));
  }

  /** {@code t (log t - x)}, t > 0; or {@code e^t (t - x)}. */
  public static Dfp klDiv(double x, double t, boolean logTarget) {
    Dfp p = logTarget ? exponential(exact(t)) : exact(t);
    Dfp logP = logTarget ? exact(t) : exact(t).log();
    return p.multiply(logP.subtract(exact(x)));
  }

  /** {@code log sum_k e^x_k} of one row. */
  public static Dfp logSumExp(float[] x) {
    Dfp max = max(x);
    return max.add(sum(exponentials(x, max)).log());
  }

  /** {@code e^x_c / sum_k e^x_k} of one row. */
  public static Dfp[] softmax(float[] x) {
    Dfp[] p = exponentials(x, max(x));
    Dfp z = sum(p);
    Map<Float, Dfp> known = new HashMap<>();
    for (int c = 0; c < p.length; c++) {
      Dfp e = p[c];
      p[c] = known.computeIfAbsent(x[c], v -> e.divide(z));
    }
    return p;
  }

  /** {@code x_c - log sum_k e^x_k} of one row. */
  public static Dfp[] logSoftmax(float[] x) {
    Dfp max = max(x);
    Dfp logZ = sum(exponentials(x, max)).log();
    Map<Float, Dfp> known = new HashMap<>();
    Dfp[] y = new Dfp[x.length];
    for (int c = 0; c < y.length; c++) {
      y[c] = known.computeIfAbsent(x[c], v -> exact(v).subtract(max).subtract(logZ));
    }
    return y;
  }

  /** {@code -sum_c p_c log p_c} of one row, p its softmax. */
  public static Dfp entropy(float[] x) {
    Dfp[] terms = softmax(x);
    Dfp[] logP = logSoftmax(x);
    for (int c = 0; c < terms.length; c++) {
      terms[c] = terms[c].multiply(logP[c]);
    }
    return sum(terms).negate();
  }

  /** As {@link #crossEntropy(float[], float[], RowOptions)} with q = 1 for class y alone. */
  public static Dfp crossEntropy(float[] x, int y, RowOptions options) {
    return crossEntropy(x, oneHot(x.length, y), options);
  }

  /** Derivative of {@link #crossEntropy(float[], int, RowOptions)} by every logit. */
  public static Dfp[] crossEntropyGradient(float[] x, int y, RowOptions options) {
    return crossEntropyGradient(x, oneHot(x.length, y), options);
  }

  /** {@code -sum_c w_c ((1 - e) q_c + e / C) log p_c + zLoss logsumexp(x)^2} of one row. */
  public static Dfp crossEntropy(float[] x, float[] q, RowOptions options) {
    Dfp[] logP = logSoftmax(x);
    Dfp[] a = coefficients(q, options);
    for (int c = 0; c < a.length; c++) {
      a[c] = a[c].multiply(logP[c]);
    }
    return sum(a).negate().add(zLoss(x, options));
  }

  /** {@code zLoss logsumexp(x)^2} of one row. */
  public static Dfp zLoss(float[] x, RowOptions options) {
    Dfp lse = options.zLoss() == 0 ? ZERO : logSumExp(x);
    return exact(options.zLoss()).multiply(lse).multiply(lse);
  }

  /**
   * {@code p_j (sum_c a_c + 2 zLoss logsumexp(x)) - a_j} with {@code a_c = w_c ((1 - e) q_c + e /
   * C)}, for every j.
   */
  public static Dfp[] crossEntropyGradient(float[] x, float[] q, RowOptions options) {
    Dfp[] gradient = softmax(x);
    Dfp[] a = coefficients(q, options);
    Dfp total = sum(a);
    if (options.zLoss() != 0) {
      total = total.add(exact(2 * options.zLoss()).multiply(logSumExp(x)));
    }
    for (int c = 0; c < a.length; c++) {
      gradient[c] = gradient[c].multiply(total).subtract(a[c]);
    }
    return gradient;
  }

  /** {@code p_j (1 - p_j) sum_c a_c + 2 zLoss (p_j^2 + p_j (1 - p_j) logsumexp(x))}, every j. */
  public static Dfp[] crossEntropyHessian(float[] x, int y, RowOptions options) {
    return crossEntropyHessian(x, oneHot(x.length, y), options);
  }

  /** The same of class probabilities. */
  public static Dfp[] crossEntropyHessian(float[] x, float[] q, RowOptions options) {
    Dfp[] hessian = softmax(x);
    Dfp total = sum(coefficients(q, options));
    Dfp twice = exact(2 * options.zLoss());
    total = options.zLoss() == 0 ? total : total.add(twice.multiply(logSumExp(x)));
    for (int c = 0; c < hessian.length; c++) {
      Dfp p = hessian[c];
      Dfp variance = p.multiply(ONE.subtract(p));
      hessian[c] = variance.multiply(total).add(twice.multiply(p).multiply(p));
    }
    return hessian;
  }

  /** {@code (1 - p_y)^gamma (-log p_y)} of one row. */
  public static Dfp softmaxFocal(float[] x, int y, double gamma) {
    Dfp others = ONE.subtract(softmax(x)[y]);
    return power(others, gamma).multiply(logSoftmax(x)[y].negate());
  }

  /** {@code ((1 - p_y)^gamma - gamma p_y (1 - p_y)^(gamma - 1) log p_y) (p_j - d)}, for every j. */
  public static Dfp[] softmaxFocalGradient(float[] x, int y, double gamma) {
    Dfp[] gradient = softmax(x);
    Dfp others = ONE.subtract(gradient[y]);
    Dfp tilt = exact(gamma).multiply(gradient[y]).multiply(power(others, gamma - 1));
    Dfp factor = power(others, gamma).subtract(tilt.multiply(logSoftmax(x)[y]));
    gradient[y] = gradient[y].subtract(ONE);
    for (int c = 0; c < gradient.length; c++) {
      gradient[c] = gradient[c].multiply(factor);
    }
    return gradient;
  }

  /**
   * {@code b KL(t | M) + (1 - b) KL(s | M)} with {@code M = b t + (1 - b) s}, of the softmaxes of
   * two rows over a temperature; with b = 0 KL(t | s), with b = 1 KL(s | t).
   *
   * @param x logits of the student, s
   * @param z logits of the teacher, t
   */
  public static Dfp distillation(float[] x, float[] z, double beta, double temperature) {
    Dfp[] s = softmax(x, temperature);
    Dfp[] t = softmax(z, temperature);
    if (beta == 0 || beta == 1) {
      return beta == 0 ? divergence(t, s) : divergence(s, t);
    }
    Dfp[] m = mixture(s, t, beta);
    Dfp ofTeacher = exact(beta).multiply(divergence(t, m));
    return ofTeacher.add(ONE.subtract(exact(beta)).multiply(divergence(s, m)));
  }

  /** Its derivative by every x. */
  public static Dfp[] distillationGradient(float[] x, float[] z, double beta, double temperature) {
    Dfp[] s = softmax(x, temperature);
    Dfp[] t = softmax(z, temperature);
    Dfp[] gradient = new Dfp[x.length];
    // KL(t | s): s - t. The others: (1 - b) s (log(s / M) - sum s log(s / M)), M = t where b is 1.
    Dfp[] m = beta == 1 ? t : mixture(s, t, beta);
    Dfp factor = beta == 1 ? ONE : ONE.subtract(exact(beta));
    Dfp mean = beta == 0 ? null : divergence(s, m);
    for (int c = 0; c < gradient.length; c++) {
      gradient[c] =
          beta == 0
              ? s[c].subtract(t[c])
              : factor.multiply(s[c]).multiply(s[c].divide(m[c]).log().subtract(mean));
      gradient[c] = gradient[c].divide(exact(temperature));
    }
    return gradient;
  }

  private static Dfp[] mixture(Dfp[] s, Dfp[] t, double beta) {
    Dfp[] m = new Dfp[s.length];
    for (int c = 0; c < m.length; c++) {
      Dfp ofStudent = ONE.subtract(exact(beta)).multiply(s[c]);
      m[c] = exact(beta).multiply(t[c]).add(ofStudent);
    }
    return m;
  }

  /** {@code sum p log(p / q)}. */
  private static Dfp divergence(Dfp[] p, Dfp[] q) {
    Dfp sum = ZERO;
    for (int c = 0; c < p.length; c++) {
      sum = p[c].isZero() ? sum : sum.add(p[c].multiply(p[c].divide(q[c]).log()));
    }
    return sum;
  }

  private static Dfp[] softmax(float[] x, double temperature) {
    Dfp max = max(x);
    Dfp[] e = new Dfp[x.length];
    for (int c = 0; c < e.length; c++) {
      e[c] = exponential(exact(x[c]).subtract(max).divide(exact(temperature)));
    }
    Dfp total = sum(e);
    for (int c = 0; c < e.length; c++) {
      e[c] = e[c].divide(total);
    }
    return e;
  }

  /** {@code cap tanh(x / cap) / temperature}; without a cap if that is 0. */
  public static Dfp transformed(double x, double cap, double temperature) {
    if (cap == 0) {
      return exact(x).divide(exact(temperature));
    }
    Dfp size = exact(Math.abs(x)).divide(exact(cap)).multiply(2);
    Dfp e = exponential(size.negate());
    // Below 1e-30 the difference to 1 would run out of digits: tanh(a) = a (1 - a^2 / 3).
    Dfp tanh =
        size.lessThan(FIELD.newDfp("1e-30")) ? size.divide(2) : ONE.subtract(e).divide(ONE.add(e));
    Dfp y = exact(cap).multiply(tanh).divide(exact(temperature));
    return x < 0 ? y.negate() : y;
  }

  /** {@code log(1 + e^-x)}. */
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

  private static Dfp[] coefficients(float[] q, RowOptions options) {
    float[] weight = options.weight();
    Dfp smoothing = exact(options.labelSmoothing());
    Dfp spread = smoothing.divide(exact(q.length));
    Dfp[] a = new Dfp[q.length];
    for (int c = 0; c < a.length; c++) {
      boolean again = c > 0 && q[c] == q[c - 1] && (weight == null || weight[c] == weight[c - 1]);
      if (again) {
        a[c] = a[c - 1];
        continue;
      }
      Dfp smoothed = exact(q[c]).multiply(ONE.subtract(smoothing)).add(spread);
      a[c] = weight == null ? smoothed : exact(weight[c]).multiply(smoothed);
    }
    return a;
  }

  private static float[] oneHot(int classes, int y) {
    float[] q = new float[classes];
    q[y] = 1;
    return q;
  }

  /**
   * e^(x_k - max): the shift is exact to all digits and keeps e^x inside Dfp's range. Equal logits
   * have one exponential.
   */
  private static Dfp[] exponentials(float[] x, Dfp max) {
    Map<Float, Dfp> known = new HashMap<>();
    Dfp[] e = new Dfp[x.length];
    for (int k = 0; k < e.length; k++) {
      e[k] = known.computeIfAbsent(x[k], v -> exponential(exact(v).subtract(max)));
    }
    return e;
  }

  /** 0 for e^-1000, which is below the last digit, and far below every float. */
  private static Dfp exponential(Dfp x) {
    return x.lessThan(FIELD.newDfp(-1000)) ? ZERO : x.exp();
  }

  private static Dfp max(float[] x) {
    float max = x[0];
    for (float v : x) {
      max = v > max ? v : max;
    }
    return exact(max);
  }

  private static Dfp sum(Dfp[] terms) {
    Dfp sum = ZERO;
    for (Dfp term : terms) {
      sum = sum.add(term);
    }
    return sum;
  }
}
