package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.VectorMath.LENGTH;
import static io.github.fusedloss.cpu.VectorMath.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Binary cross entropy of logits for {@link VectorKernels}, in short passes over a stripe as in
 * {@link VectorSoftmax}. Each pass leaves what the next one needs in the block's working space,
 * which stays in the first cache.
 */
final class VectorBceWithLogits {
  private VectorBceWithLogits() {}

  /** The block's first n elements, a multiple of the vectors' length. */
  static void run(BceBlock b, int n, Lanes lanes) {
    for (int start = 0; start < n; start += Blocks.STRIPE) {
      int m = Math.min(Blocks.STRIPE, n - start);
      exponentials(b, start, m);
      logarithms(b, start, m);
      if (b.posWeight == null) {
        losses(b, start, m);
      } else {
        posWeightedLosses(b, start, m);
      }
      if (b.w != null) {
        weigh(b, start, m);
      }
      add(b.value, b.valueLo, m, lanes, Blocks.lane(start));
      if (b.loss != null) {
        store(b, start, m);
      }
      if (b.gradient != null) {
        gradient(b, start, m);
        scale(b, start, m);
      }
    }
  }

  /** exp(-|x|). */
  private static void exponentials(BceBlock b, int start, int n) {
    float[] x = b.x;
    float[] e = b.e;
    float[] eLo = b.eLo;
    int at = b.xAt + start;
    FloatVector most = broadcast(SPECIES, 104f);
    FloatVector magic = broadcast(SPECIES, ScalarMath.EXP_MINUS_MAGIC);
    FloatVector minusLog2e = broadcast(SPECIES, -ScalarMath.LOG2E);
    FloatVector unscale = broadcast(SPECIES, 0x1p-64f);
    FloatVector ln2Hi = broadcast(SPECIES, ScalarMath.LN2_HI);
    FloatVector ln2Lo = broadcast(SPECIES, ScalarMath.LN2_LO);
    FloatVector exp2 = broadcast(SPECIES, ScalarMath.EXP_2);
    FloatVector exp3 = broadcast(SPECIES, ScalarMath.EXP_3);
    FloatVector exp4 = broadcast(SPECIES, ScalarMath.EXP_4);
    FloatVector exp5 = broadcast(SPECIES, ScalarMath.EXP_5);
    FloatVector exp6 = broadcast(SPECIES, ScalarMath.EXP_6);
    int next = VectorMath.next(x, at, n);
    float touched = 0f;
    for (int i = 0; i < n; i += LENGTH) {
      touched += x[next + i];
      FloatVector a = fromArray(SPECIES, x, at + i).abs();
      a = a.blend(most, a.compare(GT, most));
      FloatVector kf = a.fma(minusLog2e, magic);
      FloatVector minusK = magic.sub(kf);
      FloatVector r = minusK.fma(ln2Lo, minusK.fma(ln2Hi, a.neg()));
      FloatVector q = exp6.fma(r, exp5).fma(r, exp4).fma(r, exp3).fma(r, exp2);
      FloatVector p = r.mul(r).fma(q, r);
      FloatVector power =
          kf.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats().mul(unscale);
      FloatVector hi = p.fma(power, power);
      hi.intoArray(e, i);
      p.fma(power, power.sub(hi)).intoArray(eLo, i);
    }
    b.touched = touched;
  }

  /** log(1 + exp(-|x|)), not normalised: to value and valueLo. */
  private static void logarithms(BceBlock b, int start, int n) {
    float[] es = b.e;
    float[] eLos = b.eLo;
    float[] value = b.value;
    float[] valueLo = b.valueLo;
    FloatVector lead = broadcast(SPECIES, ScalarMath.LOG_LEAD);
    FloatVector slope0 = broadcast(SPECIES, ScalarMath.LOG_SLOPE_0);
    FloatVector slope1 = broadcast(SPECIES, ScalarMath.LOG_SLOPE_1);
    FloatVector log2 = broadcast(SPECIES, ScalarMath.LOG_2);
    FloatVector log3 = broadcast(SPECIES, ScalarMath.LOG_3);
    FloatVector log4 = broadcast(SPECIES, ScalarMath.LOG_4);
    FloatVector log5 = broadcast(SPECIES, ScalarMath.LOG_5);
    FloatVector log6 = broadcast(SPECIES, ScalarMath.LOG_6);
    FloatVector log7 = broadcast(SPECIES, ScalarMath.LOG_7);
    FloatVector log8 = broadcast(SPECIES, ScalarMath.LOG_8);
    FloatVector log9 = broadcast(SPECIES, ScalarMath.LOG_9);
    FloatVector log10 = broadcast(SPECIES, ScalarMath.LOG_10);
    float[] t = b.t;
    int next = VectorMath.next(t, b.tAt + start, n);
    float touched = 0f;
    for (int i = 0; i < n; i += LENGTH) {
      touched += t[next + i];
      FloatVector e = fromArray(SPECIES, es, i);
      FloatVector p = log10.fma(e, log9).fma(e, log8).fma(e, log7).fma(e, log6);
      p = p.fma(e, log5).fma(e, log4).fma(e, log3).fma(e, log2);
      FloatVector m = e.mul(lead);
      FloatVector hi = m.fma(e, e);
      FloatVector lo = m.fma(e, e.sub(hi));
      lo = fromArray(SPECIES, eLos, i).fma(e.fma(slope1, slope0), lo);
      hi.intoArray(value, i);
      e.mul(e).fma(p, lo).intoArray(valueLo, i);
    }
    b.touched = touched;
  }

