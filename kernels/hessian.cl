// hessian.cl: the diagonal of the second derivative of cross entropy by the logits; put behind rows.cl in front of
// cross_entropy.cl.
//
// Maths
//   p_c = e / total of the term e of class c (rows.cl), q_c = 1 - p_c, and A, s, z as in cross_entropy.cl:
//   h_c = (s A + z) p_c q_c + 2 lambda s_z p_c^2
//   The factor (s A + z) / total is that of the gradient. q_c loses no digits where p_c is at most 1/2; where p_c is more,
//   which only a maximum's can be, q_c = others / total.
//   XGBoost has 2 s A p_c q_c in its place, at least 1e-16 s; LightGBM C / (C - 1) s A p_c q_c of C classes.
// Passes
//   None of its own: once a row, and for each term before it becomes the gradient.
// Launch contract
//   -D HESSIAN, and then WANT_GRADIENT. Not with SOFTMAX_FOCAL or TRANSFORM.

// The term of a maximum more likely than not.
INLINE fvec likely_term(fvec max, fvec shift, fvec magic, fvec others, fvec total) {
  return others + others < total ? exp_float(max - shift, magic) : (fvec)(CANONICAL_NAN);
}

// 2 lambda s_z / total.
INLINE fvec bend_of(fvec z_scale, fvec share) { return (z_scale + z_scale) * share; }

// h_c of the term e. factor: (s A + z) / total, share: 1 / total; crest: the term of q others / total, which is rest.
INLINE fvec hessian_of(fvec e, fvec factor, fvec share, fvec crest, fvec rest, fvec bend, fvec least) {
  fvec q = e == crest ? rest : fma(-e, share, (fvec)(1.0f));
  fvec h = fma(e * bend, e * share, e * factor * q);
  return canonical(h < least ? least : h);
}
