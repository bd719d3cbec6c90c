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
final class GeneratedSigmoidVectors {
  private GeneratedSigmoidVectors() {}

  static final VectorPasses<BceBlock> PASSES =
      new VectorPasses<>(
          GeneratedSigmoidVectors::wanted,
          GeneratedSigmoidVectors::logistic1,
          GeneratedSigmoidVectors::logistic2,
          GeneratedSigmoidVectors::logistic3);

  private static long wanted(BceBlock b) {
    return 0b111L;
  }

  private static void logistic1(BceBlock b, Lanes lanes, int start, int n) {
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
    FloatVector c12 = broadcast(SPECIES, 1f);
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
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
      FloatVector d = c12.add(hi);
      hi.intoArray(strip0, i);
      lo.intoArray(strip1, i);
      d.intoArray(strip2, i);
    }
    s.touched = touched;
  }

  private static void logistic2(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    int xsAt = b.xAt + start;
    float[] strip2 = s.slots[2];
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    FloatVector c = broadcast(SPECIES, 1f);
    FloatVector c2 = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c3 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c4 = broadcast(SPECIES, 0x1.0f83e2p1f);
    FloatVector c5 = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xsAt + i);
      FloatVector d = fromArray(SPECIES, strip2, i);
      FloatVector hi = fromArray(SPECIES, strip0, i);
      FloatVector lo = fromArray(SPECIES, strip1, i);
      FloatVector dLo = c.sub(d).add(hi).add(lo);
      FloatVector r = d.fma(c2, c3);
      FloatVector r2 = r.fma(d, c4);
      FloatVector v = d.neg();
      FloatVector r3 = r2.fma(v.fma(r2, c), r2);
      FloatVector r4 = r3.fma(v.fma(r3, c), r3);
      FloatVector r5 = r4.fma(dLo.neg().fma(r4, v.fma(r4, c)), r4);
      FloatVector s2 = hi.add(lo).mul(r5);
      FloatVector v2 = s2.neg();
      FloatVector s3 = v2.fma(d, hi).add(v2.fma(dLo, lo)).fma(r5, s2);
      FloatVector v3 = s3.blend(r5, x.compare(GE, c5));
      v3.intoArray(strip0, i);
    }
  }

  private static void logistic3(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip0 = s.slots[0];
    FloatVector c = broadcast(SPECIES, Float.NaN);
    float[] gradients = b.gradient;
    int gradientsAt = b.gradientAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, strip0, i);
      c.blend(v, v.compare(EQ, v)).intoArray(gradients, gradientsAt + i);
    }
  }
}
