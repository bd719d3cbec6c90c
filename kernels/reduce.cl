// reduce.cl: sum and max over a tensor.
//
// Maths
//   sum_floats, sum_pairs: the canonical sum of blocks.cl, of floats or of hi + lo pairs (x, y of a float2). Floats are
//   multiplied by a power of two: 1, or less if partial sums would overflow.
//   max_floats: the largest element in the order of integer keys, -0 below +0, any NaN above all.
// Passes
//   Each writes one partial per block of 4096. sum_pairs runs again on the partials until one is left; the host takes
//   the largest of the keys.
// Launch contract
//   storage.cl for the floats. Work-group g does blocks g * per_group to (g + 1) * per_group - 1. Global size: groups * WGS. n >= 1.

// Computes one partial sum for each block of n terms. TERM: the pair of elements i, i + 1, ... of block b, which has m
// elements.
#define SUM_BLOCKS(TERM) \
  LANE_SUMS \
  EACH_UNIT(b, BLOCKS(n), per_group) { \
    int m = block_size(b, n); \
    BY_SIZE(m, SUM_BLOCK_##TERM) \
    finish_block(hi, lo, m, partial + b); \
  }
#define SUM_BLOCK(TERM, m) \
  for (int slot = LID; slot < SLOTS; slot += WGS) { \
    pair sum[UNROLL]; \
    EACH_VECTOR sum[j] = make_pair((fvec)(0.0f), (fvec)(0.0f)); \
    EACH_STEP_BY(2, at, slot, m) { \
      EACH_VECTOR { \
        pair term = TERM(b, at + j * VEC, m); \
        sum[j] = accumulate(sum[j], term.hi, term.lo); \
      } \
    } \
    EACH_VECTOR keep(sum[j], hi, lo, slot, j); \
  }

INLINE pair scaled_float(__global const input *x, int i, int m, float factor) {
  AHEAD(x + i);
  fvec v = LOAD_INPUT(x, i, m, 0.0f);
  if (factor != 1.0f) v = v * factor;
  return make_pair(v, (fvec)(0.0f));
}

GROUP_KERNEL void sum_floats(
    __global const input *restrict x, __global float2 *restrict partial, ulong n, ulong per_group, float factor){
#define FLOAT_TERM(b, i, m) scaled_float(x + b * BLOCK, i, m, factor)
#define SUM_BLOCK_FLOAT_TERM(m) SUM_BLOCK(FLOAT_TERM, m)
    SUM_BLOCKS(FLOAT_TERM)}

GROUP_KERNEL void sum_pairs(
    __global const float2 *restrict x, __global float2 *restrict partial, ulong n, ulong per_group){
#define PAIR_TERM(b, i, m) load_pairs(x + b * BLOCK, i, m)
#define SUM_BLOCK_PAIR_TERM(m) SUM_BLOCK(PAIR_TERM, m)
    SUM_BLOCKS(PAIR_TERM)}

GROUP_KERNEL void max_floats(
    __global const input *restrict x, __global int *restrict partial, ulong n, ulong per_group) {
#if WGS > 1
  __local int best;
#endif
  EACH_UNIT(b, BLOCKS(n), per_group) {
    __global const input *xb = x + b * BLOCK;
    int m = block_size(b, n);
#if WGS > 1
    if (LID == 0) best = INT_MIN;
    SYNC();
#endif
    ivec key = (ivec)(INT_MIN);
    for (int i = LID * VEC; i < m; i += WGS * VEC) {
      fvec v = LOAD_INPUT(xb, i, m, -INF);
      ivec k = v == v ? ordered(AS_IVEC(v)) : (ivec)(INT_MAX);
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
#if WGS > 1
    atomic_max(&best, widest_key);
    SYNC();
    widest_key = best;
#endif
    if (LID == 0) partial[b] = widest_key;
    SYNC();
  }
}
