package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.VectorMath.INTS;
import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
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

/** Binary cross entropy of probabilities for {@link VectorKernels}. */
final class VectorBce {
  private VectorBce() {}

  private static final IntVector TWO_THIRDS = IntVector.broadcast(INTS, 0x3f2aaaab);
  private static final IntVector ONE_BITS = IntVector.broadcast(INTS, 0x3f800000);
  private static final IntVector MANTISSA = IntVector.broadcast(INTS, 0x007fffff);
  private static final IntVector EXPONENT = IntVector.broadcast(INTS, 0x7f800000);
  private static final IntVector TWICE_BIAS = IntVector.broadcast(INTS, 0x7f000000);

  static final VectorPasses<BceBlock> LOSSES =
      new VectorPasses<>(
          VectorBce::reduced,
          VectorBce::tails,
          VectorBce::logs,
          VectorBce::clamp,
          VectorBce::reducedRest,
          VectorBce::tails,
          VectorBce::logsOfRest,
          VectorBce::clampRest,
          VectorBce::negativeLosses,
          VectorBce::losses,
          VectorBce::weigh,
          VectorBce::sum,
          VectorBce::store,
          VectorBce::slopes,
          VectorBce::gradient);

  // log(v) is k ln 2 + log(1 + f), ScalarMath.logCore, in three passes: f and k (as kf), the series
  // in f (as g), and their sum.

