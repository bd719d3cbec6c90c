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
final class GeneratedTileGradientVectors {
  private GeneratedTileGradientVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedTileGradientVectors::wanted,
          GeneratedTileGradientVectors::scaledGradient);

  private static long wanted(RowTile b) {
    return 0b1L;
  }

  private static void scaledGradient(RowTile b, Lanes lanes, int start, int n) {
    float[] es = b.e;
    int esAt = start;
    float[] coefficients = b.coefficient;
    FloatVector c = broadcast(SPECIES, Float.NaN);
    int end = b.end();
    for (int line = 0; line < end; line += n) {
      for (int i = 0; i < n; i += LENGTH) {
        FloatVector e = fromArray(SPECIES, es, esAt + line + i);
        FloatVector coefficient = fromArray(SPECIES, coefficients, i);
        FloatVector v = e.mul(coefficient);
        c.blend(v, v.compare(EQ, v)).intoArray(es, esAt + line + i);
      }
    }
  }
}
