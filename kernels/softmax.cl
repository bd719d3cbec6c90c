// softmax.cl: softmax, log_softmax and logsumexp of rows of logits.
//
// Maths (rows.cl)
//   softmax = term(x) / total; log_softmax = (x - max) - log; logsumexp = max + log.
//   A row with NaN, +infinity or nothing but -infinity is NaN; its logsumexp is NaN, +infinity, -infinity.
// Passes
//   One read of the row; softmax keeps its terms in the output and scales them, log_softmax reads the row again.
// Launch contract
//   rows.cl. Work-group (work-item if IN_ORDER) g does rows g * per_group onwards. -D SOFTMAX (with KEEP_TERMS),
//   LOG_SOFTMAX or LOGSUMEXP. scratch: PART floats per block of a row and work-group, if there is more than one block.

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void softmax(
    __global const float *restrict x, __global float *restrict out, __global float *restrict scratch, ulong rows,
    uint classes, ulong inner, ulong per_group) {
#ifndef IN_ORDER
  __local float hi[ACCUMULATORS] __attribute__((aligned(64)));
  __local float lo[ACCUMULATORS] __attribute__((aligned(64)));
  __local float share[WGS];
#endif
  int blocks = (int)((classes + BLOCK - 1) / BLOCK);
#ifdef IN_ORDER
  ulong group = get_global_id(0);
  ulong step_rows = VEC;
#else
  ulong group = get_group_id(0);
  ulong step_rows = 1;
#endif
  scratch += group * blocks * PART;
  ulong end = min(rows, (group + 1) * per_group);
  for (ulong r = group * per_group; r < end; r += step_rows) {
#ifdef IN_ORDER
    place where = find_rows(r, end, classes, inner);
#else
    ulong where = r * classes;
#endif
    row_part row;
    row.distance = row.mass = make_pair((fvec)(0.0f), (fvec)(0.0f));
    fvec widest_block = (fvec)(-INF);
    for (int b = 0; b < blocks; b++) {
      int start = b * BLOCK;
      int n = min(BLOCK, (int)(classes - start));
      READ_BLOCK(row, n)
      widest_block = row.max > widest_block ? row.max : widest_block;
      if (blocks > 1 && LID == 0) save_part(&row, scratch + b * PART);
    }
    if (blocks > 1) {
      SYNC_GLOBAL();
      set_reference(&row, widest_block);
      row.ties = (fvec)(0.0f);
      row.rest = row.distance = row.mass = make_pair((fvec)(0.0f), (fvec)(0.0f));
      for (int b = 0; b < blocks; b++) {
        row_part part = load_part(scratch + b * PART);
        merge(&row, &part);
      }
    }
    row_sums s = finish(&row);
#ifdef LOGSUMEXP
    fvec lse = pair_add(make_pair(row.max, (fvec)(0.0f)), s.log).hi;
    lse = s.undefined ? row.max : lse;
    lse = row.rest.hi == row.rest.hi ? lse : (fvec)(CANONICAL_NAN);
#ifdef IN_ORDER
    store(lse, out + r, 0, where.count);
#else
    if (LID == 0) out[r] = first(lse);
#endif
#else
    fvec one = divide((fvec)(1.0f), s.total.hi, s.total.lo);
    for (int b = 0; b < blocks; b++) {
      int start = b * BLOCK;
      int n = min(BLOCK, (int)(classes - start));
#ifdef SOFTMAX
      fvec c = one;
      if (blocks > 1) {
        row_part part = load_part(scratch + b * PART);
        c = block_coefficient(&part, &row, one);
      }
#endif
      ELEMENTS(i, n) {
#ifdef SOFTMAX
        fvec v = GET(out, i, n, 0.0f) * c;
#else
        pair d = two_sum(GET(x, i, n, 0.0f), -row.max);
        pair t = two_sum(d.hi, -s.log.hi);
        fvec v = fabs(t.hi) < INF ? t.hi + (t.lo + (d.lo - s.log.lo)) : t.hi;
#endif
        v = s.undefined ? (fvec)(CANONICAL_NAN) : canonical(v);
        PUT(v, out, i, n);
      }
    }
#endif
    SYNC_GLOBAL();
  }
}
