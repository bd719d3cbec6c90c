package io.github.fusedloss.reference;

import java.util.Arrays;
import org.apache.commons.math3.analysis.differentiation.DerivativeStructure;

/**
 * Cross entropy {@code -sum_c w_c q_c log softmax(x)_c} of every row, with its gradient by
 * automatic differentiation: the definition in the documentation of PyTorch's {@code
 * CrossEntropyLoss}. There q are the class probabilities after label smoothing, {@code (1 - e) q +
 * e / C}, and a class index y means probability 1 for y.
 *
 * <p>Losses with coefficients {@code w_c q_c} of one sign, and gradients of class indices without
 * label smoothing, have a relative error below 2e-14 where the exact magnitude is at least 1e-55
 * (times the weight), see {@link ReferencePrimitives}. Other gradients have roots; there the error
 * is below 2e-14 times {@code sum_c |w_c q_c|}.
 *
 * <p>The z-loss of a row is {@code zLoss * logsumexp(x)^2}, and has an absolute error below 2e-14
 * {@code zLoss * max(1, |max|)^2}.
 *
 * <p>A logit of -Infinity has probability 0; its loss is +Infinity times its coefficient, and 0
 * where the coefficient is 0. A row that holds NaN or +Infinity, or nothing but -Infinity, or meets
 * a NaN coefficient, has loss NaN and gradient NaN throughout.
 */
public final class ReferenceCrossEntropy {
  private ReferenceCrossEntropy() {}

  /**
   * Returns cross entropy with class indices. A row whose target is {@code ignoreIndex} is exactly
   * 0 in loss, weight and gradient, whatever its logits; the others weigh {@code weight[target]} in
   * the mean.
   *
   * @param logits (n, classes, inner)
   * @param targets (n, inner) class indices
   * @throws IllegalArgumentException if a size or a length is out of range
   * @throws IndexOutOfBoundsException if a target is neither a class nor {@code ignoreIndex}
   */
  public static ReferenceLoss ofIndices(
      float[] logits, int n, int classes, int inner, long[] targets, RowOptions options) {
    RowLayout layout = checked("logits", logits, n, classes, inner, options.weight());
    double smoothing = options.labelSmoothing();
    requireTargets(layout, targets, options.ignoreIndex());
    RowResults rows = new RowResults(layout, options.zLoss());
    for (int r = 0; r < layout.rows(); r++) {
      if (targets[r] != options.ignoreIndex()) {
        int y = (int) targets[r];
        double[] coefficients = new double[classes];
        for (int c = 0; c < classes; c++) {
          double q = (c == y ? 1 - smoothing : 0) + smoothing / classes;
          // Without smoothing only the target's weight is read, so only that can be NaN.
          coefficients[c] = q == 0 && c != y ? 0 : options.weight(c) * q;
        }
        rows.setLoss(r, layout.row(logits, r), coefficients, options.weight(y));
      }
    }
    return rows.result();
  }

  /**
   * Returns cross entropy with class probabilities, which need not sum to 1. Every row weighs 1 in
   * the mean.
   *
   * @param logits (n, classes, inner)
   * @param targets (n, classes, inner) probabilities
   * @throws IllegalArgumentException if a size or a length is out of range
   */
  public static ReferenceLoss ofProbabilities(
      float[] logits, int n, int classes, int inner, float[] targets, RowOptions options) {
    RowLayout layout = checked("logits", logits, n, classes, inner, options.weight());
    RowLayout.requireLength("targets", targets.length, layout.elements());
    double smoothing = options.labelSmoothing();
    RowResults rows = new RowResults(layout, options.zLoss());
    for (int r = 0; r < layout.rows(); r++) {
      double[] coefficients = layout.row(targets, r);
      for (int c = 0; c < classes; c++) {
        coefficients[c] =
            options.weight(c) * (coefficients[c] * (1 - smoothing) + smoothing / classes);
      }
      rows.setLoss(r, layout.row(logits, r), coefficients, 1);
    }
    return rows.result();
  }

