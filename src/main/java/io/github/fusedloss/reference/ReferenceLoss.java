package io.github.fusedloss.reference;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * The loss of every row, the gradient of every row's loss, and what PyTorch's reductions make of
 * them. For binary losses each element is a row of one class.
 *
 * <p>The arrays are the caller's to read; nothing here copies them.
 *
 * @param loss loss of each row (reduction {@code none}); exactly 0 where the row is ignored
 * @param weight what each row adds to the denominator of {@code mean}; 0 where the row is ignored
 * @param counted false where the row is ignored
 * @param gradient derivative of each row's own loss with respect to the input, in the input's
 *     layout (rows, classes, inner)
 * @param classes size of the class axis
 * @param inner product of the sizes behind the class axis
 */
public record ReferenceLoss(
    double[] loss, double[] weight, boolean[] counted, double[] gradient, int classes, int inner) {

  /** Number of rows that are not ignored. */
  public int count() {
    int count = 0;
    for (boolean c : counted) {
      count += c ? 1 : 0;
    }
    return count;
  }

  /** Sum of the denominator's weights: PyTorch's denominator of {@code mean}. */
  public double weightSum() {
    return ReferencePrimitives.sum(weight);
  }

  /** Reduction {@code sum}; 0 over nothing. */
  public double sum() {
    return ReferencePrimitives.sum(loss);
  }

  /** Reduction {@code mean} with PyTorch's denominator; NaN over nothing. */
  public double mean() {
    return mean(weightSum());
  }

  /** Reduction {@code mean} with the caller's denominator, by IEEE division. */
  public double mean(double denominator) {
    return sum() / denominator;
  }

  /** Gradient of {@code upstream * sum()}. */
  public double[] gradientOfSum(double upstream) {
    return scaledGradient(r -> upstream, 1);
  }

  /** Gradient of {@code upstream * mean()}. */
  public double[] gradientOfMean(double upstream) {
    return scaledGradient(r -> upstream, weightSum());
  }

  /** Gradient of {@code upstream * mean(denominator)}. */
  public double[] gradientOfMean(double upstream, double denominator) {
    return scaledGradient(r -> upstream, denominator);
  }

  /**
   * Gradient of the rows' losses weighted with one upstream gradient each (reduction {@code none}).
   *
   * @throws IllegalArgumentException if {@code upstream} has not one element per row
   */
  public double[] gradientOfNone(double[] upstream) {
    RowLayout.requireLength("upstream", upstream.length, loss.length);
    return scaledGradient(r -> upstream[r], 1);
  }

  private double[] scaledGradient(IntToDoubleFunction upstream, double denominator) {
    double[] scaled = new double[gradient.length];
    for (int i = 0; i < scaled.length; i++) {
      int r = i / (classes * inner) * inner + i % inner;
      // An ignored row stays 0 also where 0/0 or 0*Infinity would make it NaN.
      scaled[i] = counted[r] ? gradient[i] * upstream.applyAsDouble(r) / denominator : 0;
    }
    return scaled;
  }

  /** The result for losses that ignore no row and weigh every row 1 in {@code mean}. */
  static ReferenceLoss unweighted(double[] loss, double[] gradient, int classes, int inner) {
    double[] ones = new double[loss.length];
    Arrays.fill(ones, 1);
    boolean[] counted = new boolean[loss.length];
    Arrays.fill(counted, true);
    return new ReferenceLoss(loss, ones, counted, gradient, classes, inner);
  }
}
