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
final class GeneratedGradientVectors {
  private GeneratedGradientVectors() {}

  static final VectorPasses<RowBlock> PASSES =
      new VectorPasses<>(
          GeneratedGradientVectors::wanted,
          GeneratedGradientVectors::smoothed,
          GeneratedGradientVectors::givenShare,
          GeneratedGradientVectors::smoothedShare,
          GeneratedGradientVectors::scaledGradient,
          GeneratedGradientVectors::equalGradient,
          GeneratedGradientVectors::weightedGradient,
          GeneratedGradientVectors::givenGradient,
          GeneratedGradientVectors::sharedGradient);

  private static long wanted(RowBlock b) {
    return (b.q != null && b.w == null && b.settings.smooth ? 0b1L : 0)
        | (b.q != null && b.w != null && !b.settings.smooth ? 0b10L : 0)
        | (b.q != null && b.w != null && b.settings.smooth ? 0b100L : 0)
        | (b.q == null && !b.shared ? 0b1000L : 0)
        | (b.q == null && b.shared && b.w == null ? 0b10000L : 0)
        | (b.q == null && b.shared && b.w != null ? 0b100000L : 0)
        | (b.q != null && b.w == null && !b.settings.smooth ? 0b1000000L : 0)
        | (b.q != null && (b.w != null || b.settings.smooth) ? 0b10000000L : 0);
  }

