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
final class GeneratedTileReverseTermsVectors {
  private GeneratedTileReverseTermsVectors() {}

  static final VectorPasses<DivergenceTile> PASSES =
      new VectorPasses<>(
          GeneratedTileReverseTermsVectors::wanted,
          GeneratedTileReverseTermsVectors::reverseTerm1,
          GeneratedTileReverseTermsVectors::reverseTerm2,
          GeneratedTileReverseTermsVectors::reverseTerm3,
          GeneratedTileReverseTermsVectors::reverseTerm4,
          GeneratedTileReverseTermsVectors::reverseTerm5,
          GeneratedTileReverseTermsVectors::reverseTerm6,
          GeneratedTileReverseTermsVectors::reverseTerm7,
          GeneratedTileReverseTermsVectors::reverseTerm8);

  private static long wanted(DivergenceTile b) {
    return 0b11111111L;
  }

  private static void reverseTerm1(DivergenceTile b, Lanes lanes, int start, int n) {
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
      s2.intoArray(strip0, i);
      lo.intoArray(strip1, i);
      s3.intoArray(strip2, i);
      lo2.intoArray(strip3, i);
    }
  }

  private static void reverseTerm2(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip2 = s.slots[2];
    float[] strip1 = s.slots[1];
    float[] strip3 = s.slots[3];
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector c2 = broadcast(SPECIES, 0f);
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip0, i);
      FloatVector s3 = fromArray(SPECIES, strip2, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector lo2 = fromArray(SPECIES, strip3, i);
      FloatVector b2 = s3.neg();
      FloatVector s4 = s2.sub(s3);
      FloatVector z = s4.sub(s2);
      FloatVector lo3 = s2.sub(s4.sub(z)).add(b2.sub(z));
      FloatVector lo4 = lo3.add(lo.sub(lo2));
      FloatVector s5 = s4.add(lo4);
      FloatVector lo5 = lo4.sub(s5.sub(s4));
      VectorMask<Float> finite = s4.abs().compare(LT, c);
      FloatVector hi = s4.blend(s5, finite);
      FloatVector lo6 = c2.blend(lo5, finite);
      VectorMask<Float> neither = s2.compare(EQ, c).and(s3.compare(EQ, c));
      FloatVector hi2 = hi.blend(c2, neither);
      FloatVector lo7 = lo6.blend(c2, neither);
      hi2.intoArray(strip4, i);
      lo7.intoArray(strip5, i);
    }
  }

  private static void reverseTerm3(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    FloatVector sidesInverseHi = broadcast(SPECIES, hi(b.inverse));
    float[] sidesShiftHis = b.shiftHi;
    FloatVector sidesInverseLo = broadcast(SPECIES, lo(b.inverse));
    float[] strip5 = s.slots[5];
    float[] sidesShiftLos = b.shiftLo;
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector c2 = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector hi = fromArray(SPECIES, strip4, i);
      FloatVector sidesShiftHi = fromArray(SPECIES, sidesShiftHis, i);
      FloatVector lo = fromArray(SPECIES, strip5, i);
      FloatVector sidesShiftLo = fromArray(SPECIES, sidesShiftLos, i);
      FloatVector p = hi.mul(sidesInverseHi);
      FloatVector lo2 = hi.fma(sidesInverseHi, p.neg()).add(hi.fma(sidesInverseLo,
          lo.mul(sidesInverseHi)));
      FloatVector lo3 = c2.blend(lo2, p.abs().compare(LT, c));
      FloatVector b2 = sidesShiftHi.neg();
      FloatVector s2 = p.sub(sidesShiftHi);
      FloatVector z = s2.sub(p);
      FloatVector lo4 = p.sub(s2.sub(z)).add(b2.sub(z));
      FloatVector lo5 = lo4.add(lo3.sub(sidesShiftLo));
      FloatVector s3 = s2.add(lo5);
      VectorMask<Float> finite = s2.abs().compare(LT, c);
      FloatVector hi2 = s2.blend(s3, finite);
      hi2.intoArray(strip4, i);
    }
  }

  private static void reverseTerm4(DivergenceTile b, Lanes lanes, int start, int n) {
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
      lo5.intoArray(strip0, i);
      a.intoArray(strip1, i);
    }
  }

  private static void reverseTerm5(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip1 = s.slots[1];
    float[] strip0 = s.slots[0];
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
      FloatVector a = fromArray(SPECIES, strip1, i);
      FloatVector lo = fromArray(SPECIES, strip0, i);
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
      FloatVector e = hi.add(hi.neg().fma(lo, lo2));
      e.intoArray(strip0, i);
    }
  }

  private static void reverseTerm6(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip4 = s.slots[4];
    float[] sidesTeacherInverses = b.teacherInverse;
    float[] sidesStudentInverses = b.studentInverse;
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, 104f);
    FloatVector c3 = broadcast(SPECIES, -0x1.715476p0f);
    FloatVector c4 = broadcast(SPECIES, 0x1.80017ep23f);
    FloatVector c5 = broadcast(SPECIES, 0x1.0p-64f);
    FloatVector c6 = broadcast(SPECIES, -0x1.62e43p-1f);
    FloatVector c7 = broadcast(SPECIES, 0x1.05c61p-29f);
    FloatVector c8 = broadcast(SPECIES, 0x1.6a1152p-10f);
    FloatVector c9 = broadcast(SPECIES, 0x1.124ad4p-7f);
    FloatVector c10 = broadcast(SPECIES, 0x1.55583cp-5f);
    FloatVector c11 = broadcast(SPECIES, 0x1.55547ep-3f);
    FloatVector c12 = broadcast(SPECIES, 0.5f);
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector e = fromArray(SPECIES, strip0, i);
      FloatVector hi = fromArray(SPECIES, strip4, i);
      FloatVector sidesTeacherInverse = fromArray(SPECIES, sidesTeacherInverses, i);
      FloatVector sidesStudentInverse = fromArray(SPECIES, sidesStudentInverses, i);
      VectorMask<Float> up = hi.compare(GT, c);
      FloatVector larger = e.mul(sidesStudentInverse.blend(sidesTeacherInverse, up));
      FloatVector a = hi.abs();
      FloatVector a2 = a.blend(c2, c2.compare(LT, a));
      FloatVector kf = a2.fma(c3, c4);
      FloatVector k = kf.sub(c4);
      FloatVector v = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector scale = v.mul(c5);
      FloatVector r = k.fma(c7, k.fma(c6, a2.neg()));
      FloatVector q = c8.fma(r, c9);
      FloatVector q2 = q.fma(r, c10);
      FloatVector q3 = q2.fma(r, c11);
      FloatVector p = r.mul(r).fma(q3.fma(r, c12), r);
      FloatVector hi2 = p.fma(scale, scale);
      larger.intoArray(strip0, i);
      a2.intoArray(strip1, i);
      hi2.intoArray(strip2, i);
    }
  }

  private static void reverseTerm7(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, 1f);
    FloatVector c3 = broadcast(SPECIES, 0x1.1ca446p-16f);
    FloatVector c4 = broadcast(SPECIES, -0x1.8b3a96p-13f);
    FloatVector c5 = broadcast(SPECIES, 0x1.6a6534p-10f);
    FloatVector c6 = broadcast(SPECIES, -0x1.10fef8p-7f);
    FloatVector c7 = broadcast(SPECIES, 0x1.5554a2p-5f);
    FloatVector c8 = broadcast(SPECIES, -0x1.555552p-3f);
    FloatVector c9 = broadcast(SPECIES, 0.5f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector hi = fromArray(SPECIES, strip4, i);
      FloatVector a = fromArray(SPECIES, strip1, i);
      FloatVector hi2 = fromArray(SPECIES, strip2, i);
      VectorMask<Float> up = hi.compare(GT, c);
      FloatVector a2 = hi.abs();
      FloatVector v = a2.mul(a2);
      FloatVector q = c3.fma(a2, c4);
      FloatVector q2 = q.fma(a2, c5);
      FloatVector q3 = q2.fma(a2, c6);
      FloatVector q4 = q3.fma(a2, c7);
      FloatVector q5 = q4.fma(a2, c8);
      FloatVector v2 = q5.fma(a2, c9);
      FloatVector near = v.mul(c2.add(a2).neg().fma(v2, c2));
      VectorMask<Float> v3 = a2.compare(LT, c2);
      FloatVector f = a2.sub(c2).add(hi2).blend(v.mul(v2), v3).blend(c2.add(a).neg().fma(hi2,
          c2).blend(near, v3), up);
      f.intoArray(strip1, i);
    }
  }

  private static void reverseTerm8(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip1 = s.slots[1];
    float[] strip0 = s.slots[0];
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    float[] vs = b.first.to;
    int vsAt = b.first.toAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector f = fromArray(SPECIES, strip1, i);
      FloatVector larger = fromArray(SPECIES, strip0, i);
      larger.mul(f).blend(f, f.compare(EQ, c)).intoArray(vs, vsAt + i);
    }
  }
}
