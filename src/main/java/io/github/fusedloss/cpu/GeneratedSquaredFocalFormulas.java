// Generated from kernels/sigmoid_focal.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Formulas of kernels/sigmoid_focal.cl, with one choice of options. */
final class GeneratedSquaredFocalFormulas implements ElementFormulas {

  static final ElementFormulas ALL = new GeneratedSquaredFocalFormulas();

  @Override
  public void loss(float x, float t, float posWeight, BceBlock b, Element out) {
    float bAlphaOfOne = b.alphaOfOne;
    float bAlphaOfZero = b.alphaOfZero;
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
    float a3 = fma(-t, x, (x > 0f) ? x : 0f);
    float s2 = a3 + hi2;
    float z = s2 - a3;
    float lo5 = (a3 - (s2 - z)) + (hi2 - z);
    float b2 = lo5 + lo4;
    float s3 = s2 + b2;
    float lo6 = b2 - (s3 - s2);
    float u = 1f - t;
    boolean positive = x >= 0f;
    float y = 1f + hi;
    float r2 = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r3 = fma(r2, y, 0x1.0f83e2p1f);
    float v = -y;
    float r4 = fma(r3, fma(v, r3, 1f), r3);
    float r5 = fma(r4, fma(v, r4, 1f), r4);
    float alpha = ((t >= 0f) & (t <= 1f)) ? fma(t, bAlphaOfOne, u * bAlphaOfZero) : Float.NaN;
    float f = positive ? u : t;
    float h = positive ? t : u;
    float p10 = h * hi;
    float pLo = fma(h, lo, fma(h, hi, -p10));
    float s4 = f + p10;
    float z2 = s4 - f;
    float lo7 = (f - (s4 - z2)) + (p10 - z2);
    float b3 = lo7 + pLo;
    float s5 = s4 + b3;
    float lo8 = b3 - (s5 - s4);
    float dLo = ((1f - y) + hi) + lo;
    float q4 = s5 * r5;
    float v2 = -q4;
    float b4 = (fma(v2, y, s5) + fma(v2, dLo, lo8)) * r5;
    float s6 = q4 + b4;
    float lo9 = b4 - (s6 - q4);
    float s7 = s6 * s6;
    float lo10 = fma(s6, s6, -s7) + ((2f * s6) * lo9);
    float p11 = s3 * s7;
    float pLo2 = fma(s3, s7, -p11) + fma(s3, lo10, lo6 * s7);
    float s8 = p11 + pLo2;
    float lo11 = pLo2 - (s8 - p11);
    float r6 = s8 * alpha;
    float b5 = fma(lo11, alpha, fma(s8, alpha, -r6));
    float s9 = r6 + b5;
    float lo12 = b5 - (s9 - r6);
    out.loss = pair(s9, lo12);
  }

