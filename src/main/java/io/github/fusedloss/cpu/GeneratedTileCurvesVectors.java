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
final class GeneratedTileCurvesVectors {
  private GeneratedTileCurvesVectors() {}

  static final VectorPasses<RowTile> PASSES =
      new VectorPasses<>(
          GeneratedTileCurvesVectors::wanted,
          GeneratedTileCurvesVectors::product,
          GeneratedTileCurvesVectors::reciprocal,
          GeneratedTileCurvesVectors::productAgain,
          GeneratedTileCurvesVectors::likelyTerm,
          GeneratedTileCurvesVectors::bendOf,
          GeneratedTileCurvesVectors::focalCurveOf1,
          GeneratedTileCurvesVectors::focalCurveOf2,
          GeneratedTileCurvesVectors::focalCurveOf3,
          GeneratedTileCurvesVectors::focalCurveOf4,
          GeneratedTileCurvesVectors::focalCurveOf5,
          GeneratedTileCurvesVectors::focalCurveOf6,
          GeneratedTileCurvesVectors::focalCurveOf7,
          GeneratedTileCurvesVectors::focalCurveOf8,
          GeneratedTileCurvesVectors::focalCurveOf9,
          GeneratedTileCurvesVectors::focalCurveOf10,
          GeneratedTileCurvesVectors::focalCurveOf11,
          GeneratedTileCurvesVectors::focalBendOf,
          GeneratedTileCurvesVectors::hessianAtY);

  private static long wanted(RowTile b) {
    return 0b1111L
        | (!b.curves.focal ? 0b10000L : 0)
        | (b.curves.focal ? 0b111111111111100000L : 0);
  }

