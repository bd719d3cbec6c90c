// Generated from kernels/sigmoid_bce.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/sigmoid_bce.cl. */
final class GeneratedSmoothedLogitsStrips {
  private GeneratedSmoothedLogitsStrips() {}

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
    System.arraycopy(b.x, b.xAt + start, strip0, 0, n);
    System.arraycopy(b.t, b.tAt + start, strip1, 0, n);
    partsOfLogit1(strip0, strip2, strip3, n);
    partsOfLogit2(strip2, n);
    partsOfLogit3(strip3, strip2, strip4, n);
    partsOfLogit4(strip2, strip4, strip3, strip5, n);
    if (b.posWeight == null) {
      unweightedSmoothedLoss1(strip1, hi(b.keep), lo(b.keep), strip6, strip7, n);
      unweightedSmoothedLoss2(strip6, b.spreadE, strip7, strip1, hi(b.keep), lo(b.keep), strip8,
          strip9, n);
      unweightedSmoothedLoss3(strip8, b.spreadE, strip9, n);
      unweightedSmoothedLoss4(strip8, strip0, strip6, strip9, strip7, strip10, strip11, n);
      unweightedSmoothedLoss5(strip6, strip8, strip7, strip9, n);
      unweightedSmoothedLoss6(strip4, strip5, strip6, strip7, n);
      unweightedSmoothedLoss7(strip10, strip6, strip11, strip7, n);
    }
    if (b.posWeight != null) {
      smoothedLoss1(strip1, hi(b.keep), lo(b.keep), strip8, strip9, n);
      smoothedLoss2(strip8, b.spreadE, strip9, strip1, hi(b.keep), lo(b.keep), strip10, strip11, n);
      System.arraycopy(b.posWeight, b.posWeightAt + start, strip12, 0, n);
      smoothedLoss3(strip10, b.spreadE, strip11, strip12, n);
      smoothedLoss4(strip10, strip0, strip8, strip11, strip9, strip13, strip14, n);
      smoothedLoss5(strip8, strip10, strip9, strip11, n);
      smoothedLoss6(strip4, strip5, strip8, strip9, n);
      smoothedLoss7(strip13, strip4, strip14, strip5, strip6, strip7, n);
    }
    if (b.w != null) {
      System.arraycopy(b.w, b.wAt + start, strip4, 0, n);
      weightedLoss(strip6, strip4, strip7, n);
    }
    if (b.loss != null && b.w == null) {
      highHalf(strip6, strip5, n);
    }
    if (b.loss != null && b.w != null) {
      rounded(strip6, strip7, strip5, n);
    }
    if (b.loss != null) {
      System.arraycopy(strip5, 0, b.loss, b.lossAt + start, n);
    }
    if (b.gradient != null && b.posWeight == null) {
      unweightedSmoothedSlope1(strip1, hi(b.keep), lo(b.keep), strip5, strip8, n);
      unweightedSmoothedSlope2(strip5, b.spreadE, strip8, n);
      unweightedSmoothedSlope3(strip1, hi(b.keep), b.spreadE, lo(b.keep), strip8, n);
      unweightedSmoothedSlope4(strip2, strip9, n);
      unweightedSmoothedSlope5(strip9, strip5, strip0, strip8, strip2, strip3, n);
    }
    if (b.gradient != null && b.posWeight != null) {
      smoothedSlope1(strip1, hi(b.keep), lo(b.keep), strip8, strip9, n);
      smoothedSlope2(strip8, b.spreadE, strip9, n);
      smoothedSlope3(strip1, hi(b.keep), b.spreadE, lo(b.keep), strip12, n);
      smoothedSlope4(strip2, strip9, n);
      smoothedSlope5(strip9, strip8, strip0, strip1, strip2, strip3, strip5, n);
    }
    if (b.gradient != null && b.w == null && b.upstream == null) {
      scaledGradient(strip5, b.scale, n);
    }
    if (b.gradient != null && b.w != null && b.upstream == null) {
      product(strip4, b.scale, strip0, n);
    }
    if (b.upstream != null) {
      System.arraycopy(b.upstream, b.upstreamAt + start, strip1, 0, n);
    }
    if (b.gradient != null && b.w == null && b.upstream != null) {
      productAgain(b.scale, strip1, strip0, n);
    }
    if (b.gradient != null && b.w != null && b.upstream != null) {
      twoFactors(strip4, b.scale, strip1, strip0, n);
    }
    if (b.gradient != null && (b.w != null || b.upstream != null)) {
      scaledGradientAgain(strip5, strip0, n);
    }
    if (b.gradient != null) {
      Strip.judge(strip5, strip7, n);
      System.arraycopy(strip5, 0, b.gradient, b.gradientAt + start, n);
    }
    StripSums.sum(s, strip6, strip7, lanes, start, n);
  }

  private static void partsOfLogit1(float[] strip0, float[] strip2, float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float x = strip0[i];
      float a = abs(x);
      float a2 = min(a, 104f);
      float kf = fma(a2, -0x1.715476p0f, 0x1.80017ep23f);
      float k = kf - 0x1.80017ep23f;
      float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, -a2));
      float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
      float q2 = fma(q, r, 0x1.55583cp-5f);
      float q3 = fma(q2, r, 0x1.55547ep-3f);
      float p = fma(fma(r, r, -0f), fma(q3, r, 0.5f), r);
      strip2[i] = kf;
      strip3[i] = p;
    }
  }

  private static void partsOfLogit2(float[] strip2, int n) {
    for (int i = 0; i < n; i++) {
      float kf = strip2[i];
      strip2[i] = intBitsToFloat(floatToRawIntBits(kf) << 23);
    }
  }

  private static void partsOfLogit3(float[] strip3, float[] strip2, float[] strip4, int n) {
    for (int i = 0; i < n; i++) {
      float p = strip3[i];
      float v = strip2[i];
      float scale = v * 0x1.0p-64f;
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
      strip2[i] = hi;
      strip3[i] = lo;
      strip4[i] = p9;
    }
  }

  private static void partsOfLogit4(float[] strip2, float[] strip4, float[] strip3, float[] strip5,
          int n) {
    for (int i = 0; i < n; i++) {
      float hi = strip2[i];
      float p = strip4[i];
      float lo = strip3[i];
      float m = -0.25f * hi;
      float hi2 = fma(m, hi, hi);
      float lo2 = fma(m, hi, hi - hi2);
      float lo3 = fma(lo, fma(hi, -0.48f, 0.97f), lo2);
      float lo4 = fma(fma(hi, hi, -0f), p, lo3);
      strip4[i] = hi2;
      strip5[i] = lo4;
    }
  }

  private static void unweightedSmoothedLoss1(float[] strip1, float keepHi, float keepLo,
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

  private static void unweightedSmoothedLoss2(float[] strip6, float spreadE, float[] strip7,
          float[] strip1, float keepHi, float keepLo, float[] strip8, float[] strip9, int n) {
    for (int i = 0; i < n; i++) {
      float p = strip6[i];
      float pLo = strip7[i];
      float t = strip1[i];
      float s2 = p + spreadE;
      float z = s2 - p;
      float lo = fma(p - (s2 - z), 1f, spreadE - z);
      float b2 = fma(lo, 1f, pLo);
      float s3 = s2 + b2;
      float lo2 = b2 - (s3 - s2);
      float p2 = t * keepHi;
      float pLo2 = fma(t, keepLo, fma(t, keepHi, -p2));
      strip6[i] = s3;
      strip7[i] = lo2;
      strip8[i] = p2;
      strip9[i] = pLo2;
    }
  }

  private static void unweightedSmoothedLoss3(float[] strip8, float spreadE, float[] strip9,
          int n) {
    for (int i = 0; i < n; i++) {
      float p = strip8[i];
      float pLo = strip9[i];
      float s2 = p + spreadE;
      float z = s2 - p;
      float lo = fma(p - (s2 - z), 1f, spreadE - z);
      float b2 = fma(lo, 1f, pLo);
      float s3 = s2 + b2;
      float lo2 = b2 - (s3 - s2);
      float lo3 = fma(lo2, 1f, fma(s3, 1f, -s3));
      strip8[i] = s3;
      strip9[i] = lo3;
    }
  }

  private static void unweightedSmoothedLoss4(float[] strip8, float[] strip0, float[] strip6,
          float[] strip9, float[] strip7, float[] strip10, float[] strip11, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip8[i];
      float x = strip0[i];
      float s3 = strip6[i];
      float lo = strip9[i];
      float lo2 = strip7[i];
      float a = abs(x);
      float v = min(max(x * -0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float v2 = 1f - v;
      float f = fma(s2, v, s3 * v2);
      float fLo = fma(lo, v, fma(lo2, v2, -0f));
      float p = f * a;
      float pLo = fma(fLo, a, fma(f, a, -p));
      strip10[i] = p;
      strip11[i] = pLo;
    }
  }

  private static void unweightedSmoothedLoss5(float[] strip6, float[] strip8, float[] strip7,
          float[] strip9, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip6[i];
      float s3 = strip8[i];
      float lo = strip7[i];
      float lo2 = strip9[i];
      float s4 = fma(s2, 1f, s3);
      float z = s4 - s2;
      float lo3 = fma(s2 - (s4 - z), 1f, s3 - z);
      float bothLo = lo3 + (lo + lo2);
      strip6[i] = s4;
      strip7[i] = bothLo;
    }
  }

  private static void unweightedSmoothedLoss6(float[] strip4, float[] strip5, float[] strip6,
          float[] strip7, int n) {
    for (int i = 0; i < n; i++) {
      float partsLHi = strip4[i];
      float partsLLo = strip5[i];
      float s2 = strip6[i];
      float bothLo = strip7[i];
      float s3 = partsLHi + partsLLo;
      float lo = partsLLo - (s3 - partsLHi);
      float r = s3 * s2;
      float rLo = fma(fma(s3, s2, -r), 1f, fma(s3, bothLo, lo * s2));
      strip6[i] = r;
      strip7[i] = rLo;
    }
  }

  private static void unweightedSmoothedLoss7(float[] strip10, float[] strip6, float[] strip11,
          float[] strip7, int n) {
    for (int i = 0; i < n; i++) {
      float p = strip10[i];
      float r = strip6[i];
      float pLo = strip11[i];
      float rLo = strip7[i];
      float s2 = fma(p, 1f, r);
      float z = s2 - p;
      float lo = fma(p - (s2 - z), 1f, r - z);
      float b2 = fma(lo, 1f, fma(pLo, 1f, rLo));
      float s3 = fma(s2, 1f, b2);
      float lo2 = b2 - (s3 - s2);
      strip6[i] = s3;
      strip7[i] = lo2;
    }
  }

  private static void smoothedLoss1(float[] strip1, float keepHi, float keepLo, float[] strip8,
          float[] strip9, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float b2 = -t;
      float s2 = 1f - t;
      float z = s2 - 1f;
      float lo = fma(1f - (s2 - z), 1f, b2 - z);
      float p = s2 * keepHi;
      float pLo = fma(lo, keepHi, fma(s2, keepLo, fma(s2, keepHi, -p)));
      strip8[i] = p;
      strip9[i] = pLo;
    }
  }

  private static void smoothedLoss2(float[] strip8, float spreadE, float[] strip9, float[] strip1,
          float keepHi, float keepLo, float[] strip10, float[] strip11, int n) {
    for (int i = 0; i < n; i++) {
      float p = strip8[i];
      float pLo = strip9[i];
      float t = strip1[i];
      float s2 = p + spreadE;
      float z = s2 - p;
      float lo = fma(p - (s2 - z), 1f, spreadE - z);
      float b2 = fma(lo, 1f, pLo);
      float s3 = s2 + b2;
      float lo2 = b2 - (s3 - s2);
      float p2 = t * keepHi;
      float pLo2 = fma(t, keepLo, fma(t, keepHi, -p2));
      strip8[i] = s3;
      strip9[i] = lo2;
      strip10[i] = p2;
      strip11[i] = pLo2;
    }
  }

  private static void smoothedLoss3(float[] strip10, float spreadE, float[] strip11, float[] strip12,
          int n) {
    for (int i = 0; i < n; i++) {
      float p = strip10[i];
      float pLo = strip11[i];
      float posWeight = strip12[i];
      float s2 = p + spreadE;
      float z = s2 - p;
      float lo = fma(p - (s2 - z), 1f, spreadE - z);
      float b2 = fma(lo, 1f, pLo);
      float s3 = s2 + b2;
      float lo2 = b2 - (s3 - s2);
      float p2 = s3 * posWeight;
      float lo3 = fma(lo2, posWeight, fma(s3, posWeight, -p2));
      strip10[i] = p2;
      strip11[i] = lo3;
    }
  }

  private static void smoothedLoss4(float[] strip10, float[] strip0, float[] strip8, float[] strip11,
          float[] strip9, float[] strip13, float[] strip14, int n) {
    for (int i = 0; i < n; i++) {
      float p = strip10[i];
      float x = strip0[i];
      float s2 = strip8[i];
      float lo = strip11[i];
      float lo2 = strip9[i];
      float a = abs(x);
      float v = min(max(x * -0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float v2 = 1f - v;
      float f = fma(p, v, s2 * v2);
      float fLo = fma(lo, v, fma(lo2, v2, -0f));
      float p2 = f * a;
      float pLo = fma(fLo, a, fma(f, a, -p2));
      strip13[i] = p2;
      strip14[i] = pLo;
    }
  }

  private static void smoothedLoss5(float[] strip8, float[] strip10, float[] strip9, float[] strip11,
          int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip8[i];
      float p = strip10[i];
      float lo = strip9[i];
      float lo2 = strip11[i];
      float s3 = s2 + p;
      float z = s3 - s2;
      float lo3 = fma(s2 - (s3 - z), 1f, p - z);
      float bothLo = lo3 + (lo + lo2);
      strip8[i] = s3;
      strip9[i] = bothLo;
    }
  }

  private static void smoothedLoss6(float[] strip4, float[] strip5, float[] strip8, float[] strip9,
          int n) {
    for (int i = 0; i < n; i++) {
      float partsLHi = strip4[i];
      float partsLLo = strip5[i];
      float s2 = strip8[i];
      float bothLo = strip9[i];
      float s3 = partsLHi + partsLLo;
      float lo = partsLLo - (s3 - partsLHi);
      float r = fma(s3, s2, -0f);
      float rLo = fma(fma(s3, s2, -r), 1f, fma(s3, bothLo, lo * s2));
      strip4[i] = r;
      strip5[i] = rLo;
    }
  }

  private static void smoothedLoss7(float[] strip13, float[] strip4, float[] strip14, float[] strip5,
          float[] strip6, float[] strip7, int n) {
    for (int i = 0; i < n; i++) {
      float p = strip13[i];
      float r = strip4[i];
      float pLo = strip14[i];
      float rLo = strip5[i];
      float s2 = p + r;
      float z = s2 - p;
      float lo = fma(p - (s2 - z), 1f, r - z);
      float b2 = fma(lo, 1f, fma(pLo, 1f, rLo));
      float s3 = s2 + b2;
      float lo2 = b2 - (s3 - s2);
      strip6[i] = s3;
      strip7[i] = lo2;
    }
  }

  private static void weightedLoss(float[] strip6, float[] strip4, float[] strip7, int n) {
    for (int i = 0; i < n; i++) {
      float valueHi = strip6[i];
      float w = strip4[i];
      float valueLo = strip7[i];
      float p = valueHi * w;
      float lo = fma(valueLo, w, fma(valueHi, w, -p));
      strip6[i] = p;
      strip7[i] = lo;
    }
  }

  private static void highHalf(float[] strip6, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float valueHi = strip6[i];
      strip5[i] = valueHi;
    }
  }

  private static void rounded(float[] strip6, float[] strip7, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float valueHi = strip6[i];
      float valueLo = strip7[i];
      strip5[i] = valueHi + valueLo;
    }
  }

  private static void unweightedSmoothedSlope1(float[] strip1, float keepHi, float keepLo,
          float[] strip5, float[] strip8, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float b2 = -t;
      float s2 = 1f - t;
      float z = s2 - 1f;
      float lo = fma(1f - (s2 - z), 1f, b2 - z);
      float p = s2 * keepHi;
      float pLo = fma(lo, keepHi, fma(s2, keepLo, fma(s2, keepHi, -p)));
      strip5[i] = p;
      strip8[i] = pLo;
    }
  }

  private static void unweightedSmoothedSlope2(float[] strip5, float spreadE, float[] strip8,
          int n) {
    for (int i = 0; i < n; i++) {
      float p = strip5[i];
      float pLo = strip8[i];
      float s2 = p + spreadE;
      float z = s2 - p;
      float lo = fma(p - (s2 - z), 1f, spreadE - z);
      float b2 = fma(lo, 1f, pLo);
      float s3 = s2 + b2;
      strip5[i] = s3;
    }
  }

  private static void unweightedSmoothedSlope3(float[] strip1, float keepHi, float spreadE,
          float keepLo, float[] strip8, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float p = t * keepHi;
      float pLo = fma(t, keepLo, fma(t, keepHi, -p));
      float s2 = p + spreadE;
      float z = s2 - p;
      float lo = fma(p - (s2 - z), 1f, spreadE - z);
      float b2 = fma(lo, 1f, pLo);
      float s3 = s2 + b2;
      strip8[i] = s3;
    }
  }

  private static void unweightedSmoothedSlope4(float[] strip2, float[] strip9, int n) {
    for (int i = 0; i < n; i++) {
      float partsEHi = strip2[i];
      float y = 1f + partsEHi;
      float r = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, y, 0x1.0f83e2p1f);
      float v = -y;
      float r3 = fma(r2, fma(v, r2, 1f), r2);
      strip9[i] = fma(r3, fma(v, r3, 1f), r3);
    }
  }

  private static void unweightedSmoothedSlope5(float[] strip9, float[] strip5, float[] strip0,
          float[] strip8, float[] strip2, float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float v = strip9[i];
      float s2 = strip5[i];
      float x = strip0[i];
      float s3 = strip8[i];
      float partsEHi = strip2[i];
      float partsELo = strip3[i];
      float v2 = -s3;
      float v3 = min(max(x * -0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float v4 = 1f - v3;
      float v5 = fma(fma(s2, v3, v2 * v4), partsEHi + partsELo, fma(v2, v3, s2 * v4));
      strip5[i] = fma(v, v5, -0f);
    }
  }

  private static void smoothedSlope1(float[] strip1, float keepHi, float keepLo, float[] strip8,
          float[] strip9, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float b2 = -t;
      float s2 = 1f - t;
      float z = s2 - 1f;
      float lo = fma(1f - (s2 - z), 1f, b2 - z);
      float p = s2 * keepHi;
      float pLo = fma(lo, keepHi, fma(s2, keepLo, fma(s2, keepHi, -p)));
      strip8[i] = p;
      strip9[i] = pLo;
    }
  }

  private static void smoothedSlope2(float[] strip8, float spreadE, float[] strip9, int n) {
    for (int i = 0; i < n; i++) {
      float p = strip8[i];
      float pLo = strip9[i];
      float s2 = p + spreadE;
      float z = s2 - p;
      float lo = fma(p - (s2 - z), 1f, spreadE - z);
      float b2 = fma(lo, 1f, pLo);
      float s3 = s2 + b2;
      strip8[i] = s3;
    }
  }

  private static void smoothedSlope3(float[] strip1, float keepHi, float spreadE, float keepLo,
          float[] strip12, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float posWeight = strip12[i];
      float p = t * keepHi;
      float pLo = fma(t, keepLo, fma(t, keepHi, -p));
      float s2 = p + spreadE;
      float z = s2 - p;
      float lo = fma(p - (s2 - z), 1f, spreadE - z);
      float b2 = fma(lo, 1f, pLo);
      float s3 = s2 + b2;
      float p2 = s3 * posWeight;
      strip1[i] = p2;
    }
  }

  private static void smoothedSlope4(float[] strip2, float[] strip9, int n) {
    for (int i = 0; i < n; i++) {
      float partsEHi = strip2[i];
      float y = 1f + partsEHi;
      float r = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, y, 0x1.0f83e2p1f);
      float v = -y;
      float r3 = fma(r2, fma(v, r2, 1f), r2);
      strip9[i] = fma(r3, fma(v, r3, 1f), r3);
    }
  }

  private static void smoothedSlope5(float[] strip9, float[] strip8, float[] strip0, float[] strip1,
          float[] strip2, float[] strip3, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float v = strip9[i];
      float s2 = strip8[i];
      float x = strip0[i];
      float p = strip1[i];
      float partsEHi = strip2[i];
      float partsELo = strip3[i];
      float v2 = -p;
      float v3 = min(max(x * -0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float v4 = 1f - v3;
      float v5 = fma(fma(s2, v3, v2 * v4), partsEHi + partsELo, fma(v2, v3, s2 * v4));
      strip5[i] = fma(v, v5, -0f);
    }
  }

  private static void scaledGradient(float[] strip5, float scale, int n) {
    for (int i = 0; i < n; i++) {
      float gradient = strip5[i];
      float v = gradient * scale;
      strip5[i] = v;
    }
  }

  private static void product(float[] strip4, float scale, float[] strip0, int n) {
    for (int i = 0; i < n; i++) {
      float w = strip4[i];
      strip0[i] = w * scale;
    }
  }

  private static void productAgain(float scale, float[] strip1, float[] strip0, int n) {
    for (int i = 0; i < n; i++) {
      float upstream = strip1[i];
      strip0[i] = scale * upstream;
    }
  }

  private static void twoFactors(float[] strip4, float scale, float[] strip1, float[] strip0,
          int n) {
    for (int i = 0; i < n; i++) {
      float w = strip4[i];
      float upstream = strip1[i];
      strip0[i] = (w * scale) * upstream;
    }
  }

  private static void scaledGradientAgain(float[] strip5, float[] strip0, int n) {
    for (int i = 0; i < n; i++) {
      float gradient = strip5[i];
      float factor = strip0[i];
      float v = gradient * factor;
      strip5[i] = v;
    }
  }
}
