// distillation_tile.cl: rows of two tensors of logits side by side, and their divergence; put behind distillation_work.cl
// and row_tile.cl.
//
// Maths
//   distillation.cl. The sums of a row have the shape of blocks.cl, as in distillation_rows.cl. What is a lane there is
//   a line here, with a row in each lane of the vector.
// Passes
//   A batch of rows is read for the two maxima, for the sums of exponentials, for the terms, and for the gradient if that
//   is wanted. A step at a time is read: the classes that meet different lanes. Adjacent classes and short rows stay in two
//   tiles from the first pass to the last; others are read again for each pass. The gradient takes the place of the
//   student's logits in the tile. That of the forward KL is computed with the terms.
// Launch contract
//   distillation_work.cl, and row_tile.cl with UNROLL 1. -D SHORT: no more classes than a stripe has lanes. CHUNK: the number
//   of these lanes; for longer ADJACENT rows at least the number of their classes.

// Lines of a sum: as many as the lanes that rows reach.
#ifdef ADJACENT
#define LINES (CHUNK <= STRIPE ? LANES : ACCUMULATORS)
#elif defined(SHORT)
#define LINES LANES
#else
#define LINES ACCUMULATORS
#endif
#define SUM_LINES(s) hi + (s)*LINES *VEC, lo + (s)*LINES *VEC

// Adds v to a line. In a short row a line has only one term.
INLINE void add_to_line(__local float *hi, __local float *lo, int line, fvec v) {
#ifdef SHORT
  pair sum = make_pair(v + 0.0f, (fvec)(0.0f));
#else
  pair sum = accumulate_float(make_pair(LINE(hi, line), LINE(lo, line)), v);
#endif
  LINE(hi, line) = sum.hi;
  LINE(lo, line) = sum.lo;
}

// Begins count sums of a block of n classes.
INLINE void clear_lines(__local float *hi, __local float *lo, int n, int count) {
#ifndef SHORT
  for (int s = 0; s < count; s++) {
    for (int line = 0; line < lanes_of(n); line++) LINE(hi, s * LINES + line) = LINE(lo, s * LINES + line) = (fvec)(0.0f);
  }
#endif
}

// The sum of the lines of a block of n classes, as tree() of blocks.cl. Lines that no class reached are zero, and adding those
// changes nothing.
INLINE pair sum_of_lines(__local float *hi, __local float *lo, int n) {
  int width = lanes_of(n), reached = n < LANES ? n : width;
  if (width < ACCUMULATORS) {
    for (int line = 0; line < reached; line++) {
      pair p = normalise(LINE(hi, line), LINE(lo, line));
      LINE(hi, line) = p.hi;
      LINE(lo, line) = p.lo;
    }
  }
  for (int part = width / 2; part >= 1; part /= 2) {
    for (int line = 0; line < min(part, reached - part); line++) {
      pair p = pair_add(
          make_pair(LINE(hi, line), LINE(lo, line)), make_pair(LINE(hi, line + part), LINE(lo, line + part)));
      LINE(hi, line) = p.hi;
      LINE(lo, line) = p.lo;
    }
  }
  return make_pair(LINE(hi, 0), LINE(lo, 0));
}

// Adds up the lines of count sums.
INLINE void add_lines(__local float *hi, __local float *lo, int n, int count, pair *to) {
#pragma unroll
  for (int s = 0; s < count; s++) to[s] = pair_add(to[s], sum_of_lines(SUM_LINES(s), n));
}

// count classes of student and teacher, and the line of the first.
typedef struct {
  __local float *x, *z;
  int count, first;
} both;

INLINE void add_masses(const both *b, const sides *r, __local float *hi, __local float *lo) {
  for (int c = 0; c < b->count; c++) {
    masses m = masses_of(LINE(b->x, c), LINE(b->z, c), r);
    add_to_line(SUM_LINES(0), b->first + c, m.student);
    add_to_line(SUM_LINES(1), b->first + c, m.teacher);
    add_to_line(SUM_LINES(2), b->first + c, m.difference);
  }
}

