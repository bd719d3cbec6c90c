// Generated from kernels/row_outputs.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/row_outputs.cl. */
final class GeneratedOutputsStrips {
  private GeneratedOutputsStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    logSumExp(b.max, b.logHi, b.logLo, b.lse, strip0, n);
    logProbabilityOf1(b.max, b.targetX, strip0, strip1, n);
    logProbabilityOf2(strip0, b.logHi, strip1, b.logLo, b.logProbability, n);
    if (b.wantsEntropy) {
      entropyOf1(b.logLo, strip0, n);
      entropyOf2(b.totalHi, strip1, strip2, n);
      entropyOf3(b.momentHi, strip1, strip2, b.totalHi, b.totalLo, b.momentLo, n);
      entropyOf4(b.logHi, strip1, strip0, b.entropy, n);
    }
  }

  private static void logSumExp(float[] rowMaxs, float[] rowLogHis, float[] rowLogLos,
          float[] lseHis, float[] strip0, int n) {
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
      lseHis[i] = s3;
      strip0[i] = lo3;
    }
  }

  private static void logProbabilityOf1(float[] rowMaxs, float[] targetXs, float[] strip0,
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

  private static void logProbabilityOf2(float[] strip0, float[] rowLogHis, float[] strip1,
          float[] rowLogLos, float[] logProbabilitys, int n) {
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
      logProbabilitys[i] = 0f - s4;
    }
  }

  private static void entropyOf1(float[] rowLogLos, float[] strip0, int n) {
    for (int i = 0; i < n; i++) {
      float rowLogLo = rowLogLos[i];
      strip0[i] = rowLogLo + 0f;
    }
  }

  private static void entropyOf2(float[] rowTotalHis, float[] strip1, float[] strip2, int n) {
    for (int i = 0; i < n; i++) {
      float rowTotalHi = rowTotalHis[i];
      int v = floatToRawIntBits(rowTotalHi);
      float m = intBitsToFloat((v & 0x7fffff) | 0x3f800000);
      strip1[i] = m;
      strip2[i] = intBitsToFloat(0x7f000000 - (v & 0x7f800000));
    }
  }

  private static void entropyOf3(float[] rowMomentHis, float[] strip1, float[] strip2,
          float[] rowTotalHis, float[] rowTotalLos, float[] rowMomentLos, int n) {
    for (int i = 0; i < n; i++) {
      float rowMomentHi = rowMomentHis[i];
      float m = strip1[i];
      float v = strip2[i];
      float rowTotalHi = rowTotalHis[i];
      float rowTotalLo = rowTotalLos[i];
      float rowMomentLo = rowMomentLos[i];
      float r = fma(m, 0x1.4afd6ap-2f, -0x1.745d18p0f);
      float r2 = fma(r, m, 0x1.0f83e2p1f);
      float v2 = -m;
      float r3 = fma(r2, fma(v2, r2, 1f), r2);
      float r4 = fma(r3, fma(v2, r3, 1f), r3) * v;
      float q = rowMomentHi * r4;
      float v3 = -q;
      float v4 = fma(fma(v3, rowTotalHi, rowMomentHi), 1f, fma(v3, rowTotalLo, rowMomentLo));
      float corrected = fma(v4, r4, q);
      strip1[i] = corrected;
    }
  }

  private static void entropyOf4(float[] rowLogHis, float[] strip1, float[] strip0, float[] entropys,
          int n) {
    for (int i = 0; i < n; i++) {
      float rowLogHi = rowLogHis[i];
      float corrected = strip1[i];
      float v = strip0[i];
      float s2 = rowLogHi + corrected;
      float z = s2 - rowLogHi;
      float lo = fma(rowLogHi - (s2 - z), 1f, corrected - z);
      float lo2 = lo + v;
      float s3 = fma(s2, 1f, lo2);
      entropys[i] = s3;
    }
  }
}
