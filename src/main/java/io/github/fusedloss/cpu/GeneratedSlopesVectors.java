// Generated from kernels/logits.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.*;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.*;

/** Passes of the Vector API over a strip of a block, of kernels/logits.cl. */
final class GeneratedSlopesVectors {
  private GeneratedSlopesVectors() {}

  static final VectorPasses<LogitBlock> PASSES =
      new VectorPasses<>(
          GeneratedSlopesVectors::wanted,
          GeneratedSlopesVectors::timesSlope1,
          GeneratedSlopesVectors::timesSlope2,
          GeneratedSlopesVectors::timesSlope3,
          GeneratedSlopesVectors::timesSlope4,
          GeneratedSlopesVectors::timesSlope5,
          GeneratedSlopesVectors::timesCooledSlope1,
          GeneratedSlopesVectors::timesCooledSlope2,
          GeneratedSlopesVectors::timesCooledSlope3,
          GeneratedSlopesVectors::timesCooledSlope4,
          GeneratedSlopesVectors::timesCooledSlope5,
          GeneratedSlopesVectors::timesInverse);

  private static long wanted(LogitBlock b) {
    return (b.softcap && !b.temperature ? 0b11111L : 0)
        | (b.softcap && b.temperature ? 0b1111100000L : 0)
        | (!b.softcap ? 0b10000000000L : 0);
  }