  @Override
  public void element(float x, float t, float posWeight, BceBlock b, Element out) {
    float bAlphaOfOne = b.alphaOfOne;
    float bAlphaOfZero = b.alphaOfZero;
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
    float a3 = fma(-t, x, (x > 0f) ? x : 0f);
    float s2 = a3 + hi2;
    float z = s2 - a3;
    float lo5 = (a3 - (s2 - z)) + (hi2 - z);
    float b2 = lo5 + lo4;
    float s3 = s2 + b2;
    float lo6 = b2 - (s3 - s2);
    float q4 = t * posWeight;
    float u = 1f - t;
    boolean positive = x >= 0f;
    float y = 1f + hi;
    float r2 = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r3 = fma(r2, y, 0x1.0f83e2p1f);
    float v = -y;
    float r4 = fma(r3, fma(v, r3, 1f), r3);
    float r5 = fma(r4, fma(v, r4, 1f), r4);
    float v2 = -q4;
    float before = r5 * fma(positive ? v2 : u, hi + lo, positive ? u : v2);
    float alpha = ((t >= 0f) & (t <= 1f)) ? fma(t, bAlphaOfOne, u * bAlphaOfZero) : Float.NaN;
    float f = positive ? u : t;
    float h = positive ? t : u;
    float p10 = h * hi;
    float pLo = fma(h, lo, fma(h, hi, -p10));
    float s4 = f + p10;
    float z2 = s4 - f;
    float lo7 = (f - (s4 - z2)) + (p10 - z2);
    float b3 = lo7 + pLo;
    float s5 = s4 + b3;
    float lo8 = b3 - (s5 - s4);
    float dLo = ((1f - y) + hi) + lo;
    float q5 = s5 * r5;
    float v3 = -q5;
    float b4 = (fma(v3, y, s5) + fma(v3, dLo, lo8)) * r5;
    float s6 = q5 + b4;
    float lo9 = b4 - (s6 - q5);
    float s7 = s6 * s6;
    float lo10 = fma(s6, s6, -s7) + ((2f * s6) * lo9);
    float tilt = fma(t, -4f, 2f) * ((r5 * hi) * r5);
    float both = fma(tilt, (abs(s3) < Float.POSITIVE_INFINITY) ? s3 : 0f, before * s6);
    float slope = both * (s6 * alpha);
    float p11 = s3 * s7;
    float pLo2 = fma(s3, s7, -p11) + fma(s3, lo10, lo6 * s7);
    float s8 = p11 + pLo2;
    float lo11 = pLo2 - (s8 - p11);
    float r6 = s8 * alpha;
    float b5 = fma(lo11, alpha, fma(s8, alpha, -r6));
    float s9 = r6 + b5;
    float lo12 = b5 - (s9 - r6);
    out.slope = slope;
    out.loss = pair(s9, lo12);
  }

  @Override
  public void careful(float x, float t, float posWeight, BceBlock b, Element out) {
    float bAlphaOfOne = b.alphaOfOne;
    float bAlphaOfZero = b.alphaOfZero;
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
    float a3 = fma(-t, x, (x > 0f) ? x : 0f);
    float s2 = a3 + hi2;
    float z = s2 - a3;
    float lo5 = (a3 - (s2 - z)) + (hi2 - z);
    float b2 = lo5 + lo4;
    float s3 = s2 + b2;
    float lo6 = b2 - (s3 - s2);
    float u = 1f - t;
    boolean positive = x >= 0f;
    float y = 1f + hi;
    float r2 = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r3 = fma(r2, y, 0x1.0f83e2p1f);
    float v = -y;
    float r4 = fma(r3, fma(v, r3, 1f), r3);
    float r5 = fma(r4, fma(v, r4, 1f), r4);
    float alpha = ((t >= 0f) & (t <= 1f)) ? fma(t, bAlphaOfOne, u * bAlphaOfZero) : Float.NaN;
    float f = positive ? u : t;
    float h = positive ? t : u;
    float p10 = h * hi;
    float pLo = fma(h, lo, fma(h, hi, -p10));
    float s4 = f + p10;
    float z2 = s4 - f;
    float lo7 = (f - (s4 - z2)) + (p10 - z2);
    float b3 = lo7 + pLo;
    float s5 = s4 + b3;
    float lo8 = b3 - (s5 - s4);
    float dLo = ((1f - y) + hi) + lo;
    float q4 = s5 * r5;
    float v2 = -q4;
    float b4 = (fma(v2, y, s5) + fma(v2, dLo, lo8)) * r5;
    float s6 = q4 + b4;
    float lo9 = b4 - (s6 - q4);
    float s7 = s6 * s6;
    float lo10 = fma(s6, s6, -s7) + ((2f * s6) * lo9);
    float p11 = s3 * s7;
    float pLo2 = fma(s3, s7, -p11) + fma(s3, lo10, lo6 * s7);
    float s8 = p11 + pLo2;
    float lo11 = pLo2 - (s8 - p11);
    float r6 = s8 * alpha;
    float b5 = fma(lo11, alpha, fma(s8, alpha, -r6));
    float s9 = r6 + b5;
    float lo12 = b5 - (s9 - r6);
    float z3 = ((f == 0f) ? 0f : (f * a)) + (hi2 + lo4);
    float finite = (z3 * (s7 + lo10)) * alpha;
    float z4 = (abs(z3) < Float.POSITIVE_INFINITY) ? finite : (((alpha == 0f) & (z3 == z3)) ? 0f : (z3 * alpha));
    boolean finite2 = abs(s9) < Float.POSITIVE_INFINITY;
    float hi3 = finite2 ? s9 : ((z4 == z4) ? z4 : Float.NaN);
    float lo13 = finite2 ? lo12 : 0f;
    out.loss = pair(hi3, lo13);
  }

