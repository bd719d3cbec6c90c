// rows.cl: what a softmax needs to know about a row of logits, or about one block of it; put behind numerics.cl and blocks.cl.
// row_parts.cl keeps it in memory; rows_in_order.cl and rows_in_lanes.cl find it out.
//
// Maths
//   Exponentials are taken relative to a reference near the row's maximum m that scales exactly: K ln 2 with
//   K = rint(m / ln 2) for |m| <= 2^14, so that scaling is a power of two; above, m itself, from which the logits
//   that count differ exactly. A term is 2^32 exp(x - reference), 0 for x < m - 104.
//   ties counts the logits equal to m, rest sums the terms of the others: log(sum exp(x - m)) = log1p(u),
//   u = ties - 1 + rest / term(m), keeps all digits however small it is. others = u term(m), total = others + term(m).
//   A row longer than 4096 is cut into blocks, each with its own maximum; merge() brings them to the row's reference
//   in order.
//   distance = sum of 2^-24 p (m - x) over the classes, p a weight or probability, mass = sum of p: so scaled, a
//   difference of two floats never overflows, nor do the sums of rows whose loss is finite.
//   moment = sum of (m - x) times its term, from which row_outputs.cl computes the entropy. That of a block refers to its own
//   maximum M; in its row (m - M) times all its terms is added. lowest is the lowest class whose logit is m, and before the
//   number of classes that come before the target: integers, in the bits of floats.
// Passes
//   None of its own: term() is for each logit, finish() for each row, merge() for each block of a row with several.
// Launch contract
//   None of its own. One row (or block) per lane of a vector. -D WHOLE_ROW_LOSS: distance and mass are used. -D ROW_OUTPUTS:
//   there are moment, lowest and before.

typedef struct {
  fvec max, shift, exponent, magic, cut, ties;
  pair rest, distance, mass;
#ifdef ROW_OUTPUTS
  pair moment;
  fvec lowest, before;
#endif
} row_part;

typedef struct {
  ivec undefined;
  pair log, total, others;
} row_sums;

// Up to this size a logit is usual. So far below the maximum of usual logits, where floats are dense enough, terms are 0.
#define USUAL_LOGIT 16384.0f
#define TERMS_END 104.0f

INLINE void set_reference(row_part *p, fvec m) {
  p->max = m;
  ivec finite = fabs(m) < INF;
  p->shift = finite && fabs(m) > USUAL_LOGIT ? m : (fvec)(0.0f);
  p->exponent = finite ? fma(m - p->shift, (fvec)(LOG2E), (fvec)(ROUND_TO_INT)) - ROUND_TO_INT : (fvec)(0.0f);
  p->magic = 12583071.0f - p->exponent;
  // Where floats are 16 or more apart, that may be rounded to 112 or 128 below, and the exponent of exp(-128) would wrap. Then
  // the cut is 96, 64 or 0 below, the next float there is.
  fvec cut = m - TERMS_END;
  cut = m - cut > 108.0f ? m - 95.0f : cut;
  cut = m - cut > 108.0f ? m : cut;
  p->cut = m > -INF ? cut : (fvec)(INF);
}

// Short ways of GPUs for usual logits. Rows that come through a tile and have three sums leave no registers for them.
#if VEC == 1 && !(defined(ADJACENT) && defined(WHOLE_ROW_LOSS))
#define SHORT_WAYS
#endif

// Sets the reference, in a third of the operations if the largest logit is usual.
INLINE void refer_to(row_part *p, fvec m) {
#ifdef SHORT_WAYS
  if (fabs(m) <= USUAL_LOGIT) {
    p->max = m;
    p->shift = 0.0f;
    p->exponent = fma(m, LOG2E, ROUND_TO_INT) - ROUND_TO_INT;
    p->magic = 12583071.0f - p->exponent;
    p->cut = m - TERMS_END;
    return;
  }
#endif
  set_reference(p, m);
}

// 2^32 exp(v - reference); arbitrary below the cut.
INLINE fvec exponential(fvec v, fvec shift, fvec magic) { return exp_float(v - shift, magic); }

