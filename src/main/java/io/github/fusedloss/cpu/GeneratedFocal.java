// Generated from kernels/sigmoid_focal.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Functions of kernels/sigmoid_focal.cl for one element; a long is a pair. */
final class GeneratedFocal {
  private GeneratedFocal() {}

  static long missedPart(float v, float t, long e) {
    float eHi = hi(e);
    float eLo = lo(e);
    boolean positive = v >= 0f;
    float u = 1f - t;
    float f = positive ? u : t;
    float h = positive ? t : u;
    float p = h * eHi;
    float pLo = fma(h, eLo, fma(h, eHi, -p));
    float s2 = f + p;
    float z = s2 - f;
    float lo = (f - (s2 - z)) + (p - z);
    float b2 = lo + pLo;
    float s3 = s2 + b2;
    float lo2 = b2 - (s3 - s2);
    float d = 1f + eHi;
    float dLo = ((1f - d) + eHi) + eLo;
    float r = fma(d, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r2 = fma(r, d, 0x1.0f83e2p1f);
    float v2 = -d;
    float r3 = fma(r2, fma(v2, r2, 1f), r2);
    float r4 = fma(r3, fma(v2, r3, 1f), r3);
    float q = s3 * r4;
    float v3 = -q;
    float b3 = (fma(v3, d, s3) + fma(v3, dLo, lo2)) * r4;
    float s4 = q + b3;
    float lo3 = b3 - (s4 - q);
    return pair(s4, lo3);
  }

  static long square(long q) {
    float qHi = hi(q);
    float qLo = lo(q);
    float s2 = qHi * qHi;
    float lo = fma(qHi, qHi, -s2) + ((2f * qHi) * qLo);
    return pair(s2, lo);
  }

  static float squaredSlope(float before, float t, long e, float loss, long q, float alpha) {
    float eHi = hi(e);
    float qHi = hi(q);
    float y = 1f + eHi;
    float r = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r2 = fma(r, y, 0x1.0f83e2p1f);
    float v = -y;
    float r3 = fma(r2, fma(v, r2, 1f), r2);
    float r4 = fma(r3, fma(v, r3, 1f), r3);
    float tilt = fma(t, -4f, 2f) * ((r4 * eHi) * r4);
    float both = fma(tilt, (abs(loss) < Float.POSITIVE_INFINITY) ? loss : 0f, before * qHi);
    return both * (qHi * alpha);
  }

  static long missedUpscaled(float v, float t, long e) {
    float eHi = hi(e);
    float eLo = lo(e);
    boolean positive = v >= 0f;
    float u = 1f - t;
    float f = (positive ? u : t) * 0x1.0p64f;
    float h = positive ? t : u;
    float part = eHi * 0x1.0p64f;
    float p = h * part;
    float pLo = fma(h, eLo * 0x1.0p64f, fma(h, part, -p));
    float s2 = f + p;
    float z = s2 - f;
    float lo = (f - (s2 - z)) + (p - z);
    float b2 = lo + pLo;
    float s3 = s2 + b2;
    float lo2 = b2 - (s3 - s2);
    return pair(s3, lo2);
  }

  static long softPower(float v, float t, long m, long l, float gamma) {
    float mHi = hi(m);
    float mLo = lo(m);
    float lHi = hi(l);
    float lLo = lo(l);
    int y = floatToRawIntBits(mHi);
    int k = (y - 0x3f2aaaab) >> 23;
    int shift = k << 23;
    float gLo = mLo * intBitsToFloat(0x3f800000 - shift);
    float f = intBitsToFloat(y - shift) - 1f;
    float k2 = ((float) k) - 64f;
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
    float b3 = fma(gLo, g2, lo3 + baseLo);
    float s4 = s3 + b3;
    float lo4 = b3 - (s4 - s3);
    float f2 = (v >= 0f) ? (1f - t) : t;
    boolean met = f2 == 0f;
    boolean hard = met | (f2 == 1f);
    float a = abs(v);
    float hi = met ? ((a < 128f) ? a : 128f) : (hard ? 0f : -s4);
    float lo5 = hard ? 0f : -lo4;
    float s5 = hi + lHi;
    float z = s5 - hi;
    float lo6 = (hi - (s5 - z)) + (lHi - z);
    float b4 = lo6 + (lo5 + lLo);
    float s6 = s5 + b4;
    float lo7 = b4 - (s6 - s5);
    float p8 = s6 * gamma;
    float pLo = fma(lo7, gamma, fma(s6, gamma, -p8));
    float a2 = (104f < p8) ? 104f : p8;
    float kf = fma(a2, -0x1.715476p0f, 0x1.80017ep23f);
    float k3 = kf - 0x1.80017ep23f;
    float scale = intBitsToFloat(floatToRawIntBits(kf) << 23) * 0x1.0p-64f;
    float r = fma(k3, 0x1.05c61p-29f, fma(k3, -0x1.62e43p-1f, -a2));
    float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
    float q2 = fma(q, r, 0x1.55583cp-5f);
    float q3 = fma(q2, r, 0x1.55547ep-3f);
    float p9 = fma(r * r, fma(q3, r, 0.5f), r);
    float hi2 = fma(p9, scale, scale);
    float lo8 = fma(p9, scale, scale - hi2);
    float lo9 = fma(-hi2, pLo, lo8);
    return pair(hi2, lo9);
  }

  static float softRatio(float v, float t, long e, long m) {
    float eHi = hi(e);
    float mHi = hi(m);
    float f = (v >= 0f) ? (1f - t) : t;
    int v2 = floatToRawIntBits(mHi);
    float m2 = intBitsToFloat((v2 & 0x7fffff) | 0x3f800000);
    float r = fma(m2, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r2 = fma(r, m2, 0x1.0f83e2p1f);
    float v3 = -m2;
    float r3 = fma(r2, fma(v3, r2, 1f), r2);
    float v4 = fma(r3, fma(v3, r3, 1f), r3) * intBitsToFloat(0x7f000000 - (v2 & 0x7f800000));
    float q = (eHi * 0x1.0p64f) * v4;
    return (f == 0f) ? 1f : ((f == 1f) ? eHi : q);
  }

  static float checkedFactor(float t, float ofOne, float ofZero) {
    float v = ((t >= 0f) & (t <= 1f)) ? fma(t, ofOne, (1f - t) * ofZero) : Float.NaN;
    return v;
  }

  static long focusedLoss(long loss, long power, float alpha) {
    float lossHi = hi(loss);
    float lossLo = lo(loss);
    float powerHi = hi(power);
    float powerLo = lo(power);
    float p = lossHi * powerHi;
    float pLo = fma(lossHi, powerHi, -p) + fma(lossHi, powerLo, lossLo * powerHi);
    float s2 = p + pLo;
    float lo = pLo - (s2 - p);
    float r = s2 * alpha;
    float b2 = fma(lo, alpha, fma(s2, alpha, -r));
    float s3 = r + b2;
    float lo2 = b2 - (s3 - r);
    return pair(s3, lo2);
  }

  static float focusedLimit(float z, long power, float alpha) {
    float powerHi = hi(power);
    float powerLo = lo(power);
    float finite = (z * (powerHi + powerLo)) * alpha;
    float v = (abs(z) < Float.POSITIVE_INFINITY) ? finite : (((alpha == 0f) & (z == z)) ? 0f : (z * alpha));
    return v;
  }

  static float focusedSlope(float before, float t, long e, float ratio, float loss, long power,
          float gamma, float alpha) {
    float eHi = hi(e);
    float powerHi = hi(power);
    float powerLo = lo(power);
    float y = 1f + eHi;
    float r = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r2 = fma(r, y, 0x1.0f83e2p1f);
    float v = -y;
    float r3 = fma(r2, fma(v, r2, 1f), r2);
    float tilt = gamma * ((fma(t, -2f, 1f) * fma(r3, fma(v, r3, 1f), r3)) * ratio);
    float both = fma(tilt, (abs(loss) < Float.POSITIVE_INFINITY) ? loss : 0f, before);
    return both * ((powerHi + powerLo) * alpha);
  }

  static float squaredBend(float v, float before, float bent, float t, long e, float loss, long q,
          float alpha) {
    float eHi = hi(e);
    float eLo = lo(e);
    float qHi = hi(q);
    float y = 1f + eHi;
    float r = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r2 = fma(r, y, 0x1.0f83e2p1f);
    float v2 = -y;
    float r3 = fma(r2, fma(v2, r2, 1f), r2);
    float r4 = fma(r3, fma(v2, r3, 1f), r3);
    float tilt = fma(t, -2f, 1f) * ((r4 * eHi) * r4);
    float twice = (abs(loss) < Float.POSITIVE_INFINITY) ? (loss + loss) : 0f;
    float d = ((1f - eHi) - eLo) * r4;
    float part = fma(twice, fma(qHi, (v >= 0f) ? -d : d, tilt), (4f * before) * qHi);
    return fma(tilt, part, (bent * qHi) * qHi) * alpha;
  }

  static float focusedBend(float v, float before, float bent, float t, long e, float ratio,
          float loss, long power, float gamma, float alpha) {
    float eHi = hi(e);
    float eLo = lo(e);
    float powerHi = hi(power);
    float powerLo = lo(power);
    float y = 1f + eHi;
    float r = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r2 = fma(r, y, 0x1.0f83e2p1f);
    float v2 = -y;
    float r3 = fma(r2, fma(v2, r2, 1f), r2);
    float v3 = fma(r3, fma(v2, r3, 1f), r3);
    float rho = (fma(t, -2f, 1f) * v3) * ratio;
    float finite = (abs(loss) < Float.POSITIVE_INFINITY) ? loss : 0f;
    float d = ((1f - eHi) - eLo) * v3;
    float part = fma(finite, fma(gamma - 1f, rho, (v >= 0f) ? -d : d), before + before);
    return fma(gamma * rho, part, bent) * ((powerHi + powerLo) * alpha);
  }
}
