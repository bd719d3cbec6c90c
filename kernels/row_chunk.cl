// row_chunk.cl: what is done with some classes of VEC rows, one row per lane; put behind row_tile.cl or row_items.cl, which
// say where they are, in front of rows_in_order.cl.
//
// Maths
//   rows.cl, and what NOUN.cl makes of a row.
// Passes
//   look_at: the maximum. add_up: the sums, and terms instead of the logits. make_results: results instead of these.
// Launch contract
//   row_tile.cl or row_items.cl, and NOUN_rows.cl. For class c of a chunk: READ reads its logit; KEEP_TERM keeps its term;
//   STORED is what is where results will be; SHARE is its probability; RESULT and CURVE store its result and second derivative.

#ifndef TILE_MEMORY
#define TILE_MEMORY __local
#endif

#ifdef LINE
// Classes in tiles of local memory, or of registers, in COLUMNs of these: count classes from class first on. shares: the tile
// of probabilities; curves: that of the second derivative.
typedef struct {
  TILE_MEMORY float *column;
  int first, count;
#ifdef PROBABILITIES
  TILE_MEMORY float *shares;
#endif
#ifdef HESSIAN
  TILE_MEMORY float *curves;
#endif
} chunk;

#ifdef PROBABILITIES
#define SHARES_HERE , COLUMN(shares)
#else
#define SHARES_HERE
#endif
#ifdef HESSIAN
#define CURVES_HERE , COLUMN(curves)
#else
#define CURVES_HERE
#endif
#define CHUNK_HERE \
  { COLUMN(tile), c0, COUNT_HERE(m) SHARES_HERE CURVES_HERE }
#define READ(here, c) LINE((here)->column, c)
#define STORED(here, c) LINE((here)->column, c)
#define KEEP_TERM(here, c, e) LINE((here)->column, c) = (e)
#define RESULT(here, c, v) LINE((here)->column, c) = (v)
#define CURVE(here, c, v) LINE((here)->curves, c) = (v)
#define SHARE(here, c) LINE((here)->shares, c)
#if defined(KEEP_TERMS) && defined(RECOMPUTE) && !defined(TRANSFORM)
#define TERMS_AGAIN
#endif
#endif

#ifdef PROBABILITIES
#define SHARE_OF(here, c) SHARE(here, c)
#else
#define SHARE_OF(here, c) ((fvec)(0.0f))
#endif

#ifdef HAS_CLASS
// Targets are looked up if rows are read one by one, or if all logits are compared with them. Otherwise they are found in
// passing.
#if VEC == 1 || defined(ROW_OUTPUTS)
#define LOOK_UP_TARGETS
// Looks up the targets of these rows.
INLINE void look_up(row_target *target, __global const input *x, place w, layout of) {
  float class[VEC], logit[VEC];
  STORE(AS_FVEC(target->y), class, 0);
  for (int k = 0; k < VEC; k++) {
    int y = as_int(class[k]);
    ulong at = VEC == 1 ? w.at + y * of.inner : (w.n * of.classes + y) * of.inner + w.offset;
    logit[k] = k < w.count && y >= 0 ? load_one(INPUT, x, at) : 0.0f;
    if (++w.offset == of.inner) {
      w.offset = 0;
      w.n++;
    }
  }
  target->x = LOAD(logit, 0);
}
#endif
#endif

// Finds the largest logits; and those of the targets, if they are found in passing. On GPUs, where that saves more than it
// costs, it finds the smallest logits too, which is -infinity if there is a NaN.
INLINE void look_at(const chunk *here, fvec *widest, fvec *narrowest, row_target *target, const row_operands *o) {
  fvec most = *widest;
#if VEC == 1
  fvec least = *narrowest, before = 0.0f, product = 0.0f;  // as in own_range() of row_team.cl
  EACH_CLASS(c, here) {
    fvec v = LOGIT(READ(here, c), here->first + c, o);
    most = fmax(most, v);
    least = fmin(least, v);
    if (c & 1) {
      product = fma(v, before, product);
    } else {
      before = v;
    }
  }
  product = fma(before, before, product);
  *narrowest = product == product ? least : -INF;
#else
#if defined(HAS_CLASS) && !defined(LOOK_UP_TARGETS)
  ivec y = target->y - here->first;
  fvec at_y = target->x;
#endif
  EACH_CLASS(c, here) {
    fvec v = READ(here, c), y_of_v = LOGIT(v, here->first + c, o);
    most = y_of_v > most ? y_of_v : most;
#if defined(HAS_CLASS) && !defined(LOOK_UP_TARGETS)
    at_y = y == c ? v : at_y;
#endif
  }
#if defined(HAS_CLASS) && !defined(LOOK_UP_TARGETS)
  target->x = at_y;
#endif
#endif
  *widest = most;
}

