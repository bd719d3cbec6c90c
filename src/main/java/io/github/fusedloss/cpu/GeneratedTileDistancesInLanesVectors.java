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
final class GeneratedTileDistancesInLanesVectors {
  private GeneratedTileDistancesInLanesVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedTileDistancesInLanesVectors::wanted,
          GeneratedTileDistancesInLanesVectors::accumulate);

  private static long wanted(RowTile b) {
    return 0b1L;
  }

  private static void accumulate(RowTile b, Lanes lanes, int start, int n) {
    float[] sumHis = b.laneHi;
    float[] awayHis = b.shares.awayHi;
    int awayHisAt = start;
    float[] sumLos = b.laneLo;
    float[] awayLos = b.shares.awayLo;
    int awayLosAt = start;
    int end = b.end();
    for (int lane = 0; lane < n; lane += LENGTH) {
      FloatVector sumHi = fromArray(SPECIES, sumHis, lane);
      FloatVector sumLo = fromArray(SPECIES, sumLos, lane);
      for (int i = lane; i < end; i += n) {
        FloatVector awayHi = fromArray(SPECIES, awayHis, awayHisAt + i);
        FloatVector awayLo = fromArray(SPECIES, awayLos, awayLosAt + i);
        FloatVector s2 = sumHi.add(awayHi);
        FloatVector z = s2.sub(sumHi);
        FloatVector lo = sumHi.sub(s2.sub(z)).add(awayHi.sub(z));
        FloatVector lo2 = sumLo.add(lo.add(awayLo));
        sumHi = s2;
        sumLo = lo2;
      }
      sumHi.intoArray(sumHis, lane);
      sumLo.intoArray(sumLos, lane);
    }
  }
}
