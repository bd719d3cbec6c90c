package io.github.fusedloss.benchmarks;

import java.util.Locale;

/**
 * Compares with the reference before anything is timed. Wide enough for honest float32 arithmetic
 * of any order; {@code fusedloss verify} is what judges digits.
 */
final class Check {
  private static final double SCALAR = 1e-4;
  private static final double RELATIVE = 1e-3;

  /**
   * Of the largest element: where a difference of float32 numbers cancels, this is left of them.
   */
  private static final double ABSOLUTE = 4e-7;

  /** A result is not the reference's. */
  static final class WrongResultException extends RuntimeException {
    WrongResultException(String message) {
      super(message);
    }
  }

  private Check() {}

  static void check(Problem problem, Call.Outcome outcome) {
    double exact = problem.scalar();
    if (!Double.isNaN(exact)
        && !(Math.abs(outcome.scalar() - exact) <= SCALAR * Math.max(1e-3, Math.abs(exact)))) {
      throw wrong("value", exact, outcome.scalar());
    }
    double[] tile = problem.values();
    if (tile == null) {
      return;
    }
    float[] values = outcome.values();
    int n = problem.work().elements();
    if (values == null || values.length != n) {
      throw wrong("number of values", n, values == null ? 0 : values.length);
    }
    double largest = 0;
    for (double v : tile) {
      largest = Math.max(largest, Math.abs(v));
    }
    double[] bound = new double[tile.length];
    for (int i = 0; i < tile.length; i++) {
      bound[i] = RELATIVE * Math.abs(tile[i]) + ABSOLUTE * largest;
    }
    for (int start = 0; start < n; start += tile.length) {
      for (int i = 0; i < tile.length; i++) {
        if (!(Math.abs(values[start + i] - tile[i]) <= bound[i])) {
          throw wrong("value " + (start + i), tile[i], values[start + i]);
        }
      }
    }
  }

  private static WrongResultException wrong(String what, double expected, double actual) {
    return new WrongResultException(
        String.format(Locale.ROOT, "%s: expected %.7g, got %.7g", what, expected, actual));
  }
}
