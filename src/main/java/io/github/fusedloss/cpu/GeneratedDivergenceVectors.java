// Generated from kernels/kl_div.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.*;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.*;

/** Passes of the Vector API over a strip of a block, of kernels/kl_div.cl. */
final class GeneratedDivergenceVectors {
  private GeneratedDivergenceVectors() {}

  static final VectorPasses<BceBlock> PASSES =
      new VectorPasses<>(
          GeneratedDivergenceVectors::wanted,
          GeneratedDivergenceVectors::expPair1,
          GeneratedDivergenceVectors::expPair2,
          GeneratedDivergenceVectors::logDivergence,
          GeneratedDivergenceVectors::divergence1,
          GeneratedDivergenceVectors::divergence2,
          GeneratedDivergenceVectors::divergence3,
          GeneratedDivergenceVectors::weightedElement,
          GeneratedDivergenceVectors::highHalf,
          GeneratedDivergenceVectors::logDivergenceSlope,
          GeneratedDivergenceVectors::divergenceSlope,
          GeneratedDivergenceVectors::scaledGradient,
          GeneratedDivergenceVectors::product,
          GeneratedDivergenceVectors::productAgain,
          GeneratedDivergenceVectors::twoFactors,
          GeneratedDivergenceVectors::scaledGradientAgain,
          GeneratedDivergenceVectors::accumulate);

  private static long wanted(BceBlock b) {
    return (b.logTarget ? 0b111L : 0)
        | (!b.logTarget ? 0b111000L : 0)
        | (b.w != null ? 0b1000000L : 0)
        | (b.loss != null ? 0b10000000L : 0)
        | (b.gradient != null && b.logTarget ? 0b100000000L : 0)
        | (b.gradient != null && !b.logTarget ? 0b1000000000L : 0)
        | (b.gradient != null && b.w == null && b.upstream == null ? 0b10000000000L : 0)
        | (b.gradient != null && b.w != null && b.upstream == null ? 0b100000000000L : 0)
        | (b.gradient != null && b.w == null && b.upstream != null ? 0b1000000000000L : 0)
        | (b.gradient != null && b.w != null && b.upstream != null ? 0b10000000000000L : 0)
        | (b.gradient != null && (b.w != null || b.upstream != null) ? 0b100000000000000L : 0)
        | 0b1000000000000000L;
  }

