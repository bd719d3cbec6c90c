// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/cross_entropy.cl. */
final class GeneratedClassWithZLossesStrips {
  private GeneratedClassWithZLossesStrips() {}

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
    definedLoss1(b.max, b.targetX, strip0, strip1, n);
    definedLoss2(strip0, b.logHi, strip1, b.logLo, n);
    definedLoss3(strip0, b.weight, strip1, b.lossHi, b.lossLo, n);
    penaltyOf1(b.max, b.logHi, b.logLo, b.settings.penalty, strip0, strip1, strip2, strip3, n);
    penaltyOf2(strip2, strip1, b.settings.penalty, strip3, strip0, b.penalty.hi, b.penalty.lo, n);
    if (b.gradient) {
      definedSlope1(b.weight, b.scale, b.scaleLo, strip0, strip1, n);
      definedSlope2(b.max, b.logHi, b.logLo, strip2, strip3, n);
      definedSlope3(strip2, b.penalty.scale, b.penalty.scaleLo, strip3, n);
      definedSlope4(strip0, strip2, strip1, strip3, strip4, strip5, n);
      definedSlope5(b.totalHi, b.othersHi, b.targetX, b.max, strip6, strip7, n);
      definedSlope6(b.totalHi, strip8, strip9, n);
      definedSlope7(strip4, strip8, strip9, b.totalHi, b.totalLo, strip5, b.coefficient, n);
      definedSlope8(b.targetE, b.coefficient, strip1, strip0, b.othersHi, b.othersLo, strip4, n);
      definedSlope9(strip2, strip1, strip3, strip4, strip6, strip0, strip7, b.atTarget, n);
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

  private static void definedLoss3(float[] strip0, float[] targetWs, float[] strip1, float[] lossHis,
          float[] lossLos, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip0[i];
      float targetW = targetWs[i];
      float lo = strip1[i];
      float p = s2 * targetW;
      float lo2 = fma(lo, targetW, fma(s2, targetW, -p));
      float s3 = p + lo2;
      float lo3 = lo2 - (s3 - p);
      float v = min((abs(targetW) * 0x1.0p100f) * 0x1.0p100f, 1f);
      float hi = s3 * v;
      float lo4 = lo3 * v;
      lossHis[i] = hi;
      lossLos[i] = lo4;
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

  private static void definedSlope1(float[] targetWs, float[] targetScaleHis, float[] targetScaleLos,
          float[] strip0, float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float targetW = targetWs[i];
      float targetScaleHi = targetScaleHis[i];
      float targetScaleLo = targetScaleLos[i];
      float p = targetW * targetScaleHi;
      float e = fma(targetW, targetScaleHi, -p);
      float lo = fma(e, 1f, fma(targetW, targetScaleLo, 0f * targetScaleHi));
      float s2 = p + lo;
      float lo2 = lo - (s2 - p);
      strip0[i] = s2;
      strip1[i] = lo2;
    }
  }

  private static void definedSlope2(float[] rowMaxs, float[] rowLogHis, float[] rowLogLos,
          float[] strip2, float[] strip3, int n) {
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
      strip2[i] = s3;
      strip3[i] = lo3;
    }
  }

