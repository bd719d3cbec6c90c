// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Functions of kernels/cross_entropy.cl for one element; a long is a pair. */
final class GeneratedClasses {
  private GeneratedClasses() {}

  static long smoothed(float q, long keep, long spread) {
    float keepHi = hi(keep);
    float keepLo = lo(keep);
    float spreadHi = hi(spread);
    float spreadLo = lo(spread);
    float p = q * keepHi;
    float pLo = fma(q, keepLo, fma(q, keepHi, -p));
    float s2 = p + spreadHi;
    float z = s2 - p;
    float lo = (p - (s2 - z)) + (spreadHi - z);
    float lo2 = lo + (pLo + spreadLo);
    return pair(s2, lo2);
  }

  static long givenShare(float q, float w) {
    float p = q * w;
    float lo = fma(0f, w, fma(q, w, -p));
    return pair(p, lo);
  }

  static long smoothedShare(float q, float w, long keep, long spread) {
    float keepHi = hi(keep);
    float keepLo = lo(keep);
    float spreadHi = hi(spread);
    float spreadLo = lo(spread);
    float p = q * keepHi;
    float pLo = fma(q, keepLo, fma(q, keepHi, -p));
    float s2 = p + spreadHi;
    float z = s2 - p;
    float lo = (p - (s2 - z)) + (spreadHi - z);
    float lo2 = lo + (pLo + spreadLo);
    float p2 = s2 * w;
    float lo3 = fma(lo2, w, fma(s2, w, -p2));
    return pair(p2, lo3);
  }

  static long weightedDistance(float v, float from, long p) {
    float pHi = hi(p);
    float pLo = lo(p);
    float a = from * 0x1.0p-24f;
    float b2 = v * -0x1.0p-24f;
    float s2 = a + b2;
    float z = s2 - a;
    float lo = (a - (s2 - z)) + (b2 - z);
    float product = s2 * pHi;
    float lo2 = fma(s2, pHi, -product) + fma(s2, pLo, lo * pHi);
    boolean c = pHi == 0f;
    float hi = c ? 0f : product;
    float lo3 = c ? 0f : lo2;
    return pair(hi, lo3);
  }

  static long weightedDistanceByFloat(float v, float from, float p) {
    float a = from * 0x1.0p-24f;
    float b2 = v * -0x1.0p-24f;
    float s2 = a + b2;
    float z = s2 - a;
    float lo = (a - (s2 - z)) + (b2 - z);
    float product = s2 * p;
    float lo2 = fma(s2, p, -product) + fma(s2, 0f, lo * p);
    boolean c = p == 0f;
    float hi = c ? 0f : product;
    float lo3 = c ? 0f : lo2;
    return pair(hi, lo3);
  }

  static float scaledGradient(float g, float scale) {
    float v = g * scale;
    return (v == v) ? v : Float.NaN;
  }

  static float equalGradient(float e, float factor, float spread) {
    float v = fma(e, factor, -spread);
    return (v == v) ? v : Float.NaN;
  }

  static float weightedGradient(float e, float w, float factor, float spread) {
    float share = spread * w;
    float v = fma(e, factor, -share);
    return (v == v) ? v : Float.NaN;
  }

  static float sharedGradient(float e, long b, float factor, float scale, float top, long likely) {
    float bHi = hi(b);
    float bLo = lo(b);
    float likelyHi = hi(likely);
    float likelyLo = lo(likely);
    float share = fma(scale, bHi, scale * bLo);
    float v = fma(e, factor, -share);
    float v2 = -scale;
    float v3 = (e == top) ? (fma(v2, bHi, likelyHi) + fma(v2, bLo, likelyLo)) : v;
    return (v3 == v3) ? v3 : Float.NaN;
  }
}
