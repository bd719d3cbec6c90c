// hessian.cl: the diagonal of the second derivative of cross entropy by the logits; put behind rows.cl in front of
// cross_entropy.cl.
//
// Maths
//   p_c = e / total of the term e of class c (rows.cl), q_c = 1 - p_c, and A, s, z as in cross_entropy.cl:
//   h_c = (s A + z) p_c q_c + 2 lambda s_z p_c^2
//   The factor (s A + z) / total is that of the gradient. q_c loses no digits if p_c is at most 1/2. If p_c is more,
//   which only a maximum's can be, q_c = others / total.
//   -D SOFTMAX_FOCAL: A = F, and F depends on the logits, too.
//   With T = s w_y gamma O^gamma (p_y l (gamma p_y - 1) / O + 2 p_y), h_c = s A p_c q_c + T p_c p_c / O,
//   h_y = s A p_y q_y + T O. p_c / O, at most 1, is a term over the sum of all terms but that of
//   y. So O has no power below gamma, whatever gamma is.
//   XGBoost has 2 s A p_c q_c in its place, at least 1e-16 s; LightGBM C / (C - 1) s A p_c q_c of C classes.
// Passes
//   None of its own: it is computed once a row, and for each term before that becomes the gradient.
// Launch contract
//   -D HESSIAN, and then WANT_GRADIENT. Not with TRANSFORM.

// The term of a maximum that is more likely than not; NaN, which equals no term, if there is none.
INLINE fvec likely_term(fvec max, fvec shift, fvec magic, fvec others, fvec total) {
  return others + others < total ? exp_float(max - shift, magic) : (fvec)(CANONICAL_NAN);
}

// 2 lambda s_z / total.
INLINE fvec bend_of(fvec penalty_scale, fvec share) { return (penalty_scale + penalty_scale) * share; }

// q_c of a class with term e. share: 1 / total; crest: the term of a maximum more likely than not, whose q_c is rest.
INLINE fvec rest_of(fvec e, fvec share, fvec crest, fvec rest) {
  return e == crest ? rest : fma(-e, share, (fvec)(1.0f));
}

// h_c of a class with term e. factor: (s A + z) / total; bend times tail: the factor of p_c^2, over total^2.
INLINE fvec hessian_of(fvec e, fvec factor, fvec share, fvec crest, fvec rest, fvec bend, fvec tail, fvec least) {
  fvec q = rest_of(e, share, crest, rest);
  fvec h = fma(e * bend, e * tail, e * factor * q);
  return canonical(h < least ? least : h);
}

// h_y of softmax focal loss; e: y's term, bend: T, others: O.
INLINE fvec hessian_at_y(fvec e, fvec factor, fvec share, fvec crest, fvec rest, fvec bend, fvec others) {
  return canonical(fma(bend, others, e * factor * rest_of(e, share, crest, rest)));
}
