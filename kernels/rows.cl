// rows.cl: rows of logits, for softmax.cl and cross_entropy.cl; put in front of them behind numerics.cl and blocks.cl.
//
// Maths
//   Exponentials are taken relative to a reference near the row's maximum m that scales exactly: K ln 2 with
//   K = rint(m / ln 2) for |m| <= 2^14, so that scaling is a power of two; above, m itself, from which the logits
//   that count differ exactly. A term is 2^32 exp(x - reference), 0 for x < m - 104.
//   ties counts the logits equal to m, rest sums the terms of the others: log(sum exp(x - m)) = log1p(u),
//   u = ties - 1 + rest / term(m), keeps all digits however small it is. others = u term(m), total = others + term(m).
//   A row longer than 4096 is cut into blocks, each with its own maximum; merge() brings them to the row's reference
//   in order.
// Passes
//   read_row(): the maximum of a block from memory, its terms from the cache. Terms may be kept for the gradient.
// Launch contract
//   Default: one work-group per row, lanes along the classes (blocks.cl), everything about the row known to every
//   work-item. -D IN_ORDER (up to 64 classes, or inner > 1): one work-item for VEC rows, summed in order of classes.

typedef struct {
  fvec max, shift, exponent, magic, cut, ties;
  pair rest, distance, mass;
} row_part;

typedef struct {
  ivec undefined;
  pair log, total, others;
} row_sums;

INLINE void set_reference(row_part *p, fvec m) {
  p->max = m;
  ivec finite = fabs(m) < INF;
  p->shift = finite && fabs(m) > 16384.0f ? m : (fvec)(0.0f);
  p->exponent = finite ? fma(m - p->shift, (fvec)(LOG2E), (fvec)(ROUND_TO_INT)) - ROUND_TO_INT : (fvec)(0.0f);
  p->magic = 12583071.0f - p->exponent;
  p->cut = m > -INF ? m - 104.0f : (fvec)(INF);
}

// 2^32 exp(max - reference), as a pair.
INLINE pair top_pair(const row_part *p) {
  fvec reduced = fabs(p->max) < INF ? p->max - p->shift : (fvec)(0.0f);
  pair e = exp_core(fma(-p->exponent, (fvec)(LN2_HI), reduced), p->exponent * -LN2_LO);
  return make_pair(e.hi * 0x1p32f, e.lo * 0x1p32f);
}

// The same as the terms are computed.
INLINE fvec top_term(const row_part *p) { return exp_float(p->max - p->shift, p->magic); }

INLINE row_sums finish(const row_part *p) {
  row_sums s;
  s.undefined = !(fabs(p->max) < INF) || p->rest.hi != p->rest.hi;
  pair top = top_pair(p);
  fvec h = top.hi * 0x1p-32f;
  fvec inverse = reciprocal12(h < 1.0f ? h + h : h);
  inverse = (h < 1.0f ? inverse + inverse : inverse) * 0x1p-32f;
  fvec q = p->rest.hi * inverse;
  fvec remainder = fma(-q, top.hi, p->rest.hi) + fma(-q, top.lo, p->rest.lo);
  pair below = fast_two_sum(q, remainder * inverse);
  pair u = two_sum(p->ties - 1.0f, below.hi);
  u = fast_two_sum(u.hi, u.lo + below.lo);
  s.log = log1p_pair(u.hi, u.lo);
  pair y = two_sum((fvec)(1.0f), u.hi);
  y = fast_two_sum(y.hi, y.lo + u.lo);
  s.total = pair_mul(top, y);
  s.others = pair_mul(top, u);
  return s;
}

// exp(reference of b - reference of row) = residue * 2^power; power is -1000 if that is nothing.
INLINE fvec power_between(const row_part *b, const row_part *row, pair *residue) {
  fvec x = b->shift - row->shift;
  fvec k = fma(x, (fvec)(LOG2E), (fvec)(ROUND_TO_INT)) - ROUND_TO_INT;
  *residue = exp_core(fma(-k, (fvec)(LN2_HI), x), k * -LN2_LO);
  fvec power = k + (b->exponent - row->exponent);
  power = x > -40000.0f && b->max != -INF ? power : (fvec)(-1000.0f);
  return power < -150.0f ? (fvec)(-1000.0f) : power;
}

INLINE fvec power_of_two(fvec n) { return AS_FVEC((CONVERT_IVEC(n) + 127) << 23); }