// Adds to the running sums of rows whose maximum is known. near: a constant; the rows are is_near(). next, next_step: where the
// next batch's logits are, and how far apart (VEC 16).
INLINE void add_up(const chunk *here, row_part *row, int near, const row_target *target, const row_operands *o,
    __global const input *next, ulong next_step) {
  row_part sum = *row;
#ifdef WHOLE_ROW_LOSS
  fvec reference = sum.max > -INF ? sum.max : (fvec)(0.0f);
#endif
  EACH_CLASS(c, here) {
    fvec v = LOGIT(READ(here, c), here->first + c, o);
    PREFETCH(next + (here->first + c) * next_step);
    fvec e = term_in(&sum, v, near);
#if defined(KEEP_TERMS) && !defined(TRANSFORM)
    KEEP_TERM(here, c, e);
#endif
    sum.ties += tie(v, sum.max);
    sum.rest = accumulate_float(sum.rest, term_of_other(v, sum.max, e));
#ifdef WHOLE_ROW_LOSS
    pair p = class_share(SHARE_OF(here, c), class_weight(o, here->first + c), o);
    sum.mass = accumulate(sum.mass, p.hi, p.lo);
    pair away = weighted_distance(v, reference, p);
    sum.distance = accumulate(sum.distance, away.hi, away.lo);
#endif
#ifdef ROW_OUTPUTS
    ivec class = (ivec)(here->first + c);
    if (o->entropy) sum.moment = accumulate_float(sum.moment, moment_of(v, sum.max, e));
    if (o->argmax) sum.lowest = AS_FVEC(min(AS_IVEC(sum.lowest), lowest_class(v, sum.max, class)));
    if (o->rank) sum.before = AS_FVEC(AS_IVEC(sum.before) + comes_before(v, class, target));
#endif
  }
  *row = sum;
}

// Ends the running sums.
INLINE void end_sums(row_part *row) {
  row->rest = normalise(row->rest.hi, row->rest.lo);
#ifdef WHOLE_ROW_LOSS
  row->distance = normalise(row->distance.hi, row->distance.lo);
  row->mass = normalise(row->mass.hi, row->mass.lo);
#endif
#ifdef ROW_OUTPUTS
  row->moment = normalise(row->moment.hi, row->moment.lo);
#endif
}

#ifdef TERMS_AGAIN
// Turns the logits of the chunk into their terms again, since 16-bit storage has no room for terms.
INLINE void terms_again(const chunk *here, const row_part *p) {
  EACH_CLASS(c, here)
  LINE(here->column, c) = term(LINE(here->column, c), p->cut, p->shift, p->magic);
}
#endif

#ifdef WANT_ELEMENTS
// What results are made of, from v, which is STORED. v itself if that is a term. If it is the logit, as it always is with a
// transform, whose slope needs it, then a term or logit from it. p: the block.
INLINE fvec of_stored(fvec v, int class, const row_part *p, const row_operands *o) {
#if defined(KEEP_TERMS) && (defined(TRANSFORM) || defined(LOGITS_STORED))
  return term(LOGIT(v, class, o), p->cut, p->shift, p->magic);
#else
  return LOGIT(v, class, o);
#endif
}

// Turns terms, or logits, into results.
INLINE void make_results(
    const chunk *here, const row_part *p, const slope *g, const row_target *target, const row_operands *o) {
#ifdef HAS_CLASS
  ivec y = target->y - here->first;
#define IS_Y(c) (y == (c))
#define OR_AT_Y(v, c) (IS_Y(c) ? g->at_y : (v))
#else
#define IS_Y(c) ((ivec)(0))
#define OR_AT_Y(v, c) (v)
#endif
  if (!ANY(careful(g))) {
    EACH_CLASS(c, here) {
      fvec v = SCALED(of_stored(STORED(here, c), here->first + c, p, o), g->factor);
      RESULT(here, c, OR_AT_Y(v, c));
    }
  } else {
    EACH_CLASS(c, here) {
      fvec w = class_weight(o, here->first + c);
      fvec v = STORED(here, c), dy = SLOPE_AT(v, o);
      v = of_stored(v, here->first + c, p, o);
#ifdef HESSIAN
      CURVE(here, c, hessian_element(v, IS_Y(c), g, o));
#endif
      RESULT(here, c, element_of(v, SHARE_OF(here, c), w, IS_Y(c), g, dy, o));
    }
  }
}
#endif
