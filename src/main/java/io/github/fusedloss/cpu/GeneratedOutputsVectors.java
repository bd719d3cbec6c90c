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
final class GeneratedOutputsVectors {
  private GeneratedOutputsVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedOutputsVectors::wanted,
          GeneratedOutputsVectors::logSumExp,
          GeneratedOutputsVectors::logProbabilityOf,
          GeneratedOutputsVectors::entropyOf1,
          GeneratedOutputsVectors::entropyOf2);

  private static long wanted(RowTile b) {
    return 0b11L
        | (b.wantsEntropy ? 0b1100L : 0);
  }

  private static void logSumExp(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowMaxs = b.max;
    float[] rowLogHis = b.logHi;
    float[] rowLogLos = b.logLo;
    FloatVector lo = broadcast(SPECIES, 0f);
    float[] lseHis = b.lse;
    float[] strip0 = s.slots[0];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowMax = fromArray(SPECIES, rowMaxs, i);
      FloatVector rowLogHi = fromArray(SPECIES, rowLogHis, i);
      FloatVector rowLogLo = fromArray(SPECIES, rowLogLos, i);
      FloatVector s2 = rowMax.add(rowLogHi);
      FloatVector z = s2.sub(rowMax);
      FloatVector lo2 = rowMax.sub(s2.sub(z)).add(rowLogHi.sub(z));
      FloatVector lo3 = lo2.add(lo.add(rowLogLo));
      FloatVector s3 = s2.add(lo3);
      FloatVector lo4 = lo3.sub(s3.sub(s2));
      s3.intoArray(lseHis, i);
      lo4.intoArray(strip0, i);
    }
  }

  private static void logProbabilityOf(RowTile b, Lanes lanes, int start, int n) {
    float[] rowMaxs = b.max;
    float[] targetXs = b.targetX;
    float[] rowLogHis = b.logHi;
    float[] rowLogLos = b.logLo;
    FloatVector c = broadcast(SPECIES, 0f);
    float[] logProbabilitys = b.logProbability;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowMax = fromArray(SPECIES, rowMaxs, i);
      FloatVector targetX = fromArray(SPECIES, targetXs, i);
      FloatVector rowLogHi = fromArray(SPECIES, rowLogHis, i);
      FloatVector rowLogLo = fromArray(SPECIES, rowLogLos, i);
      FloatVector b2 = targetX.neg();
      FloatVector s2 = rowMax.sub(targetX);
      FloatVector z = s2.sub(rowMax);
      FloatVector lo = rowMax.sub(s2.sub(z)).add(b2.sub(z));
      FloatVector s3 = s2.add(rowLogHi);
      FloatVector z2 = s3.sub(s2);
      FloatVector lo2 = s2.sub(s3.sub(z2)).add(rowLogHi.sub(z2));
      FloatVector lo3 = lo2.add(lo.add(rowLogLo));
      FloatVector s4 = s3.add(lo3);
      c.sub(s4).intoArray(logProbabilitys, i);
    }
  }

  private static void entropyOf1(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowMomentHis = b.momentHi;
    float[] rowTotalHis = b.totalHi;
    float[] rowTotalLos = b.totalLo;
    float[] rowMomentLos = b.momentLo;
    IntVector c = IntVector.broadcast(INTS, 0x7fffff);
    IntVector c2 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c3 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c4 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c5 = broadcast(SPECIES, 0x1.0f83e2p1f);
    FloatVector c6 = broadcast(SPECIES, 1f);
    IntVector c7 = IntVector.broadcast(INTS, 0x7f800000);
    IntVector c8 = IntVector.broadcast(INTS, 0x7f000000);
    float[] strip0 = s.slots[0];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowMomentHi = fromArray(SPECIES, rowMomentHis, i);
      FloatVector rowTotalHi = fromArray(SPECIES, rowTotalHis, i);
      FloatVector rowTotalLo = fromArray(SPECIES, rowTotalLos, i);
      FloatVector rowMomentLo = fromArray(SPECIES, rowMomentLos, i);
      IntVector v = rowTotalHi.reinterpretAsInts();
      FloatVector m = v.and(c).or(c2).reinterpretAsFloats();
      FloatVector r = m.fma(c3, c4);
      FloatVector r2 = r.fma(m, c5);
      FloatVector v2 = m.neg();
      FloatVector r3 = r2.fma(v2.fma(r2, c6), r2);
      FloatVector r4 = r3.fma(v2.fma(r3, c6), r3).mul(c8.sub(v.and(c7)).reinterpretAsFloats());
      FloatVector q = rowMomentHi.mul(r4);
      FloatVector v3 = q.neg();
      FloatVector v4 = v3.fma(rowTotalHi, rowMomentHi).add(v3.fma(rowTotalLo, rowMomentLo));
      FloatVector corrected = v4.fma(r4, q);
      corrected.intoArray(strip0, i);
    }
  }

  private static void entropyOf2(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowLogHis = b.logHi;
    float[] strip0 = s.slots[0];
    float[] rowLogLos = b.logLo;
    FloatVector lo = broadcast(SPECIES, 0f);
    float[] entropys = b.entropy;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowLogHi = fromArray(SPECIES, rowLogHis, i);
      FloatVector corrected = fromArray(SPECIES, strip0, i);
      FloatVector rowLogLo = fromArray(SPECIES, rowLogLos, i);
      FloatVector s2 = rowLogHi.add(corrected);
      FloatVector z = s2.sub(rowLogHi);
      FloatVector lo2 = rowLogHi.sub(s2.sub(z)).add(corrected.sub(z));
      FloatVector lo3 = lo2.add(rowLogLo.add(lo));
      FloatVector s3 = s2.add(lo3);
      s3.intoArray(entropys, i);
    }
  }
}