  private static void expPair1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector c = broadcast(SPECIES, -104f);
    FloatVector c2 = broadcast(SPECIES, 89f);
    FloatVector c3 = broadcast(SPECIES, 0x1.715476p0f);
    FloatVector c4 = broadcast(SPECIES, 0x1.8p23f);
    FloatVector c5 = broadcast(SPECIES, -0x1.62e43p-1f);
    FloatVector c6 = broadcast(SPECIES, 0x1.05c61p-29f);
    FloatVector c7 = broadcast(SPECIES, 0x1.6a1152p-10f);
    FloatVector c8 = broadcast(SPECIES, 0x1.124ad4p-7f);
    FloatVector c9 = broadcast(SPECIES, 0x1.55583cp-5f);
    FloatVector c10 = broadcast(SPECIES, 0x1.55547ep-3f);
    FloatVector c11 = broadcast(SPECIES, 0.5f);
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector x = t.blend(c, t.compare(LT, c));
      FloatVector x2 = x.blend(c2, c2.compare(LT, x));
      FloatVector kf = x2.fma(c3, c4);
      FloatVector k = kf.sub(c4);
      FloatVector r = k.fma(c6, k.fma(c5, x2));
      FloatVector q = c7.fma(r, c8);
      FloatVector q2 = q.fma(r, c9);
      FloatVector q3 = q2.fma(r, c10);
      FloatVector p = r.mul(r).fma(q3.fma(r, c11), r);
      kf.intoArray(strip0, i);
      p.intoArray(strip1, i);
    }
  }

  private static void expPair2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip1 = s.slots[1];
    float[] strip0 = s.slots[0];
    IntVector c = IntVector.broadcast(INTS, 0x4b400000);
    IntVector c2 = IntVector.broadcast(INTS, 127);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, strip1, i);
      FloatVector kf = fromArray(SPECIES, strip0, i);
      IntVector whole = kf.reinterpretAsInts().sub(c);
      IntVector halfOfIt = whole.lanewise(ASHR, 1);
      FloatVector first = halfOfIt.add(c2).lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector second = whole.sub(halfOfIt).add(c2).lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector hi = p.fma(first, first);
      FloatVector hi2 = hi.mul(second);
      FloatVector lo = p.fma(first, first.sub(hi)).mul(second);
      hi2.intoArray(strip0, i);
      lo.intoArray(strip1, i);
    }
  }

  private static void logDivergence(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, 0f);
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector pHi = fromArray(SPECIES, strip0, i);
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector pLo = fromArray(SPECIES, strip1, i);
      FloatVector b2 = x.neg();
      FloatVector s2 = t.sub(x);
      FloatVector z = s2.sub(t);
      FloatVector lo = t.sub(s2.sub(z)).add(b2.sub(z));
      FloatVector p = pHi.mul(s2);
      FloatVector e = pHi.fma(s2, p.neg());
      FloatVector lo2 = e.add(pHi.fma(lo, pLo.mul(s2)));
      FloatVector s3 = p.add(lo2);
      FloatVector lo3 = lo2.sub(s3.sub(p));
      FloatVector hi = s3.add(c);
      lo3.intoArray(strip2, i);
      hi.intoArray(strip3, i);
    }
  }

  private static void divergence1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector c = broadcast(SPECIES, 0x1.0p-64f);
    FloatVector c2 = broadcast(SPECIES, 0x1.0p64f);
    FloatVector c3 = broadcast(SPECIES, 1f);
    IntVector c4 = IntVector.broadcast(INTS, 0x3f2aaaab);
    FloatVector c5 = broadcast(SPECIES, 64f);
    FloatVector fLo = broadcast(SPECIES, 0f);
    FloatVector c6 = broadcast(SPECIES, 0x1.62e43p-1f);
    FloatVector c7 = broadcast(SPECIES, -0x1.05c61p-29f);
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    float[] strip7 = s.slots[7];
    float[] strip8 = s.slots[8];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      VectorMask<Float> small = t.compare(LT, c);
      IntVector y = t.mul(c3.blend(c2, small)).reinterpretAsInts();
      IntVector k = y.sub(c4).lanewise(ASHR, 23);
      FloatVector f = y.sub(k.lanewise(LSHL, 23)).reinterpretAsFloats().sub(c3);
      FloatVector k2 = ((FloatVector) k.convert(I2F, 0)).sub(fLo.blend(c5, small));
      FloatVector h = f.mul(f);
      FloatVector hLo = f.fma(f, h.neg());
      FloatVector base = k2.mul(c6);
      FloatVector baseLo = k2.fma(c7, k2.fma(c6, base.neg()));
      f.intoArray(strip4, i);
      h.intoArray(strip5, i);
      hLo.intoArray(strip6, i);
      base.intoArray(strip7, i);
      baseLo.intoArray(strip8, i);
    }
  }

  private static void divergence2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip7 = s.slots[7];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    float[] strip8 = s.slots[8];
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
    FloatVector fLo = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector base = fromArray(SPECIES, strip7, i);
      FloatVector f = fromArray(SPECIES, strip4, i);
      FloatVector h = fromArray(SPECIES, strip5, i);
      FloatVector hLo = fromArray(SPECIES, strip6, i);
      FloatVector baseLo = fromArray(SPECIES, strip8, i);
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
      FloatVector b3 = fLo.fma(g2, lo3.add(baseLo));
      s3.intoArray(strip4, i);
      b3.intoArray(strip5, i);
    }
  }

  private static void divergence3(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector fLo = broadcast(SPECIES, 0f);
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip4, i);
      FloatVector b2 = fromArray(SPECIES, strip5, i);
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector s3 = s2.add(b2);
      FloatVector lo = b2.sub(s3.sub(s2));
      FloatVector b3 = x.neg();
      FloatVector s4 = s3.sub(x);
      FloatVector z = s4.sub(s3);
      FloatVector lo2 = s3.sub(s4.sub(z)).add(b3.sub(z));
      FloatVector b4 = lo2.add(lo);
      FloatVector s5 = s4.add(b4);
      FloatVector lo3 = b4.sub(s5.sub(s4));
      FloatVector p = s5.mul(t);
      FloatVector lo4 = lo3.fma(t, s5.fma(t, p.neg()));
      FloatVector s6 = p.add(lo4);
      FloatVector lo5 = lo4.sub(s6.sub(p));
      FloatVector hi = s6.add(fLo);
      lo5.intoArray(strip2, i);
      hi.intoArray(strip3, i);
    }
  }

  private static void weightedElement(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip3 = s.slots[3];
    float[] ws = b.w;
    int wsAt = b.wAt + start;
    float[] strip2 = s.slots[2];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector valueHi = fromArray(SPECIES, strip3, i);
      FloatVector w = fromArray(SPECIES, ws, wsAt + i);
      FloatVector valueLo = fromArray(SPECIES, strip2, i);
      FloatVector p = valueHi.mul(w);
      FloatVector lo = valueLo.fma(w, valueHi.fma(w, p.neg()));
      FloatVector s2 = p.add(lo);
      FloatVector lo2 = lo.sub(s2.sub(p));
      s2.intoArray(strip3, i);
      lo2.intoArray(strip2, i);
    }
  }

  private static void highHalf(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip3 = s.slots[3];
    float[] losses = b.loss;
    int lossesAt = b.lossAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector valueHi = fromArray(SPECIES, strip3, i);
      valueHi.intoArray(losses, lossesAt + i);
    }
  }

  private static void logDivergenceSlope(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, 0f);
    float[] gradients = b.gradient;
    int gradientsAt = b.gradientAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector pHi = fromArray(SPECIES, strip0, i);
      FloatVector pLo = fromArray(SPECIES, strip1, i);
      c.sub(pHi.add(pLo)).intoArray(gradients, gradientsAt + i);
    }
  }

  private static void divergenceSlope(BceBlock b, Lanes lanes, int start, int n) {
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector c = broadcast(SPECIES, 0f);
    float[] gradients = b.gradient;
    int gradientsAt = b.gradientAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      c.sub(t).intoArray(gradients, gradientsAt + i);
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
    float[] strip0 = s.slots[0];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector w = fromArray(SPECIES, ws, wsAt + i);
      w.mul(scale).intoArray(strip0, i);
    }
  }

  private static void productAgain(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    FloatVector scale = broadcast(SPECIES, b.scale);
    float[] upstreams = b.upstream;
    int upstreamsAt = b.upstreamAt + start;
    float[] strip0 = s.slots[0];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector upstream = fromArray(SPECIES, upstreams, upstreamsAt + i);
      scale.mul(upstream).intoArray(strip0, i);
    }
  }

  private static void twoFactors(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ws = b.w;
    int wsAt = b.wAt + start;
    FloatVector scale = broadcast(SPECIES, b.scale);
    float[] upstreams = b.upstream;
    int upstreamsAt = b.upstreamAt + start;
    float[] strip0 = s.slots[0];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector w = fromArray(SPECIES, ws, wsAt + i);
      FloatVector upstream = fromArray(SPECIES, upstreams, upstreamsAt + i);
      w.mul(scale).mul(upstream).intoArray(strip0, i);
    }
  }

  private static void scaledGradientAgain(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] gradients = b.gradient;
    int gradientsAt = b.gradientAt + start;
    float[] strip0 = s.slots[0];
    FloatVector c = broadcast(SPECIES, Float.NaN);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector gradient = fromArray(SPECIES, gradients, gradientsAt + i);
      FloatVector factor = fromArray(SPECIES, strip0, i);
      FloatVector v = gradient.mul(factor);
      c.blend(v, v.compare(EQ, v)).intoArray(gradients, gradientsAt + i);
    }
  }

  private static void accumulate(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] lanesSumHis = lanes.hi;
    int lanesSumHisAt = Blocks.lane(start);
    float[] strip3 = s.slots[3];
    float[] lanesSumLos = lanes.lo;
    int lanesSumLosAt = Blocks.lane(start);
    float[] strip2 = s.slots[2];
    int end = n;
    for (int lane = 0; lane < Blocks.LANES; lane += LENGTH) {
      FloatVector lanesSumHi = fromArray(SPECIES, lanesSumHis, lanesSumHisAt + lane);
      FloatVector lanesSumLo = fromArray(SPECIES, lanesSumLos, lanesSumLosAt + lane);
      for (int i = lane; i < end; i += Blocks.LANES) {
        FloatVector valueHi = fromArray(SPECIES, strip3, i);
        FloatVector valueLo = fromArray(SPECIES, strip2, i);
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
