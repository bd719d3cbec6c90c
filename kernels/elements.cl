// elements.cl: what losses over elements work on, and what they give; put behind storage.cl and row_weights.cl.
//
// Maths
//   None of its own.
// Passes
//   None of its own.
// Launch contract
//   None of its own. -D HESSIAN: there is a gradient, no upstream, and hessian receives the second derivative by the input;
//   in sigmoid_bce.cl p (1 - p) is at least `least`. -D TRANSFORM and the like, without LOGIT_BIAS, only for
//   element_loss.cl and not with HESSIAN: then logits.cl comes before this file.

// The operands of a call. Weights, upstream, loss and gradient are NULL if there are none, or if they are not wanted.
typedef struct {
  __global const input *x;
  __global const soft *target;
  __global const float *upstream;
  __global float *loss;
  __global input *gradient;
  spread weight, pos_weight;
  BLOCK_SPREAD *weights, *pos_weights;  // of the block that is computed
  ulong n;
  float scale;
#ifdef TRANSFORM
  logit_transform logits;
#endif
  float4 numbers;  // options of the loss, in the order that its formulas state
#ifdef ROW_WEIGHT
  __global const ROW_WEIGHT *row_weight;
#endif
#ifdef HESSIAN
  __global float *hessian;
  float least;
#endif
} elements_call;

#ifdef TRANSFORM
#define ELEMENT_LOGIT(v, c) LOGIT(v, 0, c)
#define ELEMENTS_TRANSFORM , TRANSFORM_HERE
#else
#define ELEMENT_LOGIT(v, c) (v)
#define ELEMENTS_TRANSFORM
#define TRANSFORM_ARGUMENTS
#endif

#ifdef HESSIAN
#define HESSIAN_ARGUMENTS , __global float *restrict hessian, float least
#define SET_HESSIAN(c) \
  (c).hessian = hessian; \
  (c).least = least;
#else
#define HESSIAN_ARGUMENTS
#define SET_HESSIAN(c)
#endif

// The numbers of a call, by the names that its formulas use. With label smoothing e these are keep = 1 - e and spread_e = e / 2;
// a focal loss has the others, which sigmoid_focal.cl explains.
typedef struct {
  pair keep;
  fvec spread_e, gamma, alpha_of_one, alpha_of_zero;
} element_numbers;

INLINE element_numbers numbers_of(const elements_call *c) {
  element_numbers o;
  o.keep = make_pair((fvec)(c->numbers.x), (fvec)(c->numbers.y));
  o.spread_e = (fvec)(c->numbers.z);
  o.gamma = (fvec)(c->numbers.x);
  o.alpha_of_one = (fvec)(c->numbers.y);
  o.alpha_of_zero = (fvec)(c->numbers.z);
  return o;
}

// Whether elements have a pos_weight; and the pos_weight of element i, which is 1 if they have none.
#define POS_WEIGHTED(c) ((c)->pos_weight.values != 0)
#define POS_WEIGHT_AT(c, i) (POS_WEIGHTED(c) ? spread_out((c)->pos_weights, i) : (fvec)(1.0f))

// The loss at one element, without weight; its derivative; bend: its second derivative.
typedef struct {
  pair loss;
  fvec slope;
#ifdef HESSIAN
  fvec bend;
#endif
} element;

INLINE element make_element(pair loss, fvec slope) {
  element e;
  e.loss = loss;
  e.slope = slope;
  return e;
}

// A loss; where the usual way met an infinity or NaN, its limit z.
INLINE pair finite_or_limit(pair value, fvec z) {
  ivec finite = fabs(value.hi) < INF;
  return make_pair(finite ? value.hi : canonical(z), finite ? value.lo : (fvec)(0.0f));
}

// A loss times a weight. A zero weight times an infinite loss is 0.
INLINE pair weighted_element(pair value, fvec w) {
  pair v = pair_scale(value, w);
  ivec dropped = w == 0.0f && !(fabs(value.hi) < INF) && value.hi == value.hi;
  return make_pair(dropped ? (fvec)(0.0f) : canonical(v.hi), v.lo);
}

// Whether elements have weights, and the weights of elements i, i + 1, ... of a block of m that begins at base. r: their row
// weights, 1 if there are none.
#ifdef ROW_WEIGHT
#define WEIGHTED(c) 1
#else
#define WEIGHTED(c) (c)->weight.values
#endif
INLINE fvec element_weights(const elements_call *c, ulong base, int i, int m, fvec *r) {
#ifdef ROW_WEIGHT
  *r = load_row_weights(c->row_weight + base, i, m);
  return c->weight.values ? *r * spread_out(c->weights, i) : *r;
#else
  return spread_out(c->weights, i);
#endif
}
