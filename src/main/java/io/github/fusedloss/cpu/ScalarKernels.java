package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.canonical;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Math.abs;

import io.github.fusedloss.ElementType;

/**
 * The block kernels in plain Java. Blocks worth it are worked at in loops over a {@link Strip},
 * which HotSpot vectorises; what is here takes one element at a time, for small blocks, for the
 * tails of {@link VectorKernels}, and wherever an infinity or NaN has to be judged.
 */
final class ScalarKernels implements BlockKernels {

  @Override
  public void decode(ElementType type, short[] from, int at, int n, float[] to, int toAt) {
    for (int i = 0; i < n; i++) {
      to[toAt + i] = type.decode(from[at + i]);
    }
  }

  @Override
  public void encode(ElementType type, float[] from, int at, int n, short[] to, int toAt) {
    for (int i = 0; i < n; i++) {
      to[toAt + i] = type.encode(from[at + i]);
    }
  }

  @Override
  public long bceWithLogits(BceBlock block, Lanes lanes) {
    return ScalarBce.ofLogits(block, lanes);
  }

  @Override
  public long bce(BceBlock block, Lanes lanes) {
    return ScalarBce.ofProbabilities(block, lanes);
  }

  @Override
  public boolean inUnitInterval(float[] x, int at, int n) {
    boolean in = true;
    for (int i = at; i < at + n; i++) {
      in &= x[i] >= 0f & x[i] <= 1f;
    }
    return in;
  }

  @Override
  public void sigmoid(float[] x, int at, int n, float[] out, int outAt, Lanes lanes) {
    for (int i = 0; i < n; i++) {
      out[outAt + i] = GeneratedLogits.logistic(x[at + i]);
    }
  }

  @Override
  public long sum(float[] x, int at, int n, Lanes lanes) {
    return sum(x, at, n, false, lanes);
  }

  private static long sum(float[] x, int at, int n, boolean inOrder, Lanes lanes) {
    lanes.clear(n, inOrder);
    if (n >= Strip.FEW && !inOrder) {
      Strip strip = lanes.strip();
      strip.sum(x, at, null, 0, n, lanes);
      return strip.total(lanes);
    }
    for (int i = 0; i < n; i++) {
      lanes.add(i, x[at + i], 0f);
    }
    return lanes.total();
  }

  @Override
  public long sum(float[] hi, float[] lo, int at, int n, Lanes lanes) {
    lanes.clear(n, false);
    if (n >= Strip.FEW) {
      Strip strip = lanes.strip();
      strip.sum(hi, at, lo, at, n, lanes);
      return strip.total(lanes);
    }
    for (int i = 0; i < n; i++) {
      lanes.add(i, hi[at + i], lo[at + i]);
    }
    return lanes.total();
  }

  @Override
  public float max(float[] x, int at, int n) {
    float max = x[at];
    for (int i = at + 1; i < at + n; i++) {
      max = Math.max(max, x[i]);
    }
    return canonical(max);
  }

