package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.hi;
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
import static io.github.fusedloss.cpu.VectorMath.INTS;
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
import static io.github.fusedloss.cpu.VectorMath.SHORTS;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static io.github.fusedloss.cpu.VectorMath.ZERO;
import static io.github.fusedloss.cpu.VectorMath.expMinusArgument;
import static io.github.fusedloss.cpu.VectorMath.expMinusKf;
import static io.github.fusedloss.cpu.VectorMath.expMinusP;
import static io.github.fusedloss.cpu.VectorMath.expMinusScale;
import static io.github.fusedloss.cpu.VectorMath.log1pUnit;
import static io.github.fusedloss.cpu.VectorMath.log1pUnitLo;
import static io.github.fusedloss.cpu.VectorMath.reciprocal12;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.S2I;

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
 * <p>Values never leave the registers, under two rules. Where a compilation has had 18,000 nodes
 * (some fifty vector operations), HotSpot inlines nothing but the Vector API's own methods, and
 * every vector that passes between a method and its caller is allocated: a long formula may use
 * methods of {@link VectorMath} at its beginning only. And a method that does so has to be compiled
 * on its own: HotSpot inlines no method of more than 325 bytes of code.
 */
final class VectorKernels implements BlockKernels {
  private static final FloatVector ROUND_TO_INT =
      FloatVector.broadcast(SPECIES, ScalarMath.ROUND_TO_INT);
  private static final FloatVector MAGIC = FloatVector.broadcast(SPECIES, SoftmaxRow.MAGIC);

  private final ScalarKernels scalar = new ScalarKernels();

  /** Elements in whole vectors. */
  private static int whole(int n) {
    return n & -LENGTH;
  }

