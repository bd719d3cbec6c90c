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
final class GeneratedClassWithZLossesVectors {
  private GeneratedClassWithZLossesVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedClassWithZLossesVectors::wanted,
          GeneratedClassWithZLossesVectors::definedLoss1,
          GeneratedClassWithZLossesVectors::definedLoss2,
          GeneratedClassWithZLossesVectors::penaltyOf1,
          GeneratedClassWithZLossesVectors::penaltyOf2,
          GeneratedClassWithZLossesVectors::definedSlope1,
          GeneratedClassWithZLossesVectors::definedSlope2,
          GeneratedClassWithZLossesVectors::definedSlope3,
          GeneratedClassWithZLossesVectors::definedSlope4,
          GeneratedClassWithZLossesVectors::definedSlope5,
          GeneratedClassWithZLossesVectors::definedSlope6);

  private static long wanted(RowTile b) {
    return 0b1111L
        | (b.gradient ? 0b1111110000L : 0);
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

  private static void penaltyOf1(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowMaxs = b.max;
    float[] rowLogHis = b.logHi;
    float[] rowLogLos = b.logLo;
    FloatVector lo = broadcast(SPECIES, 0f);
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
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
      s3.intoArray(strip0, i);
      lo4.intoArray(strip1, i);
    }
  }

  private static void penaltyOf2(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    FloatVector settingsPenalty = broadcast(SPECIES, b.settings.penalty);
    float[] strip1 = s.slots[1];
    float[] penaltyHis = b.penalty.hi;
    float[] penaltyLos = b.penalty.lo;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip0, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector p = s2.mul(settingsPenalty);
      FloatVector lo2 = lo.fma(settingsPenalty, s2.fma(settingsPenalty, p.neg()));
      FloatVector s3 = p.add(lo2);
      FloatVector lo3 = lo2.sub(s3.sub(p));
      FloatVector p2 = s3.mul(s2);
      FloatVector e = s3.fma(s2, p2.neg());
      FloatVector lo4 = e.add(s3.fma(lo, lo3.mul(s2)));
      FloatVector s4 = p2.add(lo4);
      FloatVector lo5 = lo4.sub(s4.sub(p2));
      s4.intoArray(penaltyHis, i);
      lo5.intoArray(penaltyLos, i);
    }
  }

  private static void definedSlope1(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] targetWs = b.weight;
    float[] targetScaleHis = b.scale;
    float[] targetScaleLos = b.scaleLo;
    FloatVector lo = broadcast(SPECIES, 0f);
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector targetW = fromArray(SPECIES, targetWs, i);
      FloatVector targetScaleHi = fromArray(SPECIES, targetScaleHis, i);
      FloatVector targetScaleLo = fromArray(SPECIES, targetScaleLos, i);
      FloatVector p = targetW.mul(targetScaleHi);
      FloatVector e = targetW.fma(targetScaleHi, p.neg());
      FloatVector lo2 = e.add(targetW.fma(targetScaleLo, lo.mul(targetScaleHi)));
      FloatVector s2 = p.add(lo2);
      FloatVector lo3 = lo2.sub(s2.sub(p));
      s2.intoArray(strip0, i);
      lo3.intoArray(strip1, i);
    }
  }

  private static void definedSlope2(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowMaxs = b.max;
    float[] rowLogHis = b.logHi;
    float[] rowLogLos = b.logLo;
    float[] targetPenaltyScaleHis = b.penalty.scale;
    float[] targetPenaltyScaleLos = b.penalty.scaleLo;
    FloatVector lo = broadcast(SPECIES, 0f);
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowMax = fromArray(SPECIES, rowMaxs, i);
      FloatVector rowLogHi = fromArray(SPECIES, rowLogHis, i);
      FloatVector rowLogLo = fromArray(SPECIES, rowLogLos, i);
      FloatVector targetPenaltyScaleHi = fromArray(SPECIES, targetPenaltyScaleHis, i);
      FloatVector targetPenaltyScaleLo = fromArray(SPECIES, targetPenaltyScaleLos, i);
      FloatVector s2 = rowMax.add(rowLogHi);
      FloatVector z = s2.sub(rowMax);
      FloatVector lo2 = rowMax.sub(s2.sub(z)).add(rowLogHi.sub(z));
      FloatVector lo3 = lo2.add(lo.add(rowLogLo));
      FloatVector s3 = s2.add(lo3);
      FloatVector lo4 = lo3.sub(s3.sub(s2));
      FloatVector p = s3.mul(targetPenaltyScaleHi);
      FloatVector e = s3.fma(targetPenaltyScaleHi, p.neg());
      FloatVector lo5 = e.add(s3.fma(targetPenaltyScaleLo, lo4.mul(targetPenaltyScaleHi)));
      FloatVector s4 = p.add(lo5);
      FloatVector lo6 = lo5.sub(s4.sub(p));
      FloatVector hi = s4.add(s4);
      FloatVector lo7 = lo6.add(lo6);
      hi.intoArray(strip2, i);
      lo7.intoArray(strip3, i);
    }
  }

  private static void definedSlope3(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip2 = s.slots[2];
    float[] strip1 = s.slots[1];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip0, i);
      FloatVector hi = fromArray(SPECIES, strip2, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector lo2 = fromArray(SPECIES, strip3, i);
      FloatVector s3 = s2.add(hi);
      FloatVector z = s3.sub(s2);
      FloatVector lo3 = s2.sub(s3.sub(z)).add(hi.sub(z));
      FloatVector lo4 = lo3.add(lo.add(lo2));
      FloatVector s4 = s3.add(lo4);
      FloatVector lo5 = lo4.sub(s4.sub(s3));
      s4.intoArray(strip4, i);
      lo5.intoArray(strip5, i);
    }
  }

  private static void definedSlope4(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] rowTotalHis = b.totalHi;
    float[] rowTotalLos = b.totalLo;
    float[] strip5 = s.slots[5];
    IntVector c = IntVector.broadcast(INTS, 0x7fffff);
    IntVector c2 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c3 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c4 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c5 = broadcast(SPECIES, 0x1.0f83e2p1f);
    FloatVector c6 = broadcast(SPECIES, 1f);
    IntVector c7 = IntVector.broadcast(INTS, 0x7f800000);
    IntVector c8 = IntVector.broadcast(INTS, 0x7f000000);
    float[] slopeFactors = b.coefficient;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip4, i);
      FloatVector rowTotalHi = fromArray(SPECIES, rowTotalHis, i);
      FloatVector rowTotalLo = fromArray(SPECIES, rowTotalLos, i);
      FloatVector lo = fromArray(SPECIES, strip5, i);
      IntVector v = rowTotalHi.reinterpretAsInts();
      FloatVector m = v.and(c).or(c2).reinterpretAsFloats();
      FloatVector r = m.fma(c3, c4);
      FloatVector r2 = r.fma(m, c5);
      FloatVector v2 = m.neg();
      FloatVector r3 = r2.fma(v2.fma(r2, c6), r2);
      FloatVector r4 = r3.fma(v2.fma(r3, c6), r3).mul(c8.sub(v.and(c7)).reinterpretAsFloats());
      FloatVector q = s2.mul(r4);
      FloatVector v3 = q.neg();
      FloatVector corrected = v3.fma(rowTotalHi, s2).add(v3.fma(rowTotalLo, lo)).fma(r4, q);
      corrected.intoArray(slopeFactors, i);
    }
  }

  private static void definedSlope5(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowOthersHis = b.othersHi;
    float[] terms = b.targetE;
    float[] slopeFactors = b.coefficient;
    float[] strip1 = s.slots[1];
    float[] strip0 = s.slots[0];
    float[] strip2 = s.slots[2];
    float[] rowOthersLos = b.othersLo;
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowOthersHi = fromArray(SPECIES, rowOthersHis, i);
      FloatVector term = fromArray(SPECIES, terms, i);
      FloatVector corrected = fromArray(SPECIES, slopeFactors, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector s2 = fromArray(SPECIES, strip0, i);
      FloatVector hi = fromArray(SPECIES, strip2, i);
      FloatVector rowOthersLo = fromArray(SPECIES, rowOthersLos, i);
      FloatVector lo2 = fromArray(SPECIES, strip3, i);
      FloatVector atY = term.fma(corrected, lo.neg()).sub(s2);
      FloatVector b2 = corrected.neg();
      FloatVector p = rowOthersHi.mul(b2);
      FloatVector lo3 = rowOthersLo.fma(b2, rowOthersHi.fma(b2, p.neg()));
      FloatVector s3 = p.add(lo3);
      FloatVector lo4 = lo3.sub(s3.sub(p));
      FloatVector s4 = hi.add(s3);
      FloatVector z = s4.sub(hi);
      FloatVector lo5 = hi.sub(s4.sub(z)).add(s3.sub(z));
      FloatVector lo6 = lo5.add(lo2.add(lo4));
      FloatVector s5 = s4.add(lo6);
      rowOthersHi.add(rowOthersHi).intoArray(strip0, i);
      atY.intoArray(strip1, i);
      s5.intoArray(strip2, i);
    }
  }

  private static void definedSlope6(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] rowTotalHis = b.totalHi;
    float[] targetXs = b.targetX;
    float[] rowMaxs = b.max;
    float[] strip2 = s.slots[2];
    float[] strip1 = s.slots[1];
    float[] slopeAtYs = b.atTarget;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, strip0, i);
      FloatVector rowTotalHi = fromArray(SPECIES, rowTotalHis, i);
      FloatVector targetX = fromArray(SPECIES, targetXs, i);
      FloatVector rowMax = fromArray(SPECIES, rowMaxs, i);
      FloatVector s2 = fromArray(SPECIES, strip2, i);
      FloatVector atY = fromArray(SPECIES, strip1, i);
      VectorMask<Float> likely = v.compare(LT, rowTotalHi);
      FloatVector v2 = atY.blend(s2, likely.and(targetX.compare(EQ, rowMax)));
      v2.intoArray(slopeAtYs, i);
    }
  }
}
