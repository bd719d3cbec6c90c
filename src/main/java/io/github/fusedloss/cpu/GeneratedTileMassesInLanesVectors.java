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
final class GeneratedTileMassesInLanesVectors {
  private GeneratedTileMassesInLanesVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedTileMassesInLanesVectors::wanted,
          GeneratedTileMassesInLanesVectors::accumulate,
          GeneratedTileMassesInLanesVectors::accumulateFloat);

  private static long wanted(RowTile b) {
    return (b.shares.pairs ? 0b1L : 0)
        | (!b.shares.pairs ? 0b10L : 0);
  }

  private static void accumulate(RowTile b, Lanes lanes, int start, int n) {
    float[] sumHis = b.laneHi;
    float[] shareHis = b.shares.shareHi;
    int shareHisAt = start;
    float[] sumLos = b.laneLo;
    float[] shareLos = b.shares.shareLo;
    int shareLosAt = start;
    int end = b.end();
    for (int lane = 0; lane < n; lane += LENGTH) {
      FloatVector sumHi = fromArray(SPECIES, sumHis, lane);
      FloatVector sumLo = fromArray(SPECIES, sumLos, lane);
      for (int i = lane; i < end; i += n) {
        FloatVector shareHi = fromArray(SPECIES, shareHis, shareHisAt + i);
        FloatVector shareLo = fromArray(SPECIES, shareLos, shareLosAt + i);
        FloatVector s2 = sumHi.add(shareHi);
        FloatVector z = s2.sub(sumHi);
        FloatVector lo = sumHi.sub(s2.sub(z)).add(shareHi.sub(z));
        FloatVector lo2 = sumLo.add(lo.add(shareLo));
        sumHi = s2;
        sumLo = lo2;
      }
      sumHi.intoArray(sumHis, lane);
      sumLo.intoArray(sumLos, lane);
    }
  }

  private static void accumulateFloat(RowTile b, Lanes lanes, int start, int n) {
    float[] sumHis = b.laneHi;
    float[] qs = b.shares.q;
    int qsAt = start;
    float[] sumLos = b.laneLo;
    int end = b.end();
    for (int lane = 0; lane < n; lane += LENGTH) {
      FloatVector sumHi = fromArray(SPECIES, sumHis, lane);
      FloatVector sumLo = fromArray(SPECIES, sumLos, lane);
      for (int i = lane; i < end; i += n) {
        FloatVector q = fromArray(SPECIES, qs, qsAt + i);
        FloatVector s2 = sumHi.add(q);
        FloatVector z = s2.sub(sumHi);
        FloatVector lo = sumHi.sub(s2.sub(z)).add(q.sub(z));
        FloatVector lo2 = sumLo.add(lo);
        sumHi = s2;
        sumLo = lo2;
      }
      sumHi.intoArray(sumHis, lane);
      sumLo.intoArray(sumLos, lane);
    }
  }
}
