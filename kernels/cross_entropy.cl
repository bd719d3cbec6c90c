// cross_entropy.cl: cross entropy of logits with its gradient: what is computed after a row is summed.
// cross_entropy_rows.cl connects it with the kernels over rows.
//
// Maths (rows.cl), lse - x_c = (max - x_c) + log: two terms >= 0, no cancellation. w: class weights, e: label smoothing
//   indices:        loss = w_y (lse - x_y)
//   with smoothing: loss = (1 - e) w_y (lse - x_y) + (e / C) (distance + W log), distance = sum w_c (max - x_c), W = sum w_c
//   probabilities:  loss = distance + mass log, distance = sum w_c q_c (max - x_c), mass = sum w_c q_c, q smoothed
//   gradient_c = s (A p_c - b_c), A = sum of b_c. Indices: A = b_y = w_y, else b_c = 0. With smoothing: A = (1 - e) w_y +
//   (e / C) W, b_c = (e / C) w_c, and (1 - e) w_y more at y. Probabilities: A = mass, b_c = w_c q_c.
//   ordinary(): A p_c and b_c rounded, which is exact to the size of these. at_maximum(): if c is the maximum and more
//   likely than not, A p_c is the pair A - A others / total, and the gradient s (A - b_c) - (s A / total) others keeps
//   its digits when p_c is close to 1. With indices this is used for every maximum, and A - b_y = 0.
//   Row weights r: losses and penalties are multiplied by r, and r s takes the place of s.
//   A zero weight or probability times an infinite loss is 0. Ignored rows (class -1) are 0. Undefined rows are NaN.
//   -D SOFTMAX_FOCAL, only with indices: loss = w_y O^gamma l, l = lse - x_y, O the probability of the other classes: others /
//   total if y is the maximum, else 1 - exp(-l), which is at least 1/2. Its gradient is as above with A = b_y = F = w_y
//   O^gamma (1 + gamma p_y l / O).
//   A penalty adds lambda f(lse), whatever the class weighs. It has a mean and so a scale s_z of its own. Its slope, z =
//   lambda s_z f'(lse), is added to s A wherever that multiplies p_c. If y is the maximum and more likely than not,
//   (s A + z) p_y - s w is z - ((s A + z) / total) others. The z-loss is the penalty with f = lse^2.
// Passes
//   None of its own.
// Launch contract
//   One row per lane. -D PROBABILITIES, LABEL_SMOOTHING; with either of these WHOLE_ROW_LOSS. -D Z_LOSS, a penalty. Or
//   -D SOFTMAX_FOCAL alone. -D ROW_WEIGHTS with any of them. -D HESSIAN: hessian.cl.

// The target of a row: its class y, that class's logit x and weight w, the upstream gradient times the scale; with a penalty
// lambda s_z; the row's weight r. With class probabilities y only says whether the row counts: -1 if not.
typedef struct {
  ivec y;
  fvec x, w;
#ifdef ROW_WEIGHTS
  fvec r;
#endif
  pair scale, penalty_scale;
} row_target;

INLINE pair make_scale(fvec upstream, float scale) {
  return pair_scale(make_pair((fvec)(scale), (fvec)(0.0f)), upstream);
}

// The numbers that options come to: 1 - e, e / C, and the sum of the class weights; lambda; gamma.
typedef struct {
  pair keep, spread, all;
  fvec penalty, gamma;
} settings;

// What the gradient of one row, or of one block of it, needs for each class: factor: s A / total, relative to the block's
// reference; at_y: the gradient at y. With WHOLE_ROW_LOSS: scale: s; spread: s e / C; likely: s A p_c of a maximum that is more
// likely than not; top: the term of that maximum, or -1, which no term is. With HESSIAN: what hessian_of() needs.
typedef struct {
  fvec factor, at_y, scale, spread, top;
  pair likely;
  ivec undefined, ignored;
#ifdef HESSIAN
  fvec share, crest, rest, bend;
#ifdef SOFTMAX_FOCAL
  fvec tail, curve_at_y;
#endif
#endif
} slope;

