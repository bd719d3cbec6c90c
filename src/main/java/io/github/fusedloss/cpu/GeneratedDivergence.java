// Generated from kernels/kl_div.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Functions of kernels/kl_div.cl for one element; a long is a pair. */
final class GeneratedDivergence {
  private GeneratedDivergence() {}

  static long expPair(float x) {
    float x2 = (x < -104f) ? -104f : x;
    float x3 = (89f < x2) ? 89f : x2;
    float kf = fma(x3, 0x1.715476p0f, 0x1.8p23f);
    float k = kf - 0x1.8p23f;
    float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, x3));
    float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
    float q2 = fma(q, r, 0x1.55583cp-5f);
    float q3 = fma(q2, r, 0x1.55547ep-3f);
    float p = fma(r * r, fma(q3, r, 0.5f), r);
    int whole = floatToRawIntBits(kf) - 0x4b400000;
    int halfOfIt = whole >> 1;
    float first = intBitsToFloat((halfOfIt + 127) << 23);
    float second = intBitsToFloat(((whole - halfOfIt) + 127) << 23);
    float hi = fma(p, first, first);
    float hi2 = hi * second;
    float lo = fma(p, first, first - hi) * second;
    return pair(hi2, lo);
  }

  static long divergence(float x, float t) {
    boolean small = t < 0x1.0p-64f;
    int y = floatToRawIntBits(t * (small ? 0x1.0p64f : 1f));
    int k = (y - 0x3f2aaaab) >> 23;
    float f = intBitsToFloat(y - (k << 23)) - 1f;
    float k2 = ((float) k) - (small ? 64f : 0f);
    float h = f * f;
    float hLo = fma(f, f, -h);
    float base = k2 * 0x1.62e43p-1f;
    float baseLo = fma(k2, -0x1.05c61p-29f, fma(k2, 0x1.62e43p-1f, -base));
    float s2 = base + f;
    float lo = f - (s2 - base);
    float b2 = -0.5f * h;
    float s3 = s2 + b2;
    float lo2 = b2 - (s3 - s2);
    float g = 1f - f;
    float g2 = fma(h, g, g);
    float p = fma(-0x1.07f7cep-3f, f, 0x1.1e73ap-3f);
    float p2 = fma(p, f, -0x1.f317ep-4f);
    float p3 = fma(p2, f, 0x1.1ed424p-3f);
    float p4 = fma(p3, f, -0x1.559d8ap-3f);
    float p5 = fma(p4, f, 0x1.99d05ep-3f);
    float p6 = fma(p5, f, -0x1.fffef2p-3f);
    float p7 = fma(p6, f, 0x1.555506p-2f);
    float lo3 = fma(h * f, p7, -0.5f * hLo) + (lo + lo2);
    float b3 = fma(0f, g2, lo3 + baseLo);
    float s4 = s3 + b3;
    float lo4 = b3 - (s4 - s3);
    float b4 = -x;
    float s5 = s4 - x;
    float z = s5 - s4;
    float lo5 = (s4 - (s5 - z)) + (b4 - z);
    float b5 = lo5 + lo4;
    float s6 = s5 + b5;
    float lo6 = b5 - (s6 - s5);
    float p8 = s6 * t;
    float lo7 = fma(lo6, t, fma(s6, t, -p8));
    float s7 = p8 + lo7;
    float lo8 = lo7 - (s7 - p8);
    boolean finite = abs(p8) < Float.POSITIVE_INFINITY;
    float hi = finite ? s7 : p8;
    float lo9 = finite ? lo8 : 0f;
    float hi2 = hi + 0f;
    return pair(hi2, lo9);
  }

  static long logDivergence(float x, float t, long p) {
    float pHi = hi(p);
    float pLo = lo(p);
    float b2 = -x;
    float s2 = t - x;
    float z = s2 - t;
    float lo = (t - (s2 - z)) + (b2 - z);
    float p2 = pHi * s2;
    float e = fma(pHi, s2, -p2);
    float lo2 = e + fma(pHi, lo, pLo * s2);
    float s3 = p2 + lo2;
    float lo3 = lo2 - (s3 - p2);
    boolean finite = abs(p2) < Float.POSITIVE_INFINITY;
    float hi = finite ? s3 : p2;
    float lo4 = finite ? lo3 : 0f;
    float hi2 = hi + 0f;
    return pair(hi2, lo4);
  }

  static float limitOfDivergence(float x, float t, float v) {
    boolean far = (!(abs(x) < Float.POSITIVE_INFINITY)) | (!(t < Float.POSITIVE_INFINITY));
    float z = far ? (t * (((t == Float.POSITIVE_INFINITY) ? t : 0f) - x)) : v;
    float z2 = ((t == 0f) & (x == x)) ? 0f : z;
    float v2 = (t < 0f) ? Float.NaN : z2;
    return (v2 == v2) ? v2 : Float.NaN;
  }

  static float limitOfLogDivergence(float x, float t, long p) {
    float pHi = hi(p);
    float d = t - x;
    boolean nothing = (t == Float.NEGATIVE_INFINITY) | (d == 0f);
    boolean v = (abs(x) == Float.POSITIVE_INFINITY) & (abs(t) < Float.POSITIVE_INFINITY);
    float z = v ? -x : (pHi * d);
    float v2 = (nothing & (x == x)) ? 0f : z;
    return (v2 == v2) ? v2 : Float.NaN;
  }

  static float divergenceSlope(float t) {
    return 0f - t;
  }

  static float logDivergenceSlope(long p) {
    float pHi = hi(p);
    float pLo = lo(p);
    return 0f - (pHi + pLo);
  }
}
