package io.github.fusedloss.cpu;

import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.abs;

/**
 * Pairs, unevaluated sums of two floats, each packed into a long so that it costs no object; and
 * the functions of {@link GeneratedNumerics} on them.
 */
final class ScalarMath {
  private ScalarMath() {}

  static final float LOG2E = 0x1.715476p+0f;
  static final float LN2_HI = 0x1.62e430p-1f;
  static final float LN2_LO = -0x1.05c610p-29f;
  static final float INF = Float.POSITIVE_INFINITY;

  static long pair(float hi, float lo) {
    return (long) floatToRawIntBits(hi) << 32 | floatToRawIntBits(lo) & 0xffffffffL;
  }

  static float hi(long pair) {
    return intBitsToFloat((int) (pair >>> 32));
  }

  static float lo(long pair) {
    return intBitsToFloat((int) pair);
  }

  static double toDouble(long pair) {
    float hi = hi(pair);
    return abs(hi) < INF ? (double) hi + lo(pair) : hi;
  }

  static float canonical(float v) {
    return GeneratedNumerics.canonical(v);
  }

  static long fastTwoSum(float a, float b) {
    return GeneratedNumerics.fastTwoSum(a, b);
  }

  static long twoSum(float a, float b) {
    return GeneratedNumerics.twoSum(a, b);
  }

  static long normalise(float hi, float lo) {
    return GeneratedNumerics.normalise(hi, lo);
  }

  static long add(long a, long b) {
    return GeneratedNumerics.pairAdd(a, b);
  }

  static long multiply(long a, long b) {
    return GeneratedNumerics.pairMul(a, b);
  }

  static long multiply(long a, float b) {
    return GeneratedNumerics.pairScale(a, b);
  }

  /** A loss times a weight, and 0 where that is 0 unless the loss is NaN. */
  static long weighted(long loss, float w) {
    if (w == 0f) {
      return hi(loss) == hi(loss) ? 0L : loss;
    }
    return multiply(loss, w);
  }

  static final float EXP_2 = 0.5f;
  static final float EXP_3 = 0x1.55547ep-3f;
  static final float EXP_4 = 0x1.55583cp-5f;
  static final float EXP_5 = 0x1.124ad4p-7f;
  static final float EXP_6 = 0x1.6a1152p-10f;

  static float expFloat(float x, float magic) {
    return GeneratedNumerics.expFloat(x, magic);
  }

  static float exp(float r) {
    return GeneratedNumerics.expReduced(r);
  }

  static float divide(float n, float d, float dLo) {
    return GeneratedNumerics.divide(n, d, dLo);
  }
}
