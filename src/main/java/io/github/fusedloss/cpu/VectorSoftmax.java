package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.VectorMath.CORE_10;
import static io.github.fusedloss.cpu.VectorMath.CORE_3;
import static io.github.fusedloss.cpu.VectorMath.CORE_4;
import static io.github.fusedloss.cpu.VectorMath.CORE_5;
import static io.github.fusedloss.cpu.VectorMath.CORE_6;
import static io.github.fusedloss.cpu.VectorMath.CORE_7;
import static io.github.fusedloss.cpu.VectorMath.CORE_8;
import static io.github.fusedloss.cpu.VectorMath.CORE_9;
import static io.github.fusedloss.cpu.VectorMath.EXP_2;
import static io.github.fusedloss.cpu.VectorMath.EXP_3;
import static io.github.fusedloss.cpu.VectorMath.EXP_4;
import static io.github.fusedloss.cpu.VectorMath.EXP_5;
import static io.github.fusedloss.cpu.VectorMath.EXP_6;
import static io.github.fusedloss.cpu.VectorMath.INFINITY;
import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.LN2_HI;
import static io.github.fusedloss.cpu.VectorMath.LN2_LO;
import static io.github.fusedloss.cpu.VectorMath.LOG2E;
import static io.github.fusedloss.cpu.VectorMath.MINUS_LN2_HI;
import static io.github.fusedloss.cpu.VectorMath.MINUS_LN2_LO;
import static io.github.fusedloss.cpu.VectorMath.NAN;
import static io.github.fusedloss.cpu.VectorMath.ONE;
import static io.github.fusedloss.cpu.VectorMath.RECIPROCAL_0;
import static io.github.fusedloss.cpu.VectorMath.RECIPROCAL_1;
import static io.github.fusedloss.cpu.VectorMath.RECIPROCAL_2;
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

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * The softmax of {@link VectorKernels}: blocks of a row, and tiles of rows.
 *
 * <p>In passes, each short: HotSpot keeps what a short loop needs in registers, works at several
 * turns of it at once, and compiles it alone. Constants are broadcast where they are used, for the
 * same reason: one in a field is loaded again in every turn.
 */
final class VectorSoftmax {
  private static final FloatVector ROUND_TO_INT = broadcast(SPECIES, ScalarMath.ROUND_TO_INT);
  private static final FloatVector MAGIC = broadcast(SPECIES, SoftmaxRow.MAGIC);

  private VectorSoftmax() {}

