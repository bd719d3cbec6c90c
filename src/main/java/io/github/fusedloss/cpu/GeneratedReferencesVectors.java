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
final class GeneratedReferencesVectors {
  private GeneratedReferencesVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedReferencesVectors::wanted,
          GeneratedReferencesVectors::setReference);

  private static long wanted(RowTile b) {
    return 0b1L;
  }

  private static void setReference(RowTile b, Lanes lanes, int start, int n) {
    float[] rowMaxs = b.max;
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector c2 = broadcast(SPECIES, 16384f);
    FloatVector c3 = broadcast(SPECIES, 0f);
    FloatVector c4 = broadcast(SPECIES, 0x1.715476p0f);
    FloatVector c5 = broadcast(SPECIES, 0x1.8p23f);
    FloatVector c6 = broadcast(SPECIES, 0x1.80013ep23f);
    FloatVector c7 = broadcast(SPECIES, 104f);
    FloatVector c8 = broadcast(SPECIES, 108f);
    FloatVector c9 = broadcast(SPECIES, 95f);
    FloatVector c10 = broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    float[] rowShifts = b.shift;
    float[] rowExponents = b.exponent;
    float[] rowMagics = b.magic;
    float[] rowCuts = b.cut;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowMax = fromArray(SPECIES, rowMaxs, i);
      FloatVector v = rowMax.abs();
      VectorMask<Float> finite = v.compare(LT, c);
      FloatVector shift = c3.blend(rowMax, finite.and(v.compare(GT, c2)));
      FloatVector exponent = c3.blend(rowMax.sub(shift).fma(c4, c5).sub(c5), finite);
      FloatVector magic = c6.sub(exponent);
      FloatVector cut = rowMax.sub(c7);
      FloatVector cut2 = cut.blend(rowMax.sub(c9), rowMax.sub(cut).compare(GT, c8));
      FloatVector cut3 = cut2.blend(rowMax, rowMax.sub(cut2).compare(GT, c8));
      FloatVector cut4 = c.blend(cut3, rowMax.compare(GT, c10));
      shift.intoArray(rowShifts, i);
      exponent.intoArray(rowExponents, i);
      magic.intoArray(rowMagics, i);
      cut4.intoArray(rowCuts, i);
    }
  }
}
