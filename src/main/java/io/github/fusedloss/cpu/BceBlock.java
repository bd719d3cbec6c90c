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

  /**
   * From a stripe in {@link #work} to the next: not a page, or the processor takes a load from one
   * for a load of what it has just stored to another.
   */
  static final int APART = Blocks.STRIPE + 320;

  /** Working space for three values of each element of a stripe. */
  final float[] work = new float[3 * APART];
}