INLINE fvec zero_below(fvec v, fvec cut, fvec e) { return v < cut ? (fvec)(0.0f) : e; }

// 2^32 exp(v - reference) of a logit; 0 below the cut.
INLINE fvec term(fvec v, fvec cut, fvec shift, fvec magic) { return zero_below(v, cut, exponential(v, shift, magic)); }

#if VEC == 1
// Whether all logits of a part are numbers not below the cut, and shift is 0. max, least: its largest and least logits, the
// latter -infinity if there is a NaN.
INLINE int is_near(float max, float least) { return least >= max - TERMS_END && fabs(max) <= USUAL_LOGIT; }
#endif

// The term of a logit. near: a constant; the part is_near().
INLINE fvec term_in(const row_part *p, fvec v, int near) {
  return near ? exp_number(v, p->magic - 127.0f) : term(v, p->cut, p->shift, p->magic);
}

// What a logit and its term add to ties and to rest.
INLINE fvec tie(fvec v, fvec max) { return v == max ? (fvec)(1.0f) : (fvec)(0.0f); }

INLINE fvec term_of_other(fvec v, fvec max, fvec e) { return v == max ? (fvec)(0.0f) : e; }

// What a logit whose term is e adds to the moment. If e is not 0, the logit is at most 108 below the maximum. Where the gap is
// larger or infinite, only its product with 0 counts.
INLINE fvec moment_of(fvec v, fvec max, fvec e) {
  fvec gap = max - v;
  return e * (gap < 128.0f ? gap : (fvec)(128.0f));
}

// Adds a float to a running sum: accumulate() with lo = 0, which cannot change a lo that began as +0.
INLINE pair accumulate_float(pair sum, fvec v) {
  pair s = two_sum(sum.hi, v);
  return make_pair(s.hi, sum.lo + s.lo);
}

// 2^32 exp(max - reference), as a pair.
INLINE pair top_pair(const row_part *p) {
  fvec reduced = fabs(p->max) < INF ? p->max - p->shift : (fvec)(0.0f);
  pair e = exp_core(fma(-p->exponent, (fvec)(LN2_HI), reduced), p->exponent * -LN2_LO);
  return make_pair(e.hi * 0x1p32f, e.lo * 0x1p32f);
}

// 2^32 exp(max - reference), with the bits of a term.
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

// The logsumexp of a row; NaN if a logit is NaN.
INLINE fvec row_logsumexp(const row_part *row, const row_sums *s) {
  fvec lse = pair_add(make_pair(row->max, (fvec)(0.0f)), s->log).hi;
  lse = s->undefined ? row->max : lse;
  return row->rest.hi == row->rest.hi ? lse : (fvec)(CANONICAL_NAN);
}

// exp(reference of b - reference of row) = residue * 2^power. power is -1000 if that is 0.
typedef struct {
  fvec power;
  pair residue;
} ratio;

INLINE ratio ratio_of(const row_part *b, const row_part *row) {
  ratio r;
  fvec x = b->shift - row->shift;
  fvec k = fma(x, (fvec)(LOG2E), (fvec)(ROUND_TO_INT)) - ROUND_TO_INT;
  r.residue = exp_core(fma(-k, (fvec)(LN2_HI), x), k * -LN2_LO);
  fvec power = k + (b->exponent - row->exponent);
  power = x > -40000.0f && b->max != -INF ? power : (fvec)(-1000.0f);
  r.power = power < -150.0f ? (fvec)(-1000.0f) : power;
  return r;
}

INLINE fvec power_of_two(fvec n) { return AS_FVEC((CONVERT_IVEC(n) + 127) << 23); }

// v * 2^power without a subnormal number in between; power >= -150.
INLINE fvec scaled(fvec v, fvec power) {
  ivec small = power < -100.0f;
  return v * power_of_two(small ? power + 64.0f : power) * (small ? (fvec)(0x1p-64f) : (fvec)(1.0f));
}

