// Generated from kernels/rows.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;


/** Loops over a strip of a block, of kernels/rows.cl. */
final class GeneratedTileGradientStrips {
  private GeneratedTileGradientStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    System.arraycopy(b.e, start, strip0, 0, n);
    scaledGradient(strip0, b.coefficient, n);
    System.arraycopy(strip0, 0, b.e, start, n);
  }

  private static void scaledGradient(float[] strip0, float[] coefficients, int n) {
    for (int i = 0; i < n; i++) {
      float e = strip0[i];
      float coefficient = coefficients[i];
      float v = e * coefficient;
      strip0[i] = v;
    }
  }
}
