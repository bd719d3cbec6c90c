// row_weights.cl: the weight of each row of a batch, or of each element of a binary loss; put in front of kernels that use it.
//
// Maths
//   r is a factor of the loss. With weights it is the weight; with a mask, 1 if that is not 0, otherwise 0. A row or element
//   with r = 0 is ignored: its loss and gradient are exactly 0, whatever its other numbers are.
// Passes
//   None of its own.
// Launch contract
//   -D ROW_WEIGHT=float: weights. Or a type of integers, and -D ROW_MASK: a mask of that type. Without it there is no r, and
//   nothing here.

#ifdef ROW_WEIGHT
#ifdef ROW_MASK
#define ROW_FACTOR(v) ((v) != 0 ? 1.0f : 0.0f)
#else
#define ROW_FACTOR(v) (v)
#endif

// The factors of elements i, i + 1, ... of n; those beyond n are 0.
INLINE fvec load_row_weights(__global const ROW_WEIGHT *p, int i, int n) {
#ifdef ROW_MASK
  float part[VEC];
#pragma unroll
  for (int k = 0; k < VEC; k++) part[k] = i + k < n ? ROW_FACTOR(p[i + k]) : 0.0f;
  return LOAD(part, 0);
#else
  return load(p, i, n, 0.0f);
#endif
}

// Arguments that kernels over elements have besides. row_totals: from targets.cl; the scale in it is the one that counts.
#define ROW_WEIGHT_ARGUMENTS , __global const ROW_WEIGHT *restrict row_weight, __global const float *restrict row_totals
#define SET_ROW_WEIGHT(c) (c).row_weight = row_weight;
#define ELEMENTS_SCALE row_totals[TOTALS_SCALE]
#else
#define ROW_WEIGHT_ARGUMENTS
#define SET_ROW_WEIGHT(c)
#define ELEMENTS_SCALE scale
#endif
