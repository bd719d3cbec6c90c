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
final class GeneratedClassLossesVectors {
  private GeneratedClassLossesVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedClassLossesVectors::wanted,
          GeneratedClassLossesVectors::definedLoss1,
          GeneratedClassLossesVectors::definedLoss2,
          GeneratedClassLossesVectors::definedSlope1,
          GeneratedClassLossesVectors::definedSlope2);

  private static long wanted(RowTile b) {
    return 0b11L
        | (b.gradient ? 0b1100L : 0);
  }

  private static void definedLoss1(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowMaxs = b.max;
    float[] targetXs = b.targetX;
    float[] rowLogHis = b.logHi;
    float[] rowLogLos = b.logLo;
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
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
      FloatVector lo4 = lo3.sub(s4.sub(s3));
      s4.intoArray(strip0, i);
      lo4.intoArray(strip1, i);
    }
  }

  private static void definedLoss2(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] targetWs = b.weight;
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    FloatVector hi = broadcast(SPECIES, 0f);
    float[] lossHis = b.lossHi;
    float[] lossLos = b.lossLo;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector targetW = fromArray(SPECIES, targetWs, i);
      FloatVector s2 = fromArray(SPECIES, strip0, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector p = s2.mul(targetW);
      FloatVector lo2 = lo.fma(targetW, s2.fma(targetW, p.neg()));
      FloatVector s3 = p.add(lo2);
      FloatVector lo3 = lo2.sub(s3.sub(p));
      VectorMask<Float> c = targetW.compare(EQ, hi);
      FloatVector hi2 = s3.blend(hi, c);
      FloatVector lo4 = lo3.blend(hi, c);
      hi2.intoArray(lossHis, i);
      lo4.intoArray(lossLos, i);
    }
  }

  private static void definedSlope1(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] targetWs = b.weight;
    float[] targetScaleHis = b.scale;
    float[] targetScaleLos = b.scaleLo;
    float[] rowTotalHis = b.totalHi;
    FloatVector lo = broadcast(SPECIES, 0f);
    IntVector c = IntVector.broadcast(INTS, 0x7fffff);
    IntVector c2 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c3 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c4 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c5 = broadcast(SPECIES, 0x1.0f83e2p1f);
    FloatVector c6 = broadcast(SPECIES, 1f);
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector targetW = fromArray(SPECIES, targetWs, i);
      FloatVector targetScaleHi = fromArray(SPECIES, targetScaleHis, i);
      FloatVector targetScaleLo = fromArray(SPECIES, targetScaleLos, i);
      FloatVector rowTotalHi = fromArray(SPECIES, rowTotalHis, i);
      FloatVector p = targetW.mul(targetScaleHi);
      FloatVector e = targetW.fma(targetScaleHi, p.neg());
      FloatVector lo2 = e.add(targetW.fma(targetScaleLo, lo.mul(targetScaleHi)));
      FloatVector s2 = p.add(lo2);
      FloatVector lo3 = lo2.sub(s2.sub(p));
      FloatVector m = rowTotalHi.reinterpretAsInts().and(c).or(c2).reinterpretAsFloats();
      FloatVector r = m.fma(c3, c4);
      FloatVector r2 = r.fma(m, c5);
      FloatVector v = m.neg();
      FloatVector r3 = r2.fma(v.fma(r2, c6), r2);
      s2.intoArray(strip0, i);
      lo3.intoArray(strip1, i);
      r3.fma(v.fma(r3, c6), r3).intoArray(strip2, i);
    }
  }

  private static void definedSlope2(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip2 = s.slots[2];
    float[] rowTotalHis = b.totalHi;
    float[] rowTotalLos = b.totalLo;
    float[] strip1 = s.slots[1];
    float[] targetXs = b.targetX;
    float[] rowMaxs = b.max;
    float[] rowOthersHis = b.othersHi;
    float[] terms = b.targetE;
    IntVector c = IntVector.broadcast(INTS, 0x7f800000);
    IntVector c2 = IntVector.broadcast(INTS, 0x7f000000);
    float[] slopeFactors = b.coefficient;
    float[] slopeAtYs = b.atTarget;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip0, i);
      FloatVector v = fromArray(SPECIES, strip2, i);
      FloatVector rowTotalHi = fromArray(SPECIES, rowTotalHis, i);
      FloatVector rowTotalLo = fromArray(SPECIES, rowTotalLos, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector targetX = fromArray(SPECIES, targetXs, i);
      FloatVector rowMax = fromArray(SPECIES, rowMaxs, i);
      FloatVector rowOthersHi = fromArray(SPECIES, rowOthersHis, i);
      FloatVector term = fromArray(SPECIES, terms, i);
      FloatVector v2 = c2.sub(rowTotalHi.reinterpretAsInts().and(c)).reinterpretAsFloats();
      FloatVector r = v.mul(v2);
      FloatVector q = s2.mul(r);
      FloatVector v3 = q.neg();
      FloatVector corrected = v3.fma(rowTotalHi, s2).add(v3.fma(rowTotalLo, lo)).fma(r, q);
      FloatVector atY = term.fma(corrected, lo.neg()).sub(s2);
      FloatVector v4 = atY.blend(corrected.mul(rowOthersHi).neg(), targetX.compare(EQ, rowMax));
      corrected.intoArray(slopeFactors, i);
      v4.intoArray(slopeAtYs, i);
    }
  }
}
