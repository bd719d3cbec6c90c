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
final class GeneratedTileReverseSlopesVectors {
  private GeneratedTileReverseSlopesVectors() {}

  static final VectorPasses<DivergenceTile> PASSES =
      new VectorPasses<>(
          GeneratedTileReverseSlopesVectors::wanted,
          GeneratedTileReverseSlopesVectors::reverseSlope1,
          GeneratedTileReverseSlopesVectors::reverseSlope2,
          GeneratedTileReverseSlopesVectors::reverseSlope3,
          GeneratedTileReverseSlopesVectors::reverseSlope4,
          GeneratedTileReverseSlopesVectors::reverseSlope5,
          GeneratedTileReverseSlopesVectors::reverseSlope6,
          GeneratedTileReverseSlopesVectors::reverseSlope7);

  private static long wanted(DivergenceTile b) {
    return 0b1111111L;
  }

  private static void reverseSlope1(DivergenceTile b, Lanes lanes, int start, int n) {
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

  private static void reverseSlope2(DivergenceTile b, Lanes lanes, int start, int n) {
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

  private static void reverseSlope3(DivergenceTile b, Lanes lanes, int start, int n) {
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

  private static void reverseSlope4(DivergenceTile b, Lanes lanes, int start, int n) {
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

  private static void reverseSlope5(DivergenceTile b, Lanes lanes, int start, int n) {
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

  private static void reverseSlope6(DivergenceTile b, Lanes lanes, int start, int n) {
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
      hi.add(hi.neg().fma(lo, lo2)).intoArray(strip1, i);
    }
  }

  private static void reverseSlope7(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] lossHis = b.loss.hi;
    float[] strip5 = s.slots[5];
    float[] lossLos = b.loss.lo;
    float[] factors = b.factor;
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, Float.NaN);
    float[] outs = b.out;
    int outsAt = b.outAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector hi = fromArray(SPECIES, strip4, i);
      FloatVector larger = fromArray(SPECIES, strip0, i);
      FloatVector v = fromArray(SPECIES, strip1, i);
      FloatVector lossHi = fromArray(SPECIES, lossHis, i);
      FloatVector lo = fromArray(SPECIES, strip5, i);
      FloatVector lossLo = fromArray(SPECIES, lossLos, i);
      FloatVector factor = fromArray(SPECIES, factors, i);
      VectorMask<Float> up = hi.compare(GT, c);
      FloatVector student = larger.blend(larger.mul(v), up);
      FloatVector s2 = hi.add(lossHi);
      FloatVector z = s2.sub(hi);
      FloatVector lo2 = hi.sub(s2.sub(z)).add(lossHi.sub(z));
      FloatVector v2 = student.neg().mul(s2.add(lo2.add(lo.add(lossLo))));
      FloatVector v3 = v2.blend(c, student.compare(EQ, c));
      FloatVector v4 = v3.mul(factor).add(c);
      c2.blend(v4, v4.compare(EQ, v4)).intoArray(outs, outsAt + i);
    }
  }
}
