// Generated from kernels/row_outputs.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/row_outputs.cl. */
final class GeneratedMomentsStrips {
  private GeneratedMomentsStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    System.arraycopy(b.e, b.eAt + start, strip0, 0, n);
    System.arraycopy(b.x, b.xAt + start, strip1, 0, n);
    momentOf(strip0, b.row.max, strip1, n);
    StripSums.sum(s, strip0, s.zero, lanes, start, n);
  }

  private static void momentOf(float[] strip0, float max, float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float e = strip0[i];
      float x = strip1[i];
      float gap = max - x;
      strip0[i] = e * min(128f, gap);
    }
  }
}
