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
final class GeneratedTileCurvesVectors {
  private GeneratedTileCurvesVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedTileCurvesVectors::wanted,
          GeneratedTileCurvesVectors::product,
          GeneratedTileCurvesVectors::reciprocal,
          GeneratedTileCurvesVectors::productAgain,
          GeneratedTileCurvesVectors::likelyTerm,
          GeneratedTileCurvesVectors::bendOf);

  private static long wanted(RowTile b) {
    return 0b11111L;
  }

  private static void product(RowTile b, Lanes lanes, int start, int n) {
    float[] coefficients = b.coefficient;
    FloatVector times = broadcast(SPECIES, b.curves.times);
    float[] factors = b.curves.factor;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector coefficient = fromArray(SPECIES, coefficients, i);
      coefficient.mul(times).intoArray(factors, i);
    }
  }

  private static void reciprocal(RowTile b, Lanes lanes, int start, int n) {
    float[] totals = b.totalHi;
    IntVector c = IntVector.broadcast(INTS, 0x7fffff);
    IntVector c2 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c3 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c4 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c5 = broadcast(SPECIES, 0x1.0f83e2p1f);
    FloatVector c6 = broadcast(SPECIES, 1f);
    IntVector c7 = IntVector.broadcast(INTS, 0x7f800000);
    IntVector c8 = IntVector.broadcast(INTS, 0x7f000000);
    float[] shares = b.curves.share;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector total = fromArray(SPECIES, totals, i);
      IntVector v = total.reinterpretAsInts();
      FloatVector m = v.and(c).or(c2).reinterpretAsFloats();
      FloatVector r = m.fma(c3, c4);
      FloatVector r2 = r.fma(m, c5);
      FloatVector v2 = m.neg();
      FloatVector r3 = r2.fma(v2.fma(r2, c6), r2);
      FloatVector v3 = r3.fma(v2.fma(r3, c6), r3).mul(c8.sub(v.and(c7)).reinterpretAsFloats());
      v3.intoArray(shares, i);
    }
  }

  private static void productAgain(RowTile b, Lanes lanes, int start, int n) {
    float[] otherses = b.othersHi;
    float[] shares = b.curves.share;
    float[] rests = b.curves.rest;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector others = fromArray(SPECIES, otherses, i);
      FloatVector share = fromArray(SPECIES, shares, i);
      others.mul(share).intoArray(rests, i);
    }
  }

  private static void likelyTerm(RowTile b, Lanes lanes, int start, int n) {
    float[] otherses = b.othersHi;
    float[] totals = b.totalHi;
    float[] maxs = b.max;
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
    FloatVector c10 = broadcast(SPECIES, Float.NaN);
    float[] crests = b.curves.crest;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector others = fromArray(SPECIES, otherses, i);
      FloatVector total = fromArray(SPECIES, totals, i);
      FloatVector max = fromArray(SPECIES, maxs, i);
      FloatVector shift = fromArray(SPECIES, shifts, i);
      FloatVector magic = fromArray(SPECIES, magics, i);
      FloatVector x = max.sub(shift);
      FloatVector kf = x.fma(c, magic);
      FloatVector k = kf.sub(magic);
      FloatVector scale = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector r = k.fma(c3, k.fma(c2, x));
      FloatVector q = c4.fma(r, c5);
      FloatVector q2 = q.fma(r, c6);
      FloatVector q3 = q2.fma(r, c7);
      FloatVector v = c10.blend(r.fma(r.fma(q3.fma(r, c8), c9), c9).mul(scale),
          others.add(others).compare(LT, total));
      v.intoArray(crests, i);
    }
  }

  private static void bendOf(RowTile b, Lanes lanes, int start, int n) {
    float[] zScales = b.penalty.scale;
    float[] shares = b.curves.share;
    float[] bends = b.curves.bend;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector zScale = fromArray(SPECIES, zScales, i);
      FloatVector share = fromArray(SPECIES, shares, i);
      zScale.add(zScale).mul(share).intoArray(bends, i);
    }
  }
}
