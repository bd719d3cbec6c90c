// row_outputs.cl: outputs of each row besides its loss; put behind cross_entropy.cl in front of cross_entropy_rows.cl.
//
// Maths (rows.cl)
//   The logarithm of the target's probability is -(lse - x_y) of cross_entropy.cl. The entropy -sum p_c log p_c is
//   sum p_c (lse - x_c) = log + moment / total: two terms >= 0, no cancellation. Before the target come classes with a larger
//   logit, and those with the same logit and a lower index.
//   For rows without a softmax both are NaN. Their maximum and the order of classes are defined nevertheless, unless a
//   logit is NaN. cross_entropy_rows.cl treats these rows, and ignored ones.
// Passes
//   None of its own: lowest_class() and comes_before() are for each logit, the rest is for each row.
// Launch contract
//   One row (or block) per lane. -D ROW_OUTPUTS; without it there is nothing here.

#ifdef ROW_OUTPUTS

// The entropy of a row that has a softmax. Like the next function's result it is never -0.
INLINE fvec entropy_of(const row_part *row, const row_sums *s) {
  fvec mean = quotient(row->moment.hi, row->moment.lo, s->total.hi, s->total.lo);
  return pair_add(s->log, make_pair(mean, (fvec)(0.0f))).hi;
}

INLINE fvec log_probability_of(const row_part *row, const row_sums *s, const row_target *target) {
  return 0.0f - loss_of_class(row, s, target).hi;
}

// The class, if its logit is the largest; otherwise INT_MAX.
INLINE ivec lowest_class(fvec v, fvec max, ivec class) { return v == max ? class : (ivec)(INT_MAX); }

// 1 if the class comes before the target, else 0.
INLINE ivec comes_before(fvec v, ivec class, const row_target *target) {
  return v > target->x || (v == target->x && class < target->y) ? (ivec)(1) : (ivec)(0);
}

#endif
