// cross_entropy_rows.cl: what the kernels over rows call for cross entropy; put behind row_parts.cl, cross_entropy.cl and
// row_outputs.cl.
//
// Maths
//   cross_entropy.cl.
// Passes
//   Those of rows_in_order.cl or rows_in_lanes.cl. The terms are kept if there will be a gradient.
// Launch contract
//   logits.cl, cross_entropy.cl. -D WANT_GRADIENT, ROW_OUTPUTS.
//   class: from targets.cl, or NULL. prob: soft targets, or NULL. weight, upstream, loss: NULL if there is none, or it is
//   not wanted. scale: that of the gradient; if totals (targets.cl) is not NULL, the scale in it is used instead. weights: the
//   sum of the class weights as a pair, or NULL. sums: receives a pair for each row. out: receives the gradient. With a
//   penalty, penalties and penalty_scale are its sums and scale (in totals TOTALS_PENALTY_SCALE). -D ROW_OUTPUTS: with lse to
//   rank, each of which is NULL if it is not wanted; rank needs classes. -D HESSIAN: hessian receives the second derivative
//   times `times`; it is no less than at_least times the scale unless at_least is 0.

#define KERNEL(stage) cross_entropy##stage
typedef input result;

#ifndef PROBABILITIES
#define HAS_CLASS
#endif
#ifdef WANT_GRADIENT
#define WANT_ELEMENTS
#define KEEP_TERMS
#endif

// row_weight: NULL if all rows that count weigh 1.
#ifdef ROW_WEIGHTS
#define ROW_WEIGHTS_ARGUMENT , __global const float *restrict row_weight
#define ROW_WEIGHTS_OPERAND o.row_weight = row_weight;
#else
#define ROW_WEIGHTS_ARGUMENT
#define ROW_WEIGHTS_OPERAND
#endif
#define OWN_ARGUMENTS \
  , __global const int *restrict class, __global const soft *restrict prob, __global const float *restrict weight, \
      __global const float *restrict upstream, __global const float *restrict totals, \
      __global const float2 *restrict weights, __global float2 *restrict sums_of_rows, __global float *restrict loss, \
      float scale, SETTINGS_ARGUMENTS PENALTY_ARGUMENTS FOCAL_ARGUMENTS ROW_WEIGHTS_ARGUMENT OUTPUTS_ARGUMENTS HESSIAN_ARGUMENTS TRANSFORM_ARGUMENTS

#ifdef HESSIAN
#define HESSIAN_ARGUMENTS , __global float *restrict hessian, float times, float at_least
#define HESSIAN_OPERANDS \
  o.hessian = hessian; \
  o.times = times; \
  o.least = at_least > 0.0f ? at_least * o.scale : -INF;
#else
#define HESSIAN_ARGUMENTS
#define HESSIAN_OPERANDS
#endif

#ifdef SOFTMAX_FOCAL
#define FOCAL_ARGUMENTS , float gamma
#define FOCAL_OPERANDS o.options.gamma = gamma;
#else
#define FOCAL_ARGUMENTS
#define FOCAL_OPERANDS
#endif

#ifdef PENALTY
#define PENALTY_ARGUMENTS , __global float2 *restrict penalties, float penalty_scale, float penalty
#define PENALTY_OPERANDS \
  o.options.penalty = penalty; \
  o.penalties = penalties; \
  o.penalty_scale = totals ? totals[TOTALS_PENALTY_SCALE] : penalty_scale;
#else
#define PENALTY_ARGUMENTS
#define PENALTY_OPERANDS
#endif

#ifdef ROW_OUTPUTS
#define OUTPUTS_ARGUMENTS \
  , __global float *restrict lse, __global float *restrict log_probability, __global float *restrict entropy, \
      __global int *restrict argmax, __global int *restrict rank
#define OUTPUTS_OPERANDS \
  o.lse = lse; \
  o.log_probability = log_probability; \
  o.entropy = entropy; \
  o.argmax = argmax; \
  o.rank = rank;
#else
#define OUTPUTS_ARGUMENTS
#define OUTPUTS_OPERANDS
#endif

typedef struct {
  __global const int *class;
  __global const soft *prob;
  __global const float *weight, *upstream;
  __global float2 *sums;
  __global float *loss;
  uint classes;
  float scale;
  settings options;
  TRANSFORM_FIELD
#ifdef PENALTY
  __global float2 *penalties;
  float penalty_scale;
#endif
#ifdef ROW_WEIGHTS
  __global const float *row_weight;
#endif
#ifdef ROW_OUTPUTS
  __global float *lse, *log_probability, *entropy;
  __global int *argmax, *rank;
#endif
#ifdef HESSIAN
  __global float *hessian;
  float times, least;
#endif
} row_operands;

