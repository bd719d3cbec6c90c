// Generated from kernels/rows.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/rows.cl. */
final class GeneratedTileGradientStrips {
  private GeneratedTileGradientStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    System.arraycopy(b.e, start, s.slots[0], 0, n);
    scaledGradient(b, lanes, start, n);
    System.arraycopy(s.slots[0], 0, b.e, start, n);
  }

  private static void scaledGradient(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] coefficients = b.coefficient;
    for (int i = 0; i < n; i++) {
      float e = strip0[i];
      float coefficient = coefficients[i];
      float v = e * coefficient;
      strip0[i] = v;
    }
  }
}
