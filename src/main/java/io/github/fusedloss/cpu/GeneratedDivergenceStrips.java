// Generated from kernels/kl_div.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/kl_div.cl. */
final class GeneratedDivergenceStrips {
  private GeneratedDivergenceStrips() {}

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
    System.arraycopy(b.t, b.tAt + start, strip0, 0, n);
    System.arraycopy(b.x, b.xAt + start, strip1, 0, n);
    if (b.logTarget) {
      expPair1(strip0, strip2, strip3, n);
      expPair2(strip2, strip4, n);
      expPair3(strip3, strip2, strip4, n);
      logDivergence1(strip2, strip0, strip1, strip3, strip4, strip5, n);
      logDivergence2(strip5, strip4, n);
    }
    if (!b.logTarget) {
      divergence1(strip0, strip6, strip7, n);
      divergence2(strip6, strip8, n);
      divergence3(strip6, strip8, strip7, strip9, strip10, strip11, n);
      divergence4(strip10, strip7, strip6, strip8, n);
      divergence5(strip6, strip8, strip11, strip7, strip9, strip1, n);
      divergence6(strip6, strip1, strip0, strip4, strip5, n);
    }
    if (b.w != null) {
      System.arraycopy(b.w, b.wAt + start, strip1, 0, n);
      weightedElement(strip5, strip1, strip4, n);
    }
    if (b.loss != null) {
      highHalf(strip5, strip6, n);
      System.arraycopy(strip6, 0, b.loss, b.lossAt + start, n);
    }
    if (b.gradient != null && b.logTarget) {
      logDivergenceSlope(strip2, strip3, n);
    }
    if (b.gradient != null && !b.logTarget) {
      divergenceSlope(strip0, strip2, n);
    }
    if (b.gradient != null && b.w == null && b.upstream == null) {
      scaledGradient(strip2, b.scale, n);
    }
    if (b.gradient != null && b.w != null && b.upstream == null) {
      product(strip1, b.scale, strip0, n);
    }
    if (b.upstream != null) {
      System.arraycopy(b.upstream, b.upstreamAt + start, strip3, 0, n);
    }
    if (b.gradient != null && b.w == null && b.upstream != null) {
      productAgain(b.scale, strip3, strip0, n);
    }
    if (b.gradient != null && b.w != null && b.upstream != null) {
      twoFactors(strip1, b.scale, strip3, strip0, n);
    }
    if (b.gradient != null && (b.w != null || b.upstream != null)) {
      scaledGradientAgain(strip2, strip0, n);
    }
    if (b.gradient != null) {
      Strip.judge(strip2, strip4, n);
      System.arraycopy(strip2, 0, b.gradient, b.gradientAt + start, n);
    }
    StripSums.sum(s, strip5, strip4, lanes, start, n);
  }

  private static void expPair1(float[] strip0, float[] strip2, float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip0[i];
      float x = max(t, -104f);
      float x2 = min(x, 89f);
      float kf = fma(x2, 0x1.715476p0f, 0x1.8p23f);
      float k = kf - 0x1.8p23f;
      float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, x2));
      float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
      float q2 = fma(q, r, 0x1.55583cp-5f);
      float q3 = fma(q2, r, 0x1.55547ep-3f);
      float p = fma(fma(r, r, -0f), fma(q3, r, 0.5f), r);
      strip2[i] = kf;
      strip3[i] = p;
    }
  }

  private static void expPair2(float[] strip2, float[] strip4, int n) {
    for (int i = 0; i < n; i++) {
      float kf = strip2[i];
      int whole = floatToRawIntBits(kf) - 0x4b400000;
      int halfOfIt = whole >> 1;
      float first = intBitsToFloat((halfOfIt + 127) << 23);
      float second = intBitsToFloat(((whole - halfOfIt) + 127) << 23);
      strip2[i] = first;
      strip4[i] = second;
    }
  }

  private static void expPair3(float[] strip3, float[] strip2, float[] strip4, int n) {
    for (int i = 0; i < n; i++) {
      float p = strip3[i];
      float first = strip2[i];
      float second = strip4[i];
      float hi = fma(p, first, first);
      float hi2 = hi * second;
      float lo = fma(p, first, first - hi) * second;
      strip2[i] = hi2;
      strip3[i] = lo;
    }
  }

  private static void logDivergence1(float[] strip2, float[] strip0, float[] strip1, float[] strip3,
          float[] strip4, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float pHi = strip2[i];
      float t = strip0[i];
      float x = strip1[i];
      float pLo = strip3[i];
      float b2 = -x;
      float s2 = t - x;
      float z = s2 - t;
      float lo = fma(t - (s2 - z), 1f, b2 - z);
      float p = pHi * s2;
      float e = fma(pHi, s2, -p);
      float lo2 = fma(e, 1f, fma(pHi, lo, pLo * s2));
      strip4[i] = p;
      strip5[i] = lo2;
    }
  }

  private static void logDivergence2(float[] strip5, float[] strip4, int n) {
    for (int i = 0; i < n; i++) {
      float lo = strip5[i];
      float p = strip4[i];
      float s2 = p + lo;
      float lo2 = lo - (s2 - p);
      float hi = s2 + 0f;
      strip4[i] = lo2;
      strip5[i] = hi;
    }
  }

  private static void divergence1(float[] strip0, float[] strip6, float[] strip7, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip0[i];
      float v = min(max((0x1.0p-64f - t) * 0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      strip6[i] = t * fma(0x1.0p64f, v, 1f - v);
      strip7[i] = 64f * v;
    }
  }

  private static void divergence2(float[] strip6, float[] strip8, int n) {
    for (int i = 0; i < n; i++) {
      float v = strip6[i];
      int y = floatToRawIntBits(v);
      int k = (y - 0x3f2aaaab) >> 23;
      strip6[i] = intBitsToFloat(y - (k << 23));
      strip8[i] = (float) k;
    }
  }

  private static void divergence3(float[] strip6, float[] strip8, float[] strip7, float[] strip9,
          float[] strip10, float[] strip11, int n) {
    for (int i = 0; i < n; i++) {
      float v = strip6[i];
      float v2 = strip8[i];
      float v3 = strip7[i];
      float f = v - 1f;
      float k = v2 - v3;
      float h = fma(f, f, -0f);
      float hLo = fma(f, f, -h);
      float base = k * 0x1.62e43p-1f;
      float baseLo = fma(k, -0x1.05c61p-29f, fma(k, 0x1.62e43p-1f, -base));
      float s2 = base + f;
      float lo = f - (s2 - base);
      strip6[i] = f;
      strip7[i] = h;
      strip8[i] = hLo;
      strip9[i] = baseLo;
      strip10[i] = s2;
      strip11[i] = lo;
    }
  }

  private static void divergence4(float[] strip10, float[] strip7, float[] strip6, float[] strip8,
          int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip10[i];
      float h = strip7[i];
      float f = strip6[i];
      float hLo = strip8[i];
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
      strip6[i] = s3;
      strip7[i] = lo;
      strip8[i] = fma(h * f, p7, -0.5f * hLo);
    }
  }

  private static void divergence5(float[] strip6, float[] strip8, float[] strip11, float[] strip7,
          float[] strip9, float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip6[i];
      float v = strip8[i];
      float lo = strip11[i];
      float lo2 = strip7[i];
      float baseLo = strip9[i];
      float x = strip1[i];
      float b2 = -x;
      float lo3 = fma(v, 1f, fma(lo, 1f, lo2));
      float b3 = fma(lo3, 1f, baseLo);
      float s3 = s2 + b3;
      float lo4 = b3 - (s3 - s2);
      float s4 = s3 - x;
      float z = s4 - s3;
      float lo5 = fma(s3 - (s4 - z), 1f, b2 - z);
      float b4 = lo5 + lo4;
      strip1[i] = s4;
      strip6[i] = b4;
    }
  }

  private static void divergence6(float[] strip6, float[] strip1, float[] strip0, float[] strip4,
          float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float b2 = strip6[i];
      float s2 = strip1[i];
      float t = strip0[i];
      float s3 = s2 + b2;
      float lo = b2 - (s3 - s2);
      float p = s3 * t;
      float lo2 = fma(lo, t, fma(s3, t, -p));
      float s4 = p + lo2;
      float lo3 = lo2 - (s4 - p);
      float hi = s4 + 0f;
      strip4[i] = lo3;
      strip5[i] = hi;
    }
  }

  private static void weightedElement(float[] strip5, float[] strip1, float[] strip4, int n) {
    for (int i = 0; i < n; i++) {
      float valueHi = strip5[i];
      float w = strip1[i];
      float valueLo = strip4[i];
      float p = valueHi * w;
      float lo = fma(valueLo, w, fma(valueHi, w, -p));
      float s2 = p + lo;
      float lo2 = lo - (s2 - p);
      strip5[i] = s2;
      strip4[i] = lo2;
    }
  }

  private static void highHalf(float[] strip5, float[] strip6, int n) {
    for (int i = 0; i < n; i++) {
      float valueHi = strip5[i];
      strip6[i] = valueHi;
    }
  }

  private static void logDivergenceSlope(float[] strip2, float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float pHi = strip2[i];
      float pLo = strip3[i];
      strip2[i] = 0f - (pHi + pLo);
    }
  }

  private static void divergenceSlope(float[] strip0, float[] strip2, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip0[i];
      strip2[i] = 0f - t;
    }
  }

  private static void scaledGradient(float[] strip2, float scale, int n) {
    for (int i = 0; i < n; i++) {
      float gradient = strip2[i];
      float v = gradient * scale;
      strip2[i] = v;
    }
  }

  private static void product(float[] strip1, float scale, float[] strip0, int n) {
    for (int i = 0; i < n; i++) {
      float w = strip1[i];
      strip0[i] = w * scale;
    }
  }

  private static void productAgain(float scale, float[] strip3, float[] strip0, int n) {
    for (int i = 0; i < n; i++) {
      float upstream = strip3[i];
      strip0[i] = scale * upstream;
    }
  }

  private static void twoFactors(float[] strip1, float scale, float[] strip3, float[] strip0,
          int n) {
    for (int i = 0; i < n; i++) {
      float w = strip1[i];
      float upstream = strip3[i];
      strip0[i] = (w * scale) * upstream;
    }
  }

  private static void scaledGradientAgain(float[] strip2, float[] strip0, int n) {
    for (int i = 0; i < n; i++) {
      float gradient = strip2[i];
      float factor = strip0[i];
      float v = gradient * factor;
      strip2[i] = v;
    }
  }
}
