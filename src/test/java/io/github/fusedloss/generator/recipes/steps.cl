// steps.cl: what the recipes beside this file need and kernels write where they need it, as functions. They stand behind
// the functions of every kernel.

// ---- elements

INLINE fvec high_half(pair v) { return v.hi; }

INLINE fvec product(fvec a, fvec b) { return a * b; }

INLINE fvec rounded(pair v) { return v.hi + v.lo; }

INLINE fvec two_factors(fvec w, fvec scale, fvec upstream) { return w * scale * upstream; }

INLINE pair unweighted_smoothed_loss(fvec v, fvec t, pair keep, fvec spread_e, pair l) {
  return smoothed_loss(v, t, (fvec)(1.0f), keep, spread_e, l);
}

INLINE fvec unweighted_smoothed_slope(fvec v, fvec t, pair keep, fvec spread_e, pair e) {
  return smoothed_slope(v, t, (fvec)(1.0f), keep, spread_e, e);
}

// The element of sigmoid_bce.cl, and its weighted loss where that is not finite the usual way.
INLINE element logit_element(
    fvec v, fvec t, fvec pos_weight, const element_numbers *o, int weighted, fvec least) {
  logit_parts p = parts_of_logit(v);
  pair loss = binary_loss(v, t, pos_weight, o, weighted, p.l);
  element e = make_element(loss, binary_slope(v, t, pos_weight, o, p.e));
  e.bend = binary_bend(t, pos_weight, o, weighted, p.e, least);
  return e;
}

INLINE pair logit_limit(fvec v, fvec t, fvec pos_weight, const element_numbers *o, int weighted, fvec w) {
  fvec z = binary_limit(v, t, pos_weight, o, weighted, parts_of_logit(v).l);
  return make_pair(canonical(weighted_limit(z, w)), (fvec)(0.0f));
}

INLINE fvec scaled_gradient(fvec g, fvec scale) { return canonical(g * scale); }

INLINE pair exp_of_logit(fvec v) { return exp_minus(fabs(v)); }

// ---- rows of logits

INLINE pair distance_times_float(fvec v, fvec from, fvec p) { return distance_times(v, from, make_pair(p, (fvec)(0.0f))); }

INLINE pair weighted_distance_by_float(fvec v, fvec from, fvec p) {
  return weighted_distance(v, from, make_pair(p, (fvec)(0.0f)));
}

INLINE pair add_distance(pair sum, fvec from, fvec v) {
  pair d = distance_to(from, v);
  return accumulate(sum, d.hi, d.lo);
}

INLINE pair add_distance_times(pair sum, fvec v, fvec from, pair p) {
  pair d = distance_times(v, from, p);
  return accumulate(sum, d.hi, d.lo);
}

INLINE pair add_distance_times_float(pair sum, fvec v, fvec from, fvec p) {
  return add_distance_times(sum, v, from, make_pair(p, (fvec)(0.0f)));
}

INLINE fvec equal_gradient(fvec e, fvec factor, fvec spread) {
  return canonical(spread_gradient(e, (fvec)(1.0f), factor, spread));
}

INLINE fvec weighted_gradient(fvec e, fvec w, fvec factor, fvec spread) {
  return canonical(spread_gradient(e, w, factor, spread));
}

INLINE fvec given_gradient(fvec e, fvec q, fvec factor, fvec scale, fvec top, pair likely) {
  pair b = make_pair(q, (fvec)(0.0f));
  return canonical(share_gradient(e, b, factor, scale, top, likely));
}

INLINE fvec shared_gradient(fvec e, pair b, fvec factor, fvec scale, fvec top, pair likely) {
  return canonical(share_gradient(e, b, factor, scale, top, likely));
}

INLINE fvec log_softmax(fvec v, fvec max, pair log) { return canonical(log_of_softmax(v, max, log)); }

INLINE fvec biased(fvec v, fvec bias) { return v + bias; }

INLINE fvec times_slope(fvec e, fvec x, pair twice) { return canonical(e * softcap_slope(x, twice)); }

INLINE fvec times_cooled_slope(fvec e, fvec x, pair twice, pair inverse) {
  return canonical(e * cooled(softcap_slope(x, twice), inverse));
}

INLINE fvec times_inverse(fvec e, pair inverse) { return canonical(e * inverse.hi); }

typedef struct {
  fvec ties;
  pair rest;
} sums;

INLINE sums add_logit(sums s, fvec v, fvec max, fvec e) {
  s.ties += tie(v, max);
  s.rest = accumulate_float(s.rest, term_of_other(v, max, e));
  return s;
}
