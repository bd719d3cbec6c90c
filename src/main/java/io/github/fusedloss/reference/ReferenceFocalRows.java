package io.github.fusedloss.reference;

import java.util.Arrays;
import org.apache.commons.math3.analysis.differentiation.DerivativeStructure;

/**
 * Focal loss of rows, {@code w_y (1 - p_y)^gamma (-log p_y)}, p the softmax: the definition for
 * several classes of Lin et al. 2017, with its gradient and second derivative by automatic
 * differentiation. The relative error of loss and gradient is below 2e-14 (1 + gamma) where the
 * exact magnitude is at least 1e-55; second derivatives consist of terms of both signs.
 */
public final class ReferenceFocalRows {
  private ReferenceFocalRows() {}

  /**
   * Returns focal loss with class indices. Ignored rows, weights and rows without a softmax are as
   * in {@link ReferenceCrossEntropy#ofIndices}.
   *
   * @param logits (n, classes, inner)
   * @param targets (n, inner) class indices
   * @param options without label smoothing
   */
  public static ReferenceLoss ofIndices(
      float[] logits,
      int n,
      int classes,
      int inner,
      long[] targets,
      RowOptions options,
      double gamma) {
    // This checks the arguments, and finds weights, which rows count, and which have no softmax.
    ReferenceLoss plain =
        ReferenceCrossEntropy.ofIndices(logits, n, classes, inner, targets, options);
    RowLayout layout = new RowLayout(n, classes, inner);
    double[] loss = plain.loss().clone();
    double[] gradient = plain.gradient().clone();
    for (int r = 0; r < layout.rows(); r++) {
      double[] x = layout.row(logits, r);
      int y = (int) targets[r];
      boolean usual = plain.counted()[r] && !Double.isNaN(loss[r]) && gamma != 0;
      if (!usual || x[y] == Double.NEGATIVE_INFINITY) {
        continue; // with 1 - p_y = 1 it is cross entropy
      }
      double w = options.weight(y);
      double[] rowGradient = new double[classes];
      loss[r] = w * row(x, y, gamma, 1, rowGradient);
      for (int c = 0; c < classes; c++) {
        gradient[layout.index(r, c)] = w * rowGradient[c];
      }
    }
    return new ReferenceLoss(loss, plain.weight(), plain.counted(), gradient, classes, inner);
  }

  /** Returns the second derivatives of one row by every logit, with weight 1. */
  public static double[] hessian(double[] x, int y, double gamma) {
    double[] hessian = new double[x.length];
    row(x, y, gamma, 2, hessian);
    return hessian;
  }

  /**
   * Returns the loss with weight 1. As a function of one logit it depends on the others only by two
   * sums.
   *
   * @param order the order of the derivatives
   * @param derivatives receives them
   */
  private static double row(double[] x, int y, double gamma, int order, double[] derivatives) {
    double max = ReferencePrimitives.max(x);
    double[] terms = ReferencePrimitives.exponentials(x, max);
    double own = terms[y];
    terms[y] = 0;
    double others = ReferencePrimitives.sum(terms);
    double[] rest = ReferencePrimitives.sumsOfOthers(terms); // all but y and j
    if (others == 0) {
      Arrays.fill(derivatives, 0);
      return 0;
    }
    for (int j = 0; j < x.length; j++) {
      if (x[j] == Double.NEGATIVE_INFINITY) {
        derivatives[j] = 0;
        continue;
      }
      DerivativeStructure xj = new DerivativeStructure(1, order, 0, x[j] - max);
      DerivativeStructure xy = j == y ? xj : constant(order, x[y] - max);
      DerivativeStructure sum = j == y ? constant(order, others) : xj.exp().add(rest[j]);
      double beside = j == y ? others : rest[j] + own;
      DerivativeStructure logTotal = ReferenceHessian.logSumExp(xj, beside);
      derivatives[j] = loss(xy, sum, logTotal, own > others, gamma).getPartialDerivative(order);
    }
    DerivativeStructure xy = constant(order, x[y] - max);
    DerivativeStructure sum = constant(order, others);
    return loss(xy, sum, sum.add(own).log(), own > others, gamma).getValue();
  }

  /**
   * Returns the loss from the target's logit, the sum of the others' exponentials, and the
   * logarithm of the sum of all.
   *
   * @param likely whether the target is more likely than all others together
   */
  private static DerivativeStructure loss(
      DerivativeStructure xy,
      DerivativeStructure others,
      DerivativeStructure logTotal,
      boolean likely,
      double gamma) {
    if (likely) {
      DerivativeStructure odds = others.multiply(xy.negate().exp());
      return odds.divide(odds.add(1)).pow(gamma).multiply(odds.log1p());
    }
    DerivativeStructure minusLogP = logTotal.subtract(xy);
    return minusLogP.negate().exp().negate().add(1).pow(gamma).multiply(minusLogP);
  }

  private static DerivativeStructure constant(int order, double value) {
    return new DerivativeStructure(1, order, value);
  }
}
