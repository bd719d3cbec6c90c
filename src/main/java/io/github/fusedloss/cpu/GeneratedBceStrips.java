// Generated from kernels/bce.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/bce.cl. */
final class GeneratedBceStrips {
  private GeneratedBceStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    float[] strip7 = s.slots[7];
    float[] strip8 = s.slots[8];
    float[] strip9 = s.slots[9];
    float[] strip10 = s.slots[10];
    float[] strip11 = s.slots[11];
    float[] strip12 = s.slots[12];
    float[] strip13 = s.slots[13];
    float[] strip14 = s.slots[14];
    float[] strip15 = s.slots[15];
    System.arraycopy(b.x, b.xAt + start, strip0, 0, n);
    System.arraycopy(b.t, b.tAt + start, strip1, 0, n);
    probabilityLoss1(strip0, strip1, strip2, strip3, strip4, strip5, strip6, strip7, n);
    probabilityLoss2(strip0, strip8, n);
    probabilityLoss3(strip2, strip9, strip10, n);
    probabilityLoss4(strip8, strip11, n);
    probabilityLoss5(strip2, strip10, strip0, strip3, strip9, n);
    probabilityLoss6(strip2, strip10, strip9, strip12, strip13, strip14, strip15, n);
    probabilityLoss7(strip9, strip2, strip10, strip13, strip15, n);
    probabilityLoss8(strip14, strip3, strip2, strip9, strip12, strip4, strip5, n);
    probabilityLoss9(strip2, strip6, strip7, strip3, n);
    probabilityLoss10(strip8, strip11, strip4, strip5, strip6, strip7, strip9, n);
    probabilityLoss11(strip8, strip5, strip4, strip6, n);
    probabilityLoss12(strip4, strip6, strip9, strip5, strip7, n);
    probabilityLoss13(strip4, strip1, strip5, n);
    probabilityLoss14(strip2, strip4, strip5, strip3, n);
    if (b.w != null) {
      System.arraycopy(b.w, b.wAt + start, strip4, 0, n);
      weightedElement(strip2, strip4, strip3, n);
    }
    if (b.loss != null) {
      highHalf(strip2, strip5, n);
      System.arraycopy(strip5, 0, b.loss, b.lossAt + start, n);
    }
    if (b.gradient != null) {
      probabilitySlope1(strip0, strip1, n);
      probabilitySlope2(strip1, strip5, strip6, n);
      probabilitySlope3(strip0, strip5, strip6, strip1, n);
    }
    if (b.gradient != null && b.w == null && b.upstream == null) {
      scaledGradient(strip0, b.scale, n);
    }
    if (b.gradient != null && b.w != null && b.upstream == null) {
      product(strip4, b.scale, strip1, n);
    }
    if (b.upstream != null) {
      System.arraycopy(b.upstream, b.upstreamAt + start, strip5, 0, n);
    }
    if (b.gradient != null && b.w == null && b.upstream != null) {
      productAgain(b.scale, strip5, strip1, n);
    }
    if (b.gradient != null && b.w != null && b.upstream != null) {
      twoFactors(strip4, b.scale, strip5, strip1, n);
    }
    if (b.gradient != null && (b.w != null || b.upstream != null)) {
      scaledGradientAgain(strip0, strip1, n);
    }
    if (b.gradient != null) {
      Strip.judge(strip0, strip3, n);
      System.arraycopy(strip0, 0, b.gradient, b.gradientAt + start, n);
    }
    StripSums.sum(s, strip2, strip3, lanes, start, n);
  }

  private static void probabilityLoss1(float[] strip0, float[] strip1, float[] strip2,
          float[] strip3, float[] strip4, float[] strip5, float[] strip6, float[] strip7, int n) {
    for (int i = 0; i < n; i++) {
      float x = strip0[i];
      float t = strip1[i];
      float b2 = -x;
      float s2 = 1f - x;
      float lo = b2 - (s2 - 1f);
      float v = min(max(s2 * 0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float b3 = -t;
      float s3 = 1f - t;
      float lo2 = b3 - (s3 - 1f);
      strip2[i] = s2;
      strip3[i] = lo;
      strip4[i] = v;
      strip5[i] = 100f * (1f - v);
      strip6[i] = s3;
      strip7[i] = lo2;
    }
  }

  private static void probabilityLoss2(float[] strip0, float[] strip8, int n) {
    for (int i = 0; i < n; i++) {
      float x = strip0[i];
      strip8[i] = abs(x) * 0x1.0p64f;
    }
  }

  private static void probabilityLoss3(float[] strip2, float[] strip9, float[] strip10, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip2[i];
      int v = floatToRawIntBits(s2);
      int k = (v - 0x3f2aaaab) >> 23;
      int shift = k << 23;
      float k2 = (float) k;
      strip2[i] = intBitsToFloat(v - shift);
      strip9[i] = intBitsToFloat(0x3f800000 - shift);
      strip10[i] = k2;
    }
  }

  private static void probabilityLoss4(float[] strip8, float[] strip11, int n) {
    for (int i = 0; i < n; i++) {
      float v = strip8[i];
      int y = floatToRawIntBits(v);
      int k = (y - 0x3f2aaaab) >> 23;
      strip8[i] = intBitsToFloat(y - (k << 23));
      strip11[i] = (float) k;
    }
  }

  private static void probabilityLoss5(float[] strip2, float[] strip10, float[] strip0,
          float[] strip3, float[] strip9, int n) {
    for (int i = 0; i < n; i++) {
      float v = strip2[i];
      float k = strip10[i];
      float x = strip0[i];
      float lo = strip3[i];
      float v2 = strip9[i];
      float b2 = -x;
      float f = v - 1f;
      float fLo = lo * v2;
      float v3 = min((abs(k) * 0x1.0p100f) * 0x1.0p100f, 1f);
      float f2 = fma(f, v3, b2 * (1f - v3));
      float fLo2 = fLo * v3;
      strip2[i] = f2;
      strip3[i] = fLo2;
    }
  }

  private static void probabilityLoss6(float[] strip2, float[] strip10, float[] strip9,
          float[] strip12, float[] strip13, float[] strip14, float[] strip15, int n) {
    for (int i = 0; i < n; i++) {
      float f = strip2[i];
      float k = strip10[i];
      float h = fma(f, f, -0f);
      float hLo = fma(f, f, -h);
      float base = k * 0x1.62e43p-1f;
      float baseLo = fma(k, -0x1.05c61p-29f, fma(k, 0x1.62e43p-1f, -base));
      float s2 = base + f;
      float lo = f - (s2 - base);
      float b2 = -0.5f * h;
      float s3 = s2 + b2;
      float lo2 = b2 - (s3 - s2);
      strip9[i] = h;
      strip10[i] = hLo;
      strip12[i] = baseLo;
      strip13[i] = lo;
      strip14[i] = s3;
      strip15[i] = lo2;
    }
  }

  private static void probabilityLoss7(float[] strip9, float[] strip2, float[] strip10,
          float[] strip13, float[] strip15, int n) {
    for (int i = 0; i < n; i++) {
      float h = strip9[i];
      float f = strip2[i];
      float hLo = strip10[i];
      float lo = strip13[i];
      float lo2 = strip15[i];
      float g = 1f - f;
      float g2 = fma(h, g, g);
      float p = fma(-0x1.07f7cep-3f, f, 0x1.1e73ap-3f);
      float p2 = fma(p, f, -0x1.f317ep-4f);
      float p3 = fma(p2, f, 0x1.1ed424p-3f);
      float p4 = fma(p3, f, -0x1.559d8ap-3f);
      float p5 = fma(p4, f, 0x1.99d05ep-3f);
      float p6 = fma(p5, f, -0x1.fffef2p-3f);
      float p7 = fma(p6, f, 0x1.555506p-2f);
      float lo3 = fma(fma(fma(h, f, -0f), p7, -0.5f * hLo), 1f, fma(lo, 1f, lo2));
      strip2[i] = g2;
      strip9[i] = lo3;
    }
  }

  private static void probabilityLoss8(float[] strip14, float[] strip3, float[] strip2,
          float[] strip9, float[] strip12, float[] strip4, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip14[i];
      float fLo = strip3[i];
      float g = strip2[i];
      float lo = strip9[i];
      float baseLo = strip12[i];
      float v = strip4[i];
      float v2 = strip5[i];
      float b2 = fma(fLo, g, fma(lo, 1f, baseLo));
      float s3 = s2 + b2;
      float lo2 = b2 - (s3 - s2);
      float hi = fma(-s3, v, v2);
      float lo3 = -lo2 * v;
      strip2[i] = hi;
      strip3[i] = lo3;
    }
  }

  private static void probabilityLoss9(float[] strip2, float[] strip6, float[] strip7,
          float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float hi = strip2[i];
      float s2 = strip6[i];
      float lo = strip7[i];
      float lo2 = strip3[i];
      float p = hi * s2;
      float e = fma(hi, s2, -p);
      float lo3 = fma(e, 1f, fma(hi, lo, lo2 * s2));
      float s3 = p + lo3;
      float lo4 = lo3 - (s3 - p);
      strip2[i] = s3;
      strip3[i] = lo4;
    }
  }

  private static void probabilityLoss10(float[] strip8, float[] strip11, float[] strip4,
          float[] strip5, float[] strip6, float[] strip7, float[] strip9, int n) {
    for (int i = 0; i < n; i++) {
      float v = strip8[i];
      float v2 = strip11[i];
      float f = v - 1f;
      float k = v2 - 64f;
      float h = fma(f, f, -0f);
      float hLo = fma(f, f, -h);
      float base = k * 0x1.62e43p-1f;
      float baseLo = fma(k, -0x1.05c61p-29f, fma(k, 0x1.62e43p-1f, -base));
      float s2 = base + f;
      float lo = f - (s2 - base);
      strip4[i] = f;
      strip5[i] = h;
      strip6[i] = hLo;
      strip7[i] = baseLo;
      strip8[i] = s2;
      strip9[i] = lo;
    }
  }

  private static void probabilityLoss11(float[] strip8, float[] strip5, float[] strip4,
          float[] strip6, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip8[i];
      float h = strip5[i];
      float f = strip4[i];
      float hLo = strip6[i];
      float b2 = -0.5f * h;
      float s3 = s2 + b2;
      float lo = b2 - (s3 - s2);
      float p = fma(-0x1.07f7cep-3f, f, 0x1.1e73ap-3f);
      float p2 = fma(p, f, -0x1.f317ep-4f);
      float p3 = fma(p2, f, 0x1.1ed424p-3f);
      float p4 = fma(p3, f, -0x1.559d8ap-3f);
      float p5 = fma(p4, f, 0x1.99d05ep-3f);
      float p6 = fma(p5, f, -0x1.fffef2p-3f);
      float p7 = fma(p6, f, 0x1.555506p-2f);
      strip4[i] = s3;
      strip5[i] = lo;
      strip6[i] = fma(h * f, p7, -0.5f * hLo);
    }
  }

  private static void probabilityLoss12(float[] strip4, float[] strip6, float[] strip9,
          float[] strip5, float[] strip7, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip4[i];
      float v = strip6[i];
      float lo = strip9[i];
      float lo2 = strip5[i];
      float baseLo = strip7[i];
      float lo3 = fma(v, 1f, fma(lo, 1f, lo2));
      float b2 = fma(lo3, 1f, baseLo);
      float s3 = s2 + b2;
      float lo4 = b2 - (s3 - s2);
      strip4[i] = s3;
      strip5[i] = lo4;
    }
  }

  private static void probabilityLoss13(float[] strip4, float[] strip1, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip4[i];
      float t = strip1[i];
      float lo = strip5[i];
      float v = -s2;
      float hi = min(100f, v);
      float lo2 = -lo * min(max((100f + s2) * 0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float p = hi * t;
      float lo3 = fma(lo2, t, fma(hi, t, -p));
      strip4[i] = p;
      strip5[i] = lo3;
    }
  }

  private static void probabilityLoss14(float[] strip2, float[] strip4, float[] strip5,
          float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip2[i];
      float p = strip4[i];
      float lo = strip5[i];
      float lo2 = strip3[i];
      float s3 = p + lo;
      float lo3 = lo - (s3 - p);
      float s4 = fma(s2, 1f, s3);
      float z = s4 - s2;
      float lo4 = fma(s2 - (s4 - z), 1f, s3 - z);
      float lo5 = fma(lo4, 1f, fma(lo2, 1f, lo3));
      float s5 = fma(s4, 1f, lo5);
      float lo6 = lo5 - (s5 - s4);
      strip2[i] = s5;
      strip3[i] = lo6;
    }
  }

  private static void weightedElement(float[] strip2, float[] strip4, float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float valueHi = strip2[i];
      float w = strip4[i];
      float valueLo = strip3[i];
      float p = valueHi * w;
      float lo = fma(valueLo, w, fma(valueHi, w, -p));
      float s2 = p + lo;
      float lo2 = lo - (s2 - p);
      strip2[i] = s2;
      strip3[i] = lo2;
    }
  }

  private static void highHalf(float[] strip2, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float valueHi = strip2[i];
      strip5[i] = valueHi;
    }
  }

  private static void probabilitySlope1(float[] strip0, float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float x = strip0[i];
      float t = strip1[i];
      float difference = x - t;
      float product = (1f - x) * x;
      float d = max(1.0E-12f, product);
      strip0[i] = difference;
      strip1[i] = d;
    }
  }

  private static void probabilitySlope2(float[] strip1, float[] strip5, float[] strip6, int n) {
    for (int i = 0; i < n; i++) {
      float d = strip1[i];
      int v = floatToRawIntBits(d);
      float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
      strip5[i] = m;
      strip6[i] = intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    }
  }

  private static void probabilitySlope3(float[] strip0, float[] strip5, float[] strip6,
          float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float difference = strip0[i];
      float m = strip5[i];
      float v = strip6[i];
      float d = strip1[i];
      float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, m, 0x1.0f83e2p1f);
      float v2 = -m;
      float r3 = fma(r2, fma(v2, r2, 1f), r2);
      float r4 = fma(r3, fma(v2, r3, 1f), r3) * v;
      float q = difference * r4;
      strip0[i] = fma(fma(-q, d, difference), r4, q);
    }
  }

  private static void scaledGradient(float[] strip0, float scale, int n) {
    for (int i = 0; i < n; i++) {
      float gradient = strip0[i];
      float v = gradient * scale;
      strip0[i] = v;
    }
  }

  private static void product(float[] strip4, float scale, float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float w = strip4[i];
      strip1[i] = w * scale;
    }
  }

  private static void productAgain(float scale, float[] strip5, float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float upstream = strip5[i];
      strip1[i] = scale * upstream;
    }
  }

  private static void twoFactors(float[] strip4, float scale, float[] strip5, float[] strip1,
          int n) {
    for (int i = 0; i < n; i++) {
      float w = strip4[i];
      float upstream = strip5[i];
      strip1[i] = (w * scale) * upstream;
    }
  }

  private static void scaledGradientAgain(float[] strip0, float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float gradient = strip0[i];
      float factor = strip1[i];
      float v = gradient * factor;
      strip0[i] = v;
    }
  }
}
