// vectors.cl: vectors of floats, from and to memory; put behind blocks.cl.
//
// Maths
//   None of its own.
// Passes
//   None of its own. Elements i, i + 1, ... of n are one vector; those beyond n are not touched.
// Launch contract
//   That of blocks.cl. -D ALIGNED: every vector of floats begins at a multiple of its size. -D STREAM, for kernels over rows:
//   gradients and softmaxes go past the caches, and every vector of them is aligned in the same way. OpenCL aligns buffers
//   for its largest type; the host checks the offsets.

// A vector at any float's address. It is one access if the device can do that, unlike PoCL's vstore16, which makes three.
#ifdef ALIGNED
typedef fvec loose;
#else
typedef fvec loose __attribute__((aligned(4)));
#endif

// Stores a vector of results. If it would not stay in the caches, it goes past them: otherwise a CPU reads the line that it is
// about to write. On x86 such stores are not ordered with others, but any locked instruction waits for them, such as those with
// which a driver says that work is done.
#ifdef __has_builtin
#if __has_builtin(__builtin_nontemporal_store) && defined(STREAM)
#define PUT(aligned_vec, loose_vec, v, p) __builtin_nontemporal_store(v, (__global aligned_vec *)(p))
#endif
#endif
#ifndef PUT
#define PUT(aligned_vec, loose_vec, v, p) (*(__global loose_vec *)(p) = (v))
#endif

// Asks for memory that will be read soon. AHEAD is for memory one page further, since a CPU's own prefetcher stops at the end
// of a page. OpenCL's prefetch() does nothing on PoCL. Oclgrind and rusticl, which compile to SPIR, do not know the built-in.
// rusticl hides the macros __SPIR__ and __SPIRV__.
#if VEC == 16 && defined(__clang__) && !defined(__SPIR) && !defined(__SPIRV)
#define PREFETCH(p) __builtin_prefetch((const void *)(size_t)(p))
#else
#define PREFETCH(p)
#endif
#define AHEAD(p) PREFETCH((p) + 4096 / sizeof(*(p)))

// The first n < VEC floats at p, then fill; n may be 0 or less. It reads halves, quarters, ... by the bits of n.
INLINE fvec load_some(__global const float *p, int n, float fill) {
#if VEC == 1
  return n > 0 ? p[0] : fill;
#else
  n = max(n, 0);
#if VEC == 16
  float8 a = (float8)(fill);
  if (n & 8) {
    a = vload8(0, p);
    p += 8;
  }
#endif
  float4 b = (float4)(fill);
  if (n & 4) {
    b = vload4(0, p);
    p += 4;
  }
  float2 c = (float2)(fill);
  if (n & 2) {
    c = vload2(0, p);
    p += 2;
  }
  float2 r2 = (float2)(n & 1 ? p[0] : fill, fill);
  float4 r4 = n & 2 ? (float4)(c.x, c.y, r2.x, r2.y) : (float4)(r2.x, r2.y, fill, fill);
#if VEC == 4
  return r4;
#else
  float8 r8 = n & 4 ? (float8)(b, r4) : (float8)(r4, (float4)(fill));
  return n & 8 ? (float16)(a, r8) : (float16)(r8, (float8)(fill));
#endif
#endif
}

// Stores the first n < VEC lanes to p.
INLINE void store_some(fvec v, __global float *p, int n) {
#if VEC == 1
  if (n > 0) p[0] = v;
#else
  n = max(n, 0);
#if VEC == 16
  float8 a = v.lo;
  if (n & 8) {
    vstore8(v.lo, 0, p);
    p += 8;
    a = v.hi;
  }
  float4 b = a.lo;
  if (n & 4) {
    vstore4(a.lo, 0, p);
    p += 4;
    b = a.hi;
  }
#else
  float4 b = v;
#endif
  float2 c = b.lo;
  if (n & 2) {
    vstore2(b.lo, 0, p);
    p += 2;
    c = b.hi;
  }
  if (n & 1) p[0] = c.x;
#endif
}

// Elements i, i + 1, ... of n; those beyond n are fill. n == BLOCK is the case that compilers take out of the loop.
INLINE fvec load(__global const float *p, int i, int n, float fill) {
  if (n == BLOCK || i + VEC <= n) return *(__global const loose *)(p + i);
  return load_some(p + i, n - i, fill);
}

INLINE void store(fvec v, __global float *p, int i, int n) {
  if (n == BLOCK || i + VEC <= n) {
    *(__global loose *)(p + i) = v;
    return;
  }
  store_some(v, p + i, n - i);
}

// Pairs i, i + 1, ... of n; those beyond n are 0.
INLINE pair load_pairs(__global const float2 *p, int i, int n) {
#if VEC > 1
  if (n == BLOCK || i + VEC <= n) {
    fvec a = *(__global const loose *)(p + i), b = *(__global const loose *)(p + i + VEC / 2);
    return make_pair((fvec)(a.even, b.even), (fvec)(a.odd, b.odd));
  }
#endif
  float hi[VEC], lo[VEC];
  for (int k = 0; k < VEC; k++) {
    hi[k] = i + k < n ? p[i + k].x : 0.0f;
    lo[k] = i + k < n ? p[i + k].y : 0.0f;
  }
  return make_pair(LOAD(hi, 0), LOAD(lo, 0));
}

