// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/cross_entropy.cl. */
final class GeneratedTileDistanceEndsStrips {
  private GeneratedTileDistanceEndsStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    normalise(b.shares.distanceHi, b.shares.distanceLo, n);
    if (b.shares.given) {
      normaliseAgain(b.shares.massHi, b.shares.massLo, n);
    }
  }

  private static void normalise(float[] distanceHis, float[] distanceLos, int n) {
    for (int i = 0; i < n; i++) {
      float distanceHi = distanceHis[i];
      float distanceLo = distanceLos[i];
      float s2 = distanceHi + distanceLo;
      float lo = distanceLo - (s2 - distanceHi);
      distanceHis[i] = s2;
      distanceLos[i] = lo;
    }
  }

  private static void normaliseAgain(float[] massHis, float[] massLos, int n) {
    for (int i = 0; i < n; i++) {
      float massHi = massHis[i];
      float massLo = massLos[i];
      float s2 = massHi + massLo;
      float lo = massLo - (s2 - massHi);
      massHis[i] = s2;
      massLos[i] = lo;
    }
  }
}
