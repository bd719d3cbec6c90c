// blocks.cl: how work is cut and added up; put behind numerics.cl in front of every kernel over elements.
//
// Maths
//   Every long sum has one shape, a function of its length alone: blocks of 4096 terms; a block in 4 stripes of
//   1024; in a stripe term i goes to lane i mod 64, each lane a compensated running sum; the 256 lanes of a block
//   are added by halves. The sums of blocks are the terms of the next sum. Launch shapes only choose who computes what.
// Passes
//   One work-group does one block at a time. A slot is UNROLL vectors of adjacent lanes; slots are dealt out to the
//   work-items. Lanes meet in local memory.
// Launch contract
//   -D VEC=v -D UNROLL=u -D WGS=w: v * u divides 64, local size w. CPU devices: VEC 16, UNROLL 4, WGS 1, no barriers.
//   Others: VEC 4, UNROLL 1, WGS up to 64.

#ifndef WGS
#define WGS 1
#endif
#ifndef UNROLL
#define UNROLL 1
#endif

#define BLOCK 4096
#define STRIPE 1024
#define LANES 64
#define ACCUMULATORS (BLOCK / STRIPE * LANES)
#define STEPS (STRIPE / LANES)
#define BLOCKS(n) (((n) + BLOCK - 1) / BLOCK)
// Loops over the vectors of a slot, whose running sums stay in registers.
#define EACH_VECTOR _Pragma("unroll") for (int j = 0; j < UNROLL; j++)
#if VEC == 1
#define ALL(c) (c)
#else
#define ALL(c) all(c)
#endif
#define SLOT (VEC * UNROLL)
#define SLOTS (ACCUMULATORS / SLOT)

// The places of what a loss leaves for the host, in floats: first the pair of its sum, then what targets.cl fills in.
// LossTotals reads them.
#define TOTALS_SCALE 2
#define TOTALS_PENALTY_SCALE 3
#define TOTALS_WEIGHT 4
#define TOTALS_COUNT 6
#define TOTALS_BAD 8

// AMD's compiler may use so many registers that less than half of the work-items fit. 4 waves are half of them.
#ifdef __AMDGCN__
#define GROUP_KERNEL __kernel __attribute__((reqd_work_group_size(WGS, 1, 1), amdgpu_waves_per_eu(4)))
#else
#define GROUP_KERNEL __kernel __attribute__((reqd_work_group_size(WGS, 1, 1)))
#endif
#define ALIGNED_LOCAL __attribute__((aligned(64)))
// The local memory where the lanes of a block meet.
#define LANE_SUMS \
  __local float hi[ACCUMULATORS] ALIGNED_LOCAL; \
  __local float lo[ACCUMULATORS] ALIGNED_LOCAL;

