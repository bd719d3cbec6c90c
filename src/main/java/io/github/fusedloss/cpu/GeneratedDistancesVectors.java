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
final class GeneratedDistancesVectors {
  private GeneratedDistancesVectors() {}

  static final VectorPasses<RowBlock> PASSES =
      new VectorPasses<>(
          GeneratedDistancesVectors::wanted,
          GeneratedDistancesVectors::smoothed,
          GeneratedDistancesVectors::givenShare,
          GeneratedDistancesVectors::smoothedShare,
          GeneratedDistancesVectors::accumulateFloat,
          GeneratedDistancesVectors::weightedDistanceByFloat,
          GeneratedDistancesVectors::accumulate,
          GeneratedDistancesVectors::weightedDistance,
          GeneratedDistancesVectors::weightedDistanceByFloatAgain,
          GeneratedDistancesVectors::distanceTo,
          GeneratedDistancesVectors::accumulateAgain);

  private static long wanted(RowBlock b) {
    return (b.q != null && b.w == null && b.settings.smooth ? 0b1L : 0)
        | (b.q != null && b.w != null && !b.settings.smooth ? 0b10L : 0)
        | (b.q != null && b.w != null && b.settings.smooth ? 0b100L : 0)
        | (b.q != null && b.w == null && !b.settings.smooth ? 0b11000L : 0)
        | (b.q != null && (b.w != null || b.settings.smooth) ? 0b1100000L : 0)
        | (b.q == null && b.w != null ? 0b10000000L : 0)
        | (b.q == null && b.w == null ? 0b100000000L : 0)
        | 0b1000000000L;
  }