// The arguments of kernels from which settings are made.
#define SETTINGS_ARGUMENTS float keep_hi, float keep_lo, float spread_hi, float spread_lo
#define SETTINGS keep_hi, keep_lo, spread_hi, spread_lo

// weights: the sum of the class weights as a pair, or NULL if all are 1.
INLINE settings make_settings(__global const float2 *weights, uint classes, SETTINGS_ARGUMENTS) {
  settings s;
  s.keep = make_pair((fvec)(keep_hi), (fvec)(keep_lo));
  s.spread = make_pair((fvec)(spread_hi), (fvec)(spread_lo));
  // Two floats hold every number of classes, which is below 2^31, exactly.
  float hi = weights ? weights[0].x : (float)classes;
  float lo = weights ? weights[0].y : (float)((long)classes - (long)hi);
  s.all = make_pair((fvec)(hi), (fvec)(fabs(hi) < INF ? lo : 0.0f));
  return s;
}

// (1 - e) w; 0 if e = 1, whatever w is.
INLINE pair kept(const settings *s, fvec w) {
  return pair_select(pair_scale(s->keep, w), make_pair((fvec)(0.0f), (fvec)(0.0f)), s->keep.hi == 0.0f);
}

// A probability, which may be smoothed, times the weight of its class.
INLINE pair weighted_share(pair v, fvec w) {
  fvec p = v.hi * w;
  return make_pair(p, fma(v.lo, w, fma(v.hi, w, -p)));
}

INLINE pair given_share(fvec q, fvec w) { return weighted_share(make_pair(q, (fvec)(0.0f)), w); }

// q (1 - e) + e / C.
INLINE pair smoothed(fvec q, pair keep, pair spread) {
  fvec p = q * keep.hi;
  fvec p_lo = fma(q, keep.lo, fma(q, keep.hi, -p));
  pair t = two_sum(p, spread.hi);
  return make_pair(t.hi, t.lo + (p_lo + spread.lo));
}

INLINE pair smoothed_share(fvec q, fvec w, pair keep, pair spread) {
  return weighted_share(smoothed(q, keep, spread), w);
}

// w_c q_c, q smoothed.
INLINE pair share_of(fvec q, fvec w, const settings *s) {
#ifdef LABEL_SMOOTHING
  return smoothed_share(q, w, s->keep, s->spread);
#else
  return given_share(q, w);
#endif
}

// p times the distance of a logit.
INLINE pair distance_times(fvec v, fvec from, pair p) {
  pair d = distance_to(from, v);
  fvec product = d.hi * p.hi;
  return make_pair(product, fma(d.hi, p.hi, -product) + fma(d.hi, p.lo, d.lo * p.hi));
}

// What a logit adds to the distance; 0 where p is 0, even if the logit is infinite.
INLINE pair weighted_distance(fvec v, fvec from, pair p) {
  pair zero = make_pair((fvec)(0.0f), (fvec)(0.0f));
  return pair_select(distance_times(v, from, p), zero, p.hi == 0.0f);
}

// lse - x_y.
INLINE pair loss_of_class(const row_part *row, const row_sums *t, const row_target *target) {
  return pair_add(gap_to(row->max, target->x), t->log);
}

// p_y and O, from l = lse - x_y.
INLINE fvec share_of_class(pair l) {
  pair p = exp_minus(l.hi);
  return fma(-p.hi, l.lo, p.hi + p.lo);
}

INLINE fvec share_of_others(const row_part *row, const row_sums *t, const row_target *target, pair l) {
  pair p = exp_minus(l.hi);
  fvec rest = (1.0f - p.hi) + fma(p.hi, l.lo, -p.lo);
  return target->x == row->max ? quotient(t->others.hi, t->others.lo, t->total.hi, t->total.lo) : rest;
}

// O^gamma; for O = 0 it is some number that is not 1.
INLINE pair focal_power(fvec others, fvec gamma) {
  pair log = log_pair(others);
  return exp_minus_times(make_pair(-log.hi, -log.lo), gamma);
}

