// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/cross_entropy.cl. */
final class GeneratedClassLossesStrips {
  private GeneratedClassLossesStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    definedLoss1(b.max, b.targetX, strip0, strip1, n);
    definedLoss2(strip0, b.logHi, strip1, b.logLo, n);
    definedLoss3(strip0, b.weight, strip1, b.lossHi, b.lossLo, n);
    if (b.gradient) {
      definedSlope1(b.weight, b.scale, b.scaleLo, strip0, strip1, n);
      definedSlope2(b.targetX, b.max, strip2, strip3, n);
      definedSlope3(b.totalHi, strip4, strip5, n);
      definedSlope4(strip4, strip5, n);
      definedSlope5(strip0, strip4, b.totalHi, b.totalLo, strip1, b.targetE, strip2, b.othersHi,
          strip3, b.coefficient, b.atTarget, n);
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

  private static void definedSlope2(float[] targetXs, float[] rowMaxs, float[] strip2,
          float[] strip3, int n) {
    for (int i = 0; i < n; i++) {
      float targetX = targetXs[i];
      float rowMax = rowMaxs[i];
      float v = min((abs(targetX - rowMax) * 0x1.0p100f) * 0x1.0p100f, 1f);
      strip2[i] = v;
      strip3[i] = 1f - v;
    }
  }

  private static void definedSlope3(float[] rowTotalHis, float[] strip4, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float rowTotalHi = rowTotalHis[i];
      int v = floatToRawIntBits(rowTotalHi);
      float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
      strip4[i] = m;
      strip5[i] = intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    }
  }

  private static void definedSlope4(float[] strip4, float[] strip5, int n) {
    for (int i = 0; i < n; i++) {
      float m = strip4[i];
      float v = strip5[i];
      float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, m, 0x1.0f83e2p1f);
      float v2 = -m;
      float r3 = fma(r2, fma(v2, r2, 1f), r2);
      float r4 = fma(r3, fma(v2, r3, 1f), r3) * v;
      strip4[i] = r4;
    }
  }

  private static void definedSlope5(float[] strip0, float[] strip4, float[] rowTotalHis,
          float[] rowTotalLos, float[] strip1, float[] terms, float[] strip2, float[] rowOthersHis,
          float[] strip3, float[] slopeFactors, float[] slopeAtYs, int n) {
    for (int i = 0; i < n; i++) {
      float s2 = strip0[i];
      float r = strip4[i];
      float rowTotalHi = rowTotalHis[i];
      float rowTotalLo = rowTotalLos[i];
      float lo = strip1[i];
      float term = terms[i];
      float v = strip2[i];
      float rowOthersHi = rowOthersHis[i];
      float v2 = strip3[i];
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
