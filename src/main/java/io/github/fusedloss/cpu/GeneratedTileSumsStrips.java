// Generated from kernels/rows.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;


/** Loops over a strip of a block, of kernels/rows.cl. */
final class GeneratedTileSumsStrips {
  private GeneratedTileSumsStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    normalise(b.restHi, b.restLo, n);
  }

  private static void normalise(float[] restHis, float[] restLos, int n) {
    for (int i = 0; i < n; i++) {
      float sumsRestHi = restHis[i];
      float sumsRestLo = restLos[i];
      float s2 = sumsRestHi + sumsRestLo;
      float lo = sumsRestLo - (s2 - sumsRestHi);
      restHis[i] = s2;
      restLos[i] = lo;
    }
  }
}
