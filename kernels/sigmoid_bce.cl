// sigmoid_bce.cl: the logistic function, and binary cross entropy of logits.
//
// Maths, a = |x|, e = exp(-a)
//   sigmoid(a) = 1 / (1 + e), sigmoid(-a) = e / (1 + e).
//   loss = w ((1 - t) softplus(x) + q softplus(-x)), q = pos_weight t; without pos_weight that is
//   max(x, 0) - t x + log(1 + e), its first part rounded once. No term cancels for t in [0, 1].
//   gradient = (w scale upstream) ((1 - t) sigmoid(x) - q sigmoid(-x)): the factors first, which together are in the
//   range of floats more often than the gradient times one of them is.
//   Infinite x take the limits; a zero weight times an infinite loss is 0; NaN stays NaN, always 0x7fc00000.
// Passes
//   One: reads x, t (and weights) once, writes the losses and the gradient if asked for, and one partial per block.
// Launch contract
//   As blocks.cl: work-group g does blocks g * per_group onwards. storage.cl. Of weight, pos_weight, upstream, loss and
//   gradient what is not there or not wanted is NULL; sigmoid_bce_plain: where the first three are, which it does not
//   look at. Element i meets weight[(first + i) / repeat % period].

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

// Of a logit: exp(-a) and log(1 + exp(-a)), the latter not normalised.
typedef struct {
  pair e, l;
} logit_parts;

INLINE logit_parts parts_of_logit(fvec v) {
  logit_parts p;
  p.e = exp_minus(fabs(v));
  p.l = log1p_unit(p.e.hi, p.e.lo);
  return p;
}

INLINE pair logit_loss(fvec v, fvec t, pair l) {
  pair s = two_sum(fma(-t, v, v > 0.0f ? v : (fvec)(0.0f)), l.hi);
  return fast_two_sum(s.hi, s.lo + l.lo);
}

// The same with a positive weight: f a + (1 - t + q) l, f = 1 - t or q, all of it pairs.
INLINE pair pos_weighted_loss(fvec v, fvec t, fvec pos_weight, pair l) {
  fvec a = fabs(v);
  ivec positive = v >= 0.0f;
  fvec u = 1.0f - t;
  fvec u_lo = -t - (u - 1.0f);
  fvec q = t * pos_weight;
  fvec q_lo = fma(t, pos_weight, -q);
  fvec f = positive ? u : q;
  fvec f_lo = positive ? u_lo : q_lo;
  fvec p = f * a;
  fvec p_lo = fma(f_lo, a, fma(f, a, -p));
  pair both = two_sum(u, q);
  fvec both_lo = both.lo + (u_lo + q_lo);
  pair ln = fast_two_sum(l.hi, l.lo);
  fvec r = ln.hi * both.hi;
  fvec r_lo = fma(ln.hi, both.hi, -r) + fma(ln.hi, both_lo, ln.lo * both.hi);
  pair s = two_sum(p, r);
  return fast_two_sum(s.hi, s.lo + (p_lo + r_lo));
}

// A loss times a weight, not normalised.
INLINE pair weighted_loss(pair value, fvec w) {
  fvec p = value.hi * w;
  return make_pair(p, fma(value.lo, w, fma(value.hi, w, -p)));
}

// A loss where the usual way met an infinity or NaN: its limit.
INLINE fvec limit_of_loss(fvec v, fvec t, pair l) {
  fvec f = v >= 0.0f ? 1.0f - t : t;
  return (f == 0.0f ? (fvec)(0.0f) : f * fabs(v)) + (l.hi + l.lo);
}

INLINE fvec pos_weighted_limit(fvec v, fvec t, fvec q, pair l) {
  ivec positive = v >= 0.0f;
  fvec u = 1.0f - t;
  fvec f = positive ? u : q;
  fvec ln = l.hi + l.lo;
  return (f == 0.0f ? (fvec)(0.0f) : f * (fabs(v) + ln)) + (positive ? q : u) * ln;
}

// That times a weight.
INLINE fvec weighted_limit(fvec z, fvec w) { return w == 0.0f && z == z ? (fvec)(0.0f) : z * w; }

// The gradient without its factors.
INLINE fvec logit_slope(fvec v, fvec t, fvec q, pair e) {
  fvec u = 1.0f - t;
  ivec positive = v >= 0.0f;
  return reciprocal12(1.0f + e.hi) * fma(positive ? -q : u, e.hi + e.lo, positive ? u : -q);
}

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void sigmoid(
    __global const input *restrict x, __global input *restrict y, ulong n, ulong per_group) {
  ulong end = min((n + BLOCK - 1) / BLOCK, (get_group_id(0) + 1) * per_group);
  for (ulong b = get_group_id(0) * per_group; b < end; b++) {
    int m = (int)min((ulong)BLOCK, n - b * BLOCK);
    for (int i = LID * VEC; i < m; i += WGS * VEC) {
      AHEAD(x + b * BLOCK + i);
      fvec v = LOAD_INPUT(x + b * BLOCK, i, m, 0.0f);
      STORE_INPUT(logistic(v), y + b * BLOCK, i, m);
    }
  }
}

