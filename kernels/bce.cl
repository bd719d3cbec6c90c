// bce.cl: binary cross entropy of probabilities.
//
// Maths
//   loss = w ((1 - t) min(-log(1 - p), 100) + t min(-log p, 100)); both logarithms and the sum as pairs.
//   gradient = (w scale upstream) (p - t) / max((1 - p) p, 1e-12), PyTorch's, which does not know of the clamp; the
//   factors first, as in sigmoid_bce.cl.
// Passes
//   One, as sigmoid_bce.cl. A p or t outside [0, 1] sets *refused; the host then throws away what was written.
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

INLINE pair weighted_probability_loss(pair value, fvec w) {
  pair v = pair_scale(value, w);
  return make_pair(canonical(v.hi), v.lo);
}

// The gradient without its factors. (1 - p) p is divided by as in divide(), none of whose special cases it can be.
INLINE fvec probability_slope(fvec p, fvec t) {
  fvec product = (1.0f - p) * p;
  fvec d = product > 1e-12f ? product : (fvec)(1e-12f);
  fvec r = reciprocal(d);
  fvec q = (p - t) * r;
  return fma(fma(-q, d, p - t), r, q);
}

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void bce(
    __global const input *restrict x, __global const soft *restrict target, __global const float *restrict weight,
    __global const float *restrict upstream, __global float *restrict loss, __global input *restrict gradient,
    __global float2 *restrict partial, __global int *restrict refused, ulong n, ulong per_group, float scale,
    ulong w_repeat, ulong w_period, ulong w_first) {
  __local float hi[ACCUMULATORS] __attribute__((aligned(64)));
  __local float lo[ACCUMULATORS] __attribute__((aligned(64)));
  ulong end = min((n + BLOCK - 1) / BLOCK, (get_group_id(0) + 1) * per_group);
  for (ulong b = get_group_id(0) * per_group; b < end; b++) {
    ulong base = b * BLOCK;
    int m = (int)min((ulong)BLOCK, n - base);
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
          fvec p = LOAD_INPUT(x + base, i, m, 0.5f);
          fvec t = LOAD_SOFT(target + base, i, m, 0.5f);
          if (!ALL(p >= 0.0f && p <= 1.0f && t >= 0.0f && t <= 1.0f)) atomic_or(refused, 1);
          pair value = probability_loss(p, t);
          fvec w = (fvec)(1.0f);
          if (weight) {
            w = spread_out(weight, w_first + base + i, n, w_repeat, w_period);
            value = weighted_probability_loss(value, w);
          }
          sum[j] = accumulate(sum[j], within(value.hi, i, m), within(value.lo, i, m));
          if (loss) store(value.hi, loss + base, i, m);
          if (gradient) {
            fvec factor = weight ? w * scale : (fvec)(scale);
            if (upstream) factor = factor * load(upstream + base, i, m, 0.0f);
            STORE_INPUT(canonical(probability_slope(p, t) * factor), gradient + base, i, m);
          }
        }
      }
      EACH_VECTOR keep(sum[j], hi, lo, slot, j);
    }
    SYNC();
    tree(hi, lo, m);
    if (LID == 0) partial[b] = (float2)(hi[0], lo[0]);
    SYNC();
  }
}