  private static void smoothed(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] qs = b.q;
    int qsAt = b.qAt + start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.settings.keep));
    FloatVector spreadHi = broadcast(SPECIES, hi(b.settings.spread));
    FloatVector keepLo = broadcast(SPECIES, lo(b.settings.keep));
    FloatVector spreadLo = broadcast(SPECIES, lo(b.settings.spread));
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector q = fromArray(SPECIES, qs, qsAt + i);
      FloatVector p = q.mul(keepHi);
      FloatVector pLo = q.fma(keepLo, q.fma(keepHi, p.neg()));
      FloatVector s2 = p.add(spreadHi);
      FloatVector z = s2.sub(p);
      FloatVector lo = p.sub(s2.sub(z)).add(spreadHi.sub(z));
      FloatVector lo2 = lo.add(pLo.add(spreadLo));
      s2.intoArray(strip0, i);
      lo2.intoArray(strip1, i);
    }
  }

  private static void givenShare(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] qs = b.q;
    int qsAt = b.qAt + start;
    float[] ws = b.w;
    int wsAt = b.wAt + start;
    FloatVector lo = broadcast(SPECIES, 0f);
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector q = fromArray(SPECIES, qs, qsAt + i);
      FloatVector w = fromArray(SPECIES, ws, wsAt + i);
      FloatVector p = q.mul(w);
      FloatVector lo2 = lo.fma(w, q.fma(w, p.neg()));
      p.intoArray(strip0, i);
      lo2.intoArray(strip1, i);
    }
  }

  private static void smoothedShare(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] qs = b.q;
    int qsAt = b.qAt + start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.settings.keep));
    FloatVector spreadHi = broadcast(SPECIES, hi(b.settings.spread));
    float[] ws = b.w;
    int wsAt = b.wAt + start;
    FloatVector keepLo = broadcast(SPECIES, lo(b.settings.keep));
    FloatVector spreadLo = broadcast(SPECIES, lo(b.settings.spread));
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector q = fromArray(SPECIES, qs, qsAt + i);
      FloatVector w = fromArray(SPECIES, ws, wsAt + i);
      FloatVector p = q.mul(keepHi);
      FloatVector pLo = q.fma(keepLo, q.fma(keepHi, p.neg()));
      FloatVector s2 = p.add(spreadHi);
      FloatVector z = s2.sub(p);
      FloatVector lo = p.sub(s2.sub(z)).add(spreadHi.sub(z));
      FloatVector lo2 = lo.add(pLo.add(spreadLo));
      FloatVector p2 = s2.mul(w);
      FloatVector lo3 = lo2.fma(w, s2.fma(w, p2.neg()));
      p2.intoArray(strip0, i);
      lo3.intoArray(strip1, i);
    }
  }

  private static void accumulateFloat(RowBlock b, Lanes lanes, int start, int n) {
    float[] lanesSumHis = lanes.hi;
    int lanesSumHisAt = Blocks.lane(start);
    float[] qs = b.q;
    int qsAt = b.qAt + start;
    float[] lanesSumLos = lanes.lo;
    int lanesSumLosAt = Blocks.lane(start);
    int end = n;
    for (int lane = 0; lane < Blocks.LANES; lane += LENGTH) {
      FloatVector lanesSumHi = fromArray(SPECIES, lanesSumHis, lanesSumHisAt + lane);
      FloatVector lanesSumLo = fromArray(SPECIES, lanesSumLos, lanesSumLosAt + lane);
      for (int i = lane; i < end; i += Blocks.LANES) {
        FloatVector q = fromArray(SPECIES, qs, qsAt + i);
        FloatVector s2 = lanesSumHi.add(q);
        FloatVector z = s2.sub(lanesSumHi);
        FloatVector lo = lanesSumHi.sub(s2.sub(z)).add(q.sub(z));
        FloatVector lo2 = lanesSumLo.add(lo);
        lanesSumHi = s2;
        lanesSumLo = lo2;
      }
      lanesSumHi.intoArray(lanesSumHis, lanesSumHisAt + lane);
      lanesSumLo.intoArray(lanesSumLos, lanesSumLosAt + lane);
    }
  }

  private static void weightedDistanceByFloat(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] qs = b.q;
    int qsAt = b.qAt + start;
    FloatVector from = broadcast(SPECIES, b.from);
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    FloatVector c = broadcast(SPECIES, 0x1.0p-24f);
    FloatVector c2 = broadcast(SPECIES, -0x1.0p-24f);
    FloatVector lo = broadcast(SPECIES, 0f);
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector q = fromArray(SPECIES, qs, qsAt + i);
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector a = from.mul(c);
      FloatVector b2 = x.mul(c2);
      FloatVector s2 = a.add(b2);
      FloatVector z = s2.sub(a);
      FloatVector lo2 = a.sub(s2.sub(z)).add(b2.sub(z));
      FloatVector product = s2.mul(q);
      FloatVector lo3 = s2.fma(q, product.neg()).add(s2.fma(lo, lo2.mul(q)));
      VectorMask<Float> c3 = q.compare(EQ, lo);
      FloatVector hi = product.blend(lo, c3);
      FloatVector lo4 = lo3.blend(lo, c3);
      hi.intoArray(strip2, i);
      lo4.intoArray(strip3, i);
    }
  }

  private static void accumulate(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] lanesSumHis = lanes.hi;
    int lanesSumHisAt = Blocks.lane(start);
    float[] strip0 = s.slots[0];
    float[] lanesSumLos = lanes.lo;
    int lanesSumLosAt = Blocks.lane(start);
    float[] strip1 = s.slots[1];
    int end = n;
    for (int lane = 0; lane < Blocks.LANES; lane += LENGTH) {
      FloatVector lanesSumHi = fromArray(SPECIES, lanesSumHis, lanesSumHisAt + lane);
      FloatVector lanesSumLo = fromArray(SPECIES, lanesSumLos, lanesSumLosAt + lane);
      for (int i = lane; i < end; i += Blocks.LANES) {
        FloatVector shareHi = fromArray(SPECIES, strip0, i);
        FloatVector shareLo = fromArray(SPECIES, strip1, i);
        FloatVector s2 = lanesSumHi.add(shareHi);
        FloatVector z = s2.sub(lanesSumHi);
        FloatVector lo = lanesSumHi.sub(s2.sub(z)).add(shareHi.sub(z));
        FloatVector lo2 = lanesSumLo.add(lo.add(shareLo));
        lanesSumHi = s2;
        lanesSumLo = lo2;
      }
      lanesSumHi.intoArray(lanesSumHis, lanesSumHisAt + lane);
      lanesSumLo.intoArray(lanesSumLos, lanesSumLosAt + lane);
    }
  }

  private static void weightedDistance(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    FloatVector from = broadcast(SPECIES, b.from);
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, 0x1.0p-24f);
    FloatVector c2 = broadcast(SPECIES, -0x1.0p-24f);
    FloatVector hi = broadcast(SPECIES, 0f);
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector shareHi = fromArray(SPECIES, strip0, i);
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector shareLo = fromArray(SPECIES, strip1, i);
      FloatVector a = from.mul(c);
      FloatVector b2 = x.mul(c2);
      FloatVector s2 = a.add(b2);
      FloatVector z = s2.sub(a);
      FloatVector lo = a.sub(s2.sub(z)).add(b2.sub(z));
      FloatVector product = s2.mul(shareHi);
      FloatVector lo2 = s2.fma(shareHi, product.neg()).add(s2.fma(shareLo, lo.mul(shareHi)));
      VectorMask<Float> c3 = shareHi.compare(EQ, hi);
      FloatVector hi2 = product.blend(hi, c3);
      FloatVector lo3 = lo2.blend(hi, c3);
      hi2.intoArray(strip2, i);
      lo3.intoArray(strip3, i);
    }
  }

  private static void weightedDistanceByFloatAgain(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ws = b.w;
    int wsAt = b.wAt + start;
    FloatVector from = broadcast(SPECIES, b.from);
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    FloatVector c = broadcast(SPECIES, 0x1.0p-24f);
    FloatVector c2 = broadcast(SPECIES, -0x1.0p-24f);
    FloatVector lo = broadcast(SPECIES, 0f);
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector w = fromArray(SPECIES, ws, wsAt + i);
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector a = from.mul(c);
      FloatVector b2 = x.mul(c2);
      FloatVector s2 = a.add(b2);
      FloatVector z = s2.sub(a);
      FloatVector lo2 = a.sub(s2.sub(z)).add(b2.sub(z));
      FloatVector product = s2.mul(w);
      FloatVector lo3 = s2.fma(w, product.neg()).add(s2.fma(lo, lo2.mul(w)));
      VectorMask<Float> c3 = w.compare(EQ, lo);
      FloatVector hi = product.blend(lo, c3);
      FloatVector lo4 = lo3.blend(lo, c3);
      hi.intoArray(strip2, i);
      lo4.intoArray(strip3, i);
    }
  }

  private static void distanceTo(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    FloatVector from = broadcast(SPECIES, b.from);
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    FloatVector c = broadcast(SPECIES, 0x1.0p-24f);
    FloatVector c2 = broadcast(SPECIES, -0x1.0p-24f);
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector a = from.mul(c);
      FloatVector b2 = x.mul(c2);
      FloatVector s2 = a.add(b2);
      FloatVector z = s2.sub(a);
      FloatVector lo = a.sub(s2.sub(z)).add(b2.sub(z));
      s2.intoArray(strip2, i);
      lo.intoArray(strip3, i);
    }
  }

  private static void accumulateAgain(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] lanesMoreSumHis = lanes.more.hi;
    int lanesMoreSumHisAt = Blocks.lane(start);
    float[] strip2 = s.slots[2];
    float[] lanesMoreSumLos = lanes.more.lo;
    int lanesMoreSumLosAt = Blocks.lane(start);
    float[] strip3 = s.slots[3];
    int end = n;
    for (int lane = 0; lane < Blocks.LANES; lane += LENGTH) {
      FloatVector lanesMoreSumHi = fromArray(SPECIES, lanesMoreSumHis, lanesMoreSumHisAt + lane);
      FloatVector lanesMoreSumLo = fromArray(SPECIES, lanesMoreSumLos, lanesMoreSumLosAt + lane);
      for (int i = lane; i < end; i += Blocks.LANES) {
        FloatVector awayHi = fromArray(SPECIES, strip2, i);
        FloatVector awayLo = fromArray(SPECIES, strip3, i);
        FloatVector s2 = lanesMoreSumHi.add(awayHi);
        FloatVector z = s2.sub(lanesMoreSumHi);
        FloatVector lo = lanesMoreSumHi.sub(s2.sub(z)).add(awayHi.sub(z));
        FloatVector lo2 = lanesMoreSumLo.add(lo.add(awayLo));
        lanesMoreSumHi = s2;
        lanesMoreSumLo = lo2;
      }
      lanesMoreSumHi.intoArray(lanesMoreSumHis, lanesMoreSumHisAt + lane);
      lanesMoreSumLo.intoArray(lanesMoreSumLos, lanesMoreSumLosAt + lane);
    }
  }
}
