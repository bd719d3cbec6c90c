// Generated from kernels/numerics.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Functions of kernels/numerics.cl for one element; a long is a pair. */
final class GeneratedNumerics {
  private GeneratedNumerics() {}

  static float canonical(float v) {
    return (v == v) ? v : Float.NaN;
  }

  static long normalise(float hi, float lo) {
    float s2 = hi + lo;
    float lo2 = lo - (s2 - hi);
    boolean finite = abs(hi) < Float.POSITIVE_INFINITY;
    float hi2 = finite ? s2 : hi;
    float lo3 = finite ? lo2 : 0f;
    return pair(hi2, lo3);
  }

  static long pairAdd(long a, long b) {
    float aHi = hi(a);
    float aLo = lo(a);
    float bHi = hi(b);
    float bLo = lo(b);
    float s2 = aHi + bHi;
    float z = s2 - aHi;
    float lo = (aHi - (s2 - z)) + (bHi - z);
    float lo2 = lo + (aLo + bLo);
    float s3 = s2 + lo2;
    float lo3 = lo2 - (s3 - s2);
    boolean finite = abs(s2) < Float.POSITIVE_INFINITY;
    float hi = finite ? s3 : s2;
    float lo4 = finite ? lo3 : 0f;
    return pair(hi, lo4);
  }

  static long pairScale(long a, float b) {
    float aHi = hi(a);
    float aLo = lo(a);
    float p = aHi * b;
    float lo = fma(aLo, b, fma(aHi, b, -p));
    float s2 = p + lo;
    float lo2 = lo - (s2 - p);
    boolean finite = abs(p) < Float.POSITIVE_INFINITY;
    float hi = finite ? s2 : p;
    float lo3 = finite ? lo2 : 0f;
    return pair(hi, lo3);
  }

  static long expMinus(float a) {
    float a2 = (104f < a) ? 104f : a;
    float kf = fma(a2, -0x1.715476p0f, 0x1.80017ep23f);
    float k = kf - 0x1.80017ep23f;
    float scale = intBitsToFloat(floatToRawIntBits(kf) << 23) * 0x1.0p-64f;
    float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, -a2));
    float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
    float q2 = fma(q, r, 0x1.55583cp-5f);
    float q3 = fma(q2, r, 0x1.55547ep-3f);
    float p = fma(r * r, fma(q3, r, 0.5f), r);
    float hi = fma(p, scale, scale);
    float lo = fma(p, scale, scale - hi);
    return pair(hi, lo);
  }

  static long log1pUnit(float e, float eLo) {
    float p = fma(-0x1.b2ee4ep-9f, e, 0x1.4b068p-6f);
    float p2 = fma(p, e, -0x1.d863eep-5f);
    float p3 = fma(p2, e, 0x1.b57b8p-4f);
    float p4 = fma(p3, e, -0x1.3a7b78p-3f);
    float p5 = fma(p4, e, 0x1.935d24p-3f);
    float p6 = fma(p5, e, -0x1.ff2706p-3f);
    float p7 = fma(p6, e, 0x1.554df2p-2f);
    float p8 = fma(p7, e, -0x1.ffffa6p-3f);
    float m = -0.25f * e;
    float hi = fma(m, e, e);
    float lo = fma(m, e, e - hi);
    float lo2 = fma(eLo, fma(e, -0.48f, 0.97f), lo);
    float lo3 = fma(e * e, p8, lo2);
    return pair(hi, lo3);
  }

  static float reciprocal(float d) {
    int v = floatToRawIntBits(d);
    float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
    float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r2 = fma(r, m, 0x1.0f83e2p1f);
    float v2 = -m;
    float r3 = fma(r2, fma(v2, r2, 1f), r2);
    float v3 = fma(r3, fma(v2, r3, 1f), r3) * intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    return v3;
  }

  static float divide(float n, float d, float dLo) {
    int v = floatToRawIntBits(d);
    float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
    float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r2 = fma(r, m, 0x1.0f83e2p1f);
    float v2 = -m;
    float r3 = fma(r2, fma(v2, r2, 1f), r2);
    float r4 = fma(r3, fma(v2, r3, 1f), r3) * intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    float q = n * r4;
    float v3 = -q;
    float corrected = fma(fma(v3, d, n) + fma(v3, dLo, 0f), r4, q);
    float result = (abs(corrected) < Float.POSITIVE_INFINITY) ? corrected : q;
    float result2 = (d == 0f) ? (n * Float.POSITIVE_INFINITY) : result;
    float v4 = (d < Float.POSITIVE_INFINITY) ? result2 : ((d == d) ? (n * 0f) : d);
    return v4;
  }
}
