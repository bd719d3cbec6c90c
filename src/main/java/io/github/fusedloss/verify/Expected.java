package io.github.fusedloss.verify;

import io.github.fusedloss.reference.ReferenceLoss;
import java.util.Arrays;

/**
 * What a call of a loss must give, and how exactly: in ULP, or as absolute bounds from the size of
 * the terms that a value is made of. For losses over elements each element is a row of one class.
 *
 * @param lossUlps limit in ULP for each row's loss
 * @param lossTerms absolute bound for each row's loss, 0 for none
 * @param gradientUlps limit in ULP for every gradient
 * @param gradientTerms absolute bound for each gradient, before the upstream and the denominator
 * @param z the bounds for what the z-loss adds; null if there is none
 * @param sizes the factor of the softmax of each row in the gradient; null if there is none
 */
record Expected(
    ReferenceLoss reference,
    double[] lossUlps,
    double[] lossTerms,
    double gradientUlps,
    double[] gradientTerms,
    ZTerms z,
    double[] sizes) {

  /**
   * Absolute bounds for the z-loss.
   *
   * @param loss bound for each row
   * @param gradient bound for each gradient, before the upstream and the denominator
   */
  record ZTerms(double[] loss, double[] gradient) {}

  /** Returns the limit of a promise for each of several losses. */
  static double[] ulps(int count, Promise promise) {
    return ulps(count, promise, 0);
  }

  /** Returns the limit of a promise for each of several losses that have so many factors. */
  static double[] ulps(int count, Promise promise, int factors) {
    double[] ulps = new double[count];
    Arrays.fill(ulps, promise.ulps(factors));
    return ulps;
  }
}
