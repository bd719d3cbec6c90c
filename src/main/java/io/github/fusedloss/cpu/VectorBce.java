package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.VectorMath.CORE_10;
import static io.github.fusedloss.cpu.VectorMath.CORE_3;
import static io.github.fusedloss.cpu.VectorMath.CORE_4;
import static io.github.fusedloss.cpu.VectorMath.CORE_5;
import static io.github.fusedloss.cpu.VectorMath.CORE_6;
import static io.github.fusedloss.cpu.VectorMath.CORE_7;
import static io.github.fusedloss.cpu.VectorMath.CORE_8;
import static io.github.fusedloss.cpu.VectorMath.CORE_9;
import static io.github.fusedloss.cpu.VectorMath.INFINITY;
import static io.github.fusedloss.cpu.VectorMath.INTS;
import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.LN2_HI;
import static io.github.fusedloss.cpu.VectorMath.LN2_LO;
import static io.github.fusedloss.cpu.VectorMath.NAN;
import static io.github.fusedloss.cpu.VectorMath.ONE;
import static io.github.fusedloss.cpu.VectorMath.RECIPROCAL_0;
import static io.github.fusedloss.cpu.VectorMath.RECIPROCAL_1;
import static io.github.fusedloss.cpu.VectorMath.RECIPROCAL_2;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static io.github.fusedloss.cpu.VectorMath.ZERO;
import static io.github.fusedloss.cpu.VectorMath.all;
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

/**
 * Binary cross entropy of probabilities with the Vector API, bit for bit {@link ScalarKernels#bce}.
 *
 * <p>A stripe at a time goes through passes, each a method short enough to be compiled well. See
 * {@link VectorKernels} for why they share no steps.
 */
final class VectorBce {
  private VectorBce() {}

  private static final FloatVector SMALLEST_NORMAL = all(Float.MIN_NORMAL);
  private static final FloatVector UP = all(0x1p64f);
  private static final FloatVector UP_BY = all(64f);
  private static final FloatVector MOST = all(100f);
  private static final FloatVector MINUS_MOST = all(-100f);
  private static final FloatVector MINUS_HALF = all(-0.5f);
  private static final FloatVector LEAST_SLOPE = all(1e-12f);
  private static final IntVector TWO_THIRDS = IntVector.broadcast(INTS, 0x3f2aaaab);
  private static final IntVector ONE_BITS = IntVector.broadcast(INTS, 0x3f800000);
  private static final IntVector MANTISSA = IntVector.broadcast(INTS, 0x007fffff);
  private static final IntVector EXPONENT = IntVector.broadcast(INTS, 0x7f800000);
  private static final IntVector TWICE_BIAS = IntVector.broadcast(INTS, 0x7f000000);

  /** The block's first n elements, whole vectors. */
  static void losses(BceBlock b, int n, Lanes lanes) {
    float[] hi = b.value;
    float[] lo = b.valueLo;
    float[] otherHi = b.e;
    float[] otherLo = b.eLo;
    for (int from = 0; from < n; from += Blocks.STRIPE) {
      int count = Math.min(Blocks.STRIPE, n - from);
      logs(b.x, b.xAt + from, count, hi, lo);
      logsOfRest(b.x, b.xAt + from, count, otherHi, otherLo);
      losses(b.t, b.tAt + from, count, hi, lo, otherHi, otherLo);
      if (b.w != null) {
        weigh(b.w, b.wAt + from, count, hi, lo);
      }
      sum(count, hi, lo, lanes, Blocks.lane(from));
      if (b.loss != null) {
        System.arraycopy(hi, 0, b.loss, b.lossAt + from, count);
      }
      if (b.gradient != null) {
        gradient(b, from, count);
      }
    }
  }

  /** -log(p), at most 100. */
  private static void logs(float[] x, int at, int n, float[] hi, float[] lo) {
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, x, at + i);
      VectorMask<Float> tiny = p.compare(LT, SMALLEST_NORMAL);
      IntVector bits = p.blend(p.mul(UP), tiny).reinterpretAsInts();
      IntVector exponent = bits.sub(TWO_THIRDS).lanewise(ASHR, 23);
      FloatVector f = bits.sub(exponent.lanewise(LSHL, 23)).reinterpretAsFloats().sub(ONE);
      FloatVector k = exponent.convert(I2F, 0).reinterpretAsFloats();
      k = k.blend(k.sub(UP_BY), tiny);

