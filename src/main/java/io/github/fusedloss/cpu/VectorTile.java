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
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/** The work on tiles of {@link VectorKernels}. */
final class VectorTile {
  private VectorTile() {}

  private static final FloatVector ROUND_TO_INT = broadcast(SPECIES, ScalarMath.ROUND_TO_INT);
  private static final FloatVector MAGIC = broadcast(SPECIES, SoftmaxRow.MAGIC);

  /**
   * {@link BlockKernels#softmax(RowTile, boolean, Lanes)}; from the top on as in a finished row.
   */
  static final VectorPasses<RowTile> SOFTMAX =
      new VectorPasses<>(
          VectorTile::references,
          VectorTile::exponentials,
          VectorTile::rest,
          VectorTile::top,
          VectorTile::inverse,
          VectorTile::ratio,
          VectorTile::others,
          VectorTile::total,
          VectorTile::reduced,
          VectorTile::logs);

  /** The maximum of each row, and the reference that follows: {@link SoftmaxRow#reference}. */
  private static void references(RowTile tile, Lanes lanes, int start, int n) {
    float[] x = tile.x;
    int end = tile.end();
    int stride = tile.stride;
    FloatVector log2e = broadcast(SPECIES, ScalarMath.LOG2E);
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector max = broadcast(SPECIES, Float.NEGATIVE_INFINITY);
      for (int i = t; i < end; i += stride) {
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
      FloatVector cut = max.sub(SoftmaxRow.CUT);
      cut = cut.blend(max.sub(SoftmaxRow.COARSE_CUT), max.sub(cut).compare(GT, SoftmaxRow.TOO_FAR));
      cut = cut.blend(max, max.sub(cut).compare(GT, SoftmaxRow.TOO_FAR));
      INFINITY.blend(cut, some).intoArray(tile.cut, t);
    }
  }

  private static void exponentials(RowTile tile, Lanes lanes, int start, int n) {
    float[] x = tile.x;
    float[] e = tile.e;
    float[] shift = tile.shift;
    float[] magics = tile.magic;
    float[] cut = tile.cut;
    int end = tile.end();
    int stride = tile.stride;
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
    for (int at = 0; at < end; at += stride) {
      for (int t = 0; t < stride; t += LENGTH) {
        FloatVector v = fromArray(SPECIES, x, at + t);
        FloatVector d = v.sub(fromArray(SPECIES, shift, t));
        FloatVector magic = fromArray(SPECIES, magics, t);
        FloatVector kf = d.fma(log2e, magic);
        FloatVector k = kf.sub(magic);
        FloatVector r = k.fma(minusLn2Lo, k.fma(minusLn2Hi, d));
        FloatVector q = exp6.fma(r, exp5).fma(r, exp4).fma(r, exp3).fma(r, exp2);
        FloatVector power = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
        FloatVector term = q.fma(r, one).fma(r, one).mul(power);
        VectorMask<Float> below = v.compare(LT, fromArray(SPECIES, cut, t));
        term.blend(zero, below).intoArray(e, at + t);
      }
    }
  }

