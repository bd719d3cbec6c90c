// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/cross_entropy.cl. */
final class GeneratedProbabilityWithZLossesStrips {
  private GeneratedProbabilityWithZLossesStrips() {}

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
    definedLoss1(b.shares.distanceHi, b.shares.distanceLo, b.logHi, b.shares.massHi, b.shares.massLo,
          b.logLo, strip0, strip1, strip2, strip3, n);
    definedLoss2(strip0, strip2, strip1, strip3, b.lossHi, b.lossLo, n);
    penaltyOf1(b.max, b.logHi, b.logLo, b.settings.penalty, strip0, strip1, strip2, strip3, n);
    penaltyOf2(strip2, strip1, b.settings.penalty, strip3, strip0, b.penalty.hi, b.penalty.lo, n);
    if (b.gradient) {
      definedSlope1(b.shares.massHi, b.scale, b.scaleLo, b.shares.massLo, strip0, strip1, strip2,
          strip3, n);
      definedSlope2(b.max, b.logHi, b.logLo, strip4, strip5, n);
      definedSlope3(strip4, b.penalty.scale, b.penalty.scaleLo, strip5, n);
      definedSlope4(strip2, strip4, strip3, strip5, b.othersHi, b.shares.massLo, b.scale, strip1,
          strip6, n);
      definedSlope5(strip0, strip6, strip4, strip5, n);
      definedSlope6(b.max, b.shift, b.magic, strip5, strip6, n);
      definedSlope7(b.totalHi, strip3, strip7, n);
      definedSlope8(b.totalHi, strip5, strip8, strip9, n);
      definedSlope9(strip1, strip5, strip8, b.totalHi, b.totalLo, strip2, b.coefficient, n);
      definedSlope10(b.othersHi, b.coefficient, b.othersLo, strip1, strip2, n);
      definedSlope11(strip0, strip1, strip4, strip2, strip6, strip9, strip3, strip7,
          b.shares.likelyHi, b.shares.likelyLo, b.shares.top, n);
      definedSlope12(b.scale, b.shares.scale, n);
    }
  }

  private static void definedLoss1(float[] rowDistanceHis, float[] rowDistanceLos, float[] rowLogHis,
          float[] rowMassHis, float[] rowMassLos, float[] rowLogLos, float[] strip0, float[] strip1,
          float[] strip2, float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float rowDistanceHi = rowDistanceHis[i];
      float rowDistanceLo = rowDistanceLos[i];
      float rowLogHi = rowLogHis[i];
      float rowMassHi = rowMassHis[i];
      float rowMassLo = rowMassLos[i];
      float rowLogLo = rowLogLos[i];
      float hi = rowDistanceHi * 0x1.0p24f;
      float lo = rowDistanceLo * 0x1.0p24f;
      float p = rowLogHi * rowMassHi;
      float e = fma(rowLogHi, rowMassHi, -p);
      float lo2 = fma(e, 1f, fma(rowLogHi, rowMassLo, rowLogLo * rowMassHi));
      float s2 = p + lo2;
      float lo3 = lo2 - (s2 - p);
      strip0[i] = hi;
      strip1[i] = lo;
      strip2[i] = s2;
      strip3[i] = lo3;
    }
  }

  private static void definedLoss2(float[] strip0, float[] strip2, float[] strip1, float[] strip3,
          float[] lossHis, float[] lossLos, int n) {
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
      lossHis[i] = s4;
      lossLos[i] = lo5;
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

  private static void definedSlope1(float[] rowMassHis, float[] targetScaleHis,
          float[] targetScaleLos, float[] rowMassLos, float[] strip0, float[] strip1, float[] strip2,
          float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float rowMassHi = rowMassHis[i];
      float targetScaleHi = targetScaleHis[i];
      float targetScaleLo = targetScaleLos[i];
      float rowMassLo = rowMassLos[i];
      float p = rowMassHi * targetScaleHi;
      float e = fma(rowMassHi, targetScaleHi, -p);
      float lo = fma(e, 1f, fma(rowMassHi, targetScaleLo, rowMassLo * targetScaleHi));
      float s2 = p + lo;
      float lo2 = lo - (s2 - p);
      strip0[i] = p;
      strip1[i] = e;
      strip2[i] = s2;
      strip3[i] = lo2;
    }
  }

  private static void definedSlope2(float[] rowMaxs, float[] rowLogHis, float[] rowLogLos,
          float[] strip4, float[] strip5, int n) {
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
      strip4[i] = s3;
      strip5[i] = lo3;
    }
  }

  private static void definedSlope3(float[] strip4, float[] targetPenaltyScaleHis,
          float[] targetPenaltyScaleLos, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip4[i];
      float targetPenaltyScaleHi = targetPenaltyScaleHis[i];
      float targetPenaltyScaleLo = targetPenaltyScaleLos[i];
      float lo = strip5[i];
      float p = s2 * targetPenaltyScaleHi;
      float e = fma(s2, targetPenaltyScaleHi, -p);
      float lo2 = fma(e, 1f, fma(s2, targetPenaltyScaleLo, lo * targetPenaltyScaleHi));
      float s3 = p + lo2;
      float lo3 = lo2 - (s3 - p);
      float hi = fma(s3, 1f, s3);
      float lo4 = fma(lo3, 1f, lo3);
      strip4[i] = hi;
      strip5[i] = lo4;
    }
  }

  private static void definedSlope4(float[] strip2, float[] strip4, float[] strip3, float[] strip5,
          float[] rowOthersHis, float[] rowMassLos, float[] targetScaleHis, float[] strip1,
          float[] strip6, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip2[i];
      float hi = strip4[i];
      float lo = strip3[i];
      float lo2 = strip5[i];
      float rowOthersHi = rowOthersHis[i];
      float rowMassLo = rowMassLos[i];
      float targetScaleHi = targetScaleHis[i];
      float e = strip1[i];
      float s3 = s2 + hi;
      float z = s3 - s2;
      float lo3 = fma(s2 - (s3 - z), 1f, hi - z);
      float lo4 = lo3 + (lo + lo2);
      float s4 = fma(s3, 1f, lo4);
      float lo5 = lo4 - (s4 - s3);
      float lo6 = fma(rowMassLo, targetScaleHi, e);
      strip1[i] = s4;
      strip2[i] = lo5;
      strip3[i] = rowOthersHi + rowOthersHi;
      strip6[i] = lo6;
    }
  }

  private static void definedSlope5(float[] strip0, float[] strip6, float[] strip4, float[] strip5,
          int n) {
    for (int i = 0; i < n; i++) {
      float p = strip0[i];
      float lo = strip6[i];
      float hi = strip4[i];
      float lo2 = strip5[i];
      float s2 = p + lo;
      float lo3 = lo - (s2 - p);
      float s3 = s2 + hi;
      float z = s3 - s2;
      float lo4 = fma(s2 - (s3 - z), 1f, hi - z);
      float lo5 = lo4 + (lo3 + lo2);
      float s4 = fma(s3, 1f, lo5);
      float lo6 = lo5 - (s4 - s3);
      strip0[i] = s4;
      strip4[i] = lo6;
    }
  }

  private static void definedSlope6(float[] rowMaxs, float[] rowShifts, float[] rowMagics,
          float[] strip5, float[] strip6, int n) {
    for (int i = 0; i < n; i++) {
      float rowMax = rowMaxs[i];
      float rowShift = rowShifts[i];
      float rowMagic = rowMagics[i];
      float x = rowMax - rowShift;
      float kf = fma(x, 0x1.715476p0f, rowMagic);
      float k = kf - rowMagic;
      float r = fma(k, 0x1.05c61p-29f, fma(k, -0x1.62e43p-1f, x));
      float q = fma(0x1.6a1152p-10f, r, 0x1.124ad4p-7f);
      float q2 = fma(q, r, 0x1.55583cp-5f);
      float q3 = fma(q2, r, 0x1.55547ep-3f);
      strip5[i] = kf;
      strip6[i] = fma(r, fma(r, fma(q3, r, 0.5f), 1f), 1f);
    }
  }

  private static void definedSlope7(float[] rowTotalHis, float[] strip3, float[] strip7, int n) {
    for (int i = 0; i < n; i++) {
      float rowTotalHi = rowTotalHis[i];
      float v = strip3[i];
      float v2 = min(max((rowTotalHi - v) * 0x1.0p100f, 0f) * 0x1.0p100f, 1f);
      strip3[i] = v2;
      strip7[i] = -1f * (1f - v2);
    }
  }

  private static void definedSlope8(float[] rowTotalHis, float[] strip5, float[] strip8,
          float[] strip9, int n) {
    for (int i = 0; i < n; i++) {
      float rowTotalHi = rowTotalHis[i];
      float kf = strip5[i];
      int v = floatToRawIntBits(rowTotalHi);
      float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
      float scale = intBitsToFloat(floatToRawIntBits(kf) << 23);
      strip5[i] = m;
      strip8[i] = intBitsToFloat(0x7f000000 - (v & 0x7f800000));
      strip9[i] = scale;
    }
  }

  private static void definedSlope9(float[] strip1, float[] strip5, float[] strip8,
          float[] rowTotalHis, float[] rowTotalLos, float[] strip2, float[] slopeFactors, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip1[i];
      float m = strip5[i];
      float v = strip8[i];
      float rowTotalHi = rowTotalHis[i];
      float rowTotalLo = rowTotalLos[i];
      float lo = strip2[i];
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

  private static void definedSlope10(float[] rowOthersHis, float[] slopeFactors,
          float[] rowOthersLos, float[] strip1, float[] strip2, int n) {
    for (int i = 0; i < n; i++) {
      float rowOthersHi = rowOthersHis[i];
      float corrected = slopeFactors[i];
      float rowOthersLo = rowOthersLos[i];
      float b2 = -corrected;
      float p = rowOthersHi * b2;
      float lo = fma(rowOthersLo, b2, fma(rowOthersHi, b2, -p));
      float s2 = p + lo;
      float lo2 = lo - (s2 - p);
      strip1[i] = s2;
      strip2[i] = lo2;
    }
  }

  private static void definedSlope11(float[] strip0, float[] strip1, float[] strip4, float[] strip2,
          float[] strip6, float[] strip9, float[] strip3, float[] strip7, float[] slopeLikelyHis,
          float[] slopeLikelyLos, float[] slopeTops, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip0[i];
      float s3 = strip1[i];
      float lo = strip4[i];
      float lo2 = strip2[i];
      float v = strip6[i];
      float scale = strip9[i];
      float v2 = strip3[i];
      float v3 = strip7[i];
      float s4 = s2 + s3;
      float z = s4 - s2;
      float lo3 = fma(s2 - (s4 - z), 1f, s3 - z);
      float lo4 = fma(lo3, 1f, fma(lo, 1f, lo2));
      float s5 = s4 + lo4;
      float lo5 = lo4 - (s5 - s4);
      float top = fma(v * scale, v2, v3);
      slopeLikelyHis[i] = s5;
      slopeLikelyLos[i] = lo5;
      slopeTops[i] = top;
    }
  }

  private static void definedSlope12(float[] targetScaleHis, float[] slopeScales, int n) {
    for (int i = 0; i < n; i++) {
      float targetScaleHi = targetScaleHis[i];
      slopeScales[i] = targetScaleHi;
    }
  }
}
