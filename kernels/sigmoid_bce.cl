// sigmoid_bce.cl: the logistic function, and binary cross entropy of logits.
//
// Maths, a = |x|, e = exp(-a)
//   sigmoid(a) = 1 / (1 + e), sigmoid(-a) = e / (1 + e).
//   loss = w ((1 - t) softplus(x) + q softplus(-x)), q = pos_weight t; without pos_weight that is
//   max(x, 0) - t x + log(1 + e), its first part rounded once. No term cancels for t in [0, 1].
//   gradient = (w scale upstream) ((1 - t) sigmoid(x) - q sigmoid(-x)). The factors are multiplied first: their product is in
//   the range of floats more often than the gradient times one of them.
//   With row weights r (row_weights.cl) r w takes the place of w, rounded once.
//   With label smoothing e, t is t (1 - e) + e / 2 and 1 - t is (1 - t) (1 - e) + e / 2: both are pairs, so that neither
//   loses what is near 0.
//   -D HESSIAN (elements.cl): the second derivative is (w scale) ((1 - t) + q) p (1 - p), p (1 - p) = e / (1 + e)^2; where
//   q = t, smoothed or not, the sum is 1.
//   Infinite x take the limits; a zero weight times an infinite loss is 0; NaN stays NaN, always 0x7fc00000.
// Passes
//   One: reads x, t (and weights) once, writes the losses and the gradient if asked for, and one partial per block.
// Launch contract
//   blocks.cl and storage.cl: work-group g does blocks g * per_group onwards. weight, pos_weight, upstream, loss and
//   gradient are NULL if there are none or they are not wanted; sigmoid_bce_plain is for calls where the first three are NULL,
//   and does not use them. -D LABEL_SMOOTHING: 1 - e as two floats, and e / 2. Element i meets
//   weight[(first + i) / repeat % period].

INLINE fvec logistic(fvec v) {
  pair e = exp_minus(fabs(v));
  fvec d = 1.0f + e.hi;
  fvec d_lo = ((1.0f - d) + e.hi) + e.lo;
  fvec r = reciprocal12(d);
  r = fma(r, fma(-d_lo, r, fma(-d, r, (fvec)(1.0f))), r);
  fvec s = (e.hi + e.lo) * r;
  s = fma(fma(-s, d, e.hi) + fma(-s, d_lo, e.lo), r, s);
  return canonical(v >= 0.0f ? r : s);
}

// For a logit: exp(-a), and log(1 + exp(-a)), which is not normalised.
typedef struct {
  pair e, l;
} logit_parts;

INLINE logit_parts parts_of_logit(fvec v) {
  logit_parts p;
  p.e = exp_minus(fabs(v));
  p.l = log1p_unit(p.e.hi, p.e.lo);
  return p;
}

// parts_of_logit() for logits of up to EXP_NEAR in size.
INLINE logit_parts parts_of_near_logit(fvec v) {
  logit_parts p;
  p.e = exp_minus_near(fabs(v));
  p.l = log1p_unit(p.e.hi, p.e.lo);
  return p;
}

INLINE pair logit_loss(fvec v, fvec t, pair l) {
  pair s = two_sum(fma(-t, v, v > 0.0f ? v : (fvec)(0.0f)), l.hi);
  return fast_two_sum(s.hi, s.lo + l.lo);
}

// The loss for any factors u of softplus(x) and q of softplus(-x): f a + (u + q) l, where f is u or q, all in pairs.
INLINE pair loss_of_shares(fvec v, pair u, pair q, pair l) {
  fvec a = fabs(v);
  ivec positive = v >= 0.0f;
  fvec f = positive ? u.hi : q.hi;
  fvec f_lo = positive ? u.lo : q.lo;
  fvec p = f * a;
  fvec p_lo = fma(f_lo, a, fma(f, a, -p));
  pair both = two_sum(u.hi, q.hi);
  fvec both_lo = both.lo + (u.lo + q.lo);
  pair ln = fast_two_sum(l.hi, l.lo);
  fvec r = ln.hi * both.hi;
  fvec r_lo = fma(ln.hi, both.hi, -r) + fma(ln.hi, both_lo, ln.lo * both.hi);
  pair s = two_sum(p, r);
  return fast_two_sum(s.hi, s.lo + (p_lo + r_lo));
}

// The loss with a positive weight: u = 1 - t, q = pos_weight t.
INLINE pair pos_weighted_loss(fvec v, fvec t, fvec pos_weight, pair l) {
  fvec u = 1.0f - t;
  fvec q = t * pos_weight;
  return loss_of_shares(v, make_pair(u, -t - (u - 1.0f)), make_pair(q, fma(t, pos_weight, -q)), l);
}

