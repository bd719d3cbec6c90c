package io.github.fusedloss.cpu;

/**
 * One block of a binary cross entropy: where to read, where to write. Null is absent. One per
 * thread.
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
  float[] loss;
  int lossAt;
  float[] gradient;
  int gradientAt;

  /** Working space of {@link VectorKernels}: a stripe's logarithms of p, then those of 1 - p. */
  final float[] logHi = new float[2 * Blocks.STRIPE];

  final float[] logLo = new float[2 * Blocks.STRIPE];
  final float[] logExponent = new float[2 * Blocks.STRIPE];
}
