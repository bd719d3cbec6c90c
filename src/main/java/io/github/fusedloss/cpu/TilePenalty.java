package io.github.fusedloss.cpu;

/**
 * What a penalty adds to the losses of a tile's rows ({@code kernels/cross_entropy.cl}). It has
 * pairs of its own, because its mean differs from that of the losses. Arbitrary if there is no
 * penalty.
 */
final class TilePenalty {
  /** What the penalty adds to the loss of each row. */
  final float[] hi;

  final float[] lo;

  /** The factors of the penalty's gradients, see {@link RowTarget#penaltyScale}; 0 without one. */
  final float[] scale;

  final float[] scaleLo;

  /** Makes room for a tile of at most so many rows. */
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
