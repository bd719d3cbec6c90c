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
final class GeneratedTileDistancesVectors {
  private GeneratedTileDistancesVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedTileDistancesVectors::wanted,
          GeneratedTileDistancesVectors::smoothed,
          GeneratedTileDistancesVectors::givenShare,
          GeneratedTileDistancesVectors::smoothedShare,
          GeneratedTileDistancesVectors::accumulate,
          GeneratedTileDistancesVectors::accumulateFloat,
          GeneratedTileDistancesVectors::addDistance,
          GeneratedTileDistancesVectors::distanceTo,
          GeneratedTileDistancesVectors::weightedDistance,
          GeneratedTileDistancesVectors::weightedDistanceByFloat,
          GeneratedTileDistancesVectors::weightedDistanceByFloatAgain,
          GeneratedTileDistancesVectors::accumulateAgain);

  private static long wanted(RowTile b) {
    return (b.shares.pairs && !b.shares.weighted ? 0b1L : 0)
        | (b.shares.pairs && b.shares.weighted && !b.settings.smooth ? 0b10L : 0)
        | (b.shares.pairs && b.shares.weighted && b.settings.smooth ? 0b100L : 0)
        | (b.shares.pairs && b.inOrder ? 0b1000L : 0)
        | (b.shares.given && !b.shares.pairs && b.inOrder ? 0b10000L : 0)
        | (!b.shares.given && !b.shares.weighted && b.inOrder ? 0b100000L : 0)
        | (!b.shares.given && !b.shares.weighted && !b.inOrder ? 0b1000000L : 0)
        | (b.shares.pairs ? 0b10000000L : 0)
        | (b.shares.given && !b.shares.pairs ? 0b100000000L : 0)
        | (!b.shares.given && b.shares.weighted ? 0b1000000000L : 0)
        | (b.shares.given && b.inOrder || b.shares.weighted && b.inOrder ? 0b10000000000L : 0);
  }

  private static void smoothed(RowTile b, Lanes lanes, int start, int n) {
    float[] qs = b.shares.q;
    int qsAt = start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.settings.keep));
    FloatVector spreadHi = broadcast(SPECIES, hi(b.settings.spread));
    FloatVector keepLo = broadcast(SPECIES, lo(b.settings.keep));
    FloatVector spreadLo = broadcast(SPECIES, lo(b.settings.spread));
    float[] shareHis = b.shares.shareHi;
    int shareHisAt = start;
    float[] shareLos = b.shares.shareLo;
    int shareLosAt = start;
    int end = b.end();
    for (int line = 0; line < end; line += n) {
      for (int i = 0; i < n; i += LENGTH) {
        FloatVector q = fromArray(SPECIES, qs, qsAt + line + i);
        FloatVector p = q.mul(keepHi);
        FloatVector pLo = q.fma(keepLo, q.fma(keepHi, p.neg()));
        FloatVector s2 = p.add(spreadHi);
        FloatVector z = s2.sub(p);
        FloatVector lo = p.sub(s2.sub(z)).add(spreadHi.sub(z));
        FloatVector lo2 = lo.add(pLo.add(spreadLo));
        s2.intoArray(shareHis, shareHisAt + line + i);
        lo2.intoArray(shareLos, shareLosAt + line + i);
      }
    }
  }

  private static void givenShare(RowTile b, Lanes lanes, int start, int n) {
    float[] qs = b.shares.q;
    int qsAt = start;
    float[] ws = b.shares.w;
    int wsAt = start;
    FloatVector lo = broadcast(SPECIES, 0f);
    float[] shareHis = b.shares.shareHi;
    int shareHisAt = start;
    float[] shareLos = b.shares.shareLo;
    int shareLosAt = start;
    int end = b.end();
    for (int line = 0; line < end; line += n) {
      for (int i = 0; i < n; i += LENGTH) {
        FloatVector q = fromArray(SPECIES, qs, qsAt + line + i);
        FloatVector w = fromArray(SPECIES, ws, wsAt + line + i);
        FloatVector p = q.mul(w);
        FloatVector lo2 = lo.fma(w, q.fma(w, p.neg()));
        p.intoArray(shareHis, shareHisAt + line + i);
        lo2.intoArray(shareLos, shareLosAt + line + i);
      }
    }
  }

  private static void smoothedShare(RowTile b, Lanes lanes, int start, int n) {
    float[] qs = b.shares.q;
    int qsAt = start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.settings.keep));
    FloatVector spreadHi = broadcast(SPECIES, hi(b.settings.spread));
    float[] ws = b.shares.w;
    int wsAt = start;
    FloatVector keepLo = broadcast(SPECIES, lo(b.settings.keep));
    FloatVector spreadLo = broadcast(SPECIES, lo(b.settings.spread));
    float[] shareHis = b.shares.shareHi;
    int shareHisAt = start;
    float[] shareLos = b.shares.shareLo;
    int shareLosAt = start;
    int end = b.end();
    for (int line = 0; line < end; line += n) {
      for (int i = 0; i < n; i += LENGTH) {
        FloatVector q = fromArray(SPECIES, qs, qsAt + line + i);
        FloatVector w = fromArray(SPECIES, ws, wsAt + line + i);
        FloatVector p = q.mul(keepHi);
        FloatVector pLo = q.fma(keepLo, q.fma(keepHi, p.neg()));
        FloatVector s2 = p.add(spreadHi);
        FloatVector z = s2.sub(p);
        FloatVector lo = p.sub(s2.sub(z)).add(spreadHi.sub(z));
        FloatVector lo2 = lo.add(pLo.add(spreadLo));
        FloatVector p2 = s2.mul(w);
        FloatVector lo3 = lo2.fma(w, s2.fma(w, p2.neg()));
        p2.intoArray(shareHis, shareHisAt + line + i);
        lo3.intoArray(shareLos, shareLosAt + line + i);
      }
    }
  }

  private static void accumulate(RowTile b, Lanes lanes, int start, int n) {
    float[] massHis = b.shares.massHi;
    float[] shareHis = b.shares.shareHi;
    int shareHisAt = start;
    float[] massLos = b.shares.massLo;
    float[] shareLos = b.shares.shareLo;
    int shareLosAt = start;
    int end = b.end();
    for (int lane = 0; lane < n; lane += LENGTH) {
      FloatVector massHi = fromArray(SPECIES, massHis, lane);
      FloatVector massLo = fromArray(SPECIES, massLos, lane);
      for (int i = lane; i < end; i += n) {
        FloatVector shareHi = fromArray(SPECIES, shareHis, shareHisAt + i);
        FloatVector shareLo = fromArray(SPECIES, shareLos, shareLosAt + i);
        FloatVector s2 = massHi.add(shareHi);
        FloatVector z = s2.sub(massHi);
        FloatVector lo = massHi.sub(s2.sub(z)).add(shareHi.sub(z));
        FloatVector lo2 = massLo.add(lo.add(shareLo));
        massHi = s2;
        massLo = lo2;
      }
      massHi.intoArray(massHis, lane);
      massLo.intoArray(massLos, lane);
    }
  }

  private static void accumulateFloat(RowTile b, Lanes lanes, int start, int n) {
    float[] massHis = b.shares.massHi;
    float[] qs = b.shares.q;
    int qsAt = start;
    float[] massLos = b.shares.massLo;
    int end = b.end();
    for (int lane = 0; lane < n; lane += LENGTH) {
      FloatVector massHi = fromArray(SPECIES, massHis, lane);
      FloatVector massLo = fromArray(SPECIES, massLos, lane);
      for (int i = lane; i < end; i += n) {
        FloatVector q = fromArray(SPECIES, qs, qsAt + i);
        FloatVector s2 = massHi.add(q);
        FloatVector z = s2.sub(massHi);
        FloatVector lo = massHi.sub(s2.sub(z)).add(q.sub(z));
        FloatVector lo2 = massLo.add(lo);
        massHi = s2;
        massLo = lo2;
      }
      massHi.intoArray(massHis, lane);
      massLo.intoArray(massLos, lane);
    }
  }

  private static void addDistance(RowTile b, Lanes lanes, int start, int n) {
    float[] distanceHis = b.shares.distanceHi;
    float[] maxs = b.max;
    float[] xs = b.x;
    int xsAt = start;
    float[] distanceLos = b.shares.distanceLo;
    FloatVector c = broadcast(SPECIES, 0x1.0p-24f);
    FloatVector c2 = broadcast(SPECIES, -0x1.0p-24f);
    int end = b.end();
    for (int lane = 0; lane < n; lane += LENGTH) {
      FloatVector distanceHi = fromArray(SPECIES, distanceHis, lane);
      FloatVector max = fromArray(SPECIES, maxs, lane);
      FloatVector distanceLo = fromArray(SPECIES, distanceLos, lane);
      for (int i = lane; i < end; i += n) {
        FloatVector x = fromArray(SPECIES, xs, xsAt + i);
        FloatVector a = max.mul(c);
        FloatVector b2 = x.mul(c2);
        FloatVector s2 = a.add(b2);
        FloatVector z = s2.sub(a);
        FloatVector lo = a.sub(s2.sub(z)).add(b2.sub(z));
        FloatVector s3 = distanceHi.add(s2);
        FloatVector z2 = s3.sub(distanceHi);
        FloatVector lo2 = distanceHi.sub(s3.sub(z2)).add(s2.sub(z2));
        FloatVector lo3 = distanceLo.add(lo2.add(lo));
        distanceHi = s3;
        distanceLo = lo3;
      }
      distanceHi.intoArray(distanceHis, lane);
      distanceLo.intoArray(distanceLos, lane);
    }
  }

  private static void distanceTo(RowTile b, Lanes lanes, int start, int n) {
    float[] maxs = b.max;
    float[] xs = b.x;
    int xsAt = start;
    FloatVector c = broadcast(SPECIES, 0x1.0p-24f);
    FloatVector c2 = broadcast(SPECIES, -0x1.0p-24f);
    float[] awayHis = b.shares.awayHi;
    int awayHisAt = start;
    float[] awayLos = b.shares.awayLo;
    int awayLosAt = start;
    int end = b.end();
    for (int line = 0; line < end; line += n) {
      for (int i = 0; i < n; i += LENGTH) {
        FloatVector max = fromArray(SPECIES, maxs, i);
        FloatVector x = fromArray(SPECIES, xs, xsAt + line + i);
        FloatVector a = max.mul(c);
        FloatVector b2 = x.mul(c2);
        FloatVector s2 = a.add(b2);
        FloatVector z = s2.sub(a);
        FloatVector lo = a.sub(s2.sub(z)).add(b2.sub(z));
        s2.intoArray(awayHis, awayHisAt + line + i);
        lo.intoArray(awayLos, awayLosAt + line + i);
      }
    }
  }

  private static void weightedDistance(RowTile b, Lanes lanes, int start, int n) {
    float[] shareHis = b.shares.shareHi;
    int shareHisAt = start;
    float[] maxs = b.max;
    float[] xs = b.x;
    int xsAt = start;
    float[] shareLos = b.shares.shareLo;
    int shareLosAt = start;
    FloatVector c = broadcast(SPECIES, 0x1.0p-24f);
    FloatVector c2 = broadcast(SPECIES, -0x1.0p-24f);
    FloatVector hi = broadcast(SPECIES, 0f);
    float[] awayHis = b.shares.awayHi;
    int awayHisAt = start;
    float[] awayLos = b.shares.awayLo;
    int awayLosAt = start;
    int end = b.end();
    for (int line = 0; line < end; line += n) {
      for (int i = 0; i < n; i += LENGTH) {
        FloatVector shareHi = fromArray(SPECIES, shareHis, shareHisAt + line + i);
        FloatVector max = fromArray(SPECIES, maxs, i);
        FloatVector x = fromArray(SPECIES, xs, xsAt + line + i);
        FloatVector shareLo = fromArray(SPECIES, shareLos, shareLosAt + line + i);
        FloatVector a = max.mul(c);
        FloatVector b2 = x.mul(c2);
        FloatVector s2 = a.add(b2);
        FloatVector z = s2.sub(a);
        FloatVector lo = a.sub(s2.sub(z)).add(b2.sub(z));
        FloatVector product = s2.mul(shareHi);
        FloatVector lo2 = s2.fma(shareHi, product.neg()).add(s2.fma(shareLo, lo.mul(shareHi)));
        VectorMask<Float> c3 = shareHi.compare(EQ, hi);
        FloatVector hi2 = product.blend(hi, c3);
        FloatVector lo3 = lo2.blend(hi, c3);
        hi2.intoArray(awayHis, awayHisAt + line + i);
        lo3.intoArray(awayLos, awayLosAt + line + i);
      }
    }
  }

  private static void weightedDistanceByFloat(RowTile b, Lanes lanes, int start, int n) {
    float[] qs = b.shares.q;
    int qsAt = start;
    float[] maxs = b.max;
    float[] xs = b.x;
    int xsAt = start;
    FloatVector c = broadcast(SPECIES, 0x1.0p-24f);
    FloatVector c2 = broadcast(SPECIES, -0x1.0p-24f);
    FloatVector lo = broadcast(SPECIES, 0f);
    float[] awayHis = b.shares.awayHi;
    int awayHisAt = start;
    float[] awayLos = b.shares.awayLo;
    int awayLosAt = start;
    int end = b.end();
    for (int line = 0; line < end; line += n) {
      for (int i = 0; i < n; i += LENGTH) {
        FloatVector q = fromArray(SPECIES, qs, qsAt + line + i);
        FloatVector max = fromArray(SPECIES, maxs, i);
        FloatVector x = fromArray(SPECIES, xs, xsAt + line + i);
        FloatVector a = max.mul(c);
        FloatVector b2 = x.mul(c2);
        FloatVector s2 = a.add(b2);
        FloatVector z = s2.sub(a);
        FloatVector lo2 = a.sub(s2.sub(z)).add(b2.sub(z));
        FloatVector product = s2.mul(q);
        FloatVector lo3 = s2.fma(q, product.neg()).add(s2.fma(lo, lo2.mul(q)));
        VectorMask<Float> c3 = q.compare(EQ, lo);
        FloatVector hi = product.blend(lo, c3);
        FloatVector lo4 = lo3.blend(lo, c3);
        hi.intoArray(awayHis, awayHisAt + line + i);
        lo4.intoArray(awayLos, awayLosAt + line + i);
      }
    }
  }

  private static void weightedDistanceByFloatAgain(RowTile b, Lanes lanes, int start, int n) {
    float[] ws = b.shares.w;
    int wsAt = start;
    float[] maxs = b.max;
    float[] xs = b.x;
    int xsAt = start;
    FloatVector c = broadcast(SPECIES, 0x1.0p-24f);
    FloatVector c2 = broadcast(SPECIES, -0x1.0p-24f);
    FloatVector lo = broadcast(SPECIES, 0f);
    float[] awayHis = b.shares.awayHi;
    int awayHisAt = start;
    float[] awayLos = b.shares.awayLo;
    int awayLosAt = start;
    int end = b.end();
    for (int line = 0; line < end; line += n) {
      for (int i = 0; i < n; i += LENGTH) {
        FloatVector w = fromArray(SPECIES, ws, wsAt + line + i);
        FloatVector max = fromArray(SPECIES, maxs, i);
        FloatVector x = fromArray(SPECIES, xs, xsAt + line + i);
        FloatVector a = max.mul(c);
        FloatVector b2 = x.mul(c2);
        FloatVector s2 = a.add(b2);
        FloatVector z = s2.sub(a);
        FloatVector lo2 = a.sub(s2.sub(z)).add(b2.sub(z));
        FloatVector product = s2.mul(w);
        FloatVector lo3 = s2.fma(w, product.neg()).add(s2.fma(lo, lo2.mul(w)));
        VectorMask<Float> c3 = w.compare(EQ, lo);
        FloatVector hi = product.blend(lo, c3);
        FloatVector lo4 = lo3.blend(lo, c3);
        hi.intoArray(awayHis, awayHisAt + line + i);
        lo4.intoArray(awayLos, awayLosAt + line + i);
      }
    }
  }

  private static void accumulateAgain(RowTile b, Lanes lanes, int start, int n) {
    float[] distanceHis = b.shares.distanceHi;
    float[] awayHis = b.shares.awayHi;
    int awayHisAt = start;
    float[] distanceLos = b.shares.distanceLo;
    float[] awayLos = b.shares.awayLo;
    int awayLosAt = start;
    int end = b.end();
    for (int lane = 0; lane < n; lane += LENGTH) {
      FloatVector distanceHi = fromArray(SPECIES, distanceHis, lane);
      FloatVector distanceLo = fromArray(SPECIES, distanceLos, lane);
      for (int i = lane; i < end; i += n) {
        FloatVector awayHi = fromArray(SPECIES, awayHis, awayHisAt + i);
        FloatVector awayLo = fromArray(SPECIES, awayLos, awayLosAt + i);
        FloatVector s2 = distanceHi.add(awayHi);
        FloatVector z = s2.sub(distanceHi);
        FloatVector lo = distanceHi.sub(s2.sub(z)).add(awayHi.sub(z));
        FloatVector lo2 = distanceLo.add(lo.add(awayLo));
        distanceHi = s2;
        distanceLo = lo2;
      }
      distanceHi.intoArray(distanceHis, lane);
      distanceLo.intoArray(distanceLos, lane);
    }
  }
}
