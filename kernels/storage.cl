// storage.cl: how logits, soft targets and gradients are stored; put behind blocks.cl in front of kernels that read them.
//
// Maths
//   F32: binary32 as it is. F16: binary16. BF16: the upper half of a binary32. What is read is widened exactly; what is
//   written is rounded once, to nearest even, and a NaN is 0x7e00 or 0x7fc0. All by integers and one exact product or sum:
//   a subnormal half times 2^112 is the float it stands for, a float below 2^-14 plus 1/2 is rounded to a multiple of 2^-24.
// Passes
//   None of its own.
// Launch contract
//   -D INPUT=F32, F16 or BF16: of the logits and their gradient; -D TARGET likewise: of soft targets. F32 if not given.
//   input and soft are the types of their elements in memory.

#define F32 0
#define F16 1
#define BF16 2
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
#else
typedef ushort soft;
#endif

#if VEC == 1
typedef ushort svec;
#define CONVERT_UVEC convert_uint
#define CONVERT_SVEC convert_ushort
#elif VEC == 4
typedef ushort4 svec;
#define CONVERT_UVEC convert_uint4
#define CONVERT_SVEC convert_ushort4
#else
typedef ushort16 svec;
#define CONVERT_UVEC convert_uint16
#define CONVERT_SVEC convert_ushort16
#endif
typedef svec loose_shorts __attribute__((aligned(2)));

INLINE fvec decode_BF16(uvec bits) { return AS_FVEC(bits << 16); }

INLINE fvec decode_F16(uvec bits) {
  uvec m = (bits & 0x7fffu) << 13;
  fvec scaled = AS_FVEC(m) * 0x1p112f;
  uvec value = m < 0x0f800000u ? AS_UVEC(scaled) : m | 0x7f800000u;
  return AS_FVEC(value | (bits & 0x8000u) << 16);
}

INLINE uvec encode_BF16(fvec v) {
  uvec bits = AS_UVEC(v);
  uvec rounded = (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16;
  return v == v ? rounded : (uvec)(0x7fc0u);
}

INLINE uvec encode_F16(fvec v) {
  uvec bits = AS_UVEC(v);
  uvec m = bits & 0x7fffffffu;
  uvec normal = (m - 0x38000000u + 0xfffu + (m >> 13 & 1u)) >> 13;
  uvec small = AS_UVEC(AS_FVEC(m) + 0.5f) - 0x3f000000u;
  uvec rounded = m < 0x38800000u ? small : normal;
  rounded = m < 0x47800000u ? rounded : (uvec)(0x7c00u);
  return v == v ? rounded | (bits >> 16 & 0x8000u) : (uvec)(0x7e00u);
}

INLINE uvec load_shorts(__global const ushort *p, int i, int n) {
  if (n == BLOCK || i + VEC <= n) return CONVERT_UVEC(*(__global const loose_shorts *)(p + i));
  float part[VEC];
  for (int k = 0; k < VEC; k++) part[k] = as_float(i + k < n ? (uint)p[i + k] : 0u);
  return AS_UVEC(LOAD(part, 0));
}

INLINE void store_shorts(uvec bits, __global ushort *p, int i, int n) {
  if (n == BLOCK || i + VEC <= n) {
    *(__global loose_shorts *)(p + i) = CONVERT_SVEC(bits);
    return;
  }
  float part[VEC];
  STORE(AS_FVEC(bits), part, 0);
  for (int k = 0; k < VEC; k++) {
    if (i + k < n) p[i + k] = (ushort)as_uint(part[k]);
  }
}

INLINE fvec filled(fvec v, int i, int n, float fill) {
  return n == BLOCK || i + VEC <= n ? v : ((ivec)(i) + IOTA < (ivec)(n) ? v : (fvec)(fill));
}

// Elements i, i + 1, ... of n; those beyond n are fill. type is a constant: what is not of it goes.
INLINE fvec load_stored(int type, __global const void *p, ulong at, int i, int n, float fill) {
  if (type == F32) return load((__global const float *)p + at, i, n, fill);
  uvec bits = load_shorts((__global const ushort *)p + at, i, n);
  return filled(type == F16 ? decode_F16(bits) : decode_BF16(bits), i, n, fill);
}

INLINE void store_stored(int type, fvec v, __global void *p, ulong at, int i, int n) {
  if (type == F32) {
    store(v, (__global float *)p + at, i, n);
  } else {
    store_shorts(type == F16 ? encode_F16(v) : encode_BF16(v), (__global ushort *)p + at, i, n);
  }
}

INLINE float load_one(int type, __global const void *p, ulong at) {
  if (type == F32) return ((__global const float *)p)[at];
  uvec bits = (uvec)((uint)((__global const ushort *)p)[at]);
  return first(type == F16 ? decode_F16(bits) : decode_BF16(bits));
}

INLINE void store_one(int type, float v, __global void *p, ulong at) {
  if (type == F32) {
    ((__global float *)p)[at] = v;
  } else {
    uvec bits = type == F16 ? encode_F16((fvec)(v)) : encode_BF16((fvec)(v));
    ((__global ushort *)p)[at] = (ushort)as_uint(first(AS_FVEC(bits)));
  }
}

#define LOAD_INPUT(p, i, n, fill) load_stored(INPUT, p, 0, i, n, fill)
#define LOAD_SOFT(p, i, n, fill) load_stored(TARGET, p, 0, i, n, fill)
#define STORE_INPUT(v, p, i, n) store_stored(INPUT, v, p, 0, i, n)
