// numerics.cl: the arithmetic that every other kernel is written in; the host puts it in front of each of them.
//
// Rules: float32 only, and only + - * fma, integer and bit operations, compares and selects, each of
// which IEEE 754 and OpenCL define to the last bit. No built-in exp or log, no division, no contraction.
// The Java executors are made from the functions here (ci/generate): same bits everywhere.
//
// Maths (errors are relative, measured over every float of the domain; docs/numerics.md)
//   pair           an unevaluated sum hi + lo of two floats, about 48 bits (double-float).
//   exp_core       exp(r) = (1 + r) + r^2 q(r), the first sum exact, q of degree 4.      2^-26.4
//   exp_minus      exp(-a) as a pair, a >= 0: k = rint(-a log2 e), r = -a - k ln 2, 2^k + 2^k (exp(r) - 1): the
//                  sum is rounded once and its error kept, in the subnormal range too.    2^-24.5
//   exp_float      1 + r (1 + r q(r)), rounded to one float, for the many terms of a softmax.    2^-23.6
//   log1p_unit     log(1 + e), e in [0, 1]: e - e^2/4 exactly, + e^2 R(e), R of degree 8, below 0.06.   2^-24.6
//   log1p_pair     log(1 + u): 1 + u = 2^k (1 + f), f in [-1/3, 1/3), f - f^2/2 + f^3 L(f), L of degree 7.
//   reciprocal     quadratic start on [1, 2), two Newton steps; divide() corrects the quotient once more.
// Scaling by 2^32 keeps the pairs of a softmax out of the subnormal range.
// Every function works on fvec = float, float4 or float16 (-D VEC=1, 4 or 16); one problem per lane.
//
// Launch contract: none of its own; needs IEEE float32 with subnormals, no fp64, no fp16, no sub-groups.

#pragma OPENCL FP_CONTRACT OFF

// Always inlined: PoCL 3.1 loses stores to local memory in a function that it does not inline (tree() in blocks.cl).
#define INLINE static inline __attribute__((always_inline))

#ifndef VEC
#define VEC 1
#endif

#if VEC == 1
typedef float fvec;
typedef int ivec;
typedef uint uvec;
#define AS_FVEC as_float
#define AS_UVEC as_uint
#define AS_IVEC as_int
#define CONVERT_FVEC convert_float
#define LOAD(p, i) ((p)[i])
#define STORE(v, p, i) ((p)[i] = (v))
#define IOTA 0
#define CONVERT_IVEC convert_int
#define ANY(c) (c)
#elif VEC == 4
typedef float4 fvec;
typedef int4 ivec;
typedef uint4 uvec;
#define AS_FVEC as_float4
#define AS_UVEC as_uint4
#define AS_IVEC as_int4
#define CONVERT_FVEC convert_float4
#define LOAD(p, i) vload4(0, (p) + (i))
#define STORE(v, p, i) vstore4(v, 0, (p) + (i))
#define IOTA ((int4)(0, 1, 2, 3))
#define CONVERT_IVEC convert_int4
#define ANY(c) any(c)
#else
typedef float16 fvec;
typedef int16 ivec;
typedef uint16 uvec;
#define AS_FVEC as_float16
#define AS_UVEC as_uint16
#define AS_IVEC as_int16
#define CONVERT_FVEC convert_float16
#define LOAD(p, i) vload16(0, (p) + (i))
#define STORE(v, p, i) vstore16(v, 0, (p) + (i))
#define IOTA ((int16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
#define CONVERT_IVEC convert_int16
#define ANY(c) any(c)
#endif

// The one NaN that leaves this library, since devices differ in the NaNs they make.
#define CANONICAL_NAN as_float(0x7fc00000)
#define INF as_float(0x7f800000)

#define LOG2E 0x1.715476p+0f
#define LN2_HI 0x1.62e430p-1f
#define LN2_LO -0x1.05c610p-29f
// 1.5 * 2^23: adding it rounds to an integer and leaves that integer in the low bits. With the exponent bias
// 127 and a scale added, those bits shifted left by 23 are the float 2^(k + scale).
#define ROUND_TO_INT 12582912.0f
#define EXP_NEAR_MAGIC 12583039.0f
#define EXP_MINUS_MAGIC 12583103.0f  // a scale of 2^64, removed by a product that may be subnormal

