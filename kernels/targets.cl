// targets.cl: class indices, checked, counted and weighed before a logit is touched.
//
// Maths
//   class[r] = target[r], or -1 where it is ignore_index; a target outside [0, classes) becomes -1 too and the
//   smallest such row is reported. Weight sum: the canonical sum of weight[class[r]] (blocks.cl); count: how many count.
// Passes
//   One over the targets; one partial sum and count per block.
// Launch contract
//   blocks.cl with VEC 1, UNROLL 1; -D TARGET=int or long, HAS_WEIGHT. Work-group g does blocks g * per_group onwards.

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void targets(
    __global const TARGET *restrict target, __global const float *restrict weight, __global int *restrict class,
    __global float2 *restrict partial, __global int *restrict counts, __global long *restrict bad, ulong rows,
    ulong per_group, uint classes, long ignore_index) {
  __local float hi[ACCUMULATORS];
  __local float lo[ACCUMULATORS];
  __local int counted[WGS];
  __local long refused[WGS];
  ulong end = min((rows + BLOCK - 1) / BLOCK, (get_group_id(0) + 1) * per_group);
  for (ulong b = get_group_id(0) * per_group; b < end; b++) {
    int n = (int)min((ulong)BLOCK, rows - b * BLOCK);
    int count = 0;
    long worst = LONG_MAX;
    for (int slot = LID; slot < SLOTS; slot += WGS) {
      pair sum = make_pair(0.0f, 0.0f);
      for (int step = 0; step < STEPS; step++) {
        int i = SLOT_START(slot) + step * LANES;
        if (i >= n) break;
        long y = target[b * BLOCK + i];
        int ignored = y == ignore_index;
        int outside = !ignored && (y < 0 || y >= (long)classes);
        if (outside) worst = min(worst, (long)(b * BLOCK + i));
        int c = ignored || outside ? -1 : (int)y;
        class[b * BLOCK + i] = c;
        count += c >= 0;
#ifdef HAS_WEIGHT
        if (c >= 0) sum = accumulate(sum, weight[c], 0.0f);
#endif
      }
      keep(sum, hi, lo, slot, 0);
    }
    counted[LID] = count;
    refused[LID] = worst;
    SYNC();
    tree(hi, lo, n);
    if (LID == 0) {
      for (int k = 1; k < WGS; k++) {
        count += counted[k];
        worst = min(worst, refused[k]);
      }
      partial[b] = (float2)(hi[0], lo[0]);
      counts[b] = count;
      bad[b] = worst;
    }
    SYNC();
  }
}
