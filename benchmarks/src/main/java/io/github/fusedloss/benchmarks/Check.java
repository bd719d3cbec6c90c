package io.github.fusedloss.benchmarks;

import io.github.fusedloss.ElementType;
import java.util.Locale;

/**
 * Compares with the reference before anything is timed. Wide enough for honest float32 arithmetic
 * of any order; {@code fusedloss verify} is what judges digits.
 */
final class Check {
  private static final double SCALAR = 1e-4;
  private static final double RELATIVE = 1e-3;

  /**
   * Allowed error as a share of the largest element. Where float32 numbers cancel in a difference,
   * this much of their rounding is left.
   */
  private static final double ABSOLUTE = 4e-7;

  /**
   * Allowed error of a provider whose every step rounds to 16 bits, in units of one such rounding.
   * The loss is such a number itself, and so are the terms it is the mean of.
   */
  private static final double STEPWISE_SCALAR = 4;

  /**
   * An element of the gradient is the exponential of a log-probability, whose size of up to 32
   * makes a rounding of it that many times as large in its exponential.
   */
  private static final double STEPWISE_RELATIVE = 32;

  /**
   * Allowed error as a share of the largest element, in the same units: a probability near 1 is
   * rounded before the target is subtracted.
   */
  private static final double STEPWISE_ABSOLUTE = 2;

  /** A result is not the reference's. */
  static final class WrongResultException extends RuntimeException {
    WrongResultException(String message) {
      super(message);
    }
  }

  private Check() {}

  /**
   * @param roundsOnce {@link Provider#roundsOnce}
   */
  static void check(Problem problem, Call.Outcome outcome, boolean roundsOnce) {
    ElementType dtype = problem.work().dtype();
    double rounding = rounding(dtype);
    double stepwise = roundsOnce ? 0 : rounding;
    double exact = problem.scalar();
    if (!Double.isNaN(exact)
        && !(Math.abs(outcome.scalar() - exact)
            <= (SCALAR + STEPWISE_SCALAR * stepwise) * Math.max(1e-3, Math.abs(exact)))) {
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
      bound[i] =
          (RELATIVE + STEPWISE_RELATIVE * stepwise) * Math.abs(tile[i])
              + (ABSOLUTE + STEPWISE_ABSOLUTE * stepwise) * largest
              // Stored once: half a spacing of the type.
              + Math.max(rounding * Math.abs(tile[i]), roundsOnce ? half(dtype) : 2 * half(dtype));
    }
    for (int start = 0; start < n; start += tile.length) {
      for (int i = 0; i < tile.length; i++) {
        if (!(Math.abs(values[start + i] - tile[i]) <= bound[i])) {
          throw wrong("value " + (start + i), tile[i], values[start + i]);
        }
      }
    }
  }

  /** The largest relative error of one rounding to a type whose numbers are stored rounded. */
  private static double rounding(ElementType dtype) {
    return switch (dtype) {
      case FLOAT16 -> 0x1p-11;
      case BFLOAT16 -> 0x1p-8;
      default -> 0;
    };
  }

  /** Half the smallest number above 0 of such a type. */
  private static double half(ElementType dtype) {
    return switch (dtype) {
      case FLOAT16 -> 0x1p-25;
      case BFLOAT16 -> 0x1p-134;
      default -> 0;
    };
  }

  private static WrongResultException wrong(String what, double expected, double actual) {
    return new WrongResultException(
        String.format(Locale.ROOT, "%s: expected %.7g, got %.7g", what, expected, actual));
  }
}
