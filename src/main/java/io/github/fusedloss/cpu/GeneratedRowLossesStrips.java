// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/cross_entropy.cl. */
final class GeneratedRowLossesStrips {
  private GeneratedRowLossesStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    definedLoss1(b, lanes, start, n);
    definedLoss2(b, lanes, start, n);
    definedLoss3(b, lanes, start, n);
    if (b.gradient) {
      definedSlope1(b, lanes, start, n);
      definedSlope2(b, lanes, start, n);
      definedSlope3(b, lanes, start, n);
      definedSlope4(b, lanes, start, n);
      definedSlope5(b, lanes, start, n);
    }
  }

  private static void definedLoss1(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowMaxs = b.max;
    float[] targetXs = b.targetX;
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
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

  private static void definedLoss2(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] rowLogHis = b.logHi;
    float[] strip1 = s.slots[1];
    float[] rowLogLos = b.logLo;
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

  private static void definedLoss3(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] targetWs = b.weight;
    float[] strip1 = s.slots[1];
    float[] lossHis = b.lossHi;
    float[] lossLos = b.lossLo;
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

  private static void definedSlope1(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] targetWs = b.weight;
    float[] targetScaleHis = b.scale;
    float[] targetScaleLos = b.scaleLo;
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
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

  private static void definedSlope2(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] targetXs = b.targetX;
    float[] rowMaxs = b.max;
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i++) {
      float targetX = targetXs[i];
      float rowMax = rowMaxs[i];
      float v = min((abs(targetX - rowMax) * 0x1.0p100f) * 0x1.0p100f, 1f);
      strip2[i] = v;
      strip3[i] = 1f - v;
    }
  }

  private static void definedSlope3(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowTotalHis = b.totalHi;
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i++) {
      float rowTotalHi = rowTotalHis[i];
      int v = floatToRawIntBits(rowTotalHi);
      float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
      strip4[i] = m;
      strip5[i] = intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    }
  }

  private static void definedSlope4(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
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

  private static void definedSlope5(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip4 = s.slots[4];
    float[] rowTotalHis = b.totalHi;
    float[] rowTotalLos = b.totalLo;
    float[] strip1 = s.slots[1];
    float[] terms = b.targetE;
    float[] strip2 = s.slots[2];
    float[] rowOthersHis = b.othersHi;
    float[] strip3 = s.slots[3];
    float[] slopeFactors = b.coefficient;
    float[] slopeAtYs = b.atTarget;
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