// p_y l / O. Where O is tiny, so is l, and their quotient is 1.
#define TINY_SHARE 0x1p-90f
INLINE fvec focal_part(pair l, fvec others, ivec tiny) {
  fvec ratio = quotient(l.hi, l.lo, tiny ? (fvec)(1.0f) : others, (fvec)(0.0f));
  return l.hi < INF ? share_of_class(l) * ratio : (fvec)(0.0f);
}

// F / w_y.
INLINE fvec focal_slope(pair l, fvec others, fvec gamma) {
  ivec tiny = others < TINY_SHARE;
  fvec part = focal_part(l, others, tiny);
  pair power = focal_power(others, gamma);
  return (power.hi + power.lo) * fma(gamma, tiny ? (fvec)(1.0f) : part, (fvec)(1.0f));
}

// T / (s w_y), see hessian.cl.
INLINE fvec focal_bend(pair l, fvec others, fvec gamma) {
  ivec tiny = others < TINY_SHARE;
  fvec p = l.hi < INF ? share_of_class(l) : (fvec)(0.0f);
  fvec part = focal_part(l, others, tiny);
  pair power = focal_power(others, gamma);
  return (power.hi + power.lo) * gamma * fma(tiny ? (fvec)(1.0f) : part, fma(gamma, p, (fvec)(-1.0f)), p + p);
}

// The loss of a row that has a softmax and is not ignored.
INLINE pair defined_loss(const row_part *row, const row_sums *t, const row_target *target, const settings *s) {
  pair zero = make_pair((fvec)(0.0f), (fvec)(0.0f));
#ifdef PROBABILITIES
  pair distance = make_pair(row->distance.hi * DISTANCE_UNIT, row->distance.lo * DISTANCE_UNIT);
  return pair_add(distance, pair_mul(t->log, row->mass));
#else
  pair value = loss_of_class(row, t, target);
#ifdef SOFTMAX_FOCAL
  pair power = focal_power(share_of_others(row, t, target, value), s->gamma);
  value = pair_mul(fast_two_sum(power.hi, power.lo), value);
#endif
#ifdef LABEL_SMOOTHING
  pair own = kept(s, target->w);
  value = pair_select(pair_mul(value, own), zero, own.hi == 0.0f && value.hi == value.hi);
  pair spread = make_pair(s->spread.hi * DISTANCE_UNIT, s->spread.lo * DISTANCE_UNIT);
  pair others = pair_add(pair_mul(row->distance, spread), pair_mul(t->log, pair_mul(s->all, s->spread)));
  value = pair_add(value, others);
#else
  value = pair_select(pair_scale(value, target->w), zero, target->w == 0.0f && value.hi == value.hi);
#endif
  return value;
#endif
}

// The loss of a row that may have no softmax, or be ignored.
INLINE pair loss_of_any(pair value, const row_sums *t, const row_target *target) {
#ifdef ROW_WEIGHTS
  value = pair_scale(value, target->r);
#endif
  value = pair_select(value, make_pair((fvec)(CANONICAL_NAN), (fvec)(0.0f)), t->undefined);
  return pair_select(value, make_pair((fvec)(0.0f), (fvec)(0.0f)), target->y < 0);
}

INLINE pair row_loss(const row_part *row, const row_sums *t, const row_target *target, const settings *s) {
  return loss_of_any(defined_loss(row, t, target, s), t, target);
}

INLINE pair log_sum_exp(const row_part *row, const row_sums *t) {
  return pair_add(make_pair(row->max, (fvec)(0.0f)), t->log);
}

#ifdef Z_LOSS
#define PENALTY
// The penalty lambda lse^2 of a row that has a softmax and is not ignored.
INLINE pair penalty_of(const row_part *row, const row_sums *t, const settings *s) {
  pair lse = log_sum_exp(row, t);
  return pair_mul(pair_scale(lse, s->penalty), lse);
}

// z, the slope of the penalty.
INLINE pair penalty_slope(const row_part *row, const row_sums *t, const row_target *target) {
  pair half_z = pair_mul(log_sum_exp(row, t), target->penalty_scale);
  return make_pair(half_z.hi + half_z.hi, half_z.lo + half_z.lo);
}
#endif

