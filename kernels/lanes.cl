// lanes.cl: what goes across the lanes of a vector; put behind blocks.cl.
//
// Maths
//   The largest of the lanes, and sums of small integers, which are exact in any order. Other sums go across lanes only
//   as blocks.cl says.
// Passes
//   None of its own.
// Launch contract
//   None of its own.

// The largest lane; none is NaN. The last step uses an array. From v.x and v.y compilers would make a shuffle with undefined
// lanes, which Oclgrind cannot execute.
INLINE float widest(fvec v) {
#if VEC == 1
  return v;
#else
#if VEC == 16
  float8 a = v.lo > v.hi ? v.lo : v.hi;
  float4 b = a.lo > a.hi ? a.lo : a.hi;
#else
  float4 b = v;
#endif
  float c[2];
  vstore2(b.lo > b.hi ? b.lo : b.hi, 0, c);
  return c[0] > c[1] ? c[0] : c[1];
#endif
}

// The sum of the lanes, small integers, which is exact in any order. It is done as in widest().
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

#if VEC > 1
// Lanes of a and b in turn: of their lower halves, or of their upper halves.
INLINE fvec zip_lower(fvec a, fvec b) {
#if VEC == 4
  return (fvec)(a.x, b.x, a.y, b.y);
#else
  return (fvec)(a.s0, b.s0, a.s1, b.s1, a.s2, b.s2, a.s3, b.s3, a.s4, b.s4, a.s5, b.s5, a.s6, b.s6, a.s7, b.s7);
#endif
}

INLINE fvec zip_upper(fvec a, fvec b) {
#if VEC == 4
  return (fvec)(a.z, b.z, a.w, b.w);
#else
  return (fvec)(a.s8, b.s8, a.s9, b.s9, a.sa, b.sa, a.sb, b.sb, a.sc, b.sc, a.sd, b.sd, a.se, b.se, a.sf, b.sf);
#endif
}

// Exchanges lanes and vectors of VEC vectors: each round moves the top bit of the vectors' index down to the lanes'.
INLINE void transpose(fvec *t) {
#pragma unroll
  for (int round = 1; round < VEC; round *= 2) {
    fvec u[VEC];
#pragma unroll
    for (int i = 0; i < VEC / 2; i++) {
      u[2 * i] = zip_lower(t[i], t[i + VEC / 2]);
      u[2 * i + 1] = zip_upper(t[i], t[i + VEC / 2]);
    }
#pragma unroll
    for (int i = 0; i < VEC; i++) t[i] = u[i];
  }
}
#endif
