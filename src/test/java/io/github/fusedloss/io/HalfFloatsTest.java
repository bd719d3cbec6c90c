package io.github.fusedloss.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class HalfFloatsTest {
  /** From the definition of binary16: (-1)^s 2^(e-15) 1.f, 2^-14 0.f for e = 0. */
  private static double value(int half) {
    int exponent = (half >> 10) & 31;
    int fraction = half & 1023;
    double magnitude =
        exponent == 31
            ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
            : exponent == 0
                ? fraction * Math.pow(2, -24)
                : (1024 + fraction) * Math.pow(2, exponent - 25);
    return (half & 0x8000) == 0 ? magnitude : -magnitude;
  }

  /** Rounds in double, where the quotient by a power of two is exact and rint breaks ties. */
  private static double rounded(float x) {
    int exponent = Math.max(Math.getExponent(x), -14);
    double step = Math.pow(2, exponent - 10);
    double result = Math.rint(x / step) * step;
    return Math.abs(result) >= 65536 ? Math.copySign(Double.POSITIVE_INFINITY, x) : result;
  }

  @Test
  void widensEveryValueExactly() {
    for (int half = 0; half < 65536; half++) {
      float got = HalfFloats.toFloat((short) half);
      double expected = value(half);
      if (Double.isNaN(expected)) {
        assertEquals(0x7fc00000, Float.floatToRawIntBits(got), "canonical NaN");
      } else {
        assertEquals(
            Double.doubleToRawLongBits(expected),
            Double.doubleToRawLongBits(got),
            () -> "bits, so that -0 differs from 0");
      }
    }
  }

  @Test
  void narrowsEveryWidenedValueBack() {
    for (int half = 0; half < 65536; half++) {
      short expected = Double.isNaN(value(half)) ? 0x7e00 : (short) half;
      assertEquals(expected, HalfFloats.fromFloat(HalfFloats.toFloat((short) half)));
    }
  }

  /** Between each finite value and the next one away from 0: both ends, the tie, one ulp around. */
  @Test
  void roundsToNearestEvenAroundEveryValueAndTie() {
    for (int half = 0; half < 0x7c00; half++) {
      float low = (float) value(half);
      float high = half == 0x7bff ? 65536 : (float) value(half + 1);
      float tie = (float) (((double) low + high) / 2);
      for (float centre : new float[] {low, tie, high}) {
        float[] around = {Math.nextDown(centre), centre, Math.nextUp(centre)};
        for (float x : around) {
          assertRounded(x);
          assertRounded(-x);
        }
      }
    }
  }

  @Test
  void roundsFloatsOfEveryExponent() {
    // A stride prime to 2^32 that leaves about 2.1 million bit patterns, spread over all exponents.
    for (long bits = 0; bits < 1L << 32; bits += 2047) {
      assertRounded(Float.intBitsToFloat((int) bits));
    }
    assertRounded(Float.MAX_VALUE);
    assertRounded(Float.MIN_VALUE);
  }

  private static void assertRounded(float x) {
    if (Float.isInfinite(x) || Float.isNaN(x)) {
      int expected = Float.isNaN(x) ? 0x7e00 : x > 0 ? 0x7c00 : 0xfc00;
      assertEquals((short) expected, HalfFloats.fromFloat(x));
      return;
    }
    double got = value(HalfFloats.fromFloat(x));
    double expected = rounded(x);
    if (Double.doubleToRawLongBits(got) != Double.doubleToRawLongBits(expected)) {
      assertEquals(expected, got, "of " + Float.toHexString(x));
    }
  }

  @Test
  void agreesWithTheJdkWhereItHasTheConversion() throws ReflectiveOperationException {
    Method widen;
    Method narrow;
    try {
      widen = Float.class.getMethod("float16ToFloat", short.class);
      narrow = Float.class.getMethod("floatToFloat16", float.class);
    } catch (NoSuchMethodException e) {
      Assumptions.abort("since JDK 20");
      return;
    }
    for (int half = 0; half < 65536; half++) {
      float expected = (float) widen.invoke(null, (short) half);
      float got = HalfFloats.toFloat((short) half);
      assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(got));
      float above = Math.nextUp(got + got * 0x1p-12f);
      if (!Float.isNaN(above)) {
        assertEquals(narrow.invoke(null, above), HalfFloats.fromFloat(above));
      }
    }
    assertTrue(Float.isNaN((float) widen.invoke(null, HalfFloats.fromFloat(Float.NaN))));
  }
}
