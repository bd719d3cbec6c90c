package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.GeneratedNumerics.canonical;
import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Math.abs;

import java.util.Arrays;

/**
 * The work on tiles in plain Java: in loops over the rows, for one class at a time; or row by row
 * where there are infinities and NaN.
 */
final class ScalarTiles {
  private ScalarTiles() {}

  /** Does {@link BlockKernels#softmax(RowTile, boolean, Lanes)}. */
  static void softmax(RowTile tile, boolean keep, Lanes lanes) {
    tile.numbers = inLoops(tile, keep, lanes);
    if (tile.numbers) {
      return;
    }
    SoftmaxRow row = tile.row;
    int end = tile.end();
    tile.clear();
    for (int t = 0; t < tile.rows; t++) {
      float max = Float.NEGATIVE_INFINITY;
      for (int i = t; i < end; i += tile.stride) {
        max = tile.x[i] > max ? tile.x[i] : max;
      }
      GeneratedRows.reference(max + 0f, row);
      lanes.clear(tile.classes, tile.inOrder);
      int ties = 0;
      for (int i = t; i < end; i += tile.stride) {
        float v = tile.x[i];
        float term = GeneratedRows.term(v, row.cut, row.shift, row.magic);
        if (keep) {
          tile.e[i] = term;
        }
        if (v == row.max) {
          ties++;
        } else {
          lanes.add(i / tile.stride, term, 0f);
        }
      }
      long rest = lanes.total();
      tile.max[t] = row.max;
      tile.ties[t] = ties;
      tile.restHi[t] = hi(rest);
      tile.restLo[t] = lo(rest);
      row.ties = ties;
      row.rest = rest;
      GeneratedRows.finish(row);
      tile.logHi[t] = hi(row.log);
      tile.logLo[t] = lo(row.log);
      tile.totalHi[t] = hi(row.total);
      tile.totalLo[t] = lo(row.total);
      tile.othersHi[t] = hi(row.others);
      tile.othersLo[t] = lo(row.others);
    }
  }

