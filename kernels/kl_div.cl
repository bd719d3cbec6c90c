// kl_div.cl: a term of the Kullback-Leibler divergence; put in front of element_loss.cl.
//
// Maths, x a log-probability of the model, t a probability of the target
//   loss = t (log t - x), gradient = -t. The logarithm, the difference and the product are pairs; 0 log 0 is 0.
//   -D LOG_TARGET: t is a log-probability too. loss = exp(t) (t - x), its difference exact, gradient = -exp(t).
//   Infinite x and t take the limits: a class of probability 0 adds nothing, whatever its log-probability is in the model.
//   A probability below 0 gives NaN.
// Passes
//   Formulas for element_loss.cl, which has the pass.
// Launch contract
//   None of its own.

// exp(x); below 2^-126 rounded to a multiple of 2^-149. 2^k is applied as two factors, since it may be out of range.
INLINE pair exp_pair(fvec x) {
  x = x < -104.0f ? (fvec)(-104.0f) : x;
  x = 89.0f < x ? (fvec)(89.0f) : x;
  fvec kf = fma(x, (fvec)(LOG2E), (fvec)(ROUND_TO_INT));
  fvec k = kf - ROUND_TO_INT;
  fvec r = fma(-k, (fvec)(LN2_LO), fma(-k, (fvec)(LN2_HI), x));
  fvec p = fma(r * r, exp_tail(r), r);
  ivec whole = AS_IVEC(AS_UVEC(kf) - AS_UVEC((fvec)(ROUND_TO_INT)));
  ivec half_of_it = whole >> 1;
  fvec first = AS_FVEC(AS_UVEC((half_of_it + 127) << 23));
  fvec second = AS_FVEC(AS_UVEC((whole - half_of_it + 127) << 23));
  fvec hi = fma(p, first, first);
  return make_pair(hi * second, fma(p, first, first - hi) * second);
}

// Makes a product of 0 +0, whatever the signs of its factors.
INLINE pair positive_zero(pair v) { return make_pair(v.hi + 0.0f, v.lo); }

// The term for finite x, and t in [0, inf).
INLINE pair divergence(fvec x, fvec t) {
  pair l = log_pair(t);
  pair d = two_sum(l.hi, -x);
  return positive_zero(pair_scale(fast_two_sum(d.hi, d.lo + l.lo), t));
}

// The term for finite x and t, where p is exp(t).
INLINE pair log_divergence(fvec x, fvec t, pair p) { return positive_zero(pair_mul(p, two_sum(t, -x))); }

// The term where a number is infinite, NaN or below 0; v is the result of divergence().
INLINE fvec limit_of_divergence(fvec x, fvec t, fvec v) {
  ivec far = !(fabs(x) < INF) || !(t < INF);
  fvec z = far ? t * ((t == INF ? t : (fvec)(0.0f)) - x) : v;
  z = t == 0.0f && x == x ? (fvec)(0.0f) : z;
  return canonical(t < 0.0f ? (fvec)(CANONICAL_NAN) : z);
}

INLINE fvec limit_of_log_divergence(fvec x, fvec t, pair p) {
  fvec d = t - x;
  ivec nothing = t == -INF || d == 0.0f;
  fvec z = fabs(x) == INF && fabs(t) < INF ? -x : p.hi * d;
  return canonical(nothing && x == x ? (fvec)(0.0f) : z);
}

INLINE fvec divergence_slope(fvec t) { return 0.0f - t; }

INLINE fvec log_divergence_slope(pair p) { return 0.0f - (p.hi + p.lo); }

INLINE element element_of(
    fvec x, fvec t, fvec pos_weight, const element_numbers *o, int weighted, int soft_targets, int careful) {
#ifdef LOG_TARGET
  pair p = exp_pair(t);
  pair v = log_divergence(x, t, p);
  ivec usual = fabs(v.hi) < INF;
  fvec z = v.hi;
  if (careful) z = limit_of_log_divergence(x, t, p);
  fvec slope = log_divergence_slope(p);
#else
  pair v = divergence(x, t);
  ivec usual = fabs(v.hi) < INF && !(t < 0.0f);
  fvec z = (fvec)(CANONICAL_NAN);
  if (careful) z = limit_of_divergence(x, t, v.hi);
  fvec slope = divergence_slope(t);
#endif
  return make_element(make_pair(usual ? v.hi : z, usual ? v.lo : (fvec)(0.0f)), slope);
}

#define ELEMENT_FILL 0.0f
