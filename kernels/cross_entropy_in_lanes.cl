// cross_entropy_in_lanes.cl: cross entropy of rows of adjacent classes with lanes along them.
//
// Maths
//   cross_entropy.cl.
// Passes
//   -D ONE_BLOCK, rows of up to 4096: PARTS rows at once are read, finished, and their gradients written.
//   Longer rows: parts (the blocks, each on its own), merge (the row), gradient; in one kernel, cross_entropy, where
//   a group has whole rows, or in three, where groups share a row.
// Launch contract
//   rows_in_lanes.cl and cross_entropy.cl. cross_entropy: work-group g has units g * per_group onwards, a unit is PARTS
//   rows (ONE_BLOCK) or a row; scratch: ROW_SCRATCH floats per group. The three: work-group (u, r) has the PARTS blocks
//   from u * PARTS of row r (cross_entropy_merge: u = 0, the row); scratch: ROW_SCRATCH floats per row. -D STREAM: only
//   cross_entropy; scratch: PARTS * classes (ONE_BLOCK) or classes floats more per group; classes a multiple of 16.

// Of each part for its gradient: lines of PARTS floats.
#define PLAIN 0.0f
#define CAREFUL 1.0f
#define ALL_NAN 2.0f
#define ALL_ZERO 3.0f
#define SLOPES \
  __local float slopes[9 * PARTS] __attribute__((aligned(64))); \
  for (int i = LID; i < 9 * PARTS; i += WGS) slopes[i] = 0.0f; \
  SYNC();

#define CROSS_ENTROPY_ARGUMENTS \
  __global const input *restrict x, __global const int *restrict class, __global const soft *restrict prob, \
  __global const float *restrict weight, __global const float *restrict upstream, \
  __global const float *restrict totals, __global const float2 *restrict weights, __global float2 *restrict sums, \
  __global float *restrict loss, \
  __global result *restrict out, __global float *restrict scratch, ulong rows, uint classes, ulong inner, \
  ulong per_group, float scale, SMOOTHING_ARGUMENTS

// Rows r, r + 1, ..., count of them.
INLINE row_target load_target(__global const input *x, __global const int *class, __global const float *weight,
    __global const float *upstream, ulong r, int count, uint classes, float scale) {
  row_target t;
#ifdef PROBABILITIES
  t.y = (ivec)(0);
  t.x = (fvec)(0.0f);
  t.w = (fvec)(1.0f);
#else
  float xs[VEC];
  t.y = load_ints(class + r, 0, count, -1);
  for (int k = 0; k < VEC; k++) {
    xs[k] = k < count ? load_one(INPUT, x, (r + k) * classes + max(class[r + k], 0)) : 0.0f;
  }
  t.x = LOAD(xs, 0);
  t.w = weights_of(class, weight, r, count);
#endif
  t.scale = make_scale(upstream ? load(upstream + r, 0, count, 0.0f) : (fvec)(1.0f), scale);
  return t;
}

// The same, of one row in all lanes.
INLINE row_target load_one_target(__global const input *x, __global const int *class, __global const float *weight,
    __global const float *upstream, ulong r, uint classes, float scale) {
  row_target t;
  t.w = (fvec)(1.0f);
#ifdef PROBABILITIES
  t.y = (ivec)(0);
  t.x = (fvec)(0.0f);
#else
  int y = class[r];
  t.y = (ivec)(y);
  t.x = (fvec)(load_one(INPUT, x, r * classes + max(y, 0)));
  if (weight) t.w = (fvec)(weight[max(y, 0)]);
#endif
  t.scale = make_scale((fvec)(upstream ? upstream[r] : 1.0f), scale);
  return t;
}

// y: relative to the part's first class.
INLINE void save_slope(const slope *g, ivec y, __local float *to) {
  fvec kind = careful(g) ? (fvec)(CAREFUL) : (fvec)(PLAIN);
  kind = g->undefined ? (fvec)(ALL_NAN) : kind;
  kind = g->ignored ? (fvec)(ALL_ZERO) : kind;
  STORE(kind, to, 0);
#ifdef PROBABILITIES
  y = (ivec)(-1);
#endif
  STORE(AS_FVEC(y), to, PARTS);
  STORE(g->factor, to, 2 * PARTS);
  STORE(g->at_y, to, 3 * PARTS);
#ifdef WHOLE_ROW_LOSS
  STORE(g->scale, to, 4 * PARTS);
  STORE(g->spread, to, 5 * PARTS);
  STORE(g->top, to, 6 * PARTS);
  STORE(g->likely.hi, to, 7 * PARTS);
  STORE(g->likely.lo, to, 8 * PARTS);
#endif
}