// Which rows have no gradient, and what they get instead. (No mask is negated: Oclgrind computes that wrongly.)
typedef struct {
  ivec unusual;
  fvec else_all, factor;
} slopes;

INLINE fvec slope_of(const slopes *s, fvec v) { return s->unusual ? s->else_all : v; }

// With SLOPES_WITH_TERMS the gradient is computed too, if wanted.
INLINE void add_terms(
    const both *b, const sides *r, int wanted, const slopes *s, __local float *hi, __local float *lo) {
  for (int c = 0; c < b->count; c++) {
    fvec x = LINE(b->x, c), z = LINE(b->z, c);
#ifdef JSD
    jsd_terms t = jsd_terms_of(x, z, r);
    add_to_line(SUM_LINES(0), b->first + c, t.term);
    add_to_line(SUM_LINES(1), b->first + c, t.student);
#elif defined(REVERSE_KL)
    add_to_line(SUM_LINES(0), b->first + c, reverse_term(x, z, r));
#else
    forward_parts f;
    if (wanted) {
      f = forward_parts_of(x, z, r, s->factor);
      LINE(b->x, c) = slope_of(s, f.slope);
    } else {
      f.term = forward_term(x, z, r);
    }
    add_to_line(SUM_LINES(0), b->first + c, f.term);
#endif
  }
}

#ifndef SLOPES_WITH_TERMS
INLINE void make_slopes(const both *b, const sides *r, const pair *sums, const slopes *s) {
  for (int c = 0; c < b->count; c++) {
    fvec x = LINE(b->x, c), z = LINE(b->z, c);
#ifdef JSD
    fvec v = jsd_slope(x, z, r, sums[1], s->factor);
#else
    fvec v = reverse_slope(x, z, r, sums[0], s->factor);
#endif
    LINE(b->x, c) = slope_of(s, v);
  }
}
#endif

// Loops over the blocks k of a row, with n classes each; and over their steps, classes c0 to c0 + m. Rows that do not stay in
// the tile are read again for each pass.
#define EACH_BLOCK \
  _Pragma("unroll 1") for (int k = 0, n; n = min(BLOCK, (int)(classes - (uint)k * BLOCK)), k < blocks; k++)
#define EACH_STEP_OF_BLOCK \
  _Pragma("unroll 1") for (int c0 = k * BLOCK, m; m = min(LANES, k * BLOCK + n - c0), m > 0; c0 += LANES)
#define FETCH_BOTH \
  MOVE_CHUNK(FETCH, INPUT, x, tile) \
  MOVE_CHUNK(FETCH, TARGET, teacher, other)
#ifdef SHORT
#define FETCH_AGAIN
#else
#define FETCH_AGAIN FETCH_BOTH
#endif
#ifdef ADJACENT
#define STEP_OF_BOTH \
  { tile + c0 *ROWS, other + c0 *ROWS, m, c0 / STRIPE *LANES }
#else
#define STEP_OF_BOTH \
  { tile, other, m, c0 % BLOCK / STRIPE *LANES }
#endif

