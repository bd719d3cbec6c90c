package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.canonical;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static io.github.fusedloss.cpu.ScalarMath.twoSum;
import static java.lang.Math.abs;
import static java.lang.Math.fma;

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
  public long bceWithLogits(BceBlock b, Lanes lanes) {
    if (b.n >= Strip.FEW) {
      lanes.clear(b.n, false);
      for (int start = 0; start < b.n; start += Strip.LENGTH) {
        GeneratedLogitsStrips.run(b, lanes, start, Math.min(Strip.LENGTH, b.n - start));
      }
      long total = lanes.strip().total(lanes);
      if (abs(hi(total)) < INF) {
        return total;
      }
    }
    lanes.clear(b.n, false);
    bceWithLogits(b, 0, lanes);
    return lanes.total();
  }

  /** The block's elements from this one on. */
  static void bceWithLogits(BceBlock b, int from, Lanes lanes) {
    for (int i = from; i < b.n; i++) {
      float x = b.x[b.xAt + i];
      float t = b.t[b.tAt + i];
      long e = GeneratedNumerics.expMinus(abs(x));
      long l = GeneratedNumerics.log1pUnit(hi(e), lo(e));
      float pt = t;
      long v;
      if (b.posWeight == null) {
        v = GeneratedLogits.logitLoss(x, t, l);
      } else {
        float posWeight = b.posWeight[b.posWeightAt + i];
        pt = t * posWeight;
        v = GeneratedLogits.posWeightedLoss(x, t, posWeight, l);
      }
      float w = b.w == null ? 1f : b.w[b.wAt + i];
      if (b.w != null) {
        v = GeneratedLogits.weightedLoss(v, w);
      }
      if (!(abs(hi(v)) < INF)) {
        float limit =
            b.posWeight == null
                ? GeneratedLogits.limitOfLoss(x, t, l)
                : GeneratedLogits.posWeightedLimit(x, t, pt, l);
        limit = b.w == null ? limit : GeneratedLogits.weightedLimit(limit, w);
        v = pair(canonical(limit), 0f);
      }
      lanes.add(i, hi(v), lo(v));
      if (b.loss != null) {
        b.loss[b.lossAt + i] = b.w == null ? hi(v) : hi(v) + lo(v);
      }
      if (b.gradient != null) {
        float g = GeneratedLogits.logitSlope(x, t, pt, e);
        b.gradient[b.gradientAt + i] = canonical(g * factor(b, i));
      }
    }
  }

  /** What an element's gradient is multiplied by. */
  private static float factor(BceBlock b, int i) {
    float factor = b.w == null ? b.scale : b.w[b.wAt + i] * b.scale;
    return b.upstream == null ? factor : factor * b.upstream[b.upstreamAt + i];
  }

  @Override
  public long bce(BceBlock b, Lanes lanes) {
    if (b.n >= Strip.FEW) {
      lanes.clear(b.n, false);
      for (int start = 0; start < b.n; start += Strip.LENGTH) {
        GeneratedBceStrips.run(b, lanes, start, Math.min(Strip.LENGTH, b.n - start));
      }
      long total = lanes.strip().total(lanes);
      if (abs(hi(total)) < INF) {
        return total;
      }
    }
    lanes.clear(b.n, false);
    bce(b, 0, lanes);
    return lanes.total();
  }

  /** The block's elements from this one on. */
  static void bce(BceBlock b, int from, Lanes lanes) {
    for (int i = from; i < b.n; i++) {
      float p = b.x[b.xAt + i];
      float t = b.t[b.tAt + i];
      long v = GeneratedBce.probabilityLoss(p, t);
      if (b.w != null) {
        v = GeneratedBce.weightedProbabilityLoss(v, b.w[b.wAt + i]);
      }
      lanes.add(i, hi(v), lo(v));
      if (b.loss != null) {
        b.loss[b.lossAt + i] = hi(v);
      }
      if (b.gradient != null) {
        b.gradient[b.gradientAt + i] =
            canonical(GeneratedBce.probabilitySlope(p, t) * factor(b, i));
      }
    }
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
    if (n >= Strip.FEW && !row.inOrder && SoftmaxPasses.softmax(x, at, n, e, eAt, row, lanes)) {
      return;
    }
    row.reference(maxOfNumbers(x, at, n));
    row.ties = softmax(x, at, 0, n, e, eAt, row, lanes);
    row.rest = lanes.total();
  }

  /** The block's elements from this one on; how many are ties. */
  static int softmax(
      float[] x, int at, int from, int n, float[] e, int eAt, SoftmaxRow row, Lanes lanes) {
    int ties = 0;
    for (int i = from; i < n; i++) {
      float v = x[at + i];
      float term = v < row.cut ? 0f : ScalarMath.expFloat(v - row.shift, row.magic);
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
    for (int t = 0; t < tile.rows; t++) {
      float max = Float.NEGATIVE_INFINITY;
      for (int i = t; i < end; i += tile.stride) {
        max = tile.x[i] > max ? tile.x[i] : max;
      }
      row.reference(max + 0f);
      int ties = 0;
      float sumHi = 0f;
      float sumLo = 0f;
      for (int i = t; i < end; i += tile.stride) {
        float v = tile.x[i];
        float term = v < row.cut ? 0f : ScalarMath.expFloat(v - row.shift, row.magic);
        if (keep) {
          tile.e[i] = term;
        }
        if (v == row.max) {
          ties++;
        } else {
          float sum = sumHi + term;
          float z = sum - sumHi;
          sumLo += (sumHi - (sum - z)) + (term - z);
          sumHi = sum;
        }
      }
      long rest = ScalarMath.normalise(sumHi, sumLo);
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
        loss = GeneratedClass.loss(row, tile.targetX[t], tile.weight[t]);
        if (tile.gradient) {
          long scale = pair(tile.scale[t], tile.scaleLo[t]);
          float x = tile.targetX[t];
          GeneratedClass.slope(row, x, tile.weight[t], scale, tile.targetE[t], tile.slope);
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
      lanes.clear(n, false);
      SoftmaxPasses.smoothing(x, at, n, w, wAt, row, lanes);
      if (abs(hi(row.distance)) < INF) {
        return;
      }
    }
    lanes.clear(n, row.inOrder);
    smoothing(x, at, 0, n, w, wAt, row, lanes);
    row.distance = lanes.total();
  }

  /** The distances of the block's elements from this one on. */
  static void smoothing(
      float[] x, int at, int first, int n, float[] w, int wAt, SoftmaxRow row, Lanes lanes) {
    float from = from(row);
    for (int i = first; i < n; i++) {
      long d = GeneratedRows.distanceTo(from, x[at + i]);
      addProduct(lanes, i, hi(d), lo(d), w == null ? 1f : w[wAt + i], 0f);
    }
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
    if (n >= Strip.FEW && !row.inOrder) {
      SoftmaxPasses.probabilities(x, at, n, q, qAt, w, wAt, smoothing, row, lanes);
      row.mass = lanes.strip().total(lanes);
      if (abs(hi(row.distance)) < INF) {
        return;
      }
    } else {
      mass(0, n, q, qAt, w, wAt, smoothing, lanes);
      row.mass = lanes.total();
    }
    lanes.clear(n, row.inOrder);
    distance(x, at, 0, n, q, qAt, w, wAt, smoothing, from(row), lanes);
    row.distance = lanes.total();
  }

  /** The probabilities of the block's elements from this one on. */
  static void mass(
      int first, int n, float[] q, int qAt, float[] w, int wAt, Smoothing smoothing, Lanes lanes) {
    for (int i = first; i < n; i++) {
      long p = weighted(q[qAt + i], w == null ? 1f : w[wAt + i], smoothing);
      lanes.add(i, hi(p), lo(p));
    }
  }

  /** The probabilities times distances of the block's elements from this one on. */
  static void distance(
      float[] x,
      int at,
      int first,
      int n,
      float[] q,
      int qAt,
      float[] w,
      int wAt,
      Smoothing smoothing,
      float from,
      Lanes lanes) {
    for (int i = first; i < n; i++) {
      long p = weighted(q[qAt + i], w == null ? 1f : w[wAt + i], smoothing);
      long d = GeneratedRows.distanceTo(from, x[at + i]);
      addProduct(lanes, i, hi(d), lo(d), hi(p), lo(p));
    }
  }

  static float from(SoftmaxRow row) {
    return row.max > Float.NEGATIVE_INFINITY ? row.max : 0f;
  }

  /** The weighted, smoothed probability w (q (1 - e) + e / C). */
  static long weighted(float q, float w, Smoothing smoothing) {
    float hi = q;
    float lo = 0f;
    if (smoothing.present) {
      float p = q * hi(smoothing.keep);
      float pLo = fma(q, lo(smoothing.keep), fma(q, hi(smoothing.keep), -p));
      long s = twoSum(p, hi(smoothing.spread));
      hi = hi(s);
      lo = lo(s) + (pLo + lo(smoothing.spread));
    }
    float p = hi * w;
    return pair(p, fma(lo, w, fma(hi, w, -p)));
  }

  /** Adds (d + dLo) * (p + pLo); nothing where p is zero, even if d is infinite. */
  private static void addProduct(Lanes lanes, int i, float d, float dLo, float p, float pLo) {
    float product = d * p;
    float error = fma(d, p, -product) + fma(d, pLo, dLo * p);
    lanes.add(i, p == 0f ? 0f : product, p == 0f ? 0f : error);
  }

  @Override
  public void scale(float[] g, int at, int n, float coefficient) {
    for (int i = at; i < at + n; i++) {
      g[i] = canonical(g[i] * coefficient);
    }
  }

  @Override
  public void scaleSmoothing(
      float[] g, int at, int n, float coefficient, float spread, float[] w, int wAt) {
    for (int i = 0; i < n; i++) {
      float b = w == null ? spread : spread * w[wAt + i];
      g[at + i] = canonical(fma(g[at + i], coefficient, -b));
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
    for (int i = 0; i < n; i++) {
      float e = g[at + i];
      float share = q[qAt + i];
      float wc = w == null ? 1f : w[wAt + i];
      float p = share * wc;
      float pLo = fma(share, wc, -p);
      if (smoothing.present) {
        long smoothed = weighted(share, wc, smoothing);
        p = hi(smoothed);
        pLo = lo(smoothed);
      }
      float v = fma(e, coefficient, -fma(scale, p, scale * pLo));
      g[at + i] = canonical(e == top ? ScalarMath.lessShare(likely, scale, pair(p, pLo)) : v);
    }
  }

  @Override
  public void logSoftmax(float[] x, int at, int n, float[] out, int outAt, float max, long log) {
    float minusMax = -max;
    float minusLog = -hi(log);
    float logLo = lo(log);
    for (int i = 0; i < n; i++) {
      float a = x[at + i];
      float d = a + minusMax;
      float y = d - a;
      float dLo = (a - (d - y)) + (minusMax - y);
      float s = d + minusLog;
      float z = s - d;
      float v = s + (((d - (s - z)) + (minusLog - z)) + (dLo - logLo));
      // Near the largest float the way to the error overflows; there x - max is all there is.
      out[outAt + i] = abs(v) < INF ? v : canonical(s);
    }
  }
}
