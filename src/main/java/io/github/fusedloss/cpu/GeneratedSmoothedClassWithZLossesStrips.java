// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/cross_entropy.cl. */
final class GeneratedSmoothedClassWithZLossesStrips {
  private GeneratedSmoothedClassWithZLossesStrips() {}

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
    definedLoss1(b.max, b.targetX, strip0, strip1, n);
    definedLoss2(strip0, b.logHi, strip1, b.logLo, n);
    definedLoss3(hi(b.settings.keep), b.weight, lo(b.settings.keep), strip0, strip2, strip3, strip4,
          n);
    definedLoss4(strip4, strip0, strip2, strip3, strip1, n);
    definedLoss5(b.shares.distanceHi, hi(b.settings.spread), lo(b.settings.spread),
          b.shares.distanceLo, strip2, strip3, n);
    definedLoss6(b.logHi, hi(b.settings.all), hi(b.settings.spread), lo(b.settings.spread),
          lo(b.settings.all), b.logLo, strip4, strip5, strip6, n);
    definedLoss7(strip2, strip4, strip5, strip6, strip3, n);
    definedLoss8(strip0, strip2, strip3, strip1, b.lossHi, b.lossLo, n);
    penaltyOf1(b.max, b.logHi, b.logLo, b.settings.penalty, strip0, strip1, strip2, strip3, n);
    penaltyOf2(strip2, strip1, b.settings.penalty, strip3, strip0, b.penalty.hi, b.penalty.lo, n);
    if (b.gradient) {
      definedSlope1(hi(b.settings.keep), b.weight, lo(b.settings.keep), strip0, strip1, n);
      definedSlope2(hi(b.settings.all), hi(b.settings.spread), lo(b.settings.spread),
          lo(b.settings.all), strip2, strip3, n);
      definedSlope3(strip0, strip2, strip1, strip3, n);
      definedSlope4(strip2, b.scale, b.scaleLo, strip3, strip4, strip5, strip6, n);
      definedSlope5(b.max, b.logHi, b.logLo, strip7, strip8, n);
      definedSlope6(strip7, b.penalty.scale, b.penalty.scaleLo, strip8, n);
      definedSlope7(strip5, strip7, strip6, strip8, b.othersHi, strip3, b.scale, strip4, n);
      definedSlope8(strip2, strip6, strip7, strip8, n);
      definedSlope9(b.scale, hi(b.settings.spread), b.weight, lo(b.settings.spread), b.shares.spread,
          strip7, strip8, n);
      definedSlope10(strip0, strip7, strip1, strip8, b.scale, n);
      definedSlope11(b.totalHi, strip5, b.targetX, b.max, strip8, n);
      definedSlope12(b.totalHi, strip9, strip10, n);
      definedSlope13(strip3, strip9, strip10, b.totalHi, b.totalLo, strip4, b.coefficient, n);
      definedSlope14(b.othersLo, b.coefficient, b.othersHi, strip2, strip3, strip4, n);
      definedSlope15(strip3, strip4, strip6, strip2, b.scale, strip0, strip1, strip5, b.targetE,
          b.coefficient, strip7, strip8, b.shares.likelyHi, b.shares.likelyLo, b.atTarget, n);
      definedSlope16(b.scale, b.shares.scale, n);
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

  private static void definedLoss3(float settingsKeepHi, float[] targetWs, float settingsKeepLo,
          float[] strip0, float[] strip2, float[] strip3, float[] strip4, int n) {
    for (int i = 0; i < n; i++) {
      float targetW = targetWs[i];
      float s2 = strip0[i];
      float p = settingsKeepHi * targetW;
      float lo = fma(settingsKeepLo, targetW, fma(settingsKeepHi, targetW, -p));
      float s3 = p + lo;
      float lo2 = lo - (s3 - p);
      float v = min((abs(settingsKeepHi) * 0x1.0p100f) * 0x1.0p100f, 1f);
      float hi = s3 * v;
      float lo3 = lo2 * v;
      float p2 = s2 * hi;
      strip2[i] = hi;
      strip3[i] = lo3;
      strip4[i] = p2;
    }
  }

  private static void definedLoss4(float[] strip4, float[] strip0, float[] strip2, float[] strip3,
          float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float p = strip4[i];
      float s2 = strip0[i];
      float hi = strip2[i];
      float lo = strip3[i];
      float lo2 = strip1[i];
      float e = fma(s2, hi, -p);
      float lo3 = fma(e, 1f, fma(s2, lo, lo2 * hi));
      float s3 = p + lo3;
      float lo4 = lo3 - (s3 - p);
      float v = min((abs(hi) * 0x1.0p100f) * 0x1.0p100f, 1f);
      float hi2 = s3 * v;
      float lo5 = lo4 * v;
      strip0[i] = hi2;
      strip1[i] = lo5;
    }
  }

