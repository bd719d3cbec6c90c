// Generated from kernels/distillation.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.*;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.*;

/** Passes of the Vector API over a strip of a block, of kernels/distillation.cl. */
final class GeneratedTileJsdSlopesVectors {
  private GeneratedTileJsdSlopesVectors() {}

  static final VectorPasses<DivergenceTile> PASSES =
      new VectorPasses<>(
          GeneratedTileJsdSlopesVectors::wanted,
          GeneratedTileJsdSlopesVectors::jsdSlope1,
          GeneratedTileJsdSlopesVectors::jsdSlope2,
          GeneratedTileJsdSlopesVectors::jsdSlope3,
          GeneratedTileJsdSlopesVectors::jsdSlope4,
          GeneratedTileJsdSlopesVectors::jsdSlope5,
          GeneratedTileJsdSlopesVectors::jsdSlope6,
          GeneratedTileJsdSlopesVectors::jsdSlope7,
          GeneratedTileJsdSlopesVectors::jsdSlope8,
          GeneratedTileJsdSlopesVectors::jsdSlope9,
          GeneratedTileJsdSlopesVectors::jsdSlope10,
          GeneratedTileJsdSlopesVectors::jsdSlope11,
          GeneratedTileJsdSlopesVectors::jsdSlope12,
          GeneratedTileJsdSlopesVectors::jsdSlope13,
          GeneratedTileJsdSlopesVectors::jsdSlope14);

  private static long wanted(DivergenceTile b) {
    return 0b11111111111111L;
  }

