// cross_entropy.cl: cross entropy of logits with its gradient, one work-group (or work-item) for a whole row.
//
// Maths (rows.cl), lse - x_c = (max - x_c) + log: two terms >= 0, no cancellation. w: class weights, e: label smoothing
//   indices:        loss = w_y (lse - x_y)
//   with smoothing: loss = (1 - e) w_y (lse - x_y) + (e / C) (distance + W log), distance = sum w_c (max - x_c), W = sum w_c
//   probabilities:  loss = distance + mass log, distance = sum w_c q_c (max - x_c), mass = sum w_c q_c, q smoothed
//   gradient_c = s (A p_c - b_c), A = w_y, (1 - e) w_y + (e / C) W, mass; b_c = 0, (e / C) w_c, w_c q_c; at c = y less
//   (1 - e) w_y. Where p_c can be close to 1 (the maximum), 1 - p_c = others / total.
//   A zero weight or probability times an infinite loss is 0. Ignored rows (class -1) are 0. Undefined rows are NaN.
// Passes
//   One read of the row, its terms kept where the gradient goes and scaled there from the cache.
// Launch contract
//   rows.cl. Work-group (work-item if IN_ORDER) g does rows g * per_group onwards. -D PROBABILITIES, SMOOTHING,
//   HAS_WEIGHT, HAS_UPSTREAM, WANT_LOSS, WANT_GRADIENT (with KEEP_TERMS); SMOOTHING or PROBABILITIES with
//   WHOLE_ROW_LOSS. class: from targets.cl, or NULL. scratch as softmax.cl. sums: one pair per row.

#ifdef PROBABILITIES
// The weighted, smoothed probability.
INLINE pair weighted(fvec q, fvec w, float keep_hi, float keep_lo, float spread_hi, float spread_lo) {
  pair v = make_pair(q, (fvec)(0.0f));
#ifdef SMOOTHING
  fvec p = q * keep_hi;
  fvec p_lo = fma(q, (fvec)(keep_lo), fma(q, (fvec)(keep_hi), -p));
  pair s = two_sum(p, (fvec)(spread_hi));
  v = make_pair(s.hi, s.lo + (p_lo + spread_lo));
#endif
  fvec p2 = v.hi * w;
  return make_pair(p2, fma(v.lo, w, fma(v.hi, w, -p2)));
}
#endif

