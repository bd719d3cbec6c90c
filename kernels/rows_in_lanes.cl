// rows_in_lanes.cl: reads rows with lanes along their classes, summed as blocks.cl says; put behind rows.cl in front of
// *_in_lanes.cl.
//
// Maths
//   None of its own.
// Passes
//   A part is a row of one block, or one block of a longer row. A team of work-items reads a part: maximum, terms, sums
//   down to VEC lanes (read_parts). A group does PARTS parts at once, so that the rest of their trees, and then
//   finish(), run for VEC parts in the lanes of one vector (combine).
// Launch contract
//   For more than 64 classes and inner == 1. -D TEAM_LANES=l: 64, 128 or 256 for up to 1024, 2048 or more classes.
//   UNROLL 1 unless WGS is 1. Terms are kept in -D REGISTERS (each work-item has one slot of one part: PARTS is TEAMS),
//   else where the results go, or, with -D STREAM and WGS 1, in front of all else in scratch, or computed again from the
//   logits: -D RECOMPUTE.

#define TEAM_SLOTS (TEAM_LANES / SLOT)
#define TEAM (WGS < TEAM_SLOTS ? WGS : TEAM_SLOTS)
#define TEAMS (WGS / TEAM)
#define PARTS (TEAMS > VEC ? TEAMS : VEC)
#define ME (LID & (TEAM - 1))  // TEAM is a power of two

#ifdef REGISTERS
#define UNROLL_STEPS _Pragma("unroll")
#else
#define UNROLL_STEPS
#endif

#ifdef WHOLE_ROW_LOSS
#define SUMS 3
#else
#define SUMS 1
#endif

// What the blocks of a long row leave in memory: 8 lines of PADDED(blocks) floats, then 8 floats for the whole row.
#define PADDED(blocks) (((blocks) + PARTS - 1) / PARTS * PARTS)
#define ROW_SCRATCH(blocks) (8 * (PADDED(blocks) + 1))

#define LANES_MEMORY \
  __local float lane_hi[SUMS * TEAMS * TEAM_LANES] __attribute__((aligned(64))); \
  __local float lane_lo[SUMS * TEAMS * TEAM_LANES] __attribute__((aligned(64))); \
  __local float left_hi[SUMS * PARTS * VEC] __attribute__((aligned(64))); \
  __local float left_lo[SUMS * PARTS * VEC] __attribute__((aligned(64))); \
  __local float part_max[PARTS] __attribute__((aligned(64))); \
  __local float part_ties[PARTS] __attribute__((aligned(64))); \
  __local float share[WGS]; \
  work work = {lane_hi, lane_lo, left_hi, left_lo, part_max, part_ties, share}; \
  for (int i = LID; i < SUMS * PARTS * VEC; i += WGS) left_hi[i] = left_lo[i] = 0.0f; \
  for (int i = LID; i < PARTS; i += WGS) part_max[i] = part_ties[i] = 0.0f; \
  SYNC();

typedef struct {
  __local float *lane_hi, *lane_lo, *left_hi, *left_lo, *max, *ties, *share;
} work;

// Where terms are kept, if not in registers. Aside: count of them, those of the PARTS rows, or the row, that a group does
// at a time. TERMS_OF: the row's, or the first row's, whose result is element at.
#ifdef STREAM
typedef float kept_term;
#define STORE_TERM(v, p, i, n) store(v, p, i, n)
#define LOAD_TERM(p, i, n) load(p, i, n, 0.0f)
#define PLACE_FOR_TERMS(count) \
  __global kept_term *terms = scratch + get_group_id(0) * (count); \
  scratch += get_num_groups(0) * (count);
#define TERMS_OF(at) terms
#else
typedef result kept_term;
#define STORE_TERM(v, p, i, n) STORE_INPUT(v, p, i, n)
#define LOAD_TERM(p, i, n) LOAD_INPUT(p, i, n, 0.0f)
#define PLACE_FOR_TERMS(count)
#define TERMS_OF(at) (out + (at))
#endif

