package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.GeneratedNumerics.canonical;
import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static java.lang.Math.abs;

/**
 * The formulas of a loss over elements with one choice of options, in three forms: loops over
 * strips; passes of vectors; and functions of one element, for blocks too short for these, elements
 * they leave over, and losses to be judged.
 */
interface ElementFormulas {
  /**
   * Computes losses and gradients of elements {@code start} to {@code start + n} of a block. They
   * are right if the losses turn out to be finite and the element is not {@link BceBlock#odd}.
   */
  void strip(BceBlock b, Lanes lanes, int start, int n);

  /** Returns the vector passes that compute losses and gradients; right where {@link #strip} is. */
  VectorPasses<BceBlock> passes();

  /**
   * Returns the vector passes that compute second derivatives. They are right for elements that are
   * not {@link BceBlock#odd}.
   */
  default VectorPasses<BceBlock> hessianPasses() {
    throw new IllegalStateException("no second derivative");
  }

  /** Computes the loss of an element, which may be infinite or NaN though its limit is not. */
  void loss(float x, float t, float posWeight, BceBlock b, Element out);

  /** Computes the loss of an element as {@link #loss} does, and its slope. */
  void element(float x, float t, float posWeight, BceBlock b, Element out);

  /**
   * Computes the loss of an element as {@link #loss} does, but its limit if that is infinite or
   * NaN. Only {@link #limit} calls it; formulas that override that method need no other.
   */
  default void careful(float x, float t, float posWeight, BceBlock b, Element out) {}

  /** Returns a loss times a weight. */
  long weighted(long value, float w);

  /**
   * Returns the weighted loss of an element whose {@link #loss}, or the product of that with its
   * weight, is infinite or NaN.
   */
  default long limit(float x, float t, float posWeight, BceBlock b, float w) {
    careful(x, t, posWeight, b, b.out);
    return b.w == null ? b.out.loss : weighted(b.out.loss, w);
  }

  /** Computes the second derivative of an element. */
  default void bend(float x, float t, float posWeight, BceBlock b, Element out) {
    throw new IllegalStateException("no second derivative");
  }

  /** Computes losses and gradients of the block's elements from {@code from} on. */
  default void each(BceBlock b, int from, Lanes lanes) {
    Element out = b.out;
    for (int i = from; i < b.n; i++) {
      float x = b.x[b.xAt + i];
      float t = b.t[b.tAt + i];
      float posWeight = b.posWeight == null ? 1f : b.posWeight[b.posWeightAt + i];
      float w = b.w == null ? 1f : b.w[b.wAt + i];
      if (b.gradient == null) {
        loss(x, t, posWeight, b, out);
      } else {
        element(x, t, posWeight, b, out);
      }
      long v = b.w == null ? out.loss : weighted(out.loss, w);
      if (!(abs(hi(v)) < INF)) {
        v = limit(x, t, posWeight, b, w);
      }
      lanes.add(i, hi(v), lo(v));
      if (b.loss != null) {
        b.loss[b.lossAt + i] = b.w == null ? hi(v) : hi(v) + lo(v);
      }
      if (b.gradient != null) {
        b.gradient[b.gradientAt + i] = canonical(out.slope * factor(b, i, w));
      }
    }
  }

  /** Computes second derivatives of the block's elements from {@code from} on. */
  default void eachHessian(BceBlock b, int from) {
    for (int i = from; i < b.n; i++) {
      float posWeight = b.posWeight == null ? 1f : b.posWeight[b.posWeightAt + i];
      float w = b.w == null ? 1f : b.w[b.wAt + i];
      bend(b.x[b.xAt + i], b.t[b.tAt + i], posWeight, b, b.out);
      b.hessian[b.hessianAt + i] = canonical(b.out.bend * factor(b, i, w));
    }
  }

  /** Returns the factor of an element's gradient. */
  private static float factor(BceBlock b, int i, float w) {
    float factor = w * b.scale;
    return b.upstream == null ? factor : factor * b.upstream[b.upstreamAt + i];
  }
}