// v (1 - e) + e / 2, keep = 1 - e, spread_e = e / 2.
INLINE pair binary_smoothed(pair v, pair keep, fvec spread_e) {
  fvec p = v.hi * keep.hi;
  fvec p_lo = fma(v.lo, keep.hi, fma(v.hi, keep.lo, fma(v.hi, keep.hi, -p)));
  pair s = two_sum(p, spread_e);
  return fast_two_sum(s.hi, s.lo + p_lo);
}

// 1 - t, smoothed.
INLINE pair smoothed_rest(fvec t, pair keep, fvec spread_e) { return binary_smoothed(two_sum((fvec)(1.0f), -t), keep, spread_e); }

// pos_weight times the smoothed t.
INLINE pair smoothed_part(fvec t, fvec pos_weight, pair keep, fvec spread_e) {
  pair s = binary_smoothed(make_pair(t, (fvec)(0.0f)), keep, spread_e);
  fvec p = s.hi * pos_weight;
  return make_pair(p, fma(s.lo, pos_weight, fma(s.hi, pos_weight, -p)));
}

INLINE pair smoothed_loss(fvec v, fvec t, fvec pos_weight, pair keep, fvec spread_e, pair l) {
  return loss_of_shares(v, smoothed_rest(t, keep, spread_e), smoothed_part(t, pos_weight, keep, spread_e), l);
}

// A loss times a weight, not normalised.
INLINE pair weighted_loss(pair value, fvec w) {
  fvec p = value.hi * w;
  return make_pair(p, fma(value.lo, w, fma(value.hi, w, -p)));
}

// The limit of a loss where the usual way met an infinity or NaN.
INLINE fvec limit_of_loss(fvec v, fvec t, pair l) {
  fvec f = v >= 0.0f ? 1.0f - t : t;
  return (f == 0.0f ? (fvec)(0.0f) : f * fabs(v)) + (l.hi + l.lo);
}

INLINE fvec limit_of_shares(fvec v, fvec u, fvec q, pair l) {
  ivec positive = v >= 0.0f;
  fvec f = positive ? u : q;
  fvec ln = l.hi + l.lo;
  return (f == 0.0f ? (fvec)(0.0f) : f * (fabs(v) + ln)) + (positive ? q : u) * ln;
}

INLINE fvec pos_weighted_limit(fvec v, fvec t, fvec q, pair l) { return limit_of_shares(v, 1.0f - t, q, l); }

INLINE fvec smoothed_limit(fvec v, fvec t, fvec pos_weight, pair keep, fvec spread_e, pair l) {
  return limit_of_shares(v, smoothed_rest(t, keep, spread_e).hi, smoothed_part(t, pos_weight, keep, spread_e).hi, l);
}

// The limit of a loss times a weight.
INLINE fvec weighted_limit(fvec z, fvec w) { return w == 0.0f && z == z ? (fvec)(0.0f) : z * w; }

// The gradient without its factors.
INLINE fvec slope_of_shares(fvec v, fvec u, fvec q, pair e) {
  ivec positive = v >= 0.0f;
  return reciprocal12(1.0f + e.hi) * fma(positive ? -q : u, e.hi + e.lo, positive ? u : -q);
}

INLINE fvec logit_slope(fvec v, fvec t, fvec q, pair e) { return slope_of_shares(v, 1.0f - t, q, e); }

INLINE fvec smoothed_slope(fvec v, fvec t, fvec pos_weight, pair keep, fvec spread_e, pair e) {
  return slope_of_shares(v, smoothed_rest(t, keep, spread_e).hi, smoothed_part(t, pos_weight, keep, spread_e).hi, e);
}

// p (1 - p), but at least `least`.
INLINE fvec logit_variance(pair e, fvec least) {
  fvec r = reciprocal12(1.0f + e.hi);
  fvec v = r * (r * (e.hi + e.lo));
  return v < least ? least : v;
}

// (1 - t) + q: 1 without a positive weight, and NaN if t is no finite number.
INLINE fvec logit_mass(fvec t) { return fma(t, (fvec)(0.0f), (fvec)(1.0f)); }

INLINE fvec pos_weighted_mass(fvec t, fvec pos_weight) { return fma(t, pos_weight, 1.0f - t); }

INLINE fvec smoothed_mass(fvec t, fvec pos_weight, pair keep, fvec spread_e) {
  return smoothed_rest(t, keep, spread_e).hi + smoothed_part(t, pos_weight, keep, spread_e).hi;
}

// Loss, limit, gradient and second derivative with the options of a call, without weight and factors. weighted: whether
// elements have a pos_weight, which else is 1.
INLINE pair binary_loss(fvec v, fvec t, fvec pos_weight, const element_numbers *o, int weighted, pair l) {
#ifdef LABEL_SMOOTHING
  return smoothed_loss(v, t, pos_weight, o->keep, o->spread_e, l);
#else
  if (weighted) return pos_weighted_loss(v, t, pos_weight, l);
  return logit_loss(v, t, l);
#endif
}