GROUP_KERNEL void distillation(DIVERGENCE_ARGUMENTS) {
  ROW_MEMORY
  TILE_OF(other)
  __local float hi[3 * LINES * VEC] ALIGNED_LOCAL;
  __local float lo[3 * LINES * VEC] ALIGNED_LOCAL;
  layout of = {classes, rows, INNER};
  const int blocks = BLOCKS_OF(classes);
  place where[VECTORS], step = step_of(ROWS, of);
  where[0] = find_row(get_group_id(0) * per_group * ROWS, of);
  EACH_UNIT(batch, (rows + ROWS - 1) / ROWS, per_group) {
    const ulong row = batch * ROWS;
    look_around(&where[0], row, of);
    const int there = where[0].count;
    MOVE_BATCH(FETCH, INPUT, x, tile)
    MOVE_BATCH(FETCH, TARGET, teacher, other)
    fvec student = (fvec)(-INF), of_teacher = (fvec)(-INF);
    EACH_BLOCK {
      EACH_STEP_OF_BLOCK {
        FETCH_BOTH
        both b = STEP_OF_BOTH;
        for (int c = 0; c < m; c++) {
          fvec s = LINE(b.x, c), t = LINE(b.z, c);
          student = s > student ? s : student;
          of_teacher = t > of_teacher ? t : of_teacher;
        }
      }
    }
    sides r;
    r.student_max = student + 0.0f;
    r.teacher_max = of_teacher + 0.0f;
    r.inverse = make_pair((fvec)(inverse_hi), (fvec)(inverse_lo));
    r.beta = (fvec)(beta);
    r.keep = (fvec)(keep_of_student);
    pair added[3];
#pragma unroll
    for (int s = 0; s < 3; s++) added[s] = make_pair((fvec)(0.0f), (fvec)(0.0f));
    EACH_BLOCK {
      clear_lines(hi, lo, n, 3);
      EACH_STEP_OF_BLOCK {
        FETCH_AGAIN
        both b = STEP_OF_BOTH;
        add_masses(&b, &r, hi, lo);
      }
      add_lines(hi, lo, n, 3, added);
    }
    mass_sums m = {added[0], added[1], added[2]};
    ivec ignored = class ? load_ints(class + row, 0, there, 0) < 0 : (ivec)(0);
    ivec undefined = has_no_softmax(&r, &m);
    set_sums(&r, &m);
    fvec weight = row_weight ? load(row_weight + row, 0, there, 0.0f) : (fvec)(1.0f);
    slopes w;
    w.factor = (fvec)(totals ? totals[TOTALS_SCALE] : scale);
    if (row_weight) w.factor = w.factor * weight;
    if (upstream) w.factor = w.factor * load(upstream + row, 0, there, 0.0f);
    w.factor = w.factor * slope_times;
    w.unusual = ignored || undefined;
    w.else_all = ignored ? (fvec)(0.0f) : (fvec)(CANONICAL_NAN);
    pair divergence[DIVERGENCE_SUMS];
#pragma unroll
    for (int s = 0; s < DIVERGENCE_SUMS; s++) divergence[s] = make_pair((fvec)(0.0f), (fvec)(0.0f));
    EACH_BLOCK {
      clear_lines(hi, lo, n, DIVERGENCE_SUMS);
      EACH_STEP_OF_BLOCK {
        FETCH_AGAIN
        both b = STEP_OF_BOTH;
        add_terms(&b, &r, out != NULL, &w, hi, lo);
#ifdef SLOPES_WITH_TERMS
        if (out) {
          MOVE_CHUNK(DELIVER, INPUT, out, tile)
        }
#endif
      }
      add_lines(hi, lo, n, DIVERGENCE_SUMS, divergence);
    }
#ifdef REVERSE_KL
    w.unusual = w.unusual || !(divergence[0].hi < INF);
#endif
#ifndef SLOPES_WITH_TERMS
    if (out) {
      EACH_BLOCK {
        EACH_STEP_OF_BLOCK {
          FETCH_AGAIN
          both b = STEP_OF_BOTH;
          make_slopes(&b, &r, divergence, &w);
          MOVE_CHUNK(DELIVER, INPUT, out, tile)
        }
      }
    }
#endif
    if (out) {
      MOVE_BATCH(DELIVER, INPUT, out, tile)
    }
    pair value = row_divergence(divergence[0], make_pair((fvec)(times_hi), (fvec)(times_lo)));
    if (row_weight) value = pair_scale(value, weight);
    value = pair_select(value, make_pair((fvec)(CANONICAL_NAN), (fvec)(0.0f)), undefined);
    value = pair_select(value, make_pair((fvec)(0.0f), (fvec)(0.0f)), ignored);
    store_pairs(value, sums + row, there);
    if (loss) store(canonical(value.hi), loss + row, 0, there);
    move_on(&where[0], &step, of);
  }
}
