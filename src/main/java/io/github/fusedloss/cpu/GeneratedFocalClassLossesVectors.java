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
final class GeneratedFocalClassLossesVectors {
  private GeneratedFocalClassLossesVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedFocalClassLossesVectors::wanted,
          GeneratedFocalClassLossesVectors::definedLoss1,
          GeneratedFocalClassLossesVectors::definedLoss2,
          GeneratedFocalClassLossesVectors::definedLoss3,
          GeneratedFocalClassLossesVectors::definedLoss4,
          GeneratedFocalClassLossesVectors::definedLoss5,
          GeneratedFocalClassLossesVectors::definedLoss6,
          GeneratedFocalClassLossesVectors::definedLoss7,
          GeneratedFocalClassLossesVectors::definedLoss8,
          GeneratedFocalClassLossesVectors::definedSlope1,
          GeneratedFocalClassLossesVectors::definedSlope2,
          GeneratedFocalClassLossesVectors::definedSlope3,
          GeneratedFocalClassLossesVectors::definedSlope4,
          GeneratedFocalClassLossesVectors::definedSlope5,
          GeneratedFocalClassLossesVectors::definedSlope6,
          GeneratedFocalClassLossesVectors::definedSlope7,
          GeneratedFocalClassLossesVectors::definedSlope8,
          GeneratedFocalClassLossesVectors::definedSlope9,
          GeneratedFocalClassLossesVectors::definedSlope10);

  private static long wanted(RowTile b) {
    return 0b11111111L
        | (b.gradient ? 0b111111111100000000L : 0);
  }

  private static void definedLoss1(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowMaxs = b.max;
    float[] targetXs = b.targetX;
    float[] rowLogHis = b.logHi;
    float[] rowLogLos = b.logLo;
    FloatVector c = broadcast(SPECIES, 104f);
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
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
      FloatVector a = s4.blend(c, c.compare(LT, s4));
      s4.intoArray(strip0, i);
      lo4.intoArray(strip1, i);
      a.intoArray(strip2, i);
    }
  }

  private static void definedLoss2(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, -0x1.715476p0f);
    FloatVector c2 = broadcast(SPECIES, 0x1.80017ep23f);
    FloatVector c3 = broadcast(SPECIES, 0x1.0p-64f);
    FloatVector c4 = broadcast(SPECIES, -0x1.62e43p-1f);
    FloatVector c5 = broadcast(SPECIES, 0x1.05c61p-29f);
    FloatVector c6 = broadcast(SPECIES, 0x1.6a1152p-10f);
    FloatVector c7 = broadcast(SPECIES, 0x1.124ad4p-7f);
    FloatVector c8 = broadcast(SPECIES, 0x1.55583cp-5f);
    FloatVector c9 = broadcast(SPECIES, 0x1.55547ep-3f);
    FloatVector c10 = broadcast(SPECIES, 0.5f);
    FloatVector c11 = broadcast(SPECIES, 1f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector a = fromArray(SPECIES, strip2, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector kf = a.fma(c, c2);
      FloatVector k = kf.sub(c2);
      FloatVector v = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector scale = v.mul(c3);
      FloatVector r = k.fma(c5, k.fma(c4, a.neg()));
      FloatVector q = c6.fma(r, c7);
      FloatVector q2 = q.fma(r, c8);
      FloatVector q3 = q2.fma(r, c9);
      FloatVector p = r.mul(r).fma(q3.fma(r, c10), r);
      FloatVector hi = p.fma(scale, scale);
      FloatVector lo2 = p.fma(scale, scale.sub(hi));
      FloatVector rest = c11.sub(hi).add(hi.fma(lo, lo2.neg()));
      rest.intoArray(strip2, i);
    }
  }

  private static void definedLoss3(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] targetXs = b.targetX;
    float[] rowMaxs = b.max;
    float[] rowOthersHis = b.othersHi;
    float[] rowTotalHis = b.totalHi;
    float[] rowTotalLos = b.totalLo;
    float[] rowOthersLos = b.othersLo;
    float[] strip2 = s.slots[2];
    IntVector c = IntVector.broadcast(INTS, 0x7fffff);
    IntVector c2 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c3 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c4 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c5 = broadcast(SPECIES, 0x1.0f83e2p1f);
    FloatVector c6 = broadcast(SPECIES, 1f);
    IntVector c7 = IntVector.broadcast(INTS, 0x7f800000);
    IntVector c8 = IntVector.broadcast(INTS, 0x7f000000);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector targetX = fromArray(SPECIES, targetXs, i);
      FloatVector rowMax = fromArray(SPECIES, rowMaxs, i);
      FloatVector rowOthersHi = fromArray(SPECIES, rowOthersHis, i);
      FloatVector rowTotalHi = fromArray(SPECIES, rowTotalHis, i);
      FloatVector rowTotalLo = fromArray(SPECIES, rowTotalLos, i);
      FloatVector rowOthersLo = fromArray(SPECIES, rowOthersLos, i);
      FloatVector rest = fromArray(SPECIES, strip2, i);
      IntVector v = rowTotalHi.reinterpretAsInts();
      FloatVector m = v.and(c).or(c2).reinterpretAsFloats();
      FloatVector r = m.fma(c3, c4);
      FloatVector r2 = r.fma(m, c5);
      FloatVector v2 = m.neg();
      FloatVector r3 = r2.fma(v2.fma(r2, c6), r2);
      FloatVector r4 = r3.fma(v2.fma(r3, c6), r3).mul(c8.sub(v.and(c7)).reinterpretAsFloats());
      FloatVector q = rowOthersHi.mul(r4);
      FloatVector v3 = q.neg();
      FloatVector v4 = v3.fma(rowTotalHi, rowOthersHi).add(v3.fma(rowTotalLo, rowOthersLo));
      FloatVector corrected = v4.fma(r4, q);
      FloatVector others = rest.blend(corrected, targetX.compare(EQ, rowMax));
      others.intoArray(strip2, i);
    }
  }

  private static void definedLoss4(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    FloatVector c = broadcast(SPECIES, 0x1.0p-64f);
    FloatVector c2 = broadcast(SPECIES, 0x1.0p64f);
    FloatVector c3 = broadcast(SPECIES, 1f);
    IntVector c4 = IntVector.broadcast(INTS, 0x3f2aaaab);
    FloatVector c5 = broadcast(SPECIES, 64f);
    FloatVector hi = broadcast(SPECIES, 0f);
    FloatVector c6 = broadcast(SPECIES, 0x1.62e43p-1f);
    FloatVector c7 = broadcast(SPECIES, -0x1.05c61p-29f);
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector others = fromArray(SPECIES, strip2, i);
      VectorMask<Float> small = others.compare(LT, c);
      IntVector y = others.mul(c3.blend(c2, small)).reinterpretAsInts();
      IntVector k = y.sub(c4).lanewise(ASHR, 23);
      FloatVector f = y.sub(k.lanewise(LSHL, 23)).reinterpretAsFloats().sub(c3);
      FloatVector k2 = ((FloatVector) k.convert(I2F, 0)).sub(hi.blend(c5, small));
      FloatVector h = f.mul(f);
      FloatVector hLo = f.fma(f, h.neg());
      FloatVector base = k2.mul(c6);
      FloatVector baseLo = k2.fma(c7, k2.fma(c6, base.neg()));
      f.intoArray(strip2, i);
      h.intoArray(strip3, i);
      hLo.intoArray(strip4, i);
      base.intoArray(strip5, i);
      baseLo.intoArray(strip6, i);
    }
  }

  private static void definedLoss5(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip5 = s.slots[5];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    float[] strip6 = s.slots[6];
    FloatVector c = broadcast(SPECIES, -0.5f);
    FloatVector c2 = broadcast(SPECIES, 1f);
    FloatVector c3 = broadcast(SPECIES, -0x1.07f7cep-3f);
    FloatVector c4 = broadcast(SPECIES, 0x1.1e73ap-3f);
    FloatVector c5 = broadcast(SPECIES, -0x1.f317ep-4f);
    FloatVector c6 = broadcast(SPECIES, 0x1.1ed424p-3f);
    FloatVector c7 = broadcast(SPECIES, -0x1.559d8ap-3f);
    FloatVector c8 = broadcast(SPECIES, 0x1.99d05ep-3f);
    FloatVector c9 = broadcast(SPECIES, -0x1.fffef2p-3f);
    FloatVector c10 = broadcast(SPECIES, 0x1.555506p-2f);
    FloatVector hi = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector base = fromArray(SPECIES, strip5, i);
      FloatVector f = fromArray(SPECIES, strip2, i);
      FloatVector h = fromArray(SPECIES, strip3, i);
      FloatVector hLo = fromArray(SPECIES, strip4, i);
      FloatVector baseLo = fromArray(SPECIES, strip6, i);
      FloatVector s2 = base.add(f);
      FloatVector lo = f.sub(s2.sub(base));
      FloatVector b2 = c.mul(h);
      FloatVector s3 = s2.add(b2);
      FloatVector lo2 = b2.sub(s3.sub(s2));
      FloatVector g = c2.sub(f);
      FloatVector g2 = h.fma(g, g);
      FloatVector p = c3.fma(f, c4);
      FloatVector p2 = p.fma(f, c5);
      FloatVector p3 = p2.fma(f, c6);
      FloatVector p4 = p3.fma(f, c7);
      FloatVector p5 = p4.fma(f, c8);
      FloatVector p6 = p5.fma(f, c9);
      FloatVector p7 = p6.fma(f, c10);
      FloatVector lo3 = h.mul(f).fma(p7, c.mul(hLo)).add(lo.add(lo2));
      FloatVector b3 = hi.fma(g2, lo3.add(baseLo));
      s3.intoArray(strip2, i);
      b3.intoArray(strip3, i);
    }
  }

  private static void definedLoss6(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip3 = s.slots[3];
    float[] strip2 = s.slots[2];
    FloatVector settingsGamma = broadcast(SPECIES, b.settings.gamma);
    FloatVector c = broadcast(SPECIES, 104f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector b2 = fromArray(SPECIES, strip3, i);
      FloatVector s2 = fromArray(SPECIES, strip2, i);
      FloatVector s3 = s2.add(b2);
      FloatVector lo = b2.sub(s3.sub(s2));
      FloatVector hi = s3.neg();
      FloatVector lo2 = lo.neg();
      FloatVector p = hi.mul(settingsGamma);
      FloatVector pLo = lo2.fma(settingsGamma, hi.fma(settingsGamma, p.neg()));
      FloatVector a = p.blend(c, c.compare(LT, p));
      pLo.intoArray(strip2, i);
      a.intoArray(strip3, i);
    }
  }

  private static void definedLoss7(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip3 = s.slots[3];
    float[] strip2 = s.slots[2];
    FloatVector c = broadcast(SPECIES, -0x1.715476p0f);
    FloatVector c2 = broadcast(SPECIES, 0x1.80017ep23f);
    FloatVector c3 = broadcast(SPECIES, 0x1.0p-64f);
    FloatVector c4 = broadcast(SPECIES, -0x1.62e43p-1f);
    FloatVector c5 = broadcast(SPECIES, 0x1.05c61p-29f);
    FloatVector c6 = broadcast(SPECIES, 0x1.6a1152p-10f);
    FloatVector c7 = broadcast(SPECIES, 0x1.124ad4p-7f);
    FloatVector c8 = broadcast(SPECIES, 0x1.55583cp-5f);
    FloatVector c9 = broadcast(SPECIES, 0x1.55547ep-3f);
    FloatVector c10 = broadcast(SPECIES, 0.5f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector a = fromArray(SPECIES, strip3, i);
      FloatVector pLo = fromArray(SPECIES, strip2, i);
      FloatVector kf = a.fma(c, c2);
      FloatVector k = kf.sub(c2);
      FloatVector v = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector scale = v.mul(c3);
      FloatVector r = k.fma(c5, k.fma(c4, a.neg()));
      FloatVector q = c6.fma(r, c7);
      FloatVector q2 = q.fma(r, c8);
      FloatVector q3 = q2.fma(r, c9);
      FloatVector p = r.mul(r).fma(q3.fma(r, c10), r);
      FloatVector hi = p.fma(scale, scale);
      FloatVector lo = p.fma(scale, scale.sub(hi));
      FloatVector lo2 = hi.neg().fma(pLo, lo);
      FloatVector s2 = hi.add(lo2);
      FloatVector lo3 = lo2.sub(s2.sub(hi));
      s2.intoArray(strip2, i);
      lo3.intoArray(strip3, i);
    }
  }

  private static void definedLoss8(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] targetWs = b.weight;
    float[] strip2 = s.slots[2];
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip3 = s.slots[3];
    FloatVector hi = broadcast(SPECIES, 0f);
    float[] lossHis = b.lossHi;
    float[] lossLos = b.lossLo;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector targetW = fromArray(SPECIES, targetWs, i);
      FloatVector s2 = fromArray(SPECIES, strip2, i);
      FloatVector s3 = fromArray(SPECIES, strip0, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector lo2 = fromArray(SPECIES, strip3, i);
      FloatVector p = s2.mul(s3);
      FloatVector e = s2.fma(s3, p.neg());
      FloatVector lo3 = e.add(s2.fma(lo, lo2.mul(s3)));
      FloatVector s4 = p.add(lo3);
      FloatVector lo4 = lo3.sub(s4.sub(p));
      FloatVector p2 = s4.mul(targetW);
      FloatVector lo5 = lo4.fma(targetW, s4.fma(targetW, p2.neg()));
      FloatVector s5 = p2.add(lo5);
      FloatVector lo6 = lo5.sub(s5.sub(p2));
      VectorMask<Float> c = targetW.compare(EQ, hi);
      FloatVector hi2 = s5.blend(hi, c);
      FloatVector lo7 = lo6.blend(hi, c);
      hi2.intoArray(lossHis, i);
      lo7.intoArray(lossLos, i);
    }
  }

  private static void definedSlope1(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowMaxs = b.max;
    float[] targetXs = b.targetX;
    float[] rowLogHis = b.logHi;
    float[] rowLogLos = b.logLo;
    FloatVector c = broadcast(SPECIES, 104f);
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
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
      FloatVector a = s4.blend(c, c.compare(LT, s4));
      s4.intoArray(strip0, i);
      lo4.intoArray(strip1, i);
      a.intoArray(strip2, i);
    }
  }

  private static void definedSlope2(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, -0x1.715476p0f);
    FloatVector c2 = broadcast(SPECIES, 0x1.80017ep23f);
    FloatVector c3 = broadcast(SPECIES, 0x1.0p-64f);
    FloatVector c4 = broadcast(SPECIES, -0x1.62e43p-1f);
    FloatVector c5 = broadcast(SPECIES, 0x1.05c61p-29f);
    FloatVector c6 = broadcast(SPECIES, 0x1.6a1152p-10f);
    FloatVector c7 = broadcast(SPECIES, 0x1.124ad4p-7f);
    FloatVector c8 = broadcast(SPECIES, 0x1.55583cp-5f);
    FloatVector c9 = broadcast(SPECIES, 0x1.55547ep-3f);
    FloatVector c10 = broadcast(SPECIES, 0.5f);
    FloatVector c11 = broadcast(SPECIES, 1f);
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector a = fromArray(SPECIES, strip2, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector kf = a.fma(c, c2);
      FloatVector k = kf.sub(c2);
      FloatVector v = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector scale = v.mul(c3);
      FloatVector r = k.fma(c5, k.fma(c4, a.neg()));
      FloatVector q = c6.fma(r, c7);
      FloatVector q2 = q.fma(r, c8);
      FloatVector q3 = q2.fma(r, c9);
      FloatVector p = r.mul(r).fma(q3.fma(r, c10), r);
      FloatVector hi = p.fma(scale, scale);
      FloatVector lo2 = p.fma(scale, scale.sub(hi));
      FloatVector rest = c11.sub(hi).add(hi.fma(lo, lo2.neg()));
      hi.intoArray(strip2, i);
      lo2.intoArray(strip3, i);
      rest.intoArray(strip4, i);
    }
  }

  private static void definedSlope3(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowTotalHis = b.totalHi;
    float[] targetXs = b.targetX;
    float[] rowMaxs = b.max;
    float[] rowOthersHis = b.othersHi;
    float[] rowTotalLos = b.totalLo;
    float[] rowOthersLos = b.othersLo;
    float[] strip4 = s.slots[4];
    IntVector c = IntVector.broadcast(INTS, 0x7fffff);
    IntVector c2 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c3 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c4 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c5 = broadcast(SPECIES, 0x1.0f83e2p1f);
    FloatVector c6 = broadcast(SPECIES, 1f);
    IntVector c7 = IntVector.broadcast(INTS, 0x7f800000);
    IntVector c8 = IntVector.broadcast(INTS, 0x7f000000);
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowTotalHi = fromArray(SPECIES, rowTotalHis, i);
      FloatVector targetX = fromArray(SPECIES, targetXs, i);
      FloatVector rowMax = fromArray(SPECIES, rowMaxs, i);
      FloatVector rowOthersHi = fromArray(SPECIES, rowOthersHis, i);
      FloatVector rowTotalLo = fromArray(SPECIES, rowTotalLos, i);
      FloatVector rowOthersLo = fromArray(SPECIES, rowOthersLos, i);
      FloatVector rest = fromArray(SPECIES, strip4, i);
      IntVector v = rowTotalHi.reinterpretAsInts();
      FloatVector m = v.and(c).or(c2).reinterpretAsFloats();
      FloatVector r = m.fma(c3, c4);
      FloatVector r2 = r.fma(m, c5);
      FloatVector v2 = m.neg();
      FloatVector r3 = r2.fma(v2.fma(r2, c6), r2);
      FloatVector r4 = r3.fma(v2.fma(r3, c6), r3).mul(c8.sub(v.and(c7)).reinterpretAsFloats());
      FloatVector q = rowOthersHi.mul(r4);
      FloatVector v3 = q.neg();
      FloatVector v4 = v3.fma(rowTotalHi, rowOthersHi).add(v3.fma(rowTotalLo, rowOthersLo));
      FloatVector corrected = v4.fma(r4, q);
      FloatVector others = rest.blend(corrected, targetX.compare(EQ, rowMax));
      r4.intoArray(strip4, i);
      others.intoArray(strip5, i);
    }
  }

  private static void definedSlope4(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip5 = s.slots[5];
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, 0x1.0p-90f);
    FloatVector c2 = broadcast(SPECIES, 1f);
    IntVector c3 = IntVector.broadcast(INTS, 0x7fffff);
    IntVector c4 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c5 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c6 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c7 = broadcast(SPECIES, 0x1.0f83e2p1f);
    IntVector c8 = IntVector.broadcast(INTS, 0x7f800000);
    IntVector c9 = IntVector.broadcast(INTS, 0x7f000000);
    FloatVector c10 = broadcast(SPECIES, -0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip0, i);
      FloatVector others = fromArray(SPECIES, strip5, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      VectorMask<Float> tiny = others.compare(LT, c);
      FloatVector d = others.blend(c2, tiny);
      IntVector v = d.reinterpretAsInts();
      FloatVector m = v.and(c3).or(c4).reinterpretAsFloats();
      FloatVector r = m.fma(c5, c6);
      FloatVector r2 = r.fma(m, c7);
      FloatVector v2 = m.neg();
      FloatVector r3 = r2.fma(v2.fma(r2, c2), r2);
      FloatVector r4 = r3.fma(v2.fma(r3, c2), r3).mul(c9.sub(v.and(c8)).reinterpretAsFloats());
      FloatVector q = s2.mul(r4);
      FloatVector corrected = q.neg().fma(d, s2).add(q.fma(c10, lo)).fma(r4, q);
      corrected.intoArray(strip0, i);
    }
  }

  private static void definedSlope5(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip1 = s.slots[1];
    float[] strip3 = s.slots[3];
    float[] strip0 = s.slots[0];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector hi = fromArray(SPECIES, strip2, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector lo2 = fromArray(SPECIES, strip3, i);
      FloatVector corrected = fromArray(SPECIES, strip0, i);
      FloatVector part = hi.neg().fma(lo, hi.add(lo2)).mul(corrected);
      part.intoArray(strip0, i);
    }
  }

  private static void definedSlope6(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip5 = s.slots[5];
    FloatVector c = broadcast(SPECIES, 0x1.0p-64f);
    FloatVector c2 = broadcast(SPECIES, 0x1.0p64f);
    FloatVector c3 = broadcast(SPECIES, 1f);
    IntVector c4 = IntVector.broadcast(INTS, 0x3f2aaaab);
    FloatVector c5 = broadcast(SPECIES, 64f);
    FloatVector dLo = broadcast(SPECIES, 0f);
    FloatVector c6 = broadcast(SPECIES, 0x1.62e43p-1f);
    FloatVector c7 = broadcast(SPECIES, -0x1.05c61p-29f);
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip6 = s.slots[6];
    float[] strip7 = s.slots[7];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector others = fromArray(SPECIES, strip5, i);
      VectorMask<Float> small = others.compare(LT, c);
      IntVector y = others.mul(c3.blend(c2, small)).reinterpretAsInts();
      IntVector k = y.sub(c4).lanewise(ASHR, 23);
      FloatVector f = y.sub(k.lanewise(LSHL, 23)).reinterpretAsFloats().sub(c3);
      FloatVector k2 = ((FloatVector) k.convert(I2F, 0)).sub(dLo.blend(c5, small));
      FloatVector h = f.mul(f);
      FloatVector hLo = f.fma(f, h.neg());
      FloatVector base = k2.mul(c6);
      FloatVector baseLo = k2.fma(c7, k2.fma(c6, base.neg()));
      f.intoArray(strip1, i);
      h.intoArray(strip2, i);
      hLo.intoArray(strip3, i);
      base.intoArray(strip6, i);
      baseLo.intoArray(strip7, i);
    }
  }

  private static void definedSlope7(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip6 = s.slots[6];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip7 = s.slots[7];
    FloatVector c = broadcast(SPECIES, -0.5f);
    FloatVector c2 = broadcast(SPECIES, 1f);
    FloatVector c3 = broadcast(SPECIES, -0x1.07f7cep-3f);
    FloatVector c4 = broadcast(SPECIES, 0x1.1e73ap-3f);
    FloatVector c5 = broadcast(SPECIES, -0x1.f317ep-4f);
    FloatVector c6 = broadcast(SPECIES, 0x1.1ed424p-3f);
    FloatVector c7 = broadcast(SPECIES, -0x1.559d8ap-3f);
    FloatVector c8 = broadcast(SPECIES, 0x1.99d05ep-3f);
    FloatVector c9 = broadcast(SPECIES, -0x1.fffef2p-3f);
    FloatVector c10 = broadcast(SPECIES, 0x1.555506p-2f);
    FloatVector dLo = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector base = fromArray(SPECIES, strip6, i);
      FloatVector f = fromArray(SPECIES, strip1, i);
      FloatVector h = fromArray(SPECIES, strip2, i);
      FloatVector hLo = fromArray(SPECIES, strip3, i);
      FloatVector baseLo = fromArray(SPECIES, strip7, i);
      FloatVector s2 = base.add(f);
      FloatVector lo = f.sub(s2.sub(base));
      FloatVector b2 = c.mul(h);
      FloatVector s3 = s2.add(b2);
      FloatVector lo2 = b2.sub(s3.sub(s2));
      FloatVector g = c2.sub(f);
      FloatVector g2 = h.fma(g, g);
      FloatVector p = c3.fma(f, c4);
      FloatVector p2 = p.fma(f, c5);
      FloatVector p3 = p2.fma(f, c6);
      FloatVector p4 = p3.fma(f, c7);
      FloatVector p5 = p4.fma(f, c8);
      FloatVector p6 = p5.fma(f, c9);
      FloatVector p7 = p6.fma(f, c10);
      FloatVector lo3 = h.mul(f).fma(p7, c.mul(hLo)).add(lo.add(lo2));
      FloatVector b3 = dLo.fma(g2, lo3.add(baseLo));
      s3.intoArray(strip1, i);
      b3.intoArray(strip2, i);
    }
  }

  private static void definedSlope8(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip1 = s.slots[1];
    FloatVector settingsGamma = broadcast(SPECIES, b.settings.gamma);
    FloatVector c = broadcast(SPECIES, 104f);
    FloatVector c2 = broadcast(SPECIES, -0x1.715476p0f);
    FloatVector c3 = broadcast(SPECIES, 0x1.80017ep23f);
    FloatVector c4 = broadcast(SPECIES, 0x1.0p-64f);
    FloatVector c5 = broadcast(SPECIES, -0x1.62e43p-1f);
    FloatVector c6 = broadcast(SPECIES, 0x1.05c61p-29f);
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector b2 = fromArray(SPECIES, strip2, i);
      FloatVector s2 = fromArray(SPECIES, strip1, i);
      FloatVector s3 = s2.add(b2);
      FloatVector lo = b2.sub(s3.sub(s2));
      FloatVector hi = s3.neg();
      FloatVector lo2 = lo.neg();
      FloatVector p = hi.mul(settingsGamma);
      FloatVector pLo = lo2.fma(settingsGamma, hi.fma(settingsGamma, p.neg()));
      FloatVector a = p.blend(c, c.compare(LT, p));
      FloatVector kf = a.fma(c2, c3);
      FloatVector k = kf.sub(c3);
      FloatVector v = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector scale = v.mul(c4);
      FloatVector r = k.fma(c6, k.fma(c5, a.neg()));
      pLo.intoArray(strip1, i);
      scale.intoArray(strip2, i);
      r.intoArray(strip3, i);
    }
  }

  private static void definedSlope9(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] targetWs = b.weight;
    float[] strip3 = s.slots[3];
    float[] strip2 = s.slots[2];
    float[] strip1 = s.slots[1];
    FloatVector settingsGamma = broadcast(SPECIES, b.settings.gamma);
    float[] strip5 = s.slots[5];
    float[] strip0 = s.slots[0];
    FloatVector c = broadcast(SPECIES, 0x1.0p-90f);
    FloatVector c2 = broadcast(SPECIES, 0x1.6a1152p-10f);
    FloatVector c3 = broadcast(SPECIES, 0x1.124ad4p-7f);
    FloatVector c4 = broadcast(SPECIES, 0x1.55583cp-5f);
    FloatVector c5 = broadcast(SPECIES, 0x1.55547ep-3f);
    FloatVector c6 = broadcast(SPECIES, 0.5f);
    FloatVector c7 = broadcast(SPECIES, 1f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector targetW = fromArray(SPECIES, targetWs, i);
      FloatVector r = fromArray(SPECIES, strip3, i);
      FloatVector scale = fromArray(SPECIES, strip2, i);
      FloatVector pLo = fromArray(SPECIES, strip1, i);
      FloatVector others = fromArray(SPECIES, strip5, i);
      FloatVector part = fromArray(SPECIES, strip0, i);
      VectorMask<Float> tiny = others.compare(LT, c);
      FloatVector q = c2.fma(r, c3);
      FloatVector q2 = q.fma(r, c4);
      FloatVector q3 = q2.fma(r, c5);
      FloatVector p = r.mul(r).fma(q3.fma(r, c6), r);
      FloatVector hi = p.fma(scale, scale);
      FloatVector lo = p.fma(scale, scale.sub(hi));
      FloatVector lo2 = hi.neg().fma(pLo, lo);
      FloatVector steep = hi.add(lo2).mul(settingsGamma.fma(part.blend(c7, tiny), c7));
      FloatVector hi2 = targetW.mul(steep);
      hi2.intoArray(strip0, i);
    }
  }

  private static void definedSlope10(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] targetScaleHis = b.scale;
    float[] targetScaleLos = b.scaleLo;
    float[] strip4 = s.slots[4];
    float[] rowTotalHis = b.totalHi;
    float[] rowTotalLos = b.totalLo;
    float[] targetXs = b.targetX;
    float[] rowMaxs = b.max;
    float[] rowOthersHis = b.othersHi;
    float[] terms = b.targetE;
    FloatVector dLo = broadcast(SPECIES, 0f);
    float[] slopeFactors = b.coefficient;
    float[] slopeAtYs = b.atTarget;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector hi = fromArray(SPECIES, strip0, i);
      FloatVector targetScaleHi = fromArray(SPECIES, targetScaleHis, i);
      FloatVector targetScaleLo = fromArray(SPECIES, targetScaleLos, i);
      FloatVector r = fromArray(SPECIES, strip4, i);
      FloatVector rowTotalHi = fromArray(SPECIES, rowTotalHis, i);
      FloatVector rowTotalLo = fromArray(SPECIES, rowTotalLos, i);
      FloatVector targetX = fromArray(SPECIES, targetXs, i);
      FloatVector rowMax = fromArray(SPECIES, rowMaxs, i);
      FloatVector rowOthersHi = fromArray(SPECIES, rowOthersHis, i);
      FloatVector term = fromArray(SPECIES, terms, i);
      FloatVector p = hi.mul(targetScaleHi);
      FloatVector e = hi.fma(targetScaleHi, p.neg());
      FloatVector lo = e.add(hi.fma(targetScaleLo, dLo.mul(targetScaleHi)));
      FloatVector s2 = p.add(lo);
      FloatVector lo2 = lo.sub(s2.sub(p));
      FloatVector q = s2.mul(r);
      FloatVector v = q.neg();
      FloatVector corrected = v.fma(rowTotalHi, s2).add(v.fma(rowTotalLo, lo2)).fma(r, q);
      FloatVector atY = term.fma(corrected, lo2.neg()).sub(s2);
      FloatVector v2 = atY.blend(corrected.mul(rowOthersHi).neg(), targetX.compare(EQ, rowMax));
      corrected.intoArray(slopeFactors, i);
      v2.intoArray(slopeAtYs, i);
    }
  }
}
