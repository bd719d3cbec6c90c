package io.github.fusedloss.verify;

import io.github.fusedloss.reference.Ulp;
import java.util.Locale;

/**
 * Compares values of one quantity. A value passes within so many ULP of the reference, or within an
 * absolute bound where the exact value has a root and no relative bound can hold.
 */
final class Judge {
  private final String quantity;
  private final double maxUlp;
  private final boolean absolute;
  private int cases;
  private double largest;
  private double excess;
  private String worst = "";

  /**
   * A judge.
   *
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
   * @param bound absolute, 0 for none
   */
  void value(String where, long index, float actual, double expected, double bound) {
    cases++;
    double distance = Ulp.distance(actual, expected);
    boolean close = bound > 0 && Math.abs(actual - expected) <= bound;
    if (bound == 0 && distance <= maxUlp) {
      largest = Math.max(largest, distance);
    }
    if (distance <= maxUlp || close) {
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
              tolerance());
    }
  }

  private String tolerance() {
    return Promise.number(maxUlp) + " ULP" + (absolute ? " or 2^-22 of its terms" : "");
  }

  double maxUlp() {
    return maxUlp;
  }

  String quantity() {
    return quantity;
  }

  boolean passed() {
    return worst.isEmpty();
  }

  String worst() {
    return worst;
  }

  KernelReport report(String kernel) {
    return new KernelReport(kernel, cases, largest, tolerance(), passed(), worst);
  }
}
