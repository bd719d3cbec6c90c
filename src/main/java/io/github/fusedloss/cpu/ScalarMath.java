package io.github.fusedloss.cpu;

import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.abs;

/**
 * Pairs, which are unevaluated sums of two floats. Each is packed into a long so that it costs no
 * object. GeneratedNumerics has the operations on them.
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
}
