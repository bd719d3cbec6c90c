package io.github.fusedloss.reference;

/**
 * A running sum in double that adds the rounding errors back (Neumaier 1974): after n terms the
 * error is below {@code 2^-53 |sum| + n^2 2^-105 sum |term|}.
 */
final class CompensatedSum {
  private double high;
  private double low;

  void add(double term) {
    double total = high + term;
    low += Math.abs(high) >= Math.abs(term) ? high - total + term : term - total + high;
    high = total;
  }

  double value() {
    // Infinities and NaN have no rounding error; the compensation would turn them into NaN.
    return Double.isFinite(high) ? high + low : high;
  }
}
