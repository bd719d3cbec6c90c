// Generated from kernels/bce.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Functions of kernels/bce.cl for one element; a long is a pair. */
final class GeneratedBce {
  private GeneratedBce() {}

  static long probabilityLoss(float p, float t) {
    float b2 = -p;
    float s2 = 1f - p;
    float lo = b2 - (s2 - 1f);
    int v = floatToRawIntBits(s2);
    int k = (v - 0x3f2aaaab) >> 23;
    int shift = k << 23;
    float f = intBitsToFloat(v - shift) - 1f;
    float fLo = lo * intBitsToFloat(0x3f800000 - shift);
    float k2 = (float) k;
    boolean direct = k2 == 0f;
    float f2 = direct ? b2 : f;
    float fLo2 = direct ? 0f : fLo;
    float h = f2 * f2;
    float hLo = fma(f2, f2, -h);
    float base = k2 * 0x1.62e43p-1f;
    float baseLo = fma(k2, -0x1.05c61p-29f, fma(k2, 0x1.62e43p-1f, -base));
    float s3 = base + f2;
    float lo2 = f2 - (s3 - base);
    float b3 = -0.5f * h;
    float s4 = s3 + b3;
    float lo3 = b3 - (s4 - s3);
    float g = 1f - f2;
    float g2 = fma(h, g, g);
    float p2 = fma(-0x1.07f7cep-3f, f2, 0x1.1e73ap-3f);
    float p3 = fma(p2, f2, -0x1.f317ep-4f);
    float p4 = fma(p3, f2, 0x1.1ed424p-3f);
    float p5 = fma(p4, f2, -0x1.559d8ap-3f);
    float p6 = fma(p5, f2, 0x1.99d05ep-3f);
    float p7 = fma(p6, f2, -0x1.fffef2p-3f);
    float p8 = fma(p7, f2, 0x1.555506p-2f);
    float lo4 = fma(h * f2, p8, -0.5f * hLo) + (lo2 + lo3);
    float b4 = fma(fLo2, g2, lo4 + baseLo);
    float s5 = s4 + b4;
    float lo5 = b4 - (s5 - s4);
    boolean below = p < 1f;
    float hi = below ? -s5 : 100f;
    float lo6 = below ? -lo5 : 0f;
    float b5 = -t;
    float s6 = 1f - t;
    float lo7 = b5 - (s6 - 1f);
    float p9 = hi * s6;
    float e = fma(hi, s6, -p9);
    float lo8 = e + fma(hi, lo7, lo6 * s6);
    float s7 = p9 + lo8;
    float lo9 = lo8 - (s7 - p9);
    boolean finite = abs(p9) < Float.POSITIVE_INFINITY;
    float hi2 = finite ? s7 : p9;
    float lo10 = finite ? lo9 : 0f;
    int y = floatToRawIntBits(abs(p) * 0x1.0p64f);
    int k3 = (y - 0x3f2aaaab) >> 23;
    float f3 = intBitsToFloat(y - (k3 << 23)) - 1f;
    float k4 = ((float) k3) - 64f;
    float h2 = f3 * f3;
    float hLo2 = fma(f3, f3, -h2);
    float base2 = k4 * 0x1.62e43p-1f;
    float baseLo2 = fma(k4, -0x1.05c61p-29f, fma(k4, 0x1.62e43p-1f, -base2));
    float s8 = base2 + f3;
    float lo11 = f3 - (s8 - base2);
    float b6 = -0.5f * h2;
    float s9 = s8 + b6;
    float lo12 = b6 - (s9 - s8);
    float g3 = 1f - f3;
    float g4 = fma(h2, g3, g3);
    float p10 = fma(-0x1.07f7cep-3f, f3, 0x1.1e73ap-3f);
    float p11 = fma(p10, f3, -0x1.f317ep-4f);
    float p12 = fma(p11, f3, 0x1.1ed424p-3f);
    float p13 = fma(p12, f3, -0x1.559d8ap-3f);
    float p14 = fma(p13, f3, 0x1.99d05ep-3f);
    float p15 = fma(p14, f3, -0x1.fffef2p-3f);
    float p16 = fma(p15, f3, 0x1.555506p-2f);
    float lo13 = fma(h2 * f3, p16, -0.5f * hLo2) + (lo11 + lo12);
    float b7 = fma(0f, g4, lo13 + baseLo2);
    float s10 = s9 + b7;
    float lo14 = b7 - (s10 - s9);
    float v2 = -s10;
    boolean below2 = v2 < 100f;
    float hi3 = below2 ? v2 : 100f;
    float lo15 = below2 ? -lo14 : 0f;
    float p17 = hi3 * t;
    float lo16 = fma(lo15, t, fma(hi3, t, -p17));
    float s11 = p17 + lo16;
    float lo17 = lo16 - (s11 - p17);
    boolean finite2 = abs(p17) < Float.POSITIVE_INFINITY;
    float hi4 = finite2 ? s11 : p17;
    float lo18 = finite2 ? lo17 : 0f;
    float s12 = hi2 + hi4;
    float z = s12 - hi2;
    float lo19 = (hi2 - (s12 - z)) + (hi4 - z);
    float lo20 = lo19 + (lo10 + lo18);
    float s13 = s12 + lo20;
    float lo21 = lo20 - (s13 - s12);
    boolean finite3 = abs(s12) < Float.POSITIVE_INFINITY;
    float hi5 = finite3 ? s13 : s12;
    float lo22 = finite3 ? lo21 : 0f;
    return pair(hi5, lo22);
  }

  static long weightedElement(long value, float w) {
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

  static float probabilitySlope(float p, float t) {
    float product = (1f - p) * p;
    float d = (product > 1.0E-12f) ? product : 1.0E-12f;
    int v = floatToRawIntBits(d);
    float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
    float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
    float r2 = fma(r, m, 0x1.0f83e2p1f);
    float v2 = -m;
    float r3 = fma(r2, fma(v2, r2, 1f), r2);
    float r4 = fma(r3, fma(v2, r3, 1f), r3) * intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    float v3 = p - t;
    float q = v3 * r4;
    return fma(fma(-q, d, v3), r4, q);
  }
}
