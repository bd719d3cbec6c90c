// element_loss.cl: a loss over elements, whatever its formulas are; those are put in front of it.
//
// Maths
//   None of its own. The formulas' file defines element_of(), an element with input x and target t. Unless careful, its loss may
//   be NaN or infinite where only a closer look gives the right one. soft_targets says whether there may be targets other than
//   0 and 1. ELEMENT_FILL is what x and t are after the end. REFUSED(x, t), if it is defined, says whether they are an error.
//   The gradient is slope (w scale upstream), where the factors are multiplied first, as in sigmoid_bce.cl. If x are
//   transformed first, it is multiplied by the slope of logits.cl.
// Passes
//   One: reads x, t (and weights) once, writes the losses and the gradient if asked for, and one partial per block. A refused
//   element sets TOTALS_BAD of the totals, which are 0; the host then discards what was written.
// Launch contract
//   That of sigmoid_bce.cl, or with -D RUNS (storage.cl). The formulas' file defines POS_WEIGHTS if the formulas use
//   pos_weight, and LONG_FORMULAS if one body is enough.

// Reads and writes the elements of a slot. With RUNS all are read together, and then computed one after the other.
#ifdef RUNS
typedef struct {
  fvec x[UNROLL], target[UNROLL], loss[UNROLL], gradient[UNROLL], hessian[UNROLL];
} run;
#define BEGIN_RUN(at, m) \
  run here; \
  load_several(INPUT, x, 0, at, m, ELEMENT_FILL, here.x, UNROLL); \
  load_several(TARGET, target, 0, at, m, ELEMENT_FILL, here.target, UNROLL)
#define INPUT_HERE(i, m) here.x[j]
#define TARGET_HERE(i, m) here.target[j]
#define LOSS_HERE(v, i, m) here.loss[j] = (v)
#define GRADIENT_HERE(v, i, m) here.gradient[j] = (v)
#define HESSIAN_HERE(v, i, m) here.hessian[j] = (v)
#define END_RUN(at, m) end_run(c, &here, base, at, m)

INLINE void end_run(const elements_call *c, const run *r, ulong base, int at, int m) {
  if (c->loss) store_several(F32, r->loss, c->loss, base, at, m, UNROLL, 1);
  if (c->gradient) {
    store_several(INPUT, r->gradient, c->gradient, base, at, m, UNROLL, 0);
#ifdef HESSIAN
    store_several(F32, r->hessian, c->hessian, base, at, m, UNROLL, 0);
#endif
  }
}
#else
#define BEGIN_RUN(at, m)
#define INPUT_HERE(i, m) LOAD_INPUT(x, i, m, ELEMENT_FILL)
#define TARGET_HERE(i, m) LOAD_SOFT(target, i, m, ELEMENT_FILL)
#define LOSS_HERE(v, i, m) \
  if (c->loss) store(v, c->loss + base, i, m)
#define GRADIENT_HERE(v, i, m) STORE_INPUT(v, c->gradient + base, i, m)
#define HESSIAN_HERE(v, i, m) store(v, c->hessian + base, i, m)
#define END_RUN(at, m)
#endif

