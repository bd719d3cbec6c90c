package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.EXP_MINUS_MAGIC;
import static io.github.fusedloss.cpu.ScalarMath.LN2_HI;
import static io.github.fusedloss.cpu.ScalarMath.LN2_LO;
import static io.github.fusedloss.cpu.ScalarMath.LOG2E;
import static java.lang.Math.abs;
import static java.lang.Math.fma;
import static java.lang.Math.max;
import static java.lang.Math.min;

/** {@link ScalarKernels#bceWithLogits} of finite numbers, in loops over a {@link Strip}. */
final class LogitsPasses {
  private LogitsPasses() {}

  /** The block's sum; not finite, and everything of no meaning, if an element has to be judged. */
  static long run(BceBlock b, Lanes lanes) {
    lanes.clear(b.n, false);
    Strip strip = lanes.strip();
    for (int start = 0; start < b.n; start += Strip.LENGTH) {
      int n = min(Strip.LENGTH, b.n - start);
      run(b, start, n, strip);
      strip.sum(strip.hi, strip.lo, lanes, start, n);
    }
    return strip.total(lanes);
  }

  private static void run(BceBlock b, int start, int n, Strip strip) {
    Strip.load(b.x, b.xAt + start, n, strip.x);
    Strip.load(b.t, b.tAt + start, n, strip.t);
    exponents(strip.x, strip.kf, n);
    Strip.powersOfTwo(strip.kf, strip.power, n);
    exponentials(strip.x, strip.kf, strip.power, strip.e, strip.eLo, n);
    logarithms(strip.e, strip.eLo, strip.hi, strip.lo, n);
    float[] q = strip.t;
    if (b.posWeight == null) {
      losses(strip.x, strip.t, strip.hi, strip.lo, n);
    } else {
      Strip.load(b.posWeight, b.posWeightAt + start, n, strip.w);
      weighted(strip, n);
      q = strip.q;
    }
    Strip.fastTwoSum(strip.hi, strip.lo, n);
    if (b.gradient != null) {
      terms(strip.x, strip.t, q, strip.f, strip.fLo, n);
    }
    if (b.w != null) {
      Strip.load(b.w, b.wAt + start, n, strip.w);
      Strip.multiply(strip.hi, strip.lo, strip.w, n);
    }
    if (b.loss != null) {
      float[] loss = strip.hi;
      if (b.w != null) {
        loss = strip.g;
        add(strip.hi, strip.lo, loss, n);
      }
      System.arraycopy(loss, 0, b.loss, b.lossAt + start, n);
    }
    if (b.gradient != null) {
      gradients(strip.f, strip.fLo, strip.e, strip.eLo, strip.g, n);
      strip.finish(b, start, n);
    }
  }

  /** Logarithms to losses with positive weight w: a |x| + b log1p(exp(-|x|)), all of it pairs. */
  private static void weighted(Strip s, int n) {
    BcePasses.complements(s.t, s.u, s.uLo, n);
    Strip.product(s.t, s.w, s.q, s.qLo, n);
    choose(s.x, s.u, s.q, s.f, n);
    choose(s.x, s.uLo, s.qLo, s.fLo, n);
    absolute(s.x, s.kf, n);
    Strip.multiply(s.f, s.fLo, s.kf, n);
    Strip.add(s.u, s.uLo, s.q, s.qLo, n);
    Strip.fastTwoSum(s.hi, s.lo, n);
    Strip.multiply(s.hi, s.lo, s.u, s.uLo, n);
    Strip.add(s.hi, s.lo, s.f, s.fLo, n);
  }

  private static void exponents(float[] x, float[] kf, int n) {
    for (int i = 0; i < n; i++) {
      kf[i] = fma(min(abs(x[i]), 104f), -LOG2E, EXP_MINUS_MAGIC);
    }
  }

  /** The rest of {@link ScalarMath#expMinus}. */
  private static void exponentials(
      float[] x, float[] kf, float[] power, float[] e, float[] eLo, int n) {
    for (int i = 0; i < n; i++) {
      float a = min(abs(x[i]), 104f);
      float k = kf[i] - EXP_MINUS_MAGIC;
      float scale = power[i] * 0x1p-64f;
      float r = fma(-k, LN2_LO, fma(-k, LN2_HI, -a));
      float p = fma(r * r, ScalarMath.expTail(r), r);
      float hi = fma(p, scale, scale);
      e[i] = hi;
      eLo[i] = fma(p, scale, scale - hi);
    }
  }

  /** {@link ScalarMath#log1pUnit}. */
  private static void logarithms(float[] es, float[] eLo, float[] l, float[] lLo, int n) {
    for (int i = 0; i < n; i++) {
      float e = es[i];
      float m = -0.25f * e;
      float hi = fma(m, e, e);
      float lo = fma(m, e, e - hi);
      lo = fma(eLo[i], fma(e, -0.48f, 0.97f), lo);
      l[i] = hi;
      lLo[i] = fma(e * e, ScalarMath.log1pTail(e), lo);
    }
  }

  /** Logarithms to losses, max(x, 0) - t x + log1p(exp(-|x|)); not normalised. */
  private static void losses(float[] x, float[] t, float[] hi, float[] lo, int n) {
    for (int i = 0; i < n; i++) {
      float p = fma(-t[i], x[i], max(x[i], 0f));
      float l = hi[i];
      float s = p + l;
      float z = s - p;
      hi[i] = s;
      lo[i] = ((p - (s - z)) + (l - z)) + lo[i];
    }
  }

  private static void choose(float[] x, float[] positive, float[] other, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      float h = Strip.positive(x[i]);
      to[i] = positive[i] * h + other[i] * (1f - h);
    }
  }

  private static void absolute(float[] x, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = abs(x[i]);
    }
  }

  private static void add(float[] hi, float[] lo, float[] sum, int n) {
    for (int i = 0; i < n; i++) {
      sum[i] = hi[i] + lo[i];
    }
  }

  /** u and -q where x is positive, -q and u where it is not; u = 1 - t, q = t or w t. */
  private static void terms(float[] x, float[] t, float[] q, float[] n1, float[] n2, int n) {
    for (int i = 0; i < n; i++) {
      float h = Strip.positive(x[i]);
      float no = 1f - h;
      float u = 1f - t[i];
      float pt = q[i];
      n1[i] = u * h - pt * no;
      n2[i] = u * no - pt * h;
    }
  }

  private static void gradients(float[] n1, float[] n2, float[] e, float[] eLo, float[] g, int n) {
    for (int i = 0; i < n; i++) {
      g[i] = ScalarMath.reciprocal12(1f + e[i]) * fma(n2[i], e[i] + eLo[i], n1[i]);
    }
  }
}
