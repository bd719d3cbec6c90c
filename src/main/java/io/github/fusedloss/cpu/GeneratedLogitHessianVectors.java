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
final class GeneratedLogitHessianVectors {
  private GeneratedLogitHessianVectors() {}

  static final VectorPasses<BceBlock> PASSES =
      new VectorPasses<>(
          GeneratedLogitHessianVectors::wanted,
          GeneratedLogitHessianVectors::expOfLogit,
          GeneratedLogitHessianVectors::logitVariance,
          GeneratedLogitHessianVectors::logitMass,
          GeneratedLogitHessianVectors::posWeightedMass,
          GeneratedLogitHessianVectors::smoothedMass1,
          GeneratedLogitHessianVectors::smoothedMass2,
          GeneratedLogitHessianVectors::product,
          GeneratedLogitHessianVectors::scaledGradient,
          GeneratedLogitHessianVectors::productAgain,
          GeneratedLogitHessianVectors::scaledGradientAgain);

  private static long wanted(BceBlock b) {
    return 0b1000011L
        | (b.posWeight == null ? 0b100L : 0)
        | (b.posWeight != null && !b.smooth ? 0b1000L : 0)
        | (b.posWeight != null && b.smooth ? 0b110000L : 0)
        | (b.w == null ? 0b10000000L : 0)
        | (b.w != null ? 0b1100000000L : 0);
  }

  private static void expOfLogit(BceBlock b, Lanes lanes, int start, int n) {
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

  private static void logitVariance(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    FloatVector least = broadcast(SPECIES, b.least);
    FloatVector c = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c3 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c4 = broadcast(SPECIES, 0x1.0f83e2p1f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector eHi = fromArray(SPECIES, strip0, i);
      FloatVector eLo = fromArray(SPECIES, strip1, i);
      FloatVector y = c.add(eHi);
      FloatVector r = y.fma(c2, c3);
      FloatVector r2 = r.fma(y, c4);
      FloatVector v = y.neg();
      FloatVector r3 = r2.fma(v.fma(r2, c), r2);
      FloatVector r4 = r3.fma(v.fma(r3, c), r3);
      FloatVector v2 = r4.mul(r4.mul(eHi.add(eLo)));
      v2.blend(least, v2.compare(LT, least)).intoArray(strip0, i);
    }
  }

  private static void logitMass(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, 1f);
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      t.fma(c, c2).intoArray(strip1, i);
    }
  }

  private static void posWeightedMass(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    float[] posWeights = b.posWeight;
    int posWeightsAt = b.posWeightAt + start;
    FloatVector c = broadcast(SPECIES, 1f);
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector posWeight = fromArray(SPECIES, posWeights, posWeightsAt + i);
      t.fma(posWeight, c.sub(t)).intoArray(strip1, i);
    }
  }

  private static void smoothedMass1(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.keep));
    FloatVector spreadE = broadcast(SPECIES, b.spreadE);
    FloatVector keepLo = broadcast(SPECIES, lo(b.keep));
    FloatVector a = broadcast(SPECIES, 1f);
    float[] strip2 = s.slots[2];
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
      s4.intoArray(strip2, i);
    }
  }

  private static void smoothedMass2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip2 = s.slots[2];
    float[] ts = b.t;
    int tsAt = b.tAt + start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.keep));
    FloatVector spreadE = broadcast(SPECIES, b.spreadE);
    FloatVector keepLo = broadcast(SPECIES, lo(b.keep));
    float[] posWeights = b.posWeight;
    int posWeightsAt = b.posWeightAt + start;
    FloatVector lo = broadcast(SPECIES, 0f);
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector s2 = fromArray(SPECIES, strip2, i);
      FloatVector t = fromArray(SPECIES, ts, tsAt + i);
      FloatVector posWeight = fromArray(SPECIES, posWeights, posWeightsAt + i);
      FloatVector p = t.mul(keepHi);
      FloatVector pLo = lo.fma(keepHi, t.fma(keepLo, t.fma(keepHi, p.neg())));
      FloatVector s3 = p.add(spreadE);
      FloatVector z = s3.sub(p);
      FloatVector lo2 = p.sub(s3.sub(z)).add(spreadE.sub(z));
      FloatVector b2 = lo2.add(pLo);
      FloatVector s4 = s3.add(b2);
      FloatVector p2 = s4.mul(posWeight);
      s2.add(p2).intoArray(strip1, i);
    }
  }

  private static void product(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector variance = fromArray(SPECIES, strip0, i);
      FloatVector mass = fromArray(SPECIES, strip1, i);
      variance.mul(mass).intoArray(strip0, i);
    }
  }

  private static void scaledGradient(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    FloatVector scale = broadcast(SPECIES, b.scale);
    FloatVector c = broadcast(SPECIES, Float.NaN);
    float[] hessians = b.hessian;
    int hessiansAt = b.hessianAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector bent = fromArray(SPECIES, strip0, i);
      FloatVector v = bent.mul(scale);
      c.blend(v, v.compare(EQ, v)).intoArray(hessians, hessiansAt + i);
    }
  }

  private static void productAgain(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ws = b.w;
    int wsAt = b.wAt + start;
    FloatVector scale = broadcast(SPECIES, b.scale);
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector w = fromArray(SPECIES, ws, wsAt + i);
      w.mul(scale).intoArray(strip1, i);
    }
  }

  private static void scaledGradientAgain(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, Float.NaN);
    float[] hessians = b.hessian;
    int hessiansAt = b.hessianAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector bent = fromArray(SPECIES, strip0, i);
      FloatVector factor = fromArray(SPECIES, strip1, i);
      FloatVector v = bent.mul(factor);
      c.blend(v, v.compare(EQ, v)).intoArray(hessians, hessiansAt + i);
    }
  }
}