  /**
   * Returns the negative log-likelihood {@code -w_y l_y} of log-probabilities l. Only the target's
   * element of a row is read; a NaN there makes the loss and that element's gradient NaN.
   *
   * @param logProbabilities (n, classes, inner)
   * @param targets (n, inner) class indices
   * @param weight (classes), or null for 1
   * @param ignoreIndex may lie inside or outside [0, classes)
   * @throws IllegalArgumentException if a size or a length is out of range
   * @throws IndexOutOfBoundsException if a target is neither a class nor {@code ignoreIndex}
   */
  public static ReferenceLoss nllLoss(
      float[] logProbabilities,
      int n,
      int classes,
      int inner,
      long[] targets,
      float[] weight,
      long ignoreIndex) {
    RowLayout layout = checked("logProbabilities", logProbabilities, n, classes, inner, weight);
    requireTargets(layout, targets, ignoreIndex);
    RowResults rows = new RowResults(layout, 0);
    for (int r = 0; r < layout.rows(); r++) {
      if (targets[r] != ignoreIndex) {
        int y = (int) targets[r];
        int i = layout.index(r, y);
        double w = weight == null ? 1 : weight[y];
        DerivativeStructure l = new DerivativeStructure(1, 1, 0, logProbabilities[i]);
        DerivativeStructure loss = l.multiply(w).negate();
        rows.counted[r] = true;
        rows.weight[r] = w;
        // Zero weight on an infinite loss is 0, the limit; IEEE would say NaN.
        rows.loss[r] = w == 0 && Double.isInfinite(l.getValue()) ? 0 : loss.getValue();
        rows.gradient[i] = Double.isNaN(l.getValue()) ? Double.NaN : loss.getPartialDerivative(1);
      }
    }
    return rows.result();
  }

  /** The arrays of a result. They are 0 until a row is set, as an ignored row must be. */
  private static final class RowResults {
    final RowLayout layout;
    final double[] loss;
    final double[] weight;
    final boolean[] counted;
    final double[] gradient;
    final double zLoss;
    final double[] z;
    final double[] zGradient;

    RowResults(RowLayout layout, double zLoss) {
      this.layout = layout;
      this.zLoss = zLoss;
      z = new double[layout.rows()];
      zGradient = new double[zLoss == 0 ? 0 : layout.elements()];
      loss = new double[layout.rows()];
      weight = new double[layout.rows()];
      counted = new boolean[layout.rows()];
      gradient = new double[layout.elements()];
    }

    void setLoss(int r, double[] x, double[] coefficients, double rowWeight) {
      counted[r] = true;
      weight[r] = rowWeight;
      double[] rowGradient = new double[x.length];
      loss[r] = lossAndGradient(x, coefficients, rowGradient);
      for (int c = 0; c < x.length; c++) {
        gradient[layout.index(r, c)] = rowGradient[c];
      }
      if (zLoss != 0) {
        z[r] = zLossAndGradient(x, zLoss, rowGradient);
        for (int c = 0; c < x.length; c++) {
          zGradient[layout.index(r, c)] = rowGradient[c];
        }
      }
    }

    ReferenceLoss result() {
      int classes = layout.classes();
      int inner = layout.inner();
      double[] ones = new double[loss.length];
      for (int r = 0; r < ones.length; r++) {
        ones[r] = counted[r] ? 1 : 0;
      }
      ReferenceLoss ofZ =
          zLoss == 0 ? null : new ReferenceLoss(z, ones, counted, zGradient, classes, inner);
      return new ReferenceLoss(loss, weight, counted, gradient, classes, inner, ofZ);
    }
  }

