// team.cl: a team of work-items that has a row, lanes along its classes, and what the teams of a group share; put behind
// row_parts.cl in front of row_team.cl.
//
// Maths
//   None of its own.
// Passes
//   A part is a row of one block, or one block of a longer row. A team reads a part, and writes the results of its
//   elements. A group does PARTS parts at once.
//   With one work-item (CPU), the rest of the parts' trees, and then finish(), run for VEC parts in the lanes of one vector.
//   With several (GPU), all work-items of a group add up the lanes of all its parts, then one work-item finishes each part.
// Launch contract
//   For more than 64 classes and inner == 1. -D TEAM_LANES=l: 64, 128 or 256 for up to 1024, 2048 or more classes.
//   WGS 1: terms are kept where the results go, or, with -D STREAM, in front of all else in scratch, or computed again from
//   the logits: -D RECOMPUTE. WGS > 1: RECOMPUTE and VEC 1; what is read again is still in a cache. -D ALIGNED: classes are
//   a multiple of UNROLL.

#define TEAM_SLOTS (TEAM_LANES / SLOT)
#ifndef TEAM
#define TEAM (WGS < TEAM_SLOTS ? WGS : TEAM_SLOTS)
#define HELD 1
#else
#define HELD (TEAM_SLOTS / TEAM)
#endif
// How many lanes of a part are left for the team to add up.
#define LEFT_LANES (TEAM_LANES / HELD)
#define TEAMS (WGS / TEAM)
#define PARTS (TEAMS > VEC ? TEAMS : VEC)
#define ME (LID & (TEAM - 1))  // TEAM is a power of two

#ifdef WHOLE_ROW_LOSS
#define OF_LOSS 3
#else
#define OF_LOSS 1
#endif
// The moment is the last of the sums.
#ifdef ROW_OUTPUTS
#define SUMS (OF_LOSS + 1)
#else
#define SUMS OF_LOSS
#endif

// Where terms are kept, if not in registers. PLACE_FOR_TERMS: for count terms, those of the PARTS rows, or the row, that a
// group does at a time. TERMS_OF: the terms of the row, or of the first row, whose first result is element at.
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

// What the kernels of a group share. lanes: running sums. With one work-item: the lanes that are left for each part, its
// maximum, and how many logits equal it. With several: each part's largest and smallest logit (as ordered() integers), and how
// many equal the largest. lowest and before: as in rows.cl, for each part; class_of and logit_of: its target.
typedef struct {
  __global const input *x;
  __global result *out;
  const row_operands *o;
  __local float *lane_hi, *lane_lo;
#if WGS == 1
  __local float *left_hi, *left_lo, *max, *ties;
#else
  __local int *most, *least, *equal;
#endif
#ifdef ROW_OUTPUTS
  __local int *lowest, *before;
#if WGS > 1
  __local int *class_of;
  __local float *logit_of;
#endif
#endif
} work;

#define GROUP_WORK \
  __local float lane_hi[SUMS * TEAMS * LEFT_LANES] ALIGNED_LOCAL; \
  __local float lane_lo[SUMS * TEAMS * LEFT_LANES] ALIGNED_LOCAL; \
  WHAT_IS_LEFT \
  OUTPUTS_OF_PARTS \
  SYNC(); \
  ROW_OPERANDS \
  work w = {x, out, &o, lane_hi, lane_lo, LEFT_HERE LOWEST_AND_BEFORE};

#if WGS == 1
#define WHAT_IS_LEFT \
  __local float left_hi[SUMS * PARTS * VEC] ALIGNED_LOCAL; \
  __local float left_lo[SUMS * PARTS * VEC] ALIGNED_LOCAL; \
  __local float part_max[PARTS] ALIGNED_LOCAL; \
  __local float part_ties[PARTS] ALIGNED_LOCAL; \
  for (int i = 0; i < SUMS * PARTS * VEC; i++) left_hi[i] = left_lo[i] = 0.0f; \
  for (int i = 0; i < PARTS; i++) part_max[i] = part_ties[i] = 0.0f;
#define LEFT_HERE left_hi, left_lo, part_max, part_ties
#else
#define WHAT_IS_LEFT \
  __local int most[TEAMS], least[TEAMS], equal[TEAMS]; \
  if (ME == 0) look_anew(most + LID / TEAM, least + LID / TEAM, equal + LID / TEAM);
#define LEFT_HERE most, least, equal
#endif