  private static void product(RowTile b, Lanes lanes, int start, int n) {
    float[] coefficients = b.coefficient;
    FloatVector times = broadcast(SPECIES, b.curves.times);
    float[] factors = b.curves.factor;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector coefficient = fromArray(SPECIES, coefficients, i);
      coefficient.mul(times).intoArray(factors, i);
    }
  }

  private static void reciprocal(RowTile b, Lanes lanes, int start, int n) {
    float[] rowTotalHis = b.totalHi;
    IntVector c = IntVector.broadcast(INTS, 0x7fffff);
    IntVector c2 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c3 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c4 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c5 = broadcast(SPECIES, 0x1.0f83e2p1f);
    FloatVector c6 = broadcast(SPECIES, 1f);
    IntVector c7 = IntVector.broadcast(INTS, 0x7f800000);
    IntVector c8 = IntVector.broadcast(INTS, 0x7f000000);
    float[] shares = b.curves.share;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowTotalHi = fromArray(SPECIES, rowTotalHis, i);
      IntVector v = rowTotalHi.reinterpretAsInts();
      FloatVector m = v.and(c).or(c2).reinterpretAsFloats();
      FloatVector r = m.fma(c3, c4);
      FloatVector r2 = r.fma(m, c5);
      FloatVector v2 = m.neg();
      FloatVector r3 = r2.fma(v2.fma(r2, c6), r2);
      FloatVector v3 = r3.fma(v2.fma(r3, c6), r3).mul(c8.sub(v.and(c7)).reinterpretAsFloats());
      v3.intoArray(shares, i);
    }
  }

  private static void productAgain(RowTile b, Lanes lanes, int start, int n) {
    float[] rowOthersHis = b.othersHi;
    float[] shares = b.curves.share;
    float[] rests = b.curves.rest;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowOthersHi = fromArray(SPECIES, rowOthersHis, i);
      FloatVector share = fromArray(SPECIES, shares, i);
      rowOthersHi.mul(share).intoArray(rests, i);
    }
  }

  private static void likelyTerm(RowTile b, Lanes lanes, int start, int n) {
    float[] rowOthersHis = b.othersHi;
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
    FloatVector c10 = broadcast(SPECIES, Float.NaN);
    float[] crests = b.curves.crest;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowOthersHi = fromArray(SPECIES, rowOthersHis, i);
      FloatVector rowTotalHi = fromArray(SPECIES, rowTotalHis, i);
      FloatVector rowMax = fromArray(SPECIES, rowMaxs, i);
      FloatVector rowShift = fromArray(SPECIES, rowShifts, i);
      FloatVector rowMagic = fromArray(SPECIES, rowMagics, i);
      FloatVector x = rowMax.sub(rowShift);
      FloatVector kf = x.fma(c, rowMagic);
      FloatVector k = kf.sub(rowMagic);
      FloatVector scale = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector r = k.fma(c3, k.fma(c2, x));
      FloatVector q = c4.fma(r, c5);
      FloatVector q2 = q.fma(r, c6);
      FloatVector q3 = q2.fma(r, c7);
      FloatVector v = c10.blend(r.fma(r.fma(q3.fma(r, c8), c9), c9).mul(scale),
          rowOthersHi.add(rowOthersHi).compare(LT, rowTotalHi));
      v.intoArray(crests, i);
    }
  }

  private static void bendOf(RowTile b, Lanes lanes, int start, int n) {
    float[] targetPenaltyScaleHis = b.penalty.scale;
    float[] shares = b.curves.share;
    float[] bends = b.curves.bend;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector targetPenaltyScaleHi = fromArray(SPECIES, targetPenaltyScaleHis, i);
      FloatVector share = fromArray(SPECIES, shares, i);
      targetPenaltyScaleHi.add(targetPenaltyScaleHi).mul(share).intoArray(bends, i);
    }
  }

  private static void focalCurveOf1(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowMaxs = b.max;
    float[] targetXs = b.targetX;
    float[] rowLogHis = b.logHi;
    float[] rowLogLos = b.logLo;
    FloatVector dLo = broadcast(SPECIES, 0f);
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
      FloatVector lo2 = dLo.blend(lo, lo.compare(EQ, lo));
      FloatVector s3 = s2.add(rowLogHi);
      FloatVector z2 = s3.sub(s2);
      FloatVector lo3 = s2.sub(s3.sub(z2)).add(rowLogHi.sub(z2));
      FloatVector lo4 = lo3.add(lo2.add(rowLogLo));
      s3.intoArray(strip0, i);
      lo4.intoArray(strip1, i);
    }
  }

  private static void focalCurveOf2(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector dLo = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, 104f);
    float[] strip2 = s.slots[2];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip0, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector s3 = s2.add(lo);
      FloatVector lo2 = lo.sub(s3.sub(s2));
      VectorMask<Float> finite = s2.abs().compare(LT, c);
      FloatVector hi = s2.blend(s3, finite);
      FloatVector lo3 = dLo.blend(lo2, finite);
      FloatVector a = hi.blend(c2, c2.compare(LT, hi));
      hi.intoArray(strip0, i);
      lo3.intoArray(strip1, i);
      a.intoArray(strip2, i);
    }
  }

  private static void focalCurveOf3(RowTile b, Lanes lanes, int start, int n) {
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

  private static void focalCurveOf4(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] rowOthersHis = b.othersHi;
    float[] rowTotalHis = b.totalHi;
    float[] rowTotalLos = b.totalLo;
    float[] rowOthersLos = b.othersLo;
    IntVector c = IntVector.broadcast(INTS, 0x7fffff);
    IntVector c2 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c3 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c4 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c5 = broadcast(SPECIES, 0x1.0f83e2p1f);
    FloatVector c6 = broadcast(SPECIES, 1f);
    IntVector c7 = IntVector.broadcast(INTS, 0x7f800000);
    IntVector c8 = IntVector.broadcast(INTS, 0x7f000000);
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rowOthersHi = fromArray(SPECIES, rowOthersHis, i);
      FloatVector rowTotalHi = fromArray(SPECIES, rowTotalHis, i);
      FloatVector rowTotalLo = fromArray(SPECIES, rowTotalLos, i);
      FloatVector rowOthersLo = fromArray(SPECIES, rowOthersLos, i);
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
      q.intoArray(strip5, i);
      corrected.intoArray(strip6, i);
    }
  }

  private static void focalCurveOf5(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] targetXs = b.targetX;
    float[] rowMaxs = b.max;
    float[] strip6 = s.slots[6];
    float[] strip5 = s.slots[5];
    float[] strip4 = s.slots[4];
    float[] strip2 = s.slots[2];
    float[] strip1 = s.slots[1];
    float[] strip3 = s.slots[3];
    float[] strip0 = s.slots[0];
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector c2 = broadcast(SPECIES, 0x1.0p-90f);
    FloatVector dLo = broadcast(SPECIES, 0f);
    FloatVector c3 = broadcast(SPECIES, 1f);
    IntVector c4 = IntVector.broadcast(INTS, 0x7fffff);
    IntVector c5 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c6 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c7 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c8 = broadcast(SPECIES, 0x1.0f83e2p1f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector targetX = fromArray(SPECIES, targetXs, i);
      FloatVector rowMax = fromArray(SPECIES, rowMaxs, i);
      FloatVector corrected = fromArray(SPECIES, strip6, i);
      FloatVector q = fromArray(SPECIES, strip5, i);
      FloatVector rest = fromArray(SPECIES, strip4, i);
      FloatVector hi = fromArray(SPECIES, strip2, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector lo2 = fromArray(SPECIES, strip3, i);
      FloatVector hi2 = fromArray(SPECIES, strip0, i);
      FloatVector others = rest.blend(q.blend(corrected, corrected.abs().compare(LT, c)),
          targetX.compare(EQ, rowMax));
      VectorMask<Float> tiny = others.compare(LT, c2);
      FloatVector v = hi.neg().fma(lo, hi.add(lo2));
      FloatVector p = dLo.blend(v, hi2.compare(LT, c));
      FloatVector d = others.blend(c3, tiny);
      FloatVector m = d.reinterpretAsInts().and(c4).or(c5).reinterpretAsFloats();
      FloatVector r = m.fma(c6, c7);
      FloatVector r2 = r.fma(m, c8);
      FloatVector v2 = m.neg();
      FloatVector r3 = r2.fma(v2.fma(r2, c3), r2);
      others.intoArray(strip2, i);
      v.intoArray(strip3, i);
      p.intoArray(strip4, i);
      d.intoArray(strip5, i);
      r3.fma(v2.fma(r3, c3), r3).intoArray(strip6, i);
    }
  }

  private static void focalCurveOf6(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip3 = s.slots[3];
    float[] strip6 = s.slots[6];
    float[] strip5 = s.slots[5];
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    IntVector c2 = IntVector.broadcast(INTS, 0x7f800000);
    IntVector c3 = IntVector.broadcast(INTS, 0x7f000000);
    FloatVector c4 = broadcast(SPECIES, -0f);
    FloatVector dLo = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector hi = fromArray(SPECIES, strip0, i);
      FloatVector v = fromArray(SPECIES, strip3, i);
      FloatVector v2 = fromArray(SPECIES, strip6, i);
      FloatVector d = fromArray(SPECIES, strip5, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector r = v2.mul(c3.sub(d.reinterpretAsInts().and(c2)).reinterpretAsFloats());
      FloatVector q = hi.mul(r);
      FloatVector corrected = q.neg().fma(d, hi).add(q.fma(c4, lo)).fma(r, q);
      FloatVector ratio = q.blend(corrected, corrected.abs().compare(LT, c));
      FloatVector part = dLo.blend(v.mul(ratio), hi.compare(LT, c));
      part.intoArray(strip0, i);
    }
  }

  private static void focalCurveOf7(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    FloatVector c = broadcast(SPECIES, 0x1.0p-64f);
    FloatVector c2 = broadcast(SPECIES, 0x1.0p64f);
    FloatVector c3 = broadcast(SPECIES, 1f);
    IntVector c4 = IntVector.broadcast(INTS, 0x3f2aaaab);
    FloatVector c5 = broadcast(SPECIES, 64f);
    FloatVector dLo = broadcast(SPECIES, 0f);
    FloatVector c6 = broadcast(SPECIES, 0x1.62e43p-1f);
    FloatVector c7 = broadcast(SPECIES, -0x1.05c61p-29f);
    float[] strip1 = s.slots[1];
    float[] strip3 = s.slots[3];
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    float[] strip7 = s.slots[7];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector others = fromArray(SPECIES, strip2, i);
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
      h.intoArray(strip3, i);
      hLo.intoArray(strip5, i);
      base.intoArray(strip6, i);
      baseLo.intoArray(strip7, i);
    }
  }

  private static void focalCurveOf8(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip6 = s.slots[6];
    float[] strip1 = s.slots[1];
    float[] strip3 = s.slots[3];
    float[] strip5 = s.slots[5];
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
      FloatVector h = fromArray(SPECIES, strip3, i);
      FloatVector hLo = fromArray(SPECIES, strip5, i);
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
      b3.intoArray(strip3, i);
    }
  }

  private static void focalCurveOf9(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip3 = s.slots[3];
    float[] strip1 = s.slots[1];
    FloatVector settingsGamma = broadcast(SPECIES, b.settings.gamma);
    FloatVector c = broadcast(SPECIES, 104f);
    FloatVector c2 = broadcast(SPECIES, -0x1.715476p0f);
    FloatVector c3 = broadcast(SPECIES, 0x1.80017ep23f);
    FloatVector c4 = broadcast(SPECIES, 0x1.0p-64f);
    FloatVector c5 = broadcast(SPECIES, -0x1.62e43p-1f);
    FloatVector c6 = broadcast(SPECIES, 0x1.05c61p-29f);
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector b2 = fromArray(SPECIES, strip3, i);
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
      scale.intoArray(strip3, i);
      r.intoArray(strip5, i);
    }
  }

  private static void focalCurveOf10(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] targetScaleHis = b.scale;
    float[] targetWs = b.weight;
    float[] strip5 = s.slots[5];
    float[] strip3 = s.slots[3];
    float[] strip1 = s.slots[1];
    FloatVector settingsGamma = broadcast(SPECIES, b.settings.gamma);
    float[] strip2 = s.slots[2];
    float[] strip0 = s.slots[0];
    float[] strip4 = s.slots[4];
    FloatVector c = broadcast(SPECIES, 0x1.0p-90f);
    FloatVector c2 = broadcast(SPECIES, 0x1.6a1152p-10f);
    FloatVector c3 = broadcast(SPECIES, 0x1.124ad4p-7f);
    FloatVector c4 = broadcast(SPECIES, 0x1.55583cp-5f);
    FloatVector c5 = broadcast(SPECIES, 0x1.55547ep-3f);
    FloatVector c6 = broadcast(SPECIES, 0.5f);
    FloatVector c7 = broadcast(SPECIES, 1f);
    FloatVector c8 = broadcast(SPECIES, -1f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector targetScaleHi = fromArray(SPECIES, targetScaleHis, i);
      FloatVector targetW = fromArray(SPECIES, targetWs, i);
      FloatVector r = fromArray(SPECIES, strip5, i);
      FloatVector scale = fromArray(SPECIES, strip3, i);
      FloatVector pLo = fromArray(SPECIES, strip1, i);
      FloatVector others = fromArray(SPECIES, strip2, i);
      FloatVector part = fromArray(SPECIES, strip0, i);
      FloatVector p = fromArray(SPECIES, strip4, i);
      VectorMask<Float> tiny = others.compare(LT, c);
      FloatVector q = c2.fma(r, c3);
      FloatVector q2 = q.fma(r, c4);
      FloatVector q3 = q2.fma(r, c5);
      FloatVector p2 = r.mul(r).fma(q3.fma(r, c6), r);
      FloatVector hi = p2.fma(scale, scale);
      FloatVector lo = p2.fma(scale, scale.sub(hi));
      FloatVector lo2 = hi.neg().fma(pLo, lo);
      FloatVector v = hi.add(lo2).mul(settingsGamma).mul(part.blend(c7,
          tiny).fma(settingsGamma.fma(p, c8), p.add(p)));
      FloatVector bend = targetScaleHi.mul(targetW.mul(v));
      bend.intoArray(strip0, i);
    }
  }

  private static void focalCurveOf11(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] targetXs = b.targetX;
    float[] rowMaxs = b.max;
    float[] rowOthersHis = b.othersHi;
    float[] strip2 = s.slots[2];
    float[] rowTotalHis = b.totalHi;
    FloatVector c = broadcast(SPECIES, 0x1.0p-125f);
    IntVector c2 = IntVector.broadcast(INTS, 0x7fffff);
    IntVector c3 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c4 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c5 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c6 = broadcast(SPECIES, 0x1.0f83e2p1f);
    FloatVector c7 = broadcast(SPECIES, 1f);
    IntVector c8 = IntVector.broadcast(INTS, 0x7f800000);
    IntVector c9 = IntVector.broadcast(INTS, 0x7f000000);
    FloatVector c10 = broadcast(SPECIES, 0x1.0p-32f);
    FloatVector dLo = broadcast(SPECIES, 0f);
    float[] curveTails = b.curves.tail;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector targetX = fromArray(SPECIES, targetXs, i);
      FloatVector rowMax = fromArray(SPECIES, rowMaxs, i);
      FloatVector rowOthersHi = fromArray(SPECIES, rowOthersHis, i);
      FloatVector others = fromArray(SPECIES, strip2, i);
      FloatVector rowTotalHi = fromArray(SPECIES, rowTotalHis, i);
      FloatVector sum = others.mul(rowTotalHi).blend(rowOthersHi, targetX.compare(EQ, rowMax));
      IntVector v = sum.reinterpretAsInts();
      FloatVector m = v.and(c2).or(c3).reinterpretAsFloats();
      FloatVector r = m.fma(c4, c5);
      FloatVector r2 = r.fma(m, c6);
      FloatVector v2 = m.neg();
      FloatVector r3 = r2.fma(v2.fma(r2, c7), r2);
      FloatVector v3 = r3.fma(v2.fma(r3, c7), r3).mul(c9.sub(v.and(c8)).reinterpretAsFloats());
      FloatVector tail = c10.mul(v3).blend(dLo, sum.compare(LT, c));
      tail.intoArray(curveTails, i);
    }
  }

  private static void focalBendOf(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] shares = b.curves.share;
    FloatVector c = broadcast(SPECIES, 0x1.0p32f);
    float[] bends = b.curves.bend;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector curveBend = fromArray(SPECIES, strip0, i);
      FloatVector share = fromArray(SPECIES, shares, i);
      curveBend.mul(share.mul(c)).intoArray(bends, i);
    }
  }

  private static void hessianAtY(RowTile b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip2 = s.slots[2];
    float[] terms = b.targetE;
    float[] factors = b.curves.factor;
    float[] crests = b.curves.crest;
    float[] rests = b.curves.rest;
    float[] shares = b.curves.share;
    FloatVector c = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, Float.NaN);
    float[] curveAtYs = b.curves.atTarget;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector curveBend = fromArray(SPECIES, strip0, i);
      FloatVector curveOthers = fromArray(SPECIES, strip2, i);
      FloatVector term = fromArray(SPECIES, terms, i);
      FloatVector factor = fromArray(SPECIES, factors, i);
      FloatVector crest = fromArray(SPECIES, crests, i);
      FloatVector rest = fromArray(SPECIES, rests, i);
      FloatVector share = fromArray(SPECIES, shares, i);
      FloatVector v = term.neg().fma(share, c).blend(rest, term.compare(EQ, crest));
      FloatVector v2 = curveBend.fma(curveOthers, term.mul(factor).mul(v));
      c2.blend(v2, v2.compare(EQ, v2)).intoArray(curveAtYs, i);
    }
  }
}
