// targets.cl: class indices, checked, counted and weighed before a logit is touched.
//
// Maths
//   class[r] = target[r], or -1 where it is ignore_index; a target outside [0, classes) becomes -1 too and the
//   smallest such row is reported. Weight sum: the canonical sum of weight[class[r]] (blocks.cl); count: how many count.
//   With row weights (row_weights.cl): the sum of the products of both; rows of weight 0 are ignored.
//   Scale of the gradient for a mean: scale / weight sum, first rounded to 53 bits and then to 24, which is what the
//   host's double arithmetic gives. It is computed in integers, so that no device needs doubles. It is NaN if the weights add
//   up to 0 or to no finite number, as the loss is. Scale of a penalty: penalty_scale / count; if has_penalty is 2,
//   penalty_scale / weight sum, which is the sum of the row weights then.
// Passes
//   targets: one pass over the targets; one partial sum, count and row per block. targets_total: one pass over these partials.
// Launch contract
//   blocks.cl, -D TARGET=int or long, or a type of fewer bits; -D NO_TARGET: there are row weights alone, a row that counts
//   is of class 0, and class may be NULL. -D LONG_TARGET beside long. weight: NULL for none. targets: work-group g does
//   blocks g * per_group onwards.
//   targets_total: one work-group; weights: the one pair that sum_pairs made of the partials, or NULL if the sum is the
//   count. It fills totals except the first 8 bytes, which are for the pair of the loss. mask_weights: -D MASK, the type of a
//   mask; any global size.

#ifndef TARGET
#define TARGET int
#endif
// The type in which indices are compared. It is wide enough for the number of classes.
#if defined(LONG_TARGET)
#define INDEX long
#else
#define INDEX int
#endif
#ifdef NO_TARGET
#define INDEX_OF(row) 0
#else
#define INDEX_OF(row) ((INDEX)target[row])
#endif
// Whether element i of block b, which has n, exists and is not ignored because of its weight.
#ifdef ROW_WEIGHT
#define IS_THERE(i) ((i) < n && ROW_FACTOR(row_weight[b * BLOCK + (i)]) != 0.0f)
#else
#define IS_THERE(i) ((i) < n)
#endif
#if defined(ROW_WEIGHT) && !defined(ROW_MASK)
#define SUMMED 1
#else
#define SUMMED weight
#endif

// Row weights alone, as of a binary loss: they are added up and counted as whole vectors.
#if defined(NO_TARGET) && defined(ROW_WEIGHT) && !defined(ROW_MASK)
#define WEIGHTS_ALONE
#endif