typedef struct {
  fvec hi, lo;
} pair;

INLINE pair make_pair(fvec hi, fvec lo) {
  pair p;
  p.hi = hi;
  p.lo = lo;
  return p;
}

INLINE fvec canonical(fvec v) { return v == v ? v : (fvec)(CANONICAL_NAN); }

// a + b exactly, |a| >= |b| (or a == 0).
INLINE pair fast_two_sum(fvec a, fvec b) {
  fvec s = a + b;
  return make_pair(s, b - (s - a));
}

// a + b exactly.
INLINE pair two_sum(fvec a, fvec b) {
  fvec s = a + b;
  fvec z = s - a;
  return make_pair(s, (a - (s - z)) + (b - z));
}

// Adds hi + lo to a running sum whose halves are kept apart; normalise() ends it.
INLINE pair accumulate(pair sum, fvec hi, fvec lo) {
  pair s = two_sum(sum.hi, hi);
  return make_pair(s.hi, sum.lo + (s.lo + lo));
}

// hi + lo renormalised. An infinite or NaN hi stays, whatever its error term became.
INLINE pair normalise(fvec hi, fvec lo) {
  pair p = fast_two_sum(hi, lo);
  ivec finite = fabs(hi) < INF;
  return make_pair(finite ? p.hi : hi, finite ? p.lo : (fvec)(0.0f));
}

INLINE pair pair_add(pair a, pair b) {
  pair s = two_sum(a.hi, b.hi);
  return normalise(s.hi, s.lo + (a.lo + b.lo));
}

INLINE pair pair_mul(pair a, pair b) {
  fvec p = a.hi * b.hi;
  fvec e = fma(a.hi, b.hi, -p);
  return normalise(p, e + fma(a.hi, b.lo, a.lo * b.hi));
}

INLINE pair pair_scale(pair a, fvec b) {
  fvec p = a.hi * b;
  return normalise(p, fma(a.lo, b, fma(a.hi, b, -p)));
}

INLINE pair pair_select(pair no, pair yes, ivec c) {
  return make_pair(c ? yes.hi : no.hi, c ? yes.lo : no.lo);
}

// q in exp(r) = 1 + r + r^2 q(r), |r| <= 0.35.
INLINE fvec exp_tail(fvec r) {
  fvec q = fma((fvec)(0x1.6a1152p-10f), r, (fvec)(0x1.124ad4p-7f));
  q = fma(q, r, (fvec)(0x1.55583cp-5f));
  q = fma(q, r, (fvec)(0x1.55547ep-3f));
  return fma(q, r, (fvec)(0.5f));
}

// exp(r + c), |r| <= 0.35, c small.
INLINE pair exp_core(fvec r, fvec c) {
  fvec head = 1.0f + r;
  fvec rest = fma(r * r, exp_tail(r), r - (head - 1.0f));
  return fast_two_sum(head, fma(c, head + rest, rest));
}

// exp(-a), where k = rint(-a log2 e) and scale = 2^k.
INLINE pair exp_minus_scaled(fvec a, fvec k, fvec scale) {
  fvec r = fma(-k, (fvec)(LN2_LO), fma(-k, (fvec)(LN2_HI), -a));
  fvec p = fma(r * r, exp_tail(r), r);
  fvec hi = fma(p, scale, scale);
  return make_pair(hi, fma(p, scale, scale - hi));
}

// exp(-a) for a >= 0 or NaN.
INLINE pair exp_minus(fvec a) {
  a = 104.0f < a ? (fvec)(104.0f) : a;
  fvec kf = fma(a, (fvec)(-LOG2E), (fvec)(EXP_MINUS_MAGIC));
  return exp_minus_scaled(a, kf - EXP_MINUS_MAGIC, AS_FVEC(AS_UVEC(kf) << 23) * 0x1p-64f);
}

// exp_minus() for a <= EXP_NEAR, where 2^k is normal: the same bits with three operations less.
#define EXP_NEAR 86.0f
INLINE pair exp_minus_near(fvec a) {
  fvec kf = fma(a, (fvec)(-LOG2E), (fvec)(EXP_NEAR_MAGIC));
  return exp_minus_scaled(a, kf - EXP_NEAR_MAGIC, AS_FVEC(AS_UVEC(kf) << 23));
}