  private static void definedLoss5(float[] rowDistanceHis, float settingsSpreadHi,
          float settingsSpreadLo, float[] rowDistanceLos, float[] strip2, float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float rowDistanceHi = rowDistanceHis[i];
      float rowDistanceLo = rowDistanceLos[i];
      float hi = settingsSpreadHi * 0x1.0p24f;
      float lo = settingsSpreadLo * 0x1.0p24f;
      float p = rowDistanceHi * hi;
      float e = fma(rowDistanceHi, hi, -p);
      float lo2 = fma(e, 1f, fma(rowDistanceHi, lo, rowDistanceLo * hi));
      float s2 = p + lo2;
      float lo3 = lo2 - (s2 - p);
      strip2[i] = s2;
      strip3[i] = lo3;
    }
  }

  private static void definedLoss6(float[] rowLogHis, float settingsAllHi, float settingsSpreadHi,
          float settingsSpreadLo, float settingsAllLo, float[] rowLogLos, float[] strip4,
          float[] strip5, float[] strip6, int n) {
    for (int i = 0; i < n; i++) {
      float rowLogHi = rowLogHis[i];
      float rowLogLo = rowLogLos[i];
      float p = settingsAllHi * settingsSpreadHi;
      float e = fma(settingsAllHi, settingsSpreadHi, -p);
      float v = fma(settingsAllHi, settingsSpreadLo, settingsAllLo * settingsSpreadHi);
      float lo = fma(e, 1f, v);
      float s2 = p + lo;
      float lo2 = lo - (s2 - p);
      float p2 = rowLogHi * s2;
      float e2 = fma(rowLogHi, s2, -p2);
      strip4[i] = p2;
      strip5[i] = e2;
      strip6[i] = fma(rowLogHi, lo2, rowLogLo * s2);
    }
  }

  private static void definedLoss7(float[] strip2, float[] strip4, float[] strip5, float[] strip6,
          float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip2[i];
      float p = strip4[i];
      float e = strip5[i];
      float v = strip6[i];
      float lo = strip3[i];
      float lo2 = fma(e, 1f, v);
      float s3 = p + lo2;
      float lo3 = lo2 - (s3 - p);
      float s4 = fma(s2, 1f, s3);
      float z = s4 - s2;
      float lo4 = fma(s2 - (s4 - z), 1f, s3 - z);
      float lo5 = fma(lo4, 1f, fma(lo, 1f, lo3));
      strip2[i] = s4;
      strip3[i] = lo5;
    }
  }

  private static void definedLoss8(float[] strip0, float[] strip2, float[] strip3, float[] strip1,
          float[] lossHis, float[] lossLos, int n) {
    for (int i = 0; i < n; i++) {
      float hi = strip0[i];
      float s2 = strip2[i];
      float lo = strip3[i];
      float lo2 = strip1[i];
      float s3 = fma(s2, 1f, lo);
      float lo3 = lo - (s3 - s2);
      float s4 = hi + s3;
      float z = s4 - hi;
      float lo4 = fma(hi - (s4 - z), 1f, s3 - z);
      float lo5 = lo4 + (lo2 + lo3);
      float s5 = fma(s4, 1f, lo5);
      float lo6 = lo5 - (s5 - s4);
      lossHis[i] = s5;
      lossLos[i] = lo6;
    }
  }

  private static void penaltyOf1(float[] rowMaxs, float[] rowLogHis, float[] rowLogLos,
          float settingsPenalty, float[] strip0, float[] strip1, float[] strip2, float[] strip3,
          int n) {
    for (int i = 0; i < n; i++) {
      float rowMax = rowMaxs[i];
      float rowLogHi = rowLogHis[i];
      float rowLogLo = rowLogLos[i];
      float s2 = rowMax + rowLogHi;
      float z = s2 - rowMax;
      float lo = fma(rowMax - (s2 - z), 1f, rowLogHi - z);
      float lo2 = lo + (0f + rowLogLo);
      float s3 = fma(s2, 1f, lo2);
      float lo3 = lo2 - (s3 - s2);
      float p = s3 * settingsPenalty;
      strip0[i] = s3;
      strip1[i] = lo3;
      strip2[i] = p;
      strip3[i] = fma(s3, settingsPenalty, -p);
    }
  }

  private static void penaltyOf2(float[] strip2, float[] strip1, float settingsPenalty,
          float[] strip3, float[] strip0, float[] penaltyHis, float[] penaltyLos, int n) {
    for (int i = 0; i < n; i++) {
      float p = strip2[i];
      float lo = strip1[i];
      float v = strip3[i];
      float s2 = strip0[i];
      float lo2 = fma(lo, settingsPenalty, v);
      float s3 = p + lo2;
      float lo3 = lo2 - (s3 - p);
      float p2 = s3 * s2;
      float e = fma(s3, s2, -p2);
      float lo4 = fma(e, 1f, fma(s3, lo, lo3 * s2));
      float s4 = p2 + lo4;
      float lo5 = lo4 - (s4 - p2);
      penaltyHis[i] = s4;
      penaltyLos[i] = lo5;
    }
  }

  private static void definedSlope1(float settingsKeepHi, float[] targetWs, float settingsKeepLo,
          float[] strip0, float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float targetW = targetWs[i];
      float p = settingsKeepHi * targetW;
      float lo = fma(settingsKeepLo, targetW, fma(settingsKeepHi, targetW, -p));
      float s2 = p + lo;
      float lo2 = lo - (s2 - p);
      float v = min((abs(settingsKeepHi) * 0x1.0p100f) * 0x1.0p100f, 1f);
      float hi = s2 * v;
      float lo3 = lo2 * v;
      strip0[i] = hi;
      strip1[i] = lo3;
    }
  }

  private static void definedSlope2(float settingsAllHi, float settingsSpreadHi,
          float settingsSpreadLo, float settingsAllLo, float[] strip2, float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float p = settingsAllHi * settingsSpreadHi;
      float e = fma(settingsAllHi, settingsSpreadHi, -p);
      float v = fma(settingsAllHi, settingsSpreadLo, settingsAllLo * settingsSpreadHi);
      float lo = fma(e, 1f, v);
      float s2 = p + lo;
      float lo2 = lo - (s2 - p);
      strip2[i] = s2;
      strip3[i] = lo2;
    }
  }

  private static void definedSlope3(float[] strip0, float[] strip2, float[] strip1, float[] strip3,
          int n) {
    for (int i = 0; i < n; i++) {
      float hi = strip0[i];
      float s2 = strip2[i];
      float lo = strip1[i];
      float lo2 = strip3[i];
      float s3 = hi + s2;
      float z = s3 - hi;
      float lo3 = fma(hi - (s3 - z), 1f, s2 - z);
      float lo4 = lo3 + (lo + lo2);
      float s4 = fma(s3, 1f, lo4);
      float lo5 = lo4 - (s4 - s3);
      strip2[i] = s4;
      strip3[i] = lo5;
    }
  }

  private static void definedSlope4(float[] strip2, float[] targetScaleHis, float[] targetScaleLos,
          float[] strip3, float[] strip4, float[] strip5, float[] strip6, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip2[i];
      float targetScaleHi = targetScaleHis[i];
      float targetScaleLo = targetScaleLos[i];
      float lo = strip3[i];
      float p = s2 * targetScaleHi;
      float e = fma(s2, targetScaleHi, -p);
      float lo2 = fma(e, 1f, fma(s2, targetScaleLo, lo * targetScaleHi));
      float s3 = p + lo2;
      float lo3 = lo2 - (s3 - p);
      strip2[i] = p;
      strip4[i] = e;
      strip5[i] = s3;
      strip6[i] = lo3;
    }
  }

  private static void definedSlope5(float[] rowMaxs, float[] rowLogHis, float[] rowLogLos,
          float[] strip7, float[] strip8, int n) {
    for (int i = 0; i < n; i++) {
      float rowMax = rowMaxs[i];
      float rowLogHi = rowLogHis[i];
      float rowLogLo = rowLogLos[i];
      float s2 = rowMax + rowLogHi;
      float z = s2 - rowMax;
      float lo = fma(rowMax - (s2 - z), 1f, rowLogHi - z);
      float lo2 = lo + (0f + rowLogLo);
      float s3 = fma(s2, 1f, lo2);
      float lo3 = lo2 - (s3 - s2);
      strip7[i] = s3;
      strip8[i] = lo3;
    }
  }

  private static void definedSlope6(float[] strip7, float[] targetPenaltyScaleHis,
          float[] targetPenaltyScaleLos, float[] strip8, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip7[i];
      float targetPenaltyScaleHi = targetPenaltyScaleHis[i];
      float targetPenaltyScaleLo = targetPenaltyScaleLos[i];
      float lo = strip8[i];
      float p = s2 * targetPenaltyScaleHi;
      float e = fma(s2, targetPenaltyScaleHi, -p);
      float lo2 = fma(e, 1f, fma(s2, targetPenaltyScaleLo, lo * targetPenaltyScaleHi));
      float s3 = p + lo2;
      float lo3 = lo2 - (s3 - p);
      float hi = fma(s3, 1f, s3);
      float lo4 = fma(lo3, 1f, lo3);
      strip7[i] = hi;
      strip8[i] = lo4;
    }
  }

  private static void definedSlope7(float[] strip5, float[] strip7, float[] strip6, float[] strip8,
          float[] rowOthersHis, float[] strip3, float[] targetScaleHis, float[] strip4, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip5[i];
      float hi = strip7[i];
      float lo = strip6[i];
      float lo2 = strip8[i];
      float rowOthersHi = rowOthersHis[i];
      float lo3 = strip3[i];
      float targetScaleHi = targetScaleHis[i];
      float e = strip4[i];
      float s3 = s2 + hi;
      float z = s3 - s2;
      float lo4 = fma(s2 - (s3 - z), 1f, hi - z);
      float lo5 = lo4 + (lo + lo2);
      float s4 = fma(s3, 1f, lo5);
      float lo6 = lo5 - (s4 - s3);
      float lo7 = fma(lo3, targetScaleHi, e);
      strip3[i] = s4;
      strip4[i] = lo6;
      strip5[i] = rowOthersHi + rowOthersHi;
      strip6[i] = lo7;
    }
  }

  private static void definedSlope8(float[] strip2, float[] strip6, float[] strip7, float[] strip8,
          int n) {
    for (int i = 0; i < n; i++) {
      float p = strip2[i];
      float lo = strip6[i];
      float hi = strip7[i];
      float lo2 = strip8[i];
      float s2 = p + lo;
      float lo3 = lo - (s2 - p);
      float s3 = s2 + hi;
      float z = s3 - s2;
      float lo4 = fma(s2 - (s3 - z), 1f, hi - z);
      float lo5 = lo4 + (lo3 + lo2);
      float s4 = fma(s3, 1f, lo5);
      float lo6 = lo5 - (s4 - s3);
      strip2[i] = s4;
      strip6[i] = lo6;
    }
  }

  private static void definedSlope9(float[] targetScaleHis, float settingsSpreadHi, float[] targetWs,
          float settingsSpreadLo, float[] slopeSpreads, float[] strip7, float[] strip8, int n) {
    for (int i = 0; i < n; i++) {
      float targetScaleHi = targetScaleHis[i];
      float targetW = targetWs[i];
      float spread = targetScaleHi * settingsSpreadHi;
      float p = settingsSpreadHi * targetW;
      float lo = fma(settingsSpreadLo, targetW, fma(settingsSpreadHi, targetW, -p));
      float s2 = p + lo;
      float lo2 = lo - (s2 - p);
      slopeSpreads[i] = spread;
      strip7[i] = s2;
      strip8[i] = lo2;
    }
  }

  private static void definedSlope10(float[] strip0, float[] strip7, float[] strip1, float[] strip8,
          float[] targetScaleHis, int n) {
    for (int i = 0; i < n; i++) {
      float hi = strip0[i];
      float s2 = strip7[i];
      float lo = strip1[i];
      float lo2 = strip8[i];
      float targetScaleHi = targetScaleHis[i];
      float s3 = hi + s2;
      float z = s3 - hi;
      float lo3 = fma(hi - (s3 - z), 1f, s2 - z);
      float lo4 = lo3 + (lo + lo2);
      float s4 = fma(s3, 1f, lo4);
      float lo5 = lo4 - (s4 - s3);
      float share = targetScaleHi * s4;
      strip0[i] = s4;
      strip1[i] = lo5;
      strip7[i] = share;
    }
  }

  private static void definedSlope11(float[] rowTotalHis, float[] strip5, float[] targetXs,
          float[] rowMaxs, float[] strip8, int n) {
    for (int i = 0; i < n; i++) {
      float rowTotalHi = rowTotalHis[i];
      float v = strip5[i];
      float targetX = targetXs[i];
      float rowMax = rowMaxs[i];
      float v2 = 1f - min((abs(targetX - rowMax) * 0x1.0p100f) * 0x1.0p100f, 1f);
      float v3 = min(max((rowTotalHi - v) * 0x1.0p100f, 0f) * 0x1.0p100f, 1f) * v2;
      strip5[i] = v3;
      strip8[i] = 1f - v3;
    }
  }

  private static void definedSlope12(float[] rowTotalHis, float[] strip9, float[] strip10, int n) {
    for (int i = 0; i < n; i++) {
      float rowTotalHi = rowTotalHis[i];
      int v = floatToRawIntBits(rowTotalHi);
      float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
      strip9[i] = m;
      strip10[i] = intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    }
  }

  private static void definedSlope13(float[] strip3, float[] strip9, float[] strip10,
          float[] rowTotalHis, float[] rowTotalLos, float[] strip4, float[] slopeFactors, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip3[i];
      float m = strip9[i];
      float v = strip10[i];
      float rowTotalHi = rowTotalHis[i];
      float rowTotalLo = rowTotalLos[i];
      float lo = strip4[i];
      float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, m, 0x1.0f83e2p1f);
      float v2 = -m;
      float r3 = fma(r2, fma(v2, r2, 1f), r2);
      float r4 = fma(r3, fma(v2, r3, 1f), r3) * v;
      float q = s2 * r4;
      float v3 = -q;
      float corrected = fma(fma(fma(v3, rowTotalHi, s2), 1f, fma(v3, rowTotalLo, lo)), r4, q);
      slopeFactors[i] = corrected;
    }
  }

  private static void definedSlope14(float[] rowOthersLos, float[] slopeFactors,
          float[] rowOthersHis, float[] strip2, float[] strip3, float[] strip4, int n) {
    for (int i = 0; i < n; i++) {
      float rowOthersLo = rowOthersLos[i];
      float corrected = slopeFactors[i];
      float rowOthersHi = rowOthersHis[i];
      float s2 = strip2[i];
      float b2 = -corrected;
      float p = rowOthersHi * b2;
      float lo = fma(rowOthersLo, b2, fma(rowOthersHi, b2, -p));
      float s3 = p + lo;
      float lo2 = lo - (s3 - p);
      float s4 = s2 + s3;
      float z = s4 - s2;
      float lo3 = fma(s2 - (s4 - z), 1f, s3 - z);
      strip2[i] = lo2;
      strip3[i] = s4;
      strip4[i] = lo3;
    }
  }

  private static void definedSlope15(float[] strip3, float[] strip4, float[] strip6, float[] strip2,
          float[] targetScaleHis, float[] strip0, float[] strip1, float[] strip5, float[] terms,
          float[] slopeFactors, float[] strip7, float[] strip8, float[] slopeLikelyHis,
          float[] slopeLikelyLos, float[] slopeAtYs, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip3[i];
      float lo = strip4[i];
      float lo2 = strip6[i];
      float lo3 = strip2[i];
      float targetScaleHi = targetScaleHis[i];
      float s3 = strip0[i];
      float lo4 = strip1[i];
      float v = strip5[i];
      float term = terms[i];
      float corrected = slopeFactors[i];
      float share = strip7[i];
      float v2 = strip8[i];
      float v3 = -targetScaleHi;
      float lo5 = fma(lo, 1f, fma(lo2, 1f, lo3));
      float s4 = s2 + lo5;
      float lo6 = lo5 - (s4 - s2);
      float atY = fma(term, corrected, -share);
      float v4 = fma(fma(fma(v3, s3, s4), 1f, fma(v3, lo4, lo6)), v, atY * v2);
      slopeLikelyHis[i] = s4;
      slopeLikelyLos[i] = lo6;
      slopeAtYs[i] = v4;
    }
  }

  private static void definedSlope16(float[] targetScaleHis, float[] slopeScales, int n) {
    for (int i = 0; i < n; i++) {
      float targetScaleHi = targetScaleHis[i];
      slopeScales[i] = targetScaleHi;
    }
  }
}
