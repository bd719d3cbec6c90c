// distillation_rows.cl: rows of two tensors of logits, and their divergence; put behind distillation_work.cl.
//
// Maths
//   distillation.cl. A row's sums have the shape of blocks.cl, whatever its length and wherever its classes lie; the sums of
//   its blocks are added in order.
// Passes
//   One work-group has a row. It reads the row for the two maxima, for the sums of exponentials, for the terms, and for the
//   gradient if that is wanted: the first time from memory, then from a cache, if the row fits. The gradient of the forward
//   KL is computed with the terms.
// Launch contract
//   blocks.cl, storage.cl, distillation_work.cl. -D ROW_LANES=l: 64, 128 or 256 for rows of up to 1024, 2048 or more classes,
//   so that short rows take little local memory; not with WGS == 1, where all lanes have their place.

#ifndef ROW_LANES
#define ROW_LANES ACCUMULATORS
#endif

// One block of a row of student and teacher, with n classes.
typedef struct {
  __global const input *student;
  __global const soft *teacher;
  __global input *out;
  ulong inner;
  int n;
} both;

#ifdef STRIDED
#define LOAD_SIDE(type, p, b, i) load_far(type, p, (b)->inner, i, (b)->n)

INLINE fvec load_far(int type, __global const void *p, ulong inner, int i, int n) {
  float part[VEC];
#pragma unroll
  for (int k = 0; k < VEC; k++) part[k] = i + k < n ? load_one(type, p, (ulong)(i + k) * inner) : -INF;
  return LOAD(part, 0);
}

INLINE void store_slopes(const both *b, fvec v, int i) {
  float part[VEC];
  STORE(v, part, 0);
#pragma unroll
  for (int k = 0; k < VEC; k++) {
    if (i + k < b->n) store_one(INPUT, part[k], b->out, (ulong)(i + k) * b->inner);
  }
}
#else
#define LOAD_SIDE(type, p, b, i) load_stored(type, p, 0, i, (b)->n, -INF)

INLINE void store_slopes(const both *b, fvec v, int i) { STORE_INPUT(v, b->out, i, b->n); }
#endif

#define LOAD_STUDENT(b, i) LOAD_SIDE(INPUT, (b)->student, b, i)
#define LOAD_TEACHER(b, i) LOAD_SIDE(TARGET, (b)->teacher, b, i)

// The largest number that any work-item of the group has.
INLINE float widest_of_group(float own, __local float *shared) {
#if WGS > 1
  shared[LID] = own;
  SYNC();
#pragma unroll 1
  for (int width = WGS / 2; width >= 1; width /= 2) {
    if (LID < width) shared[LID] = fmax(shared[LID], shared[LID + width]);
    SYNC();
  }
  own = shared[0];
  SYNC();
#endif
  return own + 0.0f;
}

// Adds count sums of the lanes of a block of n classes to those of the row: tree() for each, side by side.
INLINE void add_sums(__local float *hi, __local float *lo, int n, int count, pair *to) {
  SYNC();
#if WGS > 1
  int bits = 31 - clz(lanes_of(n));
  if (1 << bits < ACCUMULATORS) {
#pragma unroll 1
    for (int i = LID; i < count << bits; i += WGS) {
      int at = (i >> bits) * ROW_LANES + (i & ((1 << bits) - 1));
      pair p = normalise((fvec)(hi[at]), (fvec)(lo[at]));
      hi[at] = first(p.hi);
      lo[at] = first(p.lo);
    }
    SYNC();
  }
#pragma unroll 1
  while (--bits >= 0) {
    int part = 1 << bits;
#pragma unroll 1
    for (int i = LID; i < count << bits; i += WGS) {
      int at = (i >> bits) * ROW_LANES + (i & (part - 1));
      pair p = pair_add(
          make_pair((fvec)(hi[at]), (fvec)(lo[at])), make_pair((fvec)(hi[at + part]), (fvec)(lo[at + part])));
      hi[at] = first(p.hi);
      lo[at] = first(p.lo);
    }
    SYNC();
  }
#endif
#pragma unroll
  for (int s = 0; s < count; s++) {
#if WGS == 1
    tree(hi + s * ROW_LANES, lo + s * ROW_LANES, n);
#endif
    to[s] = pair_add(to[s], make_pair((fvec)(hi[s * ROW_LANES]), (fvec)(lo[s * ROW_LANES])));
  }
  SYNC();
}