#ifdef ROW_OUTPUTS
#define OUTPUTS_OF_PARTS \
  __local int lowest[PARTS], before[PARTS]; \
  TARGETS_OF_PARTS \
  for (int i = LID; i < PARTS; i += WGS) { \
    lowest[i] = INT_MAX; \
    before[i] = 0; \
  }
#if WGS > 1
#define TARGETS_OF_PARTS \
  __local int class_of[PARTS]; \
  __local float logit_of[PARTS];
#define LOWEST_AND_BEFORE , lowest, before, class_of, logit_of
#else
#define TARGETS_OF_PARTS
#define LOWEST_AND_BEFORE , lowest, before
#endif
#else
#define OUTPUTS_OF_PARTS
#define LOWEST_AND_BEFORE
#endif

INLINE void look_anew(__local int *most, __local int *least, __local int *equal) {
  *most = INT_MIN;
  *least = INT_MAX;
  *equal = 0;
}

// count adjacent parts of stride elements; the last has the rest of all. The first begins at begin, with class number class of
// its row; each other begins with class_stride more than the one before. terms: those of the first.
typedef struct {
  __global kept_term *terms;
  ulong begin, all, row;
  uint stride, class, class_stride;
  int count;
} part_range;

INLINE ulong row_of_part(const part_range *r, int k) {
#ifdef ONE_BLOCK
  return r->row + k;
#else
  return r->row;
#endif
}

INLINE int part_size(const part_range *r, int k) { return (int)min((ulong)r->stride, r->all - (ulong)k * r->stride); }

// Loops over what a work-item has of a part, TOGETHER vectors at a time, the same ones in every pass. OWNS: whether it has y. n
// == BLOCK is the case without an end to look for.
#if WGS == 1
#define TOGETHER 1
#define EACH_ELEMENT(i, n) for (int i = 0; i < (n); i += VEC)
#define OWNS(y) 1
#define UNROLL_STEPS
#else
#define TOGETHER UNROLL
#define EACH_ELEMENT(i, n) \
  for (int slot = ME; slot < TEAM_SLOTS; slot += TEAM) UNROLL_STEPS EACH_STEP(i, slot, n)
#define OWNS(y) ((((y) / STRIPE * (LANES / SLOT) + ((y) & (LANES - 1)) / SLOT) & (TEAM - 1)) == ME)
// 8 elements of a work-item are read at a time; 4 if it has so many sums that registers would not suffice.
#if HELD == 4 || (defined(WHOLE_ROW_LOSS) && (HELD == 2 || !defined(ALIGNED)))
#define UNROLL_STEPS _Pragma("unroll 1")
#elif UNROLL == 4 || defined(WHOLE_ROW_LOSS) || (defined(ROW_OUTPUTS) && HELD == 2)
#define UNROLL_STEPS _Pragma("unroll 2")
#else
#define UNROLL_STEPS _Pragma("unroll 4")
#endif
#endif

#define EACH_TOGETHER _Pragma("unroll") for (int j = 0; j < TOGETHER; j++)

// The number of elements of parts that have no end to look for.
#define WHOLE_PART (TEAM_LANES * STEPS)

// How many lanes of a part are left when those who finish parts add up the rest.
#if WGS == 1
#define LEFT VEC
#else
#define LEFT 8

// Adds the lanes of each part by halves until LEFT are left. Every work-item of the group calls it after a SYNC.
INLINE void halve_parts(const work *w, const part_range *r) {
#pragma unroll 1
  for (int bits = 30 - clz(LEFT_LANES); 1 << bits >= LEFT; bits--) {
    int width = 1 << bits;
#pragma unroll 1
    for (int e = LID; e < SUMS * TEAMS << bits; e += WGS) {
      int k = e >> bits;
#ifndef ONE_BLOCK
      // Not if the part is so short that these lanes are 0: then normalise() was enough.
      if (width >= LANES && part_size(r, min(k & (TEAMS - 1), r->count - 1)) <= STRIPE / LANES << bits) continue;
#endif
      int at = k * LEFT_LANES + (e & (width - 1));
      pair p = pair_add(make_pair(w->lane_hi[at], w->lane_lo[at]), make_pair(w->lane_hi[at + width], w->lane_lo[at + width]));
      w->lane_hi[at] = p.hi;
      w->lane_lo[at] = p.lo;
    }
    SYNC();
  }
}
#endif
