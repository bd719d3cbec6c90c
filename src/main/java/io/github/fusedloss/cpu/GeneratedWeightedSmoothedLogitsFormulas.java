// Generated from kernels/sigmoid_bce.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Formulas of kernels/sigmoid_bce.cl, with one choice of options. */
final class GeneratedWeightedSmoothedLogitsFormulas implements ElementFormulas {

  static final ElementFormulas ALL = new GeneratedWeightedSmoothedLogitsFormulas();

  @Override
  public void loss(float x, float t, float posWeight, BceBlock b, Element out) {
    float bKeepHi = hi(b.keep);
    float bKeepLo = lo(b.keep);
    float bSpreadE = b.spreadE;
    float a = abs(x);
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
    float p2 = fma(-0x1.b2ee4ep-9f, hi, 0x1.4b068p-6f);
    float p3 = fma(p2, hi, -0x1.d863eep-5f);
    float p4 = fma(p3, hi, 0x1.b57b8p-4f);
    float p5 = fma(p4, hi, -0x1.3a7b78p-3f);
    float p6 = fma(p5, hi, 0x1.935d24p-3f);
    float p7 = fma(p6, hi, -0x1.ff2706p-3f);
    float p8 = fma(p7, hi, 0x1.554df2p-2f);
    float p9 = fma(p8, hi, -0x1.ffffa6p-3f);
    float m = -0.25f * hi;
    float hi2 = fma(m, hi, hi);
    float lo2 = fma(m, hi, hi - hi2);
    float lo3 = fma(lo, fma(hi, -0.48f, 0.97f), lo2);
    float lo4 = fma(hi * hi, p9, lo3);
    float b2 = -t;
    float s2 = 1f - t;
    float z = s2 - 1f;
    float lo5 = (1f - (s2 - z)) + (b2 - z);
    float p10 = s2 * bKeepHi;
    float pLo = fma(lo5, bKeepHi, fma(s2, bKeepLo, fma(s2, bKeepHi, -p10)));
    float s3 = p10 + bSpreadE;
    float z2 = s3 - p10;
    float lo6 = (p10 - (s3 - z2)) + (bSpreadE - z2);
    float b3 = lo6 + pLo;
    float s4 = s3 + b3;
    float lo7 = b3 - (s4 - s3);
    float p11 = t * bKeepHi;
    float pLo2 = fma(0f, bKeepHi, fma(t, bKeepLo, fma(t, bKeepHi, -p11)));
    float s5 = p11 + bSpreadE;
    float z3 = s5 - p11;
    float lo8 = (p11 - (s5 - z3)) + (bSpreadE - z3);
    float b4 = lo8 + pLo2;
    float s6 = s5 + b4;
    float lo9 = b4 - (s6 - s5);
    float p12 = s6 * posWeight;
    float lo10 = fma(lo9, posWeight, fma(s6, posWeight, -p12));
    boolean positive = x >= 0f;
    float f = positive ? s4 : p12;
    float fLo = positive ? lo7 : lo10;
    float p13 = f * a;
    float pLo3 = fma(fLo, a, fma(f, a, -p13));
    float s7 = s4 + p12;
    float z4 = s7 - s4;
    float lo11 = (s4 - (s7 - z4)) + (p12 - z4);
    float bothLo = lo11 + (lo7 + lo10);
    float s8 = hi2 + lo4;
    float lo12 = lo4 - (s8 - hi2);
    float r2 = s8 * s7;
    float rLo = fma(s8, s7, -r2) + fma(s8, bothLo, lo12 * s7);
    float s9 = p13 + r2;
    float z5 = s9 - p13;
    float lo13 = (p13 - (s9 - z5)) + (r2 - z5);
    float b5 = lo13 + (pLo3 + rLo);
    float s10 = s9 + b5;
    float lo14 = b5 - (s10 - s9);
    out.loss = pair(s10, lo14);
  }

