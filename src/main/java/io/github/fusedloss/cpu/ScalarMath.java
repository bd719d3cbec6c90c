package io.github.fusedloss.cpu;

import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.abs;
import static java.lang.Math.fma;

/**
 * The arithmetic of kernels/numerics.cl on one float at a time: the same steps and coefficients,
 * hence the same bits. Maths and errors are stated there.
 *
 * <p>A pair, an unevaluated sum of two floats, is packed into a long so that it costs no object.
 */
final class ScalarMath {
  private ScalarMath() {}

  static final float LOG2E = 0x1.715476p+0f;
  static final float LN2_HI = 0x1.62e430p-1f;
  static final float LN2_LO = -0x1.05c610p-29f;
  static final float ROUND_TO_INT = 12582912.0f;
  static final float EXP_MINUS_MAGIC = 12583103.0f;
  static final float INF = Float.POSITIVE_INFINITY;

  static long pair(float hi, float lo) {
    return (long) floatToRawIntBits(hi) << 32 | floatToRawIntBits(lo) & 0xffffffffL;
  }

  static float hi(long pair) {
    return intBitsToFloat((int) (pair >>> 32));
  }

  static float lo(long pair) {
    return intBitsToFloat((int) pair);
  }

  static double toDouble(long pair) {
    float hi = hi(pair);
    return abs(hi) < INF ? (double) hi + lo(pair) : hi;
  }

  static float canonical(float v) {
    return v == v ? v : Float.NaN;
  }

  static long fastTwoSum(float a, float b) {
    float s = a + b;
    return pair(s, b - (s - a));
  }

  static long twoSum(float a, float b) {
    float s = a + b;
    float z = s - a;
    return pair(s, (a - (s - z)) + (b - z));
  }

  static long normalise(float hi, float lo) {
    if (!(abs(hi) < INF)) {
      return pair(hi, 0f);
    }
    return fastTwoSum(hi, lo);
  }

  static long add(long a, long b) {
    long s = twoSum(hi(a), hi(b));
    return normalise(hi(s), lo(s) + (lo(a) + lo(b)));
  }

  /** a * b, both pairs. */
  static long multiply(long a, long b) {
    float p = hi(a) * hi(b);
    float e = fma(hi(a), hi(b), -p);
    return normalise(p, e + fma(hi(a), lo(b), lo(a) * hi(b)));
  }

  /** a * b, a pair times a float. */
  static long multiply(long a, float b) {
    float p = hi(a) * b;
    return normalise(p, fma(lo(a), b, fma(hi(a), b, -p)));
  }

  /** v - s b. */
  static float lessShare(long v, float s, long b) {
    return fma(-s, hi(b), hi(v)) + fma(-s, lo(b), lo(v));
  }

  /** A loss times a weight, and 0 where that is 0 unless the loss is NaN. */
  static long weighted(long loss, float w) {
    if (w == 0f) {
      return hi(loss) == hi(loss) ? 0L : loss;
    }
    return multiply(loss, w);
  }

  static final float EXP_2 = 0.5f;
  static final float EXP_3 = 0x1.55547ep-3f;
  static final float EXP_4 = 0x1.55583cp-5f;
  static final float EXP_5 = 0x1.124ad4p-7f;
  static final float EXP_6 = 0x1.6a1152p-10f;

  /** q in exp(r) = 1 + r + r^2 q(r). */
  static float expTail(float r) {
    float q = fma(EXP_6, r, EXP_5);
    q = fma(q, r, EXP_4);
    q = fma(q, r, EXP_3);
    return fma(q, r, EXP_2);
  }

  /** exp(r + c) as a pair, |r| at most 0.35, c small. */
  static long expCore(float r, float c) {
    float head = 1.0f + r;
    float rest = fma(r * r, expTail(r), r - (head - 1.0f));
    return fastTwoSum(head, fma(c, head + rest, rest));
  }

  /** exp(-a) as a pair, a at least 0 or NaN. */
  static long expMinus(float a) {
    a = 104f < a ? 104f : a;
    float kf = fma(a, -LOG2E, EXP_MINUS_MAGIC);
    float k = kf - EXP_MINUS_MAGIC;
    float scale = intBitsToFloat(floatToRawIntBits(kf) << 23) * 0x1p-64f;
    float r = fma(-k, LN2_LO, fma(-k, LN2_HI, -a));
    float p = fma(r * r, expTail(r), r);
    float hi = fma(p, scale, scale);
    return pair(hi, fma(p, scale, scale - hi));
  }

  /** exp(x) 2^s, where magic = ROUND_TO_INT + 127 + s. */
  static float expFloat(float x, float magic) {
    float kf = fma(x, LOG2E, magic);
    float k = kf - magic;
    float scale = intBitsToFloat(floatToRawIntBits(kf) << 23);
    float r = fma(-k, LN2_LO, fma(-k, LN2_HI, x));
    return exp(r) * scale;
  }

  /** exp(r) rounded to one float, |r| at most 0.35. */
  static float exp(float r) {
    return fma(r, fma(r, expTail(r), 1.0f), 1.0f);
  }

