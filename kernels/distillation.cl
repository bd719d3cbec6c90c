// distillation.cl: the divergence between a teacher's and a student's probabilities, at one class; put behind rows.cl.
//
// Maths, of one row: x a logit of the student, z of the teacher, T the temperature
//   s and t are the softmaxes of x / T and z / T, D = log t - log s.
//   forward KL   KL(t | s) = sum t D                  gradient of T times this: s - t
//   reverse KL   KL(s | t) = sum s (-D) = R           s (-D - R)
//   JSD          b KL(t | M) + (1 - b) KL(s | M), M = b t + (1 - b) s
//                                                     (1 - b) s (u - sum s u), u = log(s / M)
//   Sums of such terms cancel where the two agree. So q - p is added to each term, which does not change
//   the sum: KL(p | q) = sum of p log(p / q) - p + q, whose terms are never below 0. With a = abs(log(p / q)) a term is
//     p above(a), above(a) = a - 1 + exp(-a), where p is the larger of the two,
//     q below(a), below(a) = 1 - (1 + a) exp(-a), where q is.
//   Below a = 1 all is computed from Q(a) = (exp(-a) - 1 + a) / a^2, a polynomial: expm1(-a) = a (a Q - 1), above = a^2 Q,
//   below = a^2 (1 - (1 + a) Q). Errors: exp(-a) - 1 and above 2 ULP, below 3 ULP, for every a.
//   D = d - shift. d = ((max x - x) - (max z - z)) / T is a pair from exact differences, and shift the logarithm of the
//   ratio of the two sums of exponentials. It is computed from the sum of the differences of exponentials, each of which
//   is computed from d. Where the two rows are alike, all of this is as small as their difference, and 0 if they are equal.
//   s - t is larger * (exp(-a) - 1), so it keeps its digits too.
//   A class of probability 0 (its logit is -infinity) adds nothing if that probability is the factor of its term. If only
//   the other probability is 0, the KL is infinite. M is 0 only if both are.
// Passes
//   Formulas for distillation_rows.cl and distillation_tile.cl, which have the passes: for both maxima; for masses_of();
//   for the terms; for the slopes.
// Launch contract
//   None of its own. One class per lane; the inverse of T is made on the host.

// What all classes of a row share: the largest logits, 1 / T, the shift, 1 / the sums of the exponentials; b and 1 - b.
typedef struct {
  fvec student_max, teacher_max, student_inverse, teacher_inverse, beta, keep;
  pair inverse, shift;
} sides;

// The exponentials of a class, relative to the largest of its side; and the teacher's less the student's.
typedef struct {
  fvec student, teacher, difference;
} masses;

// a - b of two gaps; 0 where both are infinite.
INLINE pair gap_difference(pair a, pair b) {
  pair s = two_sum(a.hi, -b.hi);
  pair d = normalise(s.hi, s.lo + (a.lo - b.lo));
  ivec neither = a.hi == INF && b.hi == INF;
  return make_pair(neither ? (fvec)(0.0f) : d.hi, neither ? (fvec)(0.0f) : d.lo);
}

// v / T.
INLINE pair cooled_pair(pair v, pair inverse) {
  fvec p = v.hi * inverse.hi;
  fvec lo = fma(v.hi, inverse.hi, -p) + fma(v.hi, inverse.lo, v.lo * inverse.hi);
  return make_pair(p, fabs(p) < INF ? lo : (fvec)(0.0f));
}

// exp(-a) of a pair a >= 0.
INLINE fvec exp_minus_pair(pair a) {
  pair e = exp_minus(a.hi);
  return e.hi + fma(-e.hi, a.lo, e.lo);
}

// Q(a) for a in [0, 1].
INLINE fvec excess_tail(fvec a) {
  fvec q = fma((fvec)(0x1.1ca446p-16f), a, (fvec)(-0x1.8b3a96p-13f));
  q = fma(q, a, (fvec)(0x1.6a6534p-10f));
  q = fma(q, a, (fvec)(-0x1.10fef8p-7f));
  q = fma(q, a, (fvec)(0x1.5554a2p-5f));
  q = fma(q, a, (fvec)(-0x1.555552p-3f));
  return fma(q, a, (fvec)(0.5f));
}

// Functions of a >= 0, where e is exp(-a): e - 1, above(a) and below(a).
INLINE fvec expm1_minus(fvec a, fvec e) {
  return a < 1.0f ? a * fma(a, excess_tail(a), (fvec)(-1.0f)) : e - 1.0f;
}

INLINE fvec above(fvec a, fvec e) { return a < 1.0f ? a * a * excess_tail(a) : (a - 1.0f) + e; }

