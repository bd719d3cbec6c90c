// softmax_in_lanes.cl: softmax, log_softmax and logsumexp of rows of adjacent classes with lanes along them.
//
// Maths
//   softmax.cl.
// Passes
//   As cross_entropy_in_lanes.cl: softmax does it all, or softmax_parts, softmax_merge and softmax_last share rows.
// Launch contract
//   rows_in_lanes.cl and cross_entropy_in_lanes.cl.

#define SOFTMAX_ARGUMENTS \
  __global const input *restrict x, __global result *restrict out, __global float *restrict scratch, ulong rows, \
  uint classes, ulong inner, ulong per_group

// Of each part for its results: lines of PARTS floats.
#define RESULTS \
  __local float results[5 * PARTS] __attribute__((aligned(64))); \
  for (int i = LID; i < 5 * PARTS; i += WGS) results[i] = 0.0f; \
  SYNC();

INLINE void save_result(const row_part *row, const row_part *part, const row_sums *s, __local float *to) {
  STORE(s->undefined ? (fvec)(1.0f) : (fvec)(0.0f), to, 0);
  STORE(row_factor(row, part, s), to, PARTS);
  STORE(row->max, to, 2 * PARTS);
  STORE(s->log.hi, to, 3 * PARTS);
  STORE(s->log.lo, to, 4 * PARTS);
}

// Every element of the range's parts.
INLINE void result_parts(__global const input *x, __global result *out, const part_range *r, __local const float *results,
    const work *w, const fvec *kept) {
  for (int k = LID / TEAM; k < min(PARTS, r->count); k += TEAMS) {
    int n = part_size(r, k);
    ulong at = r->begin + (ulong)k * r->stride;
    row_part row;
    row_sums s;
    s.undefined = (ivec)(0);
    fvec factor = (fvec)(results[PARTS + k]);
    row.max = (fvec)(results[2 * PARTS + k]);
    s.log = make_pair((fvec)(results[3 * PARTS + k]), (fvec)(results[4 * PARTS + k]));
#ifdef RECOMPUTE
    row_part p;
    set_reference(&p, (fvec)(w->max[k]));
#endif
    if (results[k] != 0.0f) {
      EACH_ELEMENT(i, n) STORE_INPUT((fvec)(CANONICAL_NAN), out + at, i, n);
    } else {
      EACH_ELEMENT(i, n) {
#ifdef REGISTERS
        fvec v = kept[step];
#elif defined(SOFTMAX) && !defined(RECOMPUTE)
        fvec v = LOAD_TERM(r->terms + (ulong)k * r->stride, i, n);
#else
        fvec v = LOAD_INPUT(x + at, i, n, 0.0f);
#endif
#if defined(SOFTMAX) && defined(RECOMPUTE)
        v = term(v, p.cut, p.shift, p.magic);
#endif
#ifdef SOFTMAX
        v = v * factor;  // a defined row's are finite
#else
        v = result_of(v, factor, &row, &s);
#endif
        STORE_INPUT(v, out + at, i, n);
      }
    }
  }
}

#ifdef ONE_BLOCK

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void softmax(SOFTMAX_ARGUMENTS) {
  LANES_MEMORY
  RESULTS
  PLACE_FOR_TERMS(PARTS * (ulong)classes)
  fvec kept[STEPS];
  ulong end = min((rows + PARTS - 1) / PARTS, (get_group_id(0) + 1) * per_group);
  for (ulong unit = get_group_id(0) * per_group; unit < end; unit++) {
    ulong at = unit * PARTS;
    part_range r = {TERMS_OF(at * classes), at * classes, (rows - at) * classes, classes, 0, 0,
        (int)min((ulong)PARTS, rows - at)};
    read_parts(x, &r, &work, kept);
    for (int q = LID; q < PARTS / VEC; q += WGS) {
      int there = r.count - q * VEC;
      if (there <= 0) break;
      row_part row = combine(&work, q);
      row_sums s = finish(&row);
#ifdef LOGSUMEXP
      store(row_logsumexp(&row, &s), out + at + q * VEC, 0, min(there, VEC));
#else
      save_result(&row, &row, &s, results + q * VEC);
#endif
    }
    SYNC();
#ifndef LOGSUMEXP
    result_parts(x, out, &r, results, &work, kept);
    SYNC();
#endif
  }
}

#else

INLINE void finish_row(__global float *scratch, __global result *out, ulong row, int blocks) {
  if (LID == 0) {
    row_part whole = merge_row(scratch, blocks);
#ifdef LOGSUMEXP
    row_sums s = finish(&whole);
    out[row] = first(row_logsumexp(&whole, &s));
#endif
  }
}

INLINE void row_results(__global const input *x, __global result *out, __global kept_term *terms,
    __global const float *scratch, __local float *results, const work *w, ulong row, uint classes, int blocks, int b) {
  row_part whole = merged_row(scratch, blocks);
  row_sums s = finish(&whole);
  for (int q = LID; q < PARTS / VEC; q += WGS) {
    row_part p = load_parts(scratch + b + q * VEC, PADDED(blocks));
    save_result(&whole, &p, &s, results + q * VEC);
    STORE(p.max, w->max, q * VEC);
  }
  SYNC();
  part_range r = blocks_of_row(terms, row, classes, blocks, b);
  result_parts(x, out, &r, results, w, 0);
  SYNC();
}

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void softmax(SOFTMAX_ARGUMENTS) {
  LANES_MEMORY
  RESULTS
  int blocks = (int)((classes + BLOCK - 1) / BLOCK);
  PLACE_FOR_TERMS((ulong)classes)
  scratch += get_group_id(0) * ROW_SCRATCH(blocks);
  ulong end = min(rows, (get_group_id(0) + 1) * per_group);
  for (ulong row = get_group_id(0) * per_group; row < end; row++) {
    __global kept_term *of_row = TERMS_OF(row * classes);
    for (int b = 0; b < blocks; b += PARTS) row_parts(x, of_row, scratch, &work, row, classes, blocks, b);
    SYNC_GLOBAL();
    finish_row(scratch, out, row, blocks);
    SYNC_GLOBAL();
#ifndef LOGSUMEXP
    // From the end: what was read last is still in a cache.
    for (int b = PADDED(blocks) - PARTS; b >= 0; b -= PARTS) {
      row_results(x, out, of_row, scratch, results, &work, row, classes, blocks, b);
    }
    SYNC_GLOBAL();
#endif
  }
}

// Groups that share a row hand its terms on where the results go.
#ifndef STREAM

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void softmax_parts(SOFTMAX_ARGUMENTS) {
  LANES_MEMORY
  int blocks = (int)((classes + BLOCK - 1) / BLOCK);
  ulong row = get_group_id(1);
  int b = (int)get_group_id(0) * PARTS;
  row_parts(x, out + row * classes, scratch + row * ROW_SCRATCH(blocks), &work, row, classes, blocks, b);
}

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void softmax_merge(SOFTMAX_ARGUMENTS) {
  int blocks = (int)((classes + BLOCK - 1) / BLOCK);
  ulong row = get_group_id(1);
  finish_row(scratch + row * ROW_SCRATCH(blocks), out, row, blocks);
}

#ifndef LOGSUMEXP
__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void softmax_last(SOFTMAX_ARGUMENTS) {
  LANES_MEMORY
  RESULTS
  int blocks = (int)((classes + BLOCK - 1) / BLOCK);
  ulong row = get_group_id(1);
  int b = (int)get_group_id(0) * PARTS;
  row_results(x, out, out + row * classes, scratch + row * ROW_SCRATCH(blocks), results, &work, row, classes, blocks, b);
}
#endif

#endif
#endif
