package io.github.fusedloss.cpu;

import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.abs;
import static java.lang.Math.fma;
import static java.lang.Math.max;
import static java.lang.Math.min;

/** {@link ScalarKernels#bce} of finite weights, in loops over a {@link Strip}. */
final class BcePasses {
  private BcePasses() {}

  /** The block's sum; not finite, and everything of no meaning, if an element has to be judged. */
  static long run(BceBlock b, Lanes lanes) {
    lanes.clear(b.n, false);
    Strip s = lanes.strip();
    for (int start = 0; start < b.n; start += Strip.LENGTH) {
      int n = min(Strip.LENGTH, b.n - start);
      Strip.load(b.x, b.xAt + start, n, s.x);
      Strip.load(b.t, b.tAt + start, n, s.t);
      losses(s, n);
      if (b.w != null) {
        Strip.load(b.w, b.wAt + start, n, s.w);
        Strip.multiply(s.hi, s.lo, s.w, n);
        Strip.fastTwoSum(s.hi, s.lo, n);
      }
      if (b.loss != null) {
        System.arraycopy(s.hi, 0, b.loss, b.lossAt + start, n);
      }
      if (b.gradient != null) {
        divisors(s.x, s.q, n);
        parts(s.q, s.f, s.power, n);
        reciprocals(s.f, s.power, n);
        gradients(s.x, s.t, s.q, s.f, s.g, n);
        s.finish(b, start, n);
      }
      s.sum(s.hi, s.lo, lanes, start, n);
    }
    return s.total(lanes);
  }

  /** -(1 - t) log(1 - p) - t log(p), logarithms from -100 up. */
  private static void losses(Strip s, int n) {
    complements(s.x, s.q, s.qLo, n);
    exponents(s.q, s.kf, s.f, s.power, n);
    arguments(s.x, s.kf, s.f, s.f, n);
    lowHalves(s.qLo, s.kf, s.power, s.fLo, n);
    logarithmsOfZero(s.q, s.kf, n);
    minusLog(s, s.hi, s.lo, n);
    complements(s.t, s.q, s.qLo, n);
    Strip.multiply(s.hi, s.lo, s.q, s.qLo, n);
    Strip.fastTwoSum(s.hi, s.lo, n);

    scale(s.x, s.q, n);
    exponents(s.q, s.kf, s.f, s.power, n);
    reduce(s.kf, s.f, s.fLo, n);
    minusLog(s, s.u, s.uLo, n);
    Strip.multiply(s.u, s.uLo, s.t, n);
    Strip.fastTwoSum(s.u, s.uLo, n);

    Strip.add(s.hi, s.lo, s.u, s.uLo, n);
    Strip.fastTwoSum(s.hi, s.lo, n);
  }

  /** 1 - t, a pair. */
  static void complements(float[] t, float[] hi, float[] lo, int n) {
    for (int i = 0; i < n; i++) {
      float u = 1f - t[i];
      hi[i] = u;
      lo[i] = -t[i] - (u - 1f);
    }
  }

  /** Splits y = 2^k m, m in [2/3, 4/3); and 2^-k. */
  private static void exponents(float[] y, float[] ks, float[] m, float[] inverse, int n) {
    for (int i = 0; i < n; i++) {
      int bits = floatToRawIntBits(y[i]);
      int k = bits - 0x3f2aaaab >> 23;
      int shift = k << 23;
      ks[i] = k;
      m[i] = intBitsToFloat(bits - shift);
      inverse[i] = intBitsToFloat(0x3f800000 - shift);
    }
  }

  /**
   * The argument of {@link ScalarMath#logCore} for log(1 - p) = log(2^k m): -p itself where k is 0.
   */
  private static void arguments(float[] p, float[] k, float[] m, float[] f, int n) {
    for (int i = 0; i < n; i++) {
      float direct = zero(k[i]);
      f[i] = (m[i] - 1f) * (1f - direct) - p[i] * direct;
    }
  }

  /** Its low half, of 1 - p = y + yLo, which -p has none of. */
  private static void lowHalves(float[] yLo, float[] k, float[] inverse, float[] fLo, int n) {
    for (int i = 0; i < n; i++) {
      fLo[i] = yLo[i] * inverse[i] * (1f - zero(k[i]));
    }
  }

  /** Where y = 1 - p is zero, so small a logarithm that it counts as -100. */
  private static void logarithmsOfZero(float[] y, float[] k, int n) {
    for (int i = 0; i < n; i++) {
      k[i] = k[i] - 64f * max(1f - y[i] * 0x1p100f, 0f);
    }
  }

  /** 1 where the integer k is 0, else 0. */
  private static float zero(float k) {
    return max(1f - abs(k), 0f);
  }

  /** p 2^64: never subnormal, nor -0, whose sign would be taken for part of the exponent. */
  private static void scale(float[] p, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = abs(p[i]) * 0x1p64f;
    }
  }

  /** The same for log(p), of which the strip has p 2^64. */
  private static void reduce(float[] k, float[] f, float[] fLo, int n) {
    for (int i = 0; i < n; i++) {
      f[i] = f[i] - 1f;
      fLo[i] = 0f;
      k[i] = k[i] - 64f;
    }
  }

  /** {@link ScalarMath#logCore}, negated, at most 100. */
  private static void minusLog(Strip s, float[] hi, float[] lo, int n) {
    s.logarithms(hi, lo, n);
    clamp(hi, lo, n);
  }

  private static void clamp(float[] hi, float[] lo, int n) {
    for (int i = 0; i < n; i++) {
      lo[i] = -lo[i] * Strip.positive(100f + hi[i]);
      hi[i] = min(-hi[i], 100f);
    }
  }

  private static void divisors(float[] p, float[] d, int n) {
    for (int i = 0; i < n; i++) {
      d[i] = max((1f - p[i]) * p[i], 1e-12f);
    }
  }

  /** d's significand, and the power of two that makes 1 / d of its reciprocal. */
  private static void parts(float[] d, float[] m, float[] power, int n) {
    for (int i = 0; i < n; i++) {
      int bits = floatToRawIntBits(d[i]);
      m[i] = intBitsToFloat(bits & 0x007fffff | 0x3f800000);
      power[i] = intBitsToFloat(0x7f000000 - (bits & 0x7f800000));
    }
  }

  private static void reciprocals(float[] m, float[] power, int n) {
    for (int i = 0; i < n; i++) {
      m[i] = ScalarMath.reciprocal12(m[i]) * power[i];
    }
  }

  /** {@link ScalarMath#divide} of p - t by d, whose reciprocal is r. */
  private static void gradients(float[] p, float[] t, float[] d, float[] r, float[] g, int n) {
    for (int i = 0; i < n; i++) {
      float dividend = p[i] - t[i];
      float q = dividend * r[i];
      g[i] = fma(fma(-q, 0f, fma(-q, d[i], dividend)), r[i], q);
    }
  }
}