// A, the sum of all b_c.
INLINE pair all_shares(const row_part *row, const row_sums *t, const row_target *target, const settings *s) {
#ifdef PROBABILITIES
  return row->mass;
#elif defined(LABEL_SMOOTHING)
  return pair_add(kept(s, target->w), pair_mul(s->all, s->spread));
#elif defined(SOFTMAX_FOCAL)
  pair l = loss_of_class(row, t, target);
  fvec steep = focal_slope(l, share_of_others(row, t, target, l), s->gamma);
  return make_pair(target->w * steep, (fvec)(0.0f));
#else
  return make_pair(target->w, (fvec)(0.0f));
#endif
}

// s A p_c - s b_c. e: the term; factor: s A / total; share: s b_c.
INLINE fvec ordinary(fvec e, fvec factor, fvec share) { return fma(e, factor, -share); }

// likely - s b_c. likely: s A - (s A / total) others; b: b_c.
INLINE fvec at_maximum(pair likely, fvec s, pair b) { return fma(-s, b.hi, likely.hi) + fma(-s, b.lo, likely.lo); }

// The gradient where b_c is the pair b. spread_gradient: where it is w times spread, which is scaled and the same for all
// classes.
INLINE fvec share_gradient(fvec e, pair b, fvec factor, fvec scale, fvec top, pair likely) {
  fvec v = ordinary(e, factor, fma(scale, b.hi, scale * b.lo));
  return e == top ? at_maximum(likely, scale, b) : v;
}

INLINE fvec spread_gradient(fvec e, fvec w, fvec factor, fvec spread) { return ordinary(e, factor, spread * w); }

// The gradient, except at y. p: the row's w_c q_c; w: w_c. Each is used only if it is in the formula.
INLINE fvec gradient_at(fvec e, pair p, fvec w, const slope *g) {
#ifdef PROBABILITIES
  return share_gradient(e, p, g->factor, g->scale, g->top, g->likely);
#elif defined(LABEL_SMOOTHING)
  return spread_gradient(e, w, g->factor, g->spread);
#else
  return e * g->factor;
#endif
}

// The slope for one block of a row that has a softmax and is not ignored; block is row itself if there is one. e: y's term.
INLINE slope defined_slope(const row_part *row, const row_part *block, const row_sums *t, const row_target *target, fvec e,
    const settings *s) {
  slope g;
  pair all = all_shares(row, t, target, s);
  pair own_all = pair_mul(all, target->scale);
#ifdef PENALTY
  pair z = penalty_slope(row, t, target);
  pair scaled_all = pair_add(own_all, z);
#else
  pair scaled_all = own_all;
#endif
  fvec coefficient = quotient(scaled_all.hi, scaled_all.lo, t->total.hi, t->total.lo);
  g.factor = block == row ? coefficient : block_coefficient(block, row, coefficient);
  // Only for a class more likely than not; for others the direct way is the exact one.
  ivec likely = t->others.hi + t->others.hi < t->total.hi;
#ifdef WHOLE_ROW_LOSS
  g.scale = target->scale.hi;
  pair rounded_all = pair_scale(all, g.scale);
#ifdef PENALTY
  rounded_all = pair_add(rounded_all, z);
#endif
  g.likely = pair_add(rounded_all, pair_scale(t->others, -coefficient));
#endif
#ifdef PROBABILITIES
  g.top = likely && block->max == row->max ? top_term(row) : (fvec)(-1.0f);
  g.at_y = (fvec)(0.0f);
  g.spread = (fvec)(0.0f);
#elif defined(LABEL_SMOOTHING)
  g.top = (fvec)(-1.0f);
  g.spread = g.scale * s->spread.hi;
  pair own = pair_add(kept(s, target->w), pair_scale(s->spread, target->w));
  fvec at_y = ordinary(e, g.factor, g.scale * own.hi);
  g.at_y = canonical(likely && target->x == row->max ? at_maximum(g.likely, g.scale, own) : at_y);
#else
  fvec at_y = ordinary(e, g.factor, own_all.lo) - own_all.hi;
#ifdef PENALTY
  fvec at_top = pair_add(z, pair_scale(t->others, -coefficient)).hi;
  g.at_y = canonical(likely && target->x == row->max ? at_top : at_y);
#else
  g.at_y = canonical(target->x == row->max ? -(coefficient * t->others.hi) : at_y);
#endif
#endif
  return g;
}

