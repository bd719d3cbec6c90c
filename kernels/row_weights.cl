// row_weights.cl: what each row of a batch counts for, or each element of a binary loss; put in front of kernels that ask.
//
// Maths
//   r, a factor of the loss. Of weights: the weight. Of a mask: 1 where that is not 0, otherwise 0. What has r = 0 is ignored:
//   exactly 0 in loss and gradient, whatever else belongs to it.
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

// Elements i, i + 1, ... of n; those beyond n are 0.
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

// What kernels over elements have on top; row_totals: from targets.cl, the scale in it counts.
#define ROW_WEIGHT_ARGUMENTS , __global const ROW_WEIGHT *restrict row_weight, __global const float *restrict row_totals
#define SET_ROW_WEIGHT(c) (c).row_weight = row_weight;
#define ELEMENTS_SCALE row_totals[TOTALS_SCALE]
#else
#define ROW_WEIGHT_ARGUMENTS
#define SET_ROW_WEIGHT(c)
#define ELEMENTS_SCALE scale
#endif