  private static void jsdSlope1(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] sidesStudentMaxs = b.studentMax;
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] sidesTeacherMaxs = b.teacherMax;
    float[] zs = b.z;
    int zsAt = b.zAt + start;
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector sidesStudentMax = fromArray(SPECIES, sidesStudentMaxs, i);
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector sidesTeacherMax = fromArray(SPECIES, sidesTeacherMaxs, i);
      FloatVector z = fromArray(SPECIES, zs, zsAt + i);
      FloatVector b2 = x.neg();
      FloatVector s2 = sidesStudentMax.sub(x);
      FloatVector z2 = s2.sub(sidesStudentMax);
      FloatVector lo = sidesStudentMax.sub(s2.sub(z2)).add(b2.sub(z2));
      FloatVector b3 = z.neg();
      FloatVector s3 = sidesTeacherMax.sub(z);
      FloatVector z3 = s3.sub(sidesTeacherMax);
      FloatVector lo2 = sidesTeacherMax.sub(s3.sub(z3)).add(b3.sub(z3));
      FloatVector b4 = s3.neg();
      FloatVector s4 = s2.sub(s3);
      FloatVector z4 = s4.sub(s2);
      FloatVector lo3 = s2.sub(s4.sub(z4)).add(b4.sub(z4));
      FloatVector lo4 = lo3.add(lo.sub(lo2));
      s2.intoArray(strip0, i);
      lo.intoArray(strip1, i);
      s3.intoArray(strip2, i);
      lo2.intoArray(strip3, i);
      s4.intoArray(strip4, i);
      lo4.intoArray(strip5, i);
    }
  }

  private static void jsdSlope2(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip2 = s.slots[2];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    FloatVector sidesInverseHi = broadcast(SPECIES, hi(b.inverse));
    FloatVector sidesInverseLo = broadcast(SPECIES, lo(b.inverse));
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector c2 = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip0, i);
      FloatVector s3 = fromArray(SPECIES, strip2, i);
      FloatVector s4 = fromArray(SPECIES, strip4, i);
      FloatVector lo = fromArray(SPECIES, strip5, i);
      FloatVector s5 = s4.add(lo);
      FloatVector lo2 = lo.sub(s5.sub(s4));
      VectorMask<Float> finite = s4.abs().compare(LT, c);
      FloatVector hi = s4.blend(s5, finite);
      FloatVector lo3 = c2.blend(lo2, finite);
      VectorMask<Float> neither = s2.compare(EQ, c).and(s3.compare(EQ, c));
      FloatVector hi2 = hi.blend(c2, neither);
      FloatVector lo4 = lo3.blend(c2, neither);
      FloatVector p = hi2.mul(sidesInverseHi);
      FloatVector lo5 = hi2.fma(sidesInverseHi, p.neg()).add(hi2.fma(sidesInverseLo,
          lo4.mul(sidesInverseHi)));
      FloatVector lo6 = c2.blend(lo5, p.abs().compare(LT, c));
      p.intoArray(strip4, i);
      lo6.intoArray(strip5, i);
    }
  }

  private static void jsdSlope3(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] sidesShiftHis = b.shiftHi;
    float[] strip5 = s.slots[5];
    float[] sidesShiftLos = b.shiftLo;
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector c2 = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, strip4, i);
      FloatVector sidesShiftHi = fromArray(SPECIES, sidesShiftHis, i);
      FloatVector lo = fromArray(SPECIES, strip5, i);
      FloatVector sidesShiftLo = fromArray(SPECIES, sidesShiftLos, i);
      FloatVector b2 = sidesShiftHi.neg();
      FloatVector s2 = p.sub(sidesShiftHi);
      FloatVector z = s2.sub(p);
      FloatVector lo2 = p.sub(s2.sub(z)).add(b2.sub(z));
      FloatVector lo3 = lo2.add(lo.sub(sidesShiftLo));
      FloatVector s3 = s2.add(lo3);
      FloatVector lo4 = lo3.sub(s3.sub(s2));
      VectorMask<Float> finite = s2.abs().compare(LT, c);
      FloatVector hi = s2.blend(s3, finite);
      FloatVector lo5 = c2.blend(lo4, finite);
      hi.intoArray(strip4, i);
      lo5.intoArray(strip5, i);
    }
  }

  private static void jsdSlope4(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] strip2 = s.slots[2];
    float[] strip0 = s.slots[0];
    FloatVector sidesInverseHi = broadcast(SPECIES, hi(b.inverse));
    FloatVector sidesInverseLo = broadcast(SPECIES, lo(b.inverse));
    float[] strip3 = s.slots[3];
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector c3 = broadcast(SPECIES, 104f);
    FloatVector c4 = broadcast(SPECIES, -0x1.715476p0f);
    FloatVector c5 = broadcast(SPECIES, 0x1.80017ep23f);
    FloatVector c6 = broadcast(SPECIES, 0x1.0p-64f);
    FloatVector c7 = broadcast(SPECIES, -0x1.62e43p-1f);
    FloatVector c8 = broadcast(SPECIES, 0x1.05c61p-29f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector hi = fromArray(SPECIES, strip4, i);
      FloatVector s2 = fromArray(SPECIES, strip2, i);
      FloatVector s3 = fromArray(SPECIES, strip0, i);
      FloatVector lo = fromArray(SPECIES, strip3, i);
      FloatVector lo2 = fromArray(SPECIES, strip1, i);
      VectorMask<Float> up = hi.compare(GT, c);
      FloatVector hi2 = s3.blend(s2, up);
      FloatVector lo3 = lo2.blend(lo, up);
      FloatVector p = hi2.mul(sidesInverseHi);
      FloatVector lo4 = hi2.fma(sidesInverseHi, p.neg()).add(hi2.fma(sidesInverseLo,
          lo3.mul(sidesInverseHi)));
      FloatVector lo5 = c.blend(lo4, p.abs().compare(LT, c2));
      FloatVector a = p.blend(c3, c3.compare(LT, p));
      FloatVector kf = a.fma(c4, c5);
      FloatVector k = kf.sub(c5);
      FloatVector v = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector scale = v.mul(c6);
      FloatVector r = k.fma(c8, k.fma(c7, a.neg()));
      lo5.intoArray(strip0, i);
      scale.intoArray(strip1, i);
      r.intoArray(strip2, i);
    }
  }

  private static void jsdSlope5(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip1 = s.slots[1];
    float[] strip0 = s.slots[0];
    float[] strip4 = s.slots[4];
    float[] sidesTeacherInverses = b.teacherInverse;
    float[] sidesStudentInverses = b.studentInverse;
    float[] strip5 = s.slots[5];
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, 0x1.6a1152p-10f);
    FloatVector c3 = broadcast(SPECIES, 0x1.124ad4p-7f);
    FloatVector c4 = broadcast(SPECIES, 0x1.55583cp-5f);
    FloatVector c5 = broadcast(SPECIES, 0x1.55547ep-3f);
    FloatVector c6 = broadcast(SPECIES, 0.5f);
    FloatVector c7 = broadcast(SPECIES, 104f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector r = fromArray(SPECIES, strip2, i);
      FloatVector scale = fromArray(SPECIES, strip1, i);
      FloatVector lo = fromArray(SPECIES, strip0, i);
      FloatVector hi = fromArray(SPECIES, strip4, i);
      FloatVector sidesTeacherInverse = fromArray(SPECIES, sidesTeacherInverses, i);
      FloatVector sidesStudentInverse = fromArray(SPECIES, sidesStudentInverses, i);
      FloatVector lo2 = fromArray(SPECIES, strip5, i);
      VectorMask<Float> up = hi.compare(GT, c);
      FloatVector q = c2.fma(r, c3);
      FloatVector q2 = q.fma(r, c4);
      FloatVector q3 = q2.fma(r, c5);
      FloatVector p = r.mul(r).fma(q3.fma(r, c6), r);
      FloatVector hi2 = p.fma(scale, scale);
      FloatVector lo3 = p.fma(scale, scale.sub(hi2));
      FloatVector e = hi2.add(hi2.neg().fma(lo, lo3));
      FloatVector larger = e.mul(sidesStudentInverse.blend(sidesTeacherInverse, up));
      VectorMask<Float> negative = hi.compare(LT, c);
      FloatVector hi3 = hi.abs();
      FloatVector lo4 = lo2.blend(lo2.neg(), negative);
      FloatVector a = hi3.blend(c7, c7.compare(LT, hi3));
      larger.intoArray(strip0, i);
      lo4.intoArray(strip1, i);
      a.intoArray(strip2, i);
    }
  }

  private static void jsdSlope6(DivergenceTile b, Lanes lanes, int start, int n) {
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
      FloatVector ratio = hi.add(hi.neg().fma(lo, lo2));
      ratio.intoArray(strip2, i);
    }
  }

  private static void jsdSlope7(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] strip0 = s.slots[0];
    float[] strip2 = s.slots[2];
    FloatVector sidesBeta = broadcast(SPECIES, b.beta);
    FloatVector sidesKeep = broadcast(SPECIES, b.keep);
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, 0x1.1ca446p-16f);
    FloatVector c3 = broadcast(SPECIES, -0x1.8b3a96p-13f);
    FloatVector c4 = broadcast(SPECIES, 0x1.6a6534p-10f);
    FloatVector c5 = broadcast(SPECIES, -0x1.10fef8p-7f);
    FloatVector c6 = broadcast(SPECIES, 0x1.5554a2p-5f);
    FloatVector c7 = broadcast(SPECIES, -0x1.555552p-3f);
    FloatVector c8 = broadcast(SPECIES, 0.5f);
    float[] strip3 = s.slots[3];
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    float[] strip7 = s.slots[7];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector hi = fromArray(SPECIES, strip4, i);
      FloatVector larger = fromArray(SPECIES, strip0, i);
      FloatVector ratio = fromArray(SPECIES, strip2, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      VectorMask<Float> up = hi.compare(GT, c);
      FloatVector hi2 = hi.abs();
      FloatVector student = larger.blend(larger.mul(ratio), up);
      FloatVector ofLarger = sidesKeep.blend(sidesBeta, up);
      FloatVector ofSmaller = sidesBeta.blend(sidesKeep, up);
      FloatVector q = c2.fma(hi2, c3);
      FloatVector q2 = q.fma(hi2, c4);
      FloatVector q3 = q2.fma(hi2, c5);
      FloatVector q4 = q3.fma(hi2, c6);
      FloatVector q5 = q4.fma(hi2, c7);
      FloatVector b2 = hi2.mul(hi2).mul(q5.fma(hi2, c8));
      FloatVector s2 = b2.sub(hi2);
      FloatVector lo2 = b2.sub(s2.add(hi2));
      FloatVector lo3 = lo2.sub(lo);
      student.intoArray(strip0, i);
      ofLarger.intoArray(strip3, i);
      ofSmaller.intoArray(strip5, i);
      s2.intoArray(strip6, i);
      lo3.intoArray(strip7, i);
    }
  }

  private static void jsdSlope8(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip6 = s.slots[6];
    FloatVector sidesBeta = broadcast(SPECIES, b.beta);
    float[] strip7 = s.slots[7];
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector c2 = broadcast(SPECIES, 0f);
    float[] strip8 = s.slots[8];
    float[] strip9 = s.slots[9];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip6, i);
      FloatVector lo = fromArray(SPECIES, strip7, i);
      FloatVector p = s2.mul(sidesBeta);
      FloatVector lo2 = lo.fma(sidesBeta, s2.fma(sidesBeta, p.neg()));
      FloatVector s3 = p.add(lo2);
      FloatVector lo3 = lo2.sub(s3.sub(p));
      VectorMask<Float> finite = p.abs().compare(LT, c);
      FloatVector hi = p.blend(s3, finite);
      FloatVector lo4 = c2.blend(lo3, finite);
      hi.intoArray(strip8, i);
      lo4.intoArray(strip9, i);
    }
  }

  private static void jsdSlope9(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] strip6 = s.slots[6];
    float[] strip8 = s.slots[8];
    float[] strip7 = s.slots[7];
    float[] strip9 = s.slots[9];
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector hi = fromArray(SPECIES, strip4, i);
      FloatVector s2 = fromArray(SPECIES, strip6, i);
      FloatVector hi2 = fromArray(SPECIES, strip8, i);
      FloatVector lo = fromArray(SPECIES, strip7, i);
      FloatVector lo2 = fromArray(SPECIES, strip9, i);
      VectorMask<Float> up = hi.compare(GT, c);
      FloatVector hi3 = hi2.neg();
      FloatVector s3 = s2.sub(hi2);
      FloatVector z = s3.sub(s2);
      FloatVector lo3 = s2.sub(s3.sub(z)).add(hi3.sub(z));
      FloatVector lo4 = lo3.add(lo.sub(lo2));
      FloatVector s4 = s3.add(lo4);
      FloatVector lo5 = lo4.sub(s4.sub(s3));
      VectorMask<Float> finite = s3.abs().compare(LT, c2);
      FloatVector hi4 = s3.blend(s4, finite);
      FloatVector lo6 = c.blend(lo5, finite);
      FloatVector hi5 = hi2.blend(hi4, up);
      FloatVector lo7 = lo2.blend(lo6, up);
      hi5.intoArray(strip6, i);
      lo7.intoArray(strip7, i);
    }
  }

  private static void jsdSlope10(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] strip6 = s.slots[6];
    float[] strip7 = s.slots[7];
    float[] strip5 = s.slots[5];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    FloatVector a = broadcast(SPECIES, 1f);
    FloatVector c = broadcast(SPECIES, 0x1.0p-126f);
    FloatVector c2 = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector hi = fromArray(SPECIES, strip4, i);
      FloatVector hi2 = fromArray(SPECIES, strip6, i);
      FloatVector lo = fromArray(SPECIES, strip7, i);
      FloatVector ofSmaller = fromArray(SPECIES, strip5, i);
      FloatVector ratio = fromArray(SPECIES, strip2, i);
      FloatVector ofLarger = fromArray(SPECIES, strip3, i);
      FloatVector hi3 = hi.abs();
      FloatVector s2 = a.add(hi2);
      FloatVector z = s2.sub(a);
      FloatVector lo2 = a.sub(s2.sub(z)).add(hi2.sub(z));
      FloatVector b2 = lo2.add(lo);
      FloatVector s3 = s2.add(b2);
      FloatVector lo3 = b2.sub(s3.sub(s2));
      FloatVector far = ofSmaller.fma(ratio, ofLarger);
      FloatVector far2 = far.blend(c, far.compare(LT, c));
      VectorMask<Float> isNear = hi3.compare(LT, a);
      FloatVector hi4 = far2.blend(s3, isNear);
      FloatVector lo4 = c2.blend(lo3, isNear);
      FloatVector less = ofSmaller.mul(ratio.sub(a)).blend(hi2, isNear);
      FloatVector uLo = c2.blend(lo, isNear);
      hi4.intoArray(strip2, i);
      lo4.intoArray(strip3, i);
      less.intoArray(strip5, i);
      uLo.intoArray(strip6, i);
    }
  }

  private static void jsdSlope11(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    float[] strip3 = s.slots[3];
    IntVector c = IntVector.broadcast(INTS, 0x3f2aaaab);
    FloatVector a = broadcast(SPECIES, 1f);
    IntVector c2 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c3 = broadcast(SPECIES, 0f);
    FloatVector c4 = broadcast(SPECIES, 0x1.62e43p-1f);
    FloatVector c5 = broadcast(SPECIES, -0x1.05c61p-29f);
    float[] strip7 = s.slots[7];
    float[] strip8 = s.slots[8];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector hi = fromArray(SPECIES, strip2, i);
      FloatVector less = fromArray(SPECIES, strip5, i);
      FloatVector uLo = fromArray(SPECIES, strip6, i);
      FloatVector lo = fromArray(SPECIES, strip3, i);
      IntVector v = hi.reinterpretAsInts();
      IntVector k = v.sub(c).lanewise(ASHR, 23);
      IntVector shift = k.lanewise(LSHL, 23);
      FloatVector f = v.sub(shift).reinterpretAsFloats().sub(a);
      FloatVector fLo = lo.mul(c2.sub(shift).reinterpretAsFloats());
      FloatVector k2 = (FloatVector) k.convert(I2F, 0);
      VectorMask<Float> direct = k2.compare(EQ, c3);
      FloatVector f2 = f.blend(less, direct);
      FloatVector fLo2 = fLo.blend(uLo, direct);
      FloatVector h = f2.mul(f2);
      FloatVector hLo = f2.fma(f2, h.neg());
      FloatVector base = k2.mul(c4);
      FloatVector baseLo = k2.fma(c5, k2.fma(c4, base.neg()));
      f2.intoArray(strip2, i);
      fLo2.intoArray(strip3, i);
      h.intoArray(strip5, i);
      hLo.intoArray(strip6, i);
      base.intoArray(strip7, i);
      baseLo.intoArray(strip8, i);
    }
  }

  private static void jsdSlope12(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip7 = s.slots[7];
    float[] strip2 = s.slots[2];
    float[] strip5 = s.slots[5];
    float[] strip3 = s.slots[3];
    float[] strip6 = s.slots[6];
    float[] strip8 = s.slots[8];
    FloatVector c = broadcast(SPECIES, -0.5f);
    FloatVector a = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, -0x1.07f7cep-3f);
    FloatVector c3 = broadcast(SPECIES, 0x1.1e73ap-3f);
    FloatVector c4 = broadcast(SPECIES, -0x1.f317ep-4f);
    FloatVector c5 = broadcast(SPECIES, 0x1.1ed424p-3f);
    FloatVector c6 = broadcast(SPECIES, -0x1.559d8ap-3f);
    FloatVector c7 = broadcast(SPECIES, 0x1.99d05ep-3f);
    FloatVector c8 = broadcast(SPECIES, -0x1.fffef2p-3f);
    FloatVector c9 = broadcast(SPECIES, 0x1.555506p-2f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector base = fromArray(SPECIES, strip7, i);
      FloatVector f = fromArray(SPECIES, strip2, i);
      FloatVector h = fromArray(SPECIES, strip5, i);
      FloatVector fLo = fromArray(SPECIES, strip3, i);
      FloatVector hLo = fromArray(SPECIES, strip6, i);
      FloatVector baseLo = fromArray(SPECIES, strip8, i);
      FloatVector s2 = base.add(f);
      FloatVector lo = f.sub(s2.sub(base));
      FloatVector b2 = c.mul(h);
      FloatVector s3 = s2.add(b2);
      FloatVector lo2 = b2.sub(s3.sub(s2));
      FloatVector g = a.sub(f);
      FloatVector g2 = h.fma(g, g);
      FloatVector p = c2.fma(f, c3);
      FloatVector p2 = p.fma(f, c4);
      FloatVector p3 = p2.fma(f, c5);
      FloatVector p4 = p3.fma(f, c6);
      FloatVector p5 = p4.fma(f, c7);
      FloatVector p6 = p5.fma(f, c8);
      FloatVector p7 = p6.fma(f, c9);
      FloatVector lo3 = h.mul(f).fma(p7, c.mul(hLo)).add(lo.add(lo2));
      FloatVector b3 = fLo.fma(g2, lo3.add(baseLo));
      s3.intoArray(strip2, i);
      b3.intoArray(strip3, i);
    }
  }

  private static void jsdSlope13(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    FloatVector sidesKeep = broadcast(SPECIES, b.keep);
    float[] strip4 = s.slots[4];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip1 = s.slots[1];
    float[] lossHis = b.loss.hi;
    float[] lossLos = b.loss.lo;
    float[] factors = b.factor;
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector a = broadcast(SPECIES, 1f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector student = fromArray(SPECIES, strip0, i);
      FloatVector hi = fromArray(SPECIES, strip4, i);
      FloatVector s2 = fromArray(SPECIES, strip2, i);
      FloatVector b2 = fromArray(SPECIES, strip3, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector lossHi = fromArray(SPECIES, lossHis, i);
      FloatVector lossLo = fromArray(SPECIES, lossLos, i);
      FloatVector factor = fromArray(SPECIES, factors, i);
      VectorMask<Float> up = hi.compare(GT, c);
      FloatVector hi2 = hi.abs();
      VectorMask<Float> isNear = hi2.compare(LT, a);
      FloatVector s3 = s2.add(b2);
      FloatVector lo2 = b2.sub(s3.sub(s2));
      FloatVector up2 = c.sub(s3.add(lo2));
      FloatVector down = hi2.add(s3).add(lo2.add(c.blend(lo, isNear)));
      FloatVector down2 = down.blend(c, down.compare(LT, c));
      FloatVector u = up2.blend(down2.neg(), up);
      FloatVector v = sidesKeep.mul(student.mul(u.sub(lossHi).sub(lossLo)));
      FloatVector v2 = v.blend(c, student.compare(EQ, c));
      v2.mul(factor).intoArray(strip0, i);
    }
  }

  private static void jsdSlope14(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, Float.NaN);
    float[] outs = b.out;
    int outsAt = b.outAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, strip0, i);
      FloatVector v2 = v.add(c);
      c2.blend(v2, v2.compare(EQ, v2)).intoArray(outs, outsAt + i);
    }
  }
}