  static void softmax(float[] x, int at, int n, float[] e, int eAt, SoftmaxRow row, Lanes lanes) {
    int whole = n & -LENGTH;
    float max = max(x, at, whole);
    for (int i = whole; i < n; i++) {
      max = x[at + i] > max ? x[at + i] : max;
    }
    row.reference(max + 0f);
    lanes.clear(n, false);
    int ties = 0;
    for (int i = 0; i < whole; i += Blocks.STRIPE) {
      int m = Math.min(Blocks.STRIPE, whole - i);
      exponentials(x, at + i, m, e, eAt + i, row);
      ties += rest(x, at + i, m, e, eAt + i, row.max, lanes, Blocks.lane(i));
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

  /** The sum of a stripe without the maximum, in the lanes from this one on; how many are ties. */
  private static int rest(
      float[] x, int at, int n, float[] e, int eAt, float most, Lanes lanes, int lane) {
    float[] sumHi = lanes.hi;
    float[] sumLo = lanes.lo;
    FloatVector max = broadcast(SPECIES, most);
    FloatVector zero = broadcast(SPECIES, 0f);
    int ties = 0;
    for (int first = 0; first < Blocks.LANES; first += LENGTH) {
      FloatVector sum = broadcast(SPECIES, 0f);
      FloatVector lo = broadcast(SPECIES, 0f);
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

  static void softmax(RowTile tile) {
    for (int t = 0; t < RowTile.ROWS; t += LENGTH) {
      references(tile, t);
      exponentials(tile, t);
      rest(tile, t);
      others(tile, t);
      times(tile, t);
      log(tile, t);
    }
  }

  /** The maximum of each row, and the reference that follows: {@link SoftmaxRow#reference}. */
  private static void references(RowTile tile, int t) {
    float[] x = tile.x;
    FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    int end = tile.classes * RowTile.ROWS;
    for (int i = t; i < end; i += RowTile.ROWS) {
      FloatVector v = fromArray(SPECIES, x, i);
      max = max.blend(v, v.compare(GT, max));
    }
    max = max.add(ZERO);
    FloatVector size = max.abs();
    VectorMask<Float> finite = size.compare(LT, INFINITY);
    FloatVector shift = ZERO.blend(max, finite.and(size.compare(GT, SoftmaxRow.SHIFT_ABOVE)));
    FloatVector k = max.sub(shift).fma(LOG2E, ROUND_TO_INT).sub(ROUND_TO_INT);
    max.intoArray(tile.max, t);
    shift.intoArray(tile.shift, t);
    MAGIC.sub(ZERO.blend(k, finite)).intoArray(tile.magic, t);
    VectorMask<Float> some = max.compare(GT, Float.NEGATIVE_INFINITY);
    INFINITY.blend(max.sub(SoftmaxRow.CUT), some).intoArray(tile.cut, t);
  }

  private static void exponentials(RowTile tile, int t) {
    float[] x = tile.x;
    float[] e = tile.e;
    FloatVector shift = fromArray(SPECIES, tile.shift, t);
    FloatVector magic = fromArray(SPECIES, tile.magic, t);
    FloatVector cut = fromArray(SPECIES, tile.cut, t);
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
    int end = tile.classes * RowTile.ROWS;
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

  private static void rest(RowTile tile, int t) {
    float[] x = tile.x;
    float[] e = tile.e;
    FloatVector max = fromArray(SPECIES, tile.max, t);
    FloatVector zero = broadcast(SPECIES, 0f);
    FloatVector one = broadcast(SPECIES, 1f);
    FloatVector ties = broadcast(SPECIES, 0f);
    FloatVector sum = broadcast(SPECIES, 0f);
    FloatVector lo = broadcast(SPECIES, 0f);
    int end = tile.classes * RowTile.ROWS;
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

  // SoftmaxRow.finish in three steps: HotSpot's first compiler gives up on all of it at once.

  /** The maximum's own term, left as total, and the others over it, left as log. */
  private static void others(RowTile tile, int t) {
    FloatVector max = fromArray(SPECIES, tile.max, t);
    FloatVector restHi = fromArray(SPECIES, tile.restHi, t);
    FloatVector restLo = fromArray(SPECIES, tile.restLo, t);

    FloatVector k = MAGIC.sub(fromArray(SPECIES, tile.magic, t));
    FloatVector d = max.sub(fromArray(SPECIES, tile.shift, t));
    FloatVector reduced = ZERO.blend(d, max.abs().compare(LT, INFINITY));
    FloatVector r = k.fma(MINUS_LN2_HI, reduced);
    FloatVector tail = EXP_6.fma(r, EXP_5).fma(r, EXP_4).fma(r, EXP_3).fma(r, EXP_2);
    FloatVector p = r.mul(r).fma(tail, r);
    FloatVector h = ONE.add(p);
    FloatVector topHi = h.mul(0x1p32f);
    FloatVector topLo = k.mul(MINUS_LN2_LO).fma(h, ONE.sub(h).add(p)).mul(0x1p32f);
    topHi.intoArray(tile.totalHi, t);
    topLo.intoArray(tile.totalLo, t);
    VectorMask<Float> below = h.compare(LT, ONE);
    FloatVector y = h.blend(h.add(h), below);
    FloatVector inverse = y.fma(RECIPROCAL_2, RECIPROCAL_1).fma(y, RECIPROCAL_0);
    FloatVector minus = y.neg();
    inverse = inverse.fma(minus.fma(inverse, ONE), inverse);
    inverse = inverse.fma(minus.fma(inverse, ONE), inverse);
    inverse = inverse.blend(inverse.add(inverse), below).mul(0x1p-32f);
    FloatVector q = restHi.mul(inverse);
    minus = q.neg();
    FloatVector rest = minus.fma(topHi, restHi).add(minus.fma(topLo, restLo)).mul(inverse);
    FloatVector b = q.add(rest);
    FloatVector bLo = rest.sub(b.sub(q));
    FloatVector more = fromArray(SPECIES, tile.ties, t).sub(ONE);
    FloatVector s = more.add(b);
    FloatVector z = s.sub(more);
    FloatVector sLo = more.sub(s.sub(z)).add(b.sub(z)).add(bLo);
    FloatVector u = s.add(sLo);
    FloatVector uLo = sLo.sub(u.sub(s));
    u.intoArray(tile.logHi, t);
    uLo.intoArray(tile.logLo, t);
  }

  /** That pair times the others, and times one and the others. */
  private static void times(RowTile tile, int t) {
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
    s = ONE.add(u);
    FloatVector z = s.sub(ONE);
    FloatVector sLo = ONE.sub(s.sub(z)).add(u.sub(z)).add(uLo);
    FloatVector y = s.add(sLo);
    FloatVector yLo = sLo.sub(y.sub(s));
    product = topHi.mul(y);
    error = topHi.fma(y, product.neg()).add(topHi.fma(yLo, topLo.mul(y)));
    finite = product.abs().compare(LT, INFINITY);
    s = product.add(error);
    product.blend(s, finite).intoArray(tile.totalHi, t);
    ZERO.blend(error.sub(s.sub(product)), finite).intoArray(tile.totalLo, t);
  }

  /** {@link ScalarMath#log1pPair} of the pairs where the logarithms go. */
  private static void log(RowTile tile, int t) {
    FloatVector u = fromArray(SPECIES, tile.logHi, t);
    FloatVector uLo = fromArray(SPECIES, tile.logLo, t);
    FloatVector s = ONE.add(u);
    FloatVector z = s.sub(ONE);
    FloatVector sLo = ONE.sub(s.sub(z)).add(u.sub(z)).add(uLo);
    FloatVector y = s.add(sLo);
    FloatVector yLo = sLo.sub(y.sub(s));
    IntVector bits = y.reinterpretAsInts();
    IntVector exponent = bits.sub(0x3f2aaaab).lanewise(ASHR, 23);
    IntVector shift = exponent.lanewise(LSHL, 23);
    FloatVector k = exponent.convert(I2F, 0).reinterpretAsFloats();
    VectorMask<Float> zero = k.compare(EQ, ZERO);
    FloatVector scale = ONE.reinterpretAsInts().sub(shift).reinterpretAsFloats();
    FloatVector f = bits.sub(shift).reinterpretAsFloats().sub(ONE).blend(u, zero);
    FloatVector fLo = yLo.mul(scale).blend(uLo, zero);

    // ScalarMath.logCore
    FloatVector h = f.mul(f);
    FloatVector hLo = f.fma(f, h.neg());
    FloatVector base = k.mul(LN2_HI);
    FloatVector baseLo = k.fma(LN2_LO, k.fma(LN2_HI, base.neg()));
    FloatVector a = base.add(f);
    FloatVector aLo = f.sub(a.sub(base));
    FloatVector half = h.mul(-0.5f);
    FloatVector b = a.add(half);
    FloatVector bLo = half.sub(b.sub(a));
    FloatVector g = ONE.sub(f);
    g = h.fma(g, g);
    FloatVector p =
        CORE_10.fma(f, CORE_9).fma(f, CORE_8).fma(f, CORE_7).fma(f, CORE_6).fma(f, CORE_5);
    p = p.fma(f, CORE_4).fma(f, CORE_3);
    FloatVector lo = h.mul(f).fma(p, hLo.mul(-0.5f)).add(aLo.add(bLo));
    FloatVector rest = fLo.fma(g, lo.add(baseLo));
    FloatVector log = b.add(rest);
    log.intoArray(tile.logHi, t);
    rest.sub(log.sub(b)).intoArray(tile.logLo, t);
  }

  static void losses(RowTile tile, int t) {
    FloatVector max = fromArray(SPECIES, tile.max, t);
    FloatVector log = fromArray(SPECIES, tile.logHi, t);
    FloatVector minus = fromArray(SPECIES, tile.xAtTarget, t).neg();
    FloatVector infinity = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    FloatVector zero = broadcast(SPECIES, 0f);
    FloatVector nan = broadcast(SPECIES, Float.NaN);

    FloatVector s = max.add(minus);
    FloatVector z = s.sub(max);
    FloatVector lo = max.sub(s.sub(z)).add(minus.sub(z));
    VectorMask<Float> finite = s.abs().compare(LT, infinity);
    FloatVector sum = s.add(lo);
    FloatVector gap = s.blend(sum, finite);
    FloatVector gapLo = zero.blend(lo.sub(sum.sub(s)), finite);

    s = gap.add(log);
    z = s.sub(gap);
    lo = gap.sub(s.sub(z)).add(log.sub(z));
    lo = lo.add(gapLo.add(fromArray(SPECIES, tile.logLo, t)));
    finite = s.abs().compare(LT, infinity);
    sum = s.add(lo);
    FloatVector rest = fromArray(SPECIES, tile.restHi, t);
    VectorMask<Float> defined = max.abs().compare(LT, infinity).and(rest.compare(EQ, rest));
    nan.blend(s.blend(sum, finite), defined).intoArray(tile.lossHi, t);
    zero.blend(lo.sub(sum.sub(s)), finite.and(defined)).intoArray(tile.lossLo, t);
  }

  /** {@link ScalarMath#divide} of the scales by the totals. */
  static void coefficients(RowTile tile, int t) {
    FloatVector n = fromArray(SPECIES, tile.scale, t);
    FloatVector d = fromArray(SPECIES, tile.totalHi, t);
    FloatVector infinity = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    IntVector bits = d.reinterpretAsInts();
    FloatVector m = bits.and(0x007fffff).or(0x3f800000).reinterpretAsFloats();
    FloatVector minus = m.neg();
    FloatVector r = m.fma(RECIPROCAL_2, RECIPROCAL_1).fma(m, RECIPROCAL_0);
    r = r.fma(minus.fma(r, ONE), r);
    r = r.fma(minus.fma(r, ONE), r);
    r = r.mul(bits.and(0x7f800000).neg().add(0x7f000000).reinterpretAsFloats());
    FloatVector q = n.mul(r);
    minus = q.neg();
    FloatVector corrected =
        minus.fma(fromArray(SPECIES, tile.totalLo, t), minus.fma(d, n)).fma(r, q);
    FloatVector c = q.blend(corrected, corrected.abs().compare(LT, infinity));
    c = c.blend(n.mul(infinity), d.compare(EQ, ZERO));
    c = d.blend(n.mul(ZERO), d.compare(EQ, d)).blend(c, d.compare(LT, infinity));
    FloatVector max = fromArray(SPECIES, tile.max, t);
    FloatVector rest = fromArray(SPECIES, tile.restHi, t);
    VectorMask<Float> defined = max.abs().compare(LT, infinity).and(rest.compare(EQ, rest));
    NAN.blend(c, defined).intoArray(tile.coefficient, t);
  }

  static void atTarget(RowTile tile, int t) {
    FloatVector c = fromArray(SPECIES, tile.coefficient, t);
    FloatVector others = c.mul(fromArray(SPECIES, tile.othersHi, t)).neg();
    FloatVector own =
        fromArray(SPECIES, tile.eAtTarget, t).mul(c).sub(fromArray(SPECIES, tile.scale, t));
    VectorMask<Float> top =
        fromArray(SPECIES, tile.xAtTarget, t).compare(EQ, fromArray(SPECIES, tile.max, t));
    FloatVector g = own.blend(others, top);
    NAN.blend(g, g.compare(EQ, g)).intoArray(tile.atTarget, t);
  }
}
