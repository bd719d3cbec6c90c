// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.*;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.*;

/** Passes of the Vector API over a strip of a block, of kernels/cross_entropy.cl. */
final class GeneratedTileSharesGradientVectors {
  private GeneratedTileSharesGradientVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedTileSharesGradientVectors::wanted,
          GeneratedTileSharesGradientVectors::equalGradient,
          GeneratedTileSharesGradientVectors::weightedGradient,
          GeneratedTileSharesGradientVectors::givenGradient,
          GeneratedTileSharesGradientVectors::sharedGradient);

  private static long wanted(RowTile b) {
    return (!b.shares.given && !b.shares.weighted ? 0b1L : 0)
        | (!b.shares.given && b.shares.weighted ? 0b10L : 0)
        | (b.shares.given && !b.shares.pairs ? 0b100L : 0)
        | (b.shares.pairs ? 0b1000L : 0);
  }

  private static void equalGradient(RowTile b, Lanes lanes, int start, int n) {
    float[] es = b.e;
    int esAt = start;
    float[] factors = b.coefficient;
    float[] equals = b.shares.spread;
    FloatVector c = broadcast(SPECIES, Float.NaN);
    int end = b.end();
    for (int line = 0; line < end; line += n) {
      for (int i = 0; i < n; i += LENGTH) {
        FloatVector e = fromArray(SPECIES, es, esAt + line + i);
        FloatVector factor = fromArray(SPECIES, factors, i);
        FloatVector equal = fromArray(SPECIES, equals, i);
        FloatVector v = e.fma(factor, equal.neg());
        c.blend(v, v.compare(EQ, v)).intoArray(es, esAt + line + i);
      }
    }
  }

  private static void weightedGradient(RowTile b, Lanes lanes, int start, int n) {
    float[] es = b.e;
    int esAt = start;
    float[] factors = b.coefficient;
    float[] equals = b.shares.spread;
    float[] ws = b.shares.w;
    int wsAt = start;
    FloatVector c = broadcast(SPECIES, Float.NaN);
    int end = b.end();
    for (int line = 0; line < end; line += n) {
      for (int i = 0; i < n; i += LENGTH) {
        FloatVector e = fromArray(SPECIES, es, esAt + line + i);
        FloatVector factor = fromArray(SPECIES, factors, i);
        FloatVector equal = fromArray(SPECIES, equals, i);
        FloatVector w = fromArray(SPECIES, ws, wsAt + line + i);
        FloatVector share = equal.mul(w);
        FloatVector v = e.fma(factor, share.neg());
        c.blend(v, v.compare(EQ, v)).intoArray(es, esAt + line + i);
      }
    }
  }

  private static void givenGradient(RowTile b, Lanes lanes, int start, int n) {
    float[] es = b.e;
    int esAt = start;
    float[] tops = b.shares.top;
    float[] scales = b.shares.scale;
    float[] qs = b.shares.q;
    int qsAt = start;
    float[] likelyHis = b.shares.likelyHi;
    float[] likelyLos = b.shares.likelyLo;
    float[] factors = b.coefficient;
    FloatVector lo = broadcast(SPECIES, 0f);
    FloatVector c = broadcast(SPECIES, -0f);
    FloatVector c2 = broadcast(SPECIES, Float.NaN);
    int end = b.end();
    for (int line = 0; line < end; line += n) {
      for (int i = 0; i < n; i += LENGTH) {
        FloatVector e = fromArray(SPECIES, es, esAt + line + i);
        FloatVector top = fromArray(SPECIES, tops, i);
        FloatVector scale = fromArray(SPECIES, scales, i);
        FloatVector q = fromArray(SPECIES, qs, qsAt + line + i);
        FloatVector likelyHi = fromArray(SPECIES, likelyHis, i);
        FloatVector likelyLo = fromArray(SPECIES, likelyLos, i);
        FloatVector factor = fromArray(SPECIES, factors, i);
        FloatVector share = scale.fma(q, scale.mul(lo));
        FloatVector v = e.fma(factor, share.neg());
        FloatVector v2 = v.blend(scale.neg().fma(q, likelyHi).add(scale.fma(c, likelyLo)),
          e.compare(EQ, top));
        c2.blend(v2, v2.compare(EQ, v2)).intoArray(es, esAt + line + i);
      }
    }
  }

  private static void sharedGradient(RowTile b, Lanes lanes, int start, int n) {
    float[] es = b.e;
    int esAt = start;
    float[] tops = b.shares.top;
    float[] scales = b.shares.scale;
    float[] shareHis = b.shares.shareHi;
    int shareHisAt = start;
    float[] likelyHis = b.shares.likelyHi;
    float[] shareLos = b.shares.shareLo;
    int shareLosAt = start;
    float[] likelyLos = b.shares.likelyLo;
    float[] factors = b.coefficient;
    FloatVector c = broadcast(SPECIES, Float.NaN);
    int end = b.end();
    for (int line = 0; line < end; line += n) {
      for (int i = 0; i < n; i += LENGTH) {
        FloatVector e = fromArray(SPECIES, es, esAt + line + i);
        FloatVector top = fromArray(SPECIES, tops, i);
        FloatVector scale = fromArray(SPECIES, scales, i);
        FloatVector shareHi = fromArray(SPECIES, shareHis, shareHisAt + line + i);
        FloatVector likelyHi = fromArray(SPECIES, likelyHis, i);
        FloatVector shareLo = fromArray(SPECIES, shareLos, shareLosAt + line + i);
        FloatVector likelyLo = fromArray(SPECIES, likelyLos, i);
        FloatVector factor = fromArray(SPECIES, factors, i);
        FloatVector share = scale.fma(shareHi, scale.mul(shareLo));
        FloatVector v = e.fma(factor, share.neg());
        FloatVector v2 = scale.neg();
        FloatVector v3 = v.blend(v2.fma(shareHi, likelyHi).add(v2.fma(shareLo, likelyLo)),
          e.compare(EQ, top));
        c.blend(v3, v3.compare(EQ, v3)).intoArray(es, esAt + line + i);
      }
    }
  }
}
