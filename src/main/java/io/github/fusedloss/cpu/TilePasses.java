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
    Arrays.fill(s.largest, 0, n, Float.NEGATIVE_INFINITY);
    Arrays.fill(s.smallest, 0, n, Float.POSITIVE_INFINITY);
    for (int at = 0; at < tile.end(); at += n) {
      Strip.load(tile.x, at, n, s.logits);
      Strip.widen(s.logits, s.largest, s.smallest, n);
    }
    for (int t = 0; t < tile.rows; t++) {
      if (!(abs(s.largest[t]) < INF)) {
        return false;
      }
    }
    for (int t = 0; t < n; t++) {
      tile.max[t] = s.largest[t] + 0f;
    }
    GeneratedReferencesStrips.run(tile, lanes, 0, n);
    tile.far = false;
    for (int t = 0; t < tile.rows; t++) {
      tile.far |= s.smallest[t] < tile.cut[t];
    }
    tile.keep = keep;
    tile.clear();
    if (tile.inOrder) {
      for (int at = 0; at < tile.end(); at += n) {
        GeneratedTileTermsStrips.run(tile, lanes, at, n);
      }
      GeneratedTileSumsStrips.run(tile, lanes, 0, n);
    } else {
      sumsInLanes(tile, lanes);
    }
    GeneratedRowEndsStrips.run(tile, lanes, 0, n);
    return true;
  }

  /** The terms, each added to the lane of its class, and the sums of the lanes. */
  private static void sumsInLanes(RowTile tile, Lanes lanes) {
    int n = tile.stride;
    int width = Blocks.LANES * n;
    Arrays.fill(tile.laneHi, 0, width, 0f);
    Arrays.fill(tile.laneLo, 0, width, 0f);
    for (int at = 0; at < tile.end(); at += n) {
      int lane = at % width;
      System.arraycopy(tile.laneHi, lane, tile.restHi, 0, n);
      System.arraycopy(tile.laneLo, lane, tile.restLo, 0, n);
      GeneratedTileTermsStrips.run(tile, lanes, at, n);
      System.arraycopy(tile.restHi, 0, tile.laneHi, lane, n);
      System.arraycopy(tile.restLo, 0, tile.laneLo, lane, n);
    }
    lanes.strip().tree(tile.laneHi, tile.laneLo, width, n);
    System.arraycopy(tile.laneHi, 0, tile.restHi, 0, n);
    System.arraycopy(tile.laneLo, 0, tile.restLo, 0, n);
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
