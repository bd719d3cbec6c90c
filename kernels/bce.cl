// bce.cl: binary cross entropy of probabilities.
//
// Maths
//   loss = w ((1 - t) min(-log(1 - p), 100) + t min(-log p, 100)); both logarithms and the sum as pairs.
//   gradient = (w scale upstream) (p - t) / max((1 - p) p, 1e-12), PyTorch's, which does not know of the clamp; the
//   factors first, as in sigmoid_bce.cl. Label smoothing as there.
// Passes
//   One, as sigmoid_bce.cl. A p or t outside [0, 1] sets TOTALS_BAD of the totals, which are 0; the host
//   then throws away what was written.
// Launch contract
//   As sigmoid_bce.cl.

// -log(p), at most 100, p in [0, 1]. p 2^64 is not subnormal; if it is 0, this makes it one of exp(-132).
INLINE pair clamped_log(fvec p) {
  uvec y = AS_UVEC(fabs(p) * 0x1p64f);
  ivec k = AS_IVEC(y - 0x3f2aaaabu) >> 23;
  pair l = log_core(AS_FVEC(y - AS_UVEC(k << 23)) - 1.0f, (fvec)(0.0f), CONVERT_FVEC(k) - 64.0f);
  fvec v = -l.hi;
  ivec below = v < 100.0f;
  return make_pair(below ? v : (fvec)(100.0f), below ? -l.lo : (fvec)(0.0f));
}

// -log(1 - p), at most 100, p in [0, 1]; that of no p but 1 is above 17.
INLINE pair clamped_log_complement(fvec p) {
  pair l = log_around_one(fast_two_sum((fvec)(1.0f), -p), -p, (fvec)(0.0f));
  ivec below = p < 1.0f;
  return make_pair(below ? -l.hi : (fvec)(100.0f), below ? -l.lo : (fvec)(0.0f));
}

INLINE pair probability_loss(fvec p, fvec t) {
  pair negative = pair_mul(clamped_log_complement(p), fast_two_sum((fvec)(1.0f), -t));
  return pair_add(negative, pair_scale(clamped_log(p), t));
}

INLINE pair smoothed_probability_loss(fvec p, fvec t, pair keep, fvec spread_e) {
  pair negative = pair_mul(clamped_log_complement(p), smoothed_rest(t, keep, spread_e));
  return pair_add(negative, pair_mul(clamped_log(p), binary_smoothed(make_pair(t, (fvec)(0.0f)), keep, spread_e)));
}

INLINE pair weighted_probability_loss(pair value, fvec w) {
  pair v = pair_scale(value, w);
  return make_pair(canonical(v.hi), v.lo);
}

// The gradient without its factors. (1 - p) p is divided by as in divide(), none of whose special cases it can be.
INLINE fvec slope_of_difference(fvec p, fvec difference) {
  fvec product = (1.0f - p) * p;
  fvec d = product > 1e-12f ? product : (fvec)(1e-12f);
  fvec r = reciprocal(d);
  fvec q = difference * r;
  return fma(fma(-q, d, difference), r, q);
}

INLINE fvec probability_slope(fvec p, fvec t) { return slope_of_difference(p, p - t); }

INLINE fvec smoothed_probability_slope(fvec p, fvec t, pair keep, fvec spread_e) {
  pair s = binary_smoothed(make_pair(t, (fvec)(0.0f)), keep, spread_e);
  pair d = two_sum(p, -s.hi);
  return slope_of_difference(p, d.hi + (d.lo - s.lo));
}

// The lanes of a block of m elements that begins at base; returns what is not 0 if one was refused.
INLINE int probabilities_block(const elements_call *c, ulong base, int m, __local float *hi, __local float *lo) {
  __global const input *x = c->x + base;
  __global const soft *target = c->target + base;
  ivec refused = (ivec)(0);
  for (int slot = LID; slot < SLOTS; slot += WGS) {
    pair sum[UNROLL];
    EACH_VECTOR sum[j] = make_pair((fvec)(0.0f), (fvec)(0.0f));
    EACH_STEP(at, slot, m) {
      EACH_VECTOR {
        int i = at + j * VEC;
        if (m < BLOCK && i >= m) continue;
        AHEAD(x + i);
        AHEAD(target + i);
        fvec p = LOAD_INPUT(x, i, m, 0.5f);
        fvec t = LOAD_SOFT(target, i, m, 0.5f);
        refused |= !(p >= 0.0f && p <= 1.0f && t >= 0.0f && t <= 1.0f);
#ifdef LABEL_SMOOTHING
        pair value = smoothed_probability_loss(p, t, c->keep, c->spread_of_e);
#else
        pair value = probability_loss(p, t);
#endif
        fvec w = (fvec)(1.0f);
        if (c->weight.values) {
          w = spread_out(c->weights, i);
          value = weighted_probability_loss(value, w);
        }
        sum[j] = accumulate(sum[j], within(value.hi, i, m), within(value.lo, i, m));
        if (c->loss) store(value.hi, c->loss + base, i, m);
        if (c->gradient) {
          fvec factor = c->weight.values ? w * c->scale : (fvec)(c->scale);
          if (c->upstream) factor = factor * load(c->upstream + base, i, m, 0.0f);
#ifdef LABEL_SMOOTHING
          fvec g = smoothed_probability_slope(p, t, c->keep, c->spread_of_e);
#else
          fvec g = probability_slope(p, t);
#endif
          STORE_INPUT(canonical(g * factor), c->gradient + base, i, m);
        }
      }
    }
    EACH_VECTOR keep(sum[j], hi, lo, slot, j);
  }
  return ANY(refused);
}

GROUP_KERNEL void bce(
    __global const input *restrict x, __global const soft *restrict target, __global const float *restrict weight,
    __global const float *restrict upstream, __global float *restrict loss, __global input *restrict gradient,
    __global float2 *restrict partial, __global int *restrict totals, ulong n, ulong per_group, float scale,
    ulong w_repeat, ulong w_period, ulong w_first SMOOTHING_ARGUMENTS) {
  LANE_SUMS
  BLOCK_SPREAD weights;
  elements_call c = {x, target, upstream, loss, gradient, {weight, w_repeat, w_period, w_first}, {0, 1, 1, 0}, &weights, 0, n, scale SMOOTHING};
  EACH_UNIT(b, BLOCKS(n), per_group) {
    int m = block_size(b, n), bad;
    set_spread(&weights, &c.weight, b * BLOCK);
#define PROBABILITIES_BLOCK(size) bad = probabilities_block(&c, b * BLOCK, size, hi, lo)
    BY_SIZE(m, PROBABILITIES_BLOCK)
    if (bad) atomic_or(totals + TOTALS_BAD, 1);
    finish_block(hi, lo, m, partial + b);
  }
}
