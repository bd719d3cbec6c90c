package io.github.fusedloss.cpu;

/**
 * One block of a loss over elements: where to read, and where to write. An array that is absent is
 * null.
 */
final class BceBlock {
  int n;
  float[] x;
  int xAt;
  float[] t;
  int tAt;
  float[] w;
  int wAt;
  float[] posWeight;
  int posWeightAt;
  float[] upstream;
  int upstreamAt;
  float scale;

  // The numbers of focal loss, as kernels/sigmoid_focal.cl states them. square: gamma is 2. soft:
  // gamma is another number, and some target is neither 0 nor 1.
  float gamma;
  float alphaOfOne;
  float alphaOfZero;
  boolean square;
  boolean soft;

  // Whether the target of a divergence is logarithms.
  boolean logTarget;

  // Whether some target is out of range, so that every element has to be judged by itself.
  boolean odd;

  // Whether targets are smoothed by e; then keep is the pair 1 - e, and spreadE is e / 2.
  boolean smooth;
  long keep;
  float spreadE;

  float[] loss;
  int lossAt;
  float[] gradient;
  int gradientAt;

  // The second derivative, and its least value before its factors.
  float[] hessian;
  int hessianAt;
  float least;

  /** Working space: the element that is being computed. */
  final Element out = new Element();

  /** Lets go of the arrays, so that they can be collected. */
  void release() {
    x = null;
    t = null;
    w = null;
    posWeight = null;
    upstream = null;
    loss = null;
    gradient = null;
    hessian = null;
  }
}
