// Generated from kernels/kl_div.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Formulas of kernels/kl_div.cl, with one choice of options. */
final class GeneratedDivergenceFormulas implements ElementFormulas {

  static final ElementFormulas ALL = new GeneratedDivergenceFormulas();

  @Override
  public void loss(float x, float t, float posWeight, BceBlock b, Element out) {
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
    boolean usual = (abs(hi2) < Float.POSITIVE_INFINITY) & (!(t < 0f));
    float hi3 = usual ? hi2 : Float.NaN;
    float lo10 = usual ? lo9 : 0f;
    out.loss = pair(hi3, lo10);
  }

  @Override
  public void element(float x, float t, float posWeight, BceBlock b, Element out) {
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
    boolean usual = (abs(hi2) < Float.POSITIVE_INFINITY) & (!(t < 0f));
    float slope = 0f - t;
    float hi3 = usual ? hi2 : Float.NaN;
    float lo10 = usual ? lo9 : 0f;
    out.loss = pair(hi3, lo10);
    out.slope = slope;
  }

  @Override
  public void careful(float x, float t, float posWeight, BceBlock b, Element out) {
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
    boolean v = t < 0f;
    boolean usual = (abs(hi2) < Float.POSITIVE_INFINITY) & (!v);
    boolean far = (!(abs(x) < Float.POSITIVE_INFINITY)) | (!(t < Float.POSITIVE_INFINITY));
    float z2 = far ? (t * (((t == Float.POSITIVE_INFINITY) ? t : 0f) - x)) : hi2;
    float z3 = ((t == 0f) & (x == x)) ? 0f : z2;
    float v2 = v ? Float.NaN : z3;
    float z4 = (v2 == v2) ? v2 : Float.NaN;
    float hi3 = usual ? hi2 : z4;
    float lo10 = usual ? lo9 : 0f;
    out.loss = pair(hi3, lo10);
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