  private static void definedSlope3(float[] strip2, float[] targetPenaltyScaleHis,
          float[] targetPenaltyScaleLos, float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip2[i];
      float targetPenaltyScaleHi = targetPenaltyScaleHis[i];
      float targetPenaltyScaleLo = targetPenaltyScaleLos[i];
      float lo = strip3[i];
      float p = s2 * targetPenaltyScaleHi;
      float e = fma(s2, targetPenaltyScaleHi, -p);
      float lo2 = fma(e, 1f, fma(s2, targetPenaltyScaleLo, lo * targetPenaltyScaleHi));
      float s3 = p + lo2;
      float lo3 = lo2 - (s3 - p);
      float hi = fma(s3, 1f, s3);
      float lo4 = fma(lo3, 1f, lo3);
      strip2[i] = hi;
      strip3[i] = lo4;
    }
  }

  private static void definedSlope4(float[] strip0, float[] strip2, float[] strip1, float[] strip3,
          float[] strip4, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip0[i];
      float hi = strip2[i];
      float lo = strip1[i];
      float lo2 = strip3[i];
      float s3 = s2 + hi;
      float z = s3 - s2;
      float lo3 = fma(s2 - (s3 - z), 1f, hi - z);
      float lo4 = lo3 + (lo + lo2);
      float s4 = fma(s3, 1f, lo4);
      float lo5 = lo4 - (s4 - s3);
      strip4[i] = s4;
      strip5[i] = lo5;
    }
  }

  private static void definedSlope5(float[] rowTotalHis, float[] rowOthersHis, float[] targetXs,
          float[] rowMaxs, float[] strip6, float[] strip7, int n) {
    for (int i = 0; i < n; i++) {
      float rowTotalHi = rowTotalHis[i];
      float rowOthersHi = rowOthersHis[i];
      float targetX = targetXs[i];
      float rowMax = rowMaxs[i];
      float v = max((rowTotalHi - (rowOthersHi + rowOthersHi)) * 0x1.0p100f, 0f);
      float v2 = 1f - min((abs(targetX - rowMax) * 0x1.0p100f) * 0x1.0p100f, 1f);
      float v3 = min(v * 0x1.0p100f, 1f) * v2;
      strip6[i] = v3;
      strip7[i] = 1f - v3;
    }
  }

  private static void definedSlope6(float[] rowTotalHis, float[] strip8, float[] strip9, int n) {
    for (int i = 0; i < n; i++) {
      float rowTotalHi = rowTotalHis[i];
      int v = floatToRawIntBits(rowTotalHi);
      float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
      strip8[i] = m;
      strip9[i] = intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    }
  }

  private static void definedSlope7(float[] strip4, float[] strip8, float[] strip9,
          float[] rowTotalHis, float[] rowTotalLos, float[] strip5, float[] slopeFactors, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip4[i];
      float m = strip8[i];
      float v = strip9[i];
      float rowTotalHi = rowTotalHis[i];
      float rowTotalLo = rowTotalLos[i];
      float lo = strip5[i];
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

  private static void definedSlope8(float[] terms, float[] slopeFactors, float[] strip1,
          float[] strip0, float[] rowOthersHis, float[] rowOthersLos, float[] strip4, int n) {
    for (int i = 0; i < n; i++) {
      float term = terms[i];
      float corrected = slopeFactors[i];
      float lo = strip1[i];
      float s2 = strip0[i];
      float rowOthersHi = rowOthersHis[i];
      float rowOthersLo = rowOthersLos[i];
      float atY = fma(term, corrected, -lo) - s2;
      float b2 = -corrected;
      float p = rowOthersHi * b2;
      float lo2 = fma(rowOthersLo, b2, fma(rowOthersHi, b2, -p));
      float s3 = p + lo2;
      float lo3 = lo2 - (s3 - p);
      strip0[i] = atY;
      strip1[i] = s3;
      strip4[i] = lo3;
    }
  }

  private static void definedSlope9(float[] strip2, float[] strip1, float[] strip3, float[] strip4,
          float[] strip6, float[] strip0, float[] strip7, float[] slopeAtYs, int n) {
    for (int i = 0; i < n; i++) {
      float hi = strip2[i];
      float s2 = strip1[i];
      float lo = strip3[i];
      float lo2 = strip4[i];
      float v = strip6[i];
      float atY = strip0[i];
      float v2 = strip7[i];
      float s3 = hi + s2;
      float z = s3 - hi;
      float lo3 = fma(hi - (s3 - z), 1f, s2 - z);
      float lo4 = lo3 + (lo + lo2);
      float s4 = fma(s3, 1f, lo4);
      float v3 = fma(s4, v, fma(atY, v2, -0f));
      slopeAtYs[i] = v3;
    }
  }
}
