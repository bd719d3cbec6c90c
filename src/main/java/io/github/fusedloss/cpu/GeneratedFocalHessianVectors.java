// Generated from kernels/sigmoid_focal.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.*;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.*;

/** Passes of the Vector API over a strip of a block, of kernels/sigmoid_focal.cl. */
final class GeneratedFocalHessianVectors {
  private GeneratedFocalHessianVectors() {}

  static final VectorPasses<BceBlock> PASSES =
      new VectorPasses<>(
          GeneratedFocalHessianVectors::wanted,
          GeneratedFocalHessianVectors::partsOfLogit1,
          GeneratedFocalHessianVectors::partsOfLogit2,
          GeneratedFocalHessianVectors::logitVariance,
          GeneratedFocalHessianVectors::logitLoss,
          GeneratedFocalHessianVectors::logitSlope,
          GeneratedFocalHessianVectors::logitMass,
          GeneratedFocalHessianVectors::posWeightedLoss1,
          GeneratedFocalHessianVectors::posWeightedLoss2,
          GeneratedFocalHessianVectors::product,
          GeneratedFocalHessianVectors::logitSlopeAgain,
          GeneratedFocalHessianVectors::posWeightedMass,
          GeneratedFocalHessianVectors::productAgain,
          GeneratedFocalHessianVectors::targetFactor,
          GeneratedFocalHessianVectors::missedPart1,
          GeneratedFocalHessianVectors::missedPart2,
          GeneratedFocalHessianVectors::squaredBend1,
          GeneratedFocalHessianVectors::squaredBend2,
          GeneratedFocalHessianVectors::hardPower1,
          GeneratedFocalHessianVectors::hardPower2,
          GeneratedFocalHessianVectors::hardRatio,
          GeneratedFocalHessianVectors::missedUpscaled,
          GeneratedFocalHessianVectors::softPower1,
          GeneratedFocalHessianVectors::softPower2,
          GeneratedFocalHessianVectors::softPower3,
          GeneratedFocalHessianVectors::softPower4,
          GeneratedFocalHessianVectors::softPower5,
          GeneratedFocalHessianVectors::softRatio1,
          GeneratedFocalHessianVectors::softRatio2,
          GeneratedFocalHessianVectors::focusedBend1,
          GeneratedFocalHessianVectors::focusedBend2,
          GeneratedFocalHessianVectors::scaledGradient,
          GeneratedFocalHessianVectors::productAgainAgain,
          GeneratedFocalHessianVectors::scaledGradientAgain);

  private static long wanted(BceBlock b) {
    return 0b1100000000111L
        | (b.posWeight == null ? 0b111000L : 0)
        | (b.posWeight != null ? 0b11111000000L : 0)
        | (b.square ? 0b11110000000000000L : 0)
        | (!b.square && !b.soft ? 0b11100000000000000000L : 0)
        | (b.soft ? 0b1111111100000000000000000000L : 0)
        | (!b.square ? 0b110000000000000000000000000000L : 0)
        | (b.w == null ? 0b1000000000000000000000000000000L : 0)
        | (b.w != null ? 0b110000000000000000000000000000000L : 0);
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
    for (int i = 0; i < n; i += LENGTH) {
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
    for (int i = 0; i < n; i += LENGTH) {
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
  }

  private static void logitVariance(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    FloatVector least = broadcast(SPECIES, 0f);
    FloatVector c = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c3 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c4 = broadcast(SPECIES, 0x1.0f83e2p1f);
    float[] strip4 = s.slots[4];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector partsEHi = fromArray(SPECIES, strip0, i);
      FloatVector partsELo = fromArray(SPECIES, strip1, i);
      FloatVector y = c.add(partsEHi);
      FloatVector r = y.fma(c2, c3);
      FloatVector r2 = r.fma(y, c4);
      FloatVector v = y.neg();
      FloatVector r3 = r2.fma(v.fma(r2, c), r2);
      FloatVector r4 = r3.fma(v.fma(r3, c), r3);
      FloatVector v2 = r4.mul(r4.mul(partsEHi.add(partsELo)));
      v2.blend(least, v2.compare(LT, least)).intoArray(strip4, i);
    }
  }

  private static void logitLoss(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    FloatVector c = broadcast(SPECIES, 0f);
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector partsLHi = fromArray(SPECIES, strip2, i);
      FloatVector partsLLo = fromArray(SPECIES, strip3, i);
      FloatVector a = t.neg().fma(x, c.blend(x, x.compare(GT, c)));
      FloatVector s2 = a.add(partsLHi);
      FloatVector z = s2.sub(a);
      FloatVector lo = a.sub(s2.sub(z)).add(partsLHi.sub(z));
      FloatVector b2 = lo.add(partsLLo);
      FloatVector s3 = s2.add(b2);
      FloatVector lo2 = b2.sub(s3.sub(s2));
      s3.intoArray(strip5, i);
      lo2.intoArray(strip6, i);
    }
  }

