package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.INFINITY;
import static io.github.fusedloss.cpu.VectorMath.INTS;
import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.ONE;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static io.github.fusedloss.cpu.VectorMath.ZERO;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.XOR;

import io.github.fusedloss.ElementType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * The block kernels with the Vector API, bit for bit {@link ScalarKernels}.
 *
 * <p>A vector of terms goes to adjacent lanes of a sum, so the running sums are a vector too. What
 * is left over behind the last whole vector, and sums in order but for tiles, go to the scalar
 * code.
 *
 * <p>Values never leave the registers, under two rules. No method takes or returns a vector but the
 * Vector API's own, which HotSpot always inlines: where it does not inline, a vector that passes is
 * allocated, for as long as the process lives. And no compilation may be long, see {@link
 * VectorPasses}.
 */
final class VectorKernels implements BlockKernels {
  private final ScalarKernels scalar = new ScalarKernels();

  /** Elements in whole vectors. */
  private static int whole(int n) {
    return n & -LENGTH;
  }

  /** The block's sum, {@link Blocks#tree}; what a vector has beyond the lanes in use is ignored. */
  static long total(Lanes lanes) {
    float[] hi = lanes.hi;
    float[] lo = lanes.lo;
    int width = lanes.width();
    if (width < Blocks.ACCUMULATORS) {
      for (int i = 0; i < width; i += LENGTH) {
        FloatVector a = fromArray(SPECIES, hi, i);
        FloatVector b = fromArray(SPECIES, lo, i);
        VectorMask<Float> finite = a.abs().compare(LT, INFINITY);
        FloatVector s = a.add(b);
        a.blend(s, finite).intoArray(hi, i);
        ZERO.blend(b.sub(s.sub(a)), finite).intoArray(lo, i);
      }
    }
    for (int half = width / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i += LENGTH) {
        FloatVector c = fromArray(SPECIES, hi, i);
        FloatVector d = fromArray(SPECIES, hi, i + half);
        FloatVector a = c.add(d);
        FloatVector z = a.sub(c);
        FloatVector e = c.sub(a.sub(z)).add(d.sub(z));
        FloatVector b = e.add(fromArray(SPECIES, lo, i).add(fromArray(SPECIES, lo, i + half)));
        VectorMask<Float> finite = a.abs().compare(LT, INFINITY);
        FloatVector s = a.add(b);
        a.blend(s, finite).intoArray(hi, i);
        ZERO.blend(b.sub(s.sub(a)), finite).intoArray(lo, i);
      }
    }
    return ScalarMath.pair(hi[0], lo[0]);
  }

  @Override
  public void decode(ElementType type, short[] from, int at, int n, float[] to, int toAt) {
    int whole = whole(n);
    VectorStorage.decode(type, from, at, whole, to, toAt);
    scalar.decode(type, from, at + whole, n - whole, to, toAt + whole);
  }

  @Override
  public void encode(ElementType type, float[] from, int at, int n, short[] to, int toAt) {
    int whole = whole(n);
    VectorStorage.encode(type, from, at, whole, to, toAt);
    scalar.encode(type, from, at + whole, n - whole, to, toAt + whole);
  }

  @Override
  public long bceWithLogits(BceBlock b, Lanes lanes) {
    lanes.clear(b.n, false);
    int whole = whole(b.n);
    GeneratedLogitsVectors.PASSES.run(b, lanes, whole);
    ScalarKernels.bceWithLogits(b, whole, lanes);
    long total = total(lanes);
    // An infinite or NaN loss shows in the sum; what it is the scalar code judges.
    return Math.abs(hi(total)) < INF ? total : scalar.bceWithLogits(b, lanes);
  }

  @Override
  public long bce(BceBlock b, Lanes lanes) {
    lanes.clear(b.n, false);
    int whole = whole(b.n);
    GeneratedBceVectors.PASSES.run(b, lanes, whole);
    ScalarKernels.bce(b, whole, lanes);
    return total(lanes);
  }

  @Override
  public boolean inUnitInterval(float[] x, int at, int n) {
    int whole = whole(n);
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, x, at + i);
      if (!v.compare(GE, ZERO).and(v.compare(LE, ONE)).allTrue()) {
        return false;
      }
    }
    return scalar.inUnitInterval(x, at + whole, n - whole);
  }

  @Override
  public void sigmoid(float[] x, int at, int n, float[] out, int outAt, Lanes lanes) {
    int whole = whole(n);
    BceBlock b = new BceBlock();
    b.x = x;
    b.xAt = at;
    b.gradient = out;
    b.gradientAt = outAt;
    GeneratedSigmoidVectors.PASSES.run(b, lanes, whole);
    scalar.sigmoid(x, at + whole, n - whole, out, outAt + whole, lanes);
  }

  @Override
  public long sum(float[] x, int at, int n, Lanes lanes) {
    return sum(x, null, at, n, lanes);
  }

  @Override
  public long sum(float[] hi, float[] lo, int at, int n, Lanes lanes) {
    lanes.clear(n, false);
    int whole = whole(n);
    GeneratedSumsVectors.PASSES.run(new SumBlock(hi, lo, at), lanes, whole);
    for (int i = whole; i < n; i++) {
      lanes.add(i, hi[at + i], lo == null ? 0f : lo[at + i]);
    }
    return total(lanes);
  }

  @Override
  public float max(float[] x, int at, int n) {
    int whole = whole(n);
    if (whole == 0) {
      return scalar.max(x, at, n);
    }
    // The bits of a float as an integer that sorts as Math.max does, bar NaN.
    IntVector max = IntVector.broadcast(INTS, Integer.MIN_VALUE);
    IntVector magnitude = IntVector.broadcast(INTS, 0);
    for (int i = 0; i < whole; i += LENGTH) {
      IntVector bits = fromArray(SPECIES, x, at + i).reinterpretAsInts();
      max = bits.lanewise(ASHR, 31).and(Integer.MAX_VALUE).lanewise(XOR, bits).max(max);
      magnitude = bits.and(Integer.MAX_VALUE).max(magnitude);
    }
    if (magnitude.reduceLanes(MAX) > 0x7f800000) {
      return Float.NaN;
    }
    int key = max.reduceLanes(MAX);
    float most = Float.intBitsToFloat(key ^ (key >> 31 & Integer.MAX_VALUE));
    return whole == n ? most : Math.max(most, scalar.max(x, at + whole, n - whole));
  }

  @Override
  public void softmax(float[] x, int at, int n, float[] e, int eAt, SoftmaxRow row, Lanes lanes) {
    if (row.inOrder) {
      scalar.softmax(x, at, n, e, eAt, row, lanes);
    } else {
      VectorSoftmax.softmax(x, at, n, e, eAt, row, lanes);
    }
  }

  @Override
  public void softmax(RowTile tile, boolean keep, Lanes lanes) {
    tile.keep = keep;
    VectorTile.REFERENCES.run(tile, lanes, tile.stride);
    GeneratedTileTermsVectors.PASSES.run(tile, lanes, tile.stride);
    tile.clear();
    GeneratedTileSumsVectors.PASSES.run(tile, lanes, tile.stride);
    GeneratedRowEndsVectors.PASSES.run(tile, lanes, tile.stride);
  }

  @Override
  public void losses(RowTile tile, boolean gradient, Lanes lanes) {
    VectorTile.LOSSES.run(tile, lanes, tile.stride);
    if (gradient) {
      VectorTile.GRADIENTS.run(tile, lanes, tile.stride);
    }
    for (int t = 0; t < tile.rows; t++) {
      boolean ignored = tile.target[t] == Targets.IGNORED;
      if (ignored || tile.weight[t] == 0f || !(Math.abs(tile.lossHi[t]) < INF)) {
        ScalarKernels.loss(tile, t, gradient);
      }
    }
  }

  @Override
  public void scale(RowTile tile, Lanes lanes) {
    GeneratedTileGradientVectors.PASSES.run(tile, lanes, tile.stride);
  }

  @Override
  public void smoothing(float[] x, int at, int n, float[] w, int wAt, SoftmaxRow row, Lanes lanes) {
    if (row.inOrder) {
      scalar.smoothing(x, at, n, w, wAt, row, lanes);
      return;
    }
    row.mass = w == null ? ScalarMath.pair(n, 0f) : sum(w, wAt, n, lanes);
    RowBlock b = RowBlock.logits(x, at, n).weights(w, wAt).reference(row);
    int whole = sums(b, lanes);
    ScalarKernels.distances(x, at, whole, n, w, wAt, b.from, lanes.strip().lanes);
    row.distance = total(lanes.strip().lanes);
  }

  /** Begins the sums of shares, to the lanes, and of distances, to the strip's; how far. */
  private static int sums(RowBlock b, Lanes lanes) {
    lanes.clear(b.n, false);
    lanes.strip().lanes.clear(b.n, false);
    int whole = whole(b.n);
    GeneratedDistancesVectors.PASSES.run(b, lanes, whole);
    return whole;
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
    if (row.inOrder) {
      scalar.probabilities(x, at, n, q, qAt, w, wAt, smoothing, row, lanes);
      return;
    }
    RowBlock b = RowBlock.logits(x, at, n).weights(w, wAt).probabilities(q, qAt, smoothing);
    int whole = sums(b.reference(row), lanes);
    ScalarKernels.mass(b, whole, lanes);
    ScalarKernels.distances(b, whole, lanes.strip().lanes);
    row.mass = total(lanes);
    row.distance = total(lanes.strip().lanes);
  }

  @Override
  public void scale(float[] g, int at, int n, float coefficient) {
    RowBlock b = RowBlock.terms(g, at, n);
    b.factor = coefficient;
    gradient(b, null);
  }

  /** The lanes are for what needs strips. */
  private static void gradient(RowBlock b, Lanes lanes) {
    int whole = whole(b.n);
    GeneratedGradientVectors.PASSES.run(b, lanes, whole);
    ScalarKernels.gradient(b, whole, lanes);
  }

  @Override
  public void scaleSmoothing(
      float[] g, int at, int n, float coefficient, float spread, float[] w, int wAt) {
    if (n < Strip.FEW) {
      scalar.scaleSmoothing(g, at, n, coefficient, spread, w, wAt);
      return;
    }
    RowBlock b = RowBlock.terms(g, at, n).weights(w, wAt);
    b.factor = coefficient;
    b.shared = true;
    b.share = spread;
    gradient(b, null);
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
    if (n < Strip.FEW) {
      scalar.scaleProbabilities(
          g, at, n, coefficient, top, likely, scale, q, qAt, w, wAt, smoothing, lanes);
      return;
    }
    RowBlock b = RowBlock.terms(g, at, n).weights(w, wAt).probabilities(q, qAt, smoothing);
    gradient(b.gradient(coefficient, top, likely, scale), lanes);
  }

  @Override
  public void logSoftmax(RowTile tile, Lanes lanes) {
    GeneratedTileLogsVectors.PASSES.run(tile, lanes, tile.stride);
  }

  @Override
  public void logSoftmax(float[] x, int at, int n, float[] out, int outAt, float max, long log) {
    int whole = whole(n);
    RowBlock b = RowBlock.logits(x, at, n);
    b.e = out;
    b.eAt = outAt;
    b.max = max;
    b.log = log;
    GeneratedLogSoftmaxVectors.PASSES.run(b, null, whole);
    scalar.logSoftmax(x, at + whole, n - whole, out, outAt + whole, max, log);
  }
}
