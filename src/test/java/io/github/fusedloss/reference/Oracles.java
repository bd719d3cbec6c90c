package io.github.fusedloss.reference;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.math3.dfp.Dfp;

/** Comparison of doubles with 120-digit values, for the tests of this package. */
final class Oracles {
  private Oracles() {}

  /** The relative error is at most {@code bound}; an exact 0 has to be met exactly. */
  static void assertRelative(Dfp exact, double actual, double bound, String what) {
    assertWithin(exact, actual, bound * Math.abs(exact.toDouble()), what);
  }

  /** The absolute error is at most {@code bound}. */
  static void assertWithin(Dfp exact, double actual, double bound, String what) {
    double error = exact.newInstance(actual).subtract(exact).abs().toDouble();
    assertTrue(
        error <= bound,
        () -> what + ": exact " + exact.toDouble() + ", got " + actual + ", error " + error);
  }
}
