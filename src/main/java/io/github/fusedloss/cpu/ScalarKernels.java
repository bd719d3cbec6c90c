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
  public void softmax(float[] x, int at, int n, float[] e, int eAt, SoftmaxRow row, Lanes lanes) {
    lanes.clear(n, row.inOrder);
    if (n >= Strip.FEW && !row.inOrder && inStrips(x, at, n, e, eAt, row, lanes)) {
      return;
    }
    row.reference(maxOfNumbers(x, at, n));
    row.ties = softmax(x, at, 0, n, e, eAt, row, lanes);
    row.rest = lanes.total();
  }

  /** False, with nothing done, if a logit is NaN or the maximum infinite. */
  private static boolean inStrips(
      float[] x, int at, int n, float[] e, int eAt, SoftmaxRow row, Lanes lanes) {
    Strip s = lanes.strip();
    s.extremes(x, at, n);
    float max = s.max();
    if (!(abs(max) < INF)) {
      return false;
    }
    row.reference(max + 0f);
    RowBlock b = RowBlock.logits(x, at, n).reference(row);
    b.far = s.min() < row.cut;
    b.e = s.hi;
    int ties = 0;
    for (int start = 0; start < n; start += Strip.LENGTH) {
      int m = Math.min(Strip.LENGTH, n - start);
      b.xAt = at + start;
      GeneratedTermsStrips.run(b, lanes, 0, m);
      if (e != null) {
        System.arraycopy(s.hi, 0, e, eAt + start, m);
      }
      ties += s.dropTies(max, x, at + start, s.hi, m);
      s.sum(s.hi, s.zero, lanes, start, m);
    }
    row.ties = ties;
    row.rest = s.total(lanes);
    return true;
  }

  /** The block's elements from this one on; how many are ties. */
  static int softmax(
      float[] x, int at, int from, int n, float[] e, int eAt, SoftmaxRow row, Lanes lanes) {
    int ties = 0;
    for (int i = from; i < n; i++) {
      float v = x[at + i];
      float term = GeneratedRows.term(v, row.cut, row.shift, row.magic);
      if (e != null) {
        e[eAt + i] = term;
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
          Blocks.accumulate(tile.restHi, tile.restLo, t, term, 0f);
        }
      }
      long rest = ScalarMath.normalise(tile.restHi[t], tile.restLo[t]);
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
  public void losses(RowTile tile, Lanes lanes) {
    if (tile.numbers) {
      GeneratedRowLossesStrips.run(tile, lanes, 0, tile.stride);
      judge(tile);
      return;
    }
    for (int t = 0; t < tile.rows; t++) {
      loss(tile, t);
    }
  }

  /**
   * Takes rows one by one of which passes are no judges: that are ignored, whose results are no
   * finite numbers, or zeros whose sign may be lost.
   */
  static void judge(RowTile tile) {
    for (int t = 0; t < tile.rows; t++) {
      if (tile.target[t] == Targets.IGNORED
          || !ordinary(tile.lossHi[t])
          || tile.gradient && !(ordinary(tile.atTarget[t]) && abs(tile.coefficient[t]) < INF)) {
        loss(tile, t);
      }
    }
  }

  private static boolean ordinary(float v) {
    return v != 0f && abs(v) < INF;
  }

  /** {@link #losses} of one row. */
  private static void loss(RowTile tile, int t) {
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
        loss = GeneratedClassTarget.loss(row, tile.targetX[t], tile.weight[t]);
        if (tile.gradient) {
          long scale = pair(tile.scale[t], tile.scaleLo[t]);
          float x = tile.targetX[t];
          GeneratedClassTarget.slope(row, x, tile.weight[t], scale, tile.targetE[t], tile.slope);
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
  public void smoothing(float[] x, int at, int n, float[] w, int wAt, SoftmaxRow row, Lanes lanes) {
    row.mass = w == null ? pair(n, 0f) : sum(w, wAt, n, row.inOrder, lanes);
    if (n >= Strip.FEW && !row.inOrder) {
      sums(RowBlock.logits(x, at, n).weights(w, wAt).reference(row), lanes);
      if (abs(hi(row.distance)) < INF) {
        return;
      }
    }
    lanes.clear(n, row.inOrder);
    distances(x, at, 0, n, w, wAt, RowBlock.from(row), lanes);
    row.distance = lanes.total();
  }

  /** The distances of the elements from {@code first} on, times p if that is not null. */
  static void distances(
      float[] x, int at, int first, int n, float[] p, int pAt, float from, Lanes lanes) {
    for (int i = first; i < n; i++) {
      float v = x[at + i];
      long d =
          p == null
              ? GeneratedRows.distanceTo(from, v)
              : GeneratedClasses.weightedDistanceByFloat(v, from, p[pAt + i]);
      lanes.add(i, hi(d), lo(d));
    }
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

  @Override
  public void probabilities(
      float[] x,
      int at,
      int n,
      float[] q,
      int qAt,
      float[] w,
      int wAt,
      Smoothing smoothing,
      SoftmaxRow row,
      Lanes lanes) {
    lanes.clear(n, row.inOrder);
    if (w == null && !smoothing.present && n < Strip.FEW) {
      for (int i = 0; i < n; i++) {
        lanes.add(i, q[qAt + i], 0f);
      }
      row.mass = lanes.total();
      lanes.clear(n, row.inOrder);
      distances(x, at, 0, n, q, qAt, RowBlock.from(row), lanes);
      row.distance = lanes.total();
      return;
    }
    RowBlock b = RowBlock.logits(x, at, n).weights(w, wAt).probabilities(q, qAt, smoothing);
    b.reference(row);
    if (n >= Strip.FEW && !row.inOrder) {
      sums(b, lanes);
      if (abs(hi(row.distance)) < INF) {
        return;
      }
    } else {
      mass(b, 0, lanes);
      row.mass = lanes.total();
    }
    lanes.clear(n, row.inOrder);
    distances(b, 0, lanes);
    row.distance = lanes.total();
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
      distances(b.x, b.xAt, from, b.n, b.w, b.wAt, b.from, lanes);
      return;
    }
    for (int i = from; i < b.n; i++) {
      long d = GeneratedClasses.weightedDistance(b.x[b.xAt + i], b.from, b.share(i));
      lanes.add(i, hi(d), lo(d));
    }
  }

  @Override
  public void scale(float[] g, int at, int n, float coefficient) {
    for (int i = at; i < at + n; i++) {
      g[i] = GeneratedClasses.scaledGradient(g[i], coefficient);
    }
  }

  @Override
  public void scaleSmoothing(
      float[] g, int at, int n, float coefficient, float spread, float[] w, int wAt) {
    for (int i = 0; i < n; i++) {
      float e = g[at + i];
      g[at + i] =
          w == null
              ? GeneratedClasses.equalGradient(e, coefficient, spread)
              : GeneratedClasses.weightedGradient(e, w[wAt + i], coefficient, spread);
    }
  }

  @Override
  public void scaleProbabilities(
      float[] g,
      int at,
      int n,
      float coefficient,
      float top,
      long likely,
      float scale,
      float[] q,
      int qAt,
      float[] w,
      int wAt,
      Smoothing smoothing,
      Lanes lanes) {
    if (w == null && !smoothing.present && n < Strip.FEW) {
      for (int i = 0; i < n; i++) {
        float e = g[at + i];
        g[at + i] = GeneratedClasses.givenGradient(e, q[qAt + i], coefficient, scale, top, likely);
      }
      return;
    }
    RowBlock b = RowBlock.terms(g, at, n).weights(w, wAt).probabilities(q, qAt, smoothing);
    gradient(b.gradient(coefficient, top, likely, scale), 0, lanes);
  }

  /** The gradient of the block's elements from this one on. */
  static void gradient(RowBlock b, int from, Lanes lanes) {
    if (b.n - from < Strip.FEW) {
      for (int i = from; i < b.n; i++) {
        b.e[b.eAt + i] = b.gradient(i);
      }
      return;
    }
    for (int start = from; start < b.n; start += Strip.LENGTH) {
      GeneratedGradientStrips.run(b, lanes, start, Math.min(Strip.LENGTH, b.n - start));
    }
  }

  @Override
  public void logSoftmax(RowTile tile, Lanes lanes) {
    for (int at = 0; at < tile.end(); at += tile.stride) {
      GeneratedTileLogsStrips.run(tile, lanes, at, tile.stride);
    }
  }

  @Override
  public void logSoftmax(float[] x, int at, int n, float[] out, int outAt, float max, long log) {
    for (int i = 0; i < n; i++) {
      out[outAt + i] = GeneratedLogSoftmax.logSoftmax(x[at + i], max, log);
    }
  }
}