#ifdef HESSIAN
INLINE void set_curvature(
    slope *g, const row_part *row, const row_part *block, const row_sums *t, const row_target *target) {
  fvec share = reciprocal(t->total.hi);
  g->rest = t->others.hi * share;
  g->share = block == row ? share : block_coefficient(block, row, share);
  fvec crest = likely_term(row->max, row->shift, row->magic, t->others.hi, t->total.hi);
  g->crest = block->max == row->max ? crest : (fvec)(CANONICAL_NAN);
#ifdef PENALTY
  g->bend = bend_of(target->penalty_scale.hi, g->share);
#else
  g->bend = (fvec)(0.0f);
#endif
}

#ifdef SOFTMAX_FOCAL
// What softmax focal loss needs besides: T, O, and 2^-32 over the sum of all terms but that of y.
typedef struct {
  fvec bend, others, tail;
} focal_curve;

INLINE focal_curve focal_curve_of(
    const row_part *row, const row_sums *t, const row_target *target, const settings *s) {
  focal_curve c;
  pair l = loss_of_class(row, t, target);
  c.others = share_of_others(row, t, target, l);
  c.bend = target->scale.hi * (target->w * focal_bend(l, c.others, s->gamma));
  fvec sum = target->x == row->max ? t->others.hi : c.others * t->total.hi;
  // With a smaller sum p_c is 0 as a float.
  c.tail = sum < 0x1p-125f ? (fvec)(0.0f) : 0x1p-32f * reciprocal(sum);
  return c;
}

// Terms are 2^32 times exponentials. T / total may be subnormal where T is not.
INLINE fvec focal_bend_of(fvec bend, fvec share) { return bend * (share * 0x1p32f); }

// e: y's term.
INLINE void set_focal_curvature(slope *g, const row_part *row, const row_part *block, const row_sums *t,
    const row_target *target, fvec e, const settings *s) {
  focal_curve c = focal_curve_of(row, t, target, s);
  g->bend = focal_bend_of(c.bend, g->share);
  g->tail = block == row ? c.tail : block_coefficient(block, row, c.tail);
  g->curve_at_y = hessian_at_y(e, g->factor, g->share, g->crest, g->rest, c.bend, c.others);
}
#endif
#endif

INLINE slope row_slope(const row_part *row, const row_part *block, const row_sums *t, const row_target *target,
    const settings *s) {
  fvec e = term(target->x, block->cut, block->shift, block->magic);
  slope g = defined_slope(row, block, t, target, e, s);
#ifdef HESSIAN
  set_curvature(&g, row, block, t, target);
#ifdef SOFTMAX_FOCAL
  set_focal_curvature(&g, row, block, t, target, e, s);
#endif
#endif
  g.undefined = t->undefined;
  g.ignored = target->y < 0;
  return g;
}

// Whether elements need care: something in the row makes a NaN, or must become 0, or there is more to do for each element.
// Otherwise the gradient is factor times term, except at y. Oclgrind computes "not" of a vector wrongly if the optimiser cannot
// turn it into the opposite compare.
INLINE ivec careful(const slope *g) {
#if defined(WHOLE_ROW_LOSS) || defined(SLOPES) || defined(HESSIAN)
  return (ivec)(-1);
#else
  return g->undefined || g->ignored || !(fabs(g->factor) < INF);
#endif
}

// dy: with SLOPES the factor that makes it the gradient with respect to the logit as it was given (logits.cl).
INLINE fvec gradient_of(fvec e, pair p, fvec w, ivec is_y, const slope *g, fvec dy) {
  fvec v = canonical(gradient_at(e, p, w, g));
  v = is_y ? g->at_y : v;
#ifdef SLOPES
  v = canonical(v * dy);
#endif
  v = g->undefined ? (fvec)(CANONICAL_NAN) : v;
  return g->ignored ? (fvec)(0.0f) : v;
}
