// softmax_rows.cl: what the kernels over rows call for softmax, log_softmax and logsumexp; put behind row_parts.cl and
// softmax.cl.
//
// Maths
//   softmax.cl.
// Passes
//   Those of rows_in_order.cl or rows_in_lanes.cl. softmax keeps its terms and scales them; log_softmax reads the row
//   again.
// Launch contract
//   logits.cl. -D SOFTMAX, LOG_SOFTMAX or LOGSUMEXP. A row has nothing but its logits.

#define KERNEL(stage) softmax##stage

#ifndef LOGSUMEXP
#define WANT_ELEMENTS
#endif
#ifdef SOFTMAX
#define KEEP_TERMS
#endif

#define OWN_ARGUMENTS TRANSFORM_ARGUMENTS
typedef struct {
  __global result *out;
  TRANSFORM_FIELD
} row_operands;
#define ROW_OPERANDS \
  row_operands o = {out}; \
  TRANSFORM_OPERANDS

// There are no targets, weights or probabilities.
typedef int row_target;
#define load_target(o, x, r, count, step) 0
#define settle_target(t, o)
#define class_weight(o, class) (fvec)(1.0f)
#define class_weights(o, class, i, n, v, count) (v)[0] = (fvec)(1.0f)
#define load_shares(o, at, i, n, v, count) (v)[0] = (fvec)(0.0f)

INLINE void finish_rows(
    const row_operands *o, const row_part *row, const row_sums *s, const row_target *target, ulong r, int count) {
#ifdef LOGSUMEXP
  store(row_logsumexp(row, s), o->out + r, 0, count);
#endif
}

typedef struct {
  fvec factor, max;
  pair log;
  ivec undefined, ignored;
} slope;

INLINE slope slope_of(
    const row_part *row, const row_part *block, const row_sums *s, const row_target *target, const row_operands *o) {
  slope g;
  g.factor = row_factor(row, block, s);
  g.max = row->max;
  g.log = s->log;
  g.undefined = s->undefined;
  g.ignored = (ivec)(0);
  return g;
}

// The result of an element that needs no care. Those of log_softmax always do.
#define SCALED(term, factor) probability(term, factor)

// The softmax of a defined row is the term times the factor, both finite, and at most 1.
INLINE ivec careful(const slope *g) {
#ifdef SOFTMAX
  return g->undefined;
#else
  return (ivec)(-1);
#endif
}

INLINE fvec element_of(fvec v, fvec q, fvec w, ivec is_y, const slope *g, fvec dy, const row_operands *o) {
  row_part row;
  row_sums s;
  row.max = g->max;
  s.log = g->log;
  s.undefined = g->undefined;
  return result_of(v, g->factor, &row, &s);
}

#ifdef SOFTMAX
#define EACH_SLOPE_FIELD(g, DO) DO(0, (g)->factor)
#define SLOPE_FIELDS 1
#else
#define EACH_SLOPE_FIELD(g, DO) \
  DO(0, (g)->factor) \
  DO(1, (g)->max) \
  DO(2, (g)->log.hi) \
  DO(3, (g)->log.lo)
#define SLOPE_FIELDS 4
#endif