  private static void logitSlope(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, 0f);
    FloatVector c3 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c4 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c5 = broadcast(SPECIES, 0x1.0f83e2p1f);
    float[] strip7 = s.slots[7];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector partsEHi = fromArray(SPECIES, strip0, i);
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector partsELo = fromArray(SPECIES, strip1, i);
      FloatVector u = c.sub(t);
      VectorMask<Float> positive = x.compare(GE, c2);
      FloatVector y = c.add(partsEHi);
      FloatVector r = y.fma(c3, c4);
      FloatVector r2 = r.fma(y, c5);
      FloatVector v = y.neg();
      FloatVector r3 = r2.fma(v.fma(r2, c), r2);
      FloatVector v2 = t.neg();
      FloatVector v3 = u.blend(v2, positive).fma(partsEHi.add(partsELo), v2.blend(u, positive));
      r3.fma(v.fma(r3, c), r3).mul(v3).intoArray(strip7, i);
    }
  }

  private static void logitMass(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, 1f);
    float[] strip8 = s.slots[8];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      t.fma(c, c2).intoArray(strip8, i);
    }
  }

  private static void posWeightedLoss1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    float[] posWeights = b.posWeight;
    int posWeightsAt = b.posWeightAt + start;
    FloatVector c = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, 0f);
    float[] strip9 = s.slots[9];
    float[] strip10 = s.slots[10];
    float[] strip11 = s.slots[11];
    float[] strip12 = s.slots[12];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector posWeight = fromArray(SPECIES, posWeights, posWeightsAt + i);
      FloatVector u = c.sub(t);
      FloatVector q = t.mul(posWeight);
      FloatVector lo = t.neg().sub(u.sub(c));
      FloatVector lo2 = t.fma(posWeight, q.neg());
      FloatVector a = x.abs();
      VectorMask<Float> positive = x.compare(GE, c2);
      FloatVector f = q.blend(u, positive);
      FloatVector fLo = lo2.blend(lo, positive);
      FloatVector p = f.mul(a);
      FloatVector pLo = fLo.fma(a, f.fma(a, p.neg()));
      FloatVector s2 = u.add(q);
      FloatVector z = s2.sub(u);
      FloatVector lo3 = u.sub(s2.sub(z)).add(q.sub(z));
      FloatVector bothLo = lo3.add(lo.add(lo2));
      p.intoArray(strip9, i);
      pLo.intoArray(strip10, i);
      s2.intoArray(strip11, i);
      bothLo.intoArray(strip12, i);
    }
  }

  private static void posWeightedLoss2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip9 = s.slots[9];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    float[] strip11 = s.slots[11];
    float[] strip10 = s.slots[10];
    float[] strip12 = s.slots[12];
    float[] strip5 = s.slots[5];
    float[] strip6 = s.slots[6];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, strip9, i);
      FloatVector partsLHi = fromArray(SPECIES, strip2, i);
      FloatVector partsLLo = fromArray(SPECIES, strip3, i);
      FloatVector s2 = fromArray(SPECIES, strip11, i);
      FloatVector pLo = fromArray(SPECIES, strip10, i);
      FloatVector bothLo = fromArray(SPECIES, strip12, i);
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
      s5.intoArray(strip5, i);
      lo3.intoArray(strip6, i);
    }
  }

  private static void product(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    float[] posWeights = b.posWeight;
    int posWeightsAt = b.posWeightAt + start;
    float[] strip6 = s.slots[6];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector posWeight = fromArray(SPECIES, posWeights, posWeightsAt + i);
      t.mul(posWeight).intoArray(strip6, i);
    }
  }

  private static void logitSlopeAgain(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] strip6 = s.slots[6];
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, 0f);
    FloatVector c3 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c4 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c5 = broadcast(SPECIES, 0x1.0f83e2p1f);
    float[] strip7 = s.slots[7];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector partsEHi = fromArray(SPECIES, strip0, i);
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector q = fromArray(SPECIES, strip6, i);
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector partsELo = fromArray(SPECIES, strip1, i);
      FloatVector u = c.sub(t);
      VectorMask<Float> positive = x.compare(GE, c2);
      FloatVector y = c.add(partsEHi);
      FloatVector r = y.fma(c3, c4);
      FloatVector r2 = r.fma(y, c5);
      FloatVector v = y.neg();
      FloatVector r3 = r2.fma(v.fma(r2, c), r2);
      FloatVector v2 = q.neg();
      FloatVector v3 = u.blend(v2, positive).fma(partsEHi.add(partsELo), v2.blend(u, positive));
      r3.fma(v.fma(r3, c), r3).mul(v3).intoArray(strip7, i);
    }
  }

  private static void posWeightedMass(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    float[] posWeights = b.posWeight;
    int posWeightsAt = b.posWeightAt + start;
    FloatVector c = broadcast(SPECIES, 1f);
    float[] strip8 = s.slots[8];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector posWeight = fromArray(SPECIES, posWeights, posWeightsAt + i);
      t.fma(posWeight, c.sub(t)).intoArray(strip8, i);
    }
  }

  private static void productAgain(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip4 = s.slots[4];
    float[] strip8 = s.slots[8];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector variance = fromArray(SPECIES, strip4, i);
      FloatVector mass = fromArray(SPECIES, strip8, i);
      variance.mul(mass).intoArray(strip4, i);
    }
  }

  private static void targetFactor(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector alphaOfOne = broadcast(SPECIES, b.alphaOfOne);
    FloatVector alphaOfZero = broadcast(SPECIES, b.alphaOfZero);
    FloatVector c = broadcast(SPECIES, 1f);
    float[] strip6 = s.slots[6];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      t.fma(alphaOfOne, c.sub(t).mul(alphaOfZero)).intoArray(strip6, i);
    }
  }

  private static void missedPart1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector scale = broadcast(SPECIES, 1f);
    float[] strip8 = s.slots[8];
    float[] strip9 = s.slots[9];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector partsEHi = fromArray(SPECIES, strip0, i);
      FloatVector partsELo = fromArray(SPECIES, strip1, i);
      VectorMask<Float> positive = x.compare(GE, c);
      FloatVector u = scale.sub(t);
      FloatVector f = t.blend(u, positive);
      FloatVector h = u.blend(t, positive);
      FloatVector p = h.mul(partsEHi);
      FloatVector pLo = h.fma(partsELo, h.fma(partsEHi, p.neg()));
      FloatVector s2 = f.add(p);
      FloatVector z = s2.sub(f);
      FloatVector lo = f.sub(s2.sub(z)).add(p.sub(z));
      FloatVector b2 = lo.add(pLo);
      FloatVector s3 = s2.add(b2);
      FloatVector lo2 = b2.sub(s3.sub(s2));
      s3.intoArray(strip8, i);
      lo2.intoArray(strip9, i);
    }
  }

  private static void missedPart2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip8 = s.slots[8];
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip9 = s.slots[9];
    FloatVector scale = broadcast(SPECIES, 1f);
    FloatVector c = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c2 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c3 = broadcast(SPECIES, 0x1.0f83e2p1f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip8, i);
      FloatVector partsEHi = fromArray(SPECIES, strip0, i);
      FloatVector partsELo = fromArray(SPECIES, strip1, i);
      FloatVector lo = fromArray(SPECIES, strip9, i);
      FloatVector d = scale.add(partsEHi);
      FloatVector dLo = scale.sub(d).add(partsEHi).add(partsELo);
      FloatVector r = d.fma(c, c2);
      FloatVector r2 = r.fma(d, c3);
      FloatVector v = d.neg();
      FloatVector r3 = r2.fma(v.fma(r2, scale), r2);
      FloatVector r4 = r3.fma(v.fma(r3, scale), r3);
      FloatVector q = s2.mul(r4);
      FloatVector v2 = q.neg();
      FloatVector b2 = v2.fma(d, s2).add(v2.fma(dLo, lo)).mul(r4);
      FloatVector s3 = q.add(b2);
      FloatVector lo2 = b2.sub(s3.sub(q));
      s3.intoArray(strip8, i);
      lo2.intoArray(strip9, i);
    }
  }

  private static void squaredBend1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    FloatVector c = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c3 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c4 = broadcast(SPECIES, 0x1.0f83e2p1f);
    float[] strip10 = s.slots[10];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector partsEHi = fromArray(SPECIES, strip0, i);
      FloatVector y = c.add(partsEHi);
      FloatVector r = y.fma(c2, c3);
      FloatVector r2 = r.fma(y, c4);
      FloatVector v = y.neg();
      FloatVector r3 = r2.fma(v.fma(r2, c), r2);
      FloatVector r4 = r3.fma(v.fma(r3, c), r3);
      r4.intoArray(strip10, i);
    }
  }

  private static void squaredBend2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    float[] strip10 = s.slots[10];
    float[] strip0 = s.slots[0];
    float[] strip5 = s.slots[5];
    float[] strip8 = s.slots[8];
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] strip1 = s.slots[1];
    float[] strip7 = s.slots[7];
    float[] strip4 = s.slots[4];
    float[] strip6 = s.slots[6];
    FloatVector c = broadcast(SPECIES, -2f);
    FloatVector c2 = broadcast(SPECIES, 1f);
    FloatVector c3 = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector c4 = broadcast(SPECIES, 0f);
    FloatVector c5 = broadcast(SPECIES, 4f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector r = fromArray(SPECIES, strip10, i);
      FloatVector partsEHi = fromArray(SPECIES, strip0, i);
      FloatVector wholeHi = fromArray(SPECIES, strip5, i);
      FloatVector mHi = fromArray(SPECIES, strip8, i);
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector partsELo = fromArray(SPECIES, strip1, i);
      FloatVector before = fromArray(SPECIES, strip7, i);
      FloatVector bent = fromArray(SPECIES, strip4, i);
      FloatVector alpha = fromArray(SPECIES, strip6, i);
      FloatVector tilt = t.fma(c, c2).mul(r.mul(partsEHi).mul(r));
      FloatVector twice = c4.blend(wholeHi.add(wholeHi), wholeHi.abs().compare(LT, c3));
      FloatVector d = c2.sub(partsEHi).sub(partsELo).mul(r);
      FloatVector part = twice.fma(mHi.fma(d.blend(d.neg(), x.compare(GE, c4)), tilt),
          c5.mul(before).mul(mHi));
      tilt.fma(part, bent.mul(mHi).mul(mHi)).mul(alpha).intoArray(strip10, i);
    }
  }

  private static void hardPower1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    FloatVector gamma = broadcast(SPECIES, b.gamma);
    FloatVector lo = broadcast(SPECIES, 0f);
    FloatVector c = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, 128f);
    float[] strip11 = s.slots[11];
    float[] strip12 = s.slots[12];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector partsLHi = fromArray(SPECIES, strip2, i);
      FloatVector partsLLo = fromArray(SPECIES, strip3, i);
      FloatVector a = x.abs();
      FloatVector focus = lo.blend(c2.blend(a, a.compare(LT, c2)), t.blend(c.sub(t), x.compare(GE,
          lo)).compare(EQ, lo));
      FloatVector s2 = focus.add(partsLHi);
      FloatVector z = s2.sub(focus);
      FloatVector lo2 = focus.sub(s2.sub(z)).add(partsLHi.sub(z));
      FloatVector b2 = lo2.add(lo.add(partsLLo));
      FloatVector s3 = s2.add(b2);
      FloatVector lo3 = b2.sub(s3.sub(s2));
      FloatVector p = s3.mul(gamma);
      FloatVector pLo = lo3.fma(gamma, s3.fma(gamma, p.neg()));
      p.intoArray(strip11, i);
      pLo.intoArray(strip12, i);
    }
  }

  private static void hardPower2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip11 = s.slots[11];
    float[] strip12 = s.slots[12];
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
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, strip11, i);
      FloatVector pLo = fromArray(SPECIES, strip12, i);
      FloatVector a = p.blend(c, c.compare(LT, p));
      FloatVector kf = a.fma(c2, c3);
      FloatVector k = kf.sub(c3);
      FloatVector v = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector scale = v.mul(c4);
      FloatVector r = k.fma(c6, k.fma(c5, a.neg()));
      FloatVector q = c7.fma(r, c8);
      FloatVector q2 = q.fma(r, c9);
      FloatVector q3 = q2.fma(r, c10);
      FloatVector p2 = r.mul(r).fma(q3.fma(r, c11), r);
      FloatVector hi = p2.fma(scale, scale);
      FloatVector lo = p2.fma(scale, scale.sub(hi));
      FloatVector lo2 = hi.neg().fma(pLo, lo);
      hi.intoArray(strip11, i);
      lo2.intoArray(strip12, i);
    }
  }

  private static void hardRatio(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    float[] strip0 = s.slots[0];
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, 1f);
    float[] strip13 = s.slots[13];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector partsEHi = fromArray(SPECIES, strip0, i);
      FloatVector v = partsEHi.blend(c2, t.blend(c2.sub(t), x.compare(GE, c)).compare(EQ, c));
      v.intoArray(strip13, i);
    }
  }

  private static void missedUpscaled(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, 1f);
    FloatVector scale = broadcast(SPECIES, 0x1.0p64f);
    float[] strip8 = s.slots[8];
    float[] strip9 = s.slots[9];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector partsEHi = fromArray(SPECIES, strip0, i);
      FloatVector partsELo = fromArray(SPECIES, strip1, i);
      VectorMask<Float> positive = x.compare(GE, c);
      FloatVector u = c2.sub(t);
      FloatVector f = t.blend(u, positive).mul(scale);
      FloatVector h = u.blend(t, positive);
      FloatVector part = partsEHi.mul(scale);
      FloatVector p = h.mul(part);
      FloatVector pLo = h.fma(partsELo.mul(scale), h.fma(part, p.neg()));
      FloatVector s2 = f.add(p);
      FloatVector z = s2.sub(f);
      FloatVector lo = f.sub(s2.sub(z)).add(p.sub(z));
      FloatVector b2 = lo.add(pLo);
      FloatVector s3 = s2.add(b2);
      FloatVector lo2 = b2.sub(s3.sub(s2));
      s3.intoArray(strip8, i);
      lo2.intoArray(strip9, i);
    }
  }

  private static void softPower1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip9 = s.slots[9];
    float[] strip8 = s.slots[8];
    IntVector c = IntVector.broadcast(INTS, 0x3f2aaaab);
    IntVector c2 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c3 = broadcast(SPECIES, 1f);
    FloatVector c4 = broadcast(SPECIES, 64f);
    FloatVector c5 = broadcast(SPECIES, 0x1.62e43p-1f);
    FloatVector c6 = broadcast(SPECIES, -0x1.05c61p-29f);
    float[] strip14 = s.slots[14];
    float[] strip15 = s.slots[15];
    float[] strip16 = s.slots[16];
    float[] strip17 = s.slots[17];
    float[] strip18 = s.slots[18];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector mLo = fromArray(SPECIES, strip9, i);
      FloatVector mHi = fromArray(SPECIES, strip8, i);
      IntVector y = mHi.reinterpretAsInts();
      IntVector k = y.sub(c).lanewise(ASHR, 23);
      IntVector shift = k.lanewise(LSHL, 23);
      FloatVector gLo = mLo.mul(c2.sub(shift).reinterpretAsFloats());
      FloatVector f = y.sub(shift).reinterpretAsFloats().sub(c3);
      FloatVector k2 = ((FloatVector) k.convert(I2F, 0)).sub(c4);
      FloatVector h = f.mul(f);
      FloatVector hLo = f.fma(f, h.neg());
      FloatVector base = k2.mul(c5);
      FloatVector baseLo = k2.fma(c6, k2.fma(c5, base.neg()));
      gLo.intoArray(strip9, i);
      f.intoArray(strip14, i);
      h.intoArray(strip15, i);
      hLo.intoArray(strip16, i);
      base.intoArray(strip17, i);
      baseLo.intoArray(strip18, i);
    }
  }

  private static void softPower2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip17 = s.slots[17];
    float[] strip14 = s.slots[14];
    float[] strip15 = s.slots[15];
    float[] strip9 = s.slots[9];
    float[] strip16 = s.slots[16];
    float[] strip18 = s.slots[18];
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
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector base = fromArray(SPECIES, strip17, i);
      FloatVector f = fromArray(SPECIES, strip14, i);
      FloatVector h = fromArray(SPECIES, strip15, i);
      FloatVector gLo = fromArray(SPECIES, strip9, i);
      FloatVector hLo = fromArray(SPECIES, strip16, i);
      FloatVector baseLo = fromArray(SPECIES, strip18, i);
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
      FloatVector b3 = gLo.fma(g2, lo3.add(baseLo));
      s3.intoArray(strip9, i);
      b3.intoArray(strip14, i);
    }
  }

  private static void softPower3(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    float[] strip9 = s.slots[9];
    float[] strip14 = s.slots[14];
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, 1f);
    FloatVector c3 = broadcast(SPECIES, 128f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector s2 = fromArray(SPECIES, strip9, i);
      FloatVector b2 = fromArray(SPECIES, strip14, i);
      FloatVector s3 = s2.add(b2);
      FloatVector lo = b2.sub(s3.sub(s2));
      FloatVector f = t.blend(c2.sub(t), x.compare(GE, c));
      VectorMask<Float> met = f.compare(EQ, c);
      VectorMask<Float> hard = met.or(f.compare(EQ, c2));
      FloatVector a = x.abs();
      FloatVector hi = s3.neg().blend(c, hard).blend(c3.blend(a, a.compare(LT, c3)), met);
      FloatVector lo2 = lo.neg().blend(c, hard);
      hi.intoArray(strip9, i);
      lo2.intoArray(strip14, i);
    }
  }

  private static void softPower4(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip9 = s.slots[9];
    float[] strip2 = s.slots[2];
    float[] strip14 = s.slots[14];
    float[] strip3 = s.slots[3];
    FloatVector gamma = broadcast(SPECIES, b.gamma);
    FloatVector c = broadcast(SPECIES, 104f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector hi = fromArray(SPECIES, strip9, i);
      FloatVector partsLHi = fromArray(SPECIES, strip2, i);
      FloatVector lo = fromArray(SPECIES, strip14, i);
      FloatVector partsLLo = fromArray(SPECIES, strip3, i);
      FloatVector s2 = hi.add(partsLHi);
      FloatVector z = s2.sub(hi);
      FloatVector lo2 = hi.sub(s2.sub(z)).add(partsLHi.sub(z));
      FloatVector b2 = lo2.add(lo.add(partsLLo));
      FloatVector s3 = s2.add(b2);
      FloatVector lo3 = b2.sub(s3.sub(s2));
      FloatVector p = s3.mul(gamma);
      FloatVector pLo = lo3.fma(gamma, s3.fma(gamma, p.neg()));
      FloatVector a = p.blend(c, c.compare(LT, p));
      pLo.intoArray(strip2, i);
      a.intoArray(strip3, i);
    }
  }

  private static void softPower5(BceBlock b, Lanes lanes, int start, int n) {
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
    float[] strip11 = s.slots[11];
    float[] strip12 = s.slots[12];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector a = fromArray(SPECIES, strip3, i);
      FloatVector pLo = fromArray(SPECIES, strip2, i);
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
      FloatVector lo = p.fma(scale, scale.sub(hi));
      FloatVector lo2 = hi.neg().fma(pLo, lo);
      hi.intoArray(strip11, i);
      lo2.intoArray(strip12, i);
    }
  }

  private static void softRatio1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, 1f);
    float[] strip2 = s.slots[2];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector f = t.blend(c2.sub(t), x.compare(GE, c));
      f.intoArray(strip2, i);
    }
  }

  private static void softRatio2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] strip0 = s.slots[0];
    float[] strip8 = s.slots[8];
    FloatVector c = broadcast(SPECIES, 0x1.0p64f);
    IntVector c2 = IntVector.broadcast(INTS, 0x7fffff);
    IntVector c3 = IntVector.broadcast(INTS, 0x3f800000);
    FloatVector c4 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c5 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c6 = broadcast(SPECIES, 0x1.0f83e2p1f);
    FloatVector c7 = broadcast(SPECIES, 1f);
    IntVector c8 = IntVector.broadcast(INTS, 0x7f800000);
    IntVector c9 = IntVector.broadcast(INTS, 0x7f000000);
    FloatVector c10 = broadcast(SPECIES, 0f);
    float[] strip13 = s.slots[13];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector f = fromArray(SPECIES, strip2, i);
      FloatVector partsEHi = fromArray(SPECIES, strip0, i);
      FloatVector mHi = fromArray(SPECIES, strip8, i);
      IntVector v = mHi.reinterpretAsInts();
      FloatVector m = v.and(c2).or(c3).reinterpretAsFloats();
      FloatVector r = m.fma(c4, c5);
      FloatVector r2 = r.fma(m, c6);
      FloatVector v2 = m.neg();
      FloatVector r3 = r2.fma(v2.fma(r2, c7), r2);
      FloatVector v3 = r3.fma(v2.fma(r3, c7), r3).mul(c9.sub(v.and(c8)).reinterpretAsFloats());
      FloatVector q = partsEHi.mul(c).mul(v3);
      FloatVector v4 = q.blend(partsEHi, f.compare(EQ, c7)).blend(c7, f.compare(EQ, c10));
      v4.intoArray(strip13, i);
    }
  }

  private static void focusedBend1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    float[] strip13 = s.slots[13];
    FloatVector c = broadcast(SPECIES, -2f);
    FloatVector c2 = broadcast(SPECIES, 1f);
    FloatVector c3 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c4 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c5 = broadcast(SPECIES, 0x1.0f83e2p1f);
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector partsEHi = fromArray(SPECIES, strip0, i);
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector ratio = fromArray(SPECIES, strip13, i);
      FloatVector y = c2.add(partsEHi);
      FloatVector r = y.fma(c3, c4);
      FloatVector r2 = r.fma(y, c5);
      FloatVector v = y.neg();
      FloatVector r3 = r2.fma(v.fma(r2, c2), r2);
      FloatVector v2 = r3.fma(v.fma(r3, c2), r3);
      FloatVector rho = t.fma(c, c2).mul(v2).mul(ratio);
      v2.intoArray(strip2, i);
      rho.intoArray(strip3, i);
    }
  }

  private static void focusedBend2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    FloatVector gamma = broadcast(SPECIES, b.gamma);
    float[] strip3 = s.slots[3];
    float[] strip5 = s.slots[5];
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip7 = s.slots[7];
    float[] strip4 = s.slots[4];
    float[] strip11 = s.slots[11];
    float[] strip12 = s.slots[12];
    float[] strip6 = s.slots[6];
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector c2 = broadcast(SPECIES, 0f);
    FloatVector c3 = broadcast(SPECIES, 1f);
    float[] strip10 = s.slots[10];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector rho = fromArray(SPECIES, strip3, i);
      FloatVector wholeHi = fromArray(SPECIES, strip5, i);
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector partsEHi = fromArray(SPECIES, strip0, i);
      FloatVector partsELo = fromArray(SPECIES, strip1, i);
      FloatVector v = fromArray(SPECIES, strip2, i);
      FloatVector before = fromArray(SPECIES, strip7, i);
      FloatVector bent = fromArray(SPECIES, strip4, i);
      FloatVector powerHi = fromArray(SPECIES, strip11, i);
      FloatVector powerLo = fromArray(SPECIES, strip12, i);
      FloatVector alpha = fromArray(SPECIES, strip6, i);
      FloatVector finite = c2.blend(wholeHi, wholeHi.abs().compare(LT, c));
      FloatVector d = c3.sub(partsEHi).sub(partsELo).mul(v);
      FloatVector part = finite.fma(gamma.sub(c3).fma(rho, d.blend(d.neg(), x.compare(GE, c2))),
          before.add(before));
      FloatVector v2 = gamma.mul(rho).fma(part, bent).mul(powerHi.add(powerLo).mul(alpha));
      v2.intoArray(strip10, i);
    }
  }

  private static void scaledGradient(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip10 = s.slots[10];
    FloatVector scale = broadcast(SPECIES, b.scale);
    FloatVector c = broadcast(SPECIES, Float.NaN);
    float[] hessians = b.hessian;
    int hessiansAt = b.hessianAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector bend = fromArray(SPECIES, strip10, i);
      FloatVector v = bend.mul(scale);
      c.blend(v, v.compare(EQ, v)).intoArray(hessians, hessiansAt + i);
    }
  }

  private static void productAgainAgain(BceBlock b, Lanes lanes, int start, int n) {
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

  private static void scaledGradientAgain(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip10 = s.slots[10];
    float[] strip0 = s.slots[0];
    FloatVector c = broadcast(SPECIES, Float.NaN);
    float[] hessians = b.hessian;
    int hessiansAt = b.hessianAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector bend = fromArray(SPECIES, strip10, i);
      FloatVector factor = fromArray(SPECIES, strip0, i);
      FloatVector v = bend.mul(factor);
      c.blend(v, v.compare(EQ, v)).intoArray(hessians, hessiansAt + i);
    }
  }
}
