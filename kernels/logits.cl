// logits.cl: transforms a logit before anything else is done; put behind rows.cl in front of row_parts.cl, or in front of
//   elements.cl.
//
// Maths, in this order; v a logit, c the cap, T the temperature, b_k the bias of class k
//   y = c tanh(v / c), which is v where abs(v) is below 2^-13 c; then y / T; then y + b_k.
//   With w = 2 abs(v) / c as two floats and e = exp(-w) = 2^k (1 + p): tanh(abs(v) / c) = (1 - e) / (1 + e), where
//   1 - e = (1 - 2^k) - 2^k p loses no digits. dy / dv = 4 e / (1 + e)^2, since 1 - tanh^2 would cancel.
//   Errors: y 2 ULP before the bias is added, dy / dv 2 ULP.
//   Infinite v: -c and c with a cap, with slope 0. NaN stays NaN.
// Passes
//   None of its own: it is done each time a logit is read.
// Launch contract
//   One logit per lane. -D TRANSFORM, and those of -D SOFTCAP, TEMPERATURE, LOGIT_BIAS that are given; -D SLOPES with one of
//   the first two: gradients are multiplied by dy / dv. Terms are not kept: -D RECOMPUTE. bias: NULL without LOGIT_BIAS. The
//   host computes the numbers: c; 2 / c and 1 / T as two floats each.

// exp(-w - w_lo) = 2^k exp(r + c), |r| <= 0.35, w >= 0; scale: 2^k times the scale in magic.
typedef struct {
  fvec scale, r, c;
} reduced;

INLINE reduced reduce_minus(pair w, float magic) {
  reduced e;
  fvec kf = fma(w.hi, (fvec)(-LOG2E), (fvec)(magic));
  fvec k = kf - magic;
  e.scale = AS_FVEC(AS_UVEC(kf) << 23);
  e.r = fma(-k, (fvec)(LN2_HI), -w.hi);
  e.c = fma(-k, (fvec)(LN2_LO), -w.lo);
  return e;
}

// x * factor as two floats, but at most `most`; for NaN it is most.
INLINE pair product_up_to(fvec x, pair factor, fvec most) {
  fvec w = x * factor.hi;
  fvec w_lo = fma(x, factor.lo, fma(x, factor.hi, -w));
  ivec below = w < most;
  return make_pair(below ? w : most, below ? w_lo : (fvec)(0.0f));
}

// The capped logit; twice: 2 / cap.
INLINE fvec softcapped(fvec v, fvec cap, pair twice) {
  fvec x = fabs(v);
  pair w = product_up_to(x, twice, (fvec)(64.0f));
  reduced e = reduce_minus(w, EXP_NEAR_MAGIC);
  fvec s = e.scale;
  pair p = fast_two_sum(e.r, fma(e.r * e.r, exp_tail(e.r), fma(e.c, e.r, e.c)));
  fvec gap = 1.0f - s;
  fvec n = fma(-s, p.hi, gap);
  fvec n_lo = fma(-s, p.lo, fma(-s, p.hi, gap - n));
  fvec sum = 1.0f + s;
  fvec d = fma(s, p.hi, sum);
  fvec d_lo = fma(s, p.lo, fma(s, p.hi, sum - d));
  fvec inverse = reciprocal12(d);
  fvec q = n * inverse;
  q = fma(fma(-q, d, n) + fma(-q, d_lo, n_lo), inverse, q);
  fvec y = w.hi < 0x1p-12f ? x : q * cap;
  y = v < 0.0f ? -y : y;
  return v == v ? y : v;
}

