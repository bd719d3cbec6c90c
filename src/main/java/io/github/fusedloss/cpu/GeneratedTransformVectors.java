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
final class GeneratedTransformVectors {
  private GeneratedTransformVectors() {}

  static final VectorPasses<LogitBlock> PASSES =
      new VectorPasses<>(
          GeneratedTransformVectors::wanted,
          GeneratedTransformVectors::softcapped1,
          GeneratedTransformVectors::softcapped2,
          GeneratedTransformVectors::softcapped3,
          GeneratedTransformVectors::cooled,
          GeneratedTransformVectors::biased);

  private static long wanted(LogitBlock b) {
    return (b.softcap ? 0b111L : 0)
        | (b.temperature ? 0b1000L : 0)
        | (b.bias != null ? 0b10000L : 0);
  }

  private static void softcapped1(LogitBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ys = b.y;
    int ysAt = b.yAt + start;
    FloatVector twiceHi = broadcast(SPECIES, hi(b.twice));
    FloatVector twiceLo = broadcast(SPECIES, lo(b.twice));
    FloatVector most = broadcast(SPECIES, 64f);
    FloatVector c = broadcast(SPECIES, 0f);
    FloatVector c2 = broadcast(SPECIES, -0x1.715476p0f);
    FloatVector magic = broadcast(SPECIES, 0x1.8000fep23f);
    FloatVector c3 = broadcast(SPECIES, -0x1.62e43p-1f);
    FloatVector c4 = broadcast(SPECIES, 0x1.05c61p-29f);
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector y = fromArray(SPECIES, ys, ysAt + i);
      FloatVector x = y.abs();
      FloatVector w = x.mul(twiceHi);
      FloatVector wLo = x.fma(twiceLo, x.fma(twiceHi, w.neg()));
      VectorMask<Float> below = w.compare(LT, most);
      FloatVector hi = most.blend(w, below);
      FloatVector lo = c.blend(wLo, below);
      FloatVector kf = hi.fma(c2, magic);
      FloatVector k = kf.sub(magic);
      FloatVector scale = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector r = k.fma(c3, hi.neg());
      FloatVector c5 = k.fma(c4, lo.neg());
      hi.intoArray(strip0, i);
      scale.intoArray(strip1, i);
      r.intoArray(strip2, i);
      c5.intoArray(strip3, i);
    }
  }

  private static void softcapped2(LogitBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] strip1 = s.slots[1];
    float[] strip2 = s.slots[2];
    float[] strip3 = s.slots[3];
    FloatVector c2 = broadcast(SPECIES, 0x1.6a1152p-10f);
    FloatVector c3 = broadcast(SPECIES, 0x1.124ad4p-7f);
    FloatVector c4 = broadcast(SPECIES, 0x1.55583cp-5f);
    FloatVector c5 = broadcast(SPECIES, 0x1.55547ep-3f);
    FloatVector c6 = broadcast(SPECIES, 0.5f);
    FloatVector c7 = broadcast(SPECIES, 1f);
    float[] strip4 = s.slots[4];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector scale = fromArray(SPECIES, strip1, i);
      FloatVector r = fromArray(SPECIES, strip2, i);
      FloatVector c = fromArray(SPECIES, strip3, i);
      FloatVector q = c2.fma(r, c3);
      FloatVector q2 = q.fma(r, c4);
      FloatVector q3 = q2.fma(r, c5);
      FloatVector b2 = r.mul(r).fma(q3.fma(r, c6), c.fma(r, c));
      FloatVector s2 = r.add(b2);
      FloatVector lo = b2.sub(s2.sub(r));
      FloatVector gap = c7.sub(scale);
      FloatVector v = scale.neg();
      FloatVector n2 = v.fma(s2, gap);
      FloatVector nLo = v.fma(lo, v.fma(s2, gap.sub(n2)));
      FloatVector sum = c7.add(scale);
      FloatVector d = scale.fma(s2, sum);
      FloatVector dLo = scale.fma(lo, scale.fma(s2, sum.sub(d)));
      n2.intoArray(strip1, i);
      nLo.intoArray(strip2, i);
      d.intoArray(strip3, i);
      dLo.intoArray(strip4, i);
    }
  }

  private static void softcapped3(LogitBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ys = b.y;
    int ysAt = b.yAt + start;
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    float[] strip3 = s.slots[3];
    float[] strip4 = s.slots[4];
    float[] strip2 = s.slots[2];
    FloatVector cap = broadcast(SPECIES, b.cap);
    FloatVector c = broadcast(SPECIES, 0x1.4afd6ap-2f);
    FloatVector c2 = broadcast(SPECIES, -0x1.745d18p0f);
    FloatVector c3 = broadcast(SPECIES, 0x1.0f83e2p1f);
    FloatVector c4 = broadcast(SPECIES, 1f);
    FloatVector c5 = broadcast(SPECIES, 0x1.0p-12f);
    FloatVector c6 = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector y = fromArray(SPECIES, ys, ysAt + i);
      FloatVector hi = fromArray(SPECIES, strip0, i);
      FloatVector n2 = fromArray(SPECIES, strip1, i);
      FloatVector d = fromArray(SPECIES, strip3, i);
      FloatVector dLo = fromArray(SPECIES, strip4, i);
      FloatVector nLo = fromArray(SPECIES, strip2, i);
      FloatVector x = y.abs();
      FloatVector r = d.fma(c, c2);
      FloatVector r2 = r.fma(d, c3);
      FloatVector v = d.neg();
      FloatVector r3 = r2.fma(v.fma(r2, c4), r2);
      FloatVector inverse = r3.fma(v.fma(r3, c4), r3);
      FloatVector q = n2.mul(inverse);
      FloatVector v2 = q.neg();
      FloatVector q2 = v2.fma(d, n2).add(v2.fma(dLo, nLo)).fma(inverse, q);
      FloatVector y2 = q2.mul(cap).blend(x, hi.compare(LT, c5));
      FloatVector y3 = y2.blend(y2.neg(), y.compare(LT, c6));
      y.blend(y3, y.compare(EQ, y)).intoArray(ys, ysAt + i);
    }
  }

  private static void cooled(LogitBlock b, Lanes lanes, int start, int n) {
    float[] ys = b.y;
    int ysAt = b.yAt + start;
    FloatVector inverseHi = broadcast(SPECIES, hi(b.inverse));
    FloatVector inverseLo = broadcast(SPECIES, lo(b.inverse));
    FloatVector c = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector y = fromArray(SPECIES, ys, ysAt + i);
      FloatVector p = y.mul(inverseHi);
      FloatVector y2 = y.fma(inverseHi, y.mul(inverseLo));
      p.blend(y2, p.abs().compare(LT, c)).intoArray(ys, ysAt + i);
    }
  }

  private static void biased(LogitBlock b, Lanes lanes, int start, int n) {
    float[] ys = b.y;
    int ysAt = b.yAt + start;
    float[] biases = b.bias;
    int biasesAt = b.biasAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector y = fromArray(SPECIES, ys, ysAt + i);
      FloatVector bias = fromArray(SPECIES, biases, biasesAt + i);
      y.add(bias).intoArray(ys, ysAt + i);
    }
  }
}
