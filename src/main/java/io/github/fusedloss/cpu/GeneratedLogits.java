// Generated from kernels/sigmoid_bce.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Functions of kernels/sigmoid_bce.cl for one element; a long is a pair. */
final class GeneratedLogits {
  private GeneratedLogits() {}

  static float logistic(float v) {
    float a = abs(v);
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
    float d = 1f + hi;
    float dLo = ((1f - d) + hi) + lo;
    float r2 = fma(d, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r3 = fma(r2, d, 0x1.0f83e2p1f);
    float v2 = -d;
    float r4 = fma(r3, fma(v2, r3, 1f), r3);
    float r5 = fma(r4, fma(v2, r4, 1f), r4);
    float r6 = fma(r5, fma(-dLo, r5, fma(v2, r5, 1f)), r5);
    float s2 = (hi + lo) * r6;
    float v3 = -s2;
    float s3 = fma(fma(v3, d, hi) + fma(v3, dLo, lo), r6, s2);
    float v4 = (v >= 0f) ? r6 : s3;
    return (v4 == v4) ? v4 : Float.NaN;
  }

  static long logitLoss(float v, float t, long l) {
    float lHi = hi(l);
    float lLo = lo(l);
    float a = fma(-t, v, (v > 0f) ? v : 0f);
    float s2 = a + lHi;
    float z = s2 - a;
    float lo = (a - (s2 - z)) + (lHi - z);
    float b2 = lo + lLo;
    float s3 = s2 + b2;
    float lo2 = b2 - (s3 - s2);
    return pair(s3, lo2);
  }

  static long posWeightedLoss(float v, float t, float posWeight, long l) {
    float lHi = hi(l);
    float lLo = lo(l);
    float u = 1f - t;
    float q = t * posWeight;
    float lo = -t - (u - 1f);
    float lo2 = fma(t, posWeight, -q);
    float a = abs(v);
    boolean positive = v >= 0f;
    float f = positive ? u : q;
    float fLo = positive ? lo : lo2;
    float p = f * a;
    float pLo = fma(fLo, a, fma(f, a, -p));
    float s2 = u + q;
    float z = s2 - u;
    float lo3 = (u - (s2 - z)) + (q - z);
    float bothLo = lo3 + (lo + lo2);
    float s3 = lHi + lLo;
    float lo4 = lLo - (s3 - lHi);
    float r = s3 * s2;
    float rLo = fma(s3, s2, -r) + fma(s3, bothLo, lo4 * s2);
    float s4 = p + r;
    float z2 = s4 - p;
    float lo5 = (p - (s4 - z2)) + (r - z2);
    float b2 = lo5 + (pLo + rLo);
    float s5 = s4 + b2;
    float lo6 = b2 - (s5 - s4);
    return pair(s5, lo6);
  }

  static long weightedLoss(long value, float w) {
    float valueHi = hi(value);
    float valueLo = lo(value);
    float p = valueHi * w;
    float lo = fma(valueLo, w, fma(valueHi, w, -p));
    return pair(p, lo);
  }

  static float limitOfLoss(float v, float t, long l) {
    float lHi = hi(l);
    float lLo = lo(l);
    float f = (v >= 0f) ? (1f - t) : t;
    return ((f == 0f) ? 0f : (f * abs(v))) + (lHi + lLo);
  }

  static float posWeightedLimit(float v, float t, float q, long l) {
    float lHi = hi(l);
    float lLo = lo(l);
    float u = 1f - t;
    boolean positive = v >= 0f;
    float f = positive ? u : q;
    float ln = lHi + lLo;
    float v2 = ((f == 0f) ? 0f : (f * (abs(v) + ln))) + ((positive ? q : u) * ln);
    return v2;
  }

  static float weightedLimit(float z, float w) {
    return ((w == 0f) & (z == z)) ? 0f : (z * w);
  }

  static float logitSlope(float v, float t, float q, long e) {
    float eHi = hi(e);
    float eLo = lo(e);
    float u = 1f - t;
    boolean positive = v >= 0f;
    float y = 1f + eHi;
    float r = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r2 = fma(r, y, 0x1.0f83e2p1f);
    float v2 = -y;
    float r3 = fma(r2, fma(v2, r2, 1f), r2);
    float v3 = -q;
    float v4 = fma(r3, fma(v2, r3, 1f), r3) * fma(positive ? v3 : u, eHi + eLo, positive ? u : v3);
    return v4;
  }

  static long smoothedLoss(float v, float t, float posWeight, long keep, float spreadE, long l) {
    float keepHi = hi(keep);
    float keepLo = lo(keep);
    float lHi = hi(l);
    float lLo = lo(l);
    float b2 = -t;
    float s2 = 1f - t;
    float z = s2 - 1f;
    float lo = (1f - (s2 - z)) + (b2 - z);
    float p = s2 * keepHi;
    float pLo = fma(lo, keepHi, fma(s2, keepLo, fma(s2, keepHi, -p)));
    float s3 = p + spreadE;
    float z2 = s3 - p;
    float lo2 = (p - (s3 - z2)) + (spreadE - z2);
    float b3 = lo2 + pLo;
    float s4 = s3 + b3;
    float lo3 = b3 - (s4 - s3);
    float p2 = t * keepHi;
    float pLo2 = fma(0f, keepHi, fma(t, keepLo, fma(t, keepHi, -p2)));
    float s5 = p2 + spreadE;
    float z3 = s5 - p2;
    float lo4 = (p2 - (s5 - z3)) + (spreadE - z3);
    float b4 = lo4 + pLo2;
    float s6 = s5 + b4;
    float lo5 = b4 - (s6 - s5);
    float p3 = s6 * posWeight;
    float lo6 = fma(lo5, posWeight, fma(s6, posWeight, -p3));
    float a = abs(v);
    boolean positive = v >= 0f;
    float f = positive ? s4 : p3;
    float fLo = positive ? lo3 : lo6;
    float p4 = f * a;
    float pLo3 = fma(fLo, a, fma(f, a, -p4));
    float s7 = s4 + p3;
    float z4 = s7 - s4;
    float lo7 = (s4 - (s7 - z4)) + (p3 - z4);
    float bothLo = lo7 + (lo3 + lo6);
    float s8 = lHi + lLo;
    float lo8 = lLo - (s8 - lHi);
    float r = s8 * s7;
    float rLo = fma(s8, s7, -r) + fma(s8, bothLo, lo8 * s7);
    float s9 = p4 + r;
    float z5 = s9 - p4;
    float lo9 = (p4 - (s9 - z5)) + (r - z5);
    float b5 = lo9 + (pLo3 + rLo);
    float s10 = s9 + b5;
    float lo10 = b5 - (s10 - s9);
    return pair(s10, lo10);
  }

  static float smoothedLimit(float v, float t, float posWeight, long keep, float spreadE, long l) {
    float keepHi = hi(keep);
    float keepLo = lo(keep);
    float lHi = hi(l);
    float lLo = lo(l);
    float b2 = -t;
    float s2 = 1f - t;
    float z = s2 - 1f;
    float lo = (1f - (s2 - z)) + (b2 - z);
    float p = s2 * keepHi;
    float pLo = fma(lo, keepHi, fma(s2, keepLo, fma(s2, keepHi, -p)));
    float s3 = p + spreadE;
    float z2 = s3 - p;
    float lo2 = (p - (s3 - z2)) + (spreadE - z2);
    float b3 = lo2 + pLo;
    float s4 = s3 + b3;
    float p2 = t * keepHi;
    float pLo2 = fma(0f, keepHi, fma(t, keepLo, fma(t, keepHi, -p2)));
    float s5 = p2 + spreadE;
    float z3 = s5 - p2;
    float lo3 = (p2 - (s5 - z3)) + (spreadE - z3);
    float b4 = lo3 + pLo2;
    float s6 = s5 + b4;
    float p3 = s6 * posWeight;
    boolean positive = v >= 0f;
    float f = positive ? s4 : p3;
    float ln = lHi + lLo;
    float v2 = ((f == 0f) ? 0f : (f * (abs(v) + ln))) + ((positive ? p3 : s4) * ln);
    return v2;
  }

  static float smoothedSlope(float v, float t, float posWeight, long keep, float spreadE, long e) {
    float keepHi = hi(keep);
    float keepLo = lo(keep);
    float eHi = hi(e);
    float eLo = lo(e);
    float b2 = -t;
    float s2 = 1f - t;
    float z = s2 - 1f;
    float lo = (1f - (s2 - z)) + (b2 - z);
    float p = s2 * keepHi;
    float pLo = fma(lo, keepHi, fma(s2, keepLo, fma(s2, keepHi, -p)));
    float s3 = p + spreadE;
    float z2 = s3 - p;
    float lo2 = (p - (s3 - z2)) + (spreadE - z2);
    float b3 = lo2 + pLo;
    float s4 = s3 + b3;
    float p2 = t * keepHi;
    float pLo2 = fma(0f, keepHi, fma(t, keepLo, fma(t, keepHi, -p2)));
    float s5 = p2 + spreadE;
    float z3 = s5 - p2;
    float lo3 = (p2 - (s5 - z3)) + (spreadE - z3);
    float b4 = lo3 + pLo2;
    float s6 = s5 + b4;
    float p3 = s6 * posWeight;
    float v2 = -p3;
    boolean positive = v >= 0f;
    float y = 1f + eHi;
    float r = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r2 = fma(r, y, 0x1.0f83e2p1f);
    float v3 = -y;
    float r3 = fma(r2, fma(v3, r2, 1f), r2);
    float v4 = fma(r3, fma(v3, r3, 1f), r3) * fma(positive ? v2 : s4, eHi + eLo,
          positive ? s4 : v2);
    return v4;
  }

  static float logitVariance(long e, float least) {
    float eHi = hi(e);
    float eLo = lo(e);
    float y = 1f + eHi;
    float r = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r2 = fma(r, y, 0x1.0f83e2p1f);
    float v = -y;
    float r3 = fma(r2, fma(v, r2, 1f), r2);
    float r4 = fma(r3, fma(v, r3, 1f), r3);
    float v2 = r4 * (r4 * (eHi + eLo));
    return (v2 < least) ? least : v2;
  }

  static float logitMass(float t) {
    return fma(t, 0f, 1f);
  }

  static float posWeightedMass(float t, float posWeight) {
    return fma(t, posWeight, 1f - t);
  }

  static float smoothedMass(float t, float posWeight, long keep, float spreadE) {
    float keepHi = hi(keep);
    float keepLo = lo(keep);
    float b2 = -t;
    float s2 = 1f - t;
    float z = s2 - 1f;
    float lo = (1f - (s2 - z)) + (b2 - z);
    float p = s2 * keepHi;
    float pLo = fma(lo, keepHi, fma(s2, keepLo, fma(s2, keepHi, -p)));
    float s3 = p + spreadE;
    float z2 = s3 - p;
    float lo2 = (p - (s3 - z2)) + (spreadE - z2);
    float b3 = lo2 + pLo;
    float s4 = s3 + b3;
    float p2 = t * keepHi;
    float pLo2 = fma(0f, keepHi, fma(t, keepLo, fma(t, keepHi, -p2)));
    float s5 = p2 + spreadE;
    float z3 = s5 - p2;
    float lo3 = (p2 - (s5 - z3)) + (spreadE - z3);
    float b4 = lo3 + pLo2;
    float s6 = s5 + b4;
    float p3 = s6 * posWeight;
    return s4 + p3;
  }
}
