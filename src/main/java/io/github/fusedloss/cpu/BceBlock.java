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
  float[] loss;
  int lossAt;
  float[] gradient;
  int gradientAt;

  // Working space of the Vector API: of a stripe, exponentials or logarithms, and losses, as pairs.
  final float[] e = new float[Blocks.STRIPE];
  final float[] eLo = new float[Blocks.STRIPE];
  final float[] value = new float[Blocks.STRIPE];
  final float[] valueLo = new float[Blocks.STRIPE];

  /** Of no meaning: keeps what {@link VectorMath#next} is for from being optimised away. */
  float touched;
}
