// team.cl: a team of work-items that has a row, lanes along its classes, and what the teams of a group share; put behind
// row_parts.cl in front of row_team.cl.
//
// Maths
//   None of its own.
// Passes
//   A part is a row of one block, or one block of a longer row. A team reads a part, and writes what becomes of its
//   elements. A group does PARTS parts at once, so that the rest of their trees, and then finish(), run for VEC parts in the
//   lanes of one vector.
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

// Where terms are kept, if not in registers. PLACE_FOR_TERMS: for count of them, those of the PARTS rows, or the row, that a
// group does at a time. TERMS_OF: the row's, or the first row's, whose result is element at.
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

// What the kernels of a group share. slopes: what becomes of each part's elements.
typedef struct {
  __global const input *x;
  __global result *out;
  const row_operands *o;
  __local float *lane_hi, *lane_lo, *left_hi, *left_lo, *max, *ties, *slopes, *share;
} work;

#define GROUP_WORK \
  __local float lane_hi[SUMS * TEAMS * TEAM_LANES] ALIGNED_LOCAL; \
  __local float lane_lo[SUMS * TEAMS * TEAM_LANES] ALIGNED_LOCAL; \
  __local float left_hi[SUMS * PARTS * VEC] ALIGNED_LOCAL; \
  __local float left_lo[SUMS * PARTS * VEC] ALIGNED_LOCAL; \
  __local float part_max[PARTS] ALIGNED_LOCAL; \
  __local float part_ties[PARTS] ALIGNED_LOCAL; \
  __local float slopes[SLOPE_LINES * PARTS] ALIGNED_LOCAL; \
  __local float share[WGS]; \
  for (int i = LID; i < SUMS * PARTS * VEC; i += WGS) left_hi[i] = left_lo[i] = 0.0f; \
  for (int i = LID; i < PARTS; i += WGS) part_max[i] = part_ties[i] = 0.0f; \
  for (int i = LID; i < SLOPE_LINES * PARTS; i += WGS) slopes[i] = 0.0f; \
  SYNC(); \
  ROW_OPERANDS \
  work w = {x, out, &o, lane_hi, lane_lo, left_hi, left_lo, part_max, part_ties, slopes, share};

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

INLINE float widest_of_team(float m, __local float *share) {
#if WGS > 1
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
