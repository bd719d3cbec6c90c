// Generated from kernels/sigmoid_focal.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/sigmoid_focal.cl. */
final class GeneratedFocalStrips {
  private GeneratedFocalStrips() {}

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
    float[] strip18 = s.slots[18];
    float[] strip19 = s.slots[19];
    float[] strip20 = s.slots[20];
    float[] strip21 = s.slots[21];
    float[] strip22 = s.slots[22];
    float[] strip23 = s.slots[23];
    System.arraycopy(b.x, b.xAt + start, strip0, 0, n);
    System.arraycopy(b.t, b.tAt + start, strip1, 0, n);
    partsOfLogit1(strip0, strip2, strip3, n);
    partsOfLogit2(strip2, n);
    partsOfLogit3(strip3, strip2, strip4, n);
    partsOfLogit4(strip2, strip4, strip3, strip5, n);
    if (b.posWeight == null) {
      logitLoss(strip1, strip0, strip4, strip5, strip6, strip7, n);
    }
    if (b.posWeight != null) {
      System.arraycopy(b.posWeight, b.posWeightAt + start, strip8, 0, n);
      posWeightedLoss1(strip1, strip8, strip9, strip10, strip11, strip12, n);
      posWeightedLoss2(strip10, strip0, strip9, strip12, strip11, strip13, strip14, n);
      posWeightedLoss3(strip9, strip10, strip11, strip12, n);
      posWeightedLoss4(strip4, strip5, strip9, strip10, n);
      posWeightedLoss5(strip13, strip9, strip14, strip10, strip6, strip7, n);
    }
    if (b.square) {
      missedPart1(strip1, strip0, strip9, strip10, n);
      missedPart2(strip9, strip10, strip2, strip3, n);
      missedPart3(strip2, strip3, strip11, strip12, strip13, n);
      missedPart4(strip9, strip13, strip11, strip12, strip10, n);
      square(strip9, strip10, strip11, strip12, n);
    }
    if (!b.square && !b.soft) {
      hardPower1(strip1, strip0, strip13, n);
      hardPower2(strip0, strip13, strip4, strip14, n);
      hardPower3(strip14, strip5, strip13, b.gamma, n);
      hardPower4(strip14, strip15, n);
      hardPower5(strip14, n);
      hardPower6(strip15, strip14, strip13, strip11, strip12, n);
    }
    if (b.soft) {
      missedUpscaled1(strip1, strip0, strip2, strip13, strip14, strip15, strip16, n);
      missedUpscaled2(strip13, strip16, strip14, strip3, strip15, strip9, strip10, n);
      softPower1(strip1, strip0, strip13, strip14, n);
      softPower2(strip13, strip14, strip15, n);
      softPower3(strip9, strip16, strip17, strip18, n);
      softPower4(strip10, strip16, strip17, strip18, strip19, strip20, strip21, n);
      softPower5(strip20, strip17, strip16, strip22, strip23, n);
      softPower6(strip10, strip23, strip17, strip16, strip18, strip21, strip22, strip19, n);
      softPower7(strip10, strip20, strip14, strip13, strip15, strip4, n);
      softPower8(strip13, strip4, strip5, strip10, b.gamma, n);
      softPower9(strip5, strip10, n);
      softPower10(strip5, n);
      softPower11(strip10, strip5, strip4, strip11, strip12, n);
    }
    targetFactor(strip1, b.alphaOfOne, b.alphaOfZero, strip4, n);
    focusedLoss1(strip6, strip11, strip12, strip7, strip4, strip5, n);
    focusedLoss2(strip5, strip7, n);
    if (b.w != null) {
      System.arraycopy(b.w, b.wAt + start, strip10, 0, n);
      weightedElement(strip5, strip10, strip7, n);
    }
    if (b.loss != null) {
      highHalf(strip5, strip13, n);
      System.arraycopy(strip13, 0, b.loss, b.lossAt + start, n);
    }
    if (b.gradient != null && b.posWeight == null) {
      logitSlope1(strip1, strip2, strip13, strip14, n);
      logitSlope2(strip14, strip13, strip0, strip1, strip2, strip3, n);
    }
    if (b.gradient != null && b.posWeight != null) {
      product(strip1, strip8, n);
      logitSlope1Again(strip1, strip2, strip14, strip15, n);
      logitSlope2Again(strip15, strip14, strip0, strip8, strip2, strip3, strip13, n);
    }
    if (b.gradient != null && b.square) {
      squaredSlope1(strip1, strip2, strip3, n);
      squaredSlope2(strip3, strip6, strip13, strip9, strip4, n);
    }
    if (b.gradient != null && !b.square && !b.soft) {
      hardRatio(strip2, strip1, strip0, strip8, n);
    }
    if (b.gradient != null && b.soft) {
      softRatio1(strip1, strip0, n);
      softRatio2(strip2, strip0, strip14, strip15, strip16, strip17, n);
      softRatio3(strip9, strip18, n);
      softRatio4(strip0, strip9, strip18, strip14, strip15, strip16, strip17, strip8, n);
    }
    if (b.gradient != null && !b.square) {
      focusedSlope1(b.gamma, strip1, strip2, strip8, strip6, strip13, strip0, n);
      focusedSlope2(strip0, strip11, strip12, strip4, strip3, n);
    }
    if (b.gradient != null && b.w == null && b.upstream == null) {
      scaledGradient(strip3, b.scale, n);
    }
    if (b.gradient != null && b.w != null && b.upstream == null) {
      productAgain(strip10, b.scale, strip0, n);
    }
    if (b.upstream != null) {
      System.arraycopy(b.upstream, b.upstreamAt + start, strip1, 0, n);
    }
    if (b.gradient != null && b.w == null && b.upstream != null) {
      productAgainAgain(b.scale, strip1, strip0, n);
    }
    if (b.gradient != null && b.w != null && b.upstream != null) {
      twoFactors(strip10, b.scale, strip1, strip0, n);
    }
    if (b.gradient != null && (b.w != null || b.upstream != null)) {
      scaledGradientAgain(strip3, strip0, n);
    }
    if (b.gradient != null) {
      Strip.judge(strip3, strip7, n);
      System.arraycopy(strip3, 0, b.gradient, b.gradientAt + start, n);
    }
    StripSums.sum(s, strip5, strip7, lanes, start, n);
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

