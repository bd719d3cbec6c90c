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
final class GeneratedSumsVectors {
  private GeneratedSumsVectors() {}

  static final VectorPasses<SumBlock> PASSES =
      new VectorPasses<>(
          GeneratedSumsVectors::wanted,
          GeneratedSumsVectors::accumulateFloat,
          GeneratedSumsVectors::accumulate);

  private static long wanted(SumBlock b) {
    return (b.lo == null ? 0b1L : 0)
        | (b.lo != null ? 0b10L : 0);
  }

  private static void accumulateFloat(SumBlock b, Lanes lanes, int start, int n) {
    float[] sumHis = lanes.hi;
    int sumHisAt = Blocks.lane(start);
    float[] his = b.hi;
    int hisAt = b.hiAt + start;
    float[] sumLos = lanes.lo;
    int sumLosAt = Blocks.lane(start);
    int end = n;
    for (int lane = 0; lane < Blocks.LANES; lane += LENGTH) {
      FloatVector sumHi = fromArray(SPECIES, sumHis, sumHisAt + lane);
      FloatVector sumLo = fromArray(SPECIES, sumLos, sumLosAt + lane);
      for (int i = lane; i < end; i += Blocks.LANES) {
        FloatVector hi = fromArray(SPECIES, his, hisAt + i);
        FloatVector s2 = sumHi.add(hi);
        FloatVector z = s2.sub(sumHi);
        FloatVector lo = sumHi.sub(s2.sub(z)).add(hi.sub(z));
        FloatVector lo2 = sumLo.add(lo);
        sumHi = s2;
        sumLo = lo2;
      }
      sumHi.intoArray(sumHis, sumHisAt + lane);
      sumLo.intoArray(sumLos, sumLosAt + lane);
    }
  }

  private static void accumulate(SumBlock b, Lanes lanes, int start, int n) {
    float[] sumHis = lanes.hi;
    int sumHisAt = Blocks.lane(start);
    float[] his = b.hi;
    int hisAt = b.hiAt + start;
    float[] sumLos = lanes.lo;
    int sumLosAt = Blocks.lane(start);
    float[] los = b.lo;
    int losAt = b.loAt + start;
    int end = n;
    for (int lane = 0; lane < Blocks.LANES; lane += LENGTH) {
      FloatVector sumHi = fromArray(SPECIES, sumHis, sumHisAt + lane);
      FloatVector sumLo = fromArray(SPECIES, sumLos, sumLosAt + lane);
      for (int i = lane; i < end; i += Blocks.LANES) {
        FloatVector hi = fromArray(SPECIES, his, hisAt + i);
        FloatVector lo = fromArray(SPECIES, los, losAt + i);
        FloatVector s2 = sumHi.add(hi);
        FloatVector z = s2.sub(sumHi);
        FloatVector lo2 = sumHi.sub(s2.sub(z)).add(hi.sub(z));
        FloatVector lo3 = sumLo.add(lo2.add(lo));
        sumHi = s2;
        sumLo = lo3;
      }
      sumHi.intoArray(sumHis, sumHisAt + lane);
      sumLo.intoArray(sumLos, sumLosAt + lane);
    }
  }
}