  /** The largest value that is not NaN, never -0. */
  static float maxOfNumbers(float[] x, int at, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + n; i++) {
      max = x[i] > max ? x[i] : max;
    }
    return max + 0f;
  }

  @Override
  public void softmax(RowBlock b, Lanes lanes) {
    SoftmaxRow row = b.row;
    lanes.clear(b.n, row.inOrder);
    if (b.n >= Strip.FEW && !row.inOrder && inStrips(b, lanes)) {
      return;
    }
    row.reference(maxOfNumbers(b.x, b.xAt, b.n));
    b.of(row);
    row.ties = softmax(b, 0, lanes);
    row.rest = lanes.total();
  }

  /** False, with nothing done, if a logit is NaN or the maximum infinite. */
  private static boolean inStrips(RowBlock b, Lanes lanes) {
    Strip s = lanes.strip();
    s.extremes(b.x, b.xAt, b.n);
    float max = s.max();
    if (!(abs(max) < INF)) {
      return false;
    }
    SoftmaxRow row = b.row;
    row.reference(max + 0f);
    b.of(row);
    b.far = s.min() < row.cut;
    int at = b.xAt;
    float[] e = b.e;
    int eAt = b.eAt;
    b.e = s.hi;
    b.eAt = 0;
    int ties = 0;
    for (int start = 0; start < b.n; start += Strip.LENGTH) {
      int m = Math.min(Strip.LENGTH, b.n - start);
      b.xAt = at + start;
      GeneratedTermsStrips.run(b, lanes, 0, m);
      if (e != null) {
        System.arraycopy(s.hi, 0, e, eAt + start, m);
      }
      ties += s.dropTies(max, b.x, b.xAt, s.hi, m);
      s.sum(s.hi, s.zero, lanes, start, m);
    }
    b.xAt = at;
    b.e = e;
    b.eAt = eAt;
    row.ties = ties;
    row.rest = s.total(lanes);
    return true;
  }

  /** The block's elements from this one on; how many are ties. */
  static int softmax(RowBlock b, int from, Lanes lanes) {
    SoftmaxRow row = b.row;
    int ties = 0;
    for (int i = from; i < b.n; i++) {
      float v = b.x[b.xAt + i];
      float term = GeneratedRows.term(v, row.cut, row.shift, row.magic);
      if (b.e != null) {
        b.e[b.eAt + i] = term;
      }
      if (v == row.max) {
        ties++;
        term = 0f;
      }
      lanes.add(i, term, 0f);
    }
    return ties;
  }

  @Override
  public void softmax(RowTile tile, boolean keep, Lanes lanes) {
    tile.numbers = TilePasses.softmax(tile, keep, lanes);
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
      row.reference(max + 0f);
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
      row.finish();
      tile.logHi[t] = hi(row.log);
      tile.logLo[t] = lo(row.log);
      tile.totalHi[t] = hi(row.total);
      tile.totalLo[t] = lo(row.total);
      tile.othersHi[t] = hi(row.others);
      tile.othersLo[t] = lo(row.others);
    }
  }

  @Override
  public void losses(RowTile tile, TileFormulas formulas, Lanes lanes) {
    if (tile.numbers) {
      formulas.losses(tile, lanes);
      judge(tile, formulas);
      return;
    }
    for (int t = 0; t < tile.rows; t++) {
      loss(tile, t, formulas);
    }
  }

  /**
   * Computes again, one by one, the rows that passes may get wrong: those that are ignored, and
   * those with a result that is not finite, or is a zero, whose sign may be lost.
   */
  static void judge(RowTile tile, RowFormulas formulas) {
    for (int t = 0; t < tile.rows; t++) {
      if (tile.target[t] == Targets.IGNORED
          || !ordinary(tile.lossHi[t])
          || tile.gradient && !(ordinary(tile.atTarget[t]) && abs(tile.coefficient[t]) < INF)) {
        loss(tile, t, formulas);
      }
    }
  }

  private static boolean ordinary(float v) {
    return v != 0f && abs(v) < INF;
  }

  /** {@link #losses} of one row. */
  private static void loss(RowTile tile, int t, RowFormulas formulas) {
    long loss = 0L;
    tile.coefficient[t] = 0f;
    if (tile.target[t] != Targets.IGNORED) {
      SoftmaxRow row = tile.row;
      tile.read(t, row);
      if (row.undefined) {
        loss = pair(Float.NaN, 0f);
        tile.coefficient[t] = Float.NaN;
        tile.atTarget[t] = Float.NaN;
      } else {
        RowTarget target = tile.rowTarget;
        target.x = tile.targetX[t];
        target.w = tile.weight[t];
        target.scale = pair(tile.scale[t], tile.scaleLo[t]);
        loss = formulas.loss(row, target, tile.settings);
        if (tile.gradient) {
          formulas.slope(row, target, tile.targetE[t], tile.settings, tile.slope);
          tile.coefficient[t] = tile.slope.factor;
          tile.atTarget[t] = tile.slope.atY;
        }
      }
    }
    tile.lossHi[t] = hi(loss);
    tile.lossLo[t] = lo(loss);
  }

  @Override
  public void scale(RowTile tile, Lanes lanes) {
    if (tile.numbers && TilePasses.scale(tile, lanes)) {
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

  @Override
  public void distances(RowBlock b, Lanes lanes) {
    SoftmaxRow row = b.row;
    boolean few = b.n < Strip.FEW;
    if (b.q == null) {
      row.mass = b.w == null ? pair(b.n, 0f) : sum(b.w, b.wAt, b.n, row.inOrder, lanes);
    } else if (few || row.inOrder) {
      lanes.clear(b.n, row.inOrder);
      mass(b, 0, lanes);
      row.mass = lanes.total();
    }
    if (!few && !row.inOrder) {
      sums(b, lanes);
      if (abs(hi(row.distance)) < INF) {
        return;
      }
    }
    lanes.clear(b.n, row.inOrder);
    distances(b, 0, lanes);
    row.distance = lanes.total();
  }

  /** Sums of the row's distances and shares, in loops over strips. */
  private static void sums(RowBlock b, Lanes lanes) {
    Strip s = lanes.strip();
    lanes.clear(b.n, false);
    s.lanes.clear(b.n, false);
    for (int start = 0; start < b.n; start += Strip.LENGTH) {
      GeneratedDistancesStrips.run(b, lanes, start, Math.min(Strip.LENGTH, b.n - start));
    }
    b.row.distance = s.total(s.lanes);
    b.row.mass = b.q == null ? b.row.mass : s.total(lanes);
  }

  /** The shares of the block's elements from this one on. */
  static void mass(RowBlock b, int from, Lanes lanes) {
    for (int i = from; i < b.n; i++) {
      long p = b.share(i);
      lanes.add(i, hi(p), lo(p));
    }
  }

  /** The distances, times shares or weights, of the block's elements from this one on. */
  static void distances(RowBlock b, int from, Lanes lanes) {
    if (b.q == null) {
      distances(b, b.w, b.wAt, from, lanes);
    } else if (b.w == null && !b.settings.smooth) {
      distances(b, b.q, b.qAt, from, lanes);
    } else {
      for (int i = from; i < b.n; i++) {
        long d = GeneratedClasses.weightedDistance(b.x[b.xAt + i], b.from, b.share(i));
        lanes.add(i, hi(d), lo(d));
      }
    }
  }

  /** The distances of the elements from this one on, times p if that is not null. */
  private static void distances(RowBlock b, float[] p, int pAt, int from, Lanes lanes) {
    float max = b.from;
    for (int i = from; i < b.n; i++) {
      float v = b.x[b.xAt + i];
      long d =
          p == null
              ? GeneratedRows.distanceTo(max, v)
              : GeneratedClasses.weightedDistanceByFloat(v, max, p[pAt + i]);
      lanes.add(i, hi(d), lo(d));
    }
  }

  @Override
  public void gradient(RowBlock b, Lanes lanes) {
    gradient(b, 0, lanes);
  }

  /** The gradient of the block's elements from this one on. */
  static void gradient(RowBlock b, int from, Lanes lanes) {
    float[] e = b.e;
    int at = b.eAt;
    int n = b.n;
    if (b.q == null && !b.shared) {
      float factor = b.slope.factor;
      for (int i = at + from; i < at + n; i++) {
        e[i] = GeneratedClasses.scaledGradient(e[i], factor);
      }
    } else if (b.q == null || n - from < Strip.FEW) {
      for (int i = from; i < n; i++) {
        e[at + i] = b.gradient(i);
      }
    } else {
      for (int start = from; start < n; start += Strip.LENGTH) {
        GeneratedGradientStrips.run(b, lanes, start, Math.min(Strip.LENGTH, n - start));
      }
    }
  }

  @Override
  public void logSoftmax(RowTile tile, Lanes lanes) {
    for (int at = 0; at < tile.end(); at += tile.stride) {
      GeneratedTileLogsStrips.run(tile, lanes, at, tile.stride);
    }
  }

  @Override
  public void logSoftmax(RowBlock b, Lanes lanes) {
    logSoftmax(b, 0);
  }

  /** The block's elements from this one on. */
  static void logSoftmax(RowBlock b, int from) {
    for (int i = from; i < b.n; i++) {
      b.e[b.eAt + i] = GeneratedLogSoftmax.logSoftmax(b.x[b.xAt + i], b.max, b.log);
    }
  }
}
