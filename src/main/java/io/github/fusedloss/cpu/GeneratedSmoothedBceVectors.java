// Generated from kernels/bce.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.*;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.*;

/** Passes of the Vector API over a strip of a block, of kernels/bce.cl. */
final class GeneratedSmoothedBceVectors {
  private GeneratedSmoothedBceVectors() {}

  static final VectorPasses<BceBlock> PASSES =
      new VectorPasses<>(
          GeneratedSmoothedBceVectors::wanted,
          GeneratedSmoothedBceVectors::smoothedProbabilityLoss1,
          GeneratedSmoothedBceVectors::smoothedProbabilityLoss2,
          GeneratedSmoothedBceVectors::smoothedProbabilityLoss3,
          GeneratedSmoothedBceVectors::smoothedProbabilityLoss4,
          GeneratedSmoothedBceVectors::smoothedProbabilityLoss5,
          GeneratedSmoothedBceVectors::smoothedProbabilityLoss6,
          GeneratedSmoothedBceVectors::smoothedProbabilityLoss7,
          GeneratedSmoothedBceVectors::smoothedProbabilityLoss8,
          GeneratedSmoothedBceVectors::smoothedProbabilityLoss9,
          GeneratedSmoothedBceVectors::weightedElement,
          GeneratedSmoothedBceVectors::highHalf,
          GeneratedSmoothedBceVectors::smoothedProbabilitySlope1,
          GeneratedSmoothedBceVectors::smoothedProbabilitySlope2,
          GeneratedSmoothedBceVectors::smoothedProbabilitySlope3,
          GeneratedSmoothedBceVectors::scaledGradient,
          GeneratedSmoothedBceVectors::product,
          GeneratedSmoothedBceVectors::productAgain,
          GeneratedSmoothedBceVectors::twoFactors,
          GeneratedSmoothedBceVectors::scaledGradientAgain,
          GeneratedSmoothedBceVectors::accumulate);

  private static long wanted(BceBlock b) {
    return 0b10000000000111111111L
        | (b.w != null ? 0b1000000000L : 0)
        | (b.loss != null ? 0b10000000000L : 0)
        | (b.gradient != null ? 0b11100000000000L : 0)
        | (b.gradient != null && b.w == null && b.upstream == null ? 0b100000000000000L : 0)
        | (b.gradient != null && b.w != null && b.upstream == null ? 0b1000000000000000L : 0)
        | (b.gradient != null && b.w == null && b.upstream != null ? 0b10000000000000000L : 0)
        | (b.gradient != null && b.w != null && b.upstream != null ? 0b100000000000000000L : 0)
        | (b.gradient != null && (b.w != null || b.upstream != null) ? 0b1000000000000000000L : 0);
  }