INLINE fvec binary_limit(fvec v, fvec t, fvec pos_weight, const element_numbers *o, int weighted, pair l) {
#ifdef LABEL_SMOOTHING
  return smoothed_limit(v, t, pos_weight, o->keep, o->spread_e, l);
#else
  if (weighted) return pos_weighted_limit(v, t, t * pos_weight, l);
  return limit_of_loss(v, t, l);
#endif
}

INLINE fvec binary_slope(fvec v, fvec t, fvec pos_weight, const element_numbers *o, pair e) {
#ifdef LABEL_SMOOTHING
  return smoothed_slope(v, t, pos_weight, o->keep, o->spread_e, e);
#else
  return logit_slope(v, t, t * pos_weight, e);
#endif
}

INLINE fvec binary_bend(fvec t, fvec pos_weight, const element_numbers *o, int weighted, pair e, fvec least) {
  fvec mass = logit_mass(t);
#ifdef LABEL_SMOOTHING
  if (weighted) mass = smoothed_mass(t, pos_weight, o->keep, o->spread_e);
#else
  if (weighted) mass = pos_weighted_mass(t, pos_weight);
#endif
  return logit_variance(e, least) * mass;
}

GROUP_KERNEL void sigmoid(
    __global const input *restrict x, __global input *restrict y, ulong n, ulong per_group) {
  EACH_UNIT(b, BLOCKS(n), per_group) {
    __global const input *xb = x + b * BLOCK;
    __global input *yb = y + b * BLOCK;
    int m = block_size(b, n);
#define SIGMOID_BLOCK(size) \
  for (int i = LID * VEC; i < (size); i += WGS * VEC) { \
    AHEAD(xb + i); \
    STORE_INPUT(logistic(LOAD_INPUT(xb, i, size, 0.0f)), yb, i, size); \
  }
    BY_SIZE(m, SIGMOID_BLOCK)
  }
}

// The arguments for label smoothing, and how they become numbers of the call.
#ifdef LABEL_SMOOTHING
#define SMOOTHING_ARGUMENTS , float keep_hi, float keep_lo, float spread_of_e
#define SMOOTHING , (float4)(keep_hi, keep_lo, spread_of_e, 0.0f)
#else
#define SMOOTHING_ARGUMENTS
#define SMOOTHING
#endif

// Adds the elements of a block of m elements, which begins at base, to its lanes. Unless careful, it does not look for
// infinities, NaN, or, on GPUs, logits too large for exp_minus_near(): then the lane becomes NaN. A gradient that overflows is
// no NaN, but times a factor of 0 it is.
INLINE void logits_block(
    const elements_call *c, ulong base, int m, int careful, int by, __global float *loss, __global input *gradient,
    __local float *hi, __local float *lo) {
  __global const input *x = c->x + base;
  __global const soft *target = c->target + base;
  const element_numbers o = numbers_of(c);
  int weighted = POS_WEIGHTED(c);
  for (int slot = LID; slot < SLOTS; slot += WGS) {
    pair sum[UNROLL];
    EACH_VECTOR sum[j] = make_pair((fvec)(0.0f), (fvec)(0.0f));
    ivec strange = (ivec)(0);
    fvec largest = (fvec)(0.0f);
    EACH_STEP_BY(by, at, slot, m) {
      EACH_VECTOR {
        int i = at + j * VEC;
        if (m < BLOCK && i >= m) continue;
        AHEAD(x + i);
        AHEAD(target + i);
        fvec v = LOAD_INPUT(x, i, m, 0.0f);
        fvec t = LOAD_SOFT(target, i, m, 0.0f);
#if WGS > 1
        logit_parts p;
        if (careful) {
          p = parts_of_logit(v);
        } else {
          p = parts_of_near_logit(v);
          largest = fmax(largest, fabs(v));
        }
#else
        logit_parts p = parts_of_logit(v);
#endif
        fvec pw = POS_WEIGHT_AT(c, i), w = (fvec)(1.0f), r = (fvec)(1.0f);
        pair value = binary_loss(v, t, pw, &o, weighted, p.l);
        if (WEIGHTED(c)) {
          w = element_weights(c, base, i, m, &r);
          value = weighted_loss(value, w);
        }
        if (careful) {
          fvec z = binary_limit(v, t, pw, &o, weighted, p.l);
          if (WEIGHTED(c)) z = weighted_limit(z, w);
          value = finite_or_limit(value, z);
        }
#ifdef ROW_WEIGHT
        value = pair_select(value, make_pair((fvec)(0.0f), (fvec)(0.0f)), r == 0.0f);
#endif
        sum[j] = accumulate(sum[j], within(value.hi, i, m), within(value.lo, i, m));
        if (loss) store(WEIGHTED(c) ? value.hi + value.lo : value.hi, loss + base, i, m);
        if (gradient) {
          fvec factor = WEIGHTED(c) ? w * c->scale : (fvec)(c->scale);
          if (c->upstream) factor = factor * load(c->upstream + base, i, m, 0.0f);
          fvec g = binary_slope(v, t, pw, &o, p.e) * factor;
#ifdef ROW_WEIGHT
          g = r == 0.0f ? (fvec)(0.0f) : g;
#endif
          if (WEIGHTED(c) || c->upstream) strange |= g != g;
          STORE_INPUT(careful ? canonical(g) : g, gradient + base, i, m);
#ifdef HESSIAN
          fvec h = binary_bend(t, pw, &o, weighted, p.e, (fvec)(c->least)) * factor;
#ifdef ROW_WEIGHT
          h = r == 0.0f ? (fvec)(0.0f) : h;
#endif
          strange |= h != h;
          store(careful ? canonical(h) : h, c->hessian + base, i, m);
#endif
        }
      }
    }
    strange |= largest > EXP_NEAR;
    if (!careful) sum[0].hi = strange ? (fvec)(CANONICAL_NAN) : sum[0].hi;
    EACH_VECTOR keep(sum[j], hi, lo, slot, j);
  }
}

