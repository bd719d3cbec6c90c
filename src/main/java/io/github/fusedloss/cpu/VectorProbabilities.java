package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * A row against class probabilities, given or those of label smoothing, for {@link VectorKernels}:
 * part of a row, and what is done there.
 */
final class VectorProbabilities {
  float[] x;
  int at;

  /** Null with label smoothing of a class index, where all weigh the same. */
  float[] q;

  int qAt;
  float[] w;
  int wAt;
  Smoothing smoothing = Smoothing.NONE;

  /** The row's maximum. */
  float from;

  // Of the gradient, see BlockKernels.scaleProbabilities; x is what it is made of.
  float coefficient;
  float top;
  long likely;
  float scale;

  /** Sums of the probabilities, to the lanes, and of the distances, to the strip's. */
  static final VectorPasses<VectorProbabilities> SUMS =
      new VectorPasses<>(
          VectorProbabilities::smooth,
          VectorProbabilities::weigh,
          VectorProbabilities::mass,
          VectorProbabilities::products,
          VectorProbabilities::distances,
          VectorProbabilities::weighDistances,
          VectorProbabilities::sum);

  static final VectorPasses<VectorProbabilities> GRADIENT =
      new VectorPasses<>(
          VectorProbabilities::smooth, VectorProbabilities::weigh, VectorProbabilities::gradient);

  /** The probabilities of {@link ScalarKernels#weighted} before weights. */
  private static void smooth(VectorProbabilities v, Lanes lanes, int start, int n) {
    if (v.q == null) {
      return;
    }
    Strip s = lanes.strip();
    float[] to = s.q;
    float[] toLo = s.qLo;
    if (!v.smoothing.present) {
      System.arraycopy(v.q, v.qAt + start, to, 0, n);
      System.arraycopy(s.zero, 0, toLo, 0, n);
      return;
    }
    float[] q = v.q;
    int at = v.qAt + start;
    FloatVector keep = broadcast(SPECIES, hi(v.smoothing.keep));
    FloatVector keepLo = broadcast(SPECIES, lo(v.smoothing.keep));
    FloatVector spread = broadcast(SPECIES, hi(v.smoothing.spread));
    FloatVector spreadLo = broadcast(SPECIES, lo(v.smoothing.spread));
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, q, at + i);
      FloatVector a = p.mul(keep);
      FloatVector aLo = p.fma(keepLo, p.fma(keep, a.neg()));
      FloatVector sum = a.add(spread);
      FloatVector z = sum.sub(a);
      sum.intoArray(to, i);
      a.sub(sum.sub(z)).add(spread.sub(z)).add(aLo.add(spreadLo)).intoArray(toLo, i);
    }
  }

  private static void weigh(VectorProbabilities v, Lanes lanes, int start, int n) {
    if (v.q != null && v.w != null) {
      Strip s = lanes.strip();
      VectorPasses.multiply(s.q, s.qLo, v.w, v.wAt + start, n);
    }
  }

  private static void mass(VectorProbabilities v, Lanes lanes, int start, int n) {
    if (v.q != null) {
      Strip s = lanes.strip();
      VectorPasses.sum(s.q, s.qLo, lanes, start, n);
    }
  }

  /** The probabilities times their logits' distances from the maximum. */
  private static void products(VectorProbabilities v, Lanes lanes, int start, int n) {
    if (v.q == null) {
      return;
    }
    Strip s = lanes.strip();
    float[] x = v.x;
    int at = v.at + start;
    float[] q = s.q;
    float[] qLo = s.qLo;
    float[] hi = s.hi;
    float[] lo = s.lo;
    FloatVector zero = broadcast(SPECIES, 0f);
    FloatVector from = broadcast(SPECIES, v.from * SoftmaxRow.DISTANCE_SCALE);
    FloatVector minusScale = broadcast(SPECIES, -SoftmaxRow.DISTANCE_SCALE);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector minus = fromArray(SPECIES, x, at + i).mul(minusScale);
      FloatVector p = fromArray(SPECIES, q, i);
      FloatVector pLo = fromArray(SPECIES, qLo, i);
      FloatVector d = from.add(minus);
      FloatVector z = d.sub(from);
      FloatVector dLo = from.sub(d.sub(z)).add(minus.sub(z));
      FloatVector product = d.mul(p);
      FloatVector productLo = d.fma(p, product.neg()).add(d.fma(pLo, dLo.mul(p)));
      VectorMask<Float> none = p.compare(EQ, zero);
      product.blend(zero, none).intoArray(hi, i);
      productLo.blend(zero, none).intoArray(lo, i);
    }
  }

  /** Without probabilities, the distances alone. */
  private static void distances(VectorProbabilities v, Lanes lanes, int start, int n) {
    if (v.q != null) {
      return;
    }
    Strip s = lanes.strip();
    float[] x = v.x;
    int at = v.at + start;
    float[] hi = s.hi;
    float[] lo = s.lo;
    FloatVector from = broadcast(SPECIES, v.from * SoftmaxRow.DISTANCE_SCALE);
    FloatVector minusScale = broadcast(SPECIES, -SoftmaxRow.DISTANCE_SCALE);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector minus = fromArray(SPECIES, x, at + i).mul(minusScale);
      FloatVector d = from.add(minus);
      FloatVector z = d.sub(from);
      d.intoArray(hi, i);
      from.sub(d.sub(z)).add(minus.sub(z)).intoArray(lo, i);
    }
  }

  private static void weighDistances(VectorProbabilities v, Lanes lanes, int start, int n) {
    if (v.q != null || v.w == null) {
      return;
    }
    Strip s = lanes.strip();
    float[] weights = v.w;
    int at = v.wAt + start;
    float[] hi = s.hi;
    float[] lo = s.lo;
    FloatVector zero = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector w = fromArray(SPECIES, weights, at + i);
      FloatVector d = fromArray(SPECIES, hi, i);
      FloatVector product = d.mul(w);
      FloatVector productLo = d.fma(w, product.neg()).add(fromArray(SPECIES, lo, i).mul(w));
      VectorMask<Float> none = w.compare(EQ, zero);
      product.blend(zero, none).intoArray(hi, i);
      productLo.blend(zero, none).intoArray(lo, i);
    }
  }

  private static void sum(VectorProbabilities v, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    VectorPasses.sum(s.hi, s.lo, s.lanes, start, n);
  }

  private static void gradient(VectorProbabilities v, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] q = s.q;
    float[] qLo = s.qLo;
    float[] g = v.x;
    int at = v.at + start;
    FloatVector factor = broadcast(SPECIES, v.coefficient);
    FloatVector top = broadcast(SPECIES, v.top);
    FloatVector likely = broadcast(SPECIES, hi(v.likely));
    FloatVector likelyLo = broadcast(SPECIES, lo(v.likely));
    FloatVector scale = broadcast(SPECIES, v.scale);
    FloatVector minusScale = broadcast(SPECIES, -v.scale);
    FloatVector nan = broadcast(SPECIES, Float.NaN);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, q, i);
      FloatVector e = fromArray(SPECIES, g, at + i);
      FloatVector pLo = fromArray(SPECIES, qLo, i);
      FloatVector atTop = p.fma(minusScale, likely).add(pLo.fma(minusScale, likelyLo));
      FloatVector share = p.fma(scale, pLo.mul(scale));
      FloatVector result = e.fma(factor, share.neg());
      result = result.blend(atTop, e.compare(EQ, top));
      result.blend(nan, result.compare(NE, result)).intoArray(g, at + i);
    }
  }
}