GROUP_KERNEL void targets(
    __global const TARGET *restrict target, __global const float *restrict weight, __global int *restrict class,
    __global float2 *restrict partial, __global int *restrict counts, __global long *restrict bad, ulong rows,
    ulong per_group, uint classes, long ignore_index
#ifdef ROW_WEIGHT
    ,
    __global const ROW_WEIGHT *restrict row_weight
#endif
) {
  LANE_SUMS
  __local int counted[WGS];
  __local long refused[WGS];
  EACH_UNIT(b, BLOCKS(rows), per_group) {
    int n = block_size(b, rows);
    int count = 0;
#ifdef WEIGHTS_ALONE
    ivec found = (ivec)(0);
#endif
    long worst = LONG_MAX;
    for (int slot = LID; slot < SLOTS; slot += WGS) {
      pair sum[UNROLL];
      EACH_VECTOR sum[j] = make_pair((fvec)(0.0f), (fvec)(0.0f));
      EACH_STEP(at, slot, n) {
        EACH_VECTOR {
          int i = at + j * VEC;
#ifdef WEIGHTS_ALONE
          fvec r = load_row_weights(row_weight + b * BLOCK, i, n);
          found += r != 0.0f ? (ivec)(1) : (ivec)(0);
          for (int k = 0; class && k < VEC && i + k < n; k++) {
            class[b * BLOCK + i + k] = row_weight[b * BLOCK + i + k] != 0.0f ? 0 : -1;
          }
          pair product = pair_scale(make_pair((fvec)(1.0f), (fvec)(0.0f)), r);
          sum[j] = accumulate(sum[j], product.hi, product.lo);
#else
          int part[VEC], outside = 0;
#pragma unroll
          for (int k = 0; k < VEC; k++) {
            int there = IS_THERE(i + k);
            INDEX y = there ? INDEX_OF(b * BLOCK + i + k) : (INDEX)ignore_index;
            int inside = y >= 0 && y < (INDEX)classes;
            int counts_here = there && y != ignore_index && inside;
            outside |= there && y != ignore_index && !inside;
            part[k] = counts_here ? (int)y : -1;
            count += counts_here;
          }
          if (outside) {
            for (int k = VEC - 1; k >= 0; k--) {
              INDEX y = IS_THERE(i + k) ? INDEX_OF(b * BLOCK + i + k) : (INDEX)ignore_index;
              if (IS_THERE(i + k) && y != ignore_index && (y < 0 || y >= (INDEX)classes)) worst = min(worst, (long)(b * BLOCK + i + k));
            }
          }
#pragma unroll
          for (int k = 0; k < VEC; k++) {
#ifdef NO_TARGET
            if (!class) continue;
#endif
            if (i + k < n) class[b * BLOCK + i + k] = part[k];
          }
          if (SUMMED) {
            float w[VEC];
#if defined(ROW_WEIGHT) && !defined(ROW_MASK)
            float r[VEC];
#pragma unroll
            for (int k = 0; k < VEC; k++) {
              w[k] = weight && part[k] >= 0 ? weight[part[k]] : 1.0f;
              r[k] = part[k] >= 0 ? ROW_FACTOR(row_weight[b * BLOCK + i + k]) : 0.0f;
            }
            pair product = pair_scale(make_pair(LOAD(w, 0), (fvec)(0.0f)), LOAD(r, 0));
            sum[j] = accumulate(sum[j], product.hi, product.lo);
#else
#pragma unroll
            for (int k = 0; k < VEC; k++) w[k] = part[k] >= 0 ? weight[part[k]] : 0.0f;
            sum[j] = accumulate(sum[j], LOAD(w, 0), (fvec)(0.0f));
#endif
          }
#endif
        }
      }
      EACH_VECTOR keep(sum[j], hi, lo, slot, j);
    }
#ifdef WEIGHTS_ALONE
    float lanes[VEC];
    STORE(AS_FVEC(found), lanes, 0);
#pragma unroll
    for (int k = 0; k < VEC; k++) count += as_int(lanes[k]);
#endif
    counted[LID] = count;
    refused[LID] = worst;
    SYNC();
    if (SUMMED) tree(hi, lo, n);
    if (LID == 0) {
#pragma unroll 4  // all at once would take more registers than AMD's GPUs have
      for (int k = 1; k < WGS; k++) {
        count += counted[k];
        worst = min(worst, refused[k]);
      }
      store_pair(hi[0], lo[0], partial + b);
      counts[b] = count;
      bad[b] = worst;
    }
    SYNC();
  }
}

// v with its lowest bits dropped, rounded to nearest, ties to even.
INLINE ulong drop_bits(ulong v, int bits) {
  ulong rest = v & ((1UL << bits) - 1), half_way = 1UL << (bits - 1);
  ulong kept = v >> bits;
  return kept + (rest > half_way || (rest == half_way && (kept & 1)));
}

// Splits a finite float other than 0 into *significand 2^exponent; returns the exponent.
INLINE int split_float(float v, ulong *significand) {
  uint bits = as_uint(v) & 0x7fffffffu;
  int exponent = (int)(bits >> 23);
  *significand = exponent ? (bits & 0x7fffffu) | 0x800000u : bits;
  return (exponent ? exponent : 1) - 150;
}

// v shifted right. If bits are lost, the lowest bit becomes 1, so that rounding still sees them.
INLINE ulong shift_jam(ulong v, int by) {
  if (by <= 0) return v;
  return by > 63 ? (ulong)(v != 0) : (v >> by) | ((v & ((1UL << by) - 1)) != 0);
}

