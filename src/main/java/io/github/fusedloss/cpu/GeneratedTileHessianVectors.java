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
final class GeneratedTileHessianVectors {
  private GeneratedTileHessianVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedTileHessianVectors::wanted,
          GeneratedTileHessianVectors::hessianOf,
          GeneratedTileHessianVectors::hessianOfAgain);

  private static long wanted(RowTile b) {
    return (!b.curves.focal ? 0b1L : 0)
        | (b.curves.focal ? 0b10L : 0);
  }

  private static void hessianOf(RowTile b, Lanes lanes, int start, int n) {
    float[] es = b.e;
    int esAt = start;
    float[] bends = b.curves.bend;
    float[] shares = b.curves.share;
    float[] factors = b.curves.factor;
    float[] crests = b.curves.crest;
    float[] rests = b.curves.rest;
    FloatVector least = broadcast(SPECIES, b.curves.least);
    FloatVector c = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, Float.NaN);
    float[] hs = b.h;
    int hsAt = start;
    int end = b.end();
    for (int line = 0; line < end; line += n) {
      for (int i = 0; i < n; i += LENGTH) {
        FloatVector e = fromArray(SPECIES, es, esAt + line + i);
        FloatVector bend = fromArray(SPECIES, bends, i);
        FloatVector share = fromArray(SPECIES, shares, i);
        FloatVector factor = fromArray(SPECIES, factors, i);
        FloatVector crest = fromArray(SPECIES, crests, i);
        FloatVector rest = fromArray(SPECIES, rests, i);
        FloatVector q = e.neg().fma(share, c).blend(rest, e.compare(EQ, crest));
        FloatVector h = e.mul(bend).fma(e.mul(share), e.mul(factor).mul(q));
        FloatVector v = h.blend(least, h.compare(LT, least));
        c2.blend(v, v.compare(EQ, v)).intoArray(hs, hsAt + line + i);
      }
    }
  }

  private static void hessianOfAgain(RowTile b, Lanes lanes, int start, int n) {
    float[] es = b.e;
    int esAt = start;
    float[] bends = b.curves.bend;
    float[] tails = b.curves.tail;
    float[] factors = b.curves.factor;
    float[] crests = b.curves.crest;
    float[] rests = b.curves.rest;
    float[] shares = b.curves.share;
    FloatVector least = broadcast(SPECIES, b.curves.least);
    FloatVector c = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, Float.NaN);
    float[] hs = b.h;
    int hsAt = start;
    int end = b.end();
    for (int line = 0; line < end; line += n) {
      for (int i = 0; i < n; i += LENGTH) {
        FloatVector e = fromArray(SPECIES, es, esAt + line + i);
        FloatVector bend = fromArray(SPECIES, bends, i);
        FloatVector tail = fromArray(SPECIES, tails, i);
        FloatVector factor = fromArray(SPECIES, factors, i);
        FloatVector crest = fromArray(SPECIES, crests, i);
        FloatVector rest = fromArray(SPECIES, rests, i);
        FloatVector share = fromArray(SPECIES, shares, i);
        FloatVector q = e.neg().fma(share, c).blend(rest, e.compare(EQ, crest));
        FloatVector h = e.mul(bend).fma(e.mul(tail), e.mul(factor).mul(q));
        FloatVector v = h.blend(least, h.compare(LT, least));
        c2.blend(v, v.compare(EQ, v)).intoArray(hs, hsAt + line + i);
      }
    }
  }
}
