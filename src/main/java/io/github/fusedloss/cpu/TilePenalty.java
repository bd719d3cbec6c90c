package io.github.fusedloss.cpu;

/**
 * What a penalty adds to the losses of a tile's rows ({@code kernels/cross_entropy.cl}): pairs of
 * its own, because its mean is another one. Of no meaning where there is no penalty.
 */
final class TilePenalty {
  /** What it adds to the loss of each row. */
  final float[] hi;

  final float[] lo;

  /** What its gradients are multiplied by, see {@link RowTarget#penaltyScale}; 0 without one. */
  final float[] scale;

  final float[] scaleLo;

  /** Of a tile of so many rows at most. */
  TilePenalty(int rows) {
    hi = new float[rows];
    lo = new float[rows];
    scale = new float[rows];
    scaleLo = new float[rows];
  }

  void scale(int t, long s) {
    scale[t] = ScalarMath.hi(s);
    scaleLo[t] = ScalarMath.lo(s);
  }
}
