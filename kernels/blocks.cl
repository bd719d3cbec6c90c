// blocks.cl: how work is cut and added up; put behind numerics.cl in front of every kernel over elements.
//
// Maths
//   Every long sum has one shape, a function of its length alone: blocks of 4096 terms; a block in 4 stripes of
//   1024; in a stripe term i goes to lane i mod 64, each lane a compensated running sum; the 256 lanes of a block
//   are added by halves. The sums of blocks are the terms of the next sum. Launch shapes only choose who does what.
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
#define ACCUMULATORS 256
#define STEPS (STRIPE / LANES)
// Loops over the vectors of a slot: their running sums stay in registers.
#define EACH_VECTOR _Pragma("unroll") for (int j = 0; j < UNROLL; j++)
#define SLOT (VEC * UNROLL)
#define SLOTS (ACCUMULATORS / SLOT)

#if WGS > 1 && !defined(IN_ORDER)  // in order, work-items know nothing of each other
#define SYNC() barrier(CLK_LOCAL_MEM_FENCE)
#define SYNC_GLOBAL() barrier(CLK_GLOBAL_MEM_FENCE)
#define LID ((int)get_local_id(0))
#else
#define SYNC()
#define SYNC_GLOBAL()
#define LID 0
#endif

// The first element of a slot within its block; the slot's step s is LANES * s further.
#define SLOT_START(slot) ((slot) * SLOT / LANES * STRIPE + (slot) * SLOT % LANES)

// Asks for what is one page further: a CPU's own prefetcher stops at the end of a page, and OpenCL's prefetch() does
// nothing on PoCL.
#if VEC == 16 && defined(__clang__)
#define AHEAD(p) __builtin_prefetch((const void *)(size_t)((p) + 1024))
#else
#define AHEAD(p)
#endif

// Elements i, i + 1, ... of n; those beyond n are fill. n == BLOCK is the case that compilers take out of the loop.
INLINE fvec load(__global const float *p, int i, int n, float fill) {
#if VEC == 1
  return i < n ? p[i] : fill;
#else
  if (n == BLOCK || i + VEC <= n) return LOAD(p, i);
  float part[VEC];
  for (int k = 0; k < VEC; k++) part[k] = i + k < n ? p[i + k] : fill;
  return LOAD(part, 0);
#endif
}

INLINE void store(fvec v, __global float *p, int i, int n) {
#if VEC == 1
  if (i < n) p[i] = v;
#else
  if (n == BLOCK || i + VEC <= n) {
    STORE(v, p, i);
    return;
  }
  float part[VEC];
  STORE(v, part, 0);
  for (int k = 0; k < VEC; k++) {
    if (i + k < n) p[i + k] = part[k];
  }
#endif
}

// v where the element is one of n, else 0: adding 0 to a lane changes nothing.
INLINE fvec within(fvec v, int i, int n) {
  return n == BLOCK || i + VEC <= n ? v : ((ivec)(i) + IOTA < (ivec)(n) ? v : (fvec)(0.0f));
}

INLINE float first(fvec v) {
#if VEC == 1
  return v;
#else
  return v.s0;
#endif
}

// The largest lane; no NaN among them.
INLINE float widest(fvec v) {
#if VEC == 16
  float8 a = v.lo > v.hi ? v.lo : v.hi;
  float4 b = a.lo > a.hi ? a.lo : a.hi;
  float2 c = b.lo > b.hi ? b.lo : b.hi;
  return c.x > c.y ? c.x : c.y;
#elif VEC == 4
  float2 c = v.lo > v.hi ? v.lo : v.hi;
  return c.x > c.y ? c.x : c.y;
#else
  return v;
#endif
}

// The sum of the lanes of a block of n terms, by halves; lanes that no term reached are zero, and adding those only
// normalises. Every work-item calls it after a SYNC; the result is in hi[0], lo[0] for all of them.
INLINE void tree(__local float *hi, __local float *lo, int n) {
  int width = n <= STRIPE ? LANES : n <= 2 * STRIPE ? 2 * LANES : ACCUMULATORS;
  if (width < ACCUMULATORS) {
    for (int i = LID * VEC; i < width; i += WGS * VEC) {
      pair p = normalise(LOAD(hi, i), LOAD(lo, i));
      STORE(p.hi, hi, i);
      STORE(p.lo, lo, i);
    }
    SYNC();
  }
  for (int part = ACCUMULATORS / 2; part >= VEC; part /= 2) {
    if (part < width) {
      for (int i = LID * VEC; i < part; i += WGS * VEC) {
        pair p = pair_add(make_pair(LOAD(hi, i), LOAD(lo, i)), make_pair(LOAD(hi, i + part), LOAD(lo, i + part)));
        STORE(p.hi, hi, i);
        STORE(p.lo, lo, i);
      }
    }
    SYNC();
  }
#if VEC > 1
  if (LID == 0) {
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
  }
  SYNC();
#endif
}

// True for all work-items of the group if c is for one; flag is one int of local memory.
INLINE int any_of_group(ivec c, __local int *flag) {
#if WGS > 1 && !defined(IN_ORDER)
  if (LID == 0) *flag = 0;
  SYNC();
  if (ANY(c)) atomic_or(flag, 1);
  SYNC();
  int result = *flag;
  SYNC();
  return result;
#else
  return ANY(c) != 0;
#endif
}

// A lane's running sum goes to local memory.
INLINE void keep(pair sum, __local float *hi, __local float *lo, int slot, int j) {
  STORE(sum.hi, hi, slot * SLOT + j * VEC);
  STORE(sum.lo, lo, slot * SLOT + j * VEC);
}

// The weights of elements i, i + 1, ...: element i meets p[i / repeat % period]; both are at least 1.
INLINE fvec spread_out(__global const float *p, ulong i, ulong n, ulong repeat, ulong period) {
#if VEC > 1
  if (period == n && i + VEC <= n) return LOAD(p, i);  // one for each element: no division
#endif
  ulong q = i / repeat;
  ulong used = i - q * repeat;
  ulong v = q % period;
#if VEC == 1
  return p[v];
#else
  if (used + VEC <= repeat) return (fvec)(p[v]);
  if (repeat == 1 && v + VEC <= period) return LOAD(p, v);
  float part[VEC];
  for (int k = 0; k < VEC; k++) {
    part[k] = p[v];
    if (++used == repeat) {
      used = 0;
      if (++v == period) v = 0;
    }
  }
  return LOAD(part, 0);
#endif
}
