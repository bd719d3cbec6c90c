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
final class GeneratedTileSumsVectors {
  private GeneratedTileSumsVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedTileSumsVectors::wanted,
          GeneratedTileSumsVectors::addLogit,
          GeneratedTileSumsVectors::normalise);

  private static long wanted(RowTile b) {
    return 0b11L;
  }

  private static void addLogit(RowTile b, Lanes lanes, int start, int n) {
    float[] sumsTieses = b.ties;
    float[] xs = b.x;
    int xsAt = start;
    float[] maxs = b.max;
    float[] sumsRestHis = b.restHi;
    float[] es = b.e;
    int esAt = start;
    float[] sumsRestLos = b.restLo;
    FloatVector c = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, 0f);
    int end = b.end();
    for (int lane = 0; lane < n; lane += LENGTH) {
      FloatVector sumsTies = fromArray(SPECIES, sumsTieses, lane);
      FloatVector max = fromArray(SPECIES, maxs, lane);
      FloatVector sumsRestHi = fromArray(SPECIES, sumsRestHis, lane);
      FloatVector sumsRestLo = fromArray(SPECIES, sumsRestLos, lane);
      for (int i = lane; i < end; i += n) {
        FloatVector x = fromArray(SPECIES, xs, xsAt + i);
        FloatVector e = fromArray(SPECIES, es, esAt + i);
        VectorMask<Float> v = x.compare(EQ, max);
        FloatVector ties = sumsTies.add(c2.blend(c, v));
        FloatVector v2 = e.blend(c2, v);
        FloatVector s2 = sumsRestHi.add(v2);
        FloatVector z = s2.sub(sumsRestHi);
        FloatVector lo = sumsRestHi.sub(s2.sub(z)).add(v2.sub(z));
        FloatVector lo2 = sumsRestLo.add(lo);
        sumsTies = ties;
        sumsRestHi = s2;
        sumsRestLo = lo2;
      }
      sumsTies.intoArray(sumsTieses, lane);
      sumsRestHi.intoArray(sumsRestHis, lane);
      sumsRestLo.intoArray(sumsRestLos, lane);
    }
  }

  private static void normalise(RowTile b, Lanes lanes, int start, int n) {
    float[] sumsRestHis = b.restHi;
    float[] sumsRestLos = b.restLo;
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector c2 = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector sumsRestHi = fromArray(SPECIES, sumsRestHis, i);
      FloatVector sumsRestLo = fromArray(SPECIES, sumsRestLos, i);
      FloatVector s2 = sumsRestHi.add(sumsRestLo);
      FloatVector lo = sumsRestLo.sub(s2.sub(sumsRestHi));
      VectorMask<Float> finite = sumsRestHi.abs().compare(LT, c);
      FloatVector hi = sumsRestHi.blend(s2, finite);
      FloatVector lo2 = c2.blend(lo, finite);
      hi.intoArray(sumsRestHis, i);
      lo2.intoArray(sumsRestLos, i);
    }
  }
}
