package io.github.fusedloss.reference;

/**
 * Distance of a float from an exact value, in units in the last place (ULP) of a float.
 *
 * <p>One ULP is the spacing of floats in the binade {@code [2^e, 2^(e+1))} that holds the exact
 * value's magnitude, {@code 2^(e-23)}; it is 2^-149 throughout the subnormals and at 0, and 2^104
 * from 2^127 on. A correctly rounded float is at most 0.5 away.
 *
 * <p>NaN is 0 from NaN and Infinity from everything else. A computed infinity is 0 from an exact
 * value that is that infinity or rounds to it, and Infinity from everything else, as is a finite
 * float from an exact infinity. -0 and +0 are the same value.
 */
public final class Ulp {
  /** From this magnitude on a value rounds to Infinity: half a spacing above the largest float. */
  private static final double OVERFLOW = 0x1.ffffffp127;

  private Ulp() {}

  /** Returns the distance of {@code computed} from {@code exact}, in ULP, at least 0. */
  public static double distance(float computed, double exact) {
    if (!Float.isFinite(computed) || !Double.isFinite(exact)) {
      return notFinite(computed, exact);
    }
    return Math.abs(computed - exact) / spacing(Math.getExponent(exact));
  }

  /** Returns the ULP of the floats from 2^exponent on. */
  static double spacing(int exponent) {
    return Math.scalb(1.0, Math.max(Float.MIN_EXPONENT, Math.min(exponent, 127)) - 23);
  }

  static double notFinite(float computed, double exact) {
    if (Double.isNaN(exact) || Float.isNaN(computed)) {
      return Double.isNaN(exact) && Float.isNaN(computed) ? 0 : Double.POSITIVE_INFINITY;
    }
    boolean overflows = Math.abs(exact) >= OVERFLOW;
    return overflows && computed == Math.copySign(Float.POSITIVE_INFINITY, exact)
        ? 0
        : Double.POSITIVE_INFINITY;
  }
}
