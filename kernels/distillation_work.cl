// distillation_work.cl: what both kernels over rows of two tensors of logits are given; put behind distillation.cl in front of
// distillation_rows.cl or distillation_tile.cl.
//
// Maths
//   None of its own.
// Passes
//   None of its own.
// Launch contract
//   -D REVERSE_KL or JSD, else it is the forward KL. -D STRIDED: inner, the distance between the classes of a row, may be
//   more than 1. class: -1 where a row is ignored; row_weight, upstream, loss, out (the gradient): each NULL if there is
//   none, or it is not wanted. scale: that of the gradient; if totals (targets.cl) is not NULL, the scale in it is used
//   instead. times: the factor of the divergence, a pair; slope_times: that of the gradient of T times the divergence. sums:
//   receives a pair for each row.

// A JSD has one sum more: the student's divergence from the mixture.
#ifdef JSD
#define DIVERGENCE_SUMS 2
#else
#define DIVERGENCE_SUMS 1
#endif

#if !defined(JSD) && !defined(REVERSE_KL)
#define SLOPES_WITH_TERMS
#endif

#define DIVERGENCE_ARGUMENTS \
  __global const input *restrict x, __global const soft *restrict teacher, __global input *restrict out, ulong rows, \
      uint classes, ulong inner, ulong per_group, __global const int *restrict class, \
      __global const float *restrict row_weight, __global const float *restrict upstream, \
      __global const float *restrict totals, __global float2 *restrict sums, __global float *restrict loss, float scale, \
      float inverse_hi, float inverse_lo, float times_hi, float times_lo, float slope_times, float beta, \
      float keep_of_student