  private static void smoothedProbabilityLoss1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    FloatVector a = broadcast(SPECIES, 1f);
    IntVector c = IntVector.broadcast(INTS, 0x3f2aaaab);
    IntVector c2 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector uLo = broadcast(SPECIES, 0f);
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector b2 = x.neg();
      FloatVector s2 = a.sub(x);
      FloatVector lo = b2.sub(s2.sub(a));
      IntVector v = s2.reinterpretAsInts();
      IntVector k = v.sub(c).lanewise(ASHR, 23);
      IntVector shift = k.lanewise(LSHL, 23);
      FloatVector f = v.sub(shift).reinterpretAsFloats().sub(a);
      FloatVector fLo = lo.mul(c2.sub(shift).reinterpretAsFloats());
      FloatVector k2 = (FloatVector) k.convert(I2F, 0);
      VectorMask<Float> direct = k2.compare(EQ, uLo);
      FloatVector f2 = f.blend(b2, direct);
      FloatVector fLo2 = fLo.blend(uLo, direct);
      FloatVector h = f2.mul(f2);
      FloatVector hLo = f2.fma(f2, h.neg());
      k2.intoArray(strip0, i);
      f2.intoArray(strip1, i);
      fLo2.intoArray(strip2, i);
      h.intoArray(strip3, i);
      hLo.intoArray(strip4, i);
    }
  }

  private static void smoothedProbabilityLoss2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    FloatVector c = broadcast(SPECIES, 0x1.62e43p-1f);
    FloatVector c2 = broadcast(SPECIES, -0x1.05c61p-29f);
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector k = fromArray(SPECIES, strip0, i);
      FloatVector base = k.mul(c);
      FloatVector baseLo = k.fma(c2, k.fma(c, base.neg()));
      base.intoArray(strip0, i);
      baseLo.intoArray(strip5, i);
    }
  }

  private static void smoothedProbabilityLoss3(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip3 = s.slots[3];
    float[] strip2 = s.slots[2];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
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
      FloatVector base = fromArray(SPECIES, strip0, i);
      FloatVector f = fromArray(SPECIES, strip1, i);
      FloatVector h = fromArray(SPECIES, strip3, i);
      FloatVector fLo = fromArray(SPECIES, strip2, i);
      FloatVector hLo = fromArray(SPECIES, strip4, i);
      FloatVector baseLo = fromArray(SPECIES, strip5, i);
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
      s3.intoArray(strip0, i);
      b3.intoArray(strip1, i);
    }
  }

  private static void smoothedProbabilityLoss4(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.keep));
    FloatVector keepLo = broadcast(SPECIES, lo(b.keep));
    FloatVector a = broadcast(SPECIES, 1f);
    FloatVector c = broadcast(SPECIES, 100f);
    FloatVector uLo = broadcast(SPECIES, 0f);
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector s2 = fromArray(SPECIES, strip0, i);
      FloatVector b2 = fromArray(SPECIES, strip1, i);
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector s3 = s2.add(b2);
      FloatVector lo = b2.sub(s3.sub(s2));
      VectorMask<Float> below = x.compare(LT, a);
      FloatVector hi = c.blend(s3.neg(), below);
      FloatVector lo2 = uLo.blend(lo.neg(), below);
      FloatVector b3 = t.neg();
      FloatVector s4 = a.sub(t);
      FloatVector z = s4.sub(a);
      FloatVector lo3 = a.sub(s4.sub(z)).add(b3.sub(z));
      FloatVector p = s4.mul(keepHi);
      FloatVector pLo = lo3.fma(keepHi, s4.fma(keepLo, s4.fma(keepHi, p.neg())));
      hi.intoArray(strip0, i);
      lo2.intoArray(strip1, i);
      p.intoArray(strip2, i);
      pLo.intoArray(strip3, i);
    }
  }

  private static void smoothedProbabilityLoss5(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip2 = s.slots[2];
    FloatVector spreadE = broadcast(SPECIES, b.spreadE);
    float[] strip3 = s.slots[3];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector hi = fromArray(SPECIES, strip0, i);
      FloatVector p = fromArray(SPECIES, strip2, i);
      FloatVector pLo = fromArray(SPECIES, strip3, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector s2 = p.add(spreadE);
      FloatVector z = s2.sub(p);
      FloatVector lo2 = p.sub(s2.sub(z)).add(spreadE.sub(z));
      FloatVector b2 = lo2.add(pLo);
      FloatVector s3 = s2.add(b2);
      FloatVector lo3 = b2.sub(s3.sub(s2));
      FloatVector p2 = hi.mul(s3);
      FloatVector e = hi.fma(s3, p2.neg());
      FloatVector lo4 = e.add(hi.fma(lo3, lo.mul(s3)));
      FloatVector s4 = p2.add(lo4);
      FloatVector lo5 = lo4.sub(s4.sub(p2));
      s4.intoArray(strip0, i);
      lo5.intoArray(strip1, i);
    }
  }

  private static void smoothedProbabilityLoss6(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    FloatVector c = broadcast(SPECIES, 0x1.0p64f);
    IntVector c2 = IntVector.broadcast(INTS, 0x3f2aaaab);
    FloatVector a = broadcast(SPECIES, 1f);
    FloatVector c3 = broadcast(SPECIES, 64f);
    FloatVector c4 = broadcast(SPECIES, 0x1.62e43p-1f);
    FloatVector c5 = broadcast(SPECIES, -0x1.05c61p-29f);
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      IntVector y = x.abs().mul(c).reinterpretAsInts();
      IntVector k = y.sub(c2).lanewise(ASHR, 23);
      FloatVector f = y.sub(k.lanewise(LSHL, 23)).reinterpretAsFloats().sub(a);
      FloatVector k2 = ((FloatVector) k.convert(I2F, 0)).sub(c3);
      FloatVector h = f.mul(f);
      FloatVector hLo = f.fma(f, h.neg());
      FloatVector base = k2.mul(c4);
      FloatVector baseLo = k2.fma(c5, k2.fma(c4, base.neg()));
      f.intoArray(strip2, i);
      h.intoArray(strip3, i);
      hLo.intoArray(strip4, i);
      base.intoArray(strip5, i);
      baseLo.intoArray(strip6, i);
    }
  }

  private static void smoothedProbabilityLoss7(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip5 = s.slots[5];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    float[] strip6 = s.slots[6];
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
    FloatVector uLo = broadcast(SPECIES, 0f);
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
      FloatVector b3 = uLo.fma(g2, lo3.add(baseLo));
      s3.intoArray(strip2, i);
      b3.intoArray(strip3, i);
    }
  }

  private static void smoothedProbabilityLoss8(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.keep));
    FloatVector spreadE = broadcast(SPECIES, b.spreadE);
    FloatVector keepLo = broadcast(SPECIES, lo(b.keep));
    FloatVector c = broadcast(SPECIES, 100f);
    FloatVector uLo = broadcast(SPECIES, 0f);
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip2, i);
      FloatVector b2 = fromArray(SPECIES, strip3, i);
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector s3 = s2.add(b2);
      FloatVector lo = b2.sub(s3.sub(s2));
      FloatVector v = s3.neg();
      VectorMask<Float> below = v.compare(LT, c);
      FloatVector hi = c.blend(v, below);
      FloatVector lo2 = uLo.blend(lo.neg(), below);
      FloatVector p = t.mul(keepHi);
      FloatVector pLo = uLo.fma(keepHi, t.fma(keepLo, t.fma(keepHi, p.neg())));
      FloatVector s4 = p.add(spreadE);
      FloatVector z = s4.sub(p);
      FloatVector lo3 = p.sub(s4.sub(z)).add(spreadE.sub(z));
      FloatVector b3 = lo3.add(pLo);
      FloatVector s5 = s4.add(b3);
      FloatVector lo4 = b3.sub(s5.sub(s4));
      hi.intoArray(strip2, i);
      lo2.intoArray(strip3, i);
      s5.intoArray(strip4, i);
      lo4.intoArray(strip5, i);
    }
  }

  private static void smoothedProbabilityLoss9(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip2 = s.slots[2];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    float[] strip3 = s.slots[3];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip0, i);
      FloatVector hi = fromArray(SPECIES, strip2, i);
      FloatVector s3 = fromArray(SPECIES, strip4, i);
      FloatVector lo = fromArray(SPECIES, strip5, i);
      FloatVector lo2 = fromArray(SPECIES, strip3, i);
      FloatVector lo3 = fromArray(SPECIES, strip1, i);
      FloatVector p = hi.mul(s3);
      FloatVector e = hi.fma(s3, p.neg());
      FloatVector lo4 = e.add(hi.fma(lo, lo2.mul(s3)));
      FloatVector s4 = p.add(lo4);
      FloatVector lo5 = lo4.sub(s4.sub(p));
      FloatVector s5 = s2.add(s4);
      FloatVector z = s5.sub(s2);
      FloatVector lo6 = s2.sub(s5.sub(z)).add(s4.sub(z));
      FloatVector lo7 = lo6.add(lo3.add(lo5));
      FloatVector s6 = s5.add(lo7);
      FloatVector lo8 = lo7.sub(s6.sub(s5));
      s6.intoArray(strip0, i);
      lo8.intoArray(strip1, i);
    }
  }

  private static void weightedElement(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] ws = b.w;
    int wsAt = b.wAt + start;
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector c2 = broadcast(SPECIES, 0f);
    FloatVector c3 = broadcast(SPECIES, Float.NaN);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector valueHi = fromArray(SPECIES, strip0, i);
      FloatVector w = fromArray(SPECIES, ws, wsAt + i);
      FloatVector valueLo = fromArray(SPECIES, strip1, i);
      FloatVector p = valueHi.mul(w);
      FloatVector lo = valueLo.fma(w, valueHi.fma(w, p.neg()));
      FloatVector s2 = p.add(lo);
      FloatVector lo2 = lo.sub(s2.sub(p));
      VectorMask<Float> finite = p.abs().compare(LT, c);
      FloatVector hi = p.blend(s2, finite);
      FloatVector lo3 = c2.blend(lo2, finite);
      VectorMask<Float> dropped = w.compare(EQ, c2).and(valueHi.abs().compare(LT,
          c).not()).and(valueHi.compare(EQ, valueHi));
      FloatVector hi2 = c3.blend(hi, hi.compare(EQ, hi)).blend(c2, dropped);
      lo3.intoArray(strip1, i);
      hi2.intoArray(strip0, i);
    }
  }

  private static void highHalf(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] losses = b.loss;
    int lossesAt = b.lossAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector valueHi = fromArray(SPECIES, strip0, i);
      valueHi.intoArray(losses, lossesAt + i);
    }
  }

  private static void smoothedProbabilitySlope1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.keep));
    FloatVector spreadE = broadcast(SPECIES, b.spreadE);
    FloatVector keepLo = broadcast(SPECIES, lo(b.keep));
    FloatVector lo = broadcast(SPECIES, 0f);
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector p = t.mul(keepHi);
      FloatVector pLo = lo.fma(keepHi, t.fma(keepLo, t.fma(keepHi, p.neg())));
      FloatVector s2 = p.add(spreadE);
      FloatVector z = s2.sub(p);
      FloatVector lo2 = p.sub(s2.sub(z)).add(spreadE.sub(z));
      FloatVector b2 = lo2.add(pLo);
      FloatVector s3 = s2.add(b2);
      FloatVector lo3 = b2.sub(s3.sub(s2));
      FloatVector b3 = s3.neg();
      FloatVector s4 = x.sub(s3);
      FloatVector z2 = s4.sub(x);
      FloatVector lo4 = x.sub(s4.sub(z2)).add(b3.sub(z2));
      s4.intoArray(strip2, i);
      lo4.sub(lo3).intoArray(strip3, i);
    }
  }

  private static void smoothedProbabilitySlope2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip2, i);
      FloatVector v = fromArray(SPECIES, strip3, i);
      FloatVector difference = s2.add(v);
      difference.intoArray(strip2, i);
    }
  }

  private static void smoothedProbabilitySlope3(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    FloatVector c = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, 1.0E-12f);
    IntVector c3 = IntVector.broadcast(INTS, 0x7fffff);
    IntVector c4 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c5 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c6 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c7 = broadcast(SPECIES, 0x1.0f83e2p1f);
    IntVector c8 = IntVector.broadcast(INTS, 0x7f800000);
    IntVector c9 = IntVector.broadcast(INTS, 0x7f000000);
    float[] gradients = b.gradient;
    int gradientsAt = b.gradientAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector difference = fromArray(SPECIES, strip2, i);
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector product = c.sub(x).mul(x);
      FloatVector d = c2.blend(product, product.compare(GT, c2));
      IntVector v = d.reinterpretAsInts();
      FloatVector m = v.and(c3).or(c4).reinterpretAsFloats();
      FloatVector r = m.fma(c5, c6);
      FloatVector r2 = r.fma(m, c7);
      FloatVector v2 = m.neg();
      FloatVector r3 = r2.fma(v2.fma(r2, c), r2);
      FloatVector r4 = r3.fma(v2.fma(r3, c), r3).mul(c9.sub(v.and(c8)).reinterpretAsFloats());
      FloatVector q = difference.mul(r4);
      q.neg().fma(d, difference).fma(r4, q).intoArray(gradients, gradientsAt + i);
    }
  }

  private static void scaledGradient(BceBlock b, Lanes lanes, int start, int n) {
    float[] gradients = b.gradient;
    int gradientsAt = b.gradientAt + start;
    FloatVector scale = broadcast(SPECIES, b.scale);
    FloatVector c = broadcast(SPECIES, Float.NaN);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector gradient = fromArray(SPECIES, gradients, gradientsAt + i);
      FloatVector v = gradient.mul(scale);
      c.blend(v, v.compare(EQ, v)).intoArray(gradients, gradientsAt + i);
    }
  }

  private static void product(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ws = b.w;
    int wsAt = b.wAt + start;
    FloatVector scale = broadcast(SPECIES, b.scale);
    float[] strip2 = s.slots[2];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector w = fromArray(SPECIES, ws, wsAt + i);
      w.mul(scale).intoArray(strip2, i);
    }
  }

  private static void productAgain(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    FloatVector scale = broadcast(SPECIES, b.scale);
    float[] upstreams = b.upstream;
    int upstreamsAt = b.upstreamAt + start;
    float[] strip2 = s.slots[2];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector upstream = fromArray(SPECIES, upstreams, upstreamsAt + i);
      scale.mul(upstream).intoArray(strip2, i);
    }
  }

  private static void twoFactors(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ws = b.w;
    int wsAt = b.wAt + start;
    FloatVector scale = broadcast(SPECIES, b.scale);
    float[] upstreams = b.upstream;
    int upstreamsAt = b.upstreamAt + start;
    float[] strip2 = s.slots[2];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector w = fromArray(SPECIES, ws, wsAt + i);
      FloatVector upstream = fromArray(SPECIES, upstreams, upstreamsAt + i);
      w.mul(scale).mul(upstream).intoArray(strip2, i);
    }
  }

  private static void scaledGradientAgain(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] gradients = b.gradient;
    int gradientsAt = b.gradientAt + start;
    float[] strip2 = s.slots[2];
    FloatVector c = broadcast(SPECIES, Float.NaN);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector gradient = fromArray(SPECIES, gradients, gradientsAt + i);
      FloatVector factor = fromArray(SPECIES, strip2, i);
      FloatVector v = gradient.mul(factor);
      c.blend(v, v.compare(EQ, v)).intoArray(gradients, gradientsAt + i);
    }
  }

  private static void accumulate(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] lanesSumHis = lanes.hi;
    int lanesSumHisAt = Blocks.lane(start);
    float[] strip0 = s.slots[0];
    float[] lanesSumLos = lanes.lo;
    int lanesSumLosAt = Blocks.lane(start);
    float[] strip1 = s.slots[1];
    int end = n;
    for (int lane = 0; lane < Blocks.LANES; lane += LENGTH) {
      FloatVector lanesSumHi = fromArray(SPECIES, lanesSumHis, lanesSumHisAt + lane);
      FloatVector lanesSumLo = fromArray(SPECIES, lanesSumLos, lanesSumLosAt + lane);
      for (int i = lane; i < end; i += Blocks.LANES) {
        FloatVector valueHi = fromArray(SPECIES, strip0, i);
        FloatVector valueLo = fromArray(SPECIES, strip1, i);
        FloatVector s2 = lanesSumHi.add(valueHi);
        FloatVector z = s2.sub(lanesSumHi);
        FloatVector lo = lanesSumHi.sub(s2.sub(z)).add(valueHi.sub(z));
        FloatVector lo2 = lanesSumLo.add(lo.add(valueLo));
        lanesSumHi = s2;
        lanesSumLo = lo2;
      }
      lanesSumHi.intoArray(lanesSumHis, lanesSumHisAt + lane);
      lanesSumLo.intoArray(lanesSumLos, lanesSumLosAt + lane);
    }
  }
}