#define USED_SLOTS(n) ((lanes_of(n) + SLOT - 1) / SLOT)
#define EACH_CLASS_SLOT(slot, n) for (int slot = LID; slot < USED_SLOTS(n); slot += WGS)

// to: the sums of the student, of the teacher, and of the differences.
INLINE void add_masses(const both *b, const sides *r, pair *to, __local float *hi, __local float *lo) {
  EACH_CLASS_SLOT(slot, b->n) {
    pair student[UNROLL], teacher[UNROLL], difference[UNROLL];
    EACH_VECTOR student[j] = teacher[j] = difference[j] = make_pair((fvec)(0.0f), (fvec)(0.0f));
    EACH_STEP(at, slot, b->n) {
      EACH_VECTOR {
        int i = at + j * VEC;
        if (i >= b->n) continue;
        masses m = masses_of(LOAD_STUDENT(b, i), LOAD_TEACHER(b, i), r);
        student[j] = accumulate_float(student[j], m.student);
        teacher[j] = accumulate_float(teacher[j], m.teacher);
        difference[j] = accumulate_float(difference[j], m.difference);
      }
    }
    EACH_VECTOR {
      keep(student[j], hi, lo, slot, j);
      keep(teacher[j], hi + ROW_LANES, lo + ROW_LANES, slot, j);
      keep(difference[j], hi + 2 * ROW_LANES, lo + 2 * ROW_LANES, slot, j);
    }
  }
  add_sums(hi, lo, b->n, 3, to);
}

// to: the divergence; with JSD also KL(s | M). With SLOPES_WITH_TERMS the gradient too, if out is not NULL.
INLINE void add_terms(
    const both *b, const sides *r, int slopes, fvec factor, pair *to, __local float *hi, __local float *lo) {
  EACH_CLASS_SLOT(slot, b->n) {
    pair sum[DIVERGENCE_SUMS * UNROLL];
#pragma unroll
    for (int j = 0; j < DIVERGENCE_SUMS * UNROLL; j++) sum[j] = make_pair((fvec)(0.0f), (fvec)(0.0f));
    EACH_STEP(at, slot, b->n) {
      EACH_VECTOR {
        int i = at + j * VEC;
        if (i >= b->n) continue;
        fvec x = LOAD_STUDENT(b, i), z = LOAD_TEACHER(b, i);
#ifdef JSD
        jsd_terms t = jsd_terms_of(x, z, r);
        sum[UNROLL + j] = accumulate_float(sum[UNROLL + j], t.student);
        sum[j] = accumulate_float(sum[j], t.term);
#elif defined(REVERSE_KL)
        sum[j] = accumulate_float(sum[j], reverse_term(x, z, r));
#else
        forward_parts f;
        if (slopes) {
          f = forward_parts_of(x, z, r, factor);
          store_slopes(b, f.slope, i);
        } else {
          f.term = forward_term(x, z, r);
        }
        sum[j] = accumulate_float(sum[j], f.term);
#endif
      }
    }
#pragma unroll
    for (int s = 0; s < DIVERGENCE_SUMS; s++) {
      EACH_VECTOR keep(sum[s * UNROLL + j], hi + s * ROW_LANES, lo + s * ROW_LANES, slot, j);
    }
  }
  add_sums(hi, lo, b->n, DIVERGENCE_SUMS, to);
}

#ifndef SLOPES_WITH_TERMS
INLINE void write_slopes(const both *b, const sides *r, const pair *sums, fvec factor) {
  for (int i = LID * VEC; i < b->n; i += WGS * VEC) {
    fvec x = LOAD_STUDENT(b, i), z = LOAD_TEACHER(b, i);
#ifdef JSD
    fvec v = jsd_slope(x, z, r, sums[1], factor);
#else
    fvec v = reverse_slope(x, z, r, sums[0], factor);
#endif
    store_slopes(b, v, i);
  }
}
#endif

INLINE void write_one_slope(const both *b, float v) {
  for (int i = LID * VEC; i < b->n; i += WGS * VEC) store_slopes(b, (fvec)(v), i);
}

