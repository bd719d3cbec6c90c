// Generated from kernels/hessian.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.*;

/** Loops over a strip of a block, of kernels/hessian.cl. */
final class GeneratedTileHessianStrips {
  private GeneratedTileHessianStrips() {}

  /** Elements from {@code start} on; infinities and NaN make a sum NaN. */
  static void run(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    System.arraycopy(b.e, start, strip0, 0, n);
    if (!b.curves.focal) {
      hessianOf(strip0, b.curves.bend, b.curves.share, b.curves.factor, b.curves.crest,
          b.curves.rest, b.curves.least, strip1, n);
    }
    if (b.curves.focal) {
      hessianOfAgain(strip0, b.curves.bend, b.curves.tail, b.curves.factor, b.curves.crest,
          b.curves.rest, b.curves.share, b.curves.least, strip1, n);
    }
    System.arraycopy(strip1, 0, b.h, start, n);
  }

  private static void hessianOf(float[] strip0, float[] bends, float[] shares, float[] factors,
          float[] crests, float[] rests, float least, float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float e = strip0[i];
      float bend = bends[i];
      float share = shares[i];
      float factor = factors[i];
      float crest = crests[i];
      float rest = rests[i];
      float q = (e == crest) ? rest : fma(-e, share, 1f);
      float h = fma(e * bend, e * share, (e * factor) * q);
      float v = (h < least) ? least : h;
      strip1[i] = (v == v) ? v : Float.NaN;
    }
  }

  private static void hessianOfAgain(float[] strip0, float[] bends, float[] tails, float[] factors,
          float[] crests, float[] rests, float[] shares, float least, float[] strip1, int n) {
    for (int i = 0; i < n; i++) {
      float e = strip0[i];
      float bend = bends[i];
      float tail = tails[i];
      float factor = factors[i];
      float crest = crests[i];
      float rest = rests[i];
      float share = shares[i];
      float q = (e == crest) ? rest : fma(-e, share, 1f);
      float h = fma(e * bend, e * tail, (e * factor) * q);
      float v = (h < least) ? least : h;
      strip1[i] = (v == v) ? v : Float.NaN;
    }
  }
}
