// Generated from kernels/bce.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/bce.cl. */
final class GeneratedSmoothedBceStrips {
  private GeneratedSmoothedBceStrips() {}

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
    float[] strip16 = s.slots[16];
    float[] strip17 = s.slots[17];
    System.arraycopy(b.x, b.xAt + start, strip0, 0, n);
    System.arraycopy(b.t, b.tAt + start, strip1, 0, n);
    smoothedProbabilityLoss1(strip0, strip2, strip3, strip4, strip5, n);
    smoothedProbabilityLoss2(strip1, hi(b.keep), lo(b.keep), strip6, strip7, n);
    smoothedProbabilityLoss3(strip6, b.spreadE, strip7, strip0, strip8, n);
    smoothedProbabilityLoss4(strip1, hi(b.keep), b.spreadE, lo(b.keep), strip9, strip10, n);
    smoothedProbabilityLoss5(strip2, strip11, strip12, n);
    smoothedProbabilityLoss6(strip8, strip13, n);
    smoothedProbabilityLoss7(strip2, strip12, strip0, strip3, strip11, n);
    smoothedProbabilityLoss8(strip2, strip12, strip11, strip14, strip15, strip16, strip17, n);
    smoothedProbabilityLoss9(strip11, strip2, strip12, strip15, strip17, n);
    smoothedProbabilityLoss10(strip16, strip3, strip2, strip11, strip14, strip4, strip5, n);
    smoothedProbabilityLoss11(strip2, strip6, strip7, strip3, strip8, strip13, strip4, strip5, n);
    smoothedProbabilityLoss12(strip4, strip5, strip6, strip7, strip8, strip11, strip12, n);
    smoothedProbabilityLoss13(strip5, strip4, strip6, strip8, strip12, strip7, n);
    smoothedProbabilityLoss14(strip11, strip4, strip5, n);
    smoothedProbabilityLoss15(strip4, strip9, strip10, strip5, n);
    smoothedProbabilityLoss16(strip2, strip4, strip3, strip5, n);
    if (b.w != null) {
      System.arraycopy(b.w, b.wAt + start, strip4, 0, n);
      weightedElement(strip2, strip4, strip3, n);
    }
    if (b.loss != null) {
      highHalf(strip2, strip5, n);
      System.arraycopy(strip5, 0, b.loss, b.lossAt + start, n);
    }
    if (b.gradient != null) {
      smoothedProbabilitySlope1(strip1, hi(b.keep), b.spreadE, lo(b.keep), strip5, n);
      smoothedProbabilitySlope2(strip0, strip1, strip5, n);
      smoothedProbabilitySlope3(strip1, strip5, strip6, n);
      smoothedProbabilitySlope4(strip0, strip5, strip6, strip1, n);
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

  private static void smoothedProbabilityLoss1(float[] strip0, float[] strip2, float[] strip3,
          float[] strip4, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float x = strip0[i];
      float b2 = -x;
      float s2 = 1f - x;
      float lo = b2 - (s2 - 1f);
      float v = min(max(s2 * 0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      strip2[i] = s2;
      strip3[i] = lo;
      strip4[i] = v;
      strip5[i] = 100f * (1f - v);
    }
  }

  private static void smoothedProbabilityLoss2(float[] strip1, float keepHi, float keepLo,
          float[] strip6, float[] strip7, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float b2 = -t;
      float s2 = 1f - t;
      float z = s2 - 1f;
      float lo = fma(1f - (s2 - z), 1f, b2 - z);
      float p = s2 * keepHi;
      float pLo = fma(lo, keepHi, fma(s2, keepLo, fma(s2, keepHi, -p)));
      strip6[i] = p;
      strip7[i] = pLo;
    }
  }

  private static void smoothedProbabilityLoss3(float[] strip6, float spreadE, float[] strip7,
          float[] strip0, float[] strip8, int n) {
    for (int i = 0; i < n; i++) {
      float p = strip6[i];
      float pLo = strip7[i];
      float x = strip0[i];
      float s2 = p + spreadE;
      float z = s2 - p;
      float lo = fma(p - (s2 - z), 1f, spreadE - z);
      float b2 = fma(lo, 1f, pLo);
      float s3 = s2 + b2;
      float lo2 = b2 - (s3 - s2);
      strip6[i] = s3;
      strip7[i] = lo2;
      strip8[i] = abs(x) * 0x1.0p64f;
    }
  }

  private static void smoothedProbabilityLoss4(float[] strip1, float keepHi, float spreadE,
          float keepLo, float[] strip9, float[] strip10, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float p = t * keepHi;
      float pLo = fma(t, keepLo, fma(t, keepHi, -p));
      float s2 = p + spreadE;
      float z = s2 - p;
      float lo = fma(p - (s2 - z), 1f, spreadE - z);
      float b2 = fma(lo, 1f, pLo);
      float s3 = s2 + b2;
      float lo2 = b2 - (s3 - s2);
      strip9[i] = s3;
      strip10[i] = lo2;
    }
  }