// Every element of the range's parts.
INLINE void gradient_parts(__global const input *x, __global result *out, PART_ARGUMENTS const part_range *r,
    __local const float *slopes, const work *w, const fvec *kept) {
  for (int k = LID / TEAM; k < min(PARTS, r->count); k += TEAMS) {
    int n = part_size(r, k);
    __global result *to = out + r->begin + (ulong)k * r->stride;
    float kind = slopes[k];
    int y = as_int(slopes[PARTS + k]);
    fvec factor = (fvec)(slopes[2 * PARTS + k]);
    float at_y = slopes[3 * PARTS + k];
#ifdef RECOMPUTE
    row_part p;
    set_reference(&p, (fvec)(w->max[k]));
    __global const input *from = x + r->begin + (ulong)k * r->stride;
#define TERM_AT(i, step) term(LOAD_INPUT(from, i, n, -INF), p.cut, p.shift, p.magic)
#elif defined(REGISTERS)
#define TERM_AT(i, step) kept[step]
#else
    __global const kept_term *from = r->terms + (ulong)k * r->stride;
#define TERM_AT(i, step) LOAD_TERM(from, i, n)
#endif
    if (kind == PLAIN) {
#ifdef STREAM
      // With its vector: behind it the line would have to come back from memory.
      int of_y = y >= 0 && y < n ? y / VEC * VEC : n;
      for (int i = 0; i < of_y; i += VEC) STORE_INPUT(TERM_AT(i, step) * factor, to, i, n);
      if (of_y < n) {
        fvec v = TERM_AT(of_y, step) * factor;
        STORE_INPUT((ivec)(of_y) + IOTA == (ivec)(y) ? (fvec)(at_y) : v, to, of_y, n);
      }
      for (int i = of_y + VEC; i < n; i += VEC) STORE_INPUT(TERM_AT(i, step) * factor, to, i, n);
#else
      EACH_ELEMENT(i, n) STORE_INPUT(TERM_AT(i, step) * factor, to, i, n);
      if (y >= 0 && y < n && OWNS(y)) store_one(INPUT, at_y, to, y);
#endif
    } else if (kind == CAREFUL) {
      slope g;
      g.undefined = g.ignored = (ivec)(0);
      g.factor = factor;
      g.at_y = (fvec)(at_y);
      g.scale = (fvec)(slopes[4 * PARTS + k]);
      g.spread = (fvec)(slopes[5 * PARTS + k]);
      g.top = (fvec)(slopes[6 * PARTS + k]);
      g.likely = make_pair((fvec)(slopes[7 * PARTS + k]), (fvec)(slopes[8 * PARTS + k]));
      EACH_ELEMENT(i, n) {
        fvec wc = class_weight(weight, r->class + k * r->class_stride, i, n);
        pair pc = class_share(prob, r->begin + (ulong)k * r->stride, wc, i, n, smooth);
        ivec is_y = (ivec)(i) + IOTA == (ivec)(y);
        STORE_INPUT(gradient_of(TERM_AT(i, step), pc, wc, is_y, &g), to, i, n);
      }
    } else {
      fvec fill = (fvec)(kind == ALL_NAN ? CANONICAL_NAN : 0.0f);
      EACH_ELEMENT(i, n) STORE_INPUT(fill, to, i, n);
    }
  }
}

#ifdef ONE_BLOCK

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void cross_entropy(CROSS_ENTROPY_ARGUMENTS) {
  LANES_MEMORY
  SLOPES
  PLACE_FOR_TERMS(PARTS * (ulong)classes)
  fvec kept[STEPS];
  MAKE_SMOOTHING
  if (totals) scale = totals[TOTALS_SCALE];
  ulong end = min((rows + PARTS - 1) / PARTS, (get_group_id(0) + 1) * per_group);
  for (ulong unit = get_group_id(0) * per_group; unit < end; unit++) {
    ulong at = unit * PARTS;
    part_range r = {TERMS_OF(at * classes), at * classes, (rows - at) * classes, classes, 0, 0,
        (int)min((ulong)PARTS, rows - at)};
    read_parts(x, PART_VALUES &r, &work, kept);
    for (int q = LID; q < PARTS / VEC; q += WGS) {
      int there = r.count - q * VEC;
      if (there <= 0) break;
      row_part row = combine(&work, q);
      row_sums t = finish(&row);
      row_target target = load_target(x, class, weight, upstream, at + q * VEC, there, classes, scale);
      pair value = row_loss(&row, &t, &target, smooth);
      store_pairs(value, sums + at + q * VEC, there);
      if (loss) store(canonical(value.hi), loss + at + q * VEC, 0, min(there, VEC));
#ifdef WANT_GRADIENT
      slope g = row_slope(&row, &row, &t, &target, smooth);
      save_slope(&g, target.y, slopes + q * VEC);
#endif
    }
    SYNC();
#ifdef WANT_GRADIENT
    gradient_parts(x, out, PART_VALUES &r, slopes, &work, kept);
    SYNC();
#endif
  }
}