// How many steps of a loop a GPU does at once: few enough that registers leave room for half of its work-items.
#ifdef HESSIAN
#define STEPS_WITH_GRADIENT 1
#else
#define STEPS_WITH_GRADIENT 2
#endif

INLINE void logits_blocks(
    const elements_call *c, int plain, __global float2 *partial, ulong per_group, __local float *hi,
    __local float *lo) {
  EACH_UNIT(b, BLOCKS(c->n), per_group) {
    int m = block_size(b, c->n);
    set_spread(c->weights, &c->weight, b * BLOCK);
    set_spread(c->pos_weights, &c->pos_weight, b * BLOCK);
    // If a loss was infinite or NaN, which shows in the sum, the block is computed once more, with care.
    int careful = !(fabs(c->scale) < INF) || c->scale == 0.0f;
    for (;; careful = 1) {
#if WGS > 1
      // What is wanted most often has a body of its own.
      careful |= m < BLOCK;
      if (careful) {
        logits_block(c, b * BLOCK, m, 1, 1, c->loss, c->gradient, hi, lo);
      } else if (c->loss || !plain) {
        logits_block(c, b * BLOCK, BLOCK, 0, 1, c->loss, c->gradient, hi, lo);
      } else if (c->gradient) {
        logits_block(c, b * BLOCK, BLOCK, 0, STEPS_WITH_GRADIENT, 0, c->gradient, hi, lo);
      } else {
        logits_block(c, b * BLOCK, BLOCK, 0, 2, 0, 0, hi, lo);
      }
#else
      logits_block(c, b * BLOCK, m, careful, 1, c->loss, c->gradient, hi, lo);
#endif
      float total = finish_block(hi, lo, m, partial + b);
      if (careful || fabs(total) < INF) break;
    }
  }
}

#ifndef TRANSFORM  // TRANSFORM is for element_loss.cl alone
#define SIGMOID_BCE_ARGUMENTS \
  __global const input *restrict x, __global const soft *restrict target, __global const float *restrict weight, \
      __global const float *restrict pos_weight, __global const float *restrict upstream, __global float *restrict loss, \
      __global input *restrict gradient, __global float2 *restrict partial, ulong n, ulong per_group, float scale, \
      ulong w_repeat, ulong w_period, ulong w_first, ulong p_repeat, ulong p_period, ulong p_first SMOOTHING_ARGUMENTS ROW_WEIGHT_ARGUMENTS HESSIAN_ARGUMENTS

GROUP_KERNEL void sigmoid_bce(SIGMOID_BCE_ARGUMENTS) {
  LANE_SUMS
  BLOCK_SPREAD weights, pos_weights;
  elements_call c = {x, target, upstream, loss, gradient, {weight, w_repeat, w_period, w_first},
      {pos_weight, p_repeat, p_period, p_first}, &weights, &pos_weights, n, ELEMENTS_SCALE SMOOTHING};
  SET_ROW_WEIGHT(c)
  SET_HESSIAN(c)
  logits_blocks(&c, 0, partial, per_group, hi, lo);
}

GROUP_KERNEL void sigmoid_bce_plain(SIGMOID_BCE_ARGUMENTS) {
  LANE_SUMS
  elements_call c = {x, target, 0, loss, gradient, {0, 1, 1, 0}, {0, 1, 1, 0}, 0, 0, n, ELEMENTS_SCALE SMOOTHING};
  SET_ROW_WEIGHT(c)
  SET_HESSIAN(c)
  logits_blocks(&c, 1, partial, per_group, hi, lo);
}
#endif