#define ROW_OPERANDS \
  row_operands o = {class, prob, weight, upstream, sums_of_rows, loss, classes, totals ? totals[TOTALS_SCALE] : scale, \
      make_settings(weights, classes, SETTINGS)}; \
  PENALTY_OPERANDS \
  FOCAL_OPERANDS \
  ROW_WEIGHTS_OPERAND \
  OUTPUTS_OPERANDS \
  HESSIAN_OPERANDS \
  TRANSFORM_OPERANDS

// Transforms the logits of targets.
INLINE void settle_target(row_target *t, const row_operands *o) {
#if defined(TRANSFORM) && defined(HAS_CLASS)
  float class[VEC], bias[VEC];
  STORE(AS_FVEC(t->y), class, 0);
  for (int k = 0; k < VEC; k++) bias[k] = first(bias_of(&o->logits, max(as_int(class[k]), 0)));
  t->x = transformed(t->x, LOAD(bias, 0), &o->logits);
#endif
}

// The factor of the gradients of rows; scale: the part that is the same for all rows.
INLINE pair scale_of(const row_target *t, float scale, fvec upstream) {
#ifdef ROW_WEIGHTS
  return pair_scale(make_scale(t->r, scale), upstream);
#else
  return make_scale(upstream, scale);
#endif
}

// The targets of count rows r, r + step, ...; with step 0 that of one row, in all lanes. x: where the rows' logits are, or
// NULL.
INLINE row_target load_target(const row_operands *o, __global const input *x, ulong r, int count, int step) {
  row_target t;
  t.y = (ivec)(0);
  t.x = (fvec)(0.0f);
  t.w = (fvec)(1.0f);
#ifdef HAS_CLASS
  t.y = step ? load_ints(o->class + r, 0, count, -1) : (ivec)(o->class[r]);
  if (x || o->weight) {
    float logit[VEC], weight[VEC];
    for (int k = 0; k < VEC; k++) {
      int y = k < count ? max(o->class[r + k * step], 0) : 0;
      logit[k] = x && k < count ? load_one(INPUT, x, (r + k * step) * o->classes + y) : 0.0f;
      weight[k] = o->weight && k < count ? o->weight[y] : 1.0f;
    }
    t.x = LOAD(logit, 0);
    t.w = LOAD(weight, 0);
  }
#elif defined(ROW_WEIGHTS)
  t.y = step ? load_ints(o->class + r, 0, count, -1) : (ivec)(o->class[r]);
#endif
  if (x) settle_target(&t, o);
  fvec upstream = (fvec)(1.0f);
  if (o->upstream) upstream = step ? load(o->upstream + r, 0, count, 0.0f) : (fvec)(o->upstream[r]);
#ifdef ROW_WEIGHTS
  t.r = (fvec)(1.0f);
  if (o->row_weight) t.r = step ? load(o->row_weight + r, 0, count, 0.0f) : (fvec)(o->row_weight[r]);
#endif
  t.scale = scale_of(&t, o->scale, upstream);
#ifdef PENALTY
  t.penalty_scale = pair_scale(scale_of(&t, o->penalty_scale, upstream), o->options.penalty);
#endif
  return t;
}

INLINE fvec class_weight(const row_operands *o, int class) {
  return (fvec)(o->weight ? o->weight[class] : 1.0f);
}

// Loads count vectors of weights, for classes from class + i on, and of probabilities, for elements from at + i on; there are
// n.
INLINE void class_weights(const row_operands *o, uint class, int i, int n, fvec *v, int count) {
#pragma unroll
  for (int j = 0; j < count; j++) v[j] = (fvec)(1.0f);
  if (o->weight) load_several(F32, o->weight, class, i, n, 0.0f, v, count);
}

INLINE void load_shares(const row_operands *o, ulong at, int i, int n, fvec *v, int count) {
#ifdef PROBABILITIES
  load_several(TARGET, o->prob, at, i, n, 0.0f, v, count);
#else
#pragma unroll
  for (int j = 0; j < count; j++) v[j] = (fvec)(0.0f);
#endif
}

// w_c q_c; w_c if there are no probabilities q.
INLINE pair class_share(fvec q, fvec w, const row_operands *o) {
#ifdef PROBABILITIES
  return share_of(q, w, &o->options);
#else
  return make_pair(w, (fvec)(0.0f));
#endif
}

