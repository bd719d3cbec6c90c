package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.VectorMath.INFINITY;
import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.NAN;
import static io.github.fusedloss.cpu.VectorMath.ONE;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static io.github.fusedloss.cpu.VectorMath.ZERO;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/** The softmax of {@link VectorKernels}: blocks of a row, and tiles of rows. */
final class VectorSoftmax {
  private VectorSoftmax() {}

  private static final FloatVector ROUND_TO_INT = broadcast(SPECIES, ScalarMath.ROUND_TO_INT);
  private static final FloatVector MAGIC = broadcast(SPECIES, SoftmaxRow.MAGIC);

  static void softmax(float[] x, int at, int n, float[] e, int eAt, SoftmaxRow row, Lanes lanes) {
    int whole = n & -LENGTH;
    float max = max(x, at, whole);
    for (int i = whole; i < n; i++) {
      max = x[at + i] > max ? x[at + i] : max;
    }
    row.reference(max + 0f);
    lanes.clear(n, false);
    int ties = 0;
    for (int i = 0; i < whole; i += Strip.LENGTH) {
      int m = Math.min(Strip.LENGTH, whole - i);
      float[] to = e == null ? lanes.strip().e : e;
      int toAt = e == null ? 0 : eAt + i;
      exponentials(x, at + i, m, to, toAt, row);
      ties += rest(x, at + i, m, to, toAt, row.max, lanes, Blocks.lane(i));
    }
    row.ties = ties + ScalarKernels.softmax(x, at, whole, n, e, eAt, row, lanes);
    row.rest = VectorKernels.total(lanes);
  }

