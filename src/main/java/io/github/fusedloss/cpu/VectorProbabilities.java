package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.NAN;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static io.github.fusedloss.cpu.VectorMath.ZERO;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Rows against class probabilities with the Vector API, bit for bit {@link ScalarKernels}. Whole
 * vectors only; the weighted, smoothed probability is {@link ScalarKernels#weighted}, written out
 * in each loop: see {@link VectorKernels}.
 */
final class VectorProbabilities {
  private VectorProbabilities() {}

  /** Adds the probabilities to the lanes. */
  static void mass(
      int n, float[] q, int qAt, float[] w, int wAt, Smoothing smoothing, Lanes lanes) {
    float[] sumHi = lanes.hi;
    float[] sumLo = lanes.lo;
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    FloatVector keep = FloatVector.broadcast(SPECIES, hi(smoothing.keep));
    FloatVector keepLo = FloatVector.broadcast(SPECIES, lo(smoothing.keep));
    FloatVector spread = FloatVector.broadcast(SPECIES, hi(smoothing.spread));
    FloatVector spreadLo = FloatVector.broadcast(SPECIES, lo(smoothing.spread));
    boolean smooth = smoothing.present;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, q, qAt + i);
      FloatVector pLo = FloatVector.zero(SPECIES);
      if (smooth) {
        FloatVector a = p.mul(keep);
        FloatVector aLo = p.fma(keepLo, p.fma(keep, a.neg()));
        FloatVector s = a.add(spread);
        FloatVector y = s.sub(a);
        pLo = a.sub(s.sub(y)).add(spread.sub(y)).add(aLo.add(spreadLo));
        p = s;
      }
      FloatVector weight = w == null ? one : fromArray(SPECIES, w, wAt + i);
      FloatVector v = p.mul(weight);
      FloatVector vLo = pLo.fma(weight, p.fma(weight, v.neg()));

      int lane = i / Blocks.STRIPE * Blocks.LANES + (i & Blocks.LANES - 1);
      FloatVector sum = fromArray(SPECIES, sumHi, lane);
      FloatVector more = sum.add(v);
      FloatVector z = more.sub(sum);
      FloatVector error = sum.sub(more.sub(z)).add(v.sub(z)).add(vLo);
      fromArray(SPECIES, sumLo, lane).add(error).intoArray(sumLo, lane);
      more.intoArray(sumHi, lane);
    }
  }

  /** Adds the probabilities times their logits' distances from the maximum to the lanes. */
  static void distance(
      float[] x,
      int at,
      int n,
      float[] q,
      int qAt,
      float[] w,
      int wAt,
      Smoothing smoothing,
      float max,
      Lanes lanes) {
    float[] sumHi = lanes.hi;
    float[] sumLo = lanes.lo;
    FloatVector from = FloatVector.broadcast(SPECIES, max);
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    FloatVector keep = FloatVector.broadcast(SPECIES, hi(smoothing.keep));
    FloatVector keepLo = FloatVector.broadcast(SPECIES, lo(smoothing.keep));
    FloatVector spread = FloatVector.broadcast(SPECIES, hi(smoothing.spread));
    FloatVector spreadLo = FloatVector.broadcast(SPECIES, lo(smoothing.spread));
    boolean smooth = smoothing.present;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, q, qAt + i);
      FloatVector pLo = FloatVector.zero(SPECIES);
      if (smooth) {
        FloatVector a = p.mul(keep);
        FloatVector aLo = p.fma(keepLo, p.fma(keep, a.neg()));
        FloatVector s = a.add(spread);
        FloatVector y = s.sub(a);
        pLo = a.sub(s.sub(y)).add(spread.sub(y)).add(aLo.add(spreadLo));
        p = s;
      }
      FloatVector weight = w == null ? one : fromArray(SPECIES, w, wAt + i);
      FloatVector v = p.mul(weight);
      FloatVector vLo = pLo.fma(weight, p.fma(weight, v.neg()));

      FloatVector minus = fromArray(SPECIES, x, at + i).neg();
      FloatVector d = from.add(minus);
      FloatVector y = d.sub(from);
      FloatVector dLo = from.sub(d.sub(y)).add(minus.sub(y));
      FloatVector product = d.mul(v);
      FloatVector productLo = d.fma(v, product.neg()).add(d.fma(vLo, dLo.mul(v)));
      VectorMask<Float> none = v.compare(EQ, ZERO);
      product = product.blend(ZERO, none);
      productLo = productLo.blend(ZERO, none);

      int lane = i / Blocks.STRIPE * Blocks.LANES + (i & Blocks.LANES - 1);
      FloatVector sum = fromArray(SPECIES, sumHi, lane);
      FloatVector more = sum.add(product);
      FloatVector z = more.sub(sum);
      FloatVector error = sum.sub(more.sub(z)).add(product.sub(z)).add(productLo);
      fromArray(SPECIES, sumLo, lane).add(error).intoArray(sumLo, lane);
      more.intoArray(sumHi, lane);
    }
  }

  /** {@link BlockKernels#scaleProbabilities}. */
  static void scale(
      float[] g,
      int at,
      int n,
      float coefficient,
      float top,
      float below,
      long mass,
      float scale,
      float[] q,
      int qAt,
      float[] w,
      int wAt,
      Smoothing smoothing) {
    FloatVector factor = FloatVector.broadcast(SPECIES, coefficient);
    FloatVector tops = FloatVector.broadcast(SPECIES, top);
    FloatVector minusBelow = FloatVector.broadcast(SPECIES, -below);
    FloatVector massHi = FloatVector.broadcast(SPECIES, hi(mass));
    FloatVector massLo = FloatVector.broadcast(SPECIES, lo(mass));
    FloatVector scales = FloatVector.broadcast(SPECIES, scale);
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    FloatVector keep = FloatVector.broadcast(SPECIES, hi(smoothing.keep));
    FloatVector keepLo = FloatVector.broadcast(SPECIES, lo(smoothing.keep));
    FloatVector spread = FloatVector.broadcast(SPECIES, hi(smoothing.spread));
    FloatVector spreadLo = FloatVector.broadcast(SPECIES, lo(smoothing.spread));
    boolean smooth = smoothing.present;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, q, qAt + i);
      FloatVector pLo = FloatVector.zero(SPECIES);
      if (smooth) {
        FloatVector a = p.mul(keep);
        FloatVector aLo = p.fma(keepLo, p.fma(keep, a.neg()));
        FloatVector s = a.add(spread);
        FloatVector y = s.sub(a);
        pLo = a.sub(s.sub(y)).add(spread.sub(y)).add(aLo.add(spreadLo));
        p = s;
      }
      FloatVector weight = w == null ? one : fromArray(SPECIES, w, wAt + i);
      FloatVector v = p.mul(weight);
      FloatVector vLo = pLo.fma(weight, p.fma(weight, v.neg()));

      FloatVector e = fromArray(SPECIES, g, at + i);
      FloatVector others = massHi.sub(v).add(massLo.sub(vLo));
      FloatVector result = e.fma(factor, scales.mul(v).neg());
      result = result.blend(others.fma(scales, minusBelow), e.compare(EQ, tops));
      result.blend(NAN, result.compare(NE, result)).intoArray(g, at + i);
    }
  }
}
