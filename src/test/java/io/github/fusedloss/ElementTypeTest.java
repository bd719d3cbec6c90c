package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both 16-bit types against their definitions, in double. */
@Tag("once")
class ElementTypeTest {
  /** (-1)^s 2^(e - bias) 1.f, subnormal 0.f: exponent bits, fraction bits. */
  private static double value(ElementType type, int bits) {
    int fractionBits = type == ElementType.FLOAT16 ? 10 : 7;
    int exponentMask = type == ElementType.FLOAT16 ? 31 : 255;
    int exponent = bits >> fractionBits & exponentMask;
    int fraction = bits & (1 << fractionBits) - 1;
    int bias = exponentMask / 2;
    double magnitude =
        exponent == exponentMask
            ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
            : exponent == 0
                ? fraction * Math.pow(2, 1 - bias - fractionBits)
                : ((1 << fractionBits) + fraction) * Math.pow(2, exponent - bias - fractionBits);
    return (bits & 0x8000) == 0 ? magnitude : -magnitude;
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void widensEveryNumberExactlyAndNarrowsItBack(ElementType type) {
    for (int bits = 0; bits < 65536; bits++) {
      double expected = value(type, bits);
      float actual = type.decode((short) bits);
      if (Double.isNaN(expected)) {
        assertTrue(Float.isNaN(actual));
        assertEquals(type == ElementType.FLOAT16 ? 0x7e00 : 0x7fc0, type.encode(actual));
      } else {
        // Bits, so that -0 differs from 0.
        assertEquals(Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(actual));
        assertEquals((short) bits, type.encode(actual));
      }
    }
  }

  /** Around every number and every tie: the float itself and its neighbours. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void roundsToNearestEven(ElementType type) {
    int infinity = type == ElementType.FLOAT16 ? 0x7c00 : 0x7f80;
    for (int bits = 0; bits < infinity; bits++) {
      double low = value(type, bits);
      // The number above the largest, were there one, decides what becomes infinity.
      double high = bits + 1 == infinity ? 2 * low - value(type, bits - 1) : value(type, bits + 1);
      double tie = (low + high) / 2;
      int even = (bits & 1) == 0 ? bits : bits + 1;
      float f = (float) tie;
      assertEquals(tie, f, "a tie is a float, subnormals of bfloat16 too");
      assertEquals((short) even, type.encode(f));
      assertEquals((short) bits, type.encode(Math.nextDown(f)));
      assertEquals((short) (bits + 1), type.encode(Math.nextUp(f)));
      assertEquals((short) (even | 0x8000), type.encode(-f));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void narrowsAnyFloatToTheNearest(ElementType type) {
    SplittableRandom random = new SplittableRandom(16);
    for (int i = 0; i < 1_000_000; i++) {
      float x = Float.intBitsToFloat(random.nextInt());
      float y = type.decode(type.encode(x));
      if (Float.isNaN(x)) {
        assertTrue(Float.isNaN(y));
      } else if (Float.isInfinite(y)) {
        assertTrue(Math.abs(x) >= (type == ElementType.FLOAT16 ? 65520 : 0x1.ffp127));
      } else {
        short bits = type.encode(x);
        double distance = Math.abs((double) x - y);
        assertTrue(distance <= Math.abs(x - value(type, bits + 1 & 0xffff)) || (bits & 1) == 0);
        assertTrue(
            (bits & 0x7fff) == 0 || distance <= Math.abs(x - value(type, bits - 1 & 0xffff)));
      }
    }
  }
}
