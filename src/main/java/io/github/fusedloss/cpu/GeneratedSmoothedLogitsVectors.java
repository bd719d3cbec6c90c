// Generated from kernels/sigmoid_bce.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.*;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.*;

/** Passes of the Vector API over a strip of a block, of kernels/sigmoid_bce.cl. */
final class GeneratedSmoothedLogitsVectors {
  private GeneratedSmoothedLogitsVectors() {}

  static final VectorPasses<BceBlock> PASSES =
      new VectorPasses<>(
          GeneratedSmoothedLogitsVectors::wanted,
          GeneratedSmoothedLogitsVectors::partsOfLogit1,
          GeneratedSmoothedLogitsVectors::partsOfLogit2,
          GeneratedSmoothedLogitsVectors::unweightedSmoothedLoss1,
          GeneratedSmoothedLogitsVectors::unweightedSmoothedLoss2,
          GeneratedSmoothedLogitsVectors::unweightedSmoothedLoss3,
          GeneratedSmoothedLogitsVectors::unweightedSmoothedLoss4,
          GeneratedSmoothedLogitsVectors::smoothedLoss1,
          GeneratedSmoothedLogitsVectors::smoothedLoss2,
          GeneratedSmoothedLogitsVectors::smoothedLoss3,
          GeneratedSmoothedLogitsVectors::smoothedLoss4,
          GeneratedSmoothedLogitsVectors::weightedLoss,
          GeneratedSmoothedLogitsVectors::highHalf,
          GeneratedSmoothedLogitsVectors::rounded,
          GeneratedSmoothedLogitsVectors::unweightedSmoothedSlope1,
          GeneratedSmoothedLogitsVectors::unweightedSmoothedSlope2,
          GeneratedSmoothedLogitsVectors::unweightedSmoothedSlope3,
          GeneratedSmoothedLogitsVectors::smoothedSlope1,
          GeneratedSmoothedLogitsVectors::smoothedSlope2,
          GeneratedSmoothedLogitsVectors::smoothedSlope3,
          GeneratedSmoothedLogitsVectors::scaledGradient,
          GeneratedSmoothedLogitsVectors::product,
          GeneratedSmoothedLogitsVectors::productAgain,
          GeneratedSmoothedLogitsVectors::twoFactors,
          GeneratedSmoothedLogitsVectors::scaledGradientAgain,
          GeneratedSmoothedLogitsVectors::accumulate);

  private static long wanted(BceBlock b) {
    return 0b1000000000000000000000011L
        | (b.posWeight == null ? 0b111100L : 0)
        | (b.posWeight != null ? 0b1111000000L : 0)
        | (b.w != null ? 0b10000000000L : 0)
        | (b.loss != null && b.w == null ? 0b100000000000L : 0)
        | (b.loss != null && b.w != null ? 0b1000000000000L : 0)
        | (b.gradient != null && b.posWeight == null ? 0b1110000000000000L : 0)
        | (b.gradient != null && b.posWeight != null ? 0b1110000000000000000L : 0)
        | (b.gradient != null && b.w == null && b.upstream == null ? 0b10000000000000000000L : 0)
        | (b.gradient != null && b.w != null && b.upstream == null ? 0b100000000000000000000L : 0)
        | (b.gradient != null && b.w == null && b.upstream != null ? 0b1000000000000000000000L : 0)
        | (b.gradient != null && b.w != null && b.upstream != null ? 0b10000000000000000000000L : 0)
        | (b.gradient != null && (b.w != null || b.upstream != null) ? 0b100000000000000000000000L : 0);
  }

