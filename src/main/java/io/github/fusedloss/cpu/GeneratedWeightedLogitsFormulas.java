// Generated from kernels/sigmoid_bce.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Formulas of kernels/sigmoid_bce.cl, with one choice of options. */
final class GeneratedWeightedLogitsFormulas implements ElementFormulas {

  static final ElementFormulas ALL = new GeneratedWeightedLogitsFormulas();

  @Override
  public void loss(float x, float t, float posWeight, BceBlock b, Element out) {
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
    float u = 1f - t;
    float q4 = t * posWeight;
    float lo5 = -t - (u - 1f);
    float lo6 = fma(t, posWeight, -q4);
    boolean positive = x >= 0f;
    float f = positive ? u : q4;
    float fLo = positive ? lo5 : lo6;
    float p10 = f * a;
    float pLo = fma(fLo, a, fma(f, a, -p10));
    float s2 = u + q4;
    float z = s2 - u;
    float lo7 = (u - (s2 - z)) + (q4 - z);
    float bothLo = lo7 + (lo5 + lo6);
    float s3 = hi2 + lo4;
    float lo8 = lo4 - (s3 - hi2);
    float r2 = s3 * s2;
    float rLo = fma(s3, s2, -r2) + fma(s3, bothLo, lo8 * s2);
    float s4 = p10 + r2;
    float z2 = s4 - p10;
    float lo9 = (p10 - (s4 - z2)) + (r2 - z2);
    float b2 = lo9 + (pLo + rLo);
    float s5 = s4 + b2;
    float lo10 = b2 - (s5 - s4);
    out.loss = pair(s5, lo10);
  }

  @Override
  public void element(float x, float t, float posWeight, BceBlock b, Element out) {
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
    float u = 1f - t;
    float q4 = t * posWeight;
    float lo5 = -t - (u - 1f);
    float v = -q4;
    float lo6 = fma(t, posWeight, v);
    boolean positive = x >= 0f;
    float f = positive ? u : q4;
    float fLo = positive ? lo5 : lo6;
    float p10 = f * a;
    float pLo = fma(fLo, a, fma(f, a, -p10));
    float s2 = u + q4;
    float z = s2 - u;
    float lo7 = (u - (s2 - z)) + (q4 - z);
    float bothLo = lo7 + (lo5 + lo6);
    float s3 = hi2 + lo4;
    float lo8 = lo4 - (s3 - hi2);
    float r2 = s3 * s2;
    float rLo = fma(s3, s2, -r2) + fma(s3, bothLo, lo8 * s2);
    float s4 = p10 + r2;
    float z2 = s4 - p10;
    float lo9 = (p10 - (s4 - z2)) + (r2 - z2);
    float b2 = lo9 + (pLo + rLo);
    float s5 = s4 + b2;
    float lo10 = b2 - (s5 - s4);
    float y = 1f + hi;
    float r3 = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r4 = fma(r3, y, 0x1.0f83e2p1f);
    float v2 = -y;
    float r5 = fma(r4, fma(v2, r4, 1f), r4);
    float r6 = fma(r5, fma(v2, r5, 1f), r5);
    float slope = r6 * fma(positive ? v : u, hi + lo, positive ? u : v);
    out.loss = pair(s5, lo10);
    out.slope = slope;
  }

  @Override
  public void bend(float x, float t, float posWeight, BceBlock b, Element out) {
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
    float u = 1f - t;
    float y = 1f + hi;
    float r2 = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r3 = fma(r2, y, 0x1.0f83e2p1f);
    float v = -y;
    float r4 = fma(r3, fma(v, r3, 1f), r3);
    float r5 = fma(r4, fma(v, r4, 1f), r4);
    float mass = fma(t, posWeight, u);
    float v2 = r5 * (r5 * (hi + lo));
    float bend = ((v2 < bLeast2) ? bLeast2 : v2) * mass;
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
    float q4 = t * posWeight;
    float u = 1f - t;
    boolean positive = x >= 0f;
    float f = positive ? u : q4;
    float ln = hi2 + lo4;
    float z = ((f == 0f) ? 0f : (f * (a + ln))) + ((positive ? q4 : u) * ln);
    float v = ((w == 0f) & (z == z)) ? 0f : (z * w);
    float hi3 = (v == v) ? v : Float.NaN;
    return pair(hi3, 0f);
  }

  @Override
  public void strip(BceBlock b, Lanes l, int i, int n) { GeneratedLogitsStrips.run(b, l, i, n); }

  @Override
  public VectorPasses<BceBlock> passes() { return GeneratedLogitsVectors.PASSES; }

  @Override
  public VectorPasses<BceBlock> hessianPasses() { return GeneratedLogitHessianVectors.PASSES; }
}
