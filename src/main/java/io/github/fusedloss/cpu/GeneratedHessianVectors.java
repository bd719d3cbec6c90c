// Generated from kernels/hessian.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.*;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.*;

/** Passes of the Vector API over a strip of a block, of kernels/hessian.cl. */
final class GeneratedHessianVectors {
  private GeneratedHessianVectors() {}

  static final VectorPasses<RowBlock> PASSES =
      new VectorPasses<>(
          GeneratedHessianVectors::wanted,
          GeneratedHessianVectors::hessianOf);

  private static long wanted(RowBlock b) {
    return 0b1L;
  }

  private static void hessianOf(RowBlock b, Lanes lanes, int start, int n) {
    float[] es = b.e;
    int esAt = b.eAt + start;
    FloatVector bend = broadcast(SPECIES, b.curve.bend);
    FloatVector tail = broadcast(SPECIES, b.curve.tail);
    FloatVector factor = broadcast(SPECIES, b.curve.factor);
    FloatVector crest = broadcast(SPECIES, b.curve.crest);
    FloatVector rest = broadcast(SPECIES, b.curve.rest);
    FloatVector share = broadcast(SPECIES, b.curve.share);
    FloatVector least = broadcast(SPECIES, b.curve.least);
    FloatVector c = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, Float.NaN);
    float[] hs = b.h;
    int hsAt = b.hAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector e = fromArray(SPECIES, es, esAt + i);
      FloatVector q = e.neg().fma(share, c).blend(rest, e.compare(EQ, crest));
      FloatVector h = e.mul(bend).fma(e.mul(tail), e.mul(factor).mul(q));
      FloatVector v = h.blend(least, h.compare(LT, least));
      c2.blend(v, v.compare(EQ, v)).intoArray(hs, hsAt + i);
    }
  }
}
