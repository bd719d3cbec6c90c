package io.github.fusedloss.verify;

import java.util.Locale;

/**
 * How exact each result is. docs/numerics.md quotes these limits, {@link KernelSuite} and {@link
 * ReferenceCheck} judge by them, and the tests and {@code ci/accuracy} try to break them.
 *
 * <p>A result keeps its promise if it is within so many ULP of the exact value, or within so many
 * times 2^-22 of the size of the terms that the value is made of. ULP alone is promised where the
 * terms do not cancel. Numbers below the least normal float may be off by {@link #lost} besides;
 * the reference check has the bounds of {@link LowEnd} there.
 *
 * <p>The numbers below are: ULP, ULP more for each factor of a gradient, and terms. If there are
 * terms, the comment says what they are; f is the factor of the gradient.
 */
public enum Promise {
  /** Losses of logits, t = 0 or 1, without weights. */
  BINARY_HARD_LOSS(1, 0, 0),
  /** Losses of logits, t = 0 or 1, with weight or pos_weight. */
  BINARY_HARD_WEIGHTED_LOSS(1.5, 0, 0),
  /** Losses of logits, t in [0, 1]. */
  BINARY_SOFT_LOSS(2, 0, 0),
  /** Losses of binary_cross_entropy. */
  PROBABILITY_LOSS(1, 0, 0),
  /** Losses of both binary cross entropies, with weight times row weight, a rounded product. */
  BINARY_ROW_WEIGHTED_LOSS(2.5, 0, 0),
  /** Losses of sigmoid_focal_loss, t = 0 or 1; each unit of gamma counts as a factor. */
  FOCAL_HARD_LOSS(3, 1, 0),
  /** Losses of sigmoid_focal_loss, t in [0, 1]; each unit of gamma counts as a factor. */
  FOCAL_SOFT_LOSS(4, 2, 0),
  /** Losses of kl_div. Terms: w p log p and w p x, p the target's probability. */
  DIVERGENCE_LOSS(2, 0, 1),
  /** Losses of rows with class indices, and of nll_loss. */
  ROW_LOSS(2, 0, 0),
  /** Losses of rows with label smoothing or class probabilities. */
  ROW_SOFT_LOSS(2, 0, 0),
  /** {@code Output.ENTROPY}; {@code Output.TARGET_LOG_PROBABILITY} is as exact as a loss. */
  ROW_ENTROPY(3, 0, 0),
  /** Losses of softmax_focal_loss; each unit of gamma counts as a factor. */
  FOCAL_ROW_LOSS(3, 2, 0),
  /** Losses of distillation, for a beta of a JSD in [0.1, 0.9]. */
  DISTILLATION_LOSS(8, 0, 0),
  /** Sum and mean of losses. */
  REDUCED_LOSS(2, 0, 0),
  /** {@code LossResult.sum()}, a double. Terms: the losses. */
  TOTAL(0, 0, 1),
  /** {@code LossResult.weightSum()}. */
  WEIGHT_SUM(1, 0, 0),
  /** Gradients of logits, t = 0 or 1. */
  BINARY_HARD_GRADIENT(4, 1, 0),
  /** Gradients of logits, t in [0, 1]. Terms: f w (1 - t) s(x) and f w pos_weight t s(-x). */
  BINARY_SOFT_GRADIENT(0, 0, 2),
  /** Gradients of binary_cross_entropy. */
  PROBABILITY_GRADIENT(4, 1, 0),
  /**
   * Gradients of binary_cross_entropy with label smoothing. Terms: f w (p + t) / max((1 - p) p,
   * 1e-12).
   */
  PROBABILITY_SMOOTHED_GRADIENT(4, 1, 0x1p-22),
  /** Gradients of sigmoid_focal_loss, t = 0 or 1; each unit of gamma counts as a factor. */
  FOCAL_HARD_GRADIENT(6, 1, 0),
  /**
   * Gradients of sigmoid_focal_loss, t in [0, 1]; a is f w alpha_t Q^gamma. Terms, times 1 + gamma:
   * a (1 - t) s(x), a pos_weight t s(-x), and a gamma bce abs(Q' / Q).
   */
  FOCAL_SOFT_GRADIENT(0, 0, 4),
  /** Gradients of softmax_focal_loss; each unit of gamma counts as a factor. */
  FOCAL_ROW_GRADIENT(6, 2, 0),
  /** Gradients of kl_div. */
  DIVERGENCE_GRADIENT(2, 1, 0),
  /** Gradients of rows with class indices, and of nll_loss. */
  ROW_HARD_GRADIENT(4, 0, 0),
  /**
   * Gradients of rows with label smoothing or class probabilities; a is the target as used. Terms:
   * f p_c sum(w a) and f w_c a_c.
   */
  ROW_SOFT_GRADIENT(0, 0, 1),
  /**
   * Gradients of distillation, for a beta of a JSD in [0.1, 0.9]; s and t are the probabilities of
   * student and teacher, T the temperature. Terms, times f / T (f T, if squared): max(s, t) sum
   * abs(s - t); besides for forward KL abs(s - t), for reverse KL s abs(log(s / t)) and s times the
   * loss, for a JSD with its mixture M s abs(log(s / M)) and s KL(s | M).
   */
  DISTILLATION_GRADIENT(4, 0, 4),
  /** What a z-loss adds to the loss of a row. Terms: lambda abs(lse) max(1, abs(max)). */
  ROW_Z_LOSS(2, 0, 1),
  /**
   * Gradients of rows with a z-loss. Terms: for class indices without label smoothing f w p_c, at
   * the target f w (1 - p_c), otherwise those of {@link #ROW_SOFT_GRADIENT}; and 2 f lambda p_c
   * max(1, abs(max), abs(lse)), with the f of the z-loss.
   */
  ROW_Z_GRADIENT(4, 0, 1),
  /** Second derivatives of binary_cross_entropy_with_logits. */
  BINARY_HESSIAN(5, 1, 0),
  /**
   * Second derivatives of sigmoid_focal_loss. Terms, for each unit of 1 + gamma: f w alpha_t
   * Q^gamma times B'', 2 gamma r abs(B'), gamma r B and gamma abs(gamma - 1) r^2 B, where Q is how
   * much of the target was missed, r = abs(Q' / Q), and B binary cross entropy.
   */
  FOCAL_HESSIAN(0, 0, 4),
  /**
   * Second derivatives of softmax_focal_loss. Terms, for each unit of 1 + gamma: f w_y O^gamma,
   * where O is the probability of all classes but y, times p_c (1 - p_c) (1 + gamma p_y l / O), l =
   * -log p_y, and gamma p_y (l (1 + gamma p_y) / O + 2) p_c^2 / O, at y O in the place of p_c^2 /
   * O.
   */
  FOCAL_ROW_HESSIAN(0, 0, 2),
  /** Second derivatives of rows. */
  ROW_HESSIAN(6, 0, 0),
  /**
   * Second derivatives of rows with a z-loss. Terms: f p_c sum(w a), and 2 f lambda p_c max(1,
   * abs(lse)).
   */
  ROW_Z_HESSIAN(6, 0, 2),
  /** sigmoid. */
  SIGMOID(1, 0, 0),
  /** softmax. */
  SOFTMAX(4, 0, 0),
  /** log_softmax. */
  LOG_SOFTMAX(2, 0, 0),
  /** logsumexp. Terms: max(1, abs(max)). */
  LOG_SUM_EXP(2, 0, 1),
  /** Sum and mean of a tensor. Terms: the elements. */
  TENSOR_SUM(2, 0, 0x1p-18);

