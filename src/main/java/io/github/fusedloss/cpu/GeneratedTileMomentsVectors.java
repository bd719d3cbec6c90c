// Generated from kernels/row_outputs.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.*;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.*;

/** Passes of the Vector API over a strip of a block, of kernels/row_outputs.cl. */
final class GeneratedTileMomentsVectors {
  private GeneratedTileMomentsVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedTileMomentsVectors::wanted,
          GeneratedTileMomentsVectors::momentOf);

  private static long wanted(RowTile b) {
    return 0b1L;
  }

  private static void momentOf(RowTile b, Lanes lanes, int start, int n) {
    float[] es = b.e;
    int esAt = start;
    float[] maxs = b.max;
    float[] xs = b.x;
    int xsAt = start;
    FloatVector c = broadcast(SPECIES, 128f);
    float[] momentses = b.moments;
    int momentsesAt = start;
    int end = b.end();
    for (int line = 0; line < end; line += n) {
      for (int i = 0; i < n; i += LENGTH) {
        FloatVector e = fromArray(SPECIES, es, esAt + line + i);
        FloatVector max = fromArray(SPECIES, maxs, i);
        FloatVector x = fromArray(SPECIES, xs, xsAt + line + i);
        FloatVector gap = max.sub(x);
        e.mul(c.blend(gap, gap.compare(LT, c))).intoArray(momentses, momentsesAt + line + i);
      }
    }
  }
}