INLINE fvec below(fvec a, fvec e) {
  fvec near = a * a * fma(-(1.0f + a), excess_tail(a), (fvec)(1.0f));
  fvec most = 104.0f < a ? (fvec)(104.0f) : a;
  return a < 1.0f ? near : fma(-(1.0f + most), e, (fvec)(1.0f));
}

INLINE fvec exp_minus_float(fvec a) { return exp_minus(a).hi; }

// exp(-abs(d)) of a pair. From its high half alone it would lose as many ULP as that is large.
INLINE fvec ratio_of_pair(pair d) {
  ivec negative = d.hi < 0.0f;
  return exp_minus_pair(make_pair(fabs(d.hi), negative ? -d.lo : d.lo));
}

// max - v; infinite if v is -infinity.
INLINE pair student_gap(fvec x, const sides *r) { return two_sum(r->student_max, -x); }

INLINE pair teacher_gap(fvec z, const sides *r) { return two_sum(r->teacher_max, -z); }

INLINE masses masses_of(fvec x, fvec z, const sides *r) {
  pair a = student_gap(x, r);
  pair b = teacher_gap(z, r);
  pair d = gap_difference(a, b);
  ivec up = d.hi > 0.0f;
  fvec e = exp_minus_pair(cooled_pair(pair_select(a, b, up), r->inverse));
  pair far = cooled_pair(d, r->inverse);
  fvec ratio = ratio_of_pair(far);
  fvec less = e * expm1_minus(fabs(far.hi), ratio);
  fvec smaller = e * ratio;
  masses m;
  m.student = up ? smaller : e;
  m.teacher = up ? e : smaller;
  m.difference = up ? -less : less;
  return m;
}

// The sums of masses_of() over all classes.
typedef struct {
  pair student, teacher, difference;
} mass_sums;

INLINE pair pair_quotient(pair n, pair d) {
  fvec r = reciprocal(d.hi);
  fvec q = n.hi * r;
  return fast_two_sum(q, (fma(-q, d.hi, n.hi) + fma(-q, d.lo, n.lo)) * r);
}

// Whether the row has no softmax on one of its sides. A NaN shows in the sums.
INLINE ivec has_no_softmax(const sides *r, const mass_sums *m) {
  ivec infinite = !(fabs(r->student_max) < INF) || !(fabs(r->teacher_max) < INF);
  return infinite || m->student.hi != m->student.hi || m->teacher.hi != m->teacher.hi;
}

// Sets shift and inverses of a row, whose other fields are set.
INLINE void set_sums(sides *r, const mass_sums *m) {
  pair ratio = pair_quotient(m->teacher, m->student);
  pair excess = pair_quotient(m->difference, m->student);
  r->shift = log_around_one(ratio, excess.hi, excess.lo);
  r->student_inverse = quotient((fvec)(1.0f), (fvec)(0.0f), m->student.hi, m->student.lo);
  r->teacher_inverse = quotient((fvec)(1.0f), (fvec)(0.0f), m->teacher.hi, m->teacher.lo);
}

// D, and the larger of s and t, which is t if D > 0.
typedef struct {
  pair d;
  fvec larger;
} standing;

INLINE standing standing_of(fvec x, fvec z, const sides *r) {
  pair a = student_gap(x, r);
  pair b = teacher_gap(z, r);
  pair d = cooled_pair(gap_difference(a, b), r->inverse);
  pair s = two_sum(d.hi, -r->shift.hi);
  standing p;
  p.d = normalise(s.hi, s.lo + (d.lo - r->shift.lo));
  ivec up = p.d.hi > 0.0f;
  fvec e = exp_minus_pair(cooled_pair(pair_select(a, b, up), r->inverse));
  p.larger = e * (up ? r->teacher_inverse : r->student_inverse);
  return p;
}

// p f. An infinite f belongs to a class whose p is above 0, however small, and stays infinite.
INLINE fvec weighed(fvec p, fvec f) { return f == INF ? f : p * f; }

// The terms of the forward KL. e: exp(-a), a: abs(D).
INLINE fvec forward_term_at(standing p, fvec a, fvec e) {
  return weighed(p.larger, p.d.hi > 0.0f ? above(a, e) : below(a, e));
}

INLINE fvec forward_term(fvec x, fvec z, const sides *r) {
  standing p = standing_of(x, z, r);
  fvec a = fabs(p.d.hi);
  return forward_term_at(p, a, exp_minus_float(a));
}

INLINE fvec reverse_term(fvec x, fvec z, const sides *r) {
  standing p = standing_of(x, z, r);
  fvec a = fabs(p.d.hi);
  fvec e = exp_minus_float(a);
  return weighed(p.larger, p.d.hi > 0.0f ? below(a, e) : above(a, e));
}

