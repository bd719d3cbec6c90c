package io.github.fusedloss.cpu;

/** One block of a loss over elements: where to read, where to write. Null is absent. */
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

  // Numbers of focal loss, as kernels/sigmoid_focal.cl states them; whether gamma is 2, and else
  // whether a target is neither 0 nor 1.
  float gamma;
  float alphaOfOne;
  float alphaOfZero;
  boolean square;
  boolean soft;

  // Whether the target of a divergence is logarithms.
  boolean logTarget;

  // Whether there are targets of which each has to be looked at.
  boolean odd;

  // Whether targets are smoothed by e: 1 - e, a pair, and e / 2.
  boolean smooth;
  long keep;
  float half;

  float[] loss;
  int lossAt;
  float[] gradient;
  int gradientAt;

  // The second derivative, and the least that it is without its factors.
  float[] hessian;
  int hessianAt;
  float least;

  /** Lets go of the arrays. */
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
