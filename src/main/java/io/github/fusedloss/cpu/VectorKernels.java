package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.EXP_2;
import static io.github.fusedloss.cpu.VectorMath.EXP_3;
import static io.github.fusedloss.cpu.VectorMath.EXP_4;
import static io.github.fusedloss.cpu.VectorMath.EXP_5;
import static io.github.fusedloss.cpu.VectorMath.EXP_6;
import static io.github.fusedloss.cpu.VectorMath.EXP_MINUS_MAGIC;
import static io.github.fusedloss.cpu.VectorMath.EXP_MINUS_MOST;
import static io.github.fusedloss.cpu.VectorMath.EXP_MINUS_UNSCALE;
import static io.github.fusedloss.cpu.VectorMath.INFINITY;
import static io.github.fusedloss.cpu.VectorMath.INTS;
import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.LN2_HI;
import static io.github.fusedloss.cpu.VectorMath.LN2_LO;
import static io.github.fusedloss.cpu.VectorMath.MINUS_LOG2E;
import static io.github.fusedloss.cpu.VectorMath.NAN;
import static io.github.fusedloss.cpu.VectorMath.ONE;
import static io.github.fusedloss.cpu.VectorMath.RECIPROCAL_0;
import static io.github.fusedloss.cpu.VectorMath.RECIPROCAL_1;
import static io.github.fusedloss.cpu.VectorMath.RECIPROCAL_2;
import static io.github.fusedloss.cpu.VectorMath.SHORTS;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static io.github.fusedloss.cpu.VectorMath.ZERO;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.S2I;
import static jdk.incubator.vector.VectorOperators.XOR;

import io.github.fusedloss.backend.ElementType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;

