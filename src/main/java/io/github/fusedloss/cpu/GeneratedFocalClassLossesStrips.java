// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/cross_entropy.cl. */
final class GeneratedFocalClassLossesStrips {
  private GeneratedFocalClassLossesStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(RowTile b, Lanes lanes, int start, int n) {
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
    definedLoss1(b.max, b.targetX, strip0, strip1, n);
    definedLoss2(strip0, b.logHi, strip1, b.logLo, n);
    definedLoss3(strip0, strip2, strip3, n);
    definedLoss4(b.targetX, b.max, b.weight, strip4, strip5, strip6, n);
    definedLoss5(strip2, b.totalHi, strip7, strip8, n);
    definedLoss6(strip3, strip2, strip1, n);
    definedLoss7(b.othersHi, strip7, strip8, b.totalHi, b.totalLo, b.othersLo, strip3, n);
    definedLoss8(strip2, strip4, strip3, strip5, n);
    definedLoss9(strip2, strip4, n);
    definedLoss10(strip2, strip4, strip3, strip5, strip7, strip8, n);
    definedLoss11(strip7, strip3, strip2, strip4, n);
    definedLoss12(strip4, strip8, strip3, strip5, strip2, b.settings.gamma, n);
    definedLoss13(strip3, strip4, n);
    definedLoss14(strip3, n);
    definedLoss15(strip4, strip3, strip2, strip0, strip1, n);
    definedLoss16(strip0, strip1, strip2, b.weight, strip6, b.lossHi, b.lossLo, n);
    if (b.gradient) {
      definedSlope1(b.max, b.targetX, strip0, strip1, n);
      definedSlope2(strip0, b.logHi, strip1, b.logLo, n);
      definedSlope3(strip0, strip2, strip3, n);
      definedSlope4(b.targetX, b.max, b.scale, strip4, strip5, strip6, n);
      definedSlope5(strip2, b.totalHi, strip7, strip8, n);
      definedSlope6(strip3, strip2, strip1, strip9, n);
      definedSlope7(strip7, strip8, b.othersHi, b.totalHi, b.totalLo, b.othersLo, n);
      definedSlope8(strip9, strip4, strip8, strip5, strip2, strip1, strip3, strip10, n);
      definedSlope9(strip2, strip11, n);
      definedSlope10(strip9, strip2, strip12, strip13, strip14, n);
      definedSlope11(strip0, strip2, strip12, strip9, strip1, n);
      definedSlope12(strip10, strip0, strip13, strip14, strip11, strip1, strip2, strip9, strip12,
          n);
      definedSlope13(strip11, strip2, strip1, strip9, n);
      definedSlope14(strip9, strip12, strip2, strip10, strip1, b.settings.gamma, n);
      definedSlope15(strip2, b.settings.gamma, strip3, strip0, strip8, n);
      definedSlope16(strip0, n);
      definedSlope17(b.weight, strip2, strip0, strip1, strip3, n);
      definedSlope18(strip0, b.scale, b.scaleLo, strip6, strip1, n);
      definedSlope19(strip0, strip7, b.totalHi, b.totalLo, strip1, b.targetE, strip4, b.othersHi,
          strip5, b.coefficient, b.atTarget, n);
    }
  }

  private static void definedLoss1(float[] rowMaxs, float[] targetXs, float[] strip0, float[] strip1,
          int n) {
    for (int i = 0; i < n; i++) {
      float rowMax = rowMaxs[i];
      float targetX = targetXs[i];
      float b2 = -targetX;
      float s2 = rowMax - targetX;
      float z = s2 - rowMax;
      float lo = fma(rowMax - (s2 - z), 1f, b2 - z);
      strip0[i] = s2;
      strip1[i] = lo;
    }
  }