      // ScalarMath.logCore, fLo = 0
      FloatVector h = f.mul(f);
      FloatVector hLo = f.fma(f, h.neg());
      FloatVector base = k.mul(LN2_HI);
      FloatVector baseLo = k.fma(LN2_LO, k.fma(LN2_HI, base.neg()));
      FloatVector a = base.add(f);
      FloatVector aLo = f.sub(a.sub(base));
      FloatVector half = h.mul(MINUS_HALF);
      FloatVector s = a.add(half);
      FloatVector sLo = half.sub(s.sub(a));
      FloatVector q =
          CORE_10.fma(f, CORE_9).fma(f, CORE_8).fma(f, CORE_7).fma(f, CORE_6).fma(f, CORE_5);
      q = q.fma(f, CORE_4).fma(f, CORE_3);
      FloatVector rest = h.mul(f).fma(q, hLo.mul(MINUS_HALF)).add(aLo.add(sLo)).add(baseLo);
      FloatVector log = s.add(rest);
      FloatVector logLo = rest.sub(log.sub(s));

      VectorMask<Float> less = log.compare(GT, MINUS_MOST).and(p.compare(NE, ZERO));
      MOST.blend(log.neg(), less).intoArray(hi, i);
      ZERO.blend(logLo.neg(), less).intoArray(lo, i);
    }
  }

  /** -log(1 - p), at most 100, which it is where p is 1. */
  private static void logsOfRest(float[] x, int at, int n, float[] hi, float[] lo) {
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, x, at + i);
      FloatVector minus = p.neg();
      FloatVector y = ONE.sub(p);
      FloatVector z = y.sub(ONE);
      FloatVector yLo = ONE.sub(y.sub(z)).add(minus.sub(z));
      IntVector bits = y.reinterpretAsInts();
      IntVector exponent = bits.sub(TWO_THIRDS).lanewise(ASHR, 23);
      IntVector shift = exponent.lanewise(LSHL, 23);
      FloatVector k = exponent.convert(I2F, 0).reinterpretAsFloats();
      VectorMask<Float> zero = k.compare(EQ, ZERO);
      FloatVector f = bits.sub(shift).reinterpretAsFloats().sub(ONE).blend(minus, zero);
      FloatVector fLo = yLo.mul(ONE_BITS.sub(shift).reinterpretAsFloats()).blend(ZERO, zero);

      // ScalarMath.logCore
      FloatVector h = f.mul(f);
      FloatVector hLo = f.fma(f, h.neg());
      FloatVector base = k.mul(LN2_HI);
      FloatVector baseLo = k.fma(LN2_LO, k.fma(LN2_HI, base.neg()));
      FloatVector a = base.add(f);
      FloatVector aLo = f.sub(a.sub(base));
      FloatVector half = h.mul(MINUS_HALF);
      FloatVector s = a.add(half);
      FloatVector sLo = half.sub(s.sub(a));
      FloatVector g = ONE.sub(f);
      g = h.fma(g, g);
      FloatVector q =
          CORE_10.fma(f, CORE_9).fma(f, CORE_8).fma(f, CORE_7).fma(f, CORE_6).fma(f, CORE_5);
      q = q.fma(f, CORE_4).fma(f, CORE_3);
      FloatVector rest = h.mul(f).fma(q, hLo.mul(MINUS_HALF)).add(aLo.add(sLo)).add(baseLo);
      rest = fLo.fma(g, rest);
      FloatVector log = s.add(rest);
      FloatVector logLo = rest.sub(log.sub(s));

      VectorMask<Float> one = p.compare(EQ, ONE);
      log.neg().blend(MOST, one).intoArray(hi, i);
      logLo.neg().blend(ZERO, one).intoArray(lo, i);
    }
  }

  /** (1 - t) other + t hi, left where hi is. */
  private static void losses(
      float[] ts, int at, int n, float[] hi, float[] lo, float[] otherHi, float[] otherLo) {
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, at + i);
      FloatVector u = ONE.sub(t);
      FloatVector uLo = t.neg().sub(u.sub(ONE));
      FloatVector l = fromArray(SPECIES, otherHi, i);
      FloatVector p = l.mul(u);
      FloatVector e = l.fma(u, p.neg());
      e = e.add(l.fma(uLo, fromArray(SPECIES, otherLo, i).mul(u)));
      FloatVector a = p.add(e);
      FloatVector aLo = e.sub(a.sub(p));
      l = fromArray(SPECIES, hi, i);
      p = l.mul(t);
      e = fromArray(SPECIES, lo, i).fma(t, l.fma(t, p.neg()));
      FloatVector b = p.add(e);
      FloatVector bLo = e.sub(b.sub(p));
      FloatVector s = a.add(b);
      FloatVector z = s.sub(a);
      FloatVector sLo = a.sub(s.sub(z)).add(b.sub(z)).add(aLo.add(bLo));
      FloatVector value = s.add(sLo);
      value.intoArray(hi, i);
      sLo.sub(value.sub(s)).intoArray(lo, i);
    }
  }

  /** Multiplies by the weights. */
  private static void weigh(float[] ws, int at, int n, float[] hi, float[] lo) {
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector w = fromArray(SPECIES, ws, at + i);
      FloatVector v = fromArray(SPECIES, hi, i);
      FloatVector p = v.mul(w);
      FloatVector e = fromArray(SPECIES, lo, i).fma(w, v.fma(w, p.neg()));
      VectorMask<Float> finite = p.abs().compare(LT, INFINITY);
      FloatVector s = p.add(e);
      ZERO.blend(e.sub(s.sub(p)), finite).intoArray(lo, i);
      s = p.blend(s, finite);
      s.blend(NAN, s.compare(NE, s)).intoArray(hi, i);
    }
  }

  /** Adds a stripe to its lanes, of which {@code first} is the first. */
  private static void sum(int n, float[] hi, float[] lo, Lanes lanes, int first) {
    float[] sumHi = lanes.hi;
    float[] sumLo = lanes.lo;
    for (int i = 0; i < n; i += LENGTH) {
      int lane = first + (i & Blocks.LANES - 1);
      FloatVector v = fromArray(SPECIES, hi, i);
      FloatVector sum = fromArray(SPECIES, sumHi, lane);
      FloatVector more = sum.add(v);
      FloatVector z = more.sub(sum);
      FloatVector error = sum.sub(more.sub(z)).add(v.sub(z)).add(fromArray(SPECIES, lo, i));
      fromArray(SPECIES, sumLo, lane).add(error).intoArray(sumLo, lane);
      more.intoArray(sumHi, lane);
    }
  }

  /** scale w (p - t) / (p (1 - p)), the divisor at least 1e-12. */
  private static void gradient(BceBlock b, int from, int n) {
    float[] ps = b.x;
    float[] ts = b.t;
    float[] weights = b.w;
    float[] upstream = b.upstream;
    float[] gradient = b.gradient;
    FloatVector gradientScale = FloatVector.broadcast(SPECIES, b.scale);
    for (int i = from; i < from + n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, ps, b.xAt + i);
      FloatVector d = ONE.sub(p).mul(p);
      d = LEAST_SLOPE.blend(d, d.compare(GT, LEAST_SLOPE));

      // ScalarMath.divide, dLo = 0
      IntVector bits = d.reinterpretAsInts();
      FloatVector y = bits.and(MANTISSA).or(ONE_BITS).reinterpretAsFloats();
      FloatVector r = y.fma(RECIPROCAL_2, RECIPROCAL_1).fma(y, RECIPROCAL_0);
      y = y.neg();
      r = r.fma(y.fma(r, ONE), r);
      r = r.fma(y.fma(r, ONE), r);
      r = r.mul(TWICE_BIAS.sub(bits.and(EXPONENT)).reinterpretAsFloats());
      FloatVector difference = p.sub(fromArray(SPECIES, ts, b.tAt + i));
      FloatVector g = difference.mul(r);
      g = g.neg().fma(d, difference).fma(r, g);

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