// Loops over the units of work of this work-group; all: how many units there are.
#define EACH_UNIT(u, all, per_group) \
  for (ulong u = get_group_id(0) * (per_group), u##_end = min((ulong)(all), (get_group_id(0) + 1) * (per_group)); \
       u < u##_end; u++)
// Loops over the places where the steps of a slot begin in a block of n elements. BY: a constant, how many a GPU does at once.
// They share the cost of the loop, and wait for memory together.
#define EACH_STEP(at, slot, n) \
  for (int at##_step = 0, at = SLOT_START(slot); at##_step < STEPS && ((n) == BLOCK || at < (n)); at##_step++, at += LANES)
#if WGS > 1
#define EACH_STEP_BY(by, at, slot, n) \
  for (int at##_step = 0, at##_first = SLOT_START(slot); at##_step < STEPS && ((n) == BLOCK || at##_first < (n)); \
       at##_step += (by), at##_first += (by)*LANES) \
  _Pragma("unroll") for (int at = at##_first; at < at##_first + (by)*LANES; at += LANES)
#else
#define EACH_STEP_BY(by, at, slot, n) EACH_STEP(at, slot, n)
#endif

#if WGS > 1
#define SYNC() barrier(CLK_LOCAL_MEM_FENCE)
#define SYNC_GLOBAL() barrier(CLK_GLOBAL_MEM_FENCE)
#define LID ((int)get_local_id(0))
#else
#define SYNC()
#define SYNC_GLOBAL()
#define LID 0
#endif

// The first element of a slot within its block. The slot's step s is LANES * s further.
#define SLOT_START(slot) (SLOT * (slot) / LANES * STRIPE + (SLOT * (slot) & (LANES - 1)))

INLINE float first(fvec v) {
#if VEC == 1
  return v;
#else
  return v.s0;
#endif
}

// The lanes that the first n terms of a block reach: those of one stripe, of two, or all.
INLINE int lanes_of(int n) { return n <= STRIPE ? LANES : (n <= 2 * STRIPE ? 2 * LANES : ACCUMULATORS); }

#if WGS == 1
// Adds the lanes of a block of n terms by halves until VEC are left. Lanes that no term reached are zero, and adding those only
// normalises.
INLINE void halve(__local float *hi, __local float *lo, int n, int lanes) {
  int width = lanes_of(n);
  if (width < ACCUMULATORS) {
    for (int i = 0; i < width; i += VEC) {
      pair p = normalise(LOAD(hi, i), LOAD(lo, i));
      STORE(p.hi, hi, i);
      STORE(p.lo, lo, i);
    }
  }
  for (int part = lanes / 2; part >= VEC; part /= 2) {
    if (part < width) {
      for (int i = 0; i < part; i += VEC) {
        pair p = pair_add(make_pair(LOAD(hi, i), LOAD(lo, i)), make_pair(LOAD(hi, i + part), LOAD(lo, i + part)));
        STORE(p.hi, hi, i);
        STORE(p.lo, lo, i);
      }
    }
  }
}
#endif

// The sum of the lanes of a block of n terms. Every work-item calls it after a SYNC; the result is in hi[0], lo[0] for
// all of them.
INLINE void tree(__local float *hi, __local float *lo, int n) {
#if WGS > 1
  // Lanes are dealt out one by one. As vectors, they would leave most work-items of a group idle.
  int width = lanes_of(n);
  if (width < ACCUMULATORS) {
    for (int i = LID; i < width; i += WGS) {
      pair p = normalise((fvec)(hi[i]), (fvec)(lo[i]));
      hi[i] = first(p.hi);
      lo[i] = first(p.lo);
    }
    SYNC();
  }
#pragma unroll
  for (int part = ACCUMULATORS / 2; part >= 1; part /= 2) {
    if (part < width) {
      for (int i = LID; i < part; i += WGS) {
        pair p =
            pair_add(make_pair((fvec)(hi[i]), (fvec)(lo[i])), make_pair((fvec)(hi[i + part]), (fvec)(lo[i + part])));
        hi[i] = first(p.hi);
        lo[i] = first(p.lo);
      }
    }
    SYNC();
  }
#else
  halve(hi, lo, n, ACCUMULATORS);
#if VEC > 1
  pair p = make_pair(LOAD(hi, 0), LOAD(lo, 0));
#if VEC == 16
  p = pair_add(p, make_pair(p.hi.s89abcdef89abcdef, p.lo.s89abcdef89abcdef));
  p = pair_add(p, make_pair(p.hi.s4567456745674567, p.lo.s4567456745674567));
  p = pair_add(p, make_pair(p.hi.s2323232323232323, p.lo.s2323232323232323));
  p = pair_add(p, make_pair(p.hi.s1111111111111111, p.lo.s1111111111111111));
#else
  p = pair_add(p, make_pair(p.hi.s2323, p.lo.s2323));
  p = pair_add(p, make_pair(p.hi.s1111, p.lo.s1111));
#endif
  hi[0] = p.hi.s0;
  lo[0] = p.lo.s0;
#endif
#endif
}

// How many of n elements are in block b.
INLINE int block_size(ulong b, ulong n) { return (int)min((ulong)BLOCK, n - b * BLOCK); }

// Stores a lane's running sum in local memory.
INLINE void keep(pair sum, __local float *hi, __local float *lo, int slot, int j) {
  STORE(sum.hi, hi, slot * SLOT + j * VEC);
  STORE(sum.lo, lo, slot * SLOT + j * VEC);
}

// Runs body for a block of n elements: body(BLOCK) if it is whole, so that a GPU's work-items need not look for its end. On
// CPUs, compilers take that test out of the loop, and one body is compiled faster.
#if WGS > 1
#define BY_SIZE(n, body) \
  if ((n) == BLOCK) { \
    body(BLOCK); \
  } else { \
    body(n); \
  }
#else
#define BY_SIZE(n, body) body(n);
#endif

// Stores a pair, as two floats. If it were one vector, optimisers would write it twice, first with lanes that are not set yet,
// and Oclgrind reports that.
INLINE void store_pair(float hi, float lo, __global float2 *to) {
  ((__global float *)to)[0] = hi;
  ((__global float *)to)[1] = lo;
}

// Adds up what all work-items kept of a block of n terms, stores the pair, and returns its hi.
INLINE float finish_block(__local float *hi, __local float *lo, int n, __global float2 *to) {
  SYNC();
  tree(hi, lo, n);
  float total = hi[0];
  if (LID == 0) store_pair(total, lo[0], to);
  SYNC();
  return total;
}
