package io.github.fusedloss.reference;

import static io.github.fusedloss.reference.DfpJudge.ONE;
import static io.github.fusedloss.reference.DfpJudge.ZERO;
import static io.github.fusedloss.reference.DfpJudge.exact;
import static io.github.fusedloss.reference.DfpJudge.exponential;
import static io.github.fusedloss.reference.DfpJudge.power;

import java.util.HashMap;
import java.util.Map;
import org.apache.commons.math3.dfp.Dfp;

/**
 * The losses of rows and their gradients in 120 decimal digits; {@link DfpJudge} has those of
 * elements. A row is the C logits of one sample, all of them finite.
 */
public final class DfpRows {
  private DfpRows() {}

  /** Returns {@code log sum_k e^x_k} of one row. */
  public static Dfp logSumExp(float[] x) {
    Dfp max = max(x);
    return max.add(sum(exponentials(x, max)).log());
  }

  /** Returns {@code e^x_c / sum_k e^x_k} of one row. */
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

  /** Returns {@code x_c - log sum_k e^x_k} of one row. */
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

  /** Returns {@code -sum_c p_c log p_c} of one row, p its softmax. */
  public static Dfp entropy(float[] x) {
    Dfp[] terms = softmax(x);
    Dfp[] logP = logSoftmax(x);
    for (int c = 0; c < terms.length; c++) {
      terms[c] = terms[c].multiply(logP[c]);
    }
    return sum(terms).negate();
  }

  /** Returns {@link #crossEntropy(float[], float[], RowOptions)} with q = 1 for class y alone. */
  public static Dfp crossEntropy(float[] x, int y, RowOptions options) {
    return crossEntropy(x, oneHot(x.length, y), options);
  }

  /** Returns the derivative of {@link #crossEntropy(float[], int, RowOptions)} by every logit. */
  public static Dfp[] crossEntropyGradient(float[] x, int y, RowOptions options) {
    return crossEntropyGradient(x, oneHot(x.length, y), options);
  }

  /** Returns {@code -sum_c w_c ((1 - e) q_c + e / C) log p_c + zLoss logsumexp(x)^2} of one row. */
  public static Dfp crossEntropy(float[] x, float[] q, RowOptions options) {
    Dfp[] logP = logSoftmax(x);
    Dfp[] a = coefficients(q, options);
    for (int c = 0; c < a.length; c++) {
      a[c] = a[c].multiply(logP[c]);
    }
    return sum(a).negate().add(zLoss(x, options));
  }

  /** Returns {@code zLoss logsumexp(x)^2} of one row. */
  public static Dfp zLoss(float[] x, RowOptions options) {
    Dfp lse = options.zLoss() == 0 ? ZERO : logSumExp(x);
    return exact(options.zLoss()).multiply(lse).multiply(lse);
  }

  /**
   * Returns {@code p_j (sum_c a_c + 2 zLoss logsumexp(x)) - a_j} with {@code a_c = w_c ((1 - e) q_c
   * + e / C)}, for every j.
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

  /**
   * Returns {@code p_j (1 - p_j) sum_c a_c + 2 zLoss (p_j^2 + p_j (1 - p_j) logsumexp(x))} for
   * every j.
   */
  public static Dfp[] crossEntropyHessian(float[] x, int y, RowOptions options) {
    return crossEntropyHessian(x, oneHot(x.length, y), options);
  }

  /**
   * Returns the second derivatives for class probabilities q, see {@link
   * #crossEntropyHessian(float[], int, RowOptions)}.
   */
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

  /** Returns {@code (1 - p_y)^gamma (-log p_y)} of one row. */
  public static Dfp softmaxFocal(float[] x, int y, double gamma) {
    Dfp others = ONE.subtract(softmax(x)[y]);
    return power(others, gamma).multiply(logSoftmax(x)[y].negate());
  }

  /**
   * Returns {@code ((1 - p_y)^gamma - gamma p_y (1 - p_y)^(gamma - 1) log p_y) (p_j - d)} for every
   * j, where d is 1 for j = y and else 0.
   */
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

  /** Returns {@code ((1 - p_y)^gamma (-log p_y))''} by every logit, by the product rule. */
  public static Dfp[] softmaxFocalHessian(float[] x, int y, double gamma) {
    Dfp[] p = softmax(x);
    Dfp own = p[y];
    Dfp others = ONE.subtract(own);
    Dfp loss = logSoftmax(x)[y].negate();
    Dfp first = exact(gamma).multiply(power(others, gamma - 1));
    Dfp second = exact(gamma).multiply(exact(gamma - 1)).multiply(power(others, gamma - 2));
    Dfp[] hessian = new Dfp[x.length];
    for (int c = 0; c < hessian.length; c++) {
      Dfp away = (c == y ? ONE : ZERO).subtract(p[c]);
      Dfp variance = p[c].multiply(ONE.subtract(p[c]));
      Dfp slope = own.multiply(away).negate(); // the derivative of 1 - p_y
      Dfp bend = own.multiply(variance.subtract(away.multiply(away)));
      Dfp ofPower = second.multiply(slope).multiply(slope).add(first.multiply(bend));
      Dfp both = first.multiply(slope).multiply(away).multiply(exact(-2));
      Dfp ofLoss = power(others, gamma).multiply(variance);
      hessian[c] = ofPower.multiply(loss).add(both).add(ofLoss);
    }
    return hessian;
  }

  /**
   * Returns {@code b KL(t | M) + (1 - b) KL(s | M)} with {@code M = b t + (1 - b) s}, of the
   * softmaxes of two rows over a temperature; with b = 0 KL(t | s), with b = 1 KL(s | t).
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

  /** Returns the derivative of {@link #distillation} by every x. */
  public static Dfp[] distillationGradient(float[] x, float[] z, double beta, double temperature) {
    Dfp[] s = softmax(x, temperature);
    Dfp[] t = softmax(z, temperature);
    Dfp[] gradient = new Dfp[x.length];
    // For KL(t | s) it is s - t. For the others it is (1 - b) s (log(s / M) - sum s log(s / M)),
    // where M = t and the factor is 1 if b is 1.
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

  /** Returns {@code sum p log(p / q)}. */
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
   * Returns e^(x_k - max). The shift is exact to all digits, and keeps e^x inside Dfp's range.
   * Equal logits share one exponential.
   */
  private static Dfp[] exponentials(float[] x, Dfp max) {
    Map<Float, Dfp> known = new HashMap<>();
    Dfp[] e = new Dfp[x.length];
    for (int k = 0; k < e.length; k++) {
      e[k] = known.computeIfAbsent(x[k], v -> exponential(exact(v).subtract(max)));
    }
    return e;
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