#else

INLINE void finish_row(__global float *scratch, const row_target *target, const smoothing *smooth,
    __global float2 *sums, __global float *loss, ulong row, int blocks) {
  if (LID == 0) {
    row_part whole = merge_row(scratch, blocks);
    row_sums t = finish(&whole);
    pair value = row_loss(&whole, &t, target, smooth);
    // One lane counts, but where no other is used Oclgrind takes all for uninitialised.
    float hi[VEC], lo[VEC];
    STORE(value.hi, hi, 0);
    STORE(value.lo, lo, 0);
    __global float *sum = (__global float *)(sums + row);
    sum[0] = hi[0];
    sum[1] = lo[0];
    if (loss) loss[row] = first(canonical(value.hi));
  }
}

INLINE void row_gradient(__global const input *x, __global result *out, __global kept_term *terms,
    PART_ARGUMENTS __global const float *scratch, const row_target *target, __local float *slopes, const work *w,
    ulong row, uint classes, int blocks, int b) {
  row_part whole = merged_row(scratch, blocks);
  row_sums t = finish(&whole);
  for (int q = LID; q < PARTS / VEC; q += WGS) {
    row_part p = load_parts(scratch + b + q * VEC, PADDED(blocks));
    slope g = row_slope(&whole, &p, &t, target, smooth);
    save_slope(&g, target->y - (b + q * VEC + IOTA) * BLOCK, slopes + q * VEC);
    STORE(p.max, w->max, q * VEC);
  }
  SYNC();
  part_range r = blocks_of_row(terms, row, classes, blocks, b);
  gradient_parts(x, out, PART_VALUES &r, slopes, w, 0);
  SYNC();
}

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void cross_entropy(CROSS_ENTROPY_ARGUMENTS) {
  LANES_MEMORY
  SLOPES
  MAKE_SMOOTHING
  if (totals) scale = totals[TOTALS_SCALE];
  int blocks = (int)((classes + BLOCK - 1) / BLOCK);
  PLACE_FOR_TERMS((ulong)classes)
  scratch += get_group_id(0) * ROW_SCRATCH(blocks);
  ulong end = min(rows, (get_group_id(0) + 1) * per_group);
  for (ulong row = get_group_id(0) * per_group; row < end; row++) {
    row_target target = load_one_target(x, class, weight, upstream, row, classes, scale);
    __global kept_term *of_row = TERMS_OF(row * classes);
    for (int b = 0; b < blocks; b += PARTS) row_parts(x, of_row, PART_VALUES scratch, &work, row, classes, blocks, b);
    SYNC_GLOBAL();
    finish_row(scratch, &target, smooth, sums, loss, row, blocks);
    SYNC_GLOBAL();
#ifdef WANT_GRADIENT
    // From the end: what was read last is still in a cache.
    for (int b = PADDED(blocks) - PARTS; b >= 0; b -= PARTS) {
      row_gradient(x, out, of_row, PART_VALUES scratch, &target, slopes, &work, row, classes, blocks, b);
    }
    SYNC_GLOBAL();
#endif
  }
}

// Groups that share a row hand its terms on where the results go.
#ifndef STREAM

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void cross_entropy_parts(CROSS_ENTROPY_ARGUMENTS) {
  LANES_MEMORY
  MAKE_SMOOTHING
  int blocks = (int)((classes + BLOCK - 1) / BLOCK);
  ulong row = get_group_id(1);
  int b = (int)get_group_id(0) * PARTS;
  row_parts(x, out + row * classes, PART_VALUES scratch + row * ROW_SCRATCH(blocks), &work, row, classes, blocks, b);
}

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void cross_entropy_merge(CROSS_ENTROPY_ARGUMENTS) {
  MAKE_SMOOTHING
  int blocks = (int)((classes + BLOCK - 1) / BLOCK);
  ulong row = get_group_id(1);
  row_target target = load_one_target(x, class, weight, upstream, row, classes, scale);
  finish_row(scratch + row * ROW_SCRATCH(blocks), &target, smooth, sums, loss, row, blocks);
}

#ifdef WANT_GRADIENT
__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void cross_entropy_last(CROSS_ENTROPY_ARGUMENTS) {
  LANES_MEMORY
  SLOPES
  MAKE_SMOOTHING
  if (totals) scale = totals[TOTALS_SCALE];
  int blocks = (int)((classes + BLOCK - 1) / BLOCK);
  ulong row = get_group_id(1);
  int b = (int)get_group_id(0) * PARTS;
  row_target target = load_one_target(x, class, weight, upstream, row, classes, scale);
  row_gradient(x, out, out + row * classes, PART_VALUES scratch + row * ROW_SCRATCH(blocks), &target, slopes, &work, row,
      classes, blocks, b);
}
#endif

#endif
#endif
