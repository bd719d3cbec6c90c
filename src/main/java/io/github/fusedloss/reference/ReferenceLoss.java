package io.github.fusedloss.reference;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * The loss of every row, the gradient of every row's loss, and what PyTorch's reductions make of
 * them. For losses over elements each element is a row of one class.
 *
 * <p>The arrays are not copied: a caller may read them, but not change them.
 *
 * @param loss loss of each row (reduction {@code none}); exactly 0 where the row is ignored
 * @param weight what each row adds to the denominator of {@code mean}; 0 where the row is ignored
 * @param counted false where the row is ignored
 * @param gradient derivative of each row's own loss with respect to the input, in the input's
 *     layout (rows, classes, inner)
 * @param classes size of the class axis
 * @param inner product of the sizes after the class axis
 * @param z what the z-loss adds, with weight 1 for each row; the other numbers are without it. Null
 *     if there is none
 */
public record ReferenceLoss(
    double[] loss,
    double[] weight,
    boolean[] counted,
    double[] gradient,
    int classes,
    int inner,
    ReferenceLoss z) {

  /** Makes a result without z-loss. */
  public ReferenceLoss(
      double[] loss,
      double[] weight,
      boolean[] counted,
      double[] gradient,
      int classes,
      int inner) {
    this(loss, weight, counted, gradient, classes, inner, null);
  }

  /** Returns the losses that reduction {@code none} gives, with the z-loss. */
  public double[] losses() {
    double[] losses = loss.clone();
    for (int r = 0; r < losses.length; r++) {
      losses[r] += z == null ? 0 : z.loss[r];
    }
    return losses;
  }

  /**
   * Returns a copy with each row's loss, gradient and weight times a factor of the row; a row whose
   * factor is 0 is ignored.
   *
   * @param factors one for each row, or null for 1
   * @throws IllegalArgumentException if {@code factors} does not have one element per row
   */
  public ReferenceLoss withRowWeights(double[] factors) {
    if (factors == null) {
      return this;
    }
    RowLayout.requireLength("factors", factors.length, loss.length);
    boolean[] counts = counted.clone();
    double[] losses = new double[loss.length];
    double[] weights = new double[loss.length];
    for (int r = 0; r < losses.length; r++) {
      counts[r] &= factors[r] != 0;
      losses[r] = counts[r] ? loss[r] * factors[r] : 0;
      weights[r] = counts[r] ? weight[r] * factors[r] : 0;
    }
    double[] gradients = new double[gradient.length];
    for (int i = 0; i < gradients.length; i++) {
      int r = row(i);
      gradients[i] = counts[r] ? gradient[i] * factors[r] : 0;
    }
    ReferenceLoss weighedZ = z == null ? null : z.withRowWeights(factors);
    return new ReferenceLoss(losses, weights, counts, gradients, classes, inner, weighedZ);
  }

  /** Returns the row of an element of the gradient. */
  public int row(int element) {
    return element / (classes * inner) * inner + element % inner;
  }

  /** Returns the number of rows that are not ignored. */
  public int count() {
    int count = 0;
    for (boolean c : counted) {
      count += c ? 1 : 0;
    }
    return count;
  }

  /** Returns the sum of the weights: PyTorch's denominator of {@code mean}. */
  public double weightSum() {
    return ReferencePrimitives.sum(weight);
  }

  /** Returns the sum of the losses without their z-losses; 0 over nothing. */
  public double sum() {
    return ReferencePrimitives.sum(loss);
  }

  /** Returns the sum of the z-losses. */
  public double zSum() {
    return z == null ? 0 : z.sum();
  }

  /** Returns reduction {@code mean} with PyTorch's denominator; NaN over nothing. */
  public double mean() {
    return sum() / weightSum() + (z == null ? 0 : z.mean());
  }

  /** Returns reduction {@code mean} with the caller's denominator, by IEEE division. */
  public double mean(double denominator) {
    return (sum() + zSum()) / denominator;
  }

  /** Returns the gradient of {@code upstream * mean()}. */
  public double[] gradientOfMean(double upstream) {
    return scaledGradient(r -> upstream, weightSum(), z == null ? 1 : z.weightSum());
  }

  /** Returns the gradient of {@code upstream * mean(denominator)}. */
  public double[] gradientOfMean(double upstream, double denominator) {
    return scaledGradient(r -> upstream, denominator, denominator);
  }

  /**
   * Returns the gradient of the rows' losses times one upstream gradient each (reduction {@code
   * none}).
   *
   * @throws IllegalArgumentException if {@code upstream} does not have one element per row
   */
  public double[] gradientOfNone(double[] upstream) {
    RowLayout.requireLength("upstream", upstream.length, loss.length);
    return scaledGradient(r -> upstream[r], 1, 1);
  }

  private double[] scaledGradient(
      IntToDoubleFunction upstream, double denominator, double zDenominator) {
    double[] ofZ = z == null ? null : z.scaledGradient(upstream, zDenominator, 1);
    double[] scaled = new double[gradient.length];
    for (int i = 0; i < scaled.length; i++) {
      int r = row(i);
      // An ignored row stays 0 even if 0/0 or 0*Infinity would make it NaN.
      scaled[i] = counted[r] ? gradient[i] * upstream.applyAsDouble(r) / denominator : 0;
      scaled[i] += ofZ == null ? 0 : ofZ[i];
    }
    return scaled;
  }

  /** Returns the result for losses that ignore no row and weigh every row 1 in {@code mean}. */
  static ReferenceLoss unweighted(double[] loss, double[] gradient, int classes, int inner) {
    double[] ones = new double[loss.length];
    Arrays.fill(ones, 1);
    boolean[] counted = new boolean[loss.length];
    Arrays.fill(counted, true);
    return new ReferenceLoss(loss, ones, counted, gradient, classes, inner);
  }
}