// v * 2^power without a subnormal on the way; power >= -150.
INLINE fvec scaled(fvec v, fvec power) {
  ivec small = power < -100.0f;
  return v * power_of_two(small ? power + 64.0f : power) * (small ? (fvec)(0x1p-64f) : (fvec)(1.0f));
}

INLINE fvec block_coefficient(const row_part *b, const row_part *row, fvec coefficient) {
  pair residue;
  fvec power = power_between(b, row, &residue);
  ivec nothing = power == -1000.0f;
  fvec product = fma(coefficient, residue.hi, coefficient * residue.lo);
  return nothing ? coefficient * 0.0f : scaled(product, nothing ? (fvec)(0.0f) : power);
}

INLINE void merge(row_part *row, const row_part *b) {
  ivec same = b->max == row->max;
  pair sum = b->rest;
  pair whole = pair_add(sum, pair_scale(top_pair(b), b->ties));
  sum = pair_select(sum, whole, !same && b->max > -INF);
  row->ties += same ? b->ties : (fvec)(0.0f);
  pair residue;
  fvec power = power_between(b, row, &residue);
  ivec nothing = power == -1000.0f;
  fvec p = nothing ? (fvec)(0.0f) : power;
  pair product = pair_mul(sum, residue);
  pair moved = make_pair(scaled(product.hi, p), scaled(product.lo, p));
  moved.hi = nothing ? (sum.hi == sum.hi ? (fvec)(0.0f) : sum.hi) : moved.hi;
  moved.lo = nothing ? (sum.hi == sum.hi ? (fvec)(0.0f) : sum.lo) : moved.lo;
  row->rest = pair_add(row->rest, moved);
#ifdef WHOLE_ROW_LOSS
  pair gap = two_sum(row->max, -(b->max > -INF ? b->max : (fvec)(0.0f)));
  gap = normalise(gap.hi, gap.lo);
  row->distance = pair_add(row->distance, pair_add(b->distance, pair_mul(b->mass, gap)));
  row->mass = pair_add(row->mass, b->mass);
#endif
}

#ifdef IN_ORDER

typedef struct {
  ulong at[VEC];
  ulong inner;
  int count, adjacent;
} place;

INLINE place find_rows(ulong row, ulong rows, uint classes, ulong inner) {
  place w;
  w.inner = inner;
  w.count = (int)min((ulong)VEC, rows - row);
  for (int k = 0; k < VEC; k++) {
    ulong r = row + min(k, w.count - 1);
    ulong n = inner == 1 ? r : r / inner;
    w.at[k] = n * classes * inner + (r - n * inner);
  }
  w.adjacent = w.count == VEC && w.at[VEC - 1] == w.at[0] + VEC - 1;
  return w;
}

INLINE fvec get_class(__global const float *p, const place *w, int c) {
#if VEC == 1
  return p[w->at[0] + c * w->inner];
#else
  if (w->adjacent) return LOAD(p, w->at[0] + c * w->inner);
  float part[VEC];
  for (int k = 0; k < VEC; k++) part[k] = p[w->at[k] + c * w->inner];
  return LOAD(part, 0);
#endif
}

INLINE void put_class(fvec v, __global float *p, const place *w, int c) {
#if VEC == 1
  p[w->at[0] + c * w->inner] = v;
#else
  if (w->adjacent) {
    STORE(v, p, w->at[0] + c * w->inner);
    return;
  }
  float part[VEC];
  STORE(v, part, 0);
  for (int k = 0; k < w->count; k++) p[w->at[k] + c * w->inner] = part[k];
#endif
}

#define ELEMENTS(i, n) for (int i = 0; i < (n); i++)
#define GET(p, i, n, fill) get_class(p, &where, start + (i))
#define PUT(v, p, i, n) put_class(v, p, &where, start + (i))
#define GET_WEIGHT(p, i, n) ((fvec)((p)[start + (i)]))
#define SUM_BEGIN(i, n) { pair sum = make_pair((fvec)(0.0f), (fvec)(0.0f)); for (int i = 0; i < (n); i++) {
#define SUM_ADD(h, l, i, n) sum = accumulate(sum, h, l)
#define SUM_END(result, n) } result = normalise(sum.hi, sum.lo); }
#define WIDEST(m) (m)
#define TOTAL(t) (t)

#else

