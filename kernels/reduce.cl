// reduce.cl: sum and max over a tensor.
//
// Maths
//   sum_floats, sum_pairs: the canonical sum of blocks.cl, of floats or of hi + lo pairs (x, y of a float2). The floats
//   times a factor, a power of two: 1, or less for a sum that would overflow on its way.
//   max_floats: the largest element in the order of integer keys, -0 below +0, any NaN above all.
// Passes
//   Each writes one partial per block of 4096. sum_pairs runs again on the partials until one is left; the host takes
//   the largest of the keys.
// Launch contract
//   storage.cl for the floats. Work-group g does blocks g * per_group to (g + 1) * per_group - 1. Global size: groups * WGS. n >= 1.

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void sum_floats(
    __global const input *restrict x, __global float2 *restrict partial, ulong n, ulong per_group, float factor) {
  __local float hi[ACCUMULATORS] __attribute__((aligned(64)));
  __local float lo[ACCUMULATORS] __attribute__((aligned(64)));
  ulong end = min((n + BLOCK - 1) / BLOCK, (get_group_id(0) + 1) * per_group);
  for (ulong b = get_group_id(0) * per_group; b < end; b++) {
    __global const input *xb = x + b * BLOCK;
    int m = (int)min((ulong)BLOCK, n - b * BLOCK);
    for (int slot = LID; slot < SLOTS; slot += WGS) {
      pair sum[UNROLL];
      EACH_VECTOR sum[j] = make_pair((fvec)(0.0f), (fvec)(0.0f));
      for (int s = 0; s < STEPS; s++) {
        int at = SLOT_START(slot) + s * LANES;
        if (m < BLOCK && at >= m) break;
        EACH_VECTOR {
          AHEAD(xb + at + j * VEC);
          fvec v = LOAD_INPUT(xb, at + j * VEC, m, 0.0f);
          if (factor != 1.0f) v = v * factor;
          sum[j] = accumulate(sum[j], v, (fvec)(0.0f));
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

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void sum_pairs(
    __global const float2 *restrict x, __global float2 *restrict partial, ulong n, ulong per_group) {
  __local float hi[ACCUMULATORS] __attribute__((aligned(64)));
  __local float lo[ACCUMULATORS] __attribute__((aligned(64)));
  ulong end = min((n + BLOCK - 1) / BLOCK, (get_group_id(0) + 1) * per_group);
  for (ulong b = get_group_id(0) * per_group; b < end; b++) {
    __global const float2 *xb = x + b * BLOCK;
    int m = (int)min((ulong)BLOCK, n - b * BLOCK);
    for (int slot = LID; slot < SLOTS; slot += WGS) {
      pair sum[UNROLL];
      EACH_VECTOR sum[j] = make_pair((fvec)(0.0f), (fvec)(0.0f));
      for (int s = 0; s < STEPS; s++) {
        int at = SLOT_START(slot) + s * LANES;
        if (m < BLOCK && at >= m) break;
        EACH_VECTOR {
          pair p = load_pairs(xb, at + j * VEC, m);
          sum[j] = accumulate(sum[j], p.hi, p.lo);
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

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void max_floats(
    __global const input *restrict x, __global int *restrict partial, ulong n, ulong per_group) {
  __local int best[WGS];
  ulong end = min((n + BLOCK - 1) / BLOCK, (get_group_id(0) + 1) * per_group);
  for (ulong b = get_group_id(0) * per_group; b < end; b++) {
    __global const input *xb = x + b * BLOCK;
    int m = (int)min((ulong)BLOCK, n - b * BLOCK);
    ivec key = (ivec)(INT_MIN);
    for (int i = LID * VEC; i < m; i += WGS * VEC) {
      fvec v = LOAD_INPUT(xb, i, m, -INF);
      ivec bits = AS_IVEC(v);
      ivec k = v == v ? bits ^ ((bits >> 31) & 0x7fffffff) : (ivec)(INT_MAX);
      key = k > key ? k : key;
    }
    int widest_key = INT_MIN;
    int each[VEC];
#if VEC == 1
    each[0] = key;
#elif VEC == 4
    vstore4(key, 0, each);
#else
    vstore16(key, 0, each);
#endif
    for (int k = 0; k < VEC; k++) widest_key = max(widest_key, each[k]);
    best[LID] = widest_key;
    SYNC();
    if (LID == 0) {
      for (int k = 1; k < WGS; k++) widest_key = max(widest_key, best[k]);
      partial[b] = widest_key;
    }
    SYNC();
  }
}