  /** The unit in which {@link #terms} counts. */
  public static final double TERM = 0x1p-22;

  /**
   * Promises hold if weights, pos_weight, upstream and denominators are 0, or of at least this
   * magnitude.
   */
  public static final double LEAST_FACTOR = 0x1p-20;

  /**
   * Promises hold if weights, pos_weight, upstream and denominators are at most of this magnitude.
   */
  public static final double LARGEST_FACTOR = 0x1p20;

  /**
   * Promises hold if twice the largest logit, times all factors and the number of terms, is below
   * this.
   */
  public static final double LARGEST_VALUE = 0x1p127;

  private final double ulps;
  private final double perFactor;
  private final double terms;

  Promise(double ulps, double perFactor, double terms) {
    this.ulps = ulps;
    this.perFactor = perFactor;
    this.terms = terms;
  }

  /** Returns the limit in ULP; 0 if none holds. */
  public double ulps() {
    return ulps(0);
  }

  /**
   * Returns the limit in ULP; 0 if none holds.
   *
   * @param factors how many of these there are: weight, pos_weight, upstream, and the mean's
   *     denominator
   */
  public double ulps(int factors) {
    return ulps + perFactor * factors;
  }

  /** Returns the limit in 2^-22 of the size of the terms; 0 if there is only a limit in ULP. */
  public double terms() {
    return terms;
  }

  /**
   * Returns the limit in words.
   *
   * @param factors as for {@link #ulps(int)}
   */
  public String limit(int factors) {
    String inUlps = number(ulps(factors)) + " ULP";
    String inTerms = number(terms) + " x 2^-22 of the terms";
    return terms == 0 ? inUlps : ulps == 0 ? inTerms : inUlps + " or " + inTerms;
  }

  /**
   * Returns how far a value may be off besides, absolutely, because of the lower end of the range
   * of floats. Subnormal numbers in between are multiples of 2^-149, and smaller exponentials are
   * dropped. These errors are multiplied by weights, and added up.
   *
   * @param value the exact value
   * @param factors product of those factors (weights, upstream, ...) that are above 1
   * @param size the factor of the softmax of a row, for a gradient; 1 for elements
   * @param classes the classes of a row, 1 for an element
   * @param count how many rows or elements are added up
   * @param soft whether there is label smoothing or there are class probabilities
   */
  public double lost(
      double value, double factors, double size, int classes, double count, boolean soft) {
    double unit = soft ? LowEnd.SOFT_UNIT : Float.MIN_VALUE;
    double lost = factors * Math.max(1, classes / 2.0) * count * unit;
    lost *= ulps == 0 ? 2 : 1; // the last rounding is not part of a limit in ULP
    boolean row = this == ROW_HARD_GRADIENT || this == ROW_SOFT_GRADIENT || this == SOFTMAX;
    return row ? Math.max(lost, LowEnd.gradient(value, size, classes)) : lost;
  }

  /** Returns a number as text, without a decimal point if possible. */
  static String number(double value) {
    if (value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    return value < 0.001
        ? "2^" + Math.getExponent(value)
        : String.format(Locale.ROOT, "%.4f", value).replaceAll("0+$", "");
  }
}
