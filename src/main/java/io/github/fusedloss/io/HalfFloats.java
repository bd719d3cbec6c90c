package io.github.fusedloss.io;

/**
 * IEEE binary16 to and from {@code float}, as {@code Float.float16ToFloat} of later JDKs, except
 * that a NaN comes out canonical (0x7e00, 0x7fc00000) whatever its payload was.
 */
public final class HalfFloats {
  private static final short NAN = 0x7e00;

  /** What the biased exponents differ by (127 - 15), in place. */
  private static final int REBIAS = 112 << 23;

  private HalfFloats() {}

  /**
   * The value of a binary16 number; every one is exact.
   *
   * @param half its bits
   * @return the same number; 0x7fc00000 for every NaN
   */
  public static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int magnitude = half & 0x7fff;
    if (magnitude > 0x7c00) {
      return Float.NaN;
    }
    if (magnitude == 0x7c00) {
      return Float.intBitsToFloat(sign | 0x7f800000);
    }
    if (magnitude >= 0x0400) {
      return Float.intBitsToFloat(sign | ((magnitude << 13) + REBIAS));
    }
    // Zero and the subnormals count in steps of 2^-24, which are normal floats.
    return Float.intBitsToFloat(sign | Float.floatToRawIntBits(magnitude * 0x1p-24f));
  }

  /**
   * The nearest binary16 number, ties to even; from 65520 on that is infinity.
   *
   * @param value any float
   * @return the bits of that number; 0x7e00 for every NaN
   */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      return NAN;
    }
    if (magnitude >= 0x477ff000) { // 65520, half way from the largest finite number to 2^16
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x38800000) { // below 2^-14: a multiple of 2^-24; the product is exact
      return (short) (sign | (int) Math.rint(Float.intBitsToFloat(magnitude) * 0x1p24f));
    }
    int odd = (magnitude >>> 13) & 1;
    // A carry out of the fraction moves to the next exponent, as it should.
    return (short) (sign | ((magnitude - REBIAS + 0xfff + odd) >>> 13));
  }
}