// exp(r) rounded to one float, |r| <= 0.35.
INLINE fvec exp_reduced(fvec r) { return fma(r, fma(r, exp_tail(r), (fvec)(1.0f)), (fvec)(1.0f)); }

// exp(x) 2^s, where magic = ROUND_TO_INT + 127 + s and x log2 e + s + 127 is in [1, 254]; |x| <= 2^15.
INLINE fvec exp_float(fvec x, fvec magic) {
  fvec kf = fma(x, (fvec)(LOG2E), magic);
  fvec k = kf - magic;
  fvec scale = AS_FVEC(AS_UVEC(kf) << 23);
  fvec r = fma(-k, (fvec)(LN2_LO), fma(-k, (fvec)(LN2_HI), x));
  return exp_reduced(r) * scale;
}

// exp_float() for x that is a number: the same bits with an operation less on GPUs, since 2^k goes straight to the exponent.
// magic: that of exp_float() less 127. (It rounds to the same integer: no float times LOG2E is halfway between two so small.)
INLINE fvec exp_number(fvec x, fvec magic) {
  fvec kf = fma(x, (fvec)(LOG2E), magic);
  fvec k = kf - magic;
  fvec r = fma(-k, (fvec)(LN2_LO), fma(-k, (fvec)(LN2_HI), x));
  return AS_FVEC(AS_UVEC(exp_reduced(r)) + (AS_UVEC(kf) << 23));
}

// log(1 + e + e_lo), e in [0, 1], as hi + lo with |lo| <= hi / 12: not normalised.
INLINE pair log1p_unit(fvec e, fvec e_lo) {
  fvec p = fma((fvec)(-0x1.b2ee4ep-9f), e, (fvec)(0x1.4b068p-6f));
  p = fma(p, e, (fvec)(-0x1.d863eep-5f));
  p = fma(p, e, (fvec)(0x1.b57b8p-4f));
  p = fma(p, e, (fvec)(-0x1.3a7b78p-3f));
  p = fma(p, e, (fvec)(0x1.935d24p-3f));
  p = fma(p, e, (fvec)(-0x1.ff2706p-3f));
  p = fma(p, e, (fvec)(0x1.554df2p-2f));
  p = fma(p, e, (fvec)(-0x1.ffffa6p-3f));
  fvec m = -0.25f * e;
  fvec hi = fma(m, e, e);
  fvec lo = fma(m, e, e - hi);
  // 0.97 - 0.48 e is 1 / (1 + e) to 3 %, which is enough for e_lo.
  lo = fma(e_lo, fma(e, (fvec)(-0.48f), (fvec)(0.97f)), lo);
  return make_pair(hi, fma(e * e, p, lo));
}

// 1 / y for y in [1, 2], one unit in the last place.
INLINE fvec reciprocal12(fvec y) {
  fvec r = fma(y, (fvec)(0x1.4afd6ap-2f), (fvec)(-0x1.745d18p+0f));
  r = fma(r, y, (fvec)(0x1.0f83e2p+1f));
  r = fma(r, fma(-y, r, (fvec)(1.0f)), r);
  return fma(r, fma(-y, r, (fvec)(1.0f)), r);
}

// k ln 2 + log(1 + f + f_lo), f in [-1/3, 1/3], k an integer (k = 0 or |k ln 2| > |f|).
INLINE pair log_core(fvec f, fvec f_lo, fvec k) {
  fvec h = f * f;
  fvec h_lo = fma(f, f, -h);
  fvec base = k * LN2_HI;
  fvec base_lo = fma(k, (fvec)(LN2_LO), fma(k, (fvec)(LN2_HI), -base));
  pair a = fast_two_sum(base, f);
  pair b = fast_two_sum(a.hi, -0.5f * h);
  fvec g = 1.0f - f;
  g = fma(h, g, g);  // 1 / (1 + f) to 1 %, which is enough for f_lo
  fvec p = fma((fvec)(-0x1.07f7cep-3f), f, (fvec)(0x1.1e73a0p-3f));
  p = fma(p, f, (fvec)(-0x1.f317e0p-4f));
  p = fma(p, f, (fvec)(0x1.1ed424p-3f));
  p = fma(p, f, (fvec)(-0x1.559d8ap-3f));
  p = fma(p, f, (fvec)(0x1.99d05ep-3f));
  p = fma(p, f, (fvec)(-0x1.fffef2p-3f));
  p = fma(p, f, (fvec)(0x1.555506p-2f));
  fvec lo = fma(h * f, p, -0.5f * h_lo) + (a.lo + b.lo);
  return fast_two_sum(b.hi, fma(f_lo, g, lo + base_lo));
}