  @Override
  public void element(float x, float t, float posWeight, BceBlock b, Element out) {
    float bKeepHi = hi(b.keep);
    float bKeepLo = lo(b.keep);
    float bSpreadE = b.spreadE;
    float a = abs(x);
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
    float p2 = fma(-0x1.b2ee4ep-9f, hi, 0x1.4b068p-6f);
    float p3 = fma(p2, hi, -0x1.d863eep-5f);
    float p4 = fma(p3, hi, 0x1.b57b8p-4f);
    float p5 = fma(p4, hi, -0x1.3a7b78p-3f);
    float p6 = fma(p5, hi, 0x1.935d24p-3f);
    float p7 = fma(p6, hi, -0x1.ff2706p-3f);
    float p8 = fma(p7, hi, 0x1.554df2p-2f);
    float p9 = fma(p8, hi, -0x1.ffffa6p-3f);
    float m = -0.25f * hi;
    float hi2 = fma(m, hi, hi);
    float lo2 = fma(m, hi, hi - hi2);
    float lo3 = fma(lo, fma(hi, -0.48f, 0.97f), lo2);
    float lo4 = fma(hi * hi, p9, lo3);
    float b2 = -t;
    float s2 = 1f - t;
    float z = s2 - 1f;
    float lo5 = (1f - (s2 - z)) + (b2 - z);
    float p10 = s2 * bKeepHi;
    float pLo = fma(lo5, bKeepHi, fma(s2, bKeepLo, fma(s2, bKeepHi, -p10)));
    float s3 = p10 + bSpreadE;
    float z2 = s3 - p10;
    float lo6 = (p10 - (s3 - z2)) + (bSpreadE - z2);
    float b3 = lo6 + pLo;
    float s4 = s3 + b3;
    float lo7 = b3 - (s4 - s3);
    float p11 = t * bKeepHi;
    float pLo2 = fma(0f, bKeepHi, fma(t, bKeepLo, fma(t, bKeepHi, -p11)));
    float s5 = p11 + bSpreadE;
    float z3 = s5 - p11;
    float lo8 = (p11 - (s5 - z3)) + (bSpreadE - z3);
    float b4 = lo8 + pLo2;
    float s6 = s5 + b4;
    float lo9 = b4 - (s6 - s5);
    float p12 = s6 * posWeight;
    float v = -p12;
    float lo10 = fma(lo9, posWeight, fma(s6, posWeight, v));
    boolean positive = x >= 0f;
    float f = positive ? s4 : p12;
    float fLo = positive ? lo7 : lo10;
    float p13 = f * a;
    float pLo3 = fma(fLo, a, fma(f, a, -p13));
    float s7 = s4 + p12;
    float z4 = s7 - s4;
    float lo11 = (s4 - (s7 - z4)) + (p12 - z4);
    float bothLo = lo11 + (lo7 + lo10);
    float s8 = hi2 + lo4;
    float lo12 = lo4 - (s8 - hi2);
    float r2 = s8 * s7;
    float rLo = fma(s8, s7, -r2) + fma(s8, bothLo, lo12 * s7);
    float s9 = p13 + r2;
    float z5 = s9 - p13;
    float lo13 = (p13 - (s9 - z5)) + (r2 - z5);
    float b5 = lo13 + (pLo3 + rLo);
    float s10 = s9 + b5;
    float lo14 = b5 - (s10 - s9);
    float y = 1f + hi;
    float r3 = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r4 = fma(r3, y, 0x1.0f83e2p1f);
    float v2 = -y;
    float r5 = fma(r4, fma(v2, r4, 1f), r4);
    float r6 = fma(r5, fma(v2, r5, 1f), r5);
    float slope = r6 * fma(positive ? v : s4, hi + lo, positive ? s4 : v);
    out.loss = pair(s10, lo14);
    out.slope = slope;
  }