  /** p = 2^k (1 + f). */
  private static void reduced(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] x = b.x;
    int at = b.xAt + start;
    float[] fs = s.f;
    float[] ks = s.kf;
    FloatVector one = broadcast(SPECIES, 1f);
    FloatVector normal = broadcast(SPECIES, Float.MIN_NORMAL);
    FloatVector up = broadcast(SPECIES, 0x1p64f);
    FloatVector upBy = broadcast(SPECIES, 64f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, x, at + i);
      VectorMask<Float> tiny = p.compare(LT, normal);
      IntVector bits = p.blend(p.mul(up), tiny).reinterpretAsInts();
      IntVector exponent = bits.sub(TWO_THIRDS).lanewise(ASHR, 23);
      bits.sub(exponent.lanewise(LSHL, 23)).reinterpretAsFloats().sub(one).intoArray(fs, i);
      FloatVector k = (FloatVector) exponent.convert(I2F, 0);
      k.blend(k.sub(upBy), tiny).intoArray(ks, i);
    }
  }

  private static void tails(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    VectorMath.logTails(s.f, s.g, n);
  }

  private static void logs(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    VectorMath.logs(s.f, s.zero, s.kf, s.g, s.hi, s.lo, n);
  }

  /** -log(p), at most 100. */
  private static void clamp(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] x = b.x;
    int at = b.xAt + start;
    float[] hi = s.hi;
    float[] lo = s.lo;
    FloatVector zero = broadcast(SPECIES, 0f);
    FloatVector most = broadcast(SPECIES, 100f);
    FloatVector minusMost = broadcast(SPECIES, -100f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector log = fromArray(SPECIES, hi, i);
      VectorMask<Float> less =
          log.compare(GT, minusMost).and(fromArray(SPECIES, x, at + i).compare(NE, zero));
      most.blend(log.neg(), less).intoArray(hi, i);
      zero.blend(fromArray(SPECIES, lo, i).neg(), less).intoArray(lo, i);
    }
  }

  /** 1 - p = 2^k (1 + f + fLo). */
  private static void reducedRest(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] x = b.x;
    int at = b.xAt + start;
    float[] fs = s.f;
    float[] fLos = s.fLo;
    float[] ks = s.kf;
    FloatVector zero = broadcast(SPECIES, 0f);
    FloatVector one = broadcast(SPECIES, 1f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, x, at + i);
      FloatVector minus = p.neg();
      FloatVector y = one.sub(p);
      FloatVector z = y.sub(one);
      FloatVector yLo = one.sub(y.sub(z)).add(minus.sub(z));
      IntVector bits = y.reinterpretAsInts();
      IntVector exponent = bits.sub(TWO_THIRDS).lanewise(ASHR, 23);
      IntVector shift = exponent.lanewise(LSHL, 23);
      FloatVector k = (FloatVector) exponent.convert(I2F, 0);
      VectorMask<Float> none = k.compare(EQ, zero);
      k.intoArray(ks, i);
      bits.sub(shift).reinterpretAsFloats().sub(one).blend(minus, none).intoArray(fs, i);
      FloatVector scale = ONE_BITS.sub(shift).reinterpretAsFloats();
      yLo.mul(scale).blend(zero, none).intoArray(fLos, i);
    }
  }

  private static void logsOfRest(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    VectorMath.logs(s.f, s.fLo, s.kf, s.g, s.e, s.eLo, n);
  }

  /** -log(1 - p), 100 where p is 1. */
  private static void clampRest(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] x = b.x;
    int at = b.xAt + start;
    float[] hi = s.e;
    float[] lo = s.eLo;
    FloatVector zero = broadcast(SPECIES, 0f);
    FloatVector one = broadcast(SPECIES, 1f);
    FloatVector most = broadcast(SPECIES, 100f);
    for (int i = 0; i < n; i += LENGTH) {
      VectorMask<Float> end = fromArray(SPECIES, x, at + i).compare(EQ, one);
      fromArray(SPECIES, hi, i).neg().blend(most, end).intoArray(hi, i);
      fromArray(SPECIES, lo, i).neg().blend(zero, end).intoArray(lo, i);
    }
  }

  /** (1 - t) times the logarithm of the rest, in its place. */
  private static void negativeLosses(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int at = b.tAt + start;
    float[] hi = s.e;
    float[] lo = s.eLo;
    FloatVector one = broadcast(SPECIES, 1f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, at + i);
      FloatVector u = one.sub(t);
      FloatVector uLo = t.neg().sub(u.sub(one));
      FloatVector l = fromArray(SPECIES, hi, i);
      FloatVector p = l.mul(u);
      FloatVector e = l.fma(u, p.neg());
      e = e.add(l.fma(uLo, fromArray(SPECIES, lo, i).mul(u)));
      FloatVector a = p.add(e);
      a.intoArray(hi, i);
      e.sub(a.sub(p)).intoArray(lo, i);
    }
  }

  /** That plus t times the logarithm. */
  private static void losses(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] ts = b.t;
    int at = b.tAt + start;
    float[] hi = s.hi;
    float[] lo = s.lo;
    float[] negative = s.e;
    float[] negativeLo = s.eLo;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector t = fromArray(SPECIES, ts, at + i);
      FloatVector l = fromArray(SPECIES, hi, i);
      FloatVector p = l.mul(t);
      FloatVector e = fromArray(SPECIES, lo, i).fma(t, l.fma(t, p.neg()));
      FloatVector b1 = p.add(e);
      FloatVector b1Lo = e.sub(b1.sub(p));
      FloatVector a = fromArray(SPECIES, negative, i);
      FloatVector sum = a.add(b1);
      FloatVector z = sum.sub(a);
      FloatVector sumLo = a.sub(sum.sub(z)).add(b1.sub(z));
      sumLo = sumLo.add(fromArray(SPECIES, negativeLo, i).add(b1Lo));
      FloatVector value = sum.add(sumLo);
      value.intoArray(hi, i);
      sumLo.sub(value.sub(sum)).intoArray(lo, i);
    }
  }

  private static void weigh(BceBlock b, Lanes lanes, int start, int n) {
    if (b.w == null) {
      return;
    }
    Strip s = lanes.strip();
    float[] ws = b.w;
    int at = b.wAt + start;
    float[] hi = s.hi;
    float[] lo = s.lo;
    FloatVector zero = broadcast(SPECIES, 0f);
    FloatVector nan = broadcast(SPECIES, Float.NaN);
    FloatVector infinity = broadcast(SPECIES, Float.POSITIVE_INFINITY);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector w = fromArray(SPECIES, ws, at + i);
      FloatVector v = fromArray(SPECIES, hi, i);
      FloatVector p = v.mul(w);
      FloatVector e = fromArray(SPECIES, lo, i).fma(w, v.fma(w, p.neg()));
      VectorMask<Float> finite = p.abs().compare(LT, infinity);
      FloatVector sum = p.add(e);
      zero.blend(e.sub(sum.sub(p)), finite).intoArray(lo, i);
      sum = p.blend(sum, finite);
      sum.blend(nan, sum.compare(NE, sum)).intoArray(hi, i);
    }
  }

  private static void sum(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    VectorPasses.sum(s.hi, s.lo, lanes, start, n);
  }

  private static void store(BceBlock b, Lanes lanes, int start, int n) {
    if (b.loss != null) {
      System.arraycopy(lanes.strip().hi, 0, b.loss, b.lossAt + start, n);
    }
  }

  /** p (1 - p), at least 1e-12, left as u, and about what it is the reciprocal of, as f. */
  private static void slopes(BceBlock b, Lanes lanes, int start, int n) {
    if (b.gradient == null) {
      return;
    }
    Strip s = lanes.strip();
    float[] ps = b.x;
    int at = b.xAt + start;
    float[] ds = s.u;
    float[] rs = s.f;
    FloatVector one = broadcast(SPECIES, 1f);
    FloatVector least = broadcast(SPECIES, 1e-12f);
    FloatVector reciprocal0 = broadcast(SPECIES, ScalarMath.RECIPROCAL_0);
    FloatVector reciprocal1 = broadcast(SPECIES, ScalarMath.RECIPROCAL_1);
    FloatVector reciprocal2 = broadcast(SPECIES, ScalarMath.RECIPROCAL_2);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector p = fromArray(SPECIES, ps, at + i);
      FloatVector d = one.sub(p).mul(p);
      d = least.blend(d, d.compare(GT, least));
      d.intoArray(ds, i);
      IntVector bits = d.reinterpretAsInts();
      FloatVector y = bits.and(MANTISSA).or(ONE_BITS).reinterpretAsFloats();
      FloatVector r = y.fma(reciprocal2, reciprocal1).fma(y, reciprocal0);
      y = y.neg();
      r = r.fma(y.fma(r, one), r);
      r = r.fma(y.fma(r, one), r);
      r.mul(TWICE_BIAS.sub(bits.and(EXPONENT)).reinterpretAsFloats()).intoArray(rs, i);
    }
  }

  /** scale w (p - t) / (p (1 - p)). */
  private static void gradient(BceBlock b, Lanes lanes, int start, int n) {
    if (b.gradient == null) {
      return;
    }
    Strip s = lanes.strip();
    float[] ps = b.x;
    float[] ts = b.t;
    float[] weights = b.w;
    float[] upstream = b.upstream;
    float[] gradient = b.gradient;
    int pAt = b.xAt + start;
    int tAt = b.tAt + start;
    int wAt = b.wAt + start;
    int upstreamAt = b.upstreamAt + start;
    int gradientAt = b.gradientAt + start;
    float[] ds = s.u;
    float[] rs = s.f;
    FloatVector nan = broadcast(SPECIES, Float.NaN);
    FloatVector scales = broadcast(SPECIES, b.scale);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector difference = fromArray(SPECIES, ps, pAt + i).sub(fromArray(SPECIES, ts, tAt + i));
      FloatVector r = fromArray(SPECIES, rs, i);
      FloatVector g = difference.mul(r);
      g = g.neg().fma(fromArray(SPECIES, ds, i), difference).fma(r, g);
      FloatVector factor = scales;
      if (weights != null) {
        factor = factor.mul(fromArray(SPECIES, weights, wAt + i));
      }
      if (upstream != null) {
        factor = factor.mul(fromArray(SPECIES, upstream, upstreamAt + i));
      }
      g = g.mul(factor);
      g.blend(nan, g.compare(NE, g)).intoArray(gradient, gradientAt + i);
    }
  }
}
