package io.github.fusedloss.cpu;

import io.github.fusedloss.backend.Curvature;

/** The numbers of {@link Curve} for each row of a tile. */
final class TileCurves {
  final float[] factor;
  final float[] share;
  final float[] crest;
  final float[] rest;
  final float[] bend;

  /** For softmax focal loss: the tails, and the second derivatives at the targets. */
  final float[] tail;

  final float[] atTarget;

  /** Numbers that all rows share. */
  float times;

  float least;

  /** Whether the loss is softmax focal loss. */
  boolean focal;

  /** Makes room for a tile of at most so many rows. */
  TileCurves(int rows) {
    factor = new float[rows];
    share = new float[rows];
    crest = new float[rows];
    rest = new float[rows];
    bend = new float[rows];
    tail = new float[rows];
    atTarget = new float[rows];
  }

  /** Begins with what is wanted of all rows; {@code scale} is the factor of all their gradients. */
  void begin(Curvature wanted, float scale, boolean focal) {
    this.focal = focal;
    times = wanted.times();
    least = Curve.least(wanted, scale);
  }
}