// count adjacent parts of stride elements (the last one: what is left of all), the first of which begins at begin and
// with class number class; the next with that class plus class_stride. terms: the first one's.
typedef struct {
  __global kept_term *terms;
  ulong begin, all;
  uint stride, class, class_stride;
  int count;
} part_range;

INLINE int part_size(const part_range *r, int k) { return (int)min((ulong)r->stride, r->all - (ulong)k * r->stride); }

// The elements of this work-item, the same ones in every pass.
#if WGS == 1
#define EACH_ELEMENT(i, n) for (int i = 0; i < (n); i += VEC)
#define OWNS(y) 1
#else
#define EACH_ELEMENT(i, n) \
  for (int slot = ME; slot < TEAM_SLOTS; slot += TEAM) \
    for (int step = 0, i = SLOT_START(slot); step < STEPS && i < (n); step++, i += LANES)
#define OWNS(y) ((((y) / STRIPE * (LANES / SLOT) + ((y) & (LANES - 1)) / SLOT) & (TEAM - 1)) == ME)
#endif

// Small integers: exact in any order. As widest() does it.
INLINE float add_lanes(fvec v) {
#if VEC == 1
  return v;
#else
#if VEC == 16
  float8 a = v.lo + v.hi;
  float4 b = a.lo + a.hi;
#else
  float4 b = v;
#endif
  float c[2];
  vstore2(b.lo + b.hi, 0, c);
  return c[0] + c[1];
#endif
}

INLINE float widest_of_team(float m, __local float *share) {
#if TEAM > 1 || WGS > 1
  share[LID] = m;
  SYNC();
  __local float *mine = share + LID / TEAM * TEAM;
  for (int k = 0; k < TEAM; k++) m = mine[k] > m ? mine[k] : m;
  SYNC();
#endif
  return m;
}

INLINE float total_of_team(float t, __local float *share) {
#if WGS > 1
  share[LID] = t;
  SYNC();
  __local float *mine = share + LID / TEAM * TEAM;
  t = 0.0f;
  for (int k = 0; k < TEAM; k++) t += mine[k];
  SYNC();
#endif
  return t;
}

INLINE float widest_logit(__global const input *x, int n, fvec *kept) {
  fvec m = (fvec)(-INF);
#ifdef REGISTERS
#pragma unroll
  for (int step = 0; step < STEPS; step++) {
    int i = SLOT_START(ME) + step * LANES;
    if (i < n) kept[step] = LOAD_INPUT(x, i, n, -INF);
  }
#pragma unroll
  for (int step = 0; step < STEPS; step++) {
    if (SLOT_START(ME) + step * LANES < n) m = kept[step] > m ? kept[step] : m;
  }
#else
  EACH_ELEMENT(i, n) {
    fvec v = LOAD_INPUT(x, i, n, -INF);
    m = v > m ? v : m;
  }
#endif
  return widest(m) + 0.0f;
}

