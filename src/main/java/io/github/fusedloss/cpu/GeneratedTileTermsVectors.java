// Generated from kernels/rows.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.*;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.*;

/** Passes of the Vector API over a strip of a block, of kernels/rows.cl. */
final class GeneratedTileTermsVectors {
  private GeneratedTileTermsVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedTileTermsVectors::wanted,
          GeneratedTileTermsVectors::term);

  private static long wanted(RowTile b) {
    return 0b1L;
  }

  private static void term(RowTile b, Lanes lanes, int start, int n) {
    float[] xs = b.x;
    int xsAt = start;
    float[] cuts = b.cut;
    float[] shifts = b.shift;
    float[] magics = b.magic;
    FloatVector c = broadcast(SPECIES, 0x1.715476p0f);
    FloatVector c2 = broadcast(SPECIES, -0x1.62e43p-1f);
    FloatVector c3 = broadcast(SPECIES, 0x1.05c61p-29f);
    FloatVector c4 = broadcast(SPECIES, 0x1.6a1152p-10f);
    FloatVector c5 = broadcast(SPECIES, 0x1.124ad4p-7f);
    FloatVector c6 = broadcast(SPECIES, 0x1.55583cp-5f);
    FloatVector c7 = broadcast(SPECIES, 0x1.55547ep-3f);
    FloatVector c8 = broadcast(SPECIES, 0.5f);
    FloatVector c9 = broadcast(SPECIES, 1f);
    FloatVector c10 = broadcast(SPECIES, 0f);
    float[] es = b.e;
    int esAt = start;
    int end = b.end();
    for (int line = 0; line < end; line += n) {
      for (int i = 0; i < n; i += LENGTH) {
        FloatVector x = fromArray(SPECIES, xs, xsAt + line + i);
        FloatVector cut = fromArray(SPECIES, cuts, i);
        FloatVector shift = fromArray(SPECIES, shifts, i);
        FloatVector magic = fromArray(SPECIES, magics, i);
        FloatVector x2 = x.sub(shift);
        FloatVector kf = x2.fma(c, magic);
        FloatVector k = kf.sub(magic);
        FloatVector scale = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
        FloatVector r = k.fma(c3, k.fma(c2, x2));
        FloatVector q = c4.fma(r, c5);
        FloatVector q2 = q.fma(r, c6);
        FloatVector q3 = q2.fma(r, c7);
        FloatVector e = r.fma(r.fma(q3.fma(r, c8), c9), c9).mul(scale);
        e.blend(c10, x.compare(LT, cut)).intoArray(es, esAt + line + i);
      }
    }
  }
}