  @Override
  public void bend(float x, float t, float posWeight, BceBlock b, Element out) {
    float bKeepHi = hi(b.keep);
    float bKeepLo = lo(b.keep);
    float bSpreadE = b.spreadE;
    float bLeast2 = b.least;
    float a = abs(x);
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
    float b2 = -t;
    float s2 = 1f - t;
    float z = s2 - 1f;
    float lo2 = (1f - (s2 - z)) + (b2 - z);
    float p2 = s2 * bKeepHi;
    float pLo = fma(lo2, bKeepHi, fma(s2, bKeepLo, fma(s2, bKeepHi, -p2)));
    float s3 = p2 + bSpreadE;
    float z2 = s3 - p2;
    float lo3 = (p2 - (s3 - z2)) + (bSpreadE - z2);
    float b3 = lo3 + pLo;
    float s4 = s3 + b3;
    float p3 = t * bKeepHi;
    float pLo2 = fma(0f, bKeepHi, fma(t, bKeepLo, fma(t, bKeepHi, -p3)));
    float s5 = p3 + bSpreadE;
    float z3 = s5 - p3;
    float lo4 = (p3 - (s5 - z3)) + (bSpreadE - z3);
    float b4 = lo4 + pLo2;
    float s6 = s5 + b4;
    float p4 = s6 * posWeight;
    float s7 = s4 + p4;
    float y = 1f + hi;
    float r2 = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r3 = fma(r2, y, 0x1.0f83e2p1f);
    float v = -y;
    float r4 = fma(r3, fma(v, r3, 1f), r3);
    float r5 = fma(r4, fma(v, r4, 1f), r4);
    float v2 = r5 * (r5 * (hi + lo));
    float bend = ((v2 < bLeast2) ? bLeast2 : v2) * s7;
    out.bend = bend;
  }

  @Override
  public long weighted(long value, float w) {
    float valueHi = hi(value);
    float valueLo = lo(value);
    float p = valueHi * w;
    float lo = fma(valueLo, w, fma(valueHi, w, -p));
    return pair(p, lo);
  }

  @Override
  public long limit(float x, float t, float posWeight, BceBlock b, float w) {
    float bKeepHi = hi(b.keep);
    float bKeepLo = lo(b.keep);
    float bSpreadE = b.spreadE;
    float a = abs(x);
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
    float p2 = fma(-0x1.b2ee4ep-9f, hi, 0x1.4b068p-6f);
    float p3 = fma(p2, hi, -0x1.d863eep-5f);
    float p4 = fma(p3, hi, 0x1.b57b8p-4f);
    float p5 = fma(p4, hi, -0x1.3a7b78p-3f);
    float p6 = fma(p5, hi, 0x1.935d24p-3f);
    float p7 = fma(p6, hi, -0x1.ff2706p-3f);
    float p8 = fma(p7, hi, 0x1.554df2p-2f);
    float p9 = fma(p8, hi, -0x1.ffffa6p-3f);
    float m = -0.25f * hi;
    float hi2 = fma(m, hi, hi);
    float lo2 = fma(m, hi, hi - hi2);
    float lo3 = fma(lo, fma(hi, -0.48f, 0.97f), lo2);
    float lo4 = fma(hi * hi, p9, lo3);
    float b2 = -t;
    float s2 = 1f - t;
    float z = s2 - 1f;
    float lo5 = (1f - (s2 - z)) + (b2 - z);
    float p10 = s2 * bKeepHi;
    float pLo = fma(lo5, bKeepHi, fma(s2, bKeepLo, fma(s2, bKeepHi, -p10)));
    float s3 = p10 + bSpreadE;
    float z2 = s3 - p10;
    float lo6 = (p10 - (s3 - z2)) + (bSpreadE - z2);
    float b3 = lo6 + pLo;
    float s4 = s3 + b3;
    float p11 = t * bKeepHi;
    float pLo2 = fma(0f, bKeepHi, fma(t, bKeepLo, fma(t, bKeepHi, -p11)));
    float s5 = p11 + bSpreadE;
    float z3 = s5 - p11;
    float lo7 = (p11 - (s5 - z3)) + (bSpreadE - z3);
    float b4 = lo7 + pLo2;
    float s6 = s5 + b4;
    float p12 = s6 * posWeight;
    boolean positive = x >= 0f;
    float f = positive ? s4 : p12;
    float ln = hi2 + lo4;
    float z4 = ((f == 0f) ? 0f : (f * (a + ln))) + ((positive ? p12 : s4) * ln);
    float v = ((w == 0f) & (z4 == z4)) ? 0f : (z4 * w);
    float hi3 = (v == v) ? v : Float.NaN;
    return pair(hi3, 0f);
  }

  @Override
  public void strip(BceBlock b, Lanes l, int i, int n) { GeneratedSmoothedLogitsStrips.run(b, l, i,
          n); }

  @Override
  public VectorPasses<BceBlock> passes() { return GeneratedSmoothedLogitsVectors.PASSES; }

  @Override
  public VectorPasses<BceBlock> hessianPasses() { return GeneratedLogitHessianVectors.PASSES; }
}
