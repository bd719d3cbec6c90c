package io.github.fusedloss.cpu;

import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.abs;
import static java.lang.Math.fma;

/**
 * Pairs, unevaluated sums of two floats, each packed into a long so that it costs no object; and
 * the functions of {@link GeneratedNumerics} on them.
 */
final class ScalarMath {
  private ScalarMath() {}

  static final float LOG2E = 0x1.715476p+0f;
  static final float LN2_HI = 0x1.62e430p-1f;
  static final float LN2_LO = -0x1.05c610p-29f;
  static final float ROUND_TO_INT = 12582912.0f;
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

  /** v - s b. */
  static float lessShare(long v, float s, long b) {
    return fma(-s, hi(b), hi(v)) + fma(-s, lo(b), lo(v));
  }

  /** A loss times a weight, and 0 where that is 0 unless the loss is NaN. */
  static long weighted(long loss, float w) {
    if (w == 0f) {
      return hi(loss) == hi(loss) ? 0L : loss;
    }
    return multiply(loss, w);
  }

  static long expCore(float r, float c) {
    return GeneratedNumerics.expCore(r, c);
  }

  static float expFloat(float x, float magic) {
    return GeneratedNumerics.expFloat(x, magic);
  }

  static final float RECIPROCAL_0 = 0x1.0f83e2p+1f;
  static final float RECIPROCAL_1 = -0x1.745d18p+0f;
  static final float RECIPROCAL_2 = 0x1.4afd6ap-2f;

  static float reciprocal12(float y) {
    return GeneratedNumerics.reciprocal12(y);
  }

  static long log1pPair(long u) {
    return GeneratedNumerics.log1pPair(hi(u), lo(u));
  }

  static float divide(float n, float d, float dLo) {
    return GeneratedNumerics.divide(n, d, dLo);
  }

  static float divide(long n, long d) {
    return GeneratedNumerics.pairDivide(hi(n), lo(n), hi(d), lo(d));
  }
}
