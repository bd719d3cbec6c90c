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
final class GeneratedSmoothedClassWithZLossesVectors {
  private GeneratedSmoothedClassWithZLossesVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedSmoothedClassWithZLossesVectors::wanted,
          GeneratedSmoothedClassWithZLossesVectors::definedLoss1,
          GeneratedSmoothedClassWithZLossesVectors::definedLoss2,
          GeneratedSmoothedClassWithZLossesVectors::definedLoss3,
          GeneratedSmoothedClassWithZLossesVectors::definedLoss4,
          GeneratedSmoothedClassWithZLossesVectors::definedLoss5,
          GeneratedSmoothedClassWithZLossesVectors::penaltyOf1,
          GeneratedSmoothedClassWithZLossesVectors::penaltyOf2,
          GeneratedSmoothedClassWithZLossesVectors::definedSlope1,
          GeneratedSmoothedClassWithZLossesVectors::definedSlope2,
          GeneratedSmoothedClassWithZLossesVectors::definedSlope3,
          GeneratedSmoothedClassWithZLossesVectors::definedSlope4,
          GeneratedSmoothedClassWithZLossesVectors::definedSlope5,
          GeneratedSmoothedClassWithZLossesVectors::definedSlope6,
          GeneratedSmoothedClassWithZLossesVectors::definedSlope7,
          GeneratedSmoothedClassWithZLossesVectors::definedSlope8,
          GeneratedSmoothedClassWithZLossesVectors::definedSlope9,
          GeneratedSmoothedClassWithZLossesVectors::definedSlope10);

  private static long wanted(RowTile b) {
    return 0b1111111L
        | (b.gradient ? 0b11111111110000000L : 0);
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
    FloatVector settingsKeepHi = broadcast(SPECIES, hi(b.settings.keep));
    float[] targetWs = b.weight;
    FloatVector settingsKeepLo = broadcast(SPECIES, lo(b.settings.keep));
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    FloatVector hi = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector targetW = fromArray(SPECIES, targetWs, i);
      FloatVector s2 = fromArray(SPECIES, strip0, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector p = settingsKeepHi.mul(targetW);
      FloatVector lo2 = settingsKeepLo.fma(targetW, settingsKeepHi.fma(targetW, p.neg()));
      FloatVector s3 = p.add(lo2);
      FloatVector lo3 = lo2.sub(s3.sub(p));
      VectorMask<Float> c = settingsKeepHi.compare(EQ, hi);
      FloatVector hi2 = s3.blend(hi, c);
      FloatVector lo4 = lo3.blend(hi, c);
      FloatVector p2 = s2.mul(hi2);
      FloatVector e = s2.fma(hi2, p2.neg());
      FloatVector lo5 = e.add(s2.fma(lo4, lo.mul(hi2)));
      FloatVector s4 = p2.add(lo5);
      FloatVector lo6 = lo5.sub(s4.sub(p2));
      VectorMask<Float> c2 = hi2.compare(EQ, hi);
      FloatVector hi3 = s4.blend(hi, c2);
      FloatVector lo7 = lo6.blend(hi, c2);
      hi3.intoArray(strip0, i);
      lo7.intoArray(strip1, i);
    }
  }

  private static void definedLoss3(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowDistanceHis = b.shares.distanceHi;
    FloatVector settingsSpreadHi = broadcast(SPECIES, hi(b.settings.spread));
    FloatVector settingsSpreadLo = broadcast(SPECIES, lo(b.settings.spread));
    float[] rowDistanceLos = b.shares.distanceLo;
    FloatVector c = broadcast(SPECIES, 0x1.0p24f);
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowDistanceHi = fromArray(SPECIES, rowDistanceHis, i);
      FloatVector rowDistanceLo = fromArray(SPECIES, rowDistanceLos, i);
      FloatVector hi = settingsSpreadHi.mul(c);
      FloatVector lo = settingsSpreadLo.mul(c);
      FloatVector p = rowDistanceHi.mul(hi);
      FloatVector e = rowDistanceHi.fma(hi, p.neg());
      FloatVector lo2 = e.add(rowDistanceHi.fma(lo, rowDistanceLo.mul(hi)));
      FloatVector s2 = p.add(lo2);
      FloatVector lo3 = lo2.sub(s2.sub(p));
      s2.intoArray(strip2, i);
      lo3.intoArray(strip3, i);
    }
  }

  private static void definedLoss4(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowLogHis = b.logHi;
    FloatVector settingsAllHi = broadcast(SPECIES, hi(b.settings.all));
    FloatVector settingsSpreadHi = broadcast(SPECIES, hi(b.settings.spread));
    FloatVector settingsSpreadLo = broadcast(SPECIES, lo(b.settings.spread));
    FloatVector settingsAllLo = broadcast(SPECIES, lo(b.settings.all));
    float[] rowLogLos = b.logLo;
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowLogHi = fromArray(SPECIES, rowLogHis, i);
      FloatVector rowLogLo = fromArray(SPECIES, rowLogLos, i);
      FloatVector p = settingsAllHi.mul(settingsSpreadHi);
      FloatVector e = settingsAllHi.fma(settingsSpreadHi, p.neg());
      FloatVector v = settingsAllHi.fma(settingsSpreadLo, settingsAllLo.mul(settingsSpreadHi));
      FloatVector lo = e.add(v);
      FloatVector s2 = p.add(lo);
      FloatVector lo2 = lo.sub(s2.sub(p));
      FloatVector p2 = rowLogHi.mul(s2);
      FloatVector e2 = rowLogHi.fma(s2, p2.neg());
      FloatVector lo3 = e2.add(rowLogHi.fma(lo2, rowLogLo.mul(s2)));
      FloatVector s3 = p2.add(lo3);
      FloatVector lo4 = lo3.sub(s3.sub(p2));
      s3.intoArray(strip4, i);
      lo4.intoArray(strip5, i);
    }
  }

  private static void definedLoss5(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip2 = s.slots[2];
    float[] strip4 = s.slots[4];
    float[] strip3 = s.slots[3];
    float[] strip5 = s.slots[5];
    float[] strip1 = s.slots[1];
    float[] lossHis = b.lossHi;
    float[] lossLos = b.lossLo;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector hi = fromArray(SPECIES, strip0, i);
      FloatVector s2 = fromArray(SPECIES, strip2, i);
      FloatVector s3 = fromArray(SPECIES, strip4, i);
      FloatVector lo = fromArray(SPECIES, strip3, i);
      FloatVector lo2 = fromArray(SPECIES, strip5, i);
      FloatVector lo3 = fromArray(SPECIES, strip1, i);
      FloatVector s4 = s2.add(s3);
      FloatVector z = s4.sub(s2);
      FloatVector lo4 = s2.sub(s4.sub(z)).add(s3.sub(z));
      FloatVector lo5 = lo4.add(lo.add(lo2));
      FloatVector s5 = s4.add(lo5);
      FloatVector lo6 = lo5.sub(s5.sub(s4));
      FloatVector s6 = hi.add(s5);
      FloatVector z2 = s6.sub(hi);
      FloatVector lo7 = hi.sub(s6.sub(z2)).add(s5.sub(z2));
      FloatVector lo8 = lo7.add(lo3.add(lo6));
      FloatVector s7 = s6.add(lo8);
      FloatVector lo9 = lo8.sub(s7.sub(s6));
      s7.intoArray(lossHis, i);
      lo9.intoArray(lossLos, i);
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
    FloatVector settingsKeepHi = broadcast(SPECIES, hi(b.settings.keep));
    float[] targetWs = b.weight;
    FloatVector settingsKeepLo = broadcast(SPECIES, lo(b.settings.keep));
    FloatVector settingsAllHi = broadcast(SPECIES, hi(b.settings.all));
    FloatVector settingsSpreadHi = broadcast(SPECIES, hi(b.settings.spread));
    FloatVector settingsSpreadLo = broadcast(SPECIES, lo(b.settings.spread));
    FloatVector settingsAllLo = broadcast(SPECIES, lo(b.settings.all));
    FloatVector hi = broadcast(SPECIES, 0f);
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector targetW = fromArray(SPECIES, targetWs, i);
      FloatVector p = settingsKeepHi.mul(targetW);
      FloatVector lo = settingsKeepLo.fma(targetW, settingsKeepHi.fma(targetW, p.neg()));
      FloatVector s2 = p.add(lo);
      FloatVector lo2 = lo.sub(s2.sub(p));
      VectorMask<Float> c = settingsKeepHi.compare(EQ, hi);
      FloatVector hi2 = s2.blend(hi, c);
      FloatVector lo3 = lo2.blend(hi, c);
      FloatVector p2 = settingsAllHi.mul(settingsSpreadHi);
      FloatVector e = settingsAllHi.fma(settingsSpreadHi, p2.neg());
      FloatVector v = settingsAllHi.fma(settingsSpreadLo, settingsAllLo.mul(settingsSpreadHi));
      FloatVector lo4 = e.add(v);
      FloatVector s3 = p2.add(lo4);
      FloatVector lo5 = lo4.sub(s3.sub(p2));
      hi2.intoArray(strip0, i);
      lo3.intoArray(strip1, i);
      s3.intoArray(strip2, i);
      lo5.intoArray(strip3, i);
    }
  }

  private static void definedSlope2(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip2 = s.slots[2];
    float[] strip1 = s.slots[1];
    float[] strip3 = s.slots[3];
    float[] targetScaleHis = b.scale;
    float[] targetScaleLos = b.scaleLo;
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector hi = fromArray(SPECIES, strip0, i);
      FloatVector s2 = fromArray(SPECIES, strip2, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector lo2 = fromArray(SPECIES, strip3, i);
      FloatVector targetScaleHi = fromArray(SPECIES, targetScaleHis, i);
      FloatVector targetScaleLo = fromArray(SPECIES, targetScaleLos, i);
      FloatVector s3 = hi.add(s2);
      FloatVector z = s3.sub(hi);
      FloatVector lo3 = hi.sub(s3.sub(z)).add(s2.sub(z));
      FloatVector lo4 = lo3.add(lo.add(lo2));
      FloatVector s4 = s3.add(lo4);
      FloatVector lo5 = lo4.sub(s4.sub(s3));
      FloatVector p = s4.mul(targetScaleHi);
      FloatVector e = s4.fma(targetScaleHi, p.neg());
      FloatVector lo6 = e.add(s4.fma(targetScaleLo, lo5.mul(targetScaleHi)));
      FloatVector s5 = p.add(lo6);
      FloatVector lo7 = lo6.sub(s5.sub(p));
      lo5.intoArray(strip2, i);
      p.intoArray(strip3, i);
      e.intoArray(strip4, i);
      s5.intoArray(strip5, i);
      lo7.intoArray(strip6, i);
    }
  }

  private static void definedSlope3(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowMaxs = b.max;
    float[] rowLogHis = b.logHi;
    float[] rowLogLos = b.logLo;
    float[] targetPenaltyScaleHis = b.penalty.scale;
    float[] targetPenaltyScaleLos = b.penalty.scaleLo;
    FloatVector hi = broadcast(SPECIES, 0f);
    float[] strip7 = s.slots[7];
    float[] strip8 = s.slots[8];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowMax = fromArray(SPECIES, rowMaxs, i);
      FloatVector rowLogHi = fromArray(SPECIES, rowLogHis, i);
      FloatVector rowLogLo = fromArray(SPECIES, rowLogLos, i);
      FloatVector targetPenaltyScaleHi = fromArray(SPECIES, targetPenaltyScaleHis, i);
      FloatVector targetPenaltyScaleLo = fromArray(SPECIES, targetPenaltyScaleLos, i);
      FloatVector s2 = rowMax.add(rowLogHi);
      FloatVector z = s2.sub(rowMax);
      FloatVector lo = rowMax.sub(s2.sub(z)).add(rowLogHi.sub(z));
      FloatVector lo2 = lo.add(hi.add(rowLogLo));
      FloatVector s3 = s2.add(lo2);
      FloatVector lo3 = lo2.sub(s3.sub(s2));
      FloatVector p = s3.mul(targetPenaltyScaleHi);
      FloatVector e = s3.fma(targetPenaltyScaleHi, p.neg());
      FloatVector lo4 = e.add(s3.fma(targetPenaltyScaleLo, lo3.mul(targetPenaltyScaleHi)));
      FloatVector s4 = p.add(lo4);
      FloatVector lo5 = lo4.sub(s4.sub(p));
      FloatVector hi2 = s4.add(s4);
      FloatVector lo6 = lo5.add(lo5);
      hi2.intoArray(strip7, i);
      lo6.intoArray(strip8, i);
    }
  }

  private static void definedSlope4(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip5 = s.slots[5];
    float[] strip7 = s.slots[7];
    float[] strip6 = s.slots[6];
    float[] strip8 = s.slots[8];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip5, i);
      FloatVector hi = fromArray(SPECIES, strip7, i);
      FloatVector lo = fromArray(SPECIES, strip6, i);
      FloatVector lo2 = fromArray(SPECIES, strip8, i);
      FloatVector s3 = s2.add(hi);
      FloatVector z = s3.sub(s2);
      FloatVector lo3 = s2.sub(s3.sub(z)).add(hi.sub(z));
      FloatVector lo4 = lo3.add(lo.add(lo2));
      FloatVector s4 = s3.add(lo4);
      FloatVector lo5 = lo4.sub(s4.sub(s3));
      s4.intoArray(strip5, i);
      lo5.intoArray(strip6, i);
    }
  }

  private static void definedSlope5(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip5 = s.slots[5];
    float[] rowTotalHis = b.totalHi;
    float[] rowTotalLos = b.totalLo;
    float[] strip6 = s.slots[6];
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
      FloatVector s2 = fromArray(SPECIES, strip5, i);
      FloatVector rowTotalHi = fromArray(SPECIES, rowTotalHis, i);
      FloatVector rowTotalLo = fromArray(SPECIES, rowTotalLos, i);
      FloatVector lo = fromArray(SPECIES, strip6, i);
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
      rowOthersHi.add(rowOthersHi).intoArray(strip5, i);
    }
  }

  private static void definedSlope6(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip3 = s.slots[3];
    float[] strip2 = s.slots[2];
    float[] targetScaleHis = b.scale;
    float[] strip4 = s.slots[4];
    float[] strip7 = s.slots[7];
    float[] strip8 = s.slots[8];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, strip3, i);
      FloatVector lo = fromArray(SPECIES, strip2, i);
      FloatVector targetScaleHi = fromArray(SPECIES, targetScaleHis, i);
      FloatVector e = fromArray(SPECIES, strip4, i);
      FloatVector hi = fromArray(SPECIES, strip7, i);
      FloatVector lo2 = fromArray(SPECIES, strip8, i);
      FloatVector lo3 = lo.fma(targetScaleHi, e);
      FloatVector s2 = p.add(lo3);
      FloatVector lo4 = lo3.sub(s2.sub(p));
      FloatVector s3 = s2.add(hi);
      FloatVector z = s3.sub(s2);
      FloatVector lo5 = s2.sub(s3.sub(z)).add(hi.sub(z));
      FloatVector lo6 = lo5.add(lo4.add(lo2));
      FloatVector s4 = s3.add(lo6);
      FloatVector lo7 = lo6.sub(s4.sub(s3));
      s4.intoArray(strip2, i);
      lo7.intoArray(strip3, i);
    }
  }

  private static void definedSlope7(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] rowOthersHis = b.othersHi;
    float[] slopeFactors = b.coefficient;
    float[] rowOthersLos = b.othersLo;
    float[] strip3 = s.slots[3];
    float[] slopeLikelyHis = b.shares.likelyHi;
    float[] slopeLikelyLos = b.shares.likelyLo;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip2, i);
      FloatVector rowOthersHi = fromArray(SPECIES, rowOthersHis, i);
      FloatVector corrected = fromArray(SPECIES, slopeFactors, i);
      FloatVector rowOthersLo = fromArray(SPECIES, rowOthersLos, i);
      FloatVector lo = fromArray(SPECIES, strip3, i);
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

  private static void definedSlope8(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] targetScaleHis = b.scale;
    FloatVector settingsSpreadHi = broadcast(SPECIES, hi(b.settings.spread));
    float[] strip0 = s.slots[0];
    float[] targetWs = b.weight;
    FloatVector settingsSpreadLo = broadcast(SPECIES, lo(b.settings.spread));
    float[] strip1 = s.slots[1];
    float[] slopeSpreads = b.shares.spread;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector targetScaleHi = fromArray(SPECIES, targetScaleHis, i);
      FloatVector hi = fromArray(SPECIES, strip0, i);
      FloatVector targetW = fromArray(SPECIES, targetWs, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector spread = targetScaleHi.mul(settingsSpreadHi);
      FloatVector p = settingsSpreadHi.mul(targetW);
      FloatVector lo2 = settingsSpreadLo.fma(targetW, settingsSpreadHi.fma(targetW, p.neg()));
      FloatVector s2 = p.add(lo2);
      FloatVector lo3 = lo2.sub(s2.sub(p));
      FloatVector s3 = hi.add(s2);
      FloatVector z = s3.sub(hi);
      FloatVector lo4 = hi.sub(s3.sub(z)).add(s2.sub(z));
      FloatVector lo5 = lo4.add(lo.add(lo3));
      FloatVector s4 = s3.add(lo5);
      FloatVector lo6 = lo5.sub(s4.sub(s3));
      spread.intoArray(slopeSpreads, i);
      s4.intoArray(strip0, i);
      lo6.intoArray(strip1, i);
    }
  }

  private static void definedSlope9(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip5 = s.slots[5];
    float[] rowTotalHis = b.totalHi;
    float[] targetXs = b.targetX;
    float[] rowMaxs = b.max;
    float[] targetScaleHis = b.scale;
    float[] strip0 = s.slots[0];
    float[] slopeLikelyHis = b.shares.likelyHi;
    float[] strip1 = s.slots[1];
    float[] slopeLikelyLos = b.shares.likelyLo;
    float[] terms = b.targetE;
    float[] slopeFactors = b.coefficient;
    float[] slopeAtYs = b.atTarget;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, strip5, i);
      FloatVector rowTotalHi = fromArray(SPECIES, rowTotalHis, i);
      FloatVector targetX = fromArray(SPECIES, targetXs, i);
      FloatVector rowMax = fromArray(SPECIES, rowMaxs, i);
      FloatVector targetScaleHi = fromArray(SPECIES, targetScaleHis, i);
      FloatVector s2 = fromArray(SPECIES, strip0, i);
      FloatVector s3 = fromArray(SPECIES, slopeLikelyHis, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector lo2 = fromArray(SPECIES, slopeLikelyLos, i);
      FloatVector term = fromArray(SPECIES, terms, i);
      FloatVector corrected = fromArray(SPECIES, slopeFactors, i);
      VectorMask<Float> likely = v.compare(LT, rowTotalHi);
      FloatVector share = targetScaleHi.mul(s2);
      FloatVector atY = term.fma(corrected, share.neg());
      FloatVector v2 = targetScaleHi.neg();
      FloatVector v3 = atY.blend(v2.fma(s2, s3).add(v2.fma(lo, lo2)), likely.and(targetX.compare(EQ,
          rowMax)));
      v3.intoArray(slopeAtYs, i);
    }
  }

  private static void definedSlope10(RowTile b, Lanes lanes, int start, int n) {
    float[] targetScaleHis = b.scale;
    float[] slopeScales = b.shares.scale;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector targetScaleHi = fromArray(SPECIES, targetScaleHis, i);
      targetScaleHi.intoArray(slopeScales, i);
    }
  }
}
