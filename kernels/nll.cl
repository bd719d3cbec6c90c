// nll.cl: the negative log likelihood of log-probabilities.
//
// Maths
//   loss = r w[y] (0 - x[y]), which is +0 for x[y] = 0; it is 0 if w[y] is 0 (unless x[y] is NaN). gradient = -scale r w[y] at
//   y, 0 elsewhere, NaN if x[y] is NaN. Ignored rows are 0. r: the row's weight, or 1.
// Passes
//   The host zeroes the gradient; one work-item per row reads and writes one element.
// Launch contract
//   Global size: rows, rounded up to WGS. class, totals: from targets.cl. weight, upstream, loss and gradient:
//   NULL if there is none, or it is not wanted. -D ROW_WEIGHTS: with row_weight.

GROUP_KERNEL void nll(
    __global const input *restrict x, __global const int *restrict class, __global const float *restrict weight,
    __global const float *restrict upstream,
    __global const float *restrict totals, __global float2 *restrict sums, __global float *restrict loss,
    __global input *restrict gradient, ulong rows, uint classes, ulong inner, ulong per_item
#ifdef ROW_WEIGHTS
    ,
    __global const float *restrict row_weight
#endif
) {
  ulong begin = get_global_id(0) * per_item, end = min(rows, begin + per_item);
  // The sample of the row, and its offset in the sample.
  ulong n = inner == 1 ? begin : begin / inner, offset = begin - n * inner;
  for (ulong r = begin; r < end; r++) {
    int y = class[r];
    pair value = make_pair(0.0f, 0.0f);
    if (y >= 0) {
      ulong at = (n * classes + y) * inner + offset;
      float v = load_one(INPUT, x, at);
      value.hi = 0.0f - v;
      float w = 1.0f;
      if (weight) {
        w = weight[y];
        pair weighted = pair_scale(value, w);
        value = w == 0.0f && v == v ? make_pair(0.0f, 0.0f) : weighted;
      }
#ifdef ROW_WEIGHTS
      value = pair_scale(value, row_weight[r]);
#endif
      if (gradient) {
        float s = totals[TOTALS_SCALE];
#ifdef ROW_WEIGHTS
        s = s * row_weight[r];
#endif
        if (upstream) s = s * upstream[r];
        store_one(INPUT, v == v ? canonical(-(s * w)) : CANONICAL_NAN, gradient, at);
      }
    }
    store_pair(value.hi, value.lo, sums + r);
    if (loss) loss[r] = canonical(value.hi);
    if (++offset == inner) {
      offset = 0;
      n++;
    }
  }
}