// (float) (scale / (hi + lo)), with sum and quotient rounded to double; NaN unless hi + lo, normalised, is finite and not 0.
INLINE float mean_scale(float scale, float hi, float lo) {
  if (hi == 0.0f) {
    hi = hi + lo;
    lo = 0.0f;
  }
  int negative = (as_uint(scale) ^ as_uint(hi)) >> 31;
  float sign = negative ? -1.0f : 1.0f;
  if (!(fabs(hi) < INF) || hi == 0.0f || scale != scale) return CANONICAL_NAN;
  if (scale == 0.0f || !(fabs(scale) < INF)) return sign * fabs(scale);
  // The divisor: 2^52 <= d < 2^53, times 2^e.
  ulong d, low = 0;
  int e = split_float(hi, &d) - 38;
  d <<= 38;
  if (lo != 0.0f) {
    int at = split_float(lo, &low) - e;
    low = at >= 0 ? low << at : shift_jam(low, -at);
    d = (as_uint(hi) ^ as_uint(lo)) >> 31 ? d - low : d + low;
  }
  int up = (int)clz(d);
  d = drop_bits(d << up, 11);
  e += 11 - up;
  if (d >> 53) {
    d >>= 1;
    e++;
  }
  // The quotient, bit by bit: 2^54 <= q < 2^56, times 2^power.
  ulong n, q = 0;
  int power = split_float(scale, &n);
  up = (int)clz(n) - 11;
  n <<= up;
  power -= up + e + 55;
  for (int bit = 0; bit < 56; bit++) {
    q <<= 1;
    if (n >= d) {
      n -= d;
      q |= 1;
    }
    n <<= 1;
  }
  q = q << 1 | (n != 0);
  power--;
  up = (int)clz(q);
  q = drop_bits(q << up, 11);
  power += 11 - up;
  if (q >> 53) {
    q >>= 1;
    power++;
  }
  // Rounds to float: 2^52 <= q < 2^53. The bits of a subnormal are the multiple of 2^-149 that it is.
  int exponent = power + 52;
  if (exponent > 127) return sign * INF;
  if (exponent < -126) return sign * as_float((uint)drop_bits(shift_jam(q, -power - 151), 2));
  return sign * ((convert_float(q) * 0x1p-52f) * as_float((uint)(exponent + 127) << 23));
}

// There is one work-group, so it may have all registers.
__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void targets_total(
    __global const float2 *restrict weights, __global const int *restrict counts, __global const long *restrict bad,
    __global float *restrict totals, ulong blocks, float scale, float penalty_scale, int mean, int has_penalty) {
  __local ulong counted[WGS];
  __local long refused[WGS];
  ulong count = 0;
  long worst = LONG_MAX;
  for (ulong b = LID; b < blocks; b += WGS) {
    count += (ulong)counts[b];
    worst = min(worst, bad[b]);
  }
  counted[LID] = count;
  refused[LID] = worst;
  SYNC();
  if (LID == 0) {
    for (int k = 1; k < WGS; k++) {
      count += counted[k];
      worst = min(worst, refused[k]);
    }
    float count_hi = (float)(count >> 24) * 0x1p24f, count_lo = (float)(count & 0xffffff);
    float hi = weights ? weights[0].x : count_hi;
    float lo = weights ? weights[0].y : count_lo;
    totals[TOTALS_SCALE] = mean ? mean_scale(scale, hi, lo) : scale;
    if (has_penalty) {
      int weighted = has_penalty == 2;
      totals[TOTALS_PENALTY_SCALE] =
          !mean ? penalty_scale : mean_scale(penalty_scale, weighted ? hi : count_hi, weighted ? lo : count_lo);
    }
    totals[TOTALS_WEIGHT] = hi;
    totals[TOTALS_WEIGHT + 1] = lo;
    *(__global ulong *)(totals + TOTALS_COUNT) = count;
    *(__global long *)(totals + TOTALS_BAD) = worst;
  }
}

#ifdef MASK
// Stores weights where a mask is not 0, and 0 elsewhere.
GROUP_KERNEL void mask_weights(
    __global const float *restrict weight, __global const MASK *restrict mask, __global float *restrict masked, ulong n) {
  for (ulong i = get_global_id(0); i < n; i += get_global_size(0)) masked[i] = mask[i] != 0 ? weight[i] : 0.0f;
}
#endif
