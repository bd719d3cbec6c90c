// storage.cl: how logits, soft targets and gradients are stored; put behind blocks.cl in front of kernels that read them.
//
// Maths
//   F32: binary32. F16: binary16, by OpenCL's own vload_half and vstore_half_rte, which every device has and whose results
//   are defined to the bit: widening is exact, rounding is to nearest even. BF16: the upper half of a binary32, rounded
//   likewise by integers. NaN is written as 0x7e00 or 0x7fc0.
// Passes
//   None of its own.
// Launch contract
//   -D INPUT=F32, F16 or BF16: of the logits and their gradient; -D TARGET likewise: of soft targets. F32 if not given. Or
//   -D TARGET=INTEGER and TARGET_TYPE=char, uchar, short, int or long: these become floats, rounded to nearest even.
//   input and soft are the types of their elements in memory.

#define F32 0
#define F16 1
#define BF16 2
#define INTEGER 3
#ifndef INPUT
#define INPUT F32
#endif
#ifndef TARGET
#define TARGET F32
#endif

#if INPUT == F32
typedef float input;
#else
typedef ushort input;
#endif
#if TARGET == F32
typedef float soft;
#elif TARGET == INTEGER
typedef TARGET_TYPE soft;
#else
typedef ushort soft;
#endif

#if VEC == 1
typedef ushort svec;
#define CONVERT_UVEC convert_uint
#define CONVERT_SVEC convert_ushort
#define LOAD_HALVES(p) vload_half(0, p)
#define STORE_HALVES(v, p) vstore_half_rte(v, 0, p)
#elif VEC == 4
typedef ushort4 svec;
#define CONVERT_UVEC convert_uint4
#define CONVERT_SVEC convert_ushort4
#define LOAD_HALVES(p) vload_half4(0, p)
#define STORE_HALVES(v, p) vstore_half4_rte(v, 0, p)
#else
typedef ushort16 svec;
#define CONVERT_UVEC convert_uint16
#define CONVERT_SVEC convert_ushort16
#define LOAD_HALVES(p) vload_half16(0, p)
#define STORE_HALVES(v, p) vstore_half16_rte(v, 0, p)
#endif
#ifdef ALIGNED
typedef svec loose_shorts;
#else
typedef svec loose_shorts __attribute__((aligned(2)));
#endif

