// softmax.cl: softmax, log_softmax and logsumexp of rows of logits: what is computed after a row is summed. softmax_rows.cl
// connects it with the kernels over rows.
//
// Maths (rows.cl)
//   softmax = term(x) / total, at most 1; log_softmax = (x - max) - log; logsumexp = max + log.
//   A row with NaN, +infinity or nothing but -infinity is NaN; its logsumexp is NaN, +infinity, -infinity.
// Passes
//   None of its own.
// Launch contract
//   One row per lane. -D SOFTMAX, LOG_SOFTMAX or LOGSUMEXP.

// A logsumexp is always float32; the others are stored in the type of the logits.
#ifdef LOGSUMEXP
typedef float result;
#else
typedef input result;
#endif

// The factor that turns terms of a block into results; block is row itself if there is one.
INLINE fvec row_factor(const row_part *row, const row_part *block, const row_sums *s) {
  fvec one = divide((fvec)(1.0f), s->total.hi, s->total.lo);
  return block == row ? one : block_coefficient(block, row, one);
}

// (v - max) - log. Near the largest float the computation of the error overflows; there v - max is the result.
INLINE fvec log_of_softmax(fvec v, fvec max, pair log) {
  pair d = two_sum(v, -max);
  pair t = two_sum(d.hi, -log.hi);
  fvec r = t.hi + (t.lo + (d.lo - log.lo));
  return fabs(r) < INF ? r : t.hi;
}

// The probability from a term. Term and total are rounded separately, so that the product may exceed 1.
INLINE fvec probability(fvec term, fvec factor) {
  fvec p = term * factor;
  return p > 1.0f ? (fvec)(1.0f) : p;
}

// The result from a term (softmax) or a logit (log_softmax).
INLINE fvec result_of(fvec v, fvec factor, const row_part *row, const row_sums *s) {
#ifdef SOFTMAX
  fvec r = probability(v, factor);
#else
  fvec r = log_of_softmax(v, row->max, s->log);
#endif
  return s->undefined ? (fvec)(CANONICAL_NAN) : canonical(r);
}