INLINE void store_pairs(pair v, __global float2 *p, int n) {
#if VEC > 1
  if (n >= VEC) {
    fvec a, b;
    a.even = v.hi.lo;
    a.odd = v.lo.lo;
    b.even = v.hi.hi;
    b.odd = v.lo.hi;
    *(__global loose *)p = a;
    *(__global loose *)(p + VEC / 2) = b;
    return;
  }
#endif
  float hi[VEC], lo[VEC];
  STORE(v.hi, hi, 0);
  STORE(v.lo, lo, 0);
  for (int k = 0; k < min(n, VEC); k++) vstore2((float2)(hi[k], lo[k]), k, (__global float *)p);
}

// Loads an ivec from memory.
INLINE ivec load_ints(__global const int *p, int i, int n, int fill) {
  return AS_IVEC(load((__global const float *)p, i, n, as_float(fill)));
}

// Turns the bits of floats that are no NaN into integers of the same order; it is its own inverse.
INLINE ivec ordered(ivec bits) { return bits ^ ((bits >> 31) & 0x7fffffff); }

// v if the element is one of n, else 0, since adding 0 to a lane changes nothing. Aligned elements of VEC 1 are read by the
// run, and all elements of a run exist (load_several() of storage.cl).
INLINE fvec within(fvec v, int i, int n) {
#if VEC == 1 && defined(ALIGNED)
  return v;
#endif
  return n == BLOCK || i + VEC <= n ? v : ((ivec)(i) + IOTA < (ivec)(n) ? v : (fvec)(0.0f));
}

// How values are spread over elements: element i meets value (first + i) / repeat % period; all of these but first are at least
// 1.
typedef struct {
  __global const float *values;
  ulong repeat, period, first;
} spread;

// The spread over the elements of one block, in 32 bits. 64-bit divisions, a hundred operations each, are done once a block.
typedef struct {
  __global const float *from, *values;  // what the block's first element meets; where values begin
  uint left, repeat;                    // how many elements meet the first value, and each of the next
  uint to_end, period;                  // how many values there are from the first on, and in all
} block_spread;

#define CLIP(count) ((uint)min((ulong)(count), 1UL << 30))  // more than a block is as good as any number

// The work-items of a group share it: as registers of each, it would leave room for half as many work-items. It is volatile,
// since compilers otherwise read it once and keep it in registers after all.
#if WGS > 1
#define BLOCK_SPREAD __local block_spread
typedef volatile __local block_spread *shared_spread;
#else
#define BLOCK_SPREAD block_spread
typedef block_spread *shared_spread;
#endif

INLINE block_spread spread_of_block(const spread *s, ulong base) {
  ulong q = (s->first + base) / s->repeat;
  ulong value = q % s->period;
  block_spread b;
  b.from = s->values + value;
  b.values = s->values;
  b.left = CLIP(s->repeat - (s->first + base - q * s->repeat));
  b.repeat = CLIP(s->repeat);
  b.to_end = CLIP(s->period - value);
  b.period = CLIP(s->period);
  return b;
}

// Sets the spread for the block that begins at base; does nothing if there are no values.
INLINE void set_spread(BLOCK_SPREAD *b, const spread *s, ulong base) {
  if (s->values) {
    if (LID == 0) *b = spread_of_block(s, base);
    SYNC();
  }
}

// The values that elements i, i + 1, ... of the block meet.
INLINE fvec spread_out(shared_spread b, uint i) {
#if VEC > 1
  if (b->repeat == 1 && i + VEC <= b->to_end) {  // one for each element
#ifdef ALIGNED
    if (((size_t)b->from & (sizeof(fvec) - 1)) == 0) return *(__global const fvec *)(b->from + i);
#endif
    return LOAD(b->from, i);
  }
#endif
  uint q = 0, left = b->left - i;
  if (i >= b->left) {
    uint behind = i - b->left;
    q = behind / b->repeat;
    left = b->repeat - (behind - q++ * b->repeat);
  }
  uint to_end = b->to_end - q;
  __global const float *p = b->from + q;
  if (q >= b->to_end) {
    uint over = (q - b->to_end) % b->period;
    p = b->values + over;
    to_end = b->period - over;
  }
#if VEC == 1
  return *p;
#else
  if (left >= VEC) return (fvec)(*p);
  float part[VEC];
#pragma unroll
  for (int k = 0; k < VEC; k++) {
    part[k] = *p;
    if (--left == 0) {
      left = b->repeat;
      p++;
      if (--to_end == 0) {
        p = b->values;
        to_end = b->period;
      }
    }
  }
  return LOAD(part, 0);
#endif
}