  /** The largest value that is not NaN. */
  private static float max(float[] x, int at, int n) {
    FloatVector a = broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int i = 0;
    for (; i <= n - 4 * LENGTH; i += 4 * LENGTH) {
      FloatVector v = fromArray(SPECIES, x, at + i);
      FloatVector w = fromArray(SPECIES, x, at + i + LENGTH);
      FloatVector y = fromArray(SPECIES, x, at + i + 2 * LENGTH);
      FloatVector z = fromArray(SPECIES, x, at + i + 3 * LENGTH);
      a = a.blend(v, v.compare(GT, a));
      b = b.blend(w, w.compare(GT, b));
      c = c.blend(y, y.compare(GT, c));
      d = d.blend(z, z.compare(GT, d));
    }
    for (; i < n; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, x, at + i);
      a = a.blend(v, v.compare(GT, a));
    }
    return a.max(b).max(c.max(d)).reduceLanes(MAX);
  }

  private static void exponentials(float[] x, int at, int n, float[] e, int eAt, SoftmaxRow row) {
    FloatVector magic = broadcast(SPECIES, row.magic);
    FloatVector shift = broadcast(SPECIES, row.shift);
    FloatVector cut = broadcast(SPECIES, row.cut);
    FloatVector zero = broadcast(SPECIES, 0f);
    FloatVector one = broadcast(SPECIES, 1f);
    FloatVector log2e = broadcast(SPECIES, ScalarMath.LOG2E);
    FloatVector minusLn2Hi = broadcast(SPECIES, -ScalarMath.LN2_HI);
    FloatVector minusLn2Lo = broadcast(SPECIES, -ScalarMath.LN2_LO);
    FloatVector exp2 = broadcast(SPECIES, ScalarMath.EXP_2);
    FloatVector exp3 = broadcast(SPECIES, ScalarMath.EXP_3);
    FloatVector exp4 = broadcast(SPECIES, ScalarMath.EXP_4);
    FloatVector exp5 = broadcast(SPECIES, ScalarMath.EXP_5);
    FloatVector exp6 = broadcast(SPECIES, ScalarMath.EXP_6);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, x, at + i);
      FloatVector d = v.sub(shift);
      FloatVector kf = d.fma(log2e, magic);
      FloatVector k = kf.sub(magic);
      FloatVector r = k.fma(minusLn2Lo, k.fma(minusLn2Hi, d));
      FloatVector q = exp6.fma(r, exp5).fma(r, exp4).fma(r, exp3).fma(r, exp2);
      FloatVector power = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector term = r.mul(r).fma(q, r).add(one).mul(power);
      term.blend(zero, v.compare(LT, cut)).intoArray(e, eAt + i);
    }
  }

  /** Adds all but the maximum to the lanes from this one on; how many are ties. */
  private static int rest(
      float[] x, int at, int n, float[] e, int eAt, float most, Lanes lanes, int lane) {
    float[] sumHi = lanes.hi;
    float[] sumLo = lanes.lo;
    FloatVector max = broadcast(SPECIES, most);
    FloatVector zero = broadcast(SPECIES, 0f);
    int ties = 0;
    for (int first = 0; first < Blocks.LANES; first += LENGTH) {
      FloatVector sum = fromArray(SPECIES, sumHi, lane + first);
      FloatVector lo = fromArray(SPECIES, sumLo, lane + first);
      for (int i = first; i < n; i += Blocks.LANES) {
        VectorMask<Float> tie = fromArray(SPECIES, x, at + i).compare(EQ, max);
        ties += tie.trueCount();
        FloatVector term = fromArray(SPECIES, e, eAt + i).blend(zero, tie);
        FloatVector more = sum.add(term);
        FloatVector z = more.sub(sum);
        lo = lo.add(sum.sub(more.sub(z)).add(term.sub(z)));
        sum = more;
      }
      sum.intoArray(sumHi, lane + first);
      lo.intoArray(sumLo, lane + first);
    }
    return ties;
  }

  // ---- tiles: what follows once a row is SoftmaxRow.finish

  static final VectorPasses<RowTile> TILE =
      new VectorPasses<>(
          VectorSoftmax::references,
          VectorSoftmax::exponentials,
          VectorSoftmax::rest,
          VectorSoftmax::top,
          VectorSoftmax::inverse,
          VectorSoftmax::ratio,
          VectorSoftmax::others,
          VectorSoftmax::total,
          VectorSoftmax::reduced,
          VectorSoftmax::logs);

  /** The maximum of each row, and the reference that follows: {@link SoftmaxRow#reference}. */
  private static void references(RowTile tile, Lanes lanes, int start, int n) {
    float[] x = tile.x;
    int end = tile.classes * RowTile.ROWS;
    FloatVector log2e = broadcast(SPECIES, ScalarMath.LOG2E);
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector max = broadcast(SPECIES, Float.NEGATIVE_INFINITY);
      for (int i = t; i < end; i += RowTile.ROWS) {
        FloatVector v = fromArray(SPECIES, x, i);
        max = max.blend(v, v.compare(GT, max));
      }
      max = max.add(ZERO);
      FloatVector size = max.abs();
      VectorMask<Float> finite = size.compare(LT, INFINITY);
      FloatVector shift = ZERO.blend(max, finite.and(size.compare(GT, SoftmaxRow.SHIFT_ABOVE)));
      FloatVector k = max.sub(shift).fma(log2e, ROUND_TO_INT).sub(ROUND_TO_INT);
      max.intoArray(tile.max, t);
      shift.intoArray(tile.shift, t);
      MAGIC.sub(ZERO.blend(k, finite)).intoArray(tile.magic, t);
      VectorMask<Float> some = max.compare(GT, Float.NEGATIVE_INFINITY);
      INFINITY.blend(max.sub(SoftmaxRow.CUT), some).intoArray(tile.cut, t);
    }
  }

  private static void exponentials(RowTile tile, Lanes lanes, int start, int n) {
    float[] x = tile.x;
    float[] e = tile.e;
    int end = tile.classes * RowTile.ROWS;
    FloatVector zero = broadcast(SPECIES, 0f);
    FloatVector one = broadcast(SPECIES, 1f);
    FloatVector log2e = broadcast(SPECIES, ScalarMath.LOG2E);
    FloatVector minusLn2Hi = broadcast(SPECIES, -ScalarMath.LN2_HI);
    FloatVector minusLn2Lo = broadcast(SPECIES, -ScalarMath.LN2_LO);
    FloatVector exp2 = broadcast(SPECIES, ScalarMath.EXP_2);
    FloatVector exp3 = broadcast(SPECIES, ScalarMath.EXP_3);
    FloatVector exp4 = broadcast(SPECIES, ScalarMath.EXP_4);
    FloatVector exp5 = broadcast(SPECIES, ScalarMath.EXP_5);
    FloatVector exp6 = broadcast(SPECIES, ScalarMath.EXP_6);
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector shift = fromArray(SPECIES, tile.shift, t);
      FloatVector magic = fromArray(SPECIES, tile.magic, t);
      FloatVector cut = fromArray(SPECIES, tile.cut, t);
      for (int i = t; i < end; i += RowTile.ROWS) {
        FloatVector v = fromArray(SPECIES, x, i);
        FloatVector d = v.sub(shift);
        FloatVector kf = d.fma(log2e, magic);
        FloatVector k = kf.sub(magic);
        FloatVector r = k.fma(minusLn2Lo, k.fma(minusLn2Hi, d));
        FloatVector q = exp6.fma(r, exp5).fma(r, exp4).fma(r, exp3).fma(r, exp2);
        FloatVector power = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
        FloatVector term = r.mul(r).fma(q, r).add(one).mul(power);
        term.blend(zero, v.compare(LT, cut)).intoArray(e, i);
      }
    }
  }

  private static void rest(RowTile tile, Lanes lanes, int start, int n) {
    float[] x = tile.x;
    float[] e = tile.e;
    int end = tile.classes * RowTile.ROWS;
    FloatVector zero = broadcast(SPECIES, 0f);
    FloatVector one = broadcast(SPECIES, 1f);
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector max = fromArray(SPECIES, tile.max, t);
      FloatVector ties = broadcast(SPECIES, 0f);
      FloatVector sum = broadcast(SPECIES, 0f);
      FloatVector lo = broadcast(SPECIES, 0f);
      for (int i = t; i < end; i += RowTile.ROWS) {
        VectorMask<Float> tie = fromArray(SPECIES, x, i).compare(EQ, max);
        ties = ties.add(zero.blend(one, tie));
        FloatVector term = fromArray(SPECIES, e, i).blend(zero, tie);
        FloatVector more = sum.add(term);
        FloatVector z = more.sub(sum);
        lo = lo.add(sum.sub(more.sub(z)).add(term.sub(z)));
        sum = more;
      }
      ties.intoArray(tile.ties, t);
      VectorMask<Float> finite = sum.abs().compare(LT, INFINITY);
      FloatVector s = sum.add(lo);
      sum.blend(s, finite).intoArray(tile.restHi, t);
      ZERO.blend(lo.sub(s.sub(sum)), finite).intoArray(tile.restLo, t);
    }
  }

  /** The maximum's own term, left as total. */
  private static void top(RowTile tile, Lanes lanes, int start, int n) {
    FloatVector exp2 = broadcast(SPECIES, ScalarMath.EXP_2);
    FloatVector exp3 = broadcast(SPECIES, ScalarMath.EXP_3);
    FloatVector exp4 = broadcast(SPECIES, ScalarMath.EXP_4);
    FloatVector exp5 = broadcast(SPECIES, ScalarMath.EXP_5);
    FloatVector exp6 = broadcast(SPECIES, ScalarMath.EXP_6);
    FloatVector minusLn2Hi = broadcast(SPECIES, -ScalarMath.LN2_HI);
    FloatVector minusLn2Lo = broadcast(SPECIES, -ScalarMath.LN2_LO);
    FloatVector scale = broadcast(SPECIES, 0x1p32f);
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector max = fromArray(SPECIES, tile.max, t);
      FloatVector k = MAGIC.sub(fromArray(SPECIES, tile.magic, t));
      FloatVector d = max.sub(fromArray(SPECIES, tile.shift, t));
      FloatVector reduced = ZERO.blend(d, max.abs().compare(LT, INFINITY));
      FloatVector r = k.fma(minusLn2Hi, reduced);
      FloatVector tail = exp6.fma(r, exp5).fma(r, exp4).fma(r, exp3).fma(r, exp2);
      FloatVector p = r.mul(r).fma(tail, r);
      FloatVector h = ONE.add(p);
      h.mul(scale).intoArray(tile.totalHi, t);
      FloatVector lo = k.mul(minusLn2Lo).fma(h, ONE.sub(h).add(p));
      lo.mul(scale).intoArray(tile.totalLo, t);
    }
  }

  /** The reciprocal of the top's high half, left as f. */
  private static void inverse(RowTile tile, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    FloatVector unscale = broadcast(SPECIES, 0x1p-32f);
    FloatVector reciprocal0 = broadcast(SPECIES, ScalarMath.RECIPROCAL_0);
    FloatVector reciprocal1 = broadcast(SPECIES, ScalarMath.RECIPROCAL_1);
    FloatVector reciprocal2 = broadcast(SPECIES, ScalarMath.RECIPROCAL_2);
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector h = fromArray(SPECIES, tile.totalHi, t).mul(unscale);
      VectorMask<Float> below = h.compare(LT, ONE);
      FloatVector y = h.blend(h.add(h), below);
      FloatVector r = y.fma(reciprocal2, reciprocal1).fma(y, reciprocal0);
      FloatVector minus = y.neg();
      r = r.fma(minus.fma(r, ONE), r);
      r = r.fma(minus.fma(r, ONE), r);
      r.blend(r.add(r), below).mul(unscale).intoArray(s.f, t);
    }
  }

  /** The others over the top, left as log. */
  private static void ratio(RowTile tile, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector restHi = fromArray(SPECIES, tile.restHi, t);
      FloatVector restLo = fromArray(SPECIES, tile.restLo, t);
      FloatVector inverse = fromArray(SPECIES, s.f, t);
      FloatVector q = restHi.mul(inverse);
      FloatVector minus = q.neg();
      FloatVector rest = minus.fma(fromArray(SPECIES, tile.totalHi, t), restHi);
      rest = rest.add(minus.fma(fromArray(SPECIES, tile.totalLo, t), restLo)).mul(inverse);
      FloatVector b = q.add(rest);
      FloatVector bLo = rest.sub(b.sub(q));
      FloatVector more = fromArray(SPECIES, tile.ties, t).sub(ONE);
      FloatVector sum = more.add(b);
      FloatVector z = sum.sub(more);
      FloatVector sLo = more.sub(sum.sub(z)).add(b.sub(z)).add(bLo);
      FloatVector u = sum.add(sLo);
      u.intoArray(tile.logHi, t);
      sLo.sub(u.sub(sum)).intoArray(tile.logLo, t);
    }
  }

  /** That times the top. */
  private static void others(RowTile tile, Lanes lanes, int start, int n) {
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector topHi = fromArray(SPECIES, tile.totalHi, t);
      FloatVector topLo = fromArray(SPECIES, tile.totalLo, t);
      FloatVector u = fromArray(SPECIES, tile.logHi, t);
      FloatVector uLo = fromArray(SPECIES, tile.logLo, t);
      FloatVector product = topHi.mul(u);
      FloatVector error = topHi.fma(u, product.neg()).add(topHi.fma(uLo, topLo.mul(u)));
      VectorMask<Float> finite = product.abs().compare(LT, INFINITY);
      FloatVector s = product.add(error);
      product.blend(s, finite).intoArray(tile.othersHi, t);
      ZERO.blend(error.sub(s.sub(product)), finite).intoArray(tile.othersLo, t);
    }
  }

  /** That plus one, which is left as f, times the top. */
  private static void total(RowTile tile, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector topHi = fromArray(SPECIES, tile.totalHi, t);
      FloatVector topLo = fromArray(SPECIES, tile.totalLo, t);
      FloatVector u = fromArray(SPECIES, tile.logHi, t);
      FloatVector sum = ONE.add(u);
      FloatVector z = sum.sub(ONE);
      FloatVector sLo = ONE.sub(sum.sub(z)).add(u.sub(z)).add(fromArray(SPECIES, tile.logLo, t));
      FloatVector y = sum.add(sLo);
      FloatVector yLo = sLo.sub(y.sub(sum));
      y.intoArray(s.f, t);
      yLo.intoArray(s.fLo, t);
      FloatVector product = topHi.mul(y);
      FloatVector error = topHi.fma(y, product.neg()).add(topHi.fma(yLo, topLo.mul(y)));
      VectorMask<Float> finite = product.abs().compare(LT, INFINITY);
      sum = product.add(error);
      product.blend(sum, finite).intoArray(tile.totalHi, t);
      ZERO.blend(error.sub(sum.sub(product)), finite).intoArray(tile.totalLo, t);
    }
  }

  /** f to 2^k (1 + f), as in {@link ScalarMath#log1pPair}. */
  private static void reduced(RowTile tile, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector u = fromArray(SPECIES, tile.logHi, t);
      FloatVector uLo = fromArray(SPECIES, tile.logLo, t);
      IntVector bits = fromArray(SPECIES, s.f, t).reinterpretAsInts();
      IntVector exponent = bits.sub(0x3f2aaaab).lanewise(ASHR, 23);
      IntVector shift = exponent.lanewise(LSHL, 23);
      FloatVector k = (FloatVector) exponent.convert(I2F, 0);
      VectorMask<Float> zero = k.compare(EQ, ZERO);
      FloatVector scale = ONE.reinterpretAsInts().sub(shift).reinterpretAsFloats();
      k.intoArray(s.kf, t);
      bits.sub(shift).reinterpretAsFloats().sub(ONE).blend(u, zero).intoArray(s.f, t);
      fromArray(SPECIES, s.fLo, t).mul(scale).blend(uLo, zero).intoArray(s.fLo, t);
    }
    VectorMath.logTails(s.f, s.g, n);
  }

  private static void logs(RowTile tile, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    VectorMath.logs(s.f, s.fLo, s.kf, s.g, tile.logHi, tile.logLo, n);
  }

  /** {@link BlockKernels#scale(RowTile, Lanes)}. */
  static void scale(RowTile tile) {
    float[] e = tile.e;
    int end = tile.classes * RowTile.ROWS;
    for (int t = 0; t < RowTile.ROWS; t += LENGTH) {
      FloatVector coefficient = fromArray(SPECIES, tile.coefficient, t);
      for (int i = t; i < end; i += RowTile.ROWS) {
        FloatVector v = fromArray(SPECIES, e, i).mul(coefficient);
        v.blend(NAN, v.compare(NE, v)).intoArray(e, i);
      }
    }
  }
}
