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
final class GeneratedSideEndsVectors {
  private GeneratedSideEndsVectors() {}

  static final VectorPasses<DivergenceTile> PASSES =
      new VectorPasses<>(
          GeneratedSideEndsVectors::wanted,
          GeneratedSideEndsVectors::setSums1,
          GeneratedSideEndsVectors::setSums2,
          GeneratedSideEndsVectors::setSums3,
          GeneratedSideEndsVectors::setSums4,
          GeneratedSideEndsVectors::setSums5,
          GeneratedSideEndsVectors::setSums6);

  private static long wanted(DivergenceTile b) {
    return 0b111111L;
  }

  private static void setSums1(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] sumsStudentHis = b.first.hi;
    IntVector c = IntVector.broadcast(INTS, 0x7fffff);
    IntVector c2 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c3 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c4 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c5 = broadcast(SPECIES, 0x1.0f83e2p1f);
    FloatVector n2 = broadcast(SPECIES, 1f);
    IntVector c6 = IntVector.broadcast(INTS, 0x7f800000);
    IntVector c7 = IntVector.broadcast(INTS, 0x7f000000);
    float[] strip0 = s.slots[0];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector sumsStudentHi = fromArray(SPECIES, sumsStudentHis, i);
      IntVector v = sumsStudentHi.reinterpretAsInts();
      FloatVector m = v.and(c).or(c2).reinterpretAsFloats();
      FloatVector r = m.fma(c3, c4);
      FloatVector r2 = r.fma(m, c5);
      FloatVector v2 = m.neg();
      FloatVector r3 = r2.fma(v2.fma(r2, n2), r2);
      FloatVector r4 = r3.fma(v2.fma(r3, n2), r3).mul(c7.sub(v.and(c6)).reinterpretAsFloats());
      r4.intoArray(strip0, i);
    }
  }

  private static void setSums2(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] sumsTeacherHis = b.second.hi;
    float[] strip0 = s.slots[0];
    float[] sumsStudentHis = b.first.hi;
    float[] sumsStudentLos = b.first.lo;
    float[] sumsTeacherLos = b.second.lo;
    float[] sumsDifferenceHis = b.third.hi;
    float[] sumsDifferenceLos = b.third.lo;
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector sumsTeacherHi = fromArray(SPECIES, sumsTeacherHis, i);
      FloatVector r = fromArray(SPECIES, strip0, i);
      FloatVector sumsStudentHi = fromArray(SPECIES, sumsStudentHis, i);
      FloatVector sumsStudentLo = fromArray(SPECIES, sumsStudentLos, i);
      FloatVector sumsTeacherLo = fromArray(SPECIES, sumsTeacherLos, i);
      FloatVector sumsDifferenceHi = fromArray(SPECIES, sumsDifferenceHis, i);
      FloatVector sumsDifferenceLo = fromArray(SPECIES, sumsDifferenceLos, i);
      FloatVector q = sumsTeacherHi.mul(r);
      FloatVector v = q.neg();
      FloatVector v2 = v.fma(sumsStudentHi, sumsTeacherHi).add(v.fma(sumsStudentLo, sumsTeacherLo));
      FloatVector b2 = v2.mul(r);
      FloatVector s2 = q.add(b2);
      FloatVector lo = b2.sub(s2.sub(q));
      FloatVector q2 = sumsDifferenceHi.mul(r);
      FloatVector v3 = q2.neg();
      FloatVector v4 = v3.fma(sumsStudentHi, sumsDifferenceHi).add(v3.fma(sumsStudentLo,
          sumsDifferenceLo));
      FloatVector b3 = v4.mul(r);
      FloatVector s3 = q2.add(b3);
      FloatVector lo2 = b3.sub(s3.sub(q2));
      s2.intoArray(strip1, i);
      lo.intoArray(strip2, i);
      s3.intoArray(strip3, i);
      lo2.intoArray(strip4, i);
    }
  }

  private static void setSums3(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip1 = s.slots[1];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    float[] strip2 = s.slots[2];
    IntVector c = IntVector.broadcast(INTS, 0x3f2aaaab);
    FloatVector n2 = broadcast(SPECIES, 1f);
    IntVector c2 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector nLo = broadcast(SPECIES, 0f);
    FloatVector c3 = broadcast(SPECIES, 0x1.62e43p-1f);
    FloatVector c4 = broadcast(SPECIES, -0x1.05c61p-29f);
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip1, i);
      FloatVector s3 = fromArray(SPECIES, strip3, i);
      FloatVector lo = fromArray(SPECIES, strip4, i);
      FloatVector lo2 = fromArray(SPECIES, strip2, i);
      IntVector v = s2.reinterpretAsInts();
      IntVector k = v.sub(c).lanewise(ASHR, 23);
      IntVector shift = k.lanewise(LSHL, 23);
      FloatVector f = v.sub(shift).reinterpretAsFloats().sub(n2);
      FloatVector fLo = lo2.mul(c2.sub(shift).reinterpretAsFloats());
      FloatVector k2 = (FloatVector) k.convert(I2F, 0);
      VectorMask<Float> direct = k2.compare(EQ, nLo);
      FloatVector f2 = f.blend(s3, direct);
      FloatVector fLo2 = fLo.blend(lo, direct);
      FloatVector h = f2.mul(f2);
      FloatVector hLo = f2.fma(f2, h.neg());
      FloatVector base = k2.mul(c3);
      FloatVector baseLo = k2.fma(c4, k2.fma(c3, base.neg()));
      f2.intoArray(strip1, i);
      fLo2.intoArray(strip2, i);
      h.intoArray(strip3, i);
      hLo.intoArray(strip4, i);
      base.intoArray(strip5, i);
      baseLo.intoArray(strip6, i);
    }
  }

  private static void setSums4(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip5 = s.slots[5];
    float[] strip1 = s.slots[1];
    float[] strip3 = s.slots[3];
    float[] strip2 = s.slots[2];
    float[] strip4 = s.slots[4];
    float[] strip6 = s.slots[6];
    FloatVector c = broadcast(SPECIES, -0.5f);
    FloatVector n2 = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, -0x1.07f7cep-3f);
    FloatVector c3 = broadcast(SPECIES, 0x1.1e73ap-3f);
    FloatVector c4 = broadcast(SPECIES, -0x1.f317ep-4f);
    FloatVector c5 = broadcast(SPECIES, 0x1.1ed424p-3f);
    FloatVector c6 = broadcast(SPECIES, -0x1.559d8ap-3f);
    FloatVector c7 = broadcast(SPECIES, 0x1.99d05ep-3f);
    FloatVector c8 = broadcast(SPECIES, -0x1.fffef2p-3f);
    FloatVector c9 = broadcast(SPECIES, 0x1.555506p-2f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector base = fromArray(SPECIES, strip5, i);
      FloatVector f = fromArray(SPECIES, strip1, i);
      FloatVector h = fromArray(SPECIES, strip3, i);
      FloatVector fLo = fromArray(SPECIES, strip2, i);
      FloatVector hLo = fromArray(SPECIES, strip4, i);
      FloatVector baseLo = fromArray(SPECIES, strip6, i);
      FloatVector s2 = base.add(f);
      FloatVector lo = f.sub(s2.sub(base));
      FloatVector b2 = c.mul(h);
      FloatVector s3 = s2.add(b2);
      FloatVector lo2 = b2.sub(s3.sub(s2));
      FloatVector g = n2.sub(f);
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
      s3.intoArray(strip1, i);
      b3.intoArray(strip2, i);
    }
  }

  private static void setSums5(DivergenceTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip0 = s.slots[0];
    float[] sumsStudentHis = b.first.hi;
    float[] sumsStudentLos = b.first.lo;
    FloatVector n2 = broadcast(SPECIES, 1f);
    FloatVector nLo = broadcast(SPECIES, 0f);
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    float[] sidesShiftHis = b.shiftHi;
    float[] sidesShiftLos = b.shiftLo;
    float[] sidesStudentInverses = b.studentInverse;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip1, i);
      FloatVector b2 = fromArray(SPECIES, strip2, i);
      FloatVector r = fromArray(SPECIES, strip0, i);
      FloatVector sumsStudentHi = fromArray(SPECIES, sumsStudentHis, i);
      FloatVector sumsStudentLo = fromArray(SPECIES, sumsStudentLos, i);
      FloatVector s3 = s2.add(b2);
      FloatVector lo = b2.sub(s3.sub(s2));
      FloatVector v = r.neg();
      FloatVector corrected = v.fma(sumsStudentHi, n2).add(v.fma(sumsStudentLo, nLo)).fma(r, r);
      FloatVector studentInverse = r.blend(corrected, corrected.abs().compare(LT, c));
      s3.intoArray(sidesShiftHis, i);
      lo.intoArray(sidesShiftLos, i);
      studentInverse.intoArray(sidesStudentInverses, i);
    }
  }

  private static void setSums6(DivergenceTile b, Lanes lanes, int start, int n) {
    float[] sumsTeacherHis = b.second.hi;
    float[] sumsTeacherLos = b.second.lo;
    IntVector c = IntVector.broadcast(INTS, 0x7fffff);
    IntVector c2 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c3 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c4 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c5 = broadcast(SPECIES, 0x1.0f83e2p1f);
    FloatVector n2 = broadcast(SPECIES, 1f);
    IntVector c6 = IntVector.broadcast(INTS, 0x7f800000);
    IntVector c7 = IntVector.broadcast(INTS, 0x7f000000);
    FloatVector nLo = broadcast(SPECIES, 0f);
    FloatVector c8 = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    float[] sidesTeacherInverses = b.teacherInverse;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector sumsTeacherHi = fromArray(SPECIES, sumsTeacherHis, i);
      FloatVector sumsTeacherLo = fromArray(SPECIES, sumsTeacherLos, i);
      IntVector v = sumsTeacherHi.reinterpretAsInts();
      FloatVector m = v.and(c).or(c2).reinterpretAsFloats();
      FloatVector r = m.fma(c3, c4);
      FloatVector r2 = r.fma(m, c5);
      FloatVector v2 = m.neg();
      FloatVector r3 = r2.fma(v2.fma(r2, n2), r2);
      FloatVector r4 = r3.fma(v2.fma(r3, n2), r3).mul(c7.sub(v.and(c6)).reinterpretAsFloats());
      FloatVector v3 = r4.neg();
      FloatVector corrected = v3.fma(sumsTeacherHi, n2).add(v3.fma(sumsTeacherLo, nLo)).fma(r4, r4);
      FloatVector teacherInverse = r4.blend(corrected, corrected.abs().compare(LT, c8));
      teacherInverse.intoArray(sidesTeacherInverses, i);
    }
  }
}