// Adds the elements of a block of m elements, which begins at base, to its lanes; returns a number other than 0 if one was
// refused.
INLINE int element_block(const elements_call *c, ulong base, int m, int careful, __local float *hi, __local float *lo) {
  __global const input *x = c->x + base;
  __global const soft *target = c->target + base;
  const element_numbers o = numbers_of(c);
  ivec refused = (ivec)(0);
  for (int slot = LID; slot < SLOTS; slot += WGS) {
    pair sum[UNROLL];
    EACH_VECTOR sum[j] = make_pair((fvec)(0.0f), (fvec)(0.0f));
    EACH_STEP(at, slot, m) {
      BEGIN_RUN(at, m);
      EACH_VECTOR {
        int i = at + j * VEC;
        if (m < BLOCK && i >= m) continue;
        AHEAD(x + i);
        AHEAD(target + i);
        fvec given = INPUT_HERE(i, m), v = ELEMENT_LOGIT(given, c);
        fvec t = TARGET_HERE(i, m);
#ifdef REFUSED
        ivec outside = REFUSED(v, t);
#endif
        int soft_targets = ANY(t * (1.0f - t) != 0.0f);
#ifdef POS_WEIGHTS
        element e = element_of(v, t, POS_WEIGHT_AT(c, i), &o, POS_WEIGHTED(c), soft_targets, careful);
#else
        element e = element_of(v, t, (fvec)(1.0f), &o, 0, soft_targets, careful);
#endif
        pair value = e.loss;
        fvec w = (fvec)(1.0f), r = (fvec)(1.0f);
        if (WEIGHTED(c)) {
          w = element_weights(c, base, i, m, &r);
          value = weighted_element(value, w);
        }
#ifdef ROW_WEIGHT
        value = pair_select(value, make_pair((fvec)(0.0f), (fvec)(0.0f)), r == 0.0f);
#endif
#ifdef REFUSED
#ifdef ROW_WEIGHT
        outside = outside && r != 0.0f;
#endif
        refused |= outside;
#endif
        sum[j] = accumulate(sum[j], within(value.hi, i, m), within(value.lo, i, m));
        LOSS_HERE(value.hi, i, m);
        if (c->gradient) {
          fvec factor = WEIGHTED(c) ? w * c->scale : (fvec)(c->scale);
          if (c->upstream) factor = factor * load(c->upstream + base, i, m, 0.0f);
          fvec g = canonical(e.slope * factor);
#ifdef SLOPES
          g = canonical(g * SLOPE_AT(given, c));
#endif
#ifdef ROW_WEIGHT
          g = r == 0.0f ? (fvec)(0.0f) : g;
#endif
          GRADIENT_HERE(g, i, m);
#ifdef HESSIAN
          fvec h = canonical(e.bend * factor);
#ifdef ROW_WEIGHT
          h = r == 0.0f ? (fvec)(0.0f) : h;
#endif
          HESSIAN_HERE(h, i, m);
#endif
        }
      }
      END_RUN(at, m);
    }
    EACH_VECTOR keep(sum[j], hi, lo, slot, j);
  }
  return ANY(refused);
}

GROUP_KERNEL void element_loss(
    __global const input *restrict x, __global const soft *restrict target, __global const float *restrict weight,
    __global const float *restrict pos_weight, __global const float *restrict upstream, __global float *restrict loss,
    __global input *restrict gradient, __global float2 *restrict partial, __global int *restrict totals, ulong n,
    ulong per_group, float scale, ulong w_repeat, ulong w_period, ulong w_first, ulong p_repeat, ulong p_period,
    ulong p_first, float number0, float number1, float number2 ROW_WEIGHT_ARGUMENTS HESSIAN_ARGUMENTS TRANSFORM_ARGUMENTS) {
  LANE_SUMS
  BLOCK_SPREAD weights, pos_weights;
  elements_call c = {x, target, upstream, loss, gradient, {weight, w_repeat, w_period, w_first},
      {pos_weight, p_repeat, p_period, p_first}, &weights, &pos_weights, n, ELEMENTS_SCALE ELEMENTS_TRANSFORM,
      (float4)(number0, number1, number2, 0.0f)};
  SET_ROW_WEIGHT(c)
  SET_HESSIAN(c)
  EACH_UNIT(b, BLOCKS(n), per_group) {
    int m = block_size(b, n), bad;
    set_spread(&weights, &c.weight, b * BLOCK);
#ifdef POS_WEIGHTS
    set_spread(&pos_weights, &c.pos_weight, b * BLOCK);
#endif
#define ELEMENT_BLOCK(size) bad = element_block(&c, b * BLOCK, size, careful, hi, lo)
#ifdef RUNS
    // If elements are computed one after the other, tests that have one answer for the whole call are worth a body of their
    // own.
    elements_call usual = c;
    usual.weight.values = usual.pos_weight.values = 0;
    usual.upstream = 0;
    usual.loss = 0;
    int is_usual = m == BLOCK && !c.weight.values && !c.pos_weight.values && !c.upstream && !c.loss;
#undef BY_SIZE
#define BY_SIZE(n, body) \
  if (is_usual && !careful) { \
    bad = element_block(&usual, b * BLOCK, BLOCK, 0, hi, lo); \
  } else { \
    body(n); \
  }
#elif defined(LONG_FORMULAS)  // two bodies would take long to compile, and gain little
#undef BY_SIZE
#define BY_SIZE(n, body) body(n);
#endif
    // If a loss was infinite or NaN, which shows in the sum, the block is computed once more, with care.
    for (int careful = 0;; careful = 1) {
      BY_SIZE(m, ELEMENT_BLOCK)
      float total = finish_block(hi, lo, m, partial + b);
      if (careful || fabs(total) < INF) break;
    }
    if (bad) atomic_or(totals + TOTALS_BAD, 1);
  }
}