  private static void smoothed(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] qs = b.q;
    int qsAt = b.qAt + start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.settings.keep));
    FloatVector spreadHi = broadcast(SPECIES, hi(b.settings.spread));
    FloatVector keepLo = broadcast(SPECIES, lo(b.settings.keep));
    FloatVector spreadLo = broadcast(SPECIES, lo(b.settings.spread));
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector q = fromArray(SPECIES, qs, qsAt + i);
      FloatVector p = q.mul(keepHi);
      FloatVector pLo = q.fma(keepLo, q.fma(keepHi, p.neg()));
      FloatVector s2 = p.add(spreadHi);
      FloatVector z = s2.sub(p);
      FloatVector lo = p.sub(s2.sub(z)).add(spreadHi.sub(z));
      FloatVector lo2 = lo.add(pLo.add(spreadLo));
      s2.intoArray(strip0, i);
      lo2.intoArray(strip1, i);
    }
  }

  private static void givenShare(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] qs = b.q;
    int qsAt = b.qAt + start;
    float[] ws = b.w;
    int wsAt = b.wAt + start;
    FloatVector lo = broadcast(SPECIES, 0f);
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector q = fromArray(SPECIES, qs, qsAt + i);
      FloatVector w = fromArray(SPECIES, ws, wsAt + i);
      FloatVector p = q.mul(w);
      FloatVector lo2 = lo.fma(w, q.fma(w, p.neg()));
      p.intoArray(strip0, i);
      lo2.intoArray(strip1, i);
    }
  }

  private static void smoothedShare(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] qs = b.q;
    int qsAt = b.qAt + start;
    FloatVector keepHi = broadcast(SPECIES, hi(b.settings.keep));
    FloatVector spreadHi = broadcast(SPECIES, hi(b.settings.spread));
    float[] ws = b.w;
    int wsAt = b.wAt + start;
    FloatVector keepLo = broadcast(SPECIES, lo(b.settings.keep));
    FloatVector spreadLo = broadcast(SPECIES, lo(b.settings.spread));
    float[] strip0 = s.slots[0];
    float[] strip1 = s.slots[1];
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector q = fromArray(SPECIES, qs, qsAt + i);
      FloatVector w = fromArray(SPECIES, ws, wsAt + i);
      FloatVector p = q.mul(keepHi);
      FloatVector pLo = q.fma(keepLo, q.fma(keepHi, p.neg()));
      FloatVector s2 = p.add(spreadHi);
      FloatVector z = s2.sub(p);
      FloatVector lo = p.sub(s2.sub(z)).add(spreadHi.sub(z));
      FloatVector lo2 = lo.add(pLo.add(spreadLo));
      FloatVector p2 = s2.mul(w);
      FloatVector lo3 = lo2.fma(w, s2.fma(w, p2.neg()));
      p2.intoArray(strip0, i);
      lo3.intoArray(strip1, i);
    }
  }

  private static void scaledGradient(RowBlock b, Lanes lanes, int start, int n) {
    float[] es = b.e;
    int esAt = b.eAt + start;
    FloatVector factor = broadcast(SPECIES, b.slope.factor);
    FloatVector c = broadcast(SPECIES, Float.NaN);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector e = fromArray(SPECIES, es, esAt + i);
      FloatVector v = e.mul(factor);
      c.blend(v, v.compare(EQ, v)).intoArray(es, esAt + i);
    }
  }

  private static void equalGradient(RowBlock b, Lanes lanes, int start, int n) {
    float[] es = b.e;
    int esAt = b.eAt + start;
    FloatVector factor = broadcast(SPECIES, b.slope.factor);
    FloatVector equal = broadcast(SPECIES, b.slope.spread);
    FloatVector c = broadcast(SPECIES, Float.NaN);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector e = fromArray(SPECIES, es, esAt + i);
      FloatVector v = e.fma(factor, equal.neg());
      c.blend(v, v.compare(EQ, v)).intoArray(es, esAt + i);
    }
  }

  private static void weightedGradient(RowBlock b, Lanes lanes, int start, int n) {
    float[] es = b.e;
    int esAt = b.eAt + start;
    FloatVector factor = broadcast(SPECIES, b.slope.factor);
    FloatVector equal = broadcast(SPECIES, b.slope.spread);
    float[] ws = b.w;
    int wsAt = b.wAt + start;
    FloatVector c = broadcast(SPECIES, Float.NaN);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector e = fromArray(SPECIES, es, esAt + i);
      FloatVector w = fromArray(SPECIES, ws, wsAt + i);
      FloatVector share = equal.mul(w);
      FloatVector v = e.fma(factor, share.neg());
      c.blend(v, v.compare(EQ, v)).intoArray(es, esAt + i);
    }
  }

  private static void givenGradient(RowBlock b, Lanes lanes, int start, int n) {
    float[] es = b.e;
    int esAt = b.eAt + start;
    FloatVector top = broadcast(SPECIES, b.slope.top);
    FloatVector scale = broadcast(SPECIES, b.slope.scale);
    float[] qs = b.q;
    int qsAt = b.qAt + start;
    FloatVector likelyHi = broadcast(SPECIES, hi(b.slope.likely));
    FloatVector likelyLo = broadcast(SPECIES, lo(b.slope.likely));
    FloatVector factor = broadcast(SPECIES, b.slope.factor);
    FloatVector lo = broadcast(SPECIES, 0f);
    FloatVector c = broadcast(SPECIES, -0f);
    FloatVector c2 = broadcast(SPECIES, Float.NaN);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector e = fromArray(SPECIES, es, esAt + i);
      FloatVector q = fromArray(SPECIES, qs, qsAt + i);
      FloatVector share = scale.fma(q, scale.mul(lo));
      FloatVector v = e.fma(factor, share.neg());
      FloatVector v2 = v.blend(scale.neg().fma(q, likelyHi).add(scale.fma(c, likelyLo)),
          e.compare(EQ, top));
      c2.blend(v2, v2.compare(EQ, v2)).intoArray(es, esAt + i);
    }
  }

  private static void sharedGradient(RowBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] es = b.e;
    int esAt = b.eAt + start;
    FloatVector top = broadcast(SPECIES, b.slope.top);
    FloatVector scale = broadcast(SPECIES, b.slope.scale);
    float[] strip0 = s.slots[0];
    FloatVector likelyHi = broadcast(SPECIES, hi(b.slope.likely));
    float[] strip1 = s.slots[1];
    FloatVector likelyLo = broadcast(SPECIES, lo(b.slope.likely));
    FloatVector factor = broadcast(SPECIES, b.slope.factor);
    FloatVector c = broadcast(SPECIES, Float.NaN);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector e = fromArray(SPECIES, es, esAt + i);
      FloatVector bHi = fromArray(SPECIES, strip0, i);
      FloatVector bLo = fromArray(SPECIES, strip1, i);
      FloatVector share = scale.fma(bHi, scale.mul(bLo));
      FloatVector v = e.fma(factor, share.neg());
      FloatVector v2 = scale.neg();
      FloatVector v3 = v.blend(v2.fma(bHi, likelyHi).add(v2.fma(bLo, likelyLo)), e.compare(EQ,
          top));
      c.blend(v3, v3.compare(EQ, v3)).intoArray(es, esAt + i);
    }
  }
}
