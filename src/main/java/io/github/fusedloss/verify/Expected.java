package io.github.fusedloss.verify;

import io.github.fusedloss.reference.ReferenceLoss;
import java.util.Arrays;

/**
 * What a call of a loss has to give, and how nearly: ULP, or absolute bounds from the size of the
 * terms that a value is made of. For binary losses each element is a row of one class.
 *
 * @param lossUlps of each row's loss
 * @param lossTerms absolute bound of each row's loss, 0 for none
 * @param gradientUlps of every gradient
 * @param gradientTerms absolute bound of each gradient before the upstream and the denominator
 * @param z the same bounds of what the z-loss adds; null if there is none
 * @param sizes of what the softmax of each row is multiplied by for the gradient; null if by none
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
   * Absolute bounds of the z-loss.
   *
   * @param loss of each row
   * @param gradient of each gradient before the upstream and the denominator
   */
  record ZTerms(double[] loss, double[] gradient) {}

  /** The same promise for each of several losses. */
  static double[] ulps(int count, Promise promise) {
    return ulps(count, promise, 0);
  }

  /** The same of losses with so many factors. */
  static double[] ulps(int count, Promise promise, int factors) {
    double[] ulps = new double[count];
    Arrays.fill(ulps, promise.ulps(factors));
    return ulps;
  }
}