// Reads the range's parts: the terms stay in kept or go to its place for them, the rest to work. Work-items beyond the
// last part do it again and write nothing, so that all meet at the barriers.
INLINE void read_parts(__global const input *x, PART_ARGUMENTS const part_range *r, const work *w, fvec *kept) {
#if WGS == 1
  float next = widest_logit(x + r->begin, part_size(r, 0), kept);
#endif
  for (int k = LID / TEAM; k < PARTS; k += TEAMS) {
#if WGS == 1
    if (k >= r->count) break;
    int part = k;
#else
    int part = min(k, r->count - 1);
#endif
    ulong at = r->begin + (ulong)part * r->stride;
    int n = part_size(r, part);
#if WGS == 1
    // One part ahead: the terms do not wait for the last steps of their maximum.
    float widest_here = next;
    if (k + 1 < r->count) next = widest_logit(x + at + r->stride, part_size(r, k + 1), kept);
#else
    float widest_here = widest_of_team(widest_logit(x + at, n, kept), w->share);
#endif
    row_part p;
    set_reference(&p, (fvec)(widest_here));
    fvec ties = (fvec)(0.0f);
    uint class = r->class + part * r->class_stride;
    __local float *hi = w->lane_hi + LID / TEAM * TEAM_LANES, *lo = w->lane_lo + LID / TEAM * TEAM_LANES;
    for (int slot = ME; slot < TEAM_SLOTS; slot += TEAM) {
      pair sums[SUMS * UNROLL];
#pragma unroll
      for (int j = 0; j < SUMS * UNROLL; j++) sums[j] = make_pair((fvec)(0.0f), (fvec)(0.0f));
      UNROLL_STEPS
      for (int step = 0; step < STEPS; step++) {
        if (n < BLOCK && SLOT_START(slot) + step * LANES >= n) break;
        EACH_VECTOR {
          int i = SLOT_START(slot) + step * LANES + j * VEC;
          if (n < BLOCK && i >= n) continue;
#ifdef REGISTERS
          fvec v = kept[step];
#else
          fvec v = LOAD_INPUT(x + at, i, n, -INF);
          PREFETCH(x + at + 2 * (ulong)r->stride + i);
#endif
          fvec e = term(v, p.cut, p.shift, p.magic);
#ifdef KEEP_TERMS
#ifdef REGISTERS
          kept[step] = e;
#elif !defined(RECOMPUTE)
          if (k < r->count) STORE_TERM(e, r->terms + (ulong)part * r->stride, i, n);
#endif
#endif
          ties += tie(v, p.max);
          sums[j] = accumulate_float(sums[j], within(term_of_other(v, p.max, e), i, n));
#ifdef WHOLE_ROW_LOSS
          PART_TERM(sums, p.max, v, at, class, i, n)
#endif
        }
      }
#pragma unroll
      for (int s = 0; s < SUMS; s++) {
        EACH_VECTOR keep(sums[s * UNROLL + j], hi + s * TEAMS * TEAM_LANES, lo + s * TEAMS * TEAM_LANES, slot, j);
      }
    }
    float all_ties = total_of_team(add_lanes(ties), w->share);
    SYNC();
    for (int s = 0; s < SUMS; s++) {
      halve(hi + s * TEAMS * TEAM_LANES, lo + s * TEAMS * TEAM_LANES, n, TEAM_LANES, ME, TEAM);
      if (ME == 0) {
        STORE(LOAD(hi, s * TEAMS * TEAM_LANES), w->left_hi, (s * PARTS + k) * VEC);
        STORE(LOAD(lo, s * TEAMS * TEAM_LANES), w->left_lo, (s * PARTS + k) * VEC);
      }
    }
    if (ME == 0) {
      w->max[k] = widest_here;
      w->ties[k] = all_ties;
    }
    SYNC();
  }
}

// The sums of VEC parts, those that vector q of PARTS holds.
INLINE pair combine_sums(const work *w, int s, int q) {
  fvec hi[VEC], lo[VEC];
  int from = (s * PARTS + q * VEC) * VEC;
#if VEC == 1
  hi[0] = w->left_hi[from];
  lo[0] = w->left_lo[from];
#else
#pragma unroll
  for (int k = 0; k < VEC; k++) {
    hi[k] = LOAD(w->left_hi, from + k * VEC);
    lo[k] = LOAD(w->left_lo, from + k * VEC);
  }
  transpose(hi);
  transpose(lo);
#pragma unroll
  for (int part = VEC / 2; part >= 1; part /= 2) {
#pragma unroll
    for (int i = 0; i < part; i++) {
      pair p = pair_add(make_pair(hi[i], lo[i]), make_pair(hi[i + part], lo[i + part]));
      hi[i] = p.hi;
      lo[i] = p.lo;
    }
  }
#endif
  return make_pair(hi[0], lo[0]);
}

INLINE row_part combine(const work *w, int q) {
  row_part p;
  set_reference(&p, LOAD(w->max, q * VEC));
  p.ties = LOAD(w->ties, q * VEC);
  p.rest = combine_sums(w, 0, q);
#ifdef WHOLE_ROW_LOSS
  p.mass = combine_sums(w, 1, q);
  p.distance = combine_sums(w, 2, q);
#else
  p.mass = p.distance = make_pair((fvec)(0.0f), (fvec)(0.0f));
#endif
  return p;
}