  /**
   * Computes the softmax in loops. Returns false if a row has a NaN or no finite maximum; results
   * then mean nothing.
   */
  private static boolean inLoops(RowTile tile, boolean keep, Lanes lanes) {
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

  /** Computes the terms, adds each to the lane of its class, and then adds up the lanes. */
  private static void sumsInLanes(RowTile tile, Lanes lanes) {
    int n = tile.stride;
    tile.clearLanes();
    for (int at = 0; at < tile.end(); at += n) {
      int lane = at % tile.lanes();
      System.arraycopy(tile.laneHi, lane, tile.restHi, 0, n);
      System.arraycopy(tile.laneLo, lane, tile.restLo, 0, n);
      GeneratedTileTermsStrips.run(tile, lanes, at, n);
      System.arraycopy(tile.restHi, 0, tile.laneHi, lane, n);
      System.arraycopy(tile.restLo, 0, tile.laneLo, lane, n);
    }
    addLanes(tile, tile.laneHi, tile.laneLo, tile.restHi, tile.restLo, lanes);
  }

  /** Adds up each row's lanes. */
  private static void addLanes(
      RowTile tile, float[] laneHi, float[] laneLo, float[] hi, float[] lo, Lanes lanes) {
    StripSums.tree(lanes.strip(), laneHi, laneLo, tile.lanes(), tile.stride);
    tile.takeSumsOfLanes(laneHi, laneLo, hi, lo);
  }

  /** Does {@link BlockKernels#outputs}. */
  static void outputs(RowTile tile, Lanes lanes) {
    int end = tile.end();
    for (int t = 0; t < tile.rows; t++) {
      lanes.clear(tile.classes, tile.inOrder);
      float x = tile.targetX[t];
      int lowest = tile.classes;
      int before = 0;
      for (int i = t, c = 0; i < end; i += tile.stride, c++) {
        float v = tile.x[i];
        if (tile.wantsEntropy) {
          lanes.add(c, GeneratedOutputs.momentOf(v, tile.max[t], tile.e[i]), 0f);
        }
        lowest = v == tile.max[t] ? Math.min(lowest, c) : lowest;
        before += v > x || v == x && c < tile.target[t] ? 1 : 0;
      }
      long moment = lanes.total();
      tile.momentHi[t] = hi(moment);
      tile.momentLo[t] = lo(moment);
      tile.lowest[t] = lowest;
      tile.before[t] = before;
    }
    GeneratedOutputsStrips.run(tile, lanes, 0, tile.stride);
  }

  /**
   * Does {@link BlockKernels#distances(RowTile, Lanes)} for rows whose logits are numbers; other
   * rows do not need it.
   */
  static void distances(RowTile tile, Lanes lanes) {
    tile.shares.clear(tile.stride);
    if (!tile.inOrder) {
      distancesInLanes(tile, lanes);
      return;
    }
    for (int at = 0; at < tile.end(); at += tile.stride) {
      GeneratedTileDistancesStrips.run(tile, lanes, at, tile.stride);
    }
    GeneratedTileDistanceEndsStrips.run(tile, lanes, 0, tile.stride);
  }

  /** Sums up distances and shares in lanes, as {@link #sumsInLanes} does with terms. */
  private static void distancesInLanes(RowTile tile, Lanes lanes) {
    TileShares s = tile.shares;
    int n = tile.stride;
    tile.clearLanes();
    if (s.given) {
      Arrays.fill(s.awayHi, 0, tile.lanes(), 0f);
      Arrays.fill(s.awayLo, 0, tile.lanes(), 0f);
    }
    for (int at = 0; at < tile.end(); at += n) {
      int lane = at % tile.lanes();
      System.arraycopy(tile.laneHi, lane, s.distanceHi, 0, n);
      System.arraycopy(tile.laneLo, lane, s.distanceLo, 0, n);
      if (s.given) {
        System.arraycopy(s.awayHi, lane, s.massHi, 0, n);
        System.arraycopy(s.awayLo, lane, s.massLo, 0, n);
      }
      GeneratedTileDistancesStrips.run(tile, lanes, at, n);
      System.arraycopy(s.distanceHi, 0, tile.laneHi, lane, n);
      System.arraycopy(s.distanceLo, 0, tile.laneLo, lane, n);
      if (s.given) {
        System.arraycopy(s.massHi, 0, s.awayHi, lane, n);
        System.arraycopy(s.massLo, 0, s.awayLo, lane, n);
      }
    }
    addLanes(tile, tile.laneHi, tile.laneLo, s.distanceHi, s.distanceLo, lanes);
    if (s.given) {
      addLanes(tile, s.awayHi, s.awayLo, s.massHi, s.massLo, lanes);
    }
  }

  /**
   * Sums up the distances of row t, one class after the other, whatever its logits and shares are.
   */
  private static void sumShares(RowTile tile, int t, SoftmaxRow row, Lanes lanes) {
    TileShares shares = tile.shares;
    boolean equal = !shares.given && !shares.weighted;
    lanes.clear(tile.classes, tile.inOrder);
    lanes.more.clear(tile.classes, tile.inOrder);
    for (int i = t, c = 0; i < tile.end(); i += tile.stride, c++) {
      float x = tile.x[i];
      long share = equal ? 0L : shares.share(i);
      long distance =
          equal
              ? GeneratedRows.distanceTo(row.max, x)
              : GeneratedClasses.weightedDistance(x, row.max, share);
      lanes.add(c, hi(distance), lo(distance));
      if (shares.given) {
        lanes.more.add(c, hi(share), lo(share));
      }
    }
    row.distance = lanes.total();
    row.mass = lanes.more.total();
  }

  /** Does {@link BlockKernels#gradient(RowTile, Lanes)}. */
  static void gradient(RowTile tile, Lanes lanes) {
    if (tile.numbers && areNumbers(tile)) {
      for (int at = 0; at < tile.end(); at += tile.stride) {
        GeneratedTileSharesGradientStrips.run(tile, lanes, at, tile.stride);
      }
      return;
    }
    for (int at = 0; at < tile.end(); at += tile.stride) {
      for (int t = 0; t < tile.rows; t++) {
        tile.e[at + t] = gradient(tile, at + t, t);
      }
    }
  }

  /** Returns the gradient of element i, of row t, from its exponential. */
  private static float gradient(RowTile tile, int i, int t) {
    TileShares s = tile.shares;
    float e = tile.e[i];
    float factor = tile.coefficient[t];
    if (s.given) {
      long likely = pair(s.likelyHi[t], s.likelyLo[t]);
      return GeneratedClasses.sharedGradient(e, s.share(i), factor, s.scale[t], s.top[t], likely);
    }
    return s.weighted
        ? GeneratedClasses.weightedGradient(e, s.w[i], factor, s.spread[t])
        : GeneratedClasses.equalGradient(e, factor, s.spread[t]);
  }

  /** Does {@link BlockKernels#losses}. */
  static void losses(RowTile tile, RowFormulas formulas, Lanes lanes) {
    if (tile.numbers) {
      formulas.losses(tile, lanes);
      judge(tile, formulas, lanes);
      return;
    }
    for (int t = 0; t < tile.rows; t++) {
      loss(tile, t, formulas, lanes);
    }
  }

  /**
   * Computes again, one by one, the rows that passes may get wrong: those that are ignored, and
   * those with a result that is not finite, or is a zero, whose sign may be lost.
   */
  static void judge(RowTile tile, RowFormulas formulas, Lanes lanes) {
    for (int t = 0; t < tile.rows; t++) {
      if (tile.target[t] == Targets.IGNORED
          || !ordinary(tile.lossHi[t])
          || tile.settings.penalty > 0f && !ordinary(tile.penalty.hi[t])
          || tile.gradient && !hasOrdinarySlope(tile, t)) {
        loss(tile, t, formulas, lanes);
      }
    }
  }

  private static boolean hasOrdinarySlope(RowTile tile, int t) {
    return tile.hasProbabilities()
        ? ordinary(tile.coefficient[t])
        : ordinary(tile.atTarget[t]) && abs(tile.coefficient[t]) < INF;
  }

  private static boolean ordinary(float v) {
    return v != 0f && abs(v) < INF;
  }

  /** Does {@link #losses} for one row. */
  private static void loss(RowTile tile, int t, RowFormulas formulas, Lanes lanes) {
    tile.coefficient[t] = 0f;
    if (tile.target[t] == Targets.IGNORED) {
      tile.loss(t, 0f);
      return;
    }
    SoftmaxRow row = tile.row;
    tile.read(t, row);
    if (row.undefined) {
      tile.loss(t, Float.NaN);
      tile.coefficient[t] = Float.NaN;
      tile.atTarget[t] = Float.NaN;
      if (tile.hasShares) {
        tile.shares.top[t] = -1f; // Then no exponential equals it.
      }
      return;
    }
    RowTarget target = tile.target(t);
    if (tile.hasShares) {
      sumShares(tile, t, row, lanes);
    }
    formulas.loss(tile, t, row, target, tile.settings);
    if (tile.gradient) {
      formulas.slope(row, target, tile.targetE[t], tile.settings, tile.slope);
      tile.coefficient[t] = tile.slope.factor;
      tile.atTarget[t] = tile.slope.atY;
      if (tile.hasShares) {
        tile.shares.slope(t, tile.slope);
      }
    }
  }

  /** Does {@link BlockKernels#scale(RowTile, Lanes)}. */
  static void scale(RowTile tile, Lanes lanes) {
    if (tile.numbers && areNumbers(tile)) {
      for (int at = 0; at < tile.end(); at += tile.stride) {
        GeneratedTileGradientStrips.run(tile, lanes, at, tile.stride);
      }
      return;
    }
    float[] e = tile.e;
    for (int c = 0; c < tile.classes; c++) {
      for (int t = 0; t < tile.rows; t++) {
        int i = c * tile.stride + t;
        e[i] = canonical(e[i] * tile.coefficient[t]);
      }
    }
  }

  /** Does {@link BlockKernels#hessian(RowTile, Lanes)}. */
  static void hessian(RowTile tile, Lanes lanes) {
    // If some exponentials were no numbers, the references have not been made yet.
    for (int t = 0; t < tile.rows && !tile.numbers; t++) {
      GeneratedRows.reference(tile.max[t], tile.row);
      tile.shift[t] = tile.row.shift;
      tile.magic[t] = tile.row.magic;
    }
    GeneratedTileCurvesStrips.run(tile, lanes, 0, tile.stride);
    for (int at = 0; at < tile.end(); at += tile.stride) {
      GeneratedTileHessianStrips.run(tile, lanes, at, tile.stride);
    }
  }

  /** Returns whether all coefficients are finite. */
  private static boolean areNumbers(RowTile tile) {
    for (int t = 0; t < tile.rows; t++) {
      if (!(abs(tile.coefficient[t]) < INF)) {
        return false;
      }
    }
    return true;
  }

  /** Does {@link BlockKernels#logSoftmax(RowTile, Lanes)}. */
  static void logSoftmax(RowTile tile, Lanes lanes) {
    for (int at = 0; at < tile.end(); at += tile.stride) {
      GeneratedTileLogsStrips.run(tile, lanes, at, tile.stride);
    }
  }
}