  private static void smoothedProbabilityLoss5(float[] strip2, float[] strip11, float[] strip12,
          int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip2[i];
      int v = floatToRawIntBits(s2);
      int k = (v - 0x3f2aaaab) >> 23;
      int shift = k << 23;
      float k2 = (float) k;
      strip2[i] = intBitsToFloat(v - shift);
      strip11[i] = intBitsToFloat(0x3f800000 - shift);
      strip12[i] = k2;
    }
  }

  private static void smoothedProbabilityLoss6(float[] strip8, float[] strip13, int n) {
    for (int i = 0; i < n; i++) {
      float v = strip8[i];
      int y = floatToRawIntBits(v);
      int k = (y - 0x3f2aaaab) >> 23;
      strip8[i] = intBitsToFloat(y - (k << 23));
      strip13[i] = (float) k;
    }
  }

  private static void smoothedProbabilityLoss7(float[] strip2, float[] strip12, float[] strip0,
          float[] strip3, float[] strip11, int n) {
    for (int i = 0; i < n; i++) {
      float v = strip2[i];
      float k = strip12[i];
      float x = strip0[i];
      float lo = strip3[i];
      float v2 = strip11[i];
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

  private static void smoothedProbabilityLoss8(float[] strip2, float[] strip12, float[] strip11,
          float[] strip14, float[] strip15, float[] strip16, float[] strip17, int n) {
    for (int i = 0; i < n; i++) {
      float f = strip2[i];
      float k = strip12[i];
      float h = fma(f, f, -0f);
      float hLo = fma(f, f, -h);
      float base = k * 0x1.62e43p-1f;
      float baseLo = fma(k, -0x1.05c61p-29f, fma(k, 0x1.62e43p-1f, -base));
      float s2 = base + f;
      float lo = f - (s2 - base);
      float b2 = -0.5f * h;
      float s3 = s2 + b2;
      float lo2 = b2 - (s3 - s2);
      strip11[i] = h;
      strip12[i] = hLo;
      strip14[i] = baseLo;
      strip15[i] = lo;
      strip16[i] = s3;
      strip17[i] = lo2;
    }
  }

  private static void smoothedProbabilityLoss9(float[] strip11, float[] strip2, float[] strip12,
          float[] strip15, float[] strip17, int n) {
    for (int i = 0; i < n; i++) {
      float h = strip11[i];
      float f = strip2[i];
      float hLo = strip12[i];
      float lo = strip15[i];
      float lo2 = strip17[i];
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
      strip11[i] = lo3;
    }
  }

  private static void smoothedProbabilityLoss10(float[] strip16, float[] strip3, float[] strip2,
          float[] strip11, float[] strip14, float[] strip4, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip16[i];
      float fLo = strip3[i];
      float g = strip2[i];
      float lo = strip11[i];
      float baseLo = strip14[i];
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

  private static void smoothedProbabilityLoss11(float[] strip2, float[] strip6, float[] strip7,
          float[] strip3, float[] strip8, float[] strip13, float[] strip4, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float hi = strip2[i];
      float s2 = strip6[i];
      float lo = strip7[i];
      float lo2 = strip3[i];
      float v = strip8[i];
      float v2 = strip13[i];
      float p = hi * s2;
      float e = fma(hi, s2, -p);
      float lo3 = fma(e, 1f, fma(hi, lo, lo2 * s2));
      float s3 = p + lo3;
      float lo4 = lo3 - (s3 - p);
      float f = v - 1f;
      float k = v2 - 64f;
      strip2[i] = s3;
      strip3[i] = lo4;
      strip4[i] = f;
      strip5[i] = k;
    }
  }

  private static void smoothedProbabilityLoss12(float[] strip4, float[] strip5, float[] strip6,
          float[] strip7, float[] strip8, float[] strip11, float[] strip12, int n) {
    for (int i = 0; i < n; i++) {
      float f = strip4[i];
      float k = strip5[i];
      float h = fma(f, f, -0f);
      float hLo = fma(f, f, -h);
      float base = k * 0x1.62e43p-1f;
      float baseLo = fma(k, -0x1.05c61p-29f, fma(k, 0x1.62e43p-1f, -base));
      float s2 = base + f;
      float lo = f - (s2 - base);
      float b2 = -0.5f * h;
      float s3 = s2 + b2;
      float lo2 = b2 - (s3 - s2);
      strip5[i] = h;
      strip6[i] = hLo;
      strip7[i] = baseLo;
      strip8[i] = lo;
      strip11[i] = s3;
      strip12[i] = lo2;
    }
  }

  private static void smoothedProbabilityLoss13(float[] strip5, float[] strip4, float[] strip6,
          float[] strip8, float[] strip12, float[] strip7, int n) {
    for (int i = 0; i < n; i++) {
      float h = strip5[i];
      float f = strip4[i];
      float hLo = strip6[i];
      float lo = strip8[i];
      float lo2 = strip12[i];
      float baseLo = strip7[i];
      float p = fma(-0x1.07f7cep-3f, f, 0x1.1e73ap-3f);
      float p2 = fma(p, f, -0x1.f317ep-4f);
      float p3 = fma(p2, f, 0x1.1ed424p-3f);
      float p4 = fma(p3, f, -0x1.559d8ap-3f);
      float p5 = fma(p4, f, 0x1.99d05ep-3f);
      float p6 = fma(p5, f, -0x1.fffef2p-3f);
      float p7 = fma(p6, f, 0x1.555506p-2f);
      float lo3 = fma(fma(h * f, p7, -0.5f * hLo), 1f, fma(lo, 1f, lo2));
      float b2 = fma(lo3, 1f, baseLo);
      strip4[i] = b2;
    }
  }

  private static void smoothedProbabilityLoss14(float[] strip11, float[] strip4, float[] strip5,
          int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip11[i];
      float b2 = strip4[i];
      float s3 = s2 + b2;
      float lo = b2 - (s3 - s2);
      float v = -s3;
      float hi = min(100f, v);
      float lo2 = -lo * min(max((100f + s3) * 0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      strip4[i] = hi;
      strip5[i] = lo2;
    }
  }

  private static void smoothedProbabilityLoss15(float[] strip4, float[] strip9, float[] strip10,
          float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float hi = strip4[i];
      float s2 = strip9[i];
      float lo = strip10[i];
      float lo2 = strip5[i];
      float p = hi * s2;
      float e = fma(hi, s2, -p);
      float lo3 = fma(e, 1f, fma(hi, lo, lo2 * s2));
      float s3 = p + lo3;
      float lo4 = lo3 - (s3 - p);
      strip4[i] = s3;
      strip5[i] = lo4;
    }
  }

  private static void smoothedProbabilityLoss16(float[] strip2, float[] strip4, float[] strip3,
          float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip2[i];
      float s3 = strip4[i];
      float lo = strip3[i];
      float lo2 = strip5[i];
      float s4 = fma(s2, 1f, s3);
      float z = s4 - s2;
      float lo3 = fma(s2 - (s4 - z), 1f, s3 - z);
      float lo4 = fma(lo3, 1f, fma(lo, 1f, lo2));
      float s5 = fma(s4, 1f, lo4);
      float lo5 = lo4 - (s5 - s4);
      strip2[i] = s5;
      strip3[i] = lo5;
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

  private static void smoothedProbabilitySlope1(float[] strip1, float keepHi, float spreadE,
          float keepLo, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float p = t * keepHi;
      float pLo = fma(t, keepLo, fma(t, keepHi, -p));
      float s2 = p + spreadE;
      float z = s2 - p;
      float lo = fma(p - (s2 - z), 1f, spreadE - z);
      float b2 = fma(lo, 1f, pLo);
      float s3 = s2 + b2;
      float lo2 = b2 - (s3 - s2);
      strip1[i] = s3;
      strip5[i] = lo2;
    }
  }

  private static void smoothedProbabilitySlope2(float[] strip0, float[] strip1, float[] strip5,
          int n) {
    for (int i = 0; i < n; i++) {
      float x = strip0[i];
      float s2 = strip1[i];
      float lo = strip5[i];
      float b2 = -s2;
      float s3 = x - s2;
      float z = s3 - x;
      float lo2 = fma(x - (s3 - z), 1f, b2 - z);
      float difference = fma(s3, 1f, lo2 - lo);
      float product = (1f - x) * x;
      float d = max(1.0E-12f, product);
      strip0[i] = difference;
      strip1[i] = d;
    }
  }

  private static void smoothedProbabilitySlope3(float[] strip1, float[] strip5, float[] strip6,
          int n) {
    for (int i = 0; i < n; i++) {
      float d = strip1[i];
      int v = floatToRawIntBits(d);
      float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
      strip5[i] = m;
      strip6[i] = intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    }
  }

  private static void smoothedProbabilitySlope4(float[] strip0, float[] strip5, float[] strip6,
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
