// Generated from kernels/rows.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.*;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.*;

/** Passes of the Vector API over a strip of a block, of kernels/rows.cl. */
final class GeneratedRowEndsVectors {
  private GeneratedRowEndsVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedRowEndsVectors::wanted,
          GeneratedRowEndsVectors::finish1,
          GeneratedRowEndsVectors::finish2,
          GeneratedRowEndsVectors::finish3,
          GeneratedRowEndsVectors::finish4,
          GeneratedRowEndsVectors::finish5,
          GeneratedRowEndsVectors::finish6);

  private static long wanted(RowTile b) {
    return 0b111111L;
  }

  private static void finish1(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowExponents = b.exponent;
    float[] rowMaxs = b.max;
    float[] rowShifts = b.shift;
    FloatVector c = broadcast(SPECIES, -0x1.62e43p-1f);
    FloatVector c2 = broadcast(SPECIES, 0x1.05c61p-29f);
    FloatVector a = broadcast(SPECIES, 1f);
    FloatVector c3 = broadcast(SPECIES, 0x1.6a1152p-10f);
    FloatVector c4 = broadcast(SPECIES, 0x1.124ad4p-7f);
    FloatVector c5 = broadcast(SPECIES, 0x1.55583cp-5f);
    FloatVector c6 = broadcast(SPECIES, 0x1.55547ep-3f);
    FloatVector c7 = broadcast(SPECIES, 0.5f);
    FloatVector c8 = broadcast(SPECIES, 0x1.0p32f);
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowExponent = fromArray(SPECIES, rowExponents, i);
      FloatVector rowMax = fromArray(SPECIES, rowMaxs, i);
      FloatVector rowShift = fromArray(SPECIES, rowShifts, i);
      FloatVector reduced = rowMax.sub(rowShift);
      FloatVector r = rowExponent.fma(c, reduced);
      FloatVector c9 = rowExponent.mul(c2);
      FloatVector head = a.add(r);
      FloatVector q = c3.fma(r, c4);
      FloatVector q2 = q.fma(r, c5);
      FloatVector q3 = q2.fma(r, c6);
      FloatVector rest = r.mul(r).fma(q3.fma(r, c7), r.sub(head.sub(a)));
      FloatVector b2 = c9.fma(head.add(rest), rest);
      FloatVector s2 = head.add(b2);
      FloatVector lo = b2.sub(s2.sub(head));
      FloatVector hi = s2.mul(c8);
      FloatVector lo2 = lo.mul(c8);
      hi.intoArray(strip0, i);
      lo2.intoArray(strip1, i);
    }
  }

  private static void finish2(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowRestHis = b.restHi;
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] rowRestLos = b.restLo;
    FloatVector c = broadcast(SPECIES, 0x1.0p-32f);
    FloatVector a = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c3 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c4 = broadcast(SPECIES, 0x1.0f83e2p1f);
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowRestHi = fromArray(SPECIES, rowRestHis, i);
      FloatVector hi = fromArray(SPECIES, strip0, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector rowRestLo = fromArray(SPECIES, rowRestLos, i);
      FloatVector h = hi.mul(c);
      VectorMask<Float> v = h.compare(LT, a);
      FloatVector y = h.blend(h.add(h), v);
      FloatVector r = y.fma(c2, c3);
      FloatVector r2 = r.fma(y, c4);
      FloatVector v2 = y.neg();
      FloatVector r3 = r2.fma(v2.fma(r2, a), r2);
      FloatVector inverse = r3.fma(v2.fma(r3, a), r3);
      FloatVector inverse2 = inverse.blend(inverse.add(inverse), v).mul(c);
      FloatVector q = rowRestHi.mul(inverse2);
      FloatVector v3 = q.neg();
      FloatVector remainder = v3.fma(hi, rowRestHi).add(v3.fma(lo, rowRestLo));
      FloatVector b2 = remainder.mul(inverse2);
      FloatVector s2 = q.add(b2);
      FloatVector lo2 = b2.sub(s2.sub(q));
      s2.intoArray(strip2, i);
      lo2.intoArray(strip3, i);
    }
  }

  private static void finish3(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowTieses = b.ties;
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    FloatVector a = broadcast(SPECIES, 1f);
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowTies = fromArray(SPECIES, rowTieses, i);
      FloatVector s2 = fromArray(SPECIES, strip2, i);
      FloatVector lo = fromArray(SPECIES, strip3, i);
      FloatVector a2 = rowTies.sub(a);
      FloatVector s3 = a2.add(s2);
      FloatVector z = s3.sub(a2);
      FloatVector lo2 = a2.sub(s3.sub(z)).add(s2.sub(z));
      FloatVector b2 = lo2.add(lo);
      FloatVector s4 = s3.add(b2);
      FloatVector lo3 = b2.sub(s4.sub(s3));
      FloatVector s5 = a.add(s4);
      FloatVector z2 = s5.sub(a);
      FloatVector lo4 = a.sub(s5.sub(z2)).add(s4.sub(z2));
      FloatVector b3 = lo4.add(lo3);
      FloatVector s6 = s5.add(b3);
      FloatVector lo5 = b3.sub(s6.sub(s5));
      s4.intoArray(strip2, i);
      lo3.intoArray(strip3, i);
      s6.intoArray(strip4, i);
      lo5.intoArray(strip5, i);
    }
  }

  private static void finish4(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip5 = s.slots[5];
    IntVector c = IntVector.broadcast(INTS, 0x3f2aaaab);
    FloatVector a = broadcast(SPECIES, 1f);
    IntVector c2 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c3 = broadcast(SPECIES, 0f);
    FloatVector c4 = broadcast(SPECIES, 0x1.62e43p-1f);
    FloatVector c5 = broadcast(SPECIES, -0x1.05c61p-29f);
    float[] strip6 = s.slots[6];
    float[] strip7 = s.slots[7];
    float[] strip8 = s.slots[8];
    float[] strip9 = s.slots[9];
    float[] strip10 = s.slots[10];
    float[] strip11 = s.slots[11];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip4, i);
      FloatVector s3 = fromArray(SPECIES, strip2, i);
      FloatVector lo = fromArray(SPECIES, strip3, i);
      FloatVector lo2 = fromArray(SPECIES, strip5, i);
      IntVector v = s2.reinterpretAsInts();
      IntVector k = v.sub(c).lanewise(ASHR, 23);
      IntVector shift = k.lanewise(LSHL, 23);
      FloatVector f = v.sub(shift).reinterpretAsFloats().sub(a);
      FloatVector fLo = lo2.mul(c2.sub(shift).reinterpretAsFloats());
      FloatVector k2 = (FloatVector) k.convert(I2F, 0);
      VectorMask<Float> direct = k2.compare(EQ, c3);
      FloatVector f2 = f.blend(s3, direct);
      FloatVector fLo2 = fLo.blend(lo, direct);
      FloatVector h = f2.mul(f2);
      FloatVector hLo = f2.fma(f2, h.neg());
      FloatVector base = k2.mul(c4);
      FloatVector baseLo = k2.fma(c5, k2.fma(c4, base.neg()));
      f2.intoArray(strip6, i);
      fLo2.intoArray(strip7, i);
      h.intoArray(strip8, i);
      hLo.intoArray(strip9, i);
      base.intoArray(strip10, i);
      baseLo.intoArray(strip11, i);
    }
  }

  private static void finish5(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip10 = s.slots[10];
    float[] strip6 = s.slots[6];
    float[] strip8 = s.slots[8];
    float[] strip7 = s.slots[7];
    float[] strip9 = s.slots[9];
    float[] strip11 = s.slots[11];
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
      FloatVector base = fromArray(SPECIES, strip10, i);
      FloatVector f = fromArray(SPECIES, strip6, i);
      FloatVector h = fromArray(SPECIES, strip8, i);
      FloatVector fLo = fromArray(SPECIES, strip7, i);
      FloatVector hLo = fromArray(SPECIES, strip9, i);
      FloatVector baseLo = fromArray(SPECIES, strip11, i);
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
      s3.intoArray(strip6, i);
      b3.intoArray(strip7, i);
    }
  }

  private static void finish6(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip6 = s.slots[6];
    float[] strip7 = s.slots[7];
    float[] strip0 = s.slots[0];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] rowLogHis = b.logHi;
    float[] rowLogLos = b.logLo;
    float[] rowTotalHis = b.totalHi;
    float[] rowTotalLos = b.totalLo;
    float[] rowOthersHis = b.othersHi;
    float[] rowOthersLos = b.othersLo;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip6, i);
      FloatVector b2 = fromArray(SPECIES, strip7, i);
      FloatVector hi = fromArray(SPECIES, strip0, i);
      FloatVector s3 = fromArray(SPECIES, strip4, i);
      FloatVector lo = fromArray(SPECIES, strip5, i);
      FloatVector lo2 = fromArray(SPECIES, strip1, i);
      FloatVector s4 = fromArray(SPECIES, strip2, i);
      FloatVector lo3 = fromArray(SPECIES, strip3, i);
      FloatVector s5 = s2.add(b2);
      FloatVector lo4 = b2.sub(s5.sub(s2));
      FloatVector p = hi.mul(s3);
      FloatVector e = hi.fma(s3, p.neg());
      FloatVector lo5 = e.add(hi.fma(lo, lo2.mul(s3)));
      FloatVector s6 = p.add(lo5);
      FloatVector lo6 = lo5.sub(s6.sub(p));
      FloatVector p2 = hi.mul(s4);
      FloatVector e2 = hi.fma(s4, p2.neg());
      FloatVector lo7 = e2.add(hi.fma(lo3, lo2.mul(s4)));
      FloatVector s7 = p2.add(lo7);
      FloatVector lo8 = lo7.sub(s7.sub(p2));
      s5.intoArray(rowLogHis, i);
      lo4.intoArray(rowLogLos, i);
      s6.intoArray(rowTotalHis, i);
      lo6.intoArray(rowTotalLos, i);
      s7.intoArray(rowOthersHis, i);
      lo8.intoArray(rowOthersLos, i);
    }
  }
}