  private static void partsOfLogit1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    FloatVector c = broadcast(SPECIES, 104f);
    FloatVector c2 = broadcast(SPECIES, -0x1.715476p0f);
    FloatVector c3 = broadcast(SPECIES, 0x1.80017ep23f);
    FloatVector c4 = broadcast(SPECIES, 0x1.0p-64f);
    FloatVector c5 = broadcast(SPECIES, -0x1.62e43p-1f);
    FloatVector c6 = broadcast(SPECIES, 0x1.05c61p-29f);
    FloatVector c7 = broadcast(SPECIES, 0x1.6a1152p-10f);
    FloatVector c8 = broadcast(SPECIES, 0x1.124ad4p-7f);
    FloatVector c9 = broadcast(SPECIES, 0x1.55583cp-5f);
    FloatVector c10 = broadcast(SPECIES, 0x1.55547ep-3f);
    FloatVector c11 = broadcast(SPECIES, 0.5f);
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    int next = VectorMath.next(xs, xsAt, n);
    float touched = 0f;
    for (int i = 0; i < n; i += LENGTH) {
      touched += xs[next + i];
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector a = x.abs();
      FloatVector a2 = a.blend(c, c.compare(LT, a));
      FloatVector kf = a2.fma(c2, c3);
      FloatVector k = kf.sub(c3);
      FloatVector v = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector scale = v.mul(c4);
      FloatVector r = k.fma(c6, k.fma(c5, a2.neg()));
      FloatVector q = c7.fma(r, c8);
      FloatVector q2 = q.fma(r, c9);
      FloatVector q3 = q2.fma(r, c10);
      FloatVector p = r.mul(r).fma(q3.fma(r, c11), r);
      FloatVector hi = p.fma(scale, scale);
      FloatVector lo = p.fma(scale, scale.sub(hi));
      hi.intoArray(strip0, i);
      lo.intoArray(strip1, i);
    }
    s.touched = touched;
  }

  private static void partsOfLogit2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, -0x1.b2ee4ep-9f);
    FloatVector c2 = broadcast(SPECIES, 0x1.4b068p-6f);
    FloatVector c3 = broadcast(SPECIES, -0x1.d863eep-5f);
    FloatVector c4 = broadcast(SPECIES, 0x1.b57b8p-4f);
    FloatVector c5 = broadcast(SPECIES, -0x1.3a7b78p-3f);
    FloatVector c6 = broadcast(SPECIES, 0x1.935d24p-3f);
    FloatVector c7 = broadcast(SPECIES, -0x1.ff2706p-3f);
    FloatVector c8 = broadcast(SPECIES, 0x1.554df2p-2f);
    FloatVector c9 = broadcast(SPECIES, -0x1.ffffa6p-3f);
    FloatVector c10 = broadcast(SPECIES, -0.25f);
    FloatVector c11 = broadcast(SPECIES, -0.48f);
    FloatVector c12 = broadcast(SPECIES, 0.97f);
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    int next = VectorMath.next(ts, tsAt, n);
    float touched = 0f;
    for (int i = 0; i < n; i += LENGTH) {
      touched += ts[next + i];
      FloatVector hi = fromArray(SPECIES, strip0, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector p = c.fma(hi, c2);
      FloatVector p2 = p.fma(hi, c3);
      FloatVector p3 = p2.fma(hi, c4);
      FloatVector p4 = p3.fma(hi, c5);
      FloatVector p5 = p4.fma(hi, c6);
      FloatVector p6 = p5.fma(hi, c7);
      FloatVector p7 = p6.fma(hi, c8);
      FloatVector p8 = p7.fma(hi, c9);
      FloatVector m = c10.mul(hi);
      FloatVector hi2 = m.fma(hi, hi);
      FloatVector lo2 = m.fma(hi, hi.sub(hi2));
      FloatVector lo3 = lo.fma(hi.fma(c11, c12), lo2);
      FloatVector lo4 = hi.mul(hi).fma(p8, lo3);
      hi2.intoArray(strip2, i);
      lo4.intoArray(strip3, i);
    }
    s.touched = touched;
  }

  private static void unweightedSmoothedLoss1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.keep));
    FloatVector spreadE = broadcast(SPECIES, b.spreadE);
    FloatVector keepLo = broadcast(SPECIES, lo(b.keep));
    FloatVector posWeight = broadcast(SPECIES, 1f);
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector b2 = t.neg();
      FloatVector s2 = posWeight.sub(t);
      FloatVector z = s2.sub(posWeight);
      FloatVector lo = posWeight.sub(s2.sub(z)).add(b2.sub(z));
      FloatVector p = s2.mul(keepHi);
      FloatVector pLo = lo.fma(keepHi, s2.fma(keepLo, s2.fma(keepHi, p.neg())));
      FloatVector s3 = p.add(spreadE);
      FloatVector z2 = s3.sub(p);
      FloatVector lo2 = p.sub(s3.sub(z2)).add(spreadE.sub(z2));
      FloatVector b3 = lo2.add(pLo);
      FloatVector s4 = s3.add(b3);
      FloatVector lo3 = b3.sub(s4.sub(s3));
      s4.intoArray(strip4, i);
      lo3.intoArray(strip5, i);
    }
  }

  private static void unweightedSmoothedLoss2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.keep));
    FloatVector spreadE = broadcast(SPECIES, b.spreadE);
    FloatVector keepLo = broadcast(SPECIES, lo(b.keep));
    FloatVector lo = broadcast(SPECIES, 0f);
    FloatVector posWeight = broadcast(SPECIES, 1f);
    float[] strip6 = s.slots[6];
    float[] strip7 = s.slots[7];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector p = t.mul(keepHi);
      FloatVector pLo = lo.fma(keepHi, t.fma(keepLo, t.fma(keepHi, p.neg())));
      FloatVector s2 = p.add(spreadE);
      FloatVector z = s2.sub(p);
      FloatVector lo2 = p.sub(s2.sub(z)).add(spreadE.sub(z));
      FloatVector b2 = lo2.add(pLo);
      FloatVector s3 = s2.add(b2);
      FloatVector lo3 = b2.sub(s3.sub(s2));
      FloatVector lo4 = lo3.fma(posWeight, s3.fma(posWeight, s3.neg()));
      s3.intoArray(strip6, i);
      lo4.intoArray(strip7, i);
    }
  }

  private static void unweightedSmoothedLoss3(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] strip4 = s.slots[4];
    float[] strip6 = s.slots[6];
    float[] strip5 = s.slots[5];
    float[] strip7 = s.slots[7];
    FloatVector lo3 = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector s2 = fromArray(SPECIES, strip4, i);
      FloatVector s3 = fromArray(SPECIES, strip6, i);
      FloatVector lo = fromArray(SPECIES, strip5, i);
      FloatVector lo2 = fromArray(SPECIES, strip7, i);
      FloatVector a = x.abs();
      VectorMask<Float> positive = x.compare(GE, lo3);
      FloatVector f = s3.blend(s2, positive);
      FloatVector fLo = lo2.blend(lo, positive);
      FloatVector p = f.mul(a);
      FloatVector pLo = fLo.fma(a, f.fma(a, p.neg()));
      FloatVector s4 = s2.add(s3);
      FloatVector z = s4.sub(s2);
      FloatVector lo4 = s2.sub(s4.sub(z)).add(s3.sub(z));
      FloatVector bothLo = lo4.add(lo.add(lo2));
      p.intoArray(strip4, i);
      pLo.intoArray(strip5, i);
      s4.intoArray(strip6, i);
      bothLo.intoArray(strip7, i);
    }
  }

  private static void unweightedSmoothedLoss4(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip6 = s.slots[6];
    float[] strip5 = s.slots[5];
    float[] strip7 = s.slots[7];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, strip4, i);
      FloatVector partsLHi = fromArray(SPECIES, strip2, i);
      FloatVector partsLLo = fromArray(SPECIES, strip3, i);
      FloatVector s2 = fromArray(SPECIES, strip6, i);
      FloatVector pLo = fromArray(SPECIES, strip5, i);
      FloatVector bothLo = fromArray(SPECIES, strip7, i);
      FloatVector s3 = partsLHi.add(partsLLo);
      FloatVector lo = partsLLo.sub(s3.sub(partsLHi));
      FloatVector r = s3.mul(s2);
      FloatVector rLo = s3.fma(s2, r.neg()).add(s3.fma(bothLo, lo.mul(s2)));
      FloatVector s4 = p.add(r);
      FloatVector z = s4.sub(p);
      FloatVector lo2 = p.sub(s4.sub(z)).add(r.sub(z));
      FloatVector b2 = lo2.add(pLo.add(rLo));
      FloatVector s5 = s4.add(b2);
      FloatVector lo3 = b2.sub(s5.sub(s4));
      s5.intoArray(strip4, i);
      lo3.intoArray(strip5, i);
    }
  }

  private static void smoothedLoss1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.keep));
    FloatVector spreadE = broadcast(SPECIES, b.spreadE);
    FloatVector keepLo = broadcast(SPECIES, lo(b.keep));
    FloatVector a = broadcast(SPECIES, 1f);
    float[] strip6 = s.slots[6];
    float[] strip7 = s.slots[7];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector b2 = t.neg();
      FloatVector s2 = a.sub(t);
      FloatVector z = s2.sub(a);
      FloatVector lo = a.sub(s2.sub(z)).add(b2.sub(z));
      FloatVector p = s2.mul(keepHi);
      FloatVector pLo = lo.fma(keepHi, s2.fma(keepLo, s2.fma(keepHi, p.neg())));
      FloatVector s3 = p.add(spreadE);
      FloatVector z2 = s3.sub(p);
      FloatVector lo2 = p.sub(s3.sub(z2)).add(spreadE.sub(z2));
      FloatVector b3 = lo2.add(pLo);
      FloatVector s4 = s3.add(b3);
      FloatVector lo3 = b3.sub(s4.sub(s3));
      s4.intoArray(strip6, i);
      lo3.intoArray(strip7, i);
    }
  }

  private static void smoothedLoss2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.keep));
    FloatVector spreadE = broadcast(SPECIES, b.spreadE);
    FloatVector keepLo = broadcast(SPECIES, lo(b.keep));
    float[] posWeights = b.posWeight;
    int posWeightsAt = b.posWeightAt + start;
    FloatVector lo = broadcast(SPECIES, 0f);
    float[] strip8 = s.slots[8];
    float[] strip9 = s.slots[9];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector posWeight = fromArray(SPECIES, posWeights, posWeightsAt + i);
      FloatVector p = t.mul(keepHi);
      FloatVector pLo = lo.fma(keepHi, t.fma(keepLo, t.fma(keepHi, p.neg())));
      FloatVector s2 = p.add(spreadE);
      FloatVector z = s2.sub(p);
      FloatVector lo2 = p.sub(s2.sub(z)).add(spreadE.sub(z));
      FloatVector b2 = lo2.add(pLo);
      FloatVector s3 = s2.add(b2);
      FloatVector lo3 = b2.sub(s3.sub(s2));
      FloatVector p2 = s3.mul(posWeight);
      FloatVector lo4 = lo3.fma(posWeight, s3.fma(posWeight, p2.neg()));
      p2.intoArray(strip8, i);
      lo4.intoArray(strip9, i);
    }
  }

  private static void smoothedLoss3(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] strip6 = s.slots[6];
    float[] strip8 = s.slots[8];
    float[] strip7 = s.slots[7];
    float[] strip9 = s.slots[9];
    FloatVector lo3 = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector s2 = fromArray(SPECIES, strip6, i);
      FloatVector p = fromArray(SPECIES, strip8, i);
      FloatVector lo = fromArray(SPECIES, strip7, i);
      FloatVector lo2 = fromArray(SPECIES, strip9, i);
      FloatVector a = x.abs();
      VectorMask<Float> positive = x.compare(GE, lo3);
      FloatVector f = p.blend(s2, positive);
      FloatVector fLo = lo2.blend(lo, positive);
      FloatVector p2 = f.mul(a);
      FloatVector pLo = fLo.fma(a, f.fma(a, p2.neg()));
      FloatVector s3 = s2.add(p);
      FloatVector z = s3.sub(s2);
      FloatVector lo4 = s2.sub(s3.sub(z)).add(p.sub(z));
      FloatVector bothLo = lo4.add(lo.add(lo2));
      p2.intoArray(strip6, i);
      pLo.intoArray(strip7, i);
      s3.intoArray(strip8, i);
      bothLo.intoArray(strip9, i);
    }
  }

  private static void smoothedLoss4(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip6 = s.slots[6];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip8 = s.slots[8];
    float[] strip7 = s.slots[7];
    float[] strip9 = s.slots[9];
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, strip6, i);
      FloatVector partsLHi = fromArray(SPECIES, strip2, i);
      FloatVector partsLLo = fromArray(SPECIES, strip3, i);
      FloatVector s2 = fromArray(SPECIES, strip8, i);
      FloatVector pLo = fromArray(SPECIES, strip7, i);
      FloatVector bothLo = fromArray(SPECIES, strip9, i);
      FloatVector s3 = partsLHi.add(partsLLo);
      FloatVector lo = partsLLo.sub(s3.sub(partsLHi));
      FloatVector r = s3.mul(s2);
      FloatVector rLo = s3.fma(s2, r.neg()).add(s3.fma(bothLo, lo.mul(s2)));
      FloatVector s4 = p.add(r);
      FloatVector z = s4.sub(p);
      FloatVector lo2 = p.sub(s4.sub(z)).add(r.sub(z));
      FloatVector b2 = lo2.add(pLo.add(rLo));
      FloatVector s5 = s4.add(b2);
      FloatVector lo3 = b2.sub(s5.sub(s4));
      s5.intoArray(strip4, i);
      lo3.intoArray(strip5, i);
    }
  }

  private static void weightedLoss(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] ws = b.w;
    int wsAt = b.wAt + start;
    float[] strip5 = s.slots[5];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector valueHi = fromArray(SPECIES, strip4, i);
      FloatVector w = fromArray(SPECIES, ws, wsAt + i);
      FloatVector valueLo = fromArray(SPECIES, strip5, i);
      FloatVector p = valueHi.mul(w);
      FloatVector lo = valueLo.fma(w, valueHi.fma(w, p.neg()));
      p.intoArray(strip4, i);
      lo.intoArray(strip5, i);
    }
  }

  private static void highHalf(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] losses = b.loss;
    int lossesAt = b.lossAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector valueHi = fromArray(SPECIES, strip4, i);
      valueHi.intoArray(losses, lossesAt + i);
    }
  }

  private static void rounded(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] strip5 = s.slots[5];
    float[] losses = b.loss;
    int lossesAt = b.lossAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector valueHi = fromArray(SPECIES, strip4, i);
      FloatVector valueLo = fromArray(SPECIES, strip5, i);
      valueHi.add(valueLo).intoArray(losses, lossesAt + i);
    }
  }

  private static void unweightedSmoothedSlope1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.keep));
    FloatVector spreadE = broadcast(SPECIES, b.spreadE);
    FloatVector keepLo = broadcast(SPECIES, lo(b.keep));
    FloatVector posWeight = broadcast(SPECIES, 1f);
    float[] strip2 = s.slots[2];
    float[] gradients = b.gradient;
    int gradientsAt = b.gradientAt + start;
    int next = VectorMath.next(gradients, gradientsAt, n);
    float touched = 0f;
    for (int i = 0; i < n; i += LENGTH) {
      touched += gradients[next + i];
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector b2 = t.neg();
      FloatVector s2 = posWeight.sub(t);
      FloatVector z = s2.sub(posWeight);
      FloatVector lo = posWeight.sub(s2.sub(z)).add(b2.sub(z));
      FloatVector p = s2.mul(keepHi);
      FloatVector pLo = lo.fma(keepHi, s2.fma(keepLo, s2.fma(keepHi, p.neg())));
      FloatVector s3 = p.add(spreadE);
      FloatVector z2 = s3.sub(p);
      FloatVector lo2 = p.sub(s3.sub(z2)).add(spreadE.sub(z2));
      FloatVector b3 = lo2.add(pLo);
      FloatVector s4 = s3.add(b3);
      s4.intoArray(strip2, i);
    }
    s.touched = touched;
  }

  private static void unweightedSmoothedSlope2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.keep));
    FloatVector spreadE = broadcast(SPECIES, b.spreadE);
    FloatVector keepLo = broadcast(SPECIES, lo(b.keep));
    FloatVector lo = broadcast(SPECIES, 0f);
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector p = t.mul(keepHi);
      FloatVector pLo = lo.fma(keepHi, t.fma(keepLo, t.fma(keepHi, p.neg())));
      FloatVector s2 = p.add(spreadE);
      FloatVector z = s2.sub(p);
      FloatVector lo2 = p.sub(s2.sub(z)).add(spreadE.sub(z));
      FloatVector b2 = lo2.add(pLo);
      FloatVector s3 = s2.add(b2);
      s3.intoArray(strip3, i);
    }
  }

  private static void unweightedSmoothedSlope3(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] strip3 = s.slots[3];
    float[] strip2 = s.slots[2];
    float[] strip1 = s.slots[1];
    FloatVector lo = broadcast(SPECIES, 0f);
    FloatVector posWeight = broadcast(SPECIES, 1f);
    FloatVector c = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c2 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c3 = broadcast(SPECIES, 0x1.0f83e2p1f);
    float[] gradients = b.gradient;
    int gradientsAt = b.gradientAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector partsEHi = fromArray(SPECIES, strip0, i);
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector s2 = fromArray(SPECIES, strip3, i);
      FloatVector s3 = fromArray(SPECIES, strip2, i);
      FloatVector partsELo = fromArray(SPECIES, strip1, i);
      FloatVector v = s2.neg();
      VectorMask<Float> positive = x.compare(GE, lo);
      FloatVector y = posWeight.add(partsEHi);
      FloatVector r = y.fma(c, c2);
      FloatVector r2 = r.fma(y, c3);
      FloatVector v2 = y.neg();
      FloatVector r3 = r2.fma(v2.fma(r2, posWeight), r2);
      FloatVector v3 = s3.blend(v, positive).fma(partsEHi.add(partsELo), v.blend(s3, positive));
      r3.fma(v2.fma(r3, posWeight), r3).mul(v3).intoArray(gradients, gradientsAt + i);
    }
  }

  private static void smoothedSlope1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.keep));
    FloatVector spreadE = broadcast(SPECIES, b.spreadE);
    FloatVector keepLo = broadcast(SPECIES, lo(b.keep));
    FloatVector a = broadcast(SPECIES, 1f);
    float[] strip2 = s.slots[2];
    float[] gradients = b.gradient;
    int gradientsAt = b.gradientAt + start;
    int next = VectorMath.next(gradients, gradientsAt, n);
    float touched = 0f;
    for (int i = 0; i < n; i += LENGTH) {
      touched += gradients[next + i];
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector b2 = t.neg();
      FloatVector s2 = a.sub(t);
      FloatVector z = s2.sub(a);
      FloatVector lo = a.sub(s2.sub(z)).add(b2.sub(z));
      FloatVector p = s2.mul(keepHi);
      FloatVector pLo = lo.fma(keepHi, s2.fma(keepLo, s2.fma(keepHi, p.neg())));
      FloatVector s3 = p.add(spreadE);
      FloatVector z2 = s3.sub(p);
      FloatVector lo2 = p.sub(s3.sub(z2)).add(spreadE.sub(z2));
      FloatVector b3 = lo2.add(pLo);
      FloatVector s4 = s3.add(b3);
      s4.intoArray(strip2, i);
    }
    s.touched = touched;
  }

  private static void smoothedSlope2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.keep));
    FloatVector spreadE = broadcast(SPECIES, b.spreadE);
    FloatVector keepLo = broadcast(SPECIES, lo(b.keep));
    float[] posWeights = b.posWeight;
    int posWeightsAt = b.posWeightAt + start;
    FloatVector lo = broadcast(SPECIES, 0f);
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector posWeight = fromArray(SPECIES, posWeights, posWeightsAt + i);
      FloatVector p = t.mul(keepHi);
      FloatVector pLo = lo.fma(keepHi, t.fma(keepLo, t.fma(keepHi, p.neg())));
      FloatVector s2 = p.add(spreadE);
      FloatVector z = s2.sub(p);
      FloatVector lo2 = p.sub(s2.sub(z)).add(spreadE.sub(z));
      FloatVector b2 = lo2.add(pLo);
      FloatVector s3 = s2.add(b2);
      FloatVector p2 = s3.mul(posWeight);
      p2.intoArray(strip3, i);
    }
  }

  private static void smoothedSlope3(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] strip3 = s.slots[3];
    float[] strip2 = s.slots[2];
    float[] strip1 = s.slots[1];
    FloatVector lo = broadcast(SPECIES, 0f);
    FloatVector a = broadcast(SPECIES, 1f);
    FloatVector c = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c2 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c3 = broadcast(SPECIES, 0x1.0f83e2p1f);
    float[] gradients = b.gradient;
    int gradientsAt = b.gradientAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector partsEHi = fromArray(SPECIES, strip0, i);
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector p = fromArray(SPECIES, strip3, i);
      FloatVector s2 = fromArray(SPECIES, strip2, i);
      FloatVector partsELo = fromArray(SPECIES, strip1, i);
      FloatVector v = p.neg();
      VectorMask<Float> positive = x.compare(GE, lo);
      FloatVector y = a.add(partsEHi);
      FloatVector r = y.fma(c, c2);
      FloatVector r2 = r.fma(y, c3);
      FloatVector v2 = y.neg();
      FloatVector r3 = r2.fma(v2.fma(r2, a), r2);
      FloatVector v3 = s2.blend(v, positive).fma(partsEHi.add(partsELo), v.blend(s2, positive));
      r3.fma(v2.fma(r3, a), r3).mul(v3).intoArray(gradients, gradientsAt + i);
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
    float[] strip4 = s.slots[4];
    float[] lanesSumLos = lanes.lo;
    int lanesSumLosAt = Blocks.lane(start);
    float[] strip5 = s.slots[5];
    int end = n;
    for (int lane = 0; lane < Blocks.LANES; lane += LENGTH) {
      FloatVector lanesSumHi = fromArray(SPECIES, lanesSumHis, lanesSumHisAt + lane);
      FloatVector lanesSumLo = fromArray(SPECIES, lanesSumLos, lanesSumLosAt + lane);
      for (int i = lane; i < end; i += Blocks.LANES) {
        FloatVector valueHi = fromArray(SPECIES, strip4, i);
        FloatVector valueLo = fromArray(SPECIES, strip5, i);
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