  private static void losses(BceBlock b, int start, int n) {
    float[] xs = b.x;
    float[] ts = b.t;
    float[] value = b.value;
    float[] valueLo = b.valueLo;
    int xAt = b.xAt + start;
    int tAt = b.tAt + start;
    FloatVector zero = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xAt + i);
      FloatVector q = fromArray(SPECIES, value, i);
      FloatVector p =
          fromArray(SPECIES, ts, tAt + i).neg().fma(x, zero.blend(x, x.compare(GT, zero)));
      FloatVector s = p.add(q);
      FloatVector z = s.sub(p);
      FloatVector lo = p.sub(s.sub(z)).add(q.sub(z)).add(fromArray(SPECIES, valueLo, i));
      FloatVector v = s.add(lo);
      v.intoArray(value, i);
      lo.sub(v.sub(s)).intoArray(valueLo, i);
    }
  }

  private static void posWeightedLosses(BceBlock b, int start, int n) {
    float[] xs = b.x;
    float[] ts = b.t;
    float[] posWeights = b.posWeight;
    float[] value = b.value;
    float[] valueLo = b.valueLo;
    int xAt = b.xAt + start;
    int tAt = b.tAt + start;
    int posWeightAt = b.posWeightAt + start;
    FloatVector zero = broadcast(SPECIES, 0f);
    FloatVector one = broadcast(SPECIES, 1f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xAt + i);
      FloatVector t = fromArray(SPECIES, ts, tAt + i);
      FloatVector pw = fromArray(SPECIES, posWeights, posWeightAt + i);
      VectorMask<Float> positive = x.compare(GE, zero);
      FloatVector ax = x.abs();
      FloatVector minus = t.neg();
      FloatVector u = one.add(minus);
      FloatVector uLo = minus.sub(u.sub(one));
      FloatVector pt = t.mul(pw);
      FloatVector ptLo = t.fma(pw, pt.neg());
      FloatVector f = pt.blend(u, positive);
      FloatVector p = f.mul(ax);
      FloatVector pLo = ptLo.blend(uLo, positive).fma(ax, f.fma(ax, p.neg()));
      FloatVector both = u.add(pt);
      FloatVector z = both.sub(u);
      FloatVector bothLo = u.sub(both.sub(z)).add(pt.sub(z)).add(uLo.add(ptLo));
      FloatVector l = fromArray(SPECIES, value, i);
      FloatVector lLo = fromArray(SPECIES, valueLo, i);
      FloatVector ln = l.add(lLo);
      FloatVector lnLo = lLo.sub(ln.sub(l));
      FloatVector q = ln.mul(both);
      FloatVector rest = pLo.add(ln.fma(both, q.neg()).add(ln.fma(bothLo, lnLo.mul(both))));
      FloatVector s = p.add(q);
      z = s.sub(p);
      FloatVector lo = p.sub(s.sub(z)).add(q.sub(z)).add(rest);
      FloatVector v = s.add(lo);
      v.intoArray(value, i);
      lo.sub(v.sub(s)).intoArray(valueLo, i);
    }
  }

  private static void weigh(BceBlock b, int start, int n) {
    float[] weights = b.w;
    float[] value = b.value;
    float[] valueLo = b.valueLo;
    int at = b.wAt + start;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector w = fromArray(SPECIES, weights, at + i);
      FloatVector v = fromArray(SPECIES, value, i);
      FloatVector product = v.mul(w);
      product.intoArray(value, i);
      fromArray(SPECIES, valueLo, i).fma(w, v.fma(w, product.neg())).intoArray(valueLo, i);
    }
  }

  /** Adds n pairs to the lanes of a stripe, which begin at {@code lane} and hold nothing yet. */
  static void add(float[] hi, float[] lo, int n, Lanes lanes, int lane) {
    float[] sumHi = lanes.hi;
    float[] sumLo = lanes.lo;
    for (int first = 0; first < Blocks.LANES; first += LENGTH) {
      FloatVector sum = broadcast(SPECIES, 0f);
      FloatVector rest = broadcast(SPECIES, 0f);
      for (int i = first; i < n; i += Blocks.LANES) {
        FloatVector v = fromArray(SPECIES, hi, i);
        FloatVector more = sum.add(v);
        FloatVector z = more.sub(sum);
        FloatVector error = sum.sub(more.sub(z)).add(v.sub(z));
        rest = rest.add(error.add(fromArray(SPECIES, lo, i)));
        sum = more;
      }
      sum.intoArray(sumHi, lane + first);
      rest.intoArray(sumLo, lane + first);
    }
  }

  private static void store(BceBlock b, int start, int n) {
    float[] value = b.value;
    float[] valueLo = b.valueLo;
    float[] losses = b.loss;
    int at = b.lossAt + start;
    if (b.w == null) {
      System.arraycopy(value, 0, losses, at, n);
      return;
    }
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector v = fromArray(SPECIES, value, i).add(fromArray(SPECIES, valueLo, i));
      v.intoArray(losses, at + i);
    }
  }

  /** Without weight and scale. */
  private static void gradient(BceBlock b, int start, int n) {
    float[] xs = b.x;
    float[] es = b.e;
    float[] eLos = b.eLo;
    float[] gradient = b.gradient;
    int xAt = b.xAt + start;
    int gradientAt = b.gradientAt + start;
    // With a weight of the positive part t is multiplied by it first.
    float[] ts = b.t;
    int tAt = b.tAt + start;
    float[] pts = ts;
    int ptAt = tAt;
    if (b.posWeight != null) {
      pts = b.value;
      ptAt = 0;
      multiply(ts, tAt, b.posWeight, b.posWeightAt + start, n, pts, 0);
    }
    FloatVector zero = broadcast(SPECIES, 0f);
    FloatVector one = broadcast(SPECIES, 1f);
    FloatVector reciprocal0 = broadcast(SPECIES, ScalarMath.RECIPROCAL_0);
    FloatVector reciprocal1 = broadcast(SPECIES, ScalarMath.RECIPROCAL_1);
    FloatVector reciprocal2 = broadcast(SPECIES, ScalarMath.RECIPROCAL_2);
    int next = VectorMath.next(gradient, gradientAt, n);
    float touched = 0f;
    for (int i = 0; i < n; i += LENGTH) {
      touched += gradient[next + i];
      VectorMask<Float> positive = fromArray(SPECIES, xs, xAt + i).compare(GE, zero);
      FloatVector u = one.sub(fromArray(SPECIES, ts, tAt + i));
      FloatVector minus = fromArray(SPECIES, pts, ptAt + i).neg();
      FloatVector e = fromArray(SPECIES, es, i);
      FloatVector d = e.add(one);
      FloatVector r = d.fma(reciprocal2, reciprocal1).fma(d, reciprocal0);
      d = d.neg();
      r = r.fma(d.fma(r, one), r);
      r = r.fma(d.fma(r, one), r);
      FloatVector n1 = minus.blend(u, positive);
      FloatVector n2 = u.blend(minus, positive);
      r.mul(n2.fma(e.add(fromArray(SPECIES, eLos, i)), n1)).intoArray(gradient, gradientAt + i);
    }
    b.touched = touched;
  }

  private static void scale(BceBlock b, int start, int n) {
    float[] gradient = b.gradient;
    int at = b.gradientAt + start;
    if (b.w != null) {
      multiply(gradient, at, b.w, b.wAt + start, n, gradient, at);
    }
    if (b.upstream == null) {
      VectorKernels.scaleWhole(gradient, at, n, b.scale);
      return;
    }
    float[] upstream = b.upstream;
    int upstreamAt = b.upstreamAt + start;
    FloatVector scale = broadcast(SPECIES, b.scale);
    FloatVector nan = broadcast(SPECIES, Float.NaN);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector c = scale.mul(fromArray(SPECIES, upstream, upstreamAt + i));
      FloatVector g = fromArray(SPECIES, gradient, at + i).mul(c);
      g.blend(nan, g.compare(NE, g)).intoArray(gradient, at + i);
    }
  }

  private static void multiply(
      float[] a, int aAt, float[] b, int bAt, int n, float[] to, int toAt) {
    for (int i = 0; i < n; i += LENGTH) {
      fromArray(SPECIES, a, aAt + i).mul(fromArray(SPECIES, b, bAt + i)).intoArray(to, toAt + i);
    }
  }
}
