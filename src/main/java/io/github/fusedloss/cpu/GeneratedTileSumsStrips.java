// Generated from kernels/rows.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/rows.cl. */
final class GeneratedTileSumsStrips {
  private GeneratedTileSumsStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    normalise(b, lanes, start, n);
  }

  private static void normalise(RowTile b, Lanes lanes, int start, int n) {
    float[] sumsRestHis = b.restHi;
    float[] sumsRestLos = b.restLo;
    for (int i = 0; i < n; i++) {
      float sumsRestHi = sumsRestHis[i];
      float sumsRestLo = sumsRestLos[i];
      float s2 = sumsRestHi + sumsRestLo;
      float lo = sumsRestLo - (s2 - sumsRestHi);
      sumsRestHis[i] = s2;
      sumsRestLos[i] = lo;
    }
  }
}