  /** The block's sum, {@link Blocks#tree}; what a vector has beyond the lanes in use is ignored. */
  private static long total(Lanes lanes) {
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
        IntVector bits = ints(ShortVector.fromArray(SHORTS, from, at + i));
        bits.lanewise(LSHL, 16).reinterpretAsFloats().intoArray(to, toAt + i);
      }
    } else {
      for (int i = 0; i < whole; i += LENGTH) {
        IntVector bits = ints(ShortVector.fromArray(SHORTS, from, at + i));
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
        shorts(nan.blend(rounded, number)).intoArray(to, toAt + i);
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
        shorts(nan.blend(rounded, m.compare(LE, 0x7f800000))).intoArray(to, toAt + i);
      }
    }
    scalar.encode(type, from, at + whole, n - whole, to, toAt + whole);
  }

  private static IntVector ints(ShortVector v) {
    return (IntVector) v.convertShape(S2I, INTS, 0);
  }

  private static ShortVector shorts(IntVector v) {
    return (ShortVector) v.convertShape(I2S, SHORTS, 0);
  }

  @Override
  public long bceWithLogits(BceBlock b, Lanes lanes) {
    lanes.clear(b.n, false);
    int whole = whole(b.n);
    losses(b, whole, lanes);
    ScalarKernels.bceWithLogits(b, whole, lanes);
    long total = total(lanes);
    // An infinite or NaN loss shows in the sum; what it is the scalar code judges.
    return Math.abs(hi(total)) < INF ? total : scalar.bceWithLogits(b, lanes);
  }

  private static void losses(BceBlock b, int n, Lanes lanes) {
    float[] xs = b.x;
    float[] ts = b.t;
    float[] posWeights = b.posWeight;
    float[] weights = b.w;
    float[] upstream = b.upstream;
    float[] losses = b.loss;
    float[] gradient = b.gradient;
    float[] sumHi = lanes.hi;
    float[] sumLo = lanes.lo;
    FloatVector gradientScale = FloatVector.broadcast(SPECIES, b.scale);
    boolean block = n == Blocks.BLOCK;
    for (int k = 0; k < n; k += LENGTH) {
      // A stripe is a page: taken in turns, the first misses of all four are waited for at once.
      int vector = k / LENGTH;
      int i = !block ? k : (vector & 3) * Blocks.STRIPE + (vector >> 2) * LENGTH;
      FloatVector x = fromArray(SPECIES, xs, b.xAt + i);
      FloatVector a = expMinusArgument(x);
      FloatVector kf = expMinusKf(a);
      FloatVector power = expMinusScale(kf);
      FloatVector m = expMinusP(a, kf);
      FloatVector e = m.fma(power, power);
      FloatVector eLo = m.fma(power, power.sub(e));
      FloatVector l = log1pUnit(e);
      FloatVector lLo = log1pUnitLo(e, eLo, l);

      // From here on nothing but the Vector API, see above.
      FloatVector t = fromArray(SPECIES, ts, b.tAt + i);
      VectorMask<Float> positive = x.compare(GE, ZERO);
      FloatVector u = ONE.sub(t);
      FloatVector pt = t;
      FloatVector p;
      FloatVector q = l;
      FloatVector rest = lLo;
      if (posWeights == null) {
        p = t.neg().fma(x, ZERO.blend(x, x.compare(GT, ZERO)));
      } else {
        FloatVector pw = fromArray(SPECIES, posWeights, b.posWeightAt + i);
        FloatVector ax = x.abs();
        FloatVector uLo = t.neg().sub(u.sub(ONE));
        pt = t.mul(pw);
        FloatVector ptLo = t.fma(pw, pt.neg());
        FloatVector f = pt.blend(u, positive);
        p = f.mul(ax);
        FloatVector pLo = ptLo.blend(uLo, positive).fma(ax, f.fma(ax, p.neg()));
        FloatVector both = u.add(pt);
        FloatVector z = both.sub(u);
        FloatVector bothLo = u.sub(both.sub(z)).add(pt.sub(z)).add(uLo.add(ptLo));
        FloatVector ln = l.add(lLo);
        FloatVector lnLo = lLo.sub(ln.sub(l));
        q = ln.mul(both);
        rest = pLo.add(ln.fma(both, q.neg()).add(ln.fma(bothLo, lnLo.mul(both))));
      }
      FloatVector s = p.add(q);
      FloatVector z = s.sub(p);
      FloatVector sLo = p.sub(s.sub(z)).add(q.sub(z)).add(rest);
      FloatVector value = s.add(sLo);
      FloatVector valueLo = sLo.sub(value.sub(s));
      if (weights != null) {
        FloatVector w = fromArray(SPECIES, weights, b.wAt + i);
        FloatVector product = value.mul(w);
        valueLo = valueLo.fma(w, value.fma(w, product.neg()));
        value = product;
      }
      int lane = Blocks.lane(i);
      FloatVector sum = fromArray(SPECIES, sumHi, lane);
      FloatVector more = sum.add(value);
      FloatVector y = more.sub(sum);
      FloatVector error = sum.sub(more.sub(y)).add(value.sub(y));
      fromArray(SPECIES, sumLo, lane).add(error.add(valueLo)).intoArray(sumLo, lane);
      more.intoArray(sumHi, lane);
      if (losses != null) {
        FloatVector loss = weights == null ? value : value.add(valueLo);
        loss.intoArray(losses, b.lossAt + i);
      }
      if (gradient != null) {
        FloatVector minus = pt.neg();
        FloatVector n1 = minus.blend(u, positive);
        FloatVector n2 = u.blend(minus, positive);
        FloatVector d = e.add(ONE);
        FloatVector r = d.fma(RECIPROCAL_2, RECIPROCAL_1).fma(d, RECIPROCAL_0);
        d = d.neg();
        r = r.fma(d.fma(r, ONE), r);
        r = r.fma(d.fma(r, ONE), r);
        FloatVector g = r.mul(n2.fma(e.add(eLo), n1));
        if (weights != null) {
          g = g.mul(fromArray(SPECIES, weights, b.wAt + i));
        }
        FloatVector scale = gradientScale;
        if (upstream != null) {
          scale = scale.mul(fromArray(SPECIES, upstream, b.upstreamAt + i));
        }
        g = g.mul(scale);
        g.blend(NAN, g.compare(NE, g)).intoArray(gradient, b.gradientAt + i);
      }
    }
  }

  @Override
  public long bce(BceBlock b, Lanes lanes) {
    return scalar.bce(b, lanes);
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
      FloatVector a = expMinusArgument(v);
      FloatVector kf = expMinusKf(a);
      FloatVector power = expMinusScale(kf);
      FloatVector p = expMinusP(a, kf);
      FloatVector e = p.fma(power, power);
      FloatVector eLo = p.fma(power, power.sub(e));
      FloatVector y = e.add(ONE);
      FloatVector r = reciprocal12(y);

      // From here on nothing but the Vector API, see above.
      FloatVector yLo = ONE.sub(y).add(e).add(eLo);
      r = r.fma(yLo.neg().fma(r, y.neg().fma(r, ONE)), r);
      FloatVector m = e.add(eLo).mul(r);
      FloatVector minus = m.neg();
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
    IntVector max = VectorMath.sortable(fromArray(SPECIES, x, at).reinterpretAsInts());
    IntVector magnitude = max.broadcast(0);
    for (int i = 0; i < whole; i += LENGTH) {
      IntVector bits = fromArray(SPECIES, x, at + i).reinterpretAsInts();
      max = max.max(VectorMath.sortable(bits));
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
      return;
    }
    float max = max(x, at, n);
    row.reference(max == max ? max + 0f : ScalarKernels.maxOfNumbers(x, at, n));
    lanes.clear(n, false);
    int whole = whole(n);
    int ties = exponentials(x, at, whole, e, eAt, row, lanes);
    row.ties = ties + ScalarKernels.softmax(x, at, whole, n, e, eAt, row, lanes);
    row.rest = total(lanes);
  }

  /** How many are ties. */
  private static int exponentials(
      float[] x, int at, int n, float[] e, int eAt, SoftmaxRow row, Lanes lanes) {
    int ties = 0;
    float[] sumHi = lanes.hi;
    float[] sumLo = lanes.lo;
    FloatVector magic = FloatVector.broadcast(SPECIES, row.magic);
    FloatVector shift = FloatVector.broadcast(SPECIES, row.shift);
    FloatVector cut = FloatVector.broadcast(SPECIES, row.cut);
    FloatVector max = FloatVector.broadcast(SPECIES, row.max);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, x, at + i);
      FloatVector d = v.sub(shift);
      FloatVector kf = d.fma(LOG2E, magic);
      FloatVector k = kf.sub(magic);
      FloatVector r = k.fma(MINUS_LN2_LO, k.fma(MINUS_LN2_HI, d));
      FloatVector q = EXP_6.fma(r, EXP_5).fma(r, EXP_4).fma(r, EXP_3).fma(r, EXP_2);
      FloatVector power = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector term = r.mul(r).fma(q, r).add(ONE).mul(power);
      term = term.blend(ZERO, v.compare(LT, cut));
      if (e != null) {
        term.intoArray(e, eAt + i);
      }
      VectorMask<Float> tie = v.compare(EQ, max);
      ties += tie.trueCount();
      term = term.blend(ZERO, tie);
      int lane = Blocks.lane(i);
      FloatVector sum = fromArray(SPECIES, sumHi, lane);
      FloatVector more = sum.add(term);
      FloatVector z = more.sub(sum);
      FloatVector error = sum.sub(more.sub(z)).add(term.sub(z));
      fromArray(SPECIES, sumLo, lane).add(error).intoArray(sumLo, lane);
      more.intoArray(sumHi, lane);
    }
    return ties;
  }

  @Override
  public void softmax(RowTile tile, boolean keep, Lanes lanes) {
    for (int t = 0; t < RowTile.ROWS; t += LENGTH) {
      references(tile, t);
      exponentials(tile, t, keep ? tile.e : null);
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

  private static void exponentials(RowTile tile, int t, float[] e) {
    float[] x = tile.x;
    FloatVector max = fromArray(SPECIES, tile.max, t);
    FloatVector shift = fromArray(SPECIES, tile.shift, t);
    FloatVector magic = fromArray(SPECIES, tile.magic, t);
    FloatVector cut = fromArray(SPECIES, tile.cut, t);
    FloatVector ties = FloatVector.zero(SPECIES);
    FloatVector sumHi = FloatVector.zero(SPECIES);
    FloatVector sumLo = FloatVector.zero(SPECIES);
    int end = tile.classes * RowTile.ROWS;
    for (int i = t; i < end; i += RowTile.ROWS) {
      FloatVector v = fromArray(SPECIES, x, i);
      FloatVector d = v.sub(shift);
      FloatVector kf = d.fma(LOG2E, magic);
      FloatVector k = kf.sub(magic);
      FloatVector r = k.fma(MINUS_LN2_LO, k.fma(MINUS_LN2_HI, d));
      FloatVector q = EXP_6.fma(r, EXP_5).fma(r, EXP_4).fma(r, EXP_3).fma(r, EXP_2);
      FloatVector power = kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector term = r.mul(r).fma(q, r).add(ONE).mul(power);
      term = term.blend(ZERO, v.compare(LT, cut));
      if (e != null) {
        term.intoArray(e, i);
      }
      VectorMask<Float> tie = v.compare(EQ, max);
      ties = ties.add(ZERO.blend(ONE, tie));
      term = term.blend(ZERO, tie);
      FloatVector sum = sumHi.add(term);
      FloatVector z = sum.sub(sumHi);
      sumLo = sumLo.add(sumHi.sub(sum.sub(z)).add(term.sub(z)));
      sumHi = sum;
    }
    ties.intoArray(tile.ties, t);
    VectorMask<Float> finite = sumHi.abs().compare(LT, INFINITY);
    FloatVector s = sumHi.add(sumLo);
    sumHi.blend(s, finite).intoArray(tile.restHi, t);
    ZERO.blend(sumLo.sub(s.sub(sumHi)), finite).intoArray(tile.restLo, t);
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

  @Override
  public void scale(RowTile tile, Lanes lanes) {
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
    scalar.probabilities(x, at, n, q, qAt, w, wAt, smoothing, row, lanes);
  }

  @Override
  public void scale(float[] g, int at, int n, float coefficient) {
    int whole = whole(n);
    FloatVector c = FloatVector.broadcast(SPECIES, coefficient);
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, g, at + i).mul(c);
      v.blend(NAN, v.compare(NE, v)).intoArray(g, at + i);
    }
    scalar.scale(g, at + whole, n - whole, coefficient);
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
    scalar.scaleProbabilities(
        g, at, n, coefficient, top, below, mass, scale, q, qAt, w, wAt, smoothing);
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