// VEC parts to and from a line of each of 8 fields.
INLINE void save_parts(const row_part *p, __global float *to, int line) {
  STORE(p->max, to, 0);
  STORE(p->ties, to, line);
  STORE(p->rest.hi, to, 2 * line);
  STORE(p->rest.lo, to, 3 * line);
  STORE(p->distance.hi, to, 4 * line);
  STORE(p->distance.lo, to, 5 * line);
  STORE(p->mass.hi, to, 6 * line);
  STORE(p->mass.lo, to, 7 * line);
}

INLINE row_part load_parts(__global const float *from, int line) {
  row_part p;
  set_reference(&p, LOAD(from, 0));
  p.ties = LOAD(from, line);
  p.rest = make_pair(LOAD(from, 2 * line), LOAD(from, 3 * line));
  p.distance = make_pair(LOAD(from, 4 * line), LOAD(from, 5 * line));
  p.mass = make_pair(LOAD(from, 6 * line), LOAD(from, 7 * line));
  return p;
}

INLINE fvec spread_lane(fvec v, int k) {
  float part[VEC];
  STORE(v, part, 0);
  return (fvec)(part[k]);
}

// The whole row, from what its blocks left; it goes behind them.
INLINE row_part merge_row(__global float *scratch, int blocks) {
  int line = PADDED(blocks);
  fvec m = (fvec)(-INF);
  for (int b = 0; b < blocks; b++) m = scratch[b] > m ? (fvec)(scratch[b]) : m;
  row_part row;
  set_reference(&row, m);
  row.ties = (fvec)(0.0f);
  row.rest = row.distance = row.mass = make_pair((fvec)(0.0f), (fvec)(0.0f));
  for (int b = 0; b < blocks; b += VEC) {
    row_part parts = load_parts(scratch + b, line);
    row_part c = contribution(&row, &parts);
    for (int k = 0; k < VEC && b + k < blocks; k++) {
      row_part one;
      one.ties = spread_lane(c.ties, k);
      one.rest = make_pair(spread_lane(c.rest.hi, k), spread_lane(c.rest.lo, k));
      one.distance = make_pair(spread_lane(c.distance.hi, k), spread_lane(c.distance.lo, k));
      one.mass = make_pair(spread_lane(c.mass.hi, k), spread_lane(c.mass.lo, k));
      merge(&row, &one);
    }
  }
  __global float *whole = scratch + 8 * line;
  whole[0] = first(row.max);
  whole[1] = first(row.ties);
  whole[2] = first(row.rest.hi);
  whole[3] = first(row.rest.lo);
  whole[4] = first(row.distance.hi);
  whole[5] = first(row.distance.lo);
  whole[6] = first(row.mass.hi);
  whole[7] = first(row.mass.lo);
  return row;
}

INLINE row_part merged_row(__global const float *scratch, int blocks) {
  __global const float *whole = scratch + 8 * PADDED(blocks);
  row_part row;
  set_reference(&row, (fvec)(whole[0]));
  row.ties = (fvec)(whole[1]);
  row.rest = make_pair((fvec)(whole[2]), (fvec)(whole[3]));
  row.distance = make_pair((fvec)(whole[4]), (fvec)(whole[5]));
  row.mass = make_pair((fvec)(whole[6]), (fvec)(whole[7]));
  return row;
}

#ifndef ONE_BLOCK

// Blocks b, b + 1, ... of a row whose terms these are.
INLINE part_range blocks_of_row(__global kept_term *terms, ulong row, uint classes, int blocks, int b) {
  ulong at = (ulong)b * BLOCK;
  part_range r = {terms + at, row * classes + at, classes - at, BLOCK, b * BLOCK, BLOCK, min(PARTS, blocks - b)};
  return r;
}

INLINE void row_parts(__global const input *x, __global kept_term *terms, PART_ARGUMENTS __global float *scratch,
    const work *w, ulong row, uint classes, int blocks, int b) {
  part_range r = blocks_of_row(terms, row, classes, blocks, b);
  read_parts(x, PART_VALUES &r, w, 0);
  for (int q = LID; q < PARTS / VEC; q += WGS) {
    row_part p = combine(w, q);
    save_parts(&p, scratch + b + q * VEC, PADDED(blocks));
  }
  SYNC();
}

#endif
