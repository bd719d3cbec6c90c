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

/** Binary cross entropy of logits, and their sigmoid, for {@link VectorKernels}. */
final class VectorBceWithLogits {
  private VectorBceWithLogits() {}

  static final VectorPasses<BceBlock> LOSSES =
      new VectorPasses<>(
          VectorBceWithLogits::exponentials,
          VectorBceWithLogits::logarithms,
          VectorBceWithLogits::losses,
          VectorBceWithLogits::posWeights,
          VectorBceWithLogits::posWeightedLosses,
          VectorBceWithLogits::weigh,
          VectorBceWithLogits::sum,
          VectorBceWithLogits::store,
          VectorBceWithLogits::posWeightedTargets,
          VectorBceWithLogits::gradient,
          VectorBceWithLogits::scaleGradient);

  /** From x to the gradient of the block. */
  static final VectorPasses<BceBlock> SIGMOID =
      new VectorPasses<>(
          VectorBceWithLogits::exponentials,
          VectorBceWithLogits::reciprocals,
          VectorBceWithLogits::sigmoid);

  /** exp(-|x|). */
  private static void exponentials(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] x = b.x;
    float[] e = s.e;
    float[] eLo = s.eLo;
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
    s.touched = touched;
  }

  /** log(1 + exp(-|x|)), not normalised. */
  private static void logarithms(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] es = s.e;
    float[] eLos = s.eLo;
    float[] to = s.hi;
    float[] toLo = s.lo;
    FloatVector lead = broadcast(SPECIES, ScalarMath.LOG1P_LEAD);
    FloatVector slope0 = broadcast(SPECIES, ScalarMath.LOG1P_SLOPE_0);
    FloatVector slope1 = broadcast(SPECIES, ScalarMath.LOG1P_SLOPE_1);
    FloatVector log2 = broadcast(SPECIES, ScalarMath.LOG1P_2);
    FloatVector log3 = broadcast(SPECIES, ScalarMath.LOG1P_3);
    FloatVector log4 = broadcast(SPECIES, ScalarMath.LOG1P_4);
    FloatVector log5 = broadcast(SPECIES, ScalarMath.LOG1P_5);
    FloatVector log6 = broadcast(SPECIES, ScalarMath.LOG1P_6);
    FloatVector log7 = broadcast(SPECIES, ScalarMath.LOG1P_7);
    FloatVector log8 = broadcast(SPECIES, ScalarMath.LOG1P_8);
    FloatVector log9 = broadcast(SPECIES, ScalarMath.LOG1P_9);
    FloatVector log10 = broadcast(SPECIES, ScalarMath.LOG1P_10);
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
      hi.intoArray(to, i);
      e.mul(e).fma(p, lo).intoArray(toLo, i);
    }
    s.touched = touched;
  }

  private static void losses(BceBlock b, Lanes lanes, int start, int n) {
    if (b.posWeight != null) {
      return;
    }
    Strip s = lanes.strip();
    float[] xs = b.x;
    float[] ts = b.t;
    float[] value = s.hi;
    float[] valueLo = s.lo;
    int xAt = b.xAt + start;
    int tAt = b.tAt + start;
    FloatVector zero = broadcast(SPECIES, 0f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xAt + i);
      FloatVector q = fromArray(SPECIES, value, i);
      FloatVector p =
          fromArray(SPECIES, ts, tAt + i).neg().fma(x, zero.blend(x, x.compare(GT, zero)));
      FloatVector sum = p.add(q);
      FloatVector z = sum.sub(p);
      FloatVector lo = p.sub(sum.sub(z)).add(q.sub(z)).add(fromArray(SPECIES, valueLo, i));
      FloatVector v = sum.add(lo);
      v.intoArray(value, i);
      lo.sub(v.sub(sum)).intoArray(valueLo, i);
    }
  }

  /** The factor of |x| times |x|, left as f, and that of the logarithm, left as u. */
  private static void posWeights(BceBlock b, Lanes lanes, int start, int n) {
    if (b.posWeight == null) {
      return;
    }
    Strip s = lanes.strip();
    float[] xs = b.x;
    float[] ts = b.t;
    float[] weights = b.posWeight;
    float[] product = s.f;
    float[] productLo = s.fLo;
    float[] factor = s.u;
    float[] factorLo = s.uLo;
    int xAt = b.xAt + start;
    int tAt = b.tAt + start;
    int weightAt = b.posWeightAt + start;
    FloatVector zero = broadcast(SPECIES, 0f);
    FloatVector one = broadcast(SPECIES, 1f);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector x = fromArray(SPECIES, xs, xAt + i);
      FloatVector t = fromArray(SPECIES, ts, tAt + i);
      FloatVector w = fromArray(SPECIES, weights, weightAt + i);
      VectorMask<Float> positive = x.compare(GE, zero);
      FloatVector minus = t.neg();
      FloatVector u = one.add(minus);
      FloatVector uLo = minus.sub(u.sub(one));
      FloatVector pt = t.mul(w);
      FloatVector ptLo = t.fma(w, pt.neg());
      FloatVector ax = x.abs();
      FloatVector f = pt.blend(u, positive);
      FloatVector p = f.mul(ax);
      p.intoArray(product, i);
      ptLo.blend(uLo, positive).fma(ax, f.fma(ax, p.neg())).intoArray(productLo, i);
      FloatVector both = u.add(pt);
      FloatVector z = both.sub(u);
      both.intoArray(factor, i);
      u.sub(both.sub(z)).add(pt.sub(z)).add(uLo.add(ptLo)).intoArray(factorLo, i);
    }
  }

  private static void posWeightedLosses(BceBlock b, Lanes lanes, int start, int n) {
    if (b.posWeight == null) {
      return;
    }
    Strip s = lanes.strip();
    float[] product = s.f;
    float[] productLo = s.fLo;
    float[] factor = s.u;
    float[] factorLo = s.uLo;
    float[] value = s.hi;
    float[] valueLo = s.lo;
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector l = fromArray(SPECIES, value, i);
      FloatVector lLo = fromArray(SPECIES, valueLo, i);
      FloatVector both = fromArray(SPECIES, factor, i);
      FloatVector p = fromArray(SPECIES, product, i);
      FloatVector ln = l.add(lLo);
      FloatVector lnLo = lLo.sub(ln.sub(l));
      FloatVector q = ln.mul(both);
      FloatVector rest =
          ln.fma(both, q.neg()).add(ln.fma(fromArray(SPECIES, factorLo, i), lnLo.mul(both)));
      rest = fromArray(SPECIES, productLo, i).add(rest);
      FloatVector sum = p.add(q);
      FloatVector z = sum.sub(p);
      FloatVector lo = p.sub(sum.sub(z)).add(q.sub(z)).add(rest);
      FloatVector v = sum.add(lo);
      v.intoArray(value, i);
      lo.sub(v.sub(sum)).intoArray(valueLo, i);
    }
  }

  private static void weigh(BceBlock b, Lanes lanes, int start, int n) {
    if (b.w != null) {
      Strip s = lanes.strip();
      VectorPasses.multiply(s.hi, s.lo, b.w, b.wAt + start, n);
    }
  }

  private static void sum(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    VectorPasses.sum(s.hi, s.lo, lanes, start, n);
  }

  private static void store(BceBlock b, Lanes lanes, int start, int n) {
    if (b.loss == null) {
      return;
    }
    Strip s = lanes.strip();
    float[] value = s.hi;
    float[] valueLo = s.lo;
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

  private static void posWeightedTargets(BceBlock b, Lanes lanes, int start, int n) {
    if (b.gradient != null && b.posWeight != null) {
      float[] to = lanes.strip().q;
      VectorPasses.multiply(b.t, b.tAt + start, b.posWeight, b.posWeightAt + start, n, to, 0);
    }
  }

  /** Without weight and scale. */
  private static void gradient(BceBlock b, Lanes lanes, int start, int n) {
    if (b.gradient == null) {
      return;
    }
    Strip s = lanes.strip();
    float[] xs = b.x;
    float[] es = s.e;
    float[] eLos = s.eLo;
    float[] gradient = b.gradient;
    float[] ts = b.t;
    float[] pts = b.posWeight == null ? ts : s.q;
    int xAt = b.xAt + start;
    int tAt = b.tAt + start;
    int ptAt = b.posWeight == null ? tAt : 0;
    int gradientAt = b.gradientAt + start;
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
    s.touched = touched;
  }

  private static void scaleGradient(BceBlock b, Lanes lanes, int start, int n) {
    if (b.gradient == null) {
      return;
    }
    float[] gradient = b.gradient;
    int at = b.gradientAt + start;
    float[] weights = b.w;
    float[] upstream = b.upstream;
    if (weights == null && upstream == null) {
      VectorKernels.scaleWhole(gradient, at, n, b.scale);
      return;
    }
    int weightAt = b.wAt + start;
    int upstreamAt = b.upstreamAt + start;
    FloatVector scale = broadcast(SPECIES, b.scale);
    FloatVector nan = broadcast(SPECIES, Float.NaN);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector factor = scale;
      if (weights != null) {
        factor = factor.mul(fromArray(SPECIES, weights, weightAt + i));
      }
      if (upstream != null) {
        factor = factor.mul(fromArray(SPECIES, upstream, upstreamAt + i));
      }
      FloatVector g = fromArray(SPECIES, gradient, at + i).mul(factor);
      g.blend(nan, g.compare(NE, g)).intoArray(gradient, at + i);
    }
  }

  /** 1 / (1 + exp(-|x|)), the low half of the exponential left out. */
  private static void reciprocals(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] es = s.e;
    float[] to = s.f;
    FloatVector one = broadcast(SPECIES, 1f);
    FloatVector reciprocal0 = broadcast(SPECIES, ScalarMath.RECIPROCAL_0);
    FloatVector reciprocal1 = broadcast(SPECIES, ScalarMath.RECIPROCAL_1);
    FloatVector reciprocal2 = broadcast(SPECIES, ScalarMath.RECIPROCAL_2);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector y = fromArray(SPECIES, es, i).add(one);
      FloatVector r = y.fma(reciprocal2, reciprocal1).fma(y, reciprocal0);
      y = y.neg();
      r = r.fma(y.fma(r, one), r);
      r.fma(y.fma(r, one), r).intoArray(to, i);
    }
  }

  private static void sigmoid(BceBlock b, Lanes lanes, int start, int n) {
    Strip s = lanes.strip();
    float[] xs = b.x;
    float[] es = s.e;
    float[] eLos = s.eLo;
    float[] reciprocals = s.f;
    float[] out = b.gradient;
    int xAt = b.xAt + start;
    int outAt = b.gradientAt + start;
    FloatVector zero = broadcast(SPECIES, 0f);
    FloatVector one = broadcast(SPECIES, 1f);
    FloatVector nan = broadcast(SPECIES, Float.NaN);
    for (int i = 0; i < n; i += LENGTH) {
      FloatVector e = fromArray(SPECIES, es, i);
      FloatVector eLo = fromArray(SPECIES, eLos, i);
      FloatVector r = fromArray(SPECIES, reciprocals, i);
      // Both halves of minus 1 + e.
      FloatVector y = e.add(one);
      FloatVector yLo = one.sub(y).add(e).add(eLo).neg();
      y = y.neg();
      r = r.fma(yLo.fma(r, y.fma(r, one)), r);
      FloatVector m = e.add(eLo).mul(r);
      FloatVector rest = m.fma(y, e).add(m.fma(yLo, eLo));
      m = rest.fma(r, m).blend(r, fromArray(SPECIES, xs, xAt + i).compare(GE, zero));
      m.blend(nan, m.compare(NE, m)).intoArray(out, outAt + i);
    }
  }
}