GROUP_KERNEL void distillation(DIVERGENCE_ARGUMENTS) {
  __local float hi[3 * ROW_LANES] ALIGNED_LOCAL;
  __local float lo[3 * ROW_LANES] ALIGNED_LOCAL;
  __local float shared[WGS] ALIGNED_LOCAL;
  const int blocks = (int)BLOCKS(classes);
  EACH_UNIT(row, rows, per_group) {
    ulong begin = inner == 1 ? row * classes : row / inner * inner * classes + row % inner;
#define EACH_BLOCK_OF_ROW(count) \
  _Pragma("unroll 1") for (int k = 0; k < (count); k++)
#define BLOCK_OF_ROW(b) \
  ulong b##_at = begin + (ulong)k * BLOCK * inner; \
  both b = {x + b##_at, teacher + b##_at, out + b##_at, inner, min(BLOCK, (int)(classes - (uint)k * BLOCK))};
    int ignored = class && class[row] < 0;
    // No barrier is inside an if: PoCL takes minutes to compile that.
    const int read = ignored ? 0 : blocks;
    fvec student = (fvec)(-INF), of_teacher = (fvec)(-INF);
    EACH_BLOCK_OF_ROW(read) {
      BLOCK_OF_ROW(b)
      for (int i = LID * VEC; i < b.n; i += WGS * VEC) {
        fvec s = LOAD_STUDENT(&b, i), t = LOAD_TEACHER(&b, i);
        student = s > student ? s : student;
        of_teacher = t > of_teacher ? t : of_teacher;
      }
    }
    sides r;
    r.student_max = (fvec)(widest_of_group(widest(student), shared));
    r.teacher_max = (fvec)(widest_of_group(widest(of_teacher), shared));
    r.inverse = make_pair((fvec)(inverse_hi), (fvec)(inverse_lo));
    r.beta = (fvec)(beta);
    r.keep = (fvec)(keep_of_student);
    pair added[3];
#pragma unroll
    for (int s = 0; s < 3; s++) added[s] = make_pair((fvec)(0.0f), (fvec)(0.0f));
    EACH_BLOCK_OF_ROW(read) {
      BLOCK_OF_ROW(b)
      add_masses(&b, &r, added, hi, lo);
    }
    mass_sums m = {added[0], added[1], added[2]};
    const int undefined = !ignored && ANY(has_no_softmax(&r, &m));
    set_sums(&r, &m);
    pair divergence[DIVERGENCE_SUMS];
#pragma unroll
    for (int s = 0; s < DIVERGENCE_SUMS; s++) divergence[s] = make_pair((fvec)(0.0f), (fvec)(0.0f));
    float factor = totals ? totals[TOTALS_SCALE] : scale;
    if (row_weight) factor = factor * row_weight[row];
    if (upstream) factor = factor * upstream[row];
    factor = factor * slope_times;
    EACH_BLOCK_OF_ROW(undefined ? 0 : read) {
      BLOCK_OF_ROW(b)
      add_terms(&b, &r, out != NULL, (fvec)(factor), divergence, hi, lo);
    }
    int usual = !ignored && !undefined;
#ifdef REVERSE_KL
    usual = usual && first(divergence[0].hi) < INF;  // otherwise the row has no gradient
#endif
    EACH_BLOCK_OF_ROW(out && !usual ? blocks : 0) {
      BLOCK_OF_ROW(b)
      write_one_slope(&b, ignored ? 0.0f : CANONICAL_NAN);
    }
#ifndef SLOPES_WITH_TERMS
    EACH_BLOCK_OF_ROW(out && usual ? blocks : 0) {
      BLOCK_OF_ROW(b)
      write_slopes(&b, &r, divergence, (fvec)(factor));
    }
#endif
    if (LID == 0) {
      pair value = row_divergence(divergence[0], make_pair((fvec)(times_hi), (fvec)(times_lo)));
      if (row_weight) value = pair_scale(value, (fvec)(row_weight[row]));
      if (undefined) value = make_pair((fvec)(CANONICAL_NAN), (fvec)(0.0f));
      if (ignored) value = make_pair((fvec)(0.0f), (fvec)(0.0f));
      store_pair(first(value.hi), first(value.lo), sums + row);
      if (loss) loss[row] = first(canonical(value.hi));
    }
  }
}