  static final float LOG1P_LEAD = -0.25f;
  static final float LOG1P_SLOPE_0 = 0.97f;
  static final float LOG1P_SLOPE_1 = -0.48f;
  static final float LOG1P_2 = -0x1.ffffa6p-3f;
  static final float LOG1P_3 = 0x1.554df2p-2f;
  static final float LOG1P_4 = -0x1.ff2706p-3f;
  static final float LOG1P_5 = 0x1.935d24p-3f;
  static final float LOG1P_6 = -0x1.3a7b78p-3f;
  static final float LOG1P_7 = 0x1.b57b8p-4f;
  static final float LOG1P_8 = -0x1.d863eep-5f;
  static final float LOG1P_9 = 0x1.4b068p-6f;
  static final float LOG1P_10 = -0x1.b2ee4ep-9f;

  /** p in log(1 + e) = e - e^2 / 4 + e^2 p(e), e in [0, 1]. */
  static float log1pTail(float e) {
    float p = fma(LOG1P_10, e, LOG1P_9);
    p = fma(p, e, LOG1P_8);
    p = fma(p, e, LOG1P_7);
    p = fma(p, e, LOG1P_6);
    p = fma(p, e, LOG1P_5);
    p = fma(p, e, LOG1P_4);
    p = fma(p, e, LOG1P_3);
    return fma(p, e, LOG1P_2);
  }

  /** log(1 + e + eLo), e in [0, 1]; hi + lo not normalised. */
  static long log1pUnit(float e, float eLo) {
    float m = LOG1P_LEAD * e;
    float hi = fma(m, e, e);
    float lo = fma(m, e, e - hi);
    lo = fma(eLo, fma(e, LOG1P_SLOPE_1, LOG1P_SLOPE_0), lo);
    return pair(hi, fma(e * e, log1pTail(e), lo));
  }

  static final float RECIPROCAL_0 = 0x1.0f83e2p+1f;
  static final float RECIPROCAL_1 = -0x1.745d18p+0f;
  static final float RECIPROCAL_2 = 0x1.4afd6ap-2f;

  /** 1 / y, y in [1, 2]. */
  static float reciprocal12(float y) {
    float r = fma(y, RECIPROCAL_2, RECIPROCAL_1);
    r = fma(r, y, RECIPROCAL_0);
    r = fma(r, fma(-y, r, 1.0f), r);
    return fma(r, fma(-y, r, 1.0f), r);
  }

  static final float LOG_3 = 0x1.555506p-2f;
  static final float LOG_4 = -0x1.fffef2p-3f;
  static final float LOG_5 = 0x1.99d05ep-3f;
  static final float LOG_6 = -0x1.559d8ap-3f;
  static final float LOG_7 = 0x1.1ed424p-3f;
  static final float LOG_8 = -0x1.f317e0p-4f;
  static final float LOG_9 = 0x1.1e73a0p-3f;
  static final float LOG_10 = -0x1.07f7cep-3f;

  /** L in log(1 + f) = f - f^2 / 2 + f^3 L(f), f in [-1/3, 1/3]. */
  static float logTail(float f) {
    float p = fma(LOG_10, f, LOG_9);
    p = fma(p, f, LOG_8);
    p = fma(p, f, LOG_7);
    p = fma(p, f, LOG_6);
    p = fma(p, f, LOG_5);
    p = fma(p, f, LOG_4);
    return fma(p, f, LOG_3);
  }

  /** k ln 2 + log(1 + f + fLo), f in [-1/3, 1/3], k an integer. */
  static long logCore(float f, float fLo, float k) {
    float h = f * f;
    float hLo = fma(f, f, -h);
    float base = k * LN2_HI;
    float baseLo = fma(k, LN2_LO, fma(k, LN2_HI, -base));
    float a = base + f;
    float aLo = f - (a - base);
    float b = a + -0.5f * h;
    float bLo = -0.5f * h - (b - a);
    float g = 1.0f - f;
    g = fma(h, g, g);
    float lo = fma(h * f, logTail(f), -0.5f * hLo) + (aLo + bLo);
    return fastTwoSum(b, fma(fLo, g, lo + baseLo));
  }

  /** log(1 + u), u a pair above -1 + 2^-24, at most 2^31. */
  static long log1pPair(long u) {
    long y = twoSum(1.0f, hi(u));
    y = fastTwoSum(hi(y), lo(y) + lo(u));
    int bits = floatToRawIntBits(hi(y));
    int k = bits - 0x3f2aaaab >> 23;
    int shift = k << 23;
    float f = intBitsToFloat(bits - shift) - 1.0f;
    float fLo = lo(y) * intBitsToFloat(0x3f800000 - shift);
    return k == 0 ? logCore(hi(u), lo(u), k) : logCore(f, fLo, k);
  }

  /** n / (d + dLo), d positive; zero, infinite and NaN d by the rules of IEEE 754. */
  static float divide(float n, float d, float dLo) {
    return divide(n, 0f, d, dLo);
  }

  /** n / d, pairs. */
  static float divide(long n, long d) {
    return divide(hi(n), lo(n), hi(d), lo(d));
  }

  private static float divide(float n, float nLo, float d, float dLo) {
    int bits = floatToRawIntBits(d);
    float m = intBitsToFloat(bits & 0x007fffff | 0x3f800000);
    float r = reciprocal12(m) * intBitsToFloat(0x7f000000 - (bits & 0x7f800000));
    float q = n * r;
    float corrected = fma(fma(-q, d, n) + fma(-q, dLo, nLo), r, q);
    float result = abs(corrected) < INF ? corrected : q;
    result = d == 0.0f ? n * INF : result;
    return d < INF ? result : d == d ? n * 0.0f : d;
  }
}