// Stores the losses of count rows r, r + 1, ..., and what else is wanted of them.
INLINE void finish_rows(
    const row_operands *o, const row_part *row, const row_sums *s, const row_target *target, ulong r, int count) {
  pair value = row_loss(row, s, target, &o->options);
  store_pairs(value, o->sums + r, count);
#ifdef PENALTY
  pair penalty = loss_of_any(penalty_of(row, s, &o->options), s, target);
  store_pairs(penalty, o->penalties + r, count);
  value = pair_add(value, penalty);
#endif
  if (o->loss) store(canonical(value.hi), o->loss + r, 0, count);
#ifdef ROW_OUTPUTS
  fvec none = (fvec)(0.0f), undefined = (fvec)(CANONICAL_NAN), no_class = AS_FVEC((ivec)(-1));
  ivec out = target->y < 0, nan = row->rest.hi != row->rest.hi;
  if (o->lse) store(out ? none : row_logsumexp(row, s), o->lse + r, 0, count);
  if (o->log_probability) {
    fvec log = s->undefined ? undefined : log_probability_of(row, s, target);
    store(out ? none : log, o->log_probability + r, 0, count);
  }
  if (o->entropy) store(out ? none : s->undefined ? undefined
                                                  : entropy_of(row, s),
      o->entropy + r, 0, count);
  if (o->argmax) store(out || nan ? no_class : row->lowest, (__global float *)o->argmax + r, 0, count);
  if (o->rank) store(out || nan ? no_class : row->before, (__global float *)o->rank + r, 0, count);
#endif
}

INLINE slope slope_of(
    const row_part *row, const row_part *block, const row_sums *s, const row_target *target, const row_operands *o) {
  return row_slope(row, block, s, target, &o->options);
}

// The gradient of an element that needs no care, from its term.
#define SCALED(term, factor) ((term) * (factor))

// The gradient of an element. e: its term; q, w: its probability and the weight of its class.
INLINE fvec element_of(fvec e, fvec q, fvec w, ivec is_y, const slope *g, fvec dy, const row_operands *o) {
  return gradient_of(e, class_share(q, w, o), w, is_y, g, dy);
}

#ifdef HESSIAN
// For softmax focal loss times and least are 1 and -INF, so they are not applied.
INLINE fvec hessian_element(fvec e, ivec is_y, const slope *g, const row_operands *o) {
#ifdef SOFTMAX_FOCAL
  fvec h = hessian_of(e, g->factor, g->share, g->crest, g->rest, g->bend, g->tail, (fvec)(-INF));
  h = is_y ? g->curve_at_y : h;
#else
  fvec h = hessian_of(
      e, g->factor * o->times, g->share, g->crest, g->rest, g->bend, g->share, (fvec)(o->least));
#endif
  h = g->undefined ? (fvec)(CANONICAL_NAN) : h;
  return g->ignored ? (fvec)(0.0f) : h;
}

#ifdef SOFTMAX_FOCAL
#define HESSIAN_FIELDS 6
#define EACH_FOCAL_FIELD(first, g, DO) \
  DO(first, (g)->tail) \
  DO(first + 1, (g)->curve_at_y)
#else
#define HESSIAN_FIELDS 4
#define EACH_FOCAL_FIELD(first, g, DO)
#endif
#define EACH_HESSIAN_FIELD(first, g, DO) \
  DO(first, (g)->share) \
  DO(first + 1, (g)->crest) \
  DO(first + 2, (g)->rest) \
  DO(first + 3, (g)->bend) \
  EACH_FOCAL_FIELD(first + 4, g, DO)
#else
#define HESSIAN_FIELDS 0
#define EACH_HESSIAN_FIELD(first, g, DO)
#endif

// The fields of a slope that the elements of a part need.
#ifdef WHOLE_ROW_LOSS
#define EACH_SLOPE_FIELD(g, DO) \
  DO(0, (g)->factor) \
  DO(1, (g)->at_y) \
  DO(2, (g)->scale) \
  DO(3, (g)->spread) \
  DO(4, (g)->top) \
  DO(5, (g)->likely.hi) \
  DO(6, (g)->likely.lo) \
  EACH_HESSIAN_FIELD(7, g, DO)
#define SLOPE_FIELDS (7 + HESSIAN_FIELDS)
#else
#define EACH_SLOPE_FIELD(g, DO) \
  DO(0, (g)->factor) \
  DO(1, (g)->at_y) \
  EACH_HESSIAN_FIELD(2, g, DO)
#define SLOPE_FIELDS (2 + HESSIAN_FIELDS)
#endif
