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
final class GeneratedTileMassesVectors {
  private GeneratedTileMassesVectors() {}

  static final VectorPasses<DivergenceTile> PASSES =
      new VectorPasses<>(
          GeneratedTileMassesVectors::wanted,
          GeneratedTileMassesVectors::massesOf1,
          GeneratedTileMassesVectors::massesOf2,
          GeneratedTileMassesVectors::massesOf3,
          GeneratedTileMassesVectors::massesOf4,
          GeneratedTileMassesVectors::massesOf5,
          GeneratedTileMassesVectors::massesOf6,
          GeneratedTileMassesVectors::massesOf7);

  private static long wanted(DivergenceTile b) {
    return 0b1111111L;
  }

  private static void massesOf1(DivergenceTile b, Lanes lanes, int start, int n) {
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

  private static void massesOf2(DivergenceTile b, Lanes lanes, int start, int n) {
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

  private static void massesOf3(DivergenceTile b, Lanes lanes, int start, int n) {
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

  private static void massesOf4(DivergenceTile b, Lanes lanes, int start, int n) {
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

  private static void massesOf5(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    FloatVector sidesInverseHi = broadcast(SPECIES, hi(b.inverse));
    FloatVector sidesInverseLo = broadcast(SPECIES, lo(b.inverse));
    float[] strip5 = s.slots[5];
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector c2 = broadcast(SPECIES, 0f);
    FloatVector c3 = broadcast(SPECIES, 104f);
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector hi = fromArray(SPECIES, strip4, i);
      FloatVector lo = fromArray(SPECIES, strip5, i);
      FloatVector p = hi.mul(sidesInverseHi);
      FloatVector lo2 = hi.fma(sidesInverseHi, p.neg()).add(hi.fma(sidesInverseLo,
          lo.mul(sidesInverseHi)));
      FloatVector hi2 = p.abs();
      FloatVector lo3 = c2.blend(lo2, hi2.compare(LT, c));
      VectorMask<Float> negative = p.compare(LT, c2);
      FloatVector lo4 = lo3.blend(lo3.neg(), negative);
      FloatVector a = hi2.blend(c3, c3.compare(LT, hi2));
      p.intoArray(strip1, i);
      lo4.intoArray(strip2, i);
      a.intoArray(strip3, i);
    }
  }

  private static void massesOf6(DivergenceTile b, Lanes lanes, int start, int n) {
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
      FloatVector lo = fromArray(SPECIES, strip2, i);
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

  private static void massesOf7(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] strip0 = s.slots[0];
    float[] strip2 = s.slots[2];
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, 1f);
    FloatVector c3 = broadcast(SPECIES, 0x1.1ca446p-16f);
    FloatVector c4 = broadcast(SPECIES, -0x1.8b3a96p-13f);
    FloatVector c5 = broadcast(SPECIES, 0x1.6a6534p-10f);
    FloatVector c6 = broadcast(SPECIES, -0x1.10fef8p-7f);
    FloatVector c7 = broadcast(SPECIES, 0x1.5554a2p-5f);
    FloatVector c8 = broadcast(SPECIES, -0x1.555552p-3f);
    FloatVector c9 = broadcast(SPECIES, 0.5f);
    FloatVector c10 = broadcast(SPECIES, -1f);
    float[] mStudents = b.first.to;
    int mStudentsAt = b.first.toAt + start;
    float[] mTeachers = b.second.to;
    int mTeachersAt = b.second.toAt + start;
    float[] mDifferences = b.third.to;
    int mDifferencesAt = b.third.toAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector hi = fromArray(SPECIES, strip4, i);
      FloatVector e = fromArray(SPECIES, strip0, i);
      FloatVector ratio = fromArray(SPECIES, strip2, i);
      FloatVector p = fromArray(SPECIES, strip1, i);
      VectorMask<Float> up = hi.compare(GT, c);
      FloatVector hi2 = p.abs();
      FloatVector q = c3.fma(hi2, c4);
      FloatVector q2 = q.fma(hi2, c5);
      FloatVector q3 = q2.fma(hi2, c6);
      FloatVector q4 = q3.fma(hi2, c7);
      FloatVector q5 = q4.fma(hi2, c8);
      FloatVector v = ratio.sub(c2).blend(hi2.mul(hi2.fma(q5.fma(hi2, c9), c10)), hi2.compare(LT,
          c2));
      FloatVector less = e.mul(v);
      FloatVector smaller = e.mul(ratio);
      FloatVector student = e.blend(smaller, up);
      FloatVector teacher = smaller.blend(e, up);
      FloatVector difference = less.blend(less.neg(), up);
      student.intoArray(mStudents, mStudentsAt + i);
      teacher.intoArray(mTeachers, mTeachersAt + i);
      difference.intoArray(mDifferences, mDifferencesAt + i);
    }
  }
}
