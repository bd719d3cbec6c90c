package io.github.fusedloss.cpu;

/** One block of a binary cross entropy: where to read, where to write. Null is absent. */
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

  /** Whether targets are smoothed by e: 1 - e, a pair, and e / 2. */
  boolean smooth;

  long keep;
  float half;
  float[] loss;
  int lossAt;
  float[] gradient;
  int gradientAt;

  /** Lets go of the arrays. */
  void release() {
    x = null;
    t = null;
    w = null;
    posWeight = null;
    upstream = null;
    loss = null;
    gradient = null;
  }
}