#define ELEMENTS(i, n) for (int i = LID * VEC; i < (n); i += WGS * VEC)
#define GET(p, i, n, fill) load((p) + where + start, i, n, fill)
#define PUT(v, p, i, n) store(v, (p) + where + start, i, n)
#define GET_WEIGHT(p, i, n) load((p) + start, i, n, 0.0f)
#define SUM_BEGIN(i, n) \
  for (int slot = LID; slot < SLOTS; slot += WGS) { \
    pair sums[UNROLL]; \
    EACH_VECTOR sums[j] = make_pair((fvec)(0.0f), (fvec)(0.0f)); \
    for (int step = 0; step < STEPS; step++) { \
      if ((n) < BLOCK && SLOT_START(slot) + step * LANES >= (n)) break; \
      EACH_VECTOR { \
        int i = SLOT_START(slot) + step * LANES + j * VEC; \
        if ((n) < BLOCK && i >= (n)) continue;
#define SUM_ADD(h, l, i, n) sums[j] = accumulate(sums[j], within(h, i, n), within(l, i, n))
#define SUM_END(result, n) \
      } \
    } \
    EACH_VECTOR keep(sums[j], hi, lo, slot, j); \
  } \
  SYNC(); \
  tree(hi, lo, n); \
  result = make_pair((fvec)(hi[0]), (fvec)(lo[0])); \
  SYNC();
#define WIDEST(m) widest_of_all(m, share)
#define TOTAL(t) total_of_all(t, share)

INLINE fvec widest_of_all(fvec m, __local float *share) {
  share[LID] = widest(m);
  SYNC();
  float w = share[0];
  for (int k = 1; k < WGS; k++) w = share[k] > w ? share[k] : w;
  SYNC();
  return (fvec)(w);
}

// Small integers: exact in any order.
INLINE fvec total_of_all(fvec t, __local float *share) {
  float part[VEC];
  STORE(t, part, 0);
  float s = 0.0f;
  for (int k = 0; k < VEC; k++) s += part[k];
  share[LID] = s;
  SYNC();
  s = 0.0f;
  for (int k = 0; k < WGS; k++) s += share[k];
  SYNC();
  return (fvec)(s);
}

#endif

// What a block of a long row leaves for merge(): 8 vectors.
INLINE void save_part(const row_part *p, __global float *to) {
  STORE(p->max, to, 0);
  STORE(p->ties, to, VEC);
  STORE(p->rest.hi, to, 2 * VEC);
  STORE(p->rest.lo, to, 3 * VEC);
  STORE(p->distance.hi, to, 4 * VEC);
  STORE(p->distance.lo, to, 5 * VEC);
  STORE(p->mass.hi, to, 6 * VEC);
  STORE(p->mass.lo, to, 7 * VEC);
}

INLINE row_part load_part(__global const float *from) {
  row_part p;
  set_reference(&p, LOAD(from, 0));
  p.ties = LOAD(from, VEC);
  p.rest = make_pair(LOAD(from, 2 * VEC), LOAD(from, 3 * VEC));
  p.distance = make_pair(LOAD(from, 4 * VEC), LOAD(from, 5 * VEC));
  p.mass = make_pair(LOAD(from, 6 * VEC), LOAD(from, 7 * VEC));
  return p;
}

#define PART (8 * VEC)

// Reads one block of the row: maximum, ties, rest. KEEP_TERMS: the terms go where the results will be.
#ifdef KEEP_TERMS
#define KEEP_TERM(e, i, n) PUT(e, out, i, n)
#else
#define KEEP_TERM(e, i, n)
#endif
#define READ_BLOCK(part, n) \
  { \
    fvec m = (fvec)(-INF); \
    ELEMENTS(i, n) { \
      fvec v = GET(x, i, n, -INF); \
      m = v > m ? v : m; \
    } \
    set_reference(&part, WIDEST(m) + 0.0f); \
    fvec ties = (fvec)(0.0f); \
    SUM_BEGIN(i, n) \
      fvec v = GET(x, i, n, -INF); \
      fvec e = v < part.cut ? (fvec)(0.0f) : exp_float(v - part.shift, part.magic); \
      KEEP_TERM(e, i, n); \
      ivec tie = v == part.max; \
      e = tie ? (fvec)(0.0f) : e; \
      ties += tie ? (fvec)(1.0f) : (fvec)(0.0f); \
      SUM_ADD(e, (fvec)(0.0f), i, n); \
    SUM_END(part.rest, n) \
    part.ties = TOTAL(ties); \
  }