  private static void logitLoss(float[] strip1, float[] strip0, float[] strip4, float[] strip5,
          float[] strip6, float[] strip7, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float x = strip0[i];
      float partsLHi = strip4[i];
      float partsLLo = strip5[i];
      float a = fma(-t, x, max(0f, x));
      float s2 = a + partsLHi;
      float z = s2 - a;
      float lo = fma(a - (s2 - z), 1f, partsLHi - z);
      float b2 = lo + partsLLo;
      float s3 = fma(s2, 1f, b2);
      float lo2 = b2 - (s3 - s2);
      strip6[i] = s3;
      strip7[i] = lo2;
    }
  }

  private static void posWeightedLoss1(float[] strip1, float[] strip8, float[] strip9,
          float[] strip10, float[] strip11, float[] strip12, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float posWeight = strip8[i];
      float u = 1f - t;
      float q = t * posWeight;
      float lo = -t - (u - 1f);
      float lo2 = fma(t, posWeight, -q);
      strip9[i] = u;
      strip10[i] = q;
      strip11[i] = lo;
      strip12[i] = lo2;
    }
  }

  private static void posWeightedLoss2(float[] strip10, float[] strip0, float[] strip9,
          float[] strip12, float[] strip11, float[] strip13, float[] strip14, int n) {
    for (int i = 0; i < n; i++) {
      float q = strip10[i];
      float x = strip0[i];
      float u = strip9[i];
      float lo = strip12[i];
      float lo2 = strip11[i];
      float a = abs(x);
      float v = min(max(x * -0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float v2 = 1f - v;
      float f = fma(q, v, fma(u, v2, -0f));
      float fLo = fma(lo, v, fma(lo2, v2, -0f));
      float p = f * a;
      float pLo = fma(fLo, a, fma(f, a, -p));
      strip13[i] = p;
      strip14[i] = pLo;
    }
  }

  private static void posWeightedLoss3(float[] strip9, float[] strip10, float[] strip11,
          float[] strip12, int n) {
    for (int i = 0; i < n; i++) {
      float u = strip9[i];
      float q = strip10[i];
      float lo = strip11[i];
      float lo2 = strip12[i];
      float s2 = u + q;
      float z = s2 - u;
      float lo3 = fma(u - (s2 - z), 1f, q - z);
      float bothLo = lo3 + (lo + lo2);
      strip9[i] = s2;
      strip10[i] = bothLo;
    }
  }

  private static void posWeightedLoss4(float[] strip4, float[] strip5, float[] strip9,
          float[] strip10, int n) {
    for (int i = 0; i < n; i++) {
      float partsLHi = strip4[i];
      float partsLLo = strip5[i];
      float s2 = strip9[i];
      float bothLo = strip10[i];
      float s3 = partsLHi + partsLLo;
      float lo = partsLLo - (s3 - partsLHi);
      float r = fma(s3, s2, -0f);
      float rLo = fma(fma(s3, s2, -r), 1f, fma(s3, bothLo, lo * s2));
      strip9[i] = r;
      strip10[i] = rLo;
    }
  }

  private static void posWeightedLoss5(float[] strip13, float[] strip9, float[] strip14,
          float[] strip10, float[] strip6, float[] strip7, int n) {
    for (int i = 0; i < n; i++) {
      float p = strip13[i];
      float r = strip9[i];
      float pLo = strip14[i];
      float rLo = strip10[i];
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

  private static void missedPart1(float[] strip1, float[] strip0, float[] strip9, float[] strip10,
          int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float x = strip0[i];
      float u = 1f - t;
      float v = min(max(x * -0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float v2 = 1f - v;
      float f = fma(t, v, fma(u, v2, -0f));
      float h = fma(u, v, t * v2);
      strip9[i] = f;
      strip10[i] = h;
    }
  }

  private static void missedPart2(float[] strip9, float[] strip10, float[] strip2, float[] strip3,
          int n) {
    for (int i = 0; i < n; i++) {
      float f = strip9[i];
      float h = strip10[i];
      float partsEHi = strip2[i];
      float partsELo = strip3[i];
      float p = h * partsEHi;
      float pLo = fma(h, partsELo, fma(h, partsEHi, -p));
      float s2 = f + p;
      float z = s2 - f;
      float lo = fma(f - (s2 - z), 1f, p - z);
      float b2 = fma(lo, 1f, pLo);
      float s3 = s2 + b2;
      float lo2 = b2 - (s3 - s2);
      strip9[i] = s3;
      strip10[i] = lo2;
    }
  }

  private static void missedPart3(float[] strip2, float[] strip3, float[] strip11, float[] strip12,
          float[] strip13, int n) {
    for (int i = 0; i < n; i++) {
      float partsEHi = strip2[i];
      float partsELo = strip3[i];
      float d = 1f + partsEHi;
      float dLo = ((1f - d) + partsEHi) + partsELo;
      float r = fma(d, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, d, 0x1.0f83e2p1f);
      float v = -d;
      float r3 = fma(r2, fma(v, r2, 1f), r2);
      float r4 = fma(r3, fma(v, r3, 1f), r3);
      strip11[i] = d;
      strip12[i] = dLo;
      strip13[i] = r4;
    }
  }

  private static void missedPart4(float[] strip9, float[] strip13, float[] strip11, float[] strip12,
          float[] strip10, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip9[i];
      float r = strip13[i];
      float d = strip11[i];
      float dLo = strip12[i];
      float lo = strip10[i];
      float q = s2 * r;
      float v = -q;
      float b2 = fma(fma(fma(v, d, s2), 1f, fma(v, dLo, lo)), r, -0f);
      float s3 = q + b2;
      float lo2 = b2 - (s3 - q);
      strip9[i] = s3;
      strip10[i] = lo2;
    }
  }

  private static void square(float[] strip9, float[] strip10, float[] strip11, float[] strip12,
          int n) {
    for (int i = 0; i < n; i++) {
      float mHi = strip9[i];
      float mLo = strip10[i];
      float s2 = mHi * mHi;
      float lo = fma(mHi, mHi, -s2) + ((2f * mHi) * mLo);
      strip11[i] = s2;
      strip12[i] = lo;
    }
  }

  private static void hardPower1(float[] strip1, float[] strip0, float[] strip13, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float x = strip0[i];
      float v = min(max(x * -0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      strip13[i] = fma(t, v, fma(1f - t, 1f - v, -0f));
    }
  }

  private static void hardPower2(float[] strip0, float[] strip13, float[] strip4, float[] strip14,
          int n) {
    for (int i = 0; i < n; i++) {
      float x = strip0[i];
      float v = strip13[i];
      float partsLHi = strip4[i];
      float a = abs(x);
      float focus = min(128f, a) * (1f - min((abs(v) * 0x1.0p100f) * 0x1.0p100f, 1f));
      float s2 = focus + partsLHi;
      float z = s2 - focus;
      float lo = fma(focus - (s2 - z), 1f, partsLHi - z);
      strip13[i] = s2;
      strip14[i] = lo;
    }
  }

  private static void hardPower3(float[] strip14, float[] strip5, float[] strip13, float gamma,
          int n) {
    for (int i = 0; i < n; i++) {
      float lo = strip14[i];
      float partsLLo = strip5[i];
      float s2 = strip13[i];
      float b2 = lo + (0f + partsLLo);
      float s3 = fma(s2, 1f, b2);
      float lo2 = b2 - (s3 - s2);
      float p = s3 * gamma;
      float pLo = fma(lo2, gamma, fma(s3, gamma, -p));
      float a = min(p, 104f);
      strip13[i] = pLo;
      strip14[i] = a;
    }
  }

  private static void hardPower4(float[] strip14, float[] strip15, int n) {
    for (int i = 0; i < n; i++) {
      float a = strip14[i];
      float kf = fma(a, -0x1.715476p0f, 0x1.80017ep23f);
      float k = kf - 0x1.80017ep23f;
      float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, -a));
      float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
      float q2 = fma(q, r, 0x1.55583cp-5f);
      float q3 = fma(q2, r, 0x1.55547ep-3f);
      float p = fma(fma(r, r, -0f), fma(q3, r, 0.5f), r);
      strip14[i] = kf;
      strip15[i] = p;
    }
  }

  private static void hardPower5(float[] strip14, int n) {
    for (int i = 0; i < n; i++) {
      float kf = strip14[i];
      strip14[i] = intBitsToFloat(floatToRawIntBits(kf) << 23);
    }
  }

  private static void hardPower6(float[] strip15, float[] strip14, float[] strip13, float[] strip11,
          float[] strip12, int n) {
    for (int i = 0; i < n; i++) {
      float p = strip15[i];
      float v = strip14[i];
      float pLo = strip13[i];
      float scale = v * 0x1.0p-64f;
      float hi = fma(p, scale, scale);
      float lo = fma(p, scale, scale - hi);
      float lo2 = fma(-hi, pLo, lo);
      strip11[i] = hi;
      strip12[i] = lo2;
    }
  }

  private static void missedUpscaled1(float[] strip1, float[] strip0, float[] strip2,
          float[] strip13, float[] strip14, float[] strip15, float[] strip16, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float x = strip0[i];
      float partsEHi = strip2[i];
      float u = 1f - t;
      float v = min(max(x * -0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float v2 = 1f - v;
      float f = fma(t, v, fma(u, v2, -0f)) * 0x1.0p64f;
      float h = fma(u, v, t * v2);
      float part = partsEHi * 0x1.0p64f;
      float p = h * part;
      strip13[i] = f;
      strip14[i] = h;
      strip15[i] = part;
      strip16[i] = p;
    }
  }

  private static void missedUpscaled2(float[] strip13, float[] strip16, float[] strip14,
          float[] strip3, float[] strip15, float[] strip9, float[] strip10, int n) {
    for (int i = 0; i < n; i++) {
      float f = strip13[i];
      float p = strip16[i];
      float h = strip14[i];
      float partsELo = strip3[i];
      float part = strip15[i];
      float pLo = fma(h, partsELo * 0x1.0p64f, fma(h, part, -p));
      float s2 = fma(f, 1f, p);
      float z = s2 - f;
      float lo = fma(f - (s2 - z), 1f, p - z);
      float b2 = fma(lo, 1f, pLo);
      float s3 = fma(s2, 1f, b2);
      float lo2 = b2 - (s3 - s2);
      strip9[i] = s3;
      strip10[i] = lo2;
    }
  }

  private static void softPower1(float[] strip1, float[] strip0, float[] strip13, float[] strip14,
          int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float x = strip0[i];
      float v = min(max(x * -0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float f = fma(t, v, fma(1f - t, 1f - v, -0f));
      float a = abs(x);
      strip13[i] = f;
      strip14[i] = min(128f, a);
    }
  }

  private static void softPower2(float[] strip13, float[] strip14, float[] strip15, int n) {
    for (int i = 0; i < n; i++) {
      float f = strip13[i];
      float v = strip14[i];
      float v2 = min((abs(f) * 0x1.0p100f) * 0x1.0p100f, 1f);
      float v3 = 1f - v2;
      float v4 = max(v3, 1f - min((abs(f - 1f) * 0x1.0p100f) * 0x1.0p100f, 1f));
      strip13[i] = v2;
      strip14[i] = 1f - v4;
      strip15[i] = v * v3;
    }
  }

  private static void softPower3(float[] strip9, float[] strip16, float[] strip17, float[] strip18,
          int n) {
    for (int i = 0; i < n; i++) {
      float mHi = strip9[i];
      int y = floatToRawIntBits(mHi);
      int k = (y - 0x3f2aaaab) >> 23;
      int shift = k << 23;
      strip16[i] = intBitsToFloat(0x3f800000 - shift);
      strip17[i] = intBitsToFloat(y - shift);
      strip18[i] = (float) k;
    }
  }

  private static void softPower4(float[] strip10, float[] strip16, float[] strip17, float[] strip18,
          float[] strip19, float[] strip20, float[] strip21, int n) {
    for (int i = 0; i < n; i++) {
      float mLo = strip10[i];
      float v = strip16[i];
      float v2 = strip17[i];
      float v3 = strip18[i];
      float gLo = mLo * v;
      float f = v2 - 1f;
      float k = v3 - 64f;
      float h = fma(f, f, -0f);
      float hLo = fma(f, f, -h);
      float base = k * 0x1.62e43p-1f;
      float baseLo = fma(k, -0x1.05c61p-29f, fma(k, 0x1.62e43p-1f, -base));
      float s2 = base + f;
      float lo = f - (s2 - base);
      strip10[i] = gLo;
      strip16[i] = f;
      strip17[i] = h;
      strip18[i] = hLo;
      strip19[i] = baseLo;
      strip20[i] = s2;
      strip21[i] = lo;
    }
  }

  private static void softPower5(float[] strip20, float[] strip17, float[] strip16, float[] strip22,
          float[] strip23, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip20[i];
      float h = strip17[i];
      float f = strip16[i];
      float b2 = -0.5f * h;
      float s3 = s2 + b2;
      float lo = b2 - (s3 - s2);
      float g = 1f - f;
      float g2 = fma(h, g, g);
      strip20[i] = s3;
      strip22[i] = lo;
      strip23[i] = g2;
    }
  }

  private static void softPower6(float[] strip10, float[] strip23, float[] strip17, float[] strip16,
          float[] strip18, float[] strip21, float[] strip22, float[] strip19, int n) {
    for (int i = 0; i < n; i++) {
      float gLo = strip10[i];
      float g = strip23[i];
      float h = strip17[i];
      float f = strip16[i];
      float hLo = strip18[i];
      float lo = strip21[i];
      float lo2 = strip22[i];
      float baseLo = strip19[i];
      float p = fma(-0x1.07f7cep-3f, f, 0x1.1e73ap-3f);
      float p2 = fma(p, f, -0x1.f317ep-4f);
      float p3 = fma(p2, f, 0x1.1ed424p-3f);
      float p4 = fma(p3, f, -0x1.559d8ap-3f);
      float p5 = fma(p4, f, 0x1.99d05ep-3f);
      float p6 = fma(p5, f, -0x1.fffef2p-3f);
      float p7 = fma(p6, f, 0x1.555506p-2f);
      float lo3 = fma(fma(h * f, p7, -0.5f * hLo), 1f, fma(lo, 1f, lo2));
      float b2 = fma(gLo, g, fma(lo3, 1f, baseLo));
      strip10[i] = b2;
    }
  }

  private static void softPower7(float[] strip10, float[] strip20, float[] strip14, float[] strip13,
          float[] strip15, float[] strip4, int n) {
    for (int i = 0; i < n; i++) {
      float b2 = strip10[i];
      float s2 = strip20[i];
      float v = strip14[i];
      float v2 = strip13[i];
      float v3 = strip15[i];
      float partsLHi = strip4[i];
      float s3 = s2 + b2;
      float lo = b2 - (s3 - s2);
      float hi = fma(-s3 * v, v2, v3);
      float lo2 = -lo * v;
      float s4 = hi + partsLHi;
      float z = s4 - hi;
      float lo3 = fma(hi - (s4 - z), 1f, partsLHi - z);
      strip4[i] = lo2;
      strip10[i] = s4;
      strip13[i] = lo3;
    }
  }

  private static void softPower8(float[] strip13, float[] strip4, float[] strip5, float[] strip10,
          float gamma, int n) {
    for (int i = 0; i < n; i++) {
      float lo = strip13[i];
      float lo2 = strip4[i];
      float partsLLo = strip5[i];
      float s2 = strip10[i];
      float b2 = lo + (lo2 + partsLLo);
      float s3 = fma(s2, 1f, b2);
      float lo3 = b2 - (s3 - s2);
      float p = s3 * gamma;
      float pLo = fma(lo3, gamma, fma(s3, gamma, -p));
      float a = min(p, 104f);
      strip4[i] = pLo;
      strip5[i] = a;
    }
  }

  private static void softPower9(float[] strip5, float[] strip10, int n) {
    for (int i = 0; i < n; i++) {
      float a = strip5[i];
      float kf = fma(a, -0x1.715476p0f, 0x1.80017ep23f);
      float k = kf - 0x1.80017ep23f;
      float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, -a));
      float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
      float q2 = fma(q, r, 0x1.55583cp-5f);
      float q3 = fma(q2, r, 0x1.55547ep-3f);
      float p = fma(fma(r, r, -0f), fma(q3, r, 0.5f), r);
      strip5[i] = kf;
      strip10[i] = p;
    }
  }

  private static void softPower10(float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float kf = strip5[i];
      strip5[i] = intBitsToFloat(floatToRawIntBits(kf) << 23);
    }
  }

  private static void softPower11(float[] strip10, float[] strip5, float[] strip4, float[] strip11,
          float[] strip12, int n) {
    for (int i = 0; i < n; i++) {
      float p = strip10[i];
      float v = strip5[i];
      float pLo = strip4[i];
      float scale = v * 0x1.0p-64f;
      float hi = fma(p, scale, scale);
      float lo = fma(p, scale, scale - hi);
      float lo2 = fma(-hi, pLo, lo);
      strip11[i] = hi;
      strip12[i] = lo2;
    }
  }

  private static void targetFactor(float[] strip1, float alphaOfOne, float alphaOfZero,
          float[] strip4, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      strip4[i] = fma(t, alphaOfOne, (1f - t) * alphaOfZero);
    }
  }

  private static void focusedLoss1(float[] strip6, float[] strip11, float[] strip12, float[] strip7,
          float[] strip4, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float wholeHi = strip6[i];
      float powerHi = strip11[i];
      float powerLo = strip12[i];
      float wholeLo = strip7[i];
      float alpha = strip4[i];
      float p = wholeHi * powerHi;
      float pLo = fma(fma(wholeHi, powerHi, -p), 1f, fma(wholeHi, powerLo, wholeLo * powerHi));
      float s2 = p + pLo;
      float lo = pLo - (s2 - p);
      float r = s2 * alpha;
      float b2 = fma(lo, alpha, fma(s2, alpha, -r));
      strip5[i] = r;
      strip7[i] = b2;
    }
  }

  private static void focusedLoss2(float[] strip5, float[] strip7, int n) {
    for (int i = 0; i < n; i++) {
      float r = strip5[i];
      float b2 = strip7[i];
      float s2 = r + b2;
      float lo = b2 - (s2 - r);
      strip5[i] = s2;
      strip7[i] = lo;
    }
  }

  private static void weightedElement(float[] strip5, float[] strip10, float[] strip7, int n) {
    for (int i = 0; i < n; i++) {
      float valueHi = strip5[i];
      float w = strip10[i];
      float valueLo = strip7[i];
      float p = valueHi * w;
      float lo = fma(valueLo, w, fma(valueHi, w, -p));
      float s2 = p + lo;
      float lo2 = lo - (s2 - p);
      strip5[i] = s2;
      strip7[i] = lo2;
    }
  }

  private static void highHalf(float[] strip5, float[] strip13, int n) {
    for (int i = 0; i < n; i++) {
      float valueHi = strip5[i];
      strip13[i] = valueHi;
    }
  }

  private static void logitSlope1(float[] strip1, float[] strip2, float[] strip13, float[] strip14,
          int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float partsEHi = strip2[i];
      float u = 1f - t;
      float y = 1f + partsEHi;
      float r = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, y, 0x1.0f83e2p1f);
      float v = -y;
      float r3 = fma(r2, fma(v, r2, 1f), r2);
      strip13[i] = u;
      strip14[i] = fma(r3, fma(v, r3, 1f), r3);
    }
  }

  private static void logitSlope2(float[] strip14, float[] strip13, float[] strip0, float[] strip1,
          float[] strip2, float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float v = strip14[i];
      float u = strip13[i];
      float x = strip0[i];
      float t = strip1[i];
      float partsEHi = strip2[i];
      float partsELo = strip3[i];
      float v2 = -t;
      float v3 = min(max(x * -0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float v4 = 1f - v3;
      float v5 = fma(fma(u, v3, v2 * v4), partsEHi + partsELo, fma(v2, v3, fma(u, v4, -0f)));
      strip13[i] = fma(v, v5, -0f);
    }
  }

  private static void product(float[] strip1, float[] strip8, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float posWeight = strip8[i];
      strip8[i] = t * posWeight;
    }
  }

  private static void logitSlope1Again(float[] strip1, float[] strip2, float[] strip14,
          float[] strip15, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float partsEHi = strip2[i];
      float u = 1f - t;
      float y = 1f + partsEHi;
      float r = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, y, 0x1.0f83e2p1f);
      float v = -y;
      float r3 = fma(r2, fma(v, r2, 1f), r2);
      strip14[i] = u;
      strip15[i] = fma(r3, fma(v, r3, 1f), r3);
    }
  }

  private static void logitSlope2Again(float[] strip15, float[] strip14, float[] strip0,
          float[] strip8, float[] strip2, float[] strip3, float[] strip13, int n) {
    for (int i = 0; i < n; i++) {
      float v = strip15[i];
      float u = strip14[i];
      float x = strip0[i];
      float q = strip8[i];
      float partsEHi = strip2[i];
      float partsELo = strip3[i];
      float v2 = -q;
      float v3 = min(max(x * -0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float v4 = 1f - v3;
      float v5 = fma(fma(u, v3, v2 * v4), partsEHi + partsELo, fma(v2, v3, fma(u, v4, -0f)));
      strip13[i] = fma(v, v5, -0f);
    }
  }

  private static void squaredSlope1(float[] strip1, float[] strip2, float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float partsEHi = strip2[i];
      float y = 1f + partsEHi;
      float r = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, y, 0x1.0f83e2p1f);
      float v = -y;
      float r3 = fma(r2, fma(v, r2, 1f), r2);
      float r4 = fma(r3, fma(v, r3, 1f), r3);
      float tilt = fma(t, -4f, 2f) * ((r4 * partsEHi) * r4);
      strip3[i] = tilt;
    }
  }

  private static void squaredSlope2(float[] strip3, float[] strip6, float[] strip13, float[] strip9,
          float[] strip4, int n) {
    for (int i = 0; i < n; i++) {
      float tilt = strip3[i];
      float wholeHi = strip6[i];
      float slope = strip13[i];
      float mHi = strip9[i];
      float alpha = strip4[i];
      float both = fma(tilt, wholeHi, slope * mHi);
      strip3[i] = both * (mHi * alpha);
    }
  }

  private static void hardRatio(float[] strip2, float[] strip1, float[] strip0, float[] strip8,
          int n) {
    for (int i = 0; i < n; i++) {
      float partsEHi = strip2[i];
      float t = strip1[i];
      float x = strip0[i];
      float v = min(max(x * -0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float v2 = (abs(fma(t, v, fma(1f - t, 1f - v, -0f))) * 0x1.0p100f) * 0x1.0p100f;
      float v3 = min(v2, 1f);
      strip8[i] = fma(partsEHi, v3, 1f - v3);
    }
  }

  private static void softRatio1(float[] strip1, float[] strip0, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float x = strip0[i];
      float v = min(max(x * -0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float f = fma(t, v, fma(1f - t, 1f - v, -0f));
      strip0[i] = f;
    }
  }

  private static void softRatio2(float[] strip2, float[] strip0, float[] strip14, float[] strip15,
          float[] strip16, float[] strip17, int n) {
    for (int i = 0; i < n; i++) {
      float partsEHi = strip2[i];
      float f = strip0[i];
      float v = min((abs(f - 1f) * 0x1.0p100f) * 0x1.0p100f, 1f);
      float v2 = min((abs(f) * 0x1.0p100f) * 0x1.0p100f, 1f);
      strip0[i] = partsEHi * 0x1.0p64f;
      strip14[i] = v;
      strip15[i] = partsEHi * (1f - v);
      strip16[i] = v2;
      strip17[i] = 1f - v2;
    }
  }

  private static void softRatio3(float[] strip9, float[] strip18, int n) {
    for (int i = 0; i < n; i++) {
      float mHi = strip9[i];
      int v = floatToRawIntBits(mHi);
      float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
      strip9[i] = m;
      strip18[i] = intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    }
  }

  private static void softRatio4(float[] strip0, float[] strip9, float[] strip18, float[] strip14,
          float[] strip15, float[] strip16, float[] strip17, float[] strip8, int n) {
    for (int i = 0; i < n; i++) {
      float v = strip0[i];
      float m = strip9[i];
      float v2 = strip18[i];
      float v3 = strip14[i];
      float v4 = strip15[i];
      float v5 = strip16[i];
      float v6 = strip17[i];
      float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, m, 0x1.0f83e2p1f);
      float v7 = -m;
      float r3 = fma(r2, fma(v7, r2, 1f), r2);
      float q = fma(v, fma(r3, fma(v7, r3, 1f), r3) * v2, -0f);
      strip8[i] = fma(fma(q, v3, v4), v5, v6);
    }
  }

  private static void focusedSlope1(float gamma, float[] strip1, float[] strip2, float[] strip8,
          float[] strip6, float[] strip13, float[] strip0, int n) {
    for (int i = 0; i < n; i++) {
      float t = strip1[i];
      float partsEHi = strip2[i];
      float ratio = strip8[i];
      float wholeHi = strip6[i];
      float slope = strip13[i];
      float y = 1f + partsEHi;
      float r = fma(y, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, y, 0x1.0f83e2p1f);
      float v = -y;
      float r3 = fma(r2, fma(v, r2, 1f), r2);
      float v2 = fma(fma(t, -2f, 1f), fma(r3, fma(v, r3, 1f), r3), -0f) * ratio;
      float tilt = gamma * v2;
      float both = fma(tilt, wholeHi, slope);
      strip0[i] = both;
    }
  }

  private static void focusedSlope2(float[] strip0, float[] strip11, float[] strip12, float[] strip4,
          float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float both = strip0[i];
      float powerHi = strip11[i];
      float powerLo = strip12[i];
      float alpha = strip4[i];
      strip3[i] = both * ((powerHi + powerLo) * alpha);
    }
  }

  private static void scaledGradient(float[] strip3, float scale, int n) {
    for (int i = 0; i < n; i++) {
      float gradient = strip3[i];
      float v = gradient * scale;
      strip3[i] = v;
    }
  }

  private static void productAgain(float[] strip10, float scale, float[] strip0, int n) {
    for (int i = 0; i < n; i++) {
      float w = strip10[i];
      strip0[i] = w * scale;
    }
  }

  private static void productAgainAgain(float scale, float[] strip1, float[] strip0, int n) {
    for (int i = 0; i < n; i++) {
      float upstream = strip1[i];
      strip0[i] = scale * upstream;
    }
  }

  private static void twoFactors(float[] strip10, float scale, float[] strip1, float[] strip0,
          int n) {
    for (int i = 0; i < n; i++) {
      float w = strip10[i];
      float upstream = strip1[i];
      strip0[i] = (w * scale) * upstream;
    }
  }

  private static void scaledGradientAgain(float[] strip3, float[] strip0, int n) {
    for (int i = 0; i < n; i++) {
      float gradient = strip3[i];
      float factor = strip0[i];
      float v = gradient * factor;
      strip3[i] = v;
    }
  }
}
