package io.github.fusedloss.cpu;

import io.github.fusedloss.backend.Curvature;

/** {@link Curve} of each row of a tile. */
final class TileCurves {
  final float[] factor;
  final float[] share;
  final float[] crest;
  final float[] rest;
  final float[] bend;

  /** Of all rows. */
  float times;

  float least;

  /** Of a tile of so many rows at most. */
  TileCurves(int rows) {
    factor = new float[rows];
    share = new float[rows];
    crest = new float[rows];
    rest = new float[rows];
    bend = new float[rows];
  }

  /** Begins with what is wanted of all rows; scale: of all their gradients. */
  void begin(Curvature wanted, float scale) {
    times = wanted.times();
    least = Curve.least(wanted, scale);
  }
}