  /**
   * Returns {@code sum_c a_c (-log p_c)}, and finds its gradient. As a function of one logit x_j
   * the softmax depends on the others only by R_j, the sum of their exponentials, so O(1) of
   * automatic differentiation per class gives the whole gradient. With {@code Z = R_j + e^x_j} the
   * loss is {@code a_j (-log(e^x_j / Z)) + (sum of the other a) log Z} plus what does not depend on
   * x_j.
   */
  private static double lossAndGradient(double[] x, double[] a, double[] gradient) {
    double max = ReferencePrimitives.max(x);
    if (!Double.isFinite(max) || Double.isNaN(ReferencePrimitives.sum(a))) {
      Arrays.fill(gradient, Double.NaN);
      return Double.NaN;
    }
    // The largest logit is subtracted as a constant: a common shift does not change the softmax.
    double[] terms = ReferencePrimitives.exponentials(x, max);
    double[] otherTerms = ReferencePrimitives.sumsOfOthers(terms);
    double[] otherA = ReferencePrimitives.sumsOfOthers(a);
    double[] losses = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      if (x[j] == Double.NEGATIVE_INFINITY) {
        losses[j] = a[j] == 0 ? 0 : a[j] * Double.POSITIVE_INFINITY;
        gradient[j] = 0 - a[j]; // the limit: p_j is 0
        continue;
      }
      DerivativeStructure xj = new DerivativeStructure(1, 1, 0, x[j] - max);
      DerivativeStructure logZ = xj.exp().add(otherTerms[j]).log();
      // -log p as a difference of logs has all its digits only while p is no more than one half.
      DerivativeStructure minusLogP =
          terms[j] > otherTerms[j]
              ? xj.negate().exp().multiply(otherTerms[j]).log1p()
              : logZ.subtract(xj);
      losses[j] = a[j] * minusLogP.getValue();
      gradient[j] = minusLogP.multiply(a[j]).add(logZ.multiply(otherA[j])).getPartialDerivative(1);
    }
    return ReferencePrimitives.sum(losses);
  }

  /**
   * Returns {@code zLoss * logsumexp(x)^2}, and finds its gradient; NaN for a row without a
   * softmax.
   */
  private static double zLossAndGradient(double[] x, double zLoss, double[] gradient) {
    double max = ReferencePrimitives.max(x);
    if (!Double.isFinite(max)) {
      Arrays.fill(gradient, Double.NaN);
      return Double.NaN;
    }
    double[] otherTerms =
        ReferencePrimitives.sumsOfOthers(ReferencePrimitives.exponentials(x, max));
    double loss = 0;
    for (int j = 0; j < x.length; j++) {
      if (x[j] == Double.NEGATIVE_INFINITY) {
        gradient[j] = 0; // the limit: p_j is 0
        continue;
      }
      DerivativeStructure xj = new DerivativeStructure(1, 1, 0, x[j] - max);
      DerivativeStructure lse = xj.exp().add(otherTerms[j]).log().add(max);
      DerivativeStructure z = lse.multiply(lse).multiply(zLoss);
      loss = z.getValue();
      gradient[j] = z.getPartialDerivative(1);
    }
    return loss;
  }

  private static RowLayout checked(
      String name, float[] input, int n, int classes, int inner, float[] weight) {
    RowLayout layout = new RowLayout(n, classes, inner);
    RowLayout.requireLength(name, input.length, layout.elements());
    if (weight != null) {
      RowLayout.requireLength("weight", weight.length, classes);
    }
    return layout;
  }

  private static void requireTargets(RowLayout layout, long[] targets, long ignoreIndex) {
    RowLayout.requireLength("targets", targets.length, layout.rows());
    for (int r = 0; r < targets.length; r++) {
      if (targets[r] != ignoreIndex && (targets[r] < 0 || targets[r] >= layout.classes())) {
        throw new IndexOutOfBoundsException(
            "targets["
                + r
                + "]: expected a class in [0, "
                + layout.classes()
                + ") or "
                + ignoreIndex
                + ", got "
                + targets[r]);
      }
    }
  }
}