/**
 * The block kernels with the Vector API, bit for bit {@link ScalarKernels}.
 *
 * <p>A vector of terms goes to adjacent lanes of a sum, so the running sums are a vector too. What
 * is left over behind the last whole vector, and sums in order, go to the scalar code.
 *
 * <p>Values never leave the registers, under one rule: no method takes or returns a vector but the
 * Vector API's own, which HotSpot always inlines. Any other it leaves a call where the compilation
 * has had 18,000 nodes (some fifty vector operations), or where what the JVM has run so far did not
 * come by, and every vector that passes is allocated, for as long as the process lives.
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
    if (type == ElementType.BFLOAT16) {
      for (int i = 0; i < whole; i += LENGTH) {
        ShortVector half = ShortVector.fromArray(SHORTS, from, at + i);
        IntVector bits = (IntVector) half.convertShape(S2I, INTS, 0);
        bits.lanewise(LSHL, 16).reinterpretAsFloats().intoArray(to, toAt + i);
      }
    } else {
      for (int i = 0; i < whole; i += LENGTH) {
        ShortVector half = ShortVector.fromArray(SHORTS, from, at + i);
        IntVector bits = (IntVector) half.convertShape(S2I, INTS, 0);
        IntVector m = bits.and(0x7fff).lanewise(LSHL, 13);
        IntVector finite = m.reinterpretAsFloats().mul(0x1p112f).reinterpretAsInts();
        IntVector value = m.or(0x7f800000).blend(finite, m.compare(LT, 0x7c00 << 13));
        // The sign was extended to 32 bits.
        value = value.or(bits.and(Integer.MIN_VALUE));
        value.reinterpretAsFloats().intoArray(to, toAt + i);
      }
    }
    scalar.decode(type, from, at + whole, n - whole, to, toAt + whole);
  }

  @Override
  public void encode(ElementType type, float[] from, int at, int n, short[] to, int toAt) {
    int whole = whole(n);
    if (type == ElementType.BFLOAT16) {
      IntVector nan = IntVector.broadcast(INTS, 0x7fc0);
      for (int i = 0; i < whole; i += LENGTH) {
        IntVector bits = fromArray(SPECIES, from, at + i).reinterpretAsInts();
        IntVector odd = bits.lanewise(LSHR, 16).and(1);
        IntVector rounded = bits.add(odd).add(0x7fff).lanewise(LSHR, 16);
        VectorMask<Integer> number = bits.and(Integer.MAX_VALUE).compare(LE, 0x7f800000);
        ShortVector half = (ShortVector) nan.blend(rounded, number).convertShape(I2S, SHORTS, 0);
        half.intoArray(to, toAt + i);
      }
    } else {
      IntVector nan = IntVector.broadcast(INTS, 0x7e00);
      for (int i = 0; i < whole; i += LENGTH) {
        IntVector bits = fromArray(SPECIES, from, at + i).reinterpretAsInts();
        IntVector m = bits.and(Integer.MAX_VALUE);
        IntVector odd = m.lanewise(LSHR, 13).and(1);
        IntVector rounded = m.add(odd).add(0xfff - 0x38000000).lanewise(LSHR, 13);
        IntVector small = m.reinterpretAsFloats().add(0.5f).reinterpretAsInts().sub(0x3f000000);
        rounded = rounded.blend(small, m.compare(LT, 0x38800000));
        rounded = rounded.blend(0x7c00, m.compare(GE, 0x47800000));
        rounded = rounded.or(bits.lanewise(LSHR, 16).and(0x8000));
        rounded = nan.blend(rounded, m.compare(LE, 0x7f800000));
        ((ShortVector) rounded.convertShape(I2S, SHORTS, 0)).intoArray(to, toAt + i);
      }
    }
    scalar.encode(type, from, at + whole, n - whole, to, toAt + whole);
  }

  @Override
  public long bceWithLogits(BceBlock b, Lanes lanes) {
    lanes.clear(b.n, false);
    int whole = whole(b.n);
    VectorBceWithLogits.run(b, whole, lanes);
    ScalarKernels.bceWithLogits(b, whole, lanes);
    long total = total(lanes);
    // An infinite or NaN loss shows in the sum; what it is the scalar code judges.
    return Math.abs(hi(total)) < INF ? total : scalar.bceWithLogits(b, lanes);
  }

  @Override
  public long bce(BceBlock b, Lanes lanes) {
    lanes.clear(b.n, false);
    int whole = whole(b.n);
    VectorBce.losses(b, whole, lanes);
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
  public void sigmoid(float[] x, int at, int n, float[] out, int outAt) {
    int whole = whole(n);
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, x, at + i);

      // ScalarMath.expMinus
      FloatVector a = v.abs();
      a = a.blend(EXP_MINUS_MOST, a.compare(GT, EXP_MINUS_MOST));
      FloatVector kf = a.fma(MINUS_LOG2E, EXP_MINUS_MAGIC);
      FloatVector minusK = EXP_MINUS_MAGIC.sub(kf);
      FloatVector power = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      power = power.mul(EXP_MINUS_UNSCALE);
      FloatVector r = minusK.fma(LN2_LO, minusK.fma(LN2_HI, a.neg()));
      FloatVector series = EXP_6.fma(r, EXP_5).fma(r, EXP_4).fma(r, EXP_3).fma(r, EXP_2);
      FloatVector p = r.mul(r).fma(series, r);
      FloatVector e = p.fma(power, power);
      FloatVector eLo = p.fma(power, power.sub(e));

      FloatVector y = e.add(ONE);
      FloatVector minus = y.neg();
      r = y.fma(RECIPROCAL_2, RECIPROCAL_1).fma(y, RECIPROCAL_0);
      r = r.fma(minus.fma(r, ONE), r);
      r = r.fma(minus.fma(r, ONE), r);
      FloatVector yLo = ONE.sub(y).add(e).add(eLo);
      r = r.fma(yLo.neg().fma(r, minus.fma(r, ONE)), r);
      FloatVector m = e.add(eLo).mul(r);
      minus = m.neg();
      FloatVector rest = minus.fma(y, e).add(minus.fma(yLo, eLo));
      m = rest.fma(r, m).blend(r, v.compare(GE, ZERO));
      m.blend(NAN, m.compare(NE, m)).intoArray(out, outAt + i);
    }
    scalar.sigmoid(x, at + whole, n - whole, out, outAt + whole);
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
      max = max.max(bits.lanewise(ASHR, 31).and(Integer.MAX_VALUE).lanewise(XOR, bits));
      magnitude = magnitude.max(bits.and(Integer.MAX_VALUE));
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
  public void softmax(RowTile tile) {
    VectorSoftmax.softmax(tile);
  }

  @Override
  public void losses(RowTile tile) {
    for (int t = 0; t < RowTile.ROWS; t += LENGTH) {
      VectorSoftmax.losses(tile, t);
    }
  }

  @Override
  public void coefficients(RowTile tile) {
    for (int t = 0; t < RowTile.ROWS; t += LENGTH) {
      VectorSoftmax.coefficients(tile, t);
      VectorSoftmax.atTarget(tile, t);
    }
  }

  @Override
  public void scale(RowTile tile) {
    float[] e = tile.e;
    for (int t = 0; t < RowTile.ROWS; t += LENGTH) {
      FloatVector coefficient = fromArray(SPECIES, tile.coefficient, t);
      int end = tile.classes * RowTile.ROWS;
      for (int i = t; i < end; i += RowTile.ROWS) {
        FloatVector v = fromArray(SPECIES, e, i).mul(coefficient);
        v.blend(NAN, v.compare(NE, v)).intoArray(e, i);
      }
    }
  }

  @Override
  public void smoothing(float[] x, int at, int n, float[] w, int wAt, SoftmaxRow row, Lanes lanes) {
    if (row.inOrder) {
      scalar.smoothing(x, at, n, w, wAt, row, lanes);
      return;
    }
    row.mass = w == null ? ScalarMath.pair(n, 0f) : sum(w, wAt, n, lanes);
    lanes.clear(n, false);
    int whole = whole(n);
    float[] sumHi = lanes.hi;
    float[] sumLo = lanes.lo;
    FloatVector from = FloatVector.broadcast(SPECIES, ScalarKernels.from(row));
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector minus = fromArray(SPECIES, x, at + i).neg();
      FloatVector d = from.add(minus);
      FloatVector y = d.sub(from);
      FloatVector dLo = from.sub(d.sub(y)).add(minus.sub(y));
      FloatVector p = w == null ? one : fromArray(SPECIES, w, wAt + i);
      FloatVector product = d.mul(p);
      FloatVector lo = d.fma(p, product.neg()).add(d.fma(ZERO, dLo.mul(p)));
      VectorMask<Float> none = p.compare(EQ, ZERO);
      product = product.blend(ZERO, none);
      int lane = Blocks.lane(i);
      FloatVector sum = fromArray(SPECIES, sumHi, lane);
      FloatVector more = sum.add(product);
      FloatVector z = more.sub(sum);
      FloatVector error = sum.sub(more.sub(z)).add(product.sub(z)).add(lo.blend(ZERO, none));
      fromArray(SPECIES, sumLo, lane).add(error).intoArray(sumLo, lane);
      more.intoArray(sumHi, lane);
    }
    ScalarKernels.smoothing(x, at, whole, n, w, wAt, row, lanes);
    row.distance = total(lanes);
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
    lanes.clear(n, false);
    VectorProbabilities.mass(whole, q, qAt, w, wAt, smoothing, lanes);
    ScalarKernels.mass(whole, n, q, qAt, w, wAt, smoothing, lanes);
    row.mass = total(lanes);
    lanes.clear(n, false);
    float from = ScalarKernels.from(row);
    VectorProbabilities.distance(x, at, whole, q, qAt, w, wAt, smoothing, from, lanes);
    ScalarKernels.distance(x, at, whole, n, q, qAt, w, wAt, smoothing, from, lanes);
    row.distance = total(lanes);
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
      float below,
      long mass,
      float scale,
      float[] q,
      int qAt,
      float[] w,
      int wAt,
      Smoothing smoothing) {
    int whole = whole(n);
    VectorProbabilities.scale(
        g, at, whole, coefficient, top, below, mass, scale, q, qAt, w, wAt, smoothing);
    scalar.scaleProbabilities(
        g,
        at + whole,
        n - whole,
        coefficient,
        top,
        below,
        mass,
        scale,
        q,
        qAt + whole,
        w,
        wAt + whole,
        smoothing);
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
      // Where s is infinite, its error is NaN.
      FloatVector r = s.blend(exact, s.abs().compare(LT, INFINITY));
      r.blend(NAN, r.compare(NE, r)).intoArray(out, outAt + i);
    }
    scalar.logSoftmax(x, at + whole, n - whole, out, outAt + whole, max, log);
  }
}