INLINE fvec softcap_slope(fvec v, pair twice) {
  pair w = product_up_to(fabs(v), twice, (fvec)(107.0f));
  reduced e = reduce_minus(w, EXP_MINUS_MAGIC);  // 2^64 times e, which may be subnormal
  pair power = exp_core(e.r, e.c);
  fvec s = e.scale;
  fvec small = s * 0x1p-64f;
  pair d = fast_two_sum((fvec)(1.0f), small * power.hi);
  fvec d_lo = fma(small, power.lo, d.lo);
  fvec square = d.hi * d.hi;
  fvec square_lo = fma(d.hi + d.hi, d_lo, fma(d.hi, d.hi, -square));
  fvec q = quotient(4.0f * power.hi, 4.0f * power.lo, square, square_lo);
  fvec slope = q * s * 0x1p-64f;
  return v == v ? slope : v;
}

// v / T, inverse = 1 / T.
INLINE fvec cooled(fvec v, pair inverse) {
  fvec p = v * inverse.hi;
  fvec y = fma(v, inverse.hi, v * inverse.lo);
  return fabs(p) < INF ? y : p;
}

// The logits of element_loss.cl and of all kernels over rows. With a transform they are y.
#ifdef TRANSFORM
typedef struct {
  fvec cap;
  pair twice, inverse;
  __global const float *bias;
} logit_transform;

#define TRANSFORM_ARGUMENTS \
  , __global const float *restrict bias, float cap, float twice_hi, float twice_lo, float inverse_hi, float inverse_lo
#define TRANSFORM_HERE \
  { (fvec)(cap), {(fvec)(twice_hi), (fvec)(twice_lo)}, {(fvec)(inverse_hi), (fvec)(inverse_lo)}, bias }
#define TRANSFORM_OPERANDS \
  logit_transform given = TRANSFORM_HERE; \
  o.logits = given;
#define TRANSFORM_FIELD logit_transform logits;

INLINE fvec transformed(fvec v, fvec bias, const logit_transform *t) {
#ifdef SOFTCAP
  v = softcapped(v, t->cap, t->twice);
#endif
#ifdef TEMPERATURE
  v = cooled(v, t->inverse);
#endif
#ifdef LOGIT_BIAS
  v = v + bias;
#endif
  return v;
}

// dy / dv.
INLINE fvec slope_at(fvec v, const logit_transform *t) {
#ifdef SOFTCAP
  fvec slope = softcap_slope(v, t->twice);
#ifdef TEMPERATURE
  slope = cooled(slope, t->inverse);
#endif
  return slope;
#else
  return t->inverse.hi;
#endif
}

INLINE fvec bias_of(const logit_transform *t, int class) {
#ifdef LOGIT_BIAS
  return (fvec)(t->bias[class]);
#else
  return (fvec)(0.0f);
#endif
}

// Reads one logit, or several of one class.
#define LOGIT(v, class, o) transformed(v, bias_of(&(o)->logits, class), &(o)->logits)

// Transforms count vectors of logits, which are in v, of classes from class + i on. There are n; those after are -infinity.
INLINE void transform_several(fvec *v, const logit_transform *t, uint class, int i, int n, int count) {
  fvec bias[UNROLL];
#pragma unroll
  for (int j = 0; j < count; j++) bias[j] = (fvec)(0.0f);
#ifdef LOGIT_BIAS
  load_several(F32, t->bias, class, i, n, 0.0f, bias, count);
#endif
#pragma unroll
  for (int j = 0; j < count; j++) {
    v[j] = transformed(v[j], bias[j], t);
    if (n != BLOCK) v[j] = (ivec)(i + j * VEC) + IOTA < (ivec)(n) ? v[j] : (fvec)(-INF);
  }
}
#define TRANSFORM_SEVERAL(v, o, class, i, n, count) transform_several(v, &(o)->logits, class, i, n, count);
#else
#define TRANSFORM_ARGUMENTS
#define TRANSFORM_OPERANDS
#define TRANSFORM_FIELD
#define LOGIT(v, class, o) (v)
#define TRANSFORM_SEVERAL(v, o, class, i, n, count)
#endif

#ifdef SLOPES
#define SLOPE_AT(v, o) slope_at(v, &(o)->logits)
#else
#define SLOPE_AT(v, o) ((fvec)(1.0f))
#endif
