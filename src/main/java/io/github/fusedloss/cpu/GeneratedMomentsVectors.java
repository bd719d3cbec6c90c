// Generated from kernels/row_outputs.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.*;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.*;

/** Passes of the Vector API over a strip of a block, of kernels/row_outputs.cl. */
final class GeneratedMomentsVectors {
  private GeneratedMomentsVectors() {}

  static final VectorPasses<RowBlock> PASSES =
      new VectorPasses<>(
          GeneratedMomentsVectors::wanted,
          GeneratedMomentsVectors::momentOf,
          GeneratedMomentsVectors::accumulateFloat);

  private static long wanted(RowBlock b) {
    return 0b11L;
  }

  private static void momentOf(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] es = b.e;
    int esAt = b.eAt + start;
    FloatVector max = broadcast(SPECIES, b.row.max);
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    FloatVector c = broadcast(SPECIES, 128f);
    float[] strip0 = s.slots[0];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector e = fromArray(SPECIES, es, esAt + i);
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector gap = max.sub(x);
      e.mul(c.blend(gap, gap.compare(LT, c))).intoArray(strip0, i);
    }
  }

  private static void accumulateFloat(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] lanesSumHis = lanes.hi;
    int lanesSumHisAt = Blocks.lane(start);
    float[] strip0 = s.slots[0];
    float[] lanesSumLos = lanes.lo;
    int lanesSumLosAt = Blocks.lane(start);
    int end = n;
    for (int lane = 0; lane < Blocks.LANES; lane += LENGTH) {
      FloatVector lanesSumHi = fromArray(SPECIES, lanesSumHis, lanesSumHisAt + lane);
      FloatVector lanesSumLo = fromArray(SPECIES, lanesSumLos, lanesSumLosAt + lane);
      for (int i = lane; i < end; i += Blocks.LANES) {
        FloatVector moment = fromArray(SPECIES, strip0, i);
        FloatVector s2 = lanesSumHi.add(moment);
        FloatVector z = s2.sub(lanesSumHi);
        FloatVector lo = lanesSumHi.sub(s2.sub(z)).add(moment.sub(z));
        FloatVector lo2 = lanesSumLo.add(lo);
        lanesSumHi = s2;
        lanesSumLo = lo2;
      }
      lanesSumHi.intoArray(lanesSumHis, lanesSumHisAt + lane);
      lanesSumLo.intoArray(lanesSumLos, lanesSumLosAt + lane);
    }
  }
}