  private static void rest(RowTile tile, Lanes lanes, int start, int n) {
    float[] x = tile.x;
    float[] e = tile.e;
    int end = tile.end();
    int stride = tile.stride;
    FloatVector zero = broadcast(SPECIES, 0f);
    FloatVector one = broadcast(SPECIES, 1f);
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector max = fromArray(SPECIES, tile.max, t);
      FloatVector ties = broadcast(SPECIES, 0f);
      FloatVector sum = broadcast(SPECIES, 0f);
      FloatVector lo = broadcast(SPECIES, 0f);
      for (int i = t; i < end; i += stride) {
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

  /** The maximum's own term without its 2^32, left as total. */
  private static void top(RowTile tile, Lanes lanes, int start, int n) {
    FloatVector exp2 = broadcast(SPECIES, ScalarMath.EXP_2);
    FloatVector exp3 = broadcast(SPECIES, ScalarMath.EXP_3);
    FloatVector exp4 = broadcast(SPECIES, ScalarMath.EXP_4);
    FloatVector exp5 = broadcast(SPECIES, ScalarMath.EXP_5);
    FloatVector exp6 = broadcast(SPECIES, ScalarMath.EXP_6);
    FloatVector minusLn2Hi = broadcast(SPECIES, -ScalarMath.LN2_HI);
    FloatVector minusLn2Lo = broadcast(SPECIES, -ScalarMath.LN2_LO);
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector max = fromArray(SPECIES, tile.max, t);
      FloatVector k = MAGIC.sub(fromArray(SPECIES, tile.magic, t));
      FloatVector d = max.sub(fromArray(SPECIES, tile.shift, t));
      FloatVector reduced = ZERO.blend(d, max.abs().compare(LT, INFINITY));
      FloatVector r = k.fma(minusLn2Hi, reduced);
      FloatVector tail = exp6.fma(r, exp5).fma(r, exp4).fma(r, exp3).fma(r, exp2);
      FloatVector head = ONE.add(r);
      FloatVector rest = r.mul(r).fma(tail, r.sub(head.sub(ONE)));
      rest = k.mul(minusLn2Lo).fma(head.add(rest), rest);
      FloatVector h = head.add(rest);
      h.intoArray(tile.totalHi, t);
      rest.sub(h.sub(head)).intoArray(tile.totalLo, t);
    }
  }

  /** Scales the top; the reciprocal of its high half, left as f. */
  private static void inverse(RowTile tile, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    FloatVector scale = broadcast(SPECIES, 0x1p32f);
    FloatVector unscale = broadcast(SPECIES, 0x1p-32f);
    FloatVector reciprocal0 = broadcast(SPECIES, ScalarMath.RECIPROCAL_0);
    FloatVector reciprocal1 = broadcast(SPECIES, ScalarMath.RECIPROCAL_1);
    FloatVector reciprocal2 = broadcast(SPECIES, ScalarMath.RECIPROCAL_2);
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector h = fromArray(SPECIES, tile.totalHi, t);
      h.mul(scale).intoArray(tile.totalHi, t);
      fromArray(SPECIES, tile.totalLo, t).mul(scale).intoArray(tile.totalLo, t);
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

  /** {@link BlockKernels#losses}, but for rows whose loss is not a number or whose weight is 0. */
  static final VectorPasses<RowTile> LOSSES =
      new VectorPasses<>(VectorTile::losses, VectorTile::weights);

  /** (max - x) + log. */
  private static void losses(RowTile tile, Lanes lanes, int start, int n) {
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector max = fromArray(SPECIES, tile.max, t);
      FloatVector x = fromArray(SPECIES, tile.targetX, t);
      FloatVector gap = max.sub(x);
      FloatVector z = gap.sub(max);
      FloatVector gapLo = max.sub(gap.sub(z)).sub(x.add(z));
      gapLo = gapLo.blend(ZERO, gapLo.compare(NE, gapLo));
      FloatVector log = fromArray(SPECIES, tile.logHi, t);
      FloatVector s = gap.add(log);
      z = s.sub(gap);
      FloatVector e =
          gap.sub(s.sub(z)).add(log.sub(z)).add(gapLo.add(fromArray(SPECIES, tile.logLo, t)));
      FloatVector loss = s.add(e);
      loss.intoArray(tile.lossHi, t);
      e.sub(loss.sub(s)).intoArray(tile.lossLo, t);
    }
  }

  private static void weights(RowTile tile, Lanes lanes, int start, int n) {
    if (!tile.weighted) {
      return;
    }
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector w = fromArray(SPECIES, tile.weight, t);
      FloatVector hi = fromArray(SPECIES, tile.lossHi, t);
      FloatVector product = hi.mul(w);
      FloatVector lo = fromArray(SPECIES, tile.lossLo, t).fma(w, hi.fma(w, product.neg()));
      FloatVector loss = product.add(lo);
      loss.intoArray(tile.lossHi, t);
      lo.sub(loss.sub(product)).intoArray(tile.lossLo, t);
    }
  }