// log(y) for y = 1 + u: u itself is the f of log_core where it is below 1/3 in size, so that tiny u keep all their
// digits; otherwise y is split as 2^k m, m in [2/3, 4/3).
INLINE pair log_around_one(pair y, fvec u, fvec u_lo) {
  ivec k = AS_IVEC(AS_UVEC(y.hi) - 0x3f2aaaabu) >> 23;  // 0x3f2aaaab is 2/3
  uvec shift = AS_UVEC(k << 23);
  fvec f = AS_FVEC(AS_UVEC(y.hi) - shift) - 1.0f;
  fvec f_lo = y.lo * AS_FVEC((uvec)(0x3f800000u) - shift);
  ivec direct = k == 0;
  return log_core(direct ? u : f, direct ? u_lo : f_lo, CONVERT_FVEC(k));
}

// log(1 + u + u_lo) for a normalised pair u in (-1, 2^31]; u > -1 + 2^-24.
INLINE pair log1p_pair(fvec u, fvec u_lo) {
  pair y = two_sum((fvec)(1.0f), u);
  return log_around_one(fast_two_sum(y.hi, y.lo + u_lo), u, u_lo);
}

// log(t) for t > 0; for 0 it is some finite number.
INLINE pair log_pair(fvec t) {
  ivec small = t < 0x1p-64f;
  uvec y = AS_UVEC(t * (small ? (fvec)(0x1p64f) : (fvec)(1.0f)));
  ivec k = AS_IVEC(y - 0x3f2aaaabu) >> 23;
  fvec f = AS_FVEC(y - AS_UVEC(k << 23)) - 1.0f;
  return log_core(f, (fvec)(0.0f), CONVERT_FVEC(k) - (small ? (fvec)(64.0f) : (fvec)(0.0f)));
}

// exp(-g a) for a >= 0, where a is a pair whose halves do not overlap; not normalised.
INLINE pair exp_minus_times(pair a, fvec g) {
  fvec p = a.hi * g;
  fvec p_lo = fma(a.lo, g, fma(a.hi, g, -p));
  pair e = exp_minus(p);
  return make_pair(e.hi, fma(-e.hi, p_lo, e.lo));
}

// 1 / d for d > 0 where d and 1 / d are normal, one unit in the last place.
INLINE fvec reciprocal(fvec d) {
  fvec m = AS_FVEC((AS_UVEC(d) & 0x007fffffu) | 0x3f800000u);
  return reciprocal12(m) * AS_FVEC((uvec)(0x7f000000u) - (AS_UVEC(d) & 0x7f800000u));
}

// (n + n_lo) / (d + d_lo), d > 0 with d and 1 / d normal, almost correctly rounded.
INLINE fvec quotient(fvec n, fvec n_lo, fvec d, fvec d_lo) {
  fvec r = reciprocal(d);
  fvec q = n * r;
  fvec corrected = fma(fma(-q, d, n) + fma(-q, d_lo, n_lo), r, q);
  return fabs(corrected) < INF ? corrected : q;
}

// quotient() that also treats zero, infinite and NaN d by the rules of IEEE 754.
INLINE fvec pair_divide(fvec n, fvec n_lo, fvec d, fvec d_lo) {
  fvec result = quotient(n, n_lo, d, d_lo);
  result = d == 0.0f ? n * INF : result;
  return d < INF ? result : (d == d ? n * 0.0f : d);
}

INLINE fvec divide(fvec n, fvec d, fvec d_lo) { return pair_divide(n, (fvec)(0.0f), d, d_lo); }
