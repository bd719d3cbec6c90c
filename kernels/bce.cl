// bce.cl: binary cross entropy of probabilities; put in front of element_loss.cl.
//
// Maths
//   loss = w ((1 - t) min(-log(1 - p), 100) + t min(-log p, 100)); both logarithms and the sum as pairs.
//   gradient = (w scale upstream) (p - t) / max((1 - p) p, 1e-12). It is PyTorch's, which ignores the clamp.
//   The order of the factors, label smoothing and row weights are as in sigmoid_bce.cl.
// Passes
//   Formulas for element_loss.cl, which has the pass. A p or t outside [0, 1] is refused.
// Launch contract
//   None of its own.

// -log(p), at most 100, for p in [0, 1]. p 2^64 is never subnormal. If it is 0, it is replaced by exp(-132), so that the result
// is 100.
INLINE pair clamped_log(fvec p) {
  uvec y = AS_UVEC(fabs(p) * 0x1p64f);
  ivec k = AS_IVEC(y - 0x3f2aaaabu) >> 23;
  pair l = log_core(AS_FVEC(y - AS_UVEC(k << 23)) - 1.0f, (fvec)(0.0f), CONVERT_FVEC(k) - 64.0f);
  fvec v = -l.hi;
  ivec below = v < 100.0f;
  return make_pair(below ? v : (fvec)(100.0f), below ? -l.lo : (fvec)(0.0f));
}

// -log(1 - p), at most 100, for p in [0, 1]. Only p = 1 gives more than 17.
INLINE pair clamped_log_complement(fvec p) {
  pair l = log_around_one(fast_two_sum((fvec)(1.0f), -p), -p, (fvec)(0.0f));
  ivec below = p < 1.0f;
  return make_pair(below ? -l.hi : (fvec)(100.0f), below ? -l.lo : (fvec)(0.0f));
}

INLINE pair probability_loss(fvec p, fvec t) {
  pair negative = pair_mul(clamped_log_complement(p), fast_two_sum((fvec)(1.0f), -t));
  return pair_add(negative, pair_scale(clamped_log(p), t));
}

INLINE pair smoothed_probability_loss(fvec p, fvec t, pair keep, fvec spread_e) {
  pair negative = pair_mul(clamped_log_complement(p), smoothed_rest(t, keep, spread_e));
  return pair_add(negative, pair_mul(clamped_log(p), binary_smoothed(make_pair(t, (fvec)(0.0f)), keep, spread_e)));
}

// The gradient without its factors. It divides by (1 - p) p as divide() does, none of whose special cases can occur.
INLINE fvec slope_of_difference(fvec p, fvec difference) {
  fvec product = (1.0f - p) * p;
  fvec d = product > 1e-12f ? product : (fvec)(1e-12f);
  fvec r = reciprocal(d);
  fvec q = difference * r;
  return fma(fma(-q, d, difference), r, q);
}

INLINE fvec probability_slope(fvec p, fvec t) { return slope_of_difference(p, p - t); }

INLINE fvec smoothed_probability_slope(fvec p, fvec t, pair keep, fvec spread_e) {
  pair s = binary_smoothed(make_pair(t, (fvec)(0.0f)), keep, spread_e);
  pair d = two_sum(p, -s.hi);
  return slope_of_difference(p, d.hi + (d.lo - s.lo));
}

INLINE element element_of(
    fvec p, fvec t, fvec pos_weight, const element_numbers *o, int weighted, int soft_targets, int careful) {
#ifdef LABEL_SMOOTHING
  pair loss = smoothed_probability_loss(p, t, o->keep, o->spread_e);
  return make_element(loss, smoothed_probability_slope(p, t, o->keep, o->spread_e));
#else
  return make_element(probability_loss(p, t), probability_slope(p, t));
#endif
}

#define ELEMENT_FILL 0.5f
#define REFUSED(p, t) (!(p >= 0.0f && p <= 1.0f && t >= 0.0f && t <= 1.0f))