  /** What the gradients of those rows need. */
  static final VectorPasses<RowTile> GRADIENTS =
      new VectorPasses<>(VectorTile::reciprocals, VectorTile::coefficients, VectorTile::atTargets);

  /** What {@link ScalarMath#divide} begins with, for the total; left as atTarget. */
  private static void reciprocals(RowTile tile, Lanes lanes, int start, int n) {
    FloatVector reciprocal0 = broadcast(SPECIES, ScalarMath.RECIPROCAL_0);
    FloatVector reciprocal1 = broadcast(SPECIES, ScalarMath.RECIPROCAL_1);
    FloatVector reciprocal2 = broadcast(SPECIES, ScalarMath.RECIPROCAL_2);
    for (int t = 0; t < n; t += LENGTH) {
      IntVector bits = fromArray(SPECIES, tile.totalHi, t).reinterpretAsInts();
      FloatVector y = bits.and(0x007fffff).or(0x3f800000).reinterpretAsFloats();
      FloatVector r = y.fma(reciprocal2, reciprocal1).fma(y, reciprocal0);
      FloatVector minus = y.neg();
      r = r.fma(minus.fma(r, ONE), r);
      r = r.fma(minus.fma(r, ONE), r);
      IntVector exponent = bits.and(0x7f800000).neg().add(0x7f000000);
      r.mul(exponent.reinterpretAsFloats()).intoArray(tile.atTarget, t);
    }
  }

  /** The rest of it; a row that has a loss has a total that is a number. */
  private static void coefficients(RowTile tile, Lanes lanes, int start, int n) {
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector scale = fromArray(SPECIES, tile.scale, t);
      FloatVector scaleLo = fromArray(SPECIES, tile.scaleLo, t);
      FloatVector r = fromArray(SPECIES, tile.atTarget, t);
      FloatVector q = scale.mul(r);
      FloatVector minus = q.neg();
      FloatVector rest = minus.fma(fromArray(SPECIES, tile.totalHi, t), scale);
      rest = rest.add(minus.fma(fromArray(SPECIES, tile.totalLo, t), scaleLo));
      FloatVector corrected = rest.fma(r, q);
      q.blend(corrected, corrected.abs().compare(LT, INFINITY)).intoArray(tile.coefficient, t);
    }
  }

  private static void atTargets(RowTile tile, Lanes lanes, int start, int n) {
    for (int t = 0; t < n; t += LENGTH) {
      FloatVector c = fromArray(SPECIES, tile.coefficient, t);
      FloatVector below = fromArray(SPECIES, tile.othersHi, t).mul(c).neg();
      FloatVector scaleLo = fromArray(SPECIES, tile.scaleLo, t);
      FloatVector v = fromArray(SPECIES, tile.targetE, t).fma(c, scaleLo.neg());
      v = v.sub(fromArray(SPECIES, tile.scale, t));
      FloatVector x = fromArray(SPECIES, tile.targetX, t);
      v = v.blend(below, x.compare(EQ, fromArray(SPECIES, tile.max, t)));
      v.blend(NAN, v.compare(NE, v)).intoArray(tile.atTarget, t);
    }
  }

  /** {@link BlockKernels#scale(RowTile, Lanes)}. */
  static void scale(RowTile tile) {
    float[] e = tile.e;
    float[] coefficient = tile.coefficient;
    int end = tile.end();
    int stride = tile.stride;
    for (int at = 0; at < end; at += stride) {
      for (int t = 0; t < stride; t += LENGTH) {
        FloatVector v = fromArray(SPECIES, e, at + t).mul(fromArray(SPECIES, coefficient, t));
        v.blend(NAN, v.compare(NE, v)).intoArray(e, at + t);
      }
    }
  }
}
