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
final class GeneratedProbabilityWithZLossesVectors {
  private GeneratedProbabilityWithZLossesVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedProbabilityWithZLossesVectors::wanted,
          GeneratedProbabilityWithZLossesVectors::definedLoss,
          GeneratedProbabilityWithZLossesVectors::penaltyOf1,
          GeneratedProbabilityWithZLossesVectors::penaltyOf2,
          GeneratedProbabilityWithZLossesVectors::definedSlope1,
          GeneratedProbabilityWithZLossesVectors::definedSlope2,
          GeneratedProbabilityWithZLossesVectors::definedSlope3,
          GeneratedProbabilityWithZLossesVectors::definedSlope4,
          GeneratedProbabilityWithZLossesVectors::definedSlope5,
          GeneratedProbabilityWithZLossesVectors::definedSlope6,
          GeneratedProbabilityWithZLossesVectors::definedSlope7,
          GeneratedProbabilityWithZLossesVectors::definedSlope8);

  private static long wanted(RowTile b) {
    return 0b111L
        | (b.gradient ? 0b11111111000L : 0);
  }

  private static void definedLoss(RowTile b, Lanes lanes, int start, int n) {
    float[] rowDistanceHis = b.shares.distanceHi;
    float[] rowLogHis = b.logHi;
    float[] rowMassHis = b.shares.massHi;
    float[] rowMassLos = b.shares.massLo;
    float[] rowLogLos = b.logLo;
    float[] rowDistanceLos = b.shares.distanceLo;
    FloatVector c = broadcast(SPECIES, 0x1.0p24f);
    float[] lossHis = b.lossHi;
    float[] lossLos = b.lossLo;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowDistanceHi = fromArray(SPECIES, rowDistanceHis, i);
      FloatVector rowLogHi = fromArray(SPECIES, rowLogHis, i);
      FloatVector rowMassHi = fromArray(SPECIES, rowMassHis, i);
      FloatVector rowMassLo = fromArray(SPECIES, rowMassLos, i);
      FloatVector rowLogLo = fromArray(SPECIES, rowLogLos, i);
      FloatVector rowDistanceLo = fromArray(SPECIES, rowDistanceLos, i);
      FloatVector hi = rowDistanceHi.mul(c);
      FloatVector lo = rowDistanceLo.mul(c);
      FloatVector p = rowLogHi.mul(rowMassHi);
      FloatVector e = rowLogHi.fma(rowMassHi, p.neg());
      FloatVector lo2 = e.add(rowLogHi.fma(rowMassLo, rowLogLo.mul(rowMassHi)));
      FloatVector s2 = p.add(lo2);
      FloatVector lo3 = lo2.sub(s2.sub(p));
      FloatVector s3 = hi.add(s2);
      FloatVector z = s3.sub(hi);
      FloatVector lo4 = hi.sub(s3.sub(z)).add(s2.sub(z));
      FloatVector lo5 = lo4.add(lo.add(lo3));
      FloatVector s4 = s3.add(lo5);
      FloatVector lo6 = lo5.sub(s4.sub(s3));
      s4.intoArray(lossHis, i);
      lo6.intoArray(lossLos, i);
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
    float[] rowMassHis = b.shares.massHi;
    float[] targetScaleHis = b.scale;
    float[] targetScaleLos = b.scaleLo;
    float[] rowMassLos = b.shares.massLo;
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowMassHi = fromArray(SPECIES, rowMassHis, i);
      FloatVector targetScaleHi = fromArray(SPECIES, targetScaleHis, i);
      FloatVector targetScaleLo = fromArray(SPECIES, targetScaleLos, i);
      FloatVector rowMassLo = fromArray(SPECIES, rowMassLos, i);
      FloatVector p = rowMassHi.mul(targetScaleHi);
      FloatVector e = rowMassHi.fma(targetScaleHi, p.neg());
      FloatVector lo = e.add(rowMassHi.fma(targetScaleLo, rowMassLo.mul(targetScaleHi)));
      FloatVector s2 = p.add(lo);
      FloatVector lo2 = lo.sub(s2.sub(p));
      p.intoArray(strip0, i);
      e.intoArray(strip1, i);
      s2.intoArray(strip2, i);
      lo2.intoArray(strip3, i);
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
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
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
      hi.intoArray(strip4, i);
      lo7.intoArray(strip5, i);
    }
  }

  private static void definedSlope3(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip4 = s.slots[4];
    float[] strip3 = s.slots[3];
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip2, i);
      FloatVector hi = fromArray(SPECIES, strip4, i);
      FloatVector lo = fromArray(SPECIES, strip3, i);
      FloatVector lo2 = fromArray(SPECIES, strip5, i);
      FloatVector s3 = s2.add(hi);
      FloatVector z = s3.sub(s2);
      FloatVector lo3 = s2.sub(s3.sub(z)).add(hi.sub(z));
      FloatVector lo4 = lo3.add(lo.add(lo2));
      FloatVector s4 = s3.add(lo4);
      FloatVector lo5 = lo4.sub(s4.sub(s3));
      s4.intoArray(strip2, i);
      lo5.intoArray(strip3, i);
    }
  }

  private static void definedSlope4(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] rowTotalHis = b.totalHi;
    float[] rowTotalLos = b.totalLo;
    float[] strip3 = s.slots[3];
    float[] rowOthersHis = b.othersHi;
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
      FloatVector s2 = fromArray(SPECIES, strip2, i);
      FloatVector rowTotalHi = fromArray(SPECIES, rowTotalHis, i);
      FloatVector rowTotalLo = fromArray(SPECIES, rowTotalLos, i);
      FloatVector lo = fromArray(SPECIES, strip3, i);
      FloatVector rowOthersHi = fromArray(SPECIES, rowOthersHis, i);
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
      rowOthersHi.add(rowOthersHi).intoArray(strip2, i);
    }
  }

  private static void definedSlope5(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] rowMassLos = b.shares.massLo;
    float[] targetScaleHis = b.scale;
    float[] strip1 = s.slots[1];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, strip0, i);
      FloatVector rowMassLo = fromArray(SPECIES, rowMassLos, i);
      FloatVector targetScaleHi = fromArray(SPECIES, targetScaleHis, i);
      FloatVector e = fromArray(SPECIES, strip1, i);
      FloatVector hi = fromArray(SPECIES, strip4, i);
      FloatVector lo = fromArray(SPECIES, strip5, i);
      FloatVector lo2 = rowMassLo.fma(targetScaleHi, e);
      FloatVector s2 = p.add(lo2);
      FloatVector lo3 = lo2.sub(s2.sub(p));
      FloatVector s3 = s2.add(hi);
      FloatVector z = s3.sub(s2);
      FloatVector lo4 = s2.sub(s3.sub(z)).add(hi.sub(z));
      FloatVector lo5 = lo4.add(lo3.add(lo));
      FloatVector s4 = s3.add(lo5);
      FloatVector lo6 = lo5.sub(s4.sub(s3));
      s4.intoArray(strip0, i);
      lo6.intoArray(strip1, i);
    }
  }

  private static void definedSlope6(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] rowOthersHis = b.othersHi;
    float[] slopeFactors = b.coefficient;
    float[] rowOthersLos = b.othersLo;
    float[] strip1 = s.slots[1];
    float[] slopeLikelyHis = b.shares.likelyHi;
    float[] slopeLikelyLos = b.shares.likelyLo;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip0, i);
      FloatVector rowOthersHi = fromArray(SPECIES, rowOthersHis, i);
      FloatVector corrected = fromArray(SPECIES, slopeFactors, i);
      FloatVector rowOthersLo = fromArray(SPECIES, rowOthersLos, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector b2 = corrected.neg();
      FloatVector p = rowOthersHi.mul(b2);
      FloatVector lo2 = rowOthersLo.fma(b2, rowOthersHi.fma(b2, p.neg()));
      FloatVector s3 = p.add(lo2);
      FloatVector lo3 = lo2.sub(s3.sub(p));
      FloatVector s4 = s2.add(s3);
      FloatVector z = s4.sub(s2);
      FloatVector lo4 = s2.sub(s4.sub(z)).add(s3.sub(z));
      FloatVector lo5 = lo4.add(lo.add(lo3));
      FloatVector s5 = s4.add(lo5);
      FloatVector lo6 = lo5.sub(s5.sub(s4));
      s5.intoArray(slopeLikelyHis, i);
      lo6.intoArray(slopeLikelyLos, i);
    }
  }

  private static void definedSlope7(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] rowTotalHis = b.totalHi;
    float[] rowMaxs = b.max;
    float[] rowShifts = b.shift;
    float[] rowMagics = b.magic;
    FloatVector c = broadcast(SPECIES, 0x1.715476p0f);
    FloatVector c2 = broadcast(SPECIES, -0x1.62e43p-1f);
    FloatVector c3 = broadcast(SPECIES, 0x1.05c61p-29f);
    FloatVector c4 = broadcast(SPECIES, 0x1.6a1152p-10f);
    FloatVector c5 = broadcast(SPECIES, 0x1.124ad4p-7f);
    FloatVector c6 = broadcast(SPECIES, 0x1.55583cp-5f);
    FloatVector c7 = broadcast(SPECIES, 0x1.55547ep-3f);
    FloatVector c8 = broadcast(SPECIES, 0.5f);
    FloatVector c9 = broadcast(SPECIES, 1f);
    FloatVector c10 = broadcast(SPECIES, -1f);
    float[] slopeTops = b.shares.top;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, strip2, i);
      FloatVector rowTotalHi = fromArray(SPECIES, rowTotalHis, i);
      FloatVector rowMax = fromArray(SPECIES, rowMaxs, i);
      FloatVector rowShift = fromArray(SPECIES, rowShifts, i);
      FloatVector rowMagic = fromArray(SPECIES, rowMagics, i);
      VectorMask<Float> likely = v.compare(LT, rowTotalHi);
      FloatVector x = rowMax.sub(rowShift);
      FloatVector kf = x.fma(c, rowMagic);
      FloatVector k = kf.sub(rowMagic);
      FloatVector scale = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector r = k.fma(c3, k.fma(c2, x));
      FloatVector q = c4.fma(r, c5);
      FloatVector q2 = q.fma(r, c6);
      FloatVector q3 = q2.fma(r, c7);
      FloatVector top = c10.blend(r.fma(r.fma(q3.fma(r, c8), c9), c9).mul(scale), likely);
      top.intoArray(slopeTops, i);
    }
  }

  private static void definedSlope8(RowTile b, Lanes lanes, int start, int n) {
    float[] targetScaleHis = b.scale;
    float[] slopeScales = b.shares.scale;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector targetScaleHi = fromArray(SPECIES, targetScaleHis, i);
      targetScaleHi.intoArray(slopeScales, i);
    }
  }
}
