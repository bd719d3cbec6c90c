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
final class GeneratedTermsVectors {
  private GeneratedTermsVectors() {}

  static final VectorPasses<RowBlock> PASSES =
      new VectorPasses<>(
          GeneratedTermsVectors::wanted,
          GeneratedTermsVectors::term,
          GeneratedTermsVectors::addLogit);

  private static long wanted(RowBlock b) {
    return 0b11L;
  }

  private static void term(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    FloatVector cut = broadcast(SPECIES, b.row.cut);
    FloatVector shift = broadcast(SPECIES, b.row.shift);
    FloatVector magic = broadcast(SPECIES, b.row.magic);
    FloatVector c = broadcast(SPECIES, 0x1.715476p0f);
    FloatVector c2 = broadcast(SPECIES, -0x1.62e43p-1f);
    FloatVector c3 = broadcast(SPECIES, 0x1.05c61p-29f);
    FloatVector c4 = broadcast(SPECIES, 0x1.6a1152p-10f);
    FloatVector c5 = broadcast(SPECIES, 0x1.124ad4p-7f);
    FloatVector c6 = broadcast(SPECIES, 0x1.55583cp-5f);
    FloatVector c7 = broadcast(SPECIES, 0x1.55547ep-3f);
    FloatVector c8 = broadcast(SPECIES, 0.5f);
    FloatVector c9 = broadcast(SPECIES, 1f);
    FloatVector c10 = broadcast(SPECIES, 0f);
    float[] es = b.e == null ? s.exponentials : b.e;
    int esAt = b.e == null ? 0 : b.eAt + start;
    int next = VectorMath.next(xs, xsAt, b.n);
    float touched = 0f;
    for (int i = 0; i < n; i += LENGTH) {
      touched += xs[next + i];
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector x2 = x.sub(shift);
      FloatVector kf = x2.fma(c, magic);
      FloatVector k = kf.sub(magic);
      FloatVector scale = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector r = k.fma(c3, k.fma(c2, x2));
      FloatVector q = c4.fma(r, c5);
      FloatVector q2 = q.fma(r, c6);
      FloatVector q3 = q2.fma(r, c7);
      FloatVector e = r.fma(r.fma(q3.fma(r, c8), c9), c9).mul(scale);
      e.blend(c10, x.compare(LT, cut)).intoArray(es, esAt + i);
    }
    s.touched = touched;
  }

  private static void addLogit(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] sumsTieses = s.ties;
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    FloatVector max = broadcast(SPECIES, b.row.max);
    float[] sumsRestHis = lanes.hi;
    int sumsRestHisAt = Blocks.lane(start);
    float[] es = b.e == null ? s.exponentials : b.e;
    int esAt = b.e == null ? 0 : b.eAt + start;
    float[] sumsRestLos = lanes.lo;
    int sumsRestLosAt = Blocks.lane(start);
    FloatVector c = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, 0f);
    int end = n;
    for (int lane = 0; lane < Blocks.LANES; lane += LENGTH) {
      FloatVector sumsTies = fromArray(SPECIES, sumsTieses, lane);
      FloatVector sumsRestHi = fromArray(SPECIES, sumsRestHis, sumsRestHisAt + lane);
      FloatVector sumsRestLo = fromArray(SPECIES, sumsRestLos, sumsRestLosAt + lane);
      for (int i = lane; i < end; i += Blocks.LANES) {
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
      sumsRestHi.intoArray(sumsRestHis, sumsRestHisAt + lane);
      sumsRestLo.intoArray(sumsRestLos, sumsRestLosAt + lane);
    }
  }
}