INLINE fvec block_coefficient(const row_part *b, const row_part *row, fvec coefficient) {
  ratio r = ratio_of(b, row);
  ivec nothing = r.power == -1000.0f;
  fvec product = fma(coefficient, r.residue.hi, coefficient * r.residue.lo);
  return nothing ? coefficient * 0.0f : scaled(product, nothing ? (fvec)(0.0f) : r.power);
}

#define DISTANCE_SCALE 0x1p-24f
#define DISTANCE_UNIT 0x1p24f

// 2^-24 (from - v), exact except for digits lost in subnormal numbers.
INLINE pair distance_to(fvec from, fvec v) { return two_sum(from * DISTANCE_SCALE, v * -DISTANCE_SCALE); }

// max - v. If the computation of the error overflows, the error is half a unit in the last place of 2^127, or does not matter.
INLINE pair gap_to(fvec max, fvec v) {
  pair gap = two_sum(max, -v);
  return make_pair(gap.hi, gap.lo == gap.lo ? gap.lo : (fvec)(0.0f));
}

#ifdef ROW_OUTPUTS
// The moment of block b's logits in its row, whose reference is set.
INLINE pair moment_in_row(const row_part *row, const row_part *b) {
  pair whole = pair_add(b->rest, pair_scale(top_pair(b), b->ties));
  pair all = pair_add(b->moment, pair_mul(whole, gap_to(row->max, b->max)));
  ratio r = ratio_of(b, row);
  ivec nothing = r.power == -1000.0f;
  fvec p = nothing ? (fvec)(0.0f) : r.power;
  pair product = pair_mul(all, r.residue);
  pair zero = make_pair((fvec)(0.0f), (fvec)(0.0f));
  return pair_select(make_pair(scaled(product.hi, p), scaled(product.lo, p)), zero, nothing);
}
#endif

// What block b adds to its row, whose reference is set: ties, rest, distance and mass.
INLINE row_part contribution(const row_part *row, const row_part *b) {
  row_part c = *b;
  ivec same = b->max == row->max;
  pair sum = b->rest;
  pair whole = pair_add(sum, pair_scale(top_pair(b), b->ties));
  sum = pair_select(whole, sum, same || !(b->max > -INF));
  c.ties = same ? b->ties : (fvec)(0.0f);
  ratio r = ratio_of(b, row);
  ivec nothing = r.power == -1000.0f;
  fvec p = nothing ? (fvec)(0.0f) : r.power;
  pair product = pair_mul(sum, r.residue);
  fvec none = sum.hi == sum.hi ? (fvec)(0.0f) : sum.hi;
  c.rest = pair_select(make_pair(scaled(product.hi, p), scaled(product.lo, p)), make_pair(none, none), nothing);
#ifdef WHOLE_ROW_LOSS
  c.distance = pair_add(b->distance, pair_mul(b->mass, distance_to(row->max, b->max > -INF ? b->max : (fvec)(0.0f))));
#endif
#ifdef ROW_OUTPUTS
  c.moment = moment_in_row(row, b);
  c.lowest = same ? b->lowest : AS_FVEC((ivec)(INT_MAX));
#endif
  return c;
}

// Adds the contribution of a block to its row. Blocks come in their order.
INLINE void merge(row_part *row, const row_part *contribution) {
  row->ties += contribution->ties;
  row->rest = pair_add(row->rest, contribution->rest);
#ifdef WHOLE_ROW_LOSS
  row->distance = pair_add(row->distance, contribution->distance);
  row->mass = pair_add(row->mass, contribution->mass);
#endif
#ifdef ROW_OUTPUTS
  row->moment = pair_add(row->moment, contribution->moment);
  row->lowest = AS_FVEC(min(AS_IVEC(row->lowest), AS_IVEC(contribution->lowest)));
  row->before = AS_FVEC(AS_IVEC(row->before) + AS_IVEC(contribution->before));
#endif
}

INLINE void merge_block(row_part *row, const row_part *b) {
  row_part c = contribution(row, b);
  merge(row, &c);
}
