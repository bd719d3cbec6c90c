package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.INFINITY;
import static io.github.fusedloss.cpu.VectorMath.INTS;
import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.NAN;
import static io.github.fusedloss.cpu.VectorMath.ONE;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static io.github.fusedloss.cpu.VectorMath.ZERO;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.NE;
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
    lanes.clear(n, false);
    int whole = whole(n);
    float[] sumHi = lanes.hi;
    float[] sumLo = lanes.lo;
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, x, at + i);
      int lane = Blocks.lane(i);
      FloatVector sum = fromArray(SPECIES, sumHi, lane);
      FloatVector more = sum.add(v);
      FloatVector z = more.sub(sum);
      FloatVector error = sum.sub(more.sub(z)).add(v.sub(z));
      fromArray(SPECIES, sumLo, lane).add(error).intoArray(sumLo, lane);
      more.intoArray(sumHi, lane);
    }
    for (int i = whole; i < n; i++) {
      lanes.add(i, x[at + i], 0f);
    }
    return total(lanes);
  }

  @Override
  public long sum(float[] hi, float[] lo, int at, int n, Lanes lanes) {
    lanes.clear(n, false);
    int whole = whole(n);
    float[] sumHi = lanes.hi;
    float[] sumLo = lanes.lo;
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, hi, at + i);
      int lane = Blocks.lane(i);
      FloatVector sum = fromArray(SPECIES, sumHi, lane);
      FloatVector more = sum.add(v);
      FloatVector z = more.sub(sum);
      FloatVector error = sum.sub(more.sub(z)).add(v.sub(z)).add(fromArray(SPECIES, lo, at + i));
      fromArray(SPECIES, sumLo, lane).add(error).intoArray(sumLo, lane);
      more.intoArray(sumHi, lane);
    }
    for (int i = whole; i < n; i++) {
      lanes.add(i, hi[at + i], lo[at + i]);
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
    VectorTile.MAXIMA.run(tile, lanes, tile.stride);
    GeneratedReferencesVectors.PASSES.run(tile, lanes, tile.stride);
    VectorTile.SUMS.run(tile, lanes, tile.stride);
    GeneratedRowEndsVectors.PASSES.run(tile, lanes, tile.stride);
  }

  @Override
  public void losses(RowTile tile, Lanes lanes) {
    GeneratedRowLossesVectors.PASSES.run(tile, lanes, tile.stride);
    ScalarKernels.judge(tile);
  }

  @Override
  public void scale(RowTile tile, Lanes lanes) {
    VectorTile.scale(tile);
  }

  @Override
  public void smoothing(float[] x, int at, int n, float[] w, int wAt, SoftmaxRow row, Lanes lanes) {
    if (row.inOrder) {
      scalar.smoothing(x, at, n, w, wAt, row, lanes);
      return;
    }
    row.mass = w == null ? ScalarMath.pair(n, 0f) : sum(w, wAt, n, lanes);
    int whole = whole(n);
    VectorProbabilities v = new VectorProbabilities();
    v.x = x;
    v.at = at;
    v.w = w;
    v.wAt = wAt;
    v.from = ScalarKernels.from(row);
    Lanes distances = lanes.strip().lanes;
    distances.clear(n, false);
    VectorProbabilities.SUMS.run(v, lanes, whole);
    ScalarKernels.smoothing(x, at, whole, n, w, wAt, row, distances);
    row.distance = total(distances);
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
    int whole = whole(n);
    VectorProbabilities v = new VectorProbabilities();
    v.x = x;
    v.at = at;
    v.q = q;
    v.qAt = qAt;
    v.w = w;
    v.wAt = wAt;
    v.smoothing = smoothing;
    v.from = ScalarKernels.from(row);
    Lanes distances = lanes.strip().lanes;
    lanes.clear(n, false);
    distances.clear(n, false);
    VectorProbabilities.SUMS.run(v, lanes, whole);
    ScalarKernels.mass(whole, n, q, qAt, w, wAt, smoothing, lanes);
    ScalarKernels.distance(x, at, whole, n, q, qAt, w, wAt, smoothing, v.from, distances);
    row.mass = total(lanes);
    row.distance = total(distances);
  }

  @Override
  public void scale(float[] g, int at, int n, float coefficient) {
    int whole = whole(n);
    scaleWhole(g, at, whole, coefficient);
    scalar.scale(g, at + whole, n - whole, coefficient);
  }

  /** {@link #scale} of whole vectors. */
  static void scaleWhole(float[] g, int at, int n, float coefficient) {
    FloatVector c = FloatVector.broadcast(SPECIES, coefficient);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, g, at + i).mul(c);
      v.blend(NAN, v.compare(NE, v)).intoArray(g, at + i);
    }
  }

  @Override
  public void scaleSmoothing(
      float[] g, int at, int n, float coefficient, float spread, float[] w, int wAt) {
    int whole = whole(n);
    FloatVector c = FloatVector.broadcast(SPECIES, coefficient);
    FloatVector minus = FloatVector.broadcast(SPECIES, -spread);
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector b = w == null ? minus : minus.mul(fromArray(SPECIES, w, wAt + i));
      FloatVector v = fromArray(SPECIES, g, at + i).fma(c, b);
      v.blend(NAN, v.compare(NE, v)).intoArray(g, at + i);
    }
    scalar.scaleSmoothing(g, at + whole, n - whole, coefficient, spread, w, wAt + whole);
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
    int whole = whole(n);
    VectorProbabilities v = new VectorProbabilities();
    v.x = g;
    v.at = at;
    v.q = q;
    v.qAt = qAt;
    v.w = w;
    v.wAt = wAt;
    v.smoothing = smoothing;
    v.coefficient = coefficient;
    v.top = top;
    v.likely = likely;
    v.scale = scale;
    VectorProbabilities.GRADIENT.run(v, lanes, whole);
    scalar.scaleProbabilities(
        g,
        at + whole,
        n - whole,
        coefficient,
        top,
        likely,
        scale,
        q,
        qAt + whole,
        w,
        wAt + whole,
        smoothing,
        lanes);
  }

  @Override
  public void logSoftmax(float[] x, int at, int n, float[] out, int outAt, float max, long log) {
    int whole = whole(n);
    FloatVector minusMax = FloatVector.broadcast(SPECIES, -max);
    FloatVector minusLog = FloatVector.broadcast(SPECIES, -hi(log));
    FloatVector logLo = FloatVector.broadcast(SPECIES, lo(log));
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, x, at + i);
      FloatVector d = v.add(minusMax);
      FloatVector z = d.sub(v);
      FloatVector dLo = v.sub(d.sub(z)).add(minusMax.sub(z)).sub(logLo);
      FloatVector s = d.add(minusLog);
      FloatVector y = s.sub(d);
      FloatVector exact = s.add(d.sub(s.sub(y)).add(minusLog.sub(y)).add(dLo));
      // Where s is infinite, or the way to its error overflows, exact is NaN.
      FloatVector r = s.blend(exact, exact.abs().compare(LT, INFINITY));
      r.blend(NAN, r.compare(NE, r)).intoArray(out, outAt + i);
    }
    scalar.logSoftmax(x, at + whole, n - whole, out, outAt + whole, max, log);
  }
}
