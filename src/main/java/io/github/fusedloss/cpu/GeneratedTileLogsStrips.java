// Generated from kernels/softmax.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/softmax.cl. */
final class GeneratedTileLogsStrips {
  private GeneratedTileLogsStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    System.arraycopy(b.x, start, s.slots[0], 0, n);
    logSoftmax1(b, lanes, start, n);
    logSoftmax2(b, lanes, start, n);
    System.arraycopy(s.slots[0], 0, b.e, start, n);
  }

  private static void logSoftmax1(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] maxs = b.max;
    float[] logHis = b.logHi;
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    for (int i = 0; i < n; i++) {
      float x = strip0[i];
      float max = maxs[i];
      float logHi = logHis[i];
      float b2 = -max;
      float s2 = x - max;
      float z = s2 - x;
      float lo = (x - (s2 - z)) + (b2 - z);
      float b3 = -logHi;
      float s3 = s2 - logHi;
      float z2 = s3 - s2;
      float lo2 = (s2 - (s3 - z2)) + (b3 - z2);
      strip0[i] = lo;
      strip1[i] = s3;
      strip2[i] = lo2;
    }
  }

  private static void logSoftmax2(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip0 = s.slots[0];
    float[] logLos = b.logLo;
    for (int i = 0; i < n; i++) {
      float s2 = strip1[i];
      float lo = strip2[i];
      float lo2 = strip0[i];
      float logLo = logLos[i];
      float r = s2 + (lo + (lo2 - logLo));
      float v = (abs(r) < Float.POSITIVE_INFINITY) ? r : s2;
      strip0[i] = (v == v) ? v : Float.NaN;
    }
  }
}