// restricted: restrict, or nothing: what it becomes in a function that is inlined Oclgrind does not know.
#define SIGMOID_BCE_ARGUMENTS(restricted) \
  __global const input *restricted x, __global const soft *restricted target, __global const float *restricted weight, \
      __global const float *restricted pos_weight, __global const float *restricted upstream, \
      __global float *restricted loss, __global input *restricted gradient, __global float2 *restricted partial, ulong n, \
      ulong per_group, float scale, ulong w_repeat, ulong w_period, ulong w_first, ulong p_repeat, ulong p_period, \
      ulong p_first

INLINE void sigmoid_bce_blocks(SIGMOID_BCE_ARGUMENTS(), __local float *hi, __local float *lo, __local int *flag) {
  ulong end = min((n + BLOCK - 1) / BLOCK, (get_group_id(0) + 1) * per_group);
  for (ulong b = get_group_id(0) * per_group; b < end; b++) {
    ulong base = b * BLOCK;
    int m = (int)min((ulong)BLOCK, n - base);
    // First without a look at infinities and NaN; again with it if a loss was one: that shows in its running sum.
    // A gradient that overflows is no NaN, but times a factor of 0 it is.
    int careful = !(fabs(scale) < INF) || scale == 0.0f;
    for (;;) {
      ivec strange = (ivec)(0);
      for (int slot = LID; slot < SLOTS; slot += WGS) {
        pair sum[UNROLL];
        EACH_VECTOR sum[j] = make_pair((fvec)(0.0f), (fvec)(0.0f));
        for (int step = 0; step < STEPS; step++) {
          int at = SLOT_START(slot) + step * LANES;
          if (m < BLOCK && at >= m) break;
          EACH_VECTOR {
            int i = at + j * VEC;
            if (m < BLOCK && i >= m) continue;
            AHEAD(x + base + i);
            AHEAD(target + base + i);
            fvec v = LOAD_INPUT(x + base, i, m, 0.0f);
            fvec t = LOAD_SOFT(target + base, i, m, 0.0f);
            logit_parts p = parts_of_logit(v);
            fvec q = t, w = (fvec)(1.0f);
            pair value;
            if (pos_weight) {
              fvec pw = spread_out(pos_weight, p_first + base + i, n, p_repeat, p_period);
              q = t * pw;
              value = pos_weighted_loss(v, t, pw, p.l);
            } else {
              value = logit_loss(v, t, p.l);
            }
            if (weight) {
              w = spread_out(weight, w_first + base + i, n, w_repeat, w_period);
              value = weighted_loss(value, w);
            }
            if (careful) {
              ivec finite = fabs(value.hi) < INF;
              fvec z = pos_weight ? pos_weighted_limit(v, t, q, p.l) : limit_of_loss(v, t, p.l);
              if (weight) z = weighted_limit(z, w);
              value.hi = finite ? value.hi : canonical(z);
              value.lo = finite ? value.lo : (fvec)(0.0f);
            }
            sum[j] = accumulate(sum[j], within(value.hi, i, m), within(value.lo, i, m));
            if (loss) store(weight ? value.hi + value.lo : value.hi, loss + base, i, m);
            if (gradient) {
              fvec factor = weight ? w * scale : (fvec)(scale);
              if (upstream) factor = factor * load(upstream + base, i, m, 0.0f);
              fvec g = logit_slope(v, t, q, p.e) * factor;
              if (weight || upstream) strange |= g != g;
              STORE_INPUT(careful ? canonical(g) : g, gradient + base, i, m);
            }
          }
        }
        EACH_VECTOR {
          strange |= !(fabs(sum[j].hi) < INF);
          keep(sum[j], hi, lo, slot, j);
        }
      }
      if (careful || !any_of_group(strange, flag)) break;
      careful = 1;
    }
    SYNC();
    tree(hi, lo, m);
    if (LID == 0) partial[b] = (float2)(hi[0], lo[0]);
    SYNC();
  }
}

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void sigmoid_bce(SIGMOID_BCE_ARGUMENTS(restrict)) {
  __local float hi[ACCUMULATORS] __attribute__((aligned(64)));
  __local float lo[ACCUMULATORS] __attribute__((aligned(64)));
  __local int flag;
  sigmoid_bce_blocks(x, target, weight, pos_weight, upstream, loss, gradient, partial, n, per_group, scale, w_repeat,
      w_period, w_first, p_repeat, p_period, p_first, hi, lo, &flag);
}

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void sigmoid_bce_plain(SIGMOID_BCE_ARGUMENTS(restrict)) {
  __local float hi[ACCUMULATORS] __attribute__((aligned(64)));
  __local float lo[ACCUMULATORS] __attribute__((aligned(64)));
  __local int flag;
  sigmoid_bce_blocks(x, target, 0, 0, 0, loss, gradient, partial, n, per_group, scale, w_repeat, w_period, w_first,
      p_repeat, p_period, p_first, hi, lo, &flag);
}
