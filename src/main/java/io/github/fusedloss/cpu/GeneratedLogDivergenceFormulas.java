// Generated from kernels/kl_div.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Formulas of kernels/kl_div.cl, with one choice of options. */
final class GeneratedLogDivergenceFormulas implements ElementFormulas {

  static final ElementFormulas ALL = new GeneratedLogDivergenceFormulas();

  @Override
  public void loss(float x, float t, float posWeight, BceBlock b, Element out) {
    float x2 = (t < -104f) ? -104f : t;
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
    float b2 = -x;
    float s2 = t - x;
    float z = s2 - t;
    float lo2 = (t - (s2 - z)) + (b2 - z);
    float p2 = hi2 * s2;
    float e = fma(hi2, s2, -p2);
    float lo3 = e + fma(hi2, lo2, lo * s2);
    float s3 = p2 + lo3;
    float lo4 = lo3 - (s3 - p2);
    boolean finite = abs(p2) < Float.POSITIVE_INFINITY;
    float hi3 = finite ? s3 : p2;
    float lo5 = finite ? lo4 : 0f;
    float hi4 = hi3 + 0f;
    boolean usual = abs(hi4) < Float.POSITIVE_INFINITY;
    float hi5 = usual ? hi4 : hi4;
    float lo6 = usual ? lo5 : 0f;
    out.loss = pair(hi5, lo6);
  }

  @Override
  public void element(float x, float t, float posWeight, BceBlock b, Element out) {
    float x2 = (t < -104f) ? -104f : t;
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
    float b2 = -x;
    float s2 = t - x;
    float z = s2 - t;
    float lo2 = (t - (s2 - z)) + (b2 - z);
    float p2 = hi2 * s2;
    float e = fma(hi2, s2, -p2);
    float lo3 = e + fma(hi2, lo2, lo * s2);
    float s3 = p2 + lo3;
    float lo4 = lo3 - (s3 - p2);
    boolean finite = abs(p2) < Float.POSITIVE_INFINITY;
    float hi3 = finite ? s3 : p2;
    float lo5 = finite ? lo4 : 0f;
    float hi4 = hi3 + 0f;
    boolean usual = abs(hi4) < Float.POSITIVE_INFINITY;
    float slope = 0f - (hi2 + lo);
    float hi5 = usual ? hi4 : hi4;
    float lo6 = usual ? lo5 : 0f;
    out.loss = pair(hi5, lo6);
    out.slope = slope;
  }

  @Override
  public void careful(float x, float t, float posWeight, BceBlock b, Element out) {
    float x2 = (t < -104f) ? -104f : t;
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
    float b2 = -x;
    float s2 = t - x;
    float z = s2 - t;
    float lo2 = (t - (s2 - z)) + (b2 - z);
    float p2 = hi2 * s2;
    float e = fma(hi2, s2, -p2);
    float lo3 = e + fma(hi2, lo2, lo * s2);
    float s3 = p2 + lo3;
    float lo4 = lo3 - (s3 - p2);
    boolean finite = abs(p2) < Float.POSITIVE_INFINITY;
    float hi3 = finite ? s3 : p2;
    float lo5 = finite ? lo4 : 0f;
    float hi4 = hi3 + 0f;
    boolean usual = abs(hi4) < Float.POSITIVE_INFINITY;
    boolean nothing = (t == Float.NEGATIVE_INFINITY) | (s2 == 0f);
    boolean v = (abs(x) == Float.POSITIVE_INFINITY) & (abs(t) < Float.POSITIVE_INFINITY);
    float z2 = v ? b2 : p2;
    float v2 = (nothing & (x == x)) ? 0f : z2;
    float z3 = (v2 == v2) ? v2 : Float.NaN;
    float hi5 = usual ? hi4 : z3;
    float lo6 = usual ? lo5 : 0f;
    out.loss = pair(hi5, lo6);
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
  public void strip(BceBlock b, Lanes l, int i, int n) { GeneratedDivergenceStrips.run(b, l, i,
          n); }

  @Override
  public VectorPasses<BceBlock> passes() { return GeneratedDivergenceVectors.PASSES; }
}