// Rounds the bits of a float that is no NaN.
INLINE uvec round_to_BF16(uvec bits) { return (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16; }

INLINE uvec encode_BF16(fvec v) { return v == v ? round_to_BF16(AS_UVEC(v)) : (uvec)(0x7fc0u); }

INLINE float load_one(int type, __global const void *p, ulong at) {
  if (type == F32) return ((__global const float *)p)[at];
  if (type == F16) return vload_half(at, (__global const half *)p);
#if TARGET == INTEGER
  if (type == INTEGER) return convert_float(((__global const soft *)p)[at]);
#endif
  return as_float((uint)((__global const ushort *)p)[at] << 16);
}

INLINE void store_one(int type, float v, __global void *p, ulong at) {
  if (type == F32) {
    ((__global float *)p)[at] = v;
  } else if (type == F16) {
    vstore_half_rte(v, at, (__global half *)p);
    if (v != v) ((__global ushort *)p)[at] = 0x7e00;  // devices differ in this NaN
  } else {
    ((__global ushort *)p)[at] = (ushort)as_uint(first(AS_FVEC(encode_BF16((fvec)(v)))));
  }
}

// Elements i, i + 1, ... of n; those beyond n are fill. type is a constant, so that compilers drop the code for others.
INLINE fvec load_stored(int type, __global const void *p, ulong at, int i, int n, float fill) {
  if (type == F32) return load((__global const float *)p + at, i, n, fill);
  if (type != INTEGER && (n == BLOCK || i + VEC <= n)) {
#if defined(ALIGNED) && WGS > 1
    // It is one access: OpenCL lets devices make four of vload_half4.
    svec bits = *(__global const svec *)((__global const ushort *)p + at + i);
    if (type == F16) return LOAD_HALVES((const half *)&bits);
#else
    if (type == F16) return LOAD_HALVES((__global const half *)p + at + i);
#endif
    return AS_FVEC(CONVERT_UVEC(*(__global const loose_shorts *)((__global const ushort *)p + at + i)) << 16);
  }
  float part[VEC];
#pragma unroll
  for (int k = 0; k < VEC; k++) part[k] = i + k < n ? load_one(type, p, at + i + k) : fill;
  return LOAD(part, 0);
}

INLINE void store_stored(int type, fvec v, __global void *p, ulong at, int i, int n) {
  if (type == F32) {
    __global float *to = (__global float *)p + at + i;
    if (n == BLOCK || i + VEC <= n) {
      PUT(fvec, loose, v, to);
    } else {
      store_some(v, to, n - i);
    }
  } else {
    __global ushort *to = (__global ushort *)p + at + i;
    svec bits;
    if (type == F16) {
      STORE_HALVES(v, (half *)&bits);
      bits = CONVERT_SVEC(v == v ? CONVERT_UVEC(bits) : (uvec)(0x7e00u));  // devices differ in this NaN
    } else {
      bits = CONVERT_SVEC(encode_BF16(v));
    }
    if (n == BLOCK || i + VEC <= n) {
      PUT(svec, loose_shorts, bits, to);
    } else {
      // Not unrolled: where rows are turned, this code stands once for each row, and compilers would take long.
#if VEC == 16
#pragma unroll 1
      for (int k = 0; k < n - i; k++) to[k] = ((const ushort *)&bits)[k];
#else
      // Unrolled, so that bits stay in registers: a GPU would put what is indexed by a variable on a stack in memory.
#pragma unroll
      for (int k = 0; k < VEC; k++) {
        if (i + k < n) to[k] = ((const ushort *)&bits)[k];
      }
#endif
    }
  }
}

#define LOAD_INPUT(p, i, n, fill) load_stored(INPUT, p, 0, i, n, fill)
#define LOAD_SOFT(p, i, n, fill) load_stored(TARGET, p, 0, i, n, fill)
#define STORE_INPUT(v, p, i, n) store_stored(INPUT, v, p, 0, i, n)

// Loads count vectors from element i < n on. With -D ALIGNED and VEC 1, UNROLL (2 or 4) elements of a row are one access, and n
// is a multiple of UNROLL. With -D RUNS and VEC 1, over elements, it is the same, but n is any number.
#if VEC == 1 && (defined(ALIGNED) || defined(RUNS))
#if UNROLL == 2
typedef float2 float_run;
typedef ushort2 short_run;
#define STORE_RUN vstore2
#define WIDEN_RUN(s) as_float2(convert_uint2(s) << 16)
#define HALF_RUN vload_half2
#define SHORT_RUN(s) (ushort2)((s)[0], (s)[1])
#define FLOAT_RUN(v) (float2)((v)[0], (v)[1])
#else
typedef float4 float_run;
typedef ushort4 short_run;
#define STORE_RUN vstore4
#define WIDEN_RUN(s) as_float4(convert_uint4(s) << 16)
#define HALF_RUN vload_half4
#define SHORT_RUN(s) (ushort4)((s)[0], (s)[1], (s)[2], (s)[3])
#define FLOAT_RUN(v) (float4)((v)[0], (v)[1], (v)[2], (v)[3])
#endif

INLINE void load_run(int type, __global const void *p, ulong at, fvec *v) {
  if (type == F32) {
    STORE_RUN(*(__global const float_run *)((__global const float *)p + at), 0, v);
  } else {
    short_run s = *(__global const short_run *)((__global const ushort *)p + at);
    STORE_RUN(type == F16 ? HALF_RUN(0, (const half *)&s) : WIDEN_RUN(s), 0, v);
  }
}

// no_nan: a constant; it says that none of the numbers is NaN.
INLINE void store_run(int type, const fvec *v, __global void *p, ulong at, int no_nan) {
  if (type == F32) {
    *(__global float_run *)((__global float *)p + at) = FLOAT_RUN(v);
  } else {
    ushort s[UNROLL];
#pragma unroll
    for (int j = 0; j < UNROLL; j++) {
      if (type == BF16) {
        s[j] = (ushort)(no_nan ? round_to_BF16(AS_UVEC(v[j])) : encode_BF16(v[j]));
      } else {
        vstore_half_rte(v[j], j, (half *)s);
        if (!no_nan) s[j] = v[j] == v[j] ? s[j] : (ushort)0x7e00;  // devices differ in this NaN
      }
    }
    *(__global short_run *)((__global ushort *)p + at) = SHORT_RUN(s);
  }
}
#endif

INLINE void load_several(int type, __global const void *p, ulong at, int i, int n, float fill, fvec *v, int count) {
#if VEC == 1 && defined(ALIGNED)
  load_run(type, p, at + i, v);
#else
#ifdef RUNS
  if (type != INTEGER && (n == BLOCK || i + UNROLL <= n)) {
    load_run(type, p, at + i, v);
    return;
  }
#endif
#pragma unroll
  for (int j = 0; j < count; j++) v[j] = load_stored(type, p, at, i + j * VEC, n, fill);
#endif
}

INLINE void store_several(int type, const fvec *v, __global void *p, ulong at, int i, int n, int count, int no_nan) {
#if VEC == 1 && defined(ALIGNED)
  store_run(type, v, p, at + i, no_nan);
#else
#ifdef RUNS
  if (n == BLOCK || i + UNROLL <= n) {
    store_run(type, v, p, at + i, no_nan);
    return;
  }
#endif
#pragma unroll
  for (int j = 0; j < count; j++) store_stored(type, v[j], p, at, i + j * VEC, n);
#endif
}
