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

  static float expFloat(float x, float magic) {
    return GeneratedNumerics.expFloat(x, magic);
  }

  static float divide(float n, float d, float dLo) {
    return GeneratedNumerics.divide(n, d, dLo);
  }
}