// up: the logarithm of the larger of s and t over M; down: that of M over the smaller; middle: M over the larger.
typedef struct {
  fvec up, down, middle, of_larger, of_smaller;
} mixture;

// M over the larger is 1 + of_smaller (exp(-a) - 1). Below a = 1 it is a pair, because "down" is a less most of its logarithm.
INLINE mixture mixture_of(pair d, fvec ratio, const sides *r) {
  fvec a = fabs(d.hi);
  fvec a_lo = d.hi < 0.0f ? -d.lo : d.lo;
  mixture m;
  m.of_larger = d.hi > 0.0f ? r->beta : r->keep;
  m.of_smaller = d.hi > 0.0f ? r->keep : r->beta;
  pair near = fast_two_sum(-a, a * a * excess_tail(a));
  near = make_pair(near.hi, near.lo - a_lo);
  pair part = pair_scale(near, r->beta);
  pair rest = pair_add(near, make_pair(-part.hi, -part.lo));  // 1 - b is no float
  near = pair_select(part, rest, d.hi > 0.0f);
  pair sum = two_sum((fvec)(1.0f), near.hi);
  sum = fast_two_sum(sum.hi, sum.lo + near.lo);
  fvec far = fma(m.of_smaller, ratio, m.of_larger);
  far = far < 0x1p-126f ? (fvec)(0x1p-126f) : far;  // with a smaller b; it is the least that the logarithm takes
  ivec is_near = a < 1.0f;
  pair middle = make_pair(is_near ? sum.hi : far, is_near ? sum.lo : (fvec)(0.0f));
  fvec less = is_near ? near.hi : m.of_smaller * (ratio - 1.0f);
  pair log = log_around_one(middle, less, is_near ? near.lo : (fvec)(0.0f));
  m.middle = middle.hi;
  m.up = 0.0f - (log.hi + log.lo);
  fvec down = (a + log.hi) + (log.lo + (is_near ? a_lo : (fvec)(0.0f)));
  m.down = down < 0.0f ? (fvec)(0.0f) : down;
  return m;
}

// The term of the divergence, and that of KL(s | M).
typedef struct {
  fvec term, student;
} jsd_terms;

INLINE jsd_terms jsd_terms_of(fvec x, fvec z, const sides *r) {
  standing p = standing_of(x, z, r);
  mixture m = mixture_of(p.d, ratio_of_pair(p.d), r);
  fvec upper = above(m.up, exp_minus_float(m.up));
  fvec lower = m.middle * below(m.down, exp_minus_float(m.down));
  jsd_terms t;
  t.term = p.larger * fma(m.of_larger, upper, m.of_smaller * lower);
  t.student = p.larger * (p.d.hi > 0.0f ? lower : upper);
  return t;
}

// The gradient of T times a row's divergence, times a factor.
INLINE fvec scaled_slope(fvec v, fvec factor) { return canonical(v * factor + 0.0f); }

// The gradient of the forward KL does not depend on its sum, so it is computed with the term.
typedef struct {
  fvec term, slope;
} forward_parts;

INLINE forward_parts forward_parts_of(fvec x, fvec z, const sides *r, fvec factor) {
  standing p = standing_of(x, z, r);
  fvec a = fabs(p.d.hi);
  fvec e = exp_minus_float(a);
  fvec v = p.larger * expm1_minus(a, e);
  forward_parts f;
  f.term = forward_term_at(p, a, e);
  f.slope = scaled_slope(p.d.hi > 0.0f ? v : -v, factor);
  return f;
}

// loss: R, the row's divergence.
INLINE fvec reverse_slope(fvec x, fvec z, const sides *r, pair loss, fvec factor) {
  standing p = standing_of(x, z, r);
  fvec student = p.d.hi > 0.0f ? p.larger * ratio_of_pair(p.d) : p.larger;
  pair s = two_sum(p.d.hi, loss.hi);
  fvec v = -student * (s.hi + (s.lo + (p.d.lo + loss.lo)));
  return scaled_slope(student == 0.0f ? (fvec)(0.0f) : v, factor);
}

// loss: KL(s | M).
INLINE fvec jsd_slope(fvec x, fvec z, const sides *r, pair loss, fvec factor) {
  standing p = standing_of(x, z, r);
  ivec up = p.d.hi > 0.0f;
  fvec ratio = ratio_of_pair(p.d);
  fvec student = up ? p.larger * ratio : p.larger;
  mixture m = mixture_of(p.d, ratio, r);
  fvec u = up ? -m.down : m.up;
  fvec v = r->keep * (student * ((u - loss.hi) - loss.lo));
  return scaled_slope(student == 0.0f ? (fvec)(0.0f) : v, factor);
}

INLINE pair row_divergence(pair sum, pair times) { return pair_mul(sum, times); }
