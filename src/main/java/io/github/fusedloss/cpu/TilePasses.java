package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.INF;
import static java.lang.Math.abs;

import java.util.Arrays;

/** The work on tiles of {@link ScalarKernels}, in loops over the rows, for one class at a time. */
final class TilePasses {
  private TilePasses() {}

  /** False, with nothing of meaning done, if a row has a NaN or no finite maximum. */
  static boolean softmax(RowTile tile, boolean keep, Lanes lanes) {
    Strip s = lanes.strip();
    int n = tile.stride;
    Arrays.fill(s.hi, 0, n, Float.NEGATIVE_INFINITY);
    Arrays.fill(s.lo, 0, n, Float.POSITIVE_INFINITY);
    for (int at = 0; at < tile.end(); at += n) {
      Strip.load(tile.x, at, n, s.x);
      Strip.widen(s.x, s.hi, s.lo, n);
    }
    tile.far = false;
    for (int t = 0; t < tile.rows; t++) {
      if (!(abs(s.hi[t]) < INF)) {
        return false;
      }
      tile.far |= s.lo[t] < SoftmaxRow.cut(s.hi[t]);
    }
    for (int t = 0; t < n; t++) {
      tile.row.reference(s.hi[t] + 0f);
      tile.max[t] = tile.row.max;
      tile.shift[t] = tile.row.shift;
      tile.exponent[t] = tile.row.exponent;
      tile.magic[t] = tile.row.magic;
      tile.cut[t] = tile.row.cut;
    }
    tile.keep = keep;
    tile.clear();
    for (int at = 0; at < tile.end(); at += n) {
      GeneratedTileTermsStrips.run(tile, lanes, at, n);
    }
    GeneratedTileSumsStrips.run(tile, lanes, 0, n);
    GeneratedRowEndsStrips.run(tile, lanes, 0, n);
    return true;
  }

  /**
   * {@link BlockKernels#scale(RowTile, Lanes)}; false, with nothing done, if a coefficient is no
   * number.
   */
  static boolean scale(RowTile tile, Lanes lanes) {
    for (int t = 0; t < tile.rows; t++) {
      if (!(abs(tile.coefficient[t]) < INF)) {
        return false;
      }
    }
    for (int at = 0; at < tile.end(); at += tile.stride) {
      GeneratedTileGradientStrips.run(tile, lanes, at, tile.stride);
    }
    return true;
  }
}