#ifdef HAS_WEIGHT
#define WEIGHT(i, n) GET_WEIGHT(weight, i, n)
#else
#define WEIGHT(i, n) ((fvec)(1.0f))
#endif

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void cross_entropy(
    __global const float *restrict x, __global const int *restrict class, __global const float *restrict prob,
    __global const float *restrict weight, __global const float *restrict upstream, __global float2 *restrict sums,
    __global float *restrict loss, __global float *restrict out, __global float *restrict scratch, ulong rows,
    uint classes, ulong inner, ulong per_group, float scale, float keep_hi, float keep_lo, float spread_hi,
    float spread_lo, float all_hi, float all_lo) {
#ifndef IN_ORDER
  __local float hi[ACCUMULATORS] __attribute__((aligned(64)));
  __local float lo[ACCUMULATORS] __attribute__((aligned(64)));
  __local float share[WGS];
#endif
  int blocks = (int)((classes + BLOCK - 1) / BLOCK);
#ifdef IN_ORDER
  ulong group = get_global_id(0);
  ulong step_rows = VEC;
#else
  ulong group = get_group_id(0);
  ulong step_rows = 1;
#endif
  scratch += group * blocks * PART;
  pair kept = make_pair((fvec)(keep_hi), (fvec)(keep_lo));
  pair share_of_each = make_pair((fvec)(spread_hi), (fvec)(spread_lo));
  pair all = make_pair((fvec)(all_hi), (fvec)(all_lo));
  ulong end = min(rows, (group + 1) * per_group);
  for (ulong r = group * per_group; r < end; r += step_rows) {
#ifdef IN_ORDER
    place where = find_rows(r, end, classes, inner);
    int count = where.count;
#else
    ulong where = r * classes;
    int count = 1;
#endif

    // The target's logit and weight, row by row.
    ivec ignored = (ivec)(0);
#ifndef PROBABILITIES
    ivec y;
    fvec xy, wy;
    {
#ifdef IN_ORDER
      int ys[VEC];
      float xs[VEC], ws[VEC];
      for (int k = 0; k < VEC; k++) {
        ys[k] = class[r + min(k, count - 1)];
        int c = max(ys[k], 0);
        xs[k] = x[where.at[k] + c * inner];
#ifdef HAS_WEIGHT
        ws[k] = weight[c];
#else
        ws[k] = 1.0f;
#endif
      }
#if VEC == 1
      y = ys[0];
#elif VEC == 4
      y = vload4(0, ys);
#else
      y = vload16(0, ys);
#endif
      xy = LOAD(xs, 0);
      wy = LOAD(ws, 0);
#else
      int c = class[r];
      y = (ivec)(c);
      xy = (fvec)(x[where + max(c, 0)]);
#ifdef HAS_WEIGHT
      wy = (fvec)(weight[max(c, 0)]);
#else
      wy = (fvec)(1.0f);
#endif
#endif
      ignored = y < 0;
    }
#endif
#ifdef HAS_UPSTREAM
#ifdef IN_ORDER
    fvec s = scale * load(upstream + r, 0, count, 0.0f);
#else
    fvec s = (fvec)(scale * upstream[r]);
#endif
#else
    fvec s = (fvec)(scale);
#endif

    row_part row;
    row.distance = row.mass = make_pair((fvec)(0.0f), (fvec)(0.0f));
    fvec widest_block = (fvec)(-INF);
    for (int b = 0; b < blocks; b++) {
      int start = b * BLOCK;
      int n = min(BLOCK, (int)(classes - start));
      READ_BLOCK(row, n)
#ifdef WHOLE_ROW_LOSS
      fvec from = row.max > -INF ? row.max : (fvec)(0.0f);
#ifdef PROBABILITIES
      SUM_BEGIN(i, n)
        pair p = weighted(GET(prob, i, n, 0.0f), WEIGHT(i, n), keep_hi, keep_lo, spread_hi, spread_lo);
        SUM_ADD(p.hi, p.lo, i, n);
      SUM_END(row.mass, n)
#elif defined(HAS_WEIGHT)
      SUM_BEGIN(i, n)
        SUM_ADD(WEIGHT(i, n), (fvec)(0.0f), i, n);
      SUM_END(row.mass, n)
#else
      row.mass = make_pair((fvec)(n), (fvec)(0.0f));
#endif
      SUM_BEGIN(i, n)
#ifdef PROBABILITIES
        pair p = weighted(GET(prob, i, n, 0.0f), WEIGHT(i, n), keep_hi, keep_lo, spread_hi, spread_lo);
#else
        pair p = make_pair(WEIGHT(i, n), (fvec)(0.0f));
#endif
        pair d = two_sum(from, -GET(x, i, n, 0.0f));
        fvec product = d.hi * p.hi;
        fvec error = fma(d.hi, p.hi, -product) + fma(d.hi, p.lo, d.lo * p.hi);
        ivec nothing = p.hi == 0.0f;
        SUM_ADD(nothing ? (fvec)(0.0f) : product, nothing ? (fvec)(0.0f) : error, i, n);
      SUM_END(row.distance, n)
#endif
      widest_block = row.max > widest_block ? row.max : widest_block;
      if (blocks > 1 && LID == 0) save_part(&row, scratch + b * PART);
    }
    if (blocks > 1) {
      SYNC_GLOBAL();
      set_reference(&row, widest_block);
      row.ties = (fvec)(0.0f);
      row.rest = row.distance = row.mass = make_pair((fvec)(0.0f), (fvec)(0.0f));
      for (int b = 0; b < blocks; b++) {
        row_part part = load_part(scratch + b * PART);
        merge(&row, &part);
      }
    }
    row_sums t = finish(&row);

    pair value;
#ifdef PROBABILITIES
    value = pair_add(row.distance, pair_mul(t.log, row.mass));
#else
    pair gap = two_sum(row.max, -xy);
    pair own = pair_add(normalise(gap.hi, gap.lo), t.log);
    pair zero = make_pair((fvec)(0.0f), (fvec)(0.0f));
#ifdef SMOOTHING
    own = keep_hi == 0.0f ? zero : pair_mul(own, kept);
#endif
#ifdef HAS_WEIGHT
    own = pair_select(pair_scale(own, wy), zero, wy == 0.0f && own.hi == own.hi);
#endif
#ifdef SMOOTHING
    own = pair_add(own, pair_mul(pair_add(row.distance, pair_mul(t.log, all)), share_of_each));
#endif
    value = own;
#endif
    value.hi = t.undefined ? (fvec)(CANONICAL_NAN) : value.hi;
    value.lo = t.undefined ? (fvec)(0.0f) : value.lo;
    value.hi = ignored ? (fvec)(0.0f) : value.hi;
    value.lo = ignored ? (fvec)(0.0f) : value.lo;
    {
      float vh[VEC], vl[VEC];
      STORE(value.hi, vh, 0);
      STORE(value.lo, vl, 0);
      if (LID == 0) {
        for (int k = 0; k < count; k++) sums[r + k] = (float2)(vh[k], vl[k]);
      }
    }
#ifdef WANT_LOSS
#ifdef IN_ORDER
    store(canonical(value.hi), loss + r, 0, count);
#else
    if (LID == 0) loss[r] = first(canonical(value.hi));
#endif
#endif

#ifdef WANT_GRADIENT
#ifdef PROBABILITIES
    fvec coefficient = divide(s * row.mass.hi, t.total.hi, t.total.lo);
    fvec below = coefficient * t.others.hi;
#elif defined(SMOOTHING)
    fvec a = pair_add(pair_scale(kept, wy), pair_mul(all, share_of_each)).hi;
    fvec coefficient = divide(s * a, t.total.hi, t.total.lo);
    fvec spread = s * spread_hi;
#else
    fvec coefficient = divide(s * wy, t.total.hi, t.total.lo);
#endif
    for (int b = 0; b < blocks; b++) {
      int start = b * BLOCK;
      int n = min(BLOCK, (int)(classes - start));
      fvec c = coefficient;
#ifdef PROBABILITIES
      // Only a class more likely than not: for others the direct way is the exact one.
      fvec top = t.others.hi + t.others.hi < t.total.hi ? top_term(&row) : (fvec)(CANONICAL_NAN);
#endif
      if (blocks > 1) {
        row_part part = load_part(scratch + b * PART);
        c = block_coefficient(&part, &row, coefficient);
#ifdef PROBABILITIES
        top = part.max == row.max ? top : (fvec)(CANONICAL_NAN);
#endif
      }
      ELEMENTS(i, n) {
        fvec e = GET(out, i, n, 0.0f);
#ifdef PROBABILITIES
        pair p = weighted(GET(prob, i, n, 0.0f), WEIGHT(i, n), keep_hi, keep_lo, spread_hi, spread_lo);
        fvec at_top = fma(s, (row.mass.hi - p.hi) + (row.mass.lo - p.lo), -below);
        fvec g = e == top ? at_top : fma(e, c, -(s * p.hi));
#elif defined(SMOOTHING)
#ifdef HAS_WEIGHT
        fvec g = fma(e, c, -(spread * WEIGHT(i, n)));
#else
        fvec g = fma(e, c, -spread);
#endif
#else
        fvec g = e * c;
#endif
        g = t.undefined ? (fvec)(CANONICAL_NAN) : canonical(g);
        g = ignored ? (fvec)(0.0f) : g;
        PUT(g, out, i, n);
      }
    }
#ifndef PROBABILITIES
    // p_y - 1 is minus the sum of the others, which keeps its digits when p_y is close to 1.
    SYNC_GLOBAL();
    {
      ivec is_top = xy == row.max;
      fvec sw = s * wy;
#ifdef SMOOTHING
      fvec at_top = fma(-coefficient, t.others.hi, spread * ((all.hi - wy) + all.lo));
      fvec less = sw * keep_hi;
#else
      fvec at_top = -(coefficient * t.others.hi);
      fvec less = sw;
#endif
      float tops[VEC], lesses[VEC];
      STORE(at_top, tops, 0);
      STORE(less, lesses, 0);
      int ys[VEC], istop[VEC], skip[VEC];
#if VEC == 1
      ys[0] = y; istop[0] = is_top; skip[0] = ignored || t.undefined;
#elif VEC == 4
      vstore4(y, 0, ys); vstore4(is_top, 0, istop); vstore4(ignored || t.undefined, 0, skip);
#else
      vstore16(y, 0, ys); vstore16(is_top, 0, istop); vstore16(ignored || t.undefined, 0, skip);
#endif
      if (LID == 0) {
        for (int k = 0; k < count; k++) {
          if (skip[k]) continue;
#ifdef IN_ORDER
          ulong at = where.at[k] + ys[k] * inner;
#else
          ulong at = where + ys[k];
#endif
          float g = istop[k] ? tops[k] : out[at] - lesses[k];
          out[at] = g == g ? g : CANONICAL_NAN;
        }
      }
    }
#endif
#endif
    SYNC_GLOBAL();
  }
}
