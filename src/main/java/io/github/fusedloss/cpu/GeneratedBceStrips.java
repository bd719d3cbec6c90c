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
    System.arraycopy(b.x, b.xAt + start, s.slots[0], 0, n);
    System.arraycopy(b.t, b.tAt + start, s.slots[1], 0, n);
    probabilityLoss1(b, lanes, start, n);
    probabilityLoss2(b, lanes, start, n);
    probabilityLoss3(b, lanes, start, n);
    probabilityLoss4(b, lanes, start, n);
    probabilityLoss5(b, lanes, start, n);
    probabilityLoss6(b, lanes, start, n);
    probabilityLoss7(b, lanes, start, n);
    probabilityLoss8(b, lanes, start, n);
    probabilityLoss9(b, lanes, start, n);
    probabilityLoss10(b, lanes, start, n);
    probabilityLoss11(b, lanes, start, n);
    probabilityLoss12(b, lanes, start, n);
    probabilityLoss13(b, lanes, start, n);
    probabilityLoss14(b, lanes, start, n);
    if (b.w != null) {
      System.arraycopy(b.w, b.wAt + start, s.slots[4], 0, n);
      weightedProbabilityLoss(b, lanes, start, n);
    }
    if (b.loss != null) {
      highHalf(b, lanes, start, n);
      System.arraycopy(s.slots[5], 0, b.loss, b.lossAt + start, n);
    }
    if (b.gradient != null) {
      probabilitySlope1(b, lanes, start, n);
      probabilitySlope2(b, lanes, start, n);
      probabilitySlope3(b, lanes, start, n);
    }
    if (b.gradient != null && b.w == null && b.upstream == null) {
      scaledGradient(b, lanes, start, n);
    }
    if (b.gradient != null && b.w != null && b.upstream == null) {
      product(b, lanes, start, n);
    }
    if (b.upstream != null) {
      System.arraycopy(b.upstream, b.upstreamAt + start, s.slots[5], 0, n);
    }
    if (b.gradient != null && b.w == null && b.upstream != null) {
      productAgain(b, lanes, start, n);
    }
    if (b.gradient != null && b.w != null && b.upstream != null) {
      twoFactors(b, lanes, start, n);
    }
    if (b.gradient != null && (b.w != null || b.upstream != null)) {
      scaledGradientAgain(b, lanes, start, n);
    }
    if (b.gradient != null) {
      judge(b, lanes, start, n);
      System.arraycopy(s.slots[0], 0, b.gradient, b.gradientAt + start, n);
    }
    sum(b, lanes, start, n);
  }

  private static void probabilityLoss1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    float[] strip7 = s.slots[7];
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

  private static void probabilityLoss2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip8 = s.slots[8];
    for (int i = 0; i < n; i++) {
      float x = strip0[i];
      strip8[i] = abs(x) * 0x1.0p64f;
    }
  }

  private static void probabilityLoss3(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip9 = s.slots[9];
    float[] strip10 = s.slots[10];
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

  private static void probabilityLoss4(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip8 = s.slots[8];
    float[] strip11 = s.slots[11];
    for (int i = 0; i < n; i++) {
      float v = strip8[i];
      int y = floatToRawIntBits(v);
      int k = (y - 0x3f2aaaab) >> 23;
      strip8[i] = intBitsToFloat(y - (k << 23));
      strip11[i] = (float) k;
    }
  }

  private static void probabilityLoss5(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip10 = s.slots[10];
    float[] strip0 = s.slots[0];
    float[] strip3 = s.slots[3];
    float[] strip9 = s.slots[9];
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

  private static void probabilityLoss6(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip10 = s.slots[10];
    float[] strip9 = s.slots[9];
    float[] strip12 = s.slots[12];
    float[] strip13 = s.slots[13];
    float[] strip14 = s.slots[14];
    float[] strip15 = s.slots[15];
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

  private static void probabilityLoss7(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip9 = s.slots[9];
    float[] strip2 = s.slots[2];
    float[] strip10 = s.slots[10];
    float[] strip13 = s.slots[13];
    float[] strip15 = s.slots[15];
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

  private static void probabilityLoss8(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip14 = s.slots[14];
    float[] strip3 = s.slots[3];
    float[] strip2 = s.slots[2];
    float[] strip9 = s.slots[9];
    float[] strip12 = s.slots[12];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
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

  private static void probabilityLoss9(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip6 = s.slots[6];
    float[] strip7 = s.slots[7];
    float[] strip3 = s.slots[3];
    float[] strip8 = s.slots[8];
    float[] strip11 = s.slots[11];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i++) {
      float hi = strip2[i];
      float s2 = strip6[i];
      float lo = strip7[i];
      float lo2 = strip3[i];
      float v = strip8[i];
      float v2 = strip11[i];
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

  private static void probabilityLoss10(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    float[] strip7 = s.slots[7];
    float[] strip8 = s.slots[8];
    float[] strip9 = s.slots[9];
    float[] strip10 = s.slots[10];
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
      strip9[i] = s3;
      strip10[i] = lo2;
    }
  }

  private static void probabilityLoss11(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip5 = s.slots[5];
    float[] strip4 = s.slots[4];
    float[] strip6 = s.slots[6];
    float[] strip8 = s.slots[8];
    float[] strip10 = s.slots[10];
    for (int i = 0; i < n; i++) {
      float h = strip5[i];
      float f = strip4[i];
      float hLo = strip6[i];
      float lo = strip8[i];
      float lo2 = strip10[i];
      float g = 1f - f;
      float g2 = fma(h, g, g);
      float p = fma(-0x1.07f7cep-3f, f, 0x1.1e73ap-3f);
      float p2 = fma(p, f, -0x1.f317ep-4f);
      float p3 = fma(p2, f, 0x1.1ed424p-3f);
      float p4 = fma(p3, f, -0x1.559d8ap-3f);
      float p5 = fma(p4, f, 0x1.99d05ep-3f);
      float p6 = fma(p5, f, -0x1.fffef2p-3f);
      float p7 = fma(p6, f, 0x1.555506p-2f);
      float lo3 = fma(fma(h * f, p7, -0.5f * hLo), 1f, fma(lo, 1f, lo2));
      strip4[i] = g2;
      strip5[i] = lo3;
    }
  }

  private static void probabilityLoss12(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip9 = s.slots[9];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    float[] strip7 = s.slots[7];
    for (int i = 0; i < n; i++) {
      float s2 = strip9[i];
      float g = strip4[i];
      float lo = strip5[i];
      float baseLo = strip7[i];
      float b2 = fma(0f, g, fma(lo, 1f, baseLo));
      float s3 = s2 + b2;
      float lo2 = b2 - (s3 - s2);
      float v = -s3;
      float hi = min(100f, v);
      float lo3 = -lo2 * min(max((100f + s3) * 0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      strip4[i] = hi;
      strip5[i] = lo3;
    }
  }

  private static void probabilityLoss13(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] strip1 = s.slots[1];
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i++) {
      float hi = strip4[i];
      float t = strip1[i];
      float lo = strip5[i];
      float p = hi * t;
      float lo2 = fma(lo, t, fma(hi, t, -p));
      float s2 = p + lo2;
      float lo3 = lo2 - (s2 - p);
      strip4[i] = s2;
      strip5[i] = lo3;
    }
  }

  private static void probabilityLoss14(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip4 = s.slots[4];
    float[] strip3 = s.slots[3];
    float[] strip5 = s.slots[5];
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

  private static void weightedProbabilityLoss(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip4 = s.slots[4];
    float[] strip3 = s.slots[3];
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

  private static void highHalf(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i++) {
      float valueHi = strip2[i];
      strip5[i] = valueHi;
    }
  }

  private static void probabilitySlope1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i++) {
      float x = strip0[i];
      float t = strip1[i];
      float product = (1f - x) * x;
      float d = max(1.0E-12f, product);
      strip0[i] = d;
      strip1[i] = x - t;
    }
  }

  private static void probabilitySlope2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    for (int i = 0; i < n; i++) {
      float d = strip0[i];
      int v = floatToRawIntBits(d);
      float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
      strip5[i] = m;
      strip6[i] = intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    }
  }

  private static void probabilitySlope3(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip1 = s.slots[1];
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    float[] strip0 = s.slots[0];
    for (int i = 0; i < n; i++) {
      float v = strip1[i];
      float m = strip5[i];
      float v2 = strip6[i];
      float d = strip0[i];
      float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, m, 0x1.0f83e2p1f);
      float v3 = -m;
      float r3 = fma(r2, fma(v3, r2, 1f), r2);
      float r4 = fma(r3, fma(v3, r3, 1f), r3) * v2;
      float q = v * r4;
      strip0[i] = fma(fma(-q, d, v), r4, q);
    }
  }

  private static void scaledGradient(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float scale = b.scale;
    for (int i = 0; i < n; i++) {
      float gradient = strip0[i];
      float v = gradient * scale;
      strip0[i] = v;
    }
  }

  private static void product(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float scale = b.scale;
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i++) {
      float w = strip4[i];
      strip1[i] = w * scale;
    }
  }

  private static void productAgain(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float scale = b.scale;
    float[] strip5 = s.slots[5];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i++) {
      float upstream = strip5[i];
      strip1[i] = scale * upstream;
    }
  }

  private static void twoFactors(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float scale = b.scale;
    float[] strip5 = s.slots[5];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i++) {
      float w = strip4[i];
      float upstream = strip5[i];
      strip1[i] = (w * scale) * upstream;
    }
  }

  private static void scaledGradientAgain(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i++) {
      float gradient = strip0[i];
      float factor = strip1[i];
      float v = gradient * factor;
      strip0[i] = v;
    }
  }

  private static void judge(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    Strip.judge(s.slots[0], s.slots[3], n);
  }

  private static void sum(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    s.sum(s.slots[2], s.slots[3], lanes, start, n);
  }
}
