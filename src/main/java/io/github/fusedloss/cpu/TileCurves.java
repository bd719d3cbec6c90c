package io.github.fusedloss.cpu;

import io.github.fusedloss.backend.Curvature;

/** {@link Curve} of each row of a tile. */
final class TileCurves {
  final float[] factor = new float[RowTile.ROWS];
  final float[] share = new float[RowTile.ROWS];
  final float[] crest = new float[RowTile.ROWS];
  final float[] rest = new float[RowTile.ROWS];
  final float[] bend = new float[RowTile.ROWS];

  /** Of all rows. */
  float times;

  float least;

  /** Begins with what is wanted of all rows; scale: of all their gradients. */
  void begin(Curvature wanted, float scale) {
    times = wanted.times();
    least = Curve.least(wanted, scale);
  }

  /** What the rows need, of their sums and the coefficients of their gradients. */
  void ofRows(RowTile tile) {
    for (int t = 0; t < tile.rows; t++) {
      factor[t] = tile.coefficient[t] * times;
      share[t] = GeneratedNumerics.reciprocal(tile.totalHi[t]);
      rest[t] = tile.othersHi[t] * share[t];
      SoftmaxRow row = tile.row;
      GeneratedRows.reference(tile.max[t], row); // The tile has none where one has no numbers.
      crest[t] =
          GeneratedHessian.likelyTerm(
              row.max, row.shift, row.magic, tile.othersHi[t], tile.totalHi[t]);
      bend[t] = GeneratedHessian.bendOf(tile.zScale[t], share[t]);
    }
  }

  /** The second derivatives, of the exponentials. */
  void ofElements(RowTile tile) {
    for (int at = 0; at < tile.end(); at += tile.stride) {
      for (int t = 0; t < tile.rows; t++) {
        tile.h[at + t] =
            GeneratedHessian.hessianOf(
                tile.e[at + t], factor[t], share[t], crest[t], rest[t], bend[t], least);
      }
    }
  }
}