  @Override
  public long weighted(long value, float w) {
    float valueHi = hi(value);
    float valueLo = lo(value);
    float p = valueHi * w;
    float lo = fma(valueLo, w, fma(valueHi, w, -p));
    float s2 = p + lo;
    float lo2 = lo - (s2 - p);
    boolean finite = abs(p) < Float.POSITIVE_INFINITY;
    float hi = finite ? s2 : p;
    float lo3 = finite ? lo2 : 0f;
    boolean dropped = ((w == 0f) & (!(abs(valueHi) < Float.POSITIVE_INFINITY))) & (valueHi == valueHi);
    float hi2 = dropped ? 0f : ((hi == hi) ? hi : Float.NaN);
    return pair(hi2, lo3);
  }

  @Override
  public void bend(float x, float t, float posWeight, BceBlock b, Element out) {
    float bAlphaOfOne = b.alphaOfOne;
    float bAlphaOfZero = b.alphaOfZero;
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
    float a3 = fma(-t, x, (x > 0f) ? x : 0f);
    float s2 = a3 + hi2;
    float z = s2 - a3;
    float lo5 = (a3 - (s2 - z)) + (hi2 - z);
    float b2 = lo5 + lo4;
    float s3 = s2 + b2;
    float q4 = t * posWeight;
    float u = 1f - t;
    boolean positive = x >= 0f;
    float y = 1f + hi;
    float r2 = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r3 = fma(r2, y, 0x1.0f83e2p1f);
    float v = -y;
    float r4 = fma(r3, fma(v, r3, 1f), r3);
    float r5 = fma(r4, fma(v, r4, 1f), r4);
    float v2 = -q4;
    float v3 = hi + lo;
    float before = r5 * fma(positive ? v2 : u, v3, positive ? u : v2);
    float alpha = ((t >= 0f) & (t <= 1f)) ? fma(t, bAlphaOfOne, u * bAlphaOfZero) : Float.NaN;
    float mass = fma(t, 0f, 1f);
    float v4 = r5 * (r5 * v3);
    float bent = ((v4 < 0f) ? 0f : v4) * mass;
    float f = positive ? u : t;
    float h = positive ? t : u;
    float p10 = h * hi;
    float pLo = fma(h, lo, fma(h, hi, -p10));
    float s4 = f + p10;
    float z2 = s4 - f;
    float lo6 = (f - (s4 - z2)) + (p10 - z2);
    float b3 = lo6 + pLo;
    float s5 = s4 + b3;
    float lo7 = b3 - (s5 - s4);
    float dLo = ((1f - y) + hi) + lo;
    float q5 = s5 * r5;
    float v5 = -q5;
    float b4 = (fma(v5, y, s5) + fma(v5, dLo, lo7)) * r5;
    float s6 = q5 + b4;
    float tilt = fma(t, -2f, 1f) * ((r5 * hi) * r5);
    float twice = (abs(s3) < Float.POSITIVE_INFINITY) ? (s3 + s3) : 0f;
    float d = ((1f - hi) - lo) * r5;
    float part = fma(twice, fma(s6, positive ? -d : d, tilt), (4f * before) * s6);
    float bend = fma(tilt, part, (bent * s6) * s6) * alpha;
    out.bend = bend;
  }

  @Override
  public void strip(BceBlock b, Lanes l, int i, int n) { GeneratedFocalStrips.run(b, l, i, n); }

  @Override
  public VectorPasses<BceBlock> passes() { return GeneratedFocalVectors.PASSES; }

  @Override
  public VectorPasses<BceBlock> hessianPasses() { return GeneratedFocalHessianVectors.PASSES; }
}