  private static void timesSlope1(LogitBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    FloatVector twiceHi = broadcast(SPECIES, hi(b.twice));
    FloatVector twiceLo = broadcast(SPECIES, lo(b.twice));
    FloatVector most = broadcast(SPECIES, 107f);
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, -0x1.715476p0f);
    FloatVector magic = broadcast(SPECIES, 0x1.80017ep23f);
    FloatVector c3 = broadcast(SPECIES, -0x1.62e43p-1f);
    FloatVector c4 = broadcast(SPECIES, 0x1.05c61p-29f);
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector x2 = x.abs();
      FloatVector w = x2.mul(twiceHi);
      FloatVector wLo = x2.fma(twiceLo, x2.fma(twiceHi, w.neg()));
      VectorMask<Float> below = w.compare(LT, most);
      FloatVector hi = most.blend(w, below);
      FloatVector lo = c.blend(wLo, below);
      FloatVector kf = hi.fma(c2, magic);
      FloatVector k = kf.sub(magic);
      FloatVector scale = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector r = k.fma(c3, hi.neg());
      FloatVector c5 = k.fma(c4, lo.neg());
      scale.intoArray(strip0, i);
      r.intoArray(strip1, i);
      c5.intoArray(strip2, i);
    }
  }

  private static void timesSlope2(LogitBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    FloatVector a = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, 0x1.6a1152p-10f);
    FloatVector c3 = broadcast(SPECIES, 0x1.124ad4p-7f);
    FloatVector c4 = broadcast(SPECIES, 0x1.55583cp-5f);
    FloatVector c5 = broadcast(SPECIES, 0x1.55547ep-3f);
    FloatVector c6 = broadcast(SPECIES, 0.5f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector r = fromArray(SPECIES, strip1, i);
      FloatVector c = fromArray(SPECIES, strip2, i);
      FloatVector head = a.add(r);
      FloatVector q = c2.fma(r, c3);
      FloatVector q2 = q.fma(r, c4);
      FloatVector q3 = q2.fma(r, c5);
      FloatVector rest = r.mul(r).fma(q3.fma(r, c6), r.sub(head.sub(a)));
      FloatVector b2 = c.fma(head.add(rest), rest);
      FloatVector s2 = head.add(b2);
      FloatVector lo = b2.sub(s2.sub(head));
      s2.intoArray(strip1, i);
      lo.intoArray(strip2, i);
    }
  }

  private static void timesSlope3(LogitBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    FloatVector c = broadcast(SPECIES, 0x1.0p-64f);
    FloatVector a = broadcast(SPECIES, 1f);
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector scale = fromArray(SPECIES, strip0, i);
      FloatVector s2 = fromArray(SPECIES, strip1, i);
      FloatVector lo = fromArray(SPECIES, strip2, i);
      FloatVector small = scale.mul(c);
      FloatVector b2 = small.mul(s2);
      FloatVector s3 = a.add(b2);
      FloatVector lo2 = b2.sub(s3.sub(a));
      FloatVector dLo = small.fma(lo, lo2);
      FloatVector square = s3.mul(s3);
      FloatVector squareLo = s3.add(s3).fma(dLo, s3.fma(s3, square.neg()));
      square.intoArray(strip3, i);
      squareLo.intoArray(strip4, i);
    }
  }

  private static void timesSlope4(LogitBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip1 = s.slots[1];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    float[] strip2 = s.slots[2];
    FloatVector c = broadcast(SPECIES, 4f);
    IntVector c2 = IntVector.broadcast(INTS, 0x7fffff);
    IntVector c3 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c4 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c5 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c6 = broadcast(SPECIES, 0x1.0f83e2p1f);
    FloatVector a = broadcast(SPECIES, 1f);
    IntVector c7 = IntVector.broadcast(INTS, 0x7f800000);
    IntVector c8 = IntVector.broadcast(INTS, 0x7f000000);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip1, i);
      FloatVector square = fromArray(SPECIES, strip3, i);
      FloatVector squareLo = fromArray(SPECIES, strip4, i);
      FloatVector lo = fromArray(SPECIES, strip2, i);
      FloatVector n2 = c.mul(s2);
      FloatVector nLo = c.mul(lo);
      IntVector v = square.reinterpretAsInts();
      FloatVector m = v.and(c2).or(c3).reinterpretAsFloats();
      FloatVector r = m.fma(c4, c5);
      FloatVector r2 = r.fma(m, c6);
      FloatVector v2 = m.neg();
      FloatVector r3 = r2.fma(v2.fma(r2, a), r2);
      FloatVector r4 = r3.fma(v2.fma(r3, a), r3).mul(c8.sub(v.and(c7)).reinterpretAsFloats());
      FloatVector q = n2.mul(r4);
      FloatVector v3 = q.neg();
      FloatVector corrected = v3.fma(square, n2).add(v3.fma(squareLo, nLo)).fma(r4, q);
      q.intoArray(strip1, i);
      corrected.intoArray(strip2, i);
    }
  }

  private static void timesSlope5(LogitBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] es = b.e;
    int esAt = b.eAt + start;
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] strip2 = s.slots[2];
    float[] strip1 = s.slots[1];
    float[] strip0 = s.slots[0];
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector c2 = broadcast(SPECIES, 0x1.0p-64f);
    FloatVector c3 = broadcast(SPECIES, Float.NaN);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector e = fromArray(SPECIES, es, esAt + i);
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector corrected = fromArray(SPECIES, strip2, i);
      FloatVector q = fromArray(SPECIES, strip1, i);
      FloatVector scale = fromArray(SPECIES, strip0, i);
      FloatVector q2 = q.blend(corrected, corrected.abs().compare(LT, c));
      FloatVector slope = q2.mul(scale).mul(c2);
      FloatVector v = e.mul(x.blend(slope, x.compare(EQ, x)));
      c3.blend(v, v.compare(EQ, v)).intoArray(es, esAt + i);
    }
  }

  private static void timesCooledSlope1(LogitBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    FloatVector twiceHi = broadcast(SPECIES, hi(b.twice));
    FloatVector twiceLo = broadcast(SPECIES, lo(b.twice));
    FloatVector most = broadcast(SPECIES, 107f);
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, -0x1.715476p0f);
    FloatVector magic = broadcast(SPECIES, 0x1.80017ep23f);
    FloatVector c3 = broadcast(SPECIES, -0x1.62e43p-1f);
    FloatVector c4 = broadcast(SPECIES, 0x1.05c61p-29f);
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector x2 = x.abs();
      FloatVector w = x2.mul(twiceHi);
      FloatVector wLo = x2.fma(twiceLo, x2.fma(twiceHi, w.neg()));
      VectorMask<Float> below = w.compare(LT, most);
      FloatVector hi = most.blend(w, below);
      FloatVector lo = c.blend(wLo, below);
      FloatVector kf = hi.fma(c2, magic);
      FloatVector k = kf.sub(magic);
      FloatVector scale = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector r = k.fma(c3, hi.neg());
      FloatVector c5 = k.fma(c4, lo.neg());
      scale.intoArray(strip0, i);
      r.intoArray(strip1, i);
      c5.intoArray(strip2, i);
    }
  }

  private static void timesCooledSlope2(LogitBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    FloatVector a = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, 0x1.6a1152p-10f);
    FloatVector c3 = broadcast(SPECIES, 0x1.124ad4p-7f);
    FloatVector c4 = broadcast(SPECIES, 0x1.55583cp-5f);
    FloatVector c5 = broadcast(SPECIES, 0x1.55547ep-3f);
    FloatVector c6 = broadcast(SPECIES, 0.5f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector r = fromArray(SPECIES, strip1, i);
      FloatVector c = fromArray(SPECIES, strip2, i);
      FloatVector head = a.add(r);
      FloatVector q = c2.fma(r, c3);
      FloatVector q2 = q.fma(r, c4);
      FloatVector q3 = q2.fma(r, c5);
      FloatVector rest = r.mul(r).fma(q3.fma(r, c6), r.sub(head.sub(a)));
      FloatVector b2 = c.fma(head.add(rest), rest);
      FloatVector s2 = head.add(b2);
      FloatVector lo = b2.sub(s2.sub(head));
      s2.intoArray(strip1, i);
      lo.intoArray(strip2, i);
    }
  }

  private static void timesCooledSlope3(LogitBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    FloatVector c = broadcast(SPECIES, 0x1.0p-64f);
    FloatVector a = broadcast(SPECIES, 1f);
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector scale = fromArray(SPECIES, strip0, i);
      FloatVector s2 = fromArray(SPECIES, strip1, i);
      FloatVector lo = fromArray(SPECIES, strip2, i);
      FloatVector small = scale.mul(c);
      FloatVector b2 = small.mul(s2);
      FloatVector s3 = a.add(b2);
      FloatVector lo2 = b2.sub(s3.sub(a));
      FloatVector dLo = small.fma(lo, lo2);
      FloatVector square = s3.mul(s3);
      FloatVector squareLo = s3.add(s3).fma(dLo, s3.fma(s3, square.neg()));
      square.intoArray(strip3, i);
      squareLo.intoArray(strip4, i);
    }
  }

  private static void timesCooledSlope4(LogitBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip1 = s.slots[1];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    float[] strip2 = s.slots[2];
    FloatVector c = broadcast(SPECIES, 4f);
    IntVector c2 = IntVector.broadcast(INTS, 0x7fffff);
    IntVector c3 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c4 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c5 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c6 = broadcast(SPECIES, 0x1.0f83e2p1f);
    FloatVector a = broadcast(SPECIES, 1f);
    IntVector c7 = IntVector.broadcast(INTS, 0x7f800000);
    IntVector c8 = IntVector.broadcast(INTS, 0x7f000000);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip1, i);
      FloatVector square = fromArray(SPECIES, strip3, i);
      FloatVector squareLo = fromArray(SPECIES, strip4, i);
      FloatVector lo = fromArray(SPECIES, strip2, i);
      FloatVector n2 = c.mul(s2);
      FloatVector nLo = c.mul(lo);
      IntVector v = square.reinterpretAsInts();
      FloatVector m = v.and(c2).or(c3).reinterpretAsFloats();
      FloatVector r = m.fma(c4, c5);
      FloatVector r2 = r.fma(m, c6);
      FloatVector v2 = m.neg();
      FloatVector r3 = r2.fma(v2.fma(r2, a), r2);
      FloatVector r4 = r3.fma(v2.fma(r3, a), r3).mul(c8.sub(v.and(c7)).reinterpretAsFloats());
      FloatVector q = n2.mul(r4);
      FloatVector v3 = q.neg();
      FloatVector corrected = v3.fma(square, n2).add(v3.fma(squareLo, nLo)).fma(r4, q);
      q.intoArray(strip1, i);
      corrected.intoArray(strip2, i);
    }
  }

  private static void timesCooledSlope5(LogitBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] es = b.e;
    int esAt = b.eAt + start;
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] strip2 = s.slots[2];
    float[] strip1 = s.slots[1];
    float[] strip0 = s.slots[0];
    FloatVector inverseHi = broadcast(SPECIES, hi(b.inverse));
    FloatVector inverseLo = broadcast(SPECIES, lo(b.inverse));
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector c2 = broadcast(SPECIES, 0x1.0p-64f);
    FloatVector c3 = broadcast(SPECIES, Float.NaN);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector e = fromArray(SPECIES, es, esAt + i);
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector corrected = fromArray(SPECIES, strip2, i);
      FloatVector q = fromArray(SPECIES, strip1, i);
      FloatVector scale = fromArray(SPECIES, strip0, i);
      FloatVector q2 = q.blend(corrected, corrected.abs().compare(LT, c));
      FloatVector slope = q2.mul(scale).mul(c2);
      FloatVector v = x.blend(slope, x.compare(EQ, x));
      FloatVector p = v.mul(inverseHi);
      FloatVector y = v.fma(inverseHi, v.mul(inverseLo));
      FloatVector v2 = e.mul(p.blend(y, p.abs().compare(LT, c)));
      c3.blend(v2, v2.compare(EQ, v2)).intoArray(es, esAt + i);
    }
  }

  private static void timesInverse(LogitBlock b, Lanes lanes, int start, int n) {
    float[] es = b.e;
    int esAt = b.eAt + start;
    FloatVector inverseHi = broadcast(SPECIES, hi(b.inverse));
    FloatVector c = broadcast(SPECIES, Float.NaN);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector e = fromArray(SPECIES, es, esAt + i);
      FloatVector v = e.mul(inverseHi);
      c.blend(v, v.compare(EQ, v)).intoArray(es, esAt + i);
    }
  }
}