  private static void definedLoss2(float[] strip0, float[] rowLogHis, float[] strip1,
          float[] rowLogLos, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip0[i];
      float rowLogHi = rowLogHis[i];
      float lo = strip1[i];
      float rowLogLo = rowLogLos[i];
      float s3 = s2 + rowLogHi;
      float z = s3 - s2;
      float lo2 = fma(s2 - (s3 - z), 1f, rowLogHi - z);
      float lo3 = lo2 + (lo + rowLogLo);
      float s4 = fma(s3, 1f, lo3);
      float lo4 = lo3 - (s4 - s3);
      strip0[i] = s4;
      strip1[i] = lo4;
    }
  }

  private static void definedLoss3(float[] strip0, float[] strip2, float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip0[i];
      float a = min(s2, 104f);
      float kf = fma(a, -0x1.715476p0f, 0x1.80017ep23f);
      float k = kf - 0x1.80017ep23f;
      float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, -a));
      float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
      float q2 = fma(q, r, 0x1.55583cp-5f);
      float q3 = fma(q2, r, 0x1.55547ep-3f);
      float p = fma(fma(r, r, -0f), fma(q3, r, 0.5f), r);
      strip2[i] = kf;
      strip3[i] = p;
    }
  }

  private static void definedLoss4(float[] targetXs, float[] rowMaxs, float[] targetWs,
          float[] strip4, float[] strip5, float[] strip6, int n) {
    for (int i = 0; i < n; i++) {
      float targetX = targetXs[i];
      float rowMax = rowMaxs[i];
      float targetW = targetWs[i];
      float v = min((abs(targetX - rowMax) * 0x1.0p100f) * 0x1.0p100f, 1f);
      strip4[i] = v;
      strip5[i] = 1f - v;
      strip6[i] = min((abs(targetW) * 0x1.0p100f) * 0x1.0p100f, 1f);
    }
  }

  private static void definedLoss5(float[] strip2, float[] rowTotalHis, float[] strip7,
          float[] strip8, int n) {
    for (int i = 0; i < n; i++) {
      float kf = strip2[i];
      float rowTotalHi = rowTotalHis[i];
      int v = floatToRawIntBits(rowTotalHi);
      float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
      strip2[i] = intBitsToFloat(floatToRawIntBits(kf) << 23);
      strip7[i] = m;
      strip8[i] = intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    }
  }

  private static void definedLoss6(float[] strip3, float[] strip2, float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float p = strip3[i];
      float v = strip2[i];
      float lo = strip1[i];
      float scale = v * 0x1.0p-64f;
      float hi = fma(p, scale, scale);
      float lo2 = fma(p, scale, scale - hi);
      float rest = (1f - hi) + fma(hi, lo, -lo2);
      strip2[i] = rest;
    }
  }

  private static void definedLoss7(float[] rowOthersHis, float[] strip7, float[] strip8,
          float[] rowTotalHis, float[] rowTotalLos, float[] rowOthersLos, float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float rowOthersHi = rowOthersHis[i];
      float m = strip7[i];
      float v = strip8[i];
      float rowTotalHi = rowTotalHis[i];
      float rowTotalLo = rowTotalLos[i];
      float rowOthersLo = rowOthersLos[i];
      float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, m, 0x1.0f83e2p1f);
      float v2 = -m;
      float r3 = fma(r2, fma(v2, r2, 1f), r2);
      float r4 = fma(r3, fma(v2, r3, 1f), r3) * v;
      float q = rowOthersHi * r4;
      float v3 = -q;
      float v4 = fma(fma(v3, rowTotalHi, rowOthersHi), 1f, fma(v3, rowTotalLo, rowOthersLo));
      float corrected = fma(v4, r4, q);
      strip3[i] = corrected;
    }
  }

  private static void definedLoss8(float[] strip2, float[] strip4, float[] strip3, float[] strip5,
          int n) {
    for (int i = 0; i < n; i++) {
      float rest = strip2[i];
      float v = strip4[i];
      float corrected = strip3[i];
      float v2 = strip5[i];
      float others = fma(rest, v, corrected * v2);
      float v3 = min(max((0x1.0p-64f - others) * 0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      strip2[i] = fma(others, fma(0x1.0p64f, v3, 1f - v3), -0f);
      strip3[i] = 64f * v3;
    }
  }

  private static void definedLoss9(float[] strip2, float[] strip4, int n) {
    for (int i = 0; i < n; i++) {
      float v = strip2[i];
      int y = floatToRawIntBits(v);
      int k = (y - 0x3f2aaaab) >> 23;
      strip2[i] = intBitsToFloat(y - (k << 23));
      strip4[i] = (float) k;
    }
  }

  private static void definedLoss10(float[] strip2, float[] strip4, float[] strip3, float[] strip5,
          float[] strip7, float[] strip8, int n) {
    for (int i = 0; i < n; i++) {
      float v = strip2[i];
      float v2 = strip4[i];
      float v3 = strip3[i];
      float f = v - 1f;
      float k = v2 - v3;
      float h = fma(f, f, -0f);
      float hLo = fma(f, f, -h);
      float base = k * 0x1.62e43p-1f;
      float baseLo = fma(k, -0x1.05c61p-29f, fma(k, 0x1.62e43p-1f, -base));
      float s2 = base + f;
      float lo = f - (s2 - base);
      strip2[i] = f;
      strip3[i] = h;
      strip4[i] = hLo;
      strip5[i] = baseLo;
      strip7[i] = s2;
      strip8[i] = lo;
    }
  }

  private static void definedLoss11(float[] strip7, float[] strip3, float[] strip2, float[] strip4,
          int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip7[i];
      float h = strip3[i];
      float f = strip2[i];
      float hLo = strip4[i];
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
      strip2[i] = s3;
      strip3[i] = lo;
      strip4[i] = fma(h * f, p7, -0.5f * hLo);
    }
  }

  private static void definedLoss12(float[] strip4, float[] strip8, float[] strip3, float[] strip5,
          float[] strip2, float settingsGamma, int n) {
    for (int i = 0; i < n; i++) {
      float v = strip4[i];
      float lo = strip8[i];
      float lo2 = strip3[i];
      float baseLo = strip5[i];
      float s2 = strip2[i];
      float lo3 = fma(v, 1f, fma(lo, 1f, lo2));
      float b2 = fma(lo3, 1f, baseLo);
      float s3 = s2 + b2;
      float lo4 = b2 - (s3 - s2);
      float hi = -s3;
      float lo5 = -lo4;
      float p = hi * settingsGamma;
      float pLo = fma(lo5, settingsGamma, fma(hi, settingsGamma, -p));
      float a = min(p, 104f);
      strip2[i] = pLo;
      strip3[i] = a;
    }
  }

  private static void definedLoss13(float[] strip3, float[] strip4, int n) {
    for (int i = 0; i < n; i++) {
      float a = strip3[i];
      float kf = fma(a, -0x1.715476p0f, 0x1.80017ep23f);
      float k = kf - 0x1.80017ep23f;
      float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, -a));
      float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
      float q2 = fma(q, r, 0x1.55583cp-5f);
      float q3 = fma(q2, r, 0x1.55547ep-3f);
      float p = fma(fma(r, r, -0f), fma(q3, r, 0.5f), r);
      strip3[i] = kf;
      strip4[i] = p;
    }
  }

  private static void definedLoss14(float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float kf = strip3[i];
      strip3[i] = intBitsToFloat(floatToRawIntBits(kf) << 23);
    }
  }

  private static void definedLoss15(float[] strip4, float[] strip3, float[] strip2, float[] strip0,
          float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float p = strip4[i];
      float v = strip3[i];
      float pLo = strip2[i];
      float s2 = strip0[i];
      float lo = strip1[i];
      float scale = v * 0x1.0p-64f;
      float hi = fma(p, scale, scale);
      float lo2 = fma(p, scale, scale - hi);
      float lo3 = fma(-hi, pLo, lo2);
      float s3 = fma(hi, 1f, lo3);
      float lo4 = lo3 - (s3 - hi);
      float p2 = fma(s3, s2, -0f);
      float e = fma(s3, s2, -p2);
      strip0[i] = p2;
      strip1[i] = e;
      strip2[i] = fma(s3, lo, lo4 * s2);
    }
  }

  private static void definedLoss16(float[] strip0, float[] strip1, float[] strip2, float[] targetWs,
          float[] strip6, float[] lossHis, float[] lossLos, int n) {
    for (int i = 0; i < n; i++) {
      float p = strip0[i];
      float e = strip1[i];
      float v = strip2[i];
      float targetW = targetWs[i];
      float v2 = strip6[i];
      float lo = fma(e, 1f, v);
      float s2 = fma(p, 1f, lo);
      float lo2 = lo - (s2 - p);
      float p2 = s2 * targetW;
      float lo3 = fma(lo2, targetW, fma(s2, targetW, -p2));
      float s3 = p2 + lo3;
      float lo4 = lo3 - (s3 - p2);
      float hi = s3 * v2;
      float lo5 = lo4 * v2;
      lossHis[i] = hi;
      lossLos[i] = lo5;
    }
  }

  private static void definedSlope1(float[] rowMaxs, float[] targetXs, float[] strip0,
          float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float rowMax = rowMaxs[i];
      float targetX = targetXs[i];
      float b2 = -targetX;
      float s2 = rowMax - targetX;
      float z = s2 - rowMax;
      float lo = fma(rowMax - (s2 - z), 1f, b2 - z);
      strip0[i] = s2;
      strip1[i] = lo;
    }
  }

  private static void definedSlope2(float[] strip0, float[] rowLogHis, float[] strip1,
          float[] rowLogLos, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip0[i];
      float rowLogHi = rowLogHis[i];
      float lo = strip1[i];
      float rowLogLo = rowLogLos[i];
      float s3 = s2 + rowLogHi;
      float z = s3 - s2;
      float lo2 = fma(s2 - (s3 - z), 1f, rowLogHi - z);
      float lo3 = lo2 + (lo + rowLogLo);
      float s4 = fma(s3, 1f, lo3);
      float lo4 = lo3 - (s4 - s3);
      strip0[i] = s4;
      strip1[i] = lo4;
    }
  }

  private static void definedSlope3(float[] strip0, float[] strip2, float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip0[i];
      float a = min(s2, 104f);
      float kf = fma(a, -0x1.715476p0f, 0x1.80017ep23f);
      float k = kf - 0x1.80017ep23f;
      float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, -a));
      float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
      float q2 = fma(q, r, 0x1.55583cp-5f);
      float q3 = fma(q2, r, 0x1.55547ep-3f);
      float p = fma(fma(r, r, -0f), fma(q3, r, 0.5f), r);
      strip2[i] = kf;
      strip3[i] = p;
    }
  }

  private static void definedSlope4(float[] targetXs, float[] rowMaxs, float[] targetScaleHis,
          float[] strip4, float[] strip5, float[] strip6, int n) {
    for (int i = 0; i < n; i++) {
      float targetX = targetXs[i];
      float rowMax = rowMaxs[i];
      float targetScaleHi = targetScaleHis[i];
      float v = min((abs(targetX - rowMax) * 0x1.0p100f) * 0x1.0p100f, 1f);
      strip4[i] = v;
      strip5[i] = 1f - v;
      strip6[i] = 0f * targetScaleHi;
    }
  }

  private static void definedSlope5(float[] strip2, float[] rowTotalHis, float[] strip7,
          float[] strip8, int n) {
    for (int i = 0; i < n; i++) {
      float kf = strip2[i];
      float rowTotalHi = rowTotalHis[i];
      int v = floatToRawIntBits(rowTotalHi);
      float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
      strip2[i] = intBitsToFloat(floatToRawIntBits(kf) << 23);
      strip7[i] = m;
      strip8[i] = intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    }
  }

  private static void definedSlope6(float[] strip3, float[] strip2, float[] strip1, float[] strip9,
          int n) {
    for (int i = 0; i < n; i++) {
      float p = strip3[i];
      float v = strip2[i];
      float lo = strip1[i];
      float scale = v * 0x1.0p-64f;
      float hi = fma(p, scale, scale);
      float lo2 = fma(p, scale, scale - hi);
      float rest = (1f - hi) + fma(hi, lo, -lo2);
      strip2[i] = hi;
      strip3[i] = lo2;
      strip9[i] = rest;
    }
  }

  private static void definedSlope7(float[] strip7, float[] strip8, float[] rowOthersHis,
          float[] rowTotalHis, float[] rowTotalLos, float[] rowOthersLos, int n) {
    for (int i = 0; i < n; i++) {
      float m = strip7[i];
      float v = strip8[i];
      float rowOthersHi = rowOthersHis[i];
      float rowTotalHi = rowTotalHis[i];
      float rowTotalLo = rowTotalLos[i];
      float rowOthersLo = rowOthersLos[i];
      float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, m, 0x1.0f83e2p1f);
      float v2 = -m;
      float r3 = fma(r2, fma(v2, r2, 1f), r2);
      float r4 = fma(r3, fma(v2, r3, 1f), r3) * v;
      float q = rowOthersHi * r4;
      float v3 = -q;
      float v4 = fma(fma(v3, rowTotalHi, rowOthersHi), 1f, fma(v3, rowTotalLo, rowOthersLo));
      float corrected = fma(v4, r4, q);
      strip7[i] = r4;
      strip8[i] = corrected;
    }
  }

  private static void definedSlope8(float[] strip9, float[] strip4, float[] strip8, float[] strip5,
          float[] strip2, float[] strip1, float[] strip3, float[] strip10, int n) {
    for (int i = 0; i < n; i++) {
      float rest = strip9[i];
      float v = strip4[i];
      float corrected = strip8[i];
      float v2 = strip5[i];
      float hi = strip2[i];
      float lo = strip1[i];
      float lo2 = strip3[i];
      float others = fma(rest, v, corrected * v2);
      float v3 = min(max((0x1.0p-90f - others) * 0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      float v4 = 1f - v3;
      float d = fma(1f, v3, others * v4);
      strip2[i] = others;
      strip3[i] = v3;
      strip8[i] = v4;
      strip9[i] = d;
      strip10[i] = fma(-hi, lo, fma(hi, 1f, lo2));
    }
  }

  private static void definedSlope9(float[] strip2, float[] strip11, int n) {
    for (int i = 0; i < n; i++) {
      float others = strip2[i];
      float v = min(max((0x1.0p-64f - others) * 0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      strip2[i] = fma(others, fma(0x1.0p64f, v, 1f - v), -0f);
      strip11[i] = 64f * v;
    }
  }

  private static void definedSlope10(float[] strip9, float[] strip2, float[] strip12,
          float[] strip13, float[] strip14, int n) {
    for (int i = 0; i < n; i++) {
      float d = strip9[i];
      float v = strip2[i];
      int v2 = floatToRawIntBits(d);
      float m = intBitsToFloat((v2 & 0x7fffff) | 0x3f800000);
      int y = floatToRawIntBits(v);
      int k = (y - 0x3f2aaaab) >> 23;
      strip2[i] = m;
      strip12[i] = intBitsToFloat(0x7f000000 - (v2 & 0x7f800000));
      strip13[i] = intBitsToFloat(y - (k << 23));
      strip14[i] = (float) k;
    }
  }

  private static void definedSlope11(float[] strip0, float[] strip2, float[] strip12, float[] strip9,
          float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip0[i];
      float m = strip2[i];
      float v = strip12[i];
      float d = strip9[i];
      float lo = strip1[i];
      float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, m, 0x1.0f83e2p1f);
      float v2 = -m;
      float r3 = fma(r2, fma(v2, r2, 1f), r2);
      float r4 = fma(r3, fma(v2, r3, 1f), r3) * v;
      float q = s2 * r4;
      float corrected = fma(fma(fma(-q, d, s2), 1f, fma(q, -0f, lo)), r4, q);
      strip0[i] = corrected;
    }
  }

  private static void definedSlope12(float[] strip10, float[] strip0, float[] strip13,
          float[] strip14, float[] strip11, float[] strip1, float[] strip2, float[] strip9,
          float[] strip12, int n) {
    for (int i = 0; i < n; i++) {
      float v = strip10[i];
      float corrected = strip0[i];
      float v2 = strip13[i];
      float v3 = strip14[i];
      float v4 = strip11[i];
      float part = fma(v, corrected, -0f);
      float f = v2 - 1f;
      float k = v3 - v4;
      float h = fma(f, f, -0f);
      float hLo = fma(f, f, -h);
      float base = k * 0x1.62e43p-1f;
      float baseLo = fma(k, -0x1.05c61p-29f, fma(k, 0x1.62e43p-1f, -base));
      float s2 = base + f;
      float lo = f - (s2 - base);
      strip0[i] = part;
      strip1[i] = f;
      strip2[i] = h;
      strip9[i] = hLo;
      strip10[i] = baseLo;
      strip11[i] = s2;
      strip12[i] = lo;
    }
  }

  private static void definedSlope13(float[] strip11, float[] strip2, float[] strip1, float[] strip9,
          int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip11[i];
      float h = strip2[i];
      float f = strip1[i];
      float hLo = strip9[i];
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
      strip1[i] = s3;
      strip2[i] = lo;
      strip9[i] = fma(h * f, p7, -0.5f * hLo);
    }
  }

  private static void definedSlope14(float[] strip9, float[] strip12, float[] strip2,
          float[] strip10, float[] strip1, float settingsGamma, int n) {
    for (int i = 0; i < n; i++) {
      float v = strip9[i];
      float lo = strip12[i];
      float lo2 = strip2[i];
      float baseLo = strip10[i];
      float s2 = strip1[i];
      float lo3 = fma(v, 1f, fma(lo, 1f, lo2));
      float b2 = fma(lo3, 1f, baseLo);
      float s3 = s2 + b2;
      float lo4 = b2 - (s3 - s2);
      float hi = -s3;
      float lo5 = -lo4;
      float p = hi * settingsGamma;
      float pLo = fma(lo5, settingsGamma, fma(hi, settingsGamma, -p));
      float a = min(p, 104f);
      strip1[i] = pLo;
      strip2[i] = a;
    }
  }

  private static void definedSlope15(float[] strip2, float settingsGamma, float[] strip3,
          float[] strip0, float[] strip8, int n) {
    for (int i = 0; i < n; i++) {
      float a = strip2[i];
      float v = strip3[i];
      float part = strip0[i];
      float v2 = strip8[i];
      float kf = fma(a, -0x1.715476p0f, 0x1.80017ep23f);
      float k = kf - 0x1.80017ep23f;
      float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, -a));
      float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
      float q2 = fma(q, r, 0x1.55583cp-5f);
      float q3 = fma(q2, r, 0x1.55547ep-3f);
      float p = fma(fma(r, r, -0f), fma(q3, r, 0.5f), r);
      strip0[i] = kf;
      strip2[i] = p;
      strip3[i] = fma(settingsGamma, fma(1f, v, part * v2), 1f);
    }
  }

  private static void definedSlope16(float[] strip0, int n) {
    for (int i = 0; i < n; i++) {
      float kf = strip0[i];
      strip0[i] = intBitsToFloat(floatToRawIntBits(kf) << 23);
    }
  }

  private static void definedSlope17(float[] targetWs, float[] strip2, float[] strip0,
          float[] strip1, float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float targetW = targetWs[i];
      float p = strip2[i];
      float v = strip0[i];
      float pLo = strip1[i];
      float v2 = strip3[i];
      float scale = v * 0x1.0p-64f;
      float hi = fma(p, scale, scale);
      float lo = fma(p, scale, scale - hi);
      float lo2 = fma(-hi, pLo, lo);
      float steep = fma(fma(hi, 1f, lo2), v2, -0f);
      float hi2 = targetW * steep;
      strip0[i] = hi2;
    }
  }

  private static void definedSlope18(float[] strip0, float[] targetScaleHis, float[] targetScaleLos,
          float[] strip6, float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float hi = strip0[i];
      float targetScaleHi = targetScaleHis[i];
      float targetScaleLo = targetScaleLos[i];
      float v = strip6[i];
      float p = hi * targetScaleHi;
      float e = fma(hi, targetScaleHi, -p);
      float lo = fma(e, 1f, fma(hi, targetScaleLo, v));
      float s2 = p + lo;
      float lo2 = lo - (s2 - p);
      strip0[i] = s2;
      strip1[i] = lo2;
    }
  }

  private static void definedSlope19(float[] strip0, float[] strip7, float[] rowTotalHis,
          float[] rowTotalLos, float[] strip1, float[] terms, float[] strip4, float[] rowOthersHis,
          float[] strip5, float[] slopeFactors, float[] slopeAtYs, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip0[i];
      float r = strip7[i];
      float rowTotalHi = rowTotalHis[i];
      float rowTotalLo = rowTotalLos[i];
      float lo = strip1[i];
      float term = terms[i];
      float v = strip4[i];
      float rowOthersHi = rowOthersHis[i];
      float v2 = strip5[i];
      float q = s2 * r;
      float v3 = -q;
      float corrected = fma(fma(fma(v3, rowTotalHi, s2), 1f, fma(v3, rowTotalLo, lo)), r, q);
      float atY = fma(term, corrected, -lo) - s2;
      float v4 = fma(atY, v, (-(corrected * rowOthersHi)) * v2);
      slopeFactors[i] = corrected;
      slopeAtYs[i] = v4;
    }
  }
}
