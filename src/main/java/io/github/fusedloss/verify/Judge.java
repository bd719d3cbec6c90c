package io.github.fusedloss.verify;

import io.github.fusedloss.reference.Ulp;
import java.util.Locale;

/**
 * Compares values of one quantity. A value passes within so many ULP of the reference, or within an
 * absolute bound where the exact value has a root and no relative bound can hold.
 */
final class Judge {
  private final String quantity;
  private double maxUlp;
  private final boolean absolute;
  private int cases;
  private double largest;
  private double excess;
  private String worst = "";

  /**
   * Makes a judge.
   *
   * @param maxUlp the limit of values that come without their own
   * @param absolute whether values come with absolute bounds
   */
  Judge(String quantity, double maxUlp, boolean absolute) {
    this.quantity = quantity;
    this.maxUlp = maxUlp;
    this.absolute = absolute;
  }

  /**
   * Judges one value.
   *
   * @param bound absolute bound, 0 for none
   */
  void value(String where, long index, float actual, double expected, double bound) {
    value(where, index, actual, expected, bound, maxUlp);
  }

  /**
   * Judges one value with a limit of its own.
   *
   * @param ulps the limit of this value; a report names the largest limit
   */
  void value(String where, long index, float actual, double expected, double bound, double ulps) {
    cases++;
    maxUlp = Math.max(maxUlp, ulps);
    double distance = Ulp.distance(actual, expected);
    boolean close = bound > 0 && Math.abs(actual - expected) <= bound;
    if (bound == 0 && distance <= ulps) {
      largest = Math.max(largest, distance);
    }
    if (distance <= ulps || close) {
      return;
    }
    largest = bound == 0 ? Math.max(largest, distance) : largest;
    if (!(distance <= excess)) {
      excess = distance;
      worst =
          String.format(
              Locale.ROOT,
              "%s %s[%d]: expected %s, got %s, %.3g ULP apart, tolerance %s",
              where,
              quantity,
              index,
              expected,
              actual,
              distance,
              tolerance(ulps));
    }
  }

  private String tolerance(double ulps) {
    return Promise.number(ulps) + " ULP" + (absolute ? " or the bound of its terms" : "");
  }

  String quantity() {
    return quantity;
  }

  boolean hasJudged() {
    return cases > 0;
  }

  boolean passed() {
    return worst.isEmpty();
  }

  String worst() {
    return worst;
  }

  KernelReport report(String kernel) {
    return new KernelReport(kernel, cases, largest, tolerance(maxUlp), passed(), worst);
  }
}
