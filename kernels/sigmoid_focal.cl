// sigmoid_focal.cl: focal loss of logits; put behind sigmoid_bce.cl, in front of element_loss.cl.
//
// Maths, a = |x|, e = exp(-a), p = sigmoid(x), Q = t (1 - p) + (1 - t) p: how much of the target was missed
//   loss = alpha_t Q^gamma B, B binary cross entropy with its pos_weight, alpha_t = alpha t + (1 - alpha) (1 - t).
//   gradient = alpha_t Q^gamma (B' + gamma (Q' / Q) B), Q' = (1 - 2 t) e / (1 + e)^2: both terms have one sign for t = 0
//   or 1.
//   Q = (f + h e) / (1 + e), f the share of the target on the other side than x, h = 1 - f: 1 - p is never computed.
//   second derivative = alpha_t Q^gamma (B'' + rho (2 gamma B' + gamma B ((1 - p) - p + (gamma - 1) rho))), rho = Q' / Q.
//   -D SQUARE, for gamma = 2: Q as a pair of floats, and its square.
//   Otherwise Q^gamma = exp(-gamma (log(1 + e) - log(f + h e))). For t = 0 or 1 the second logarithm is 0 or -a.
//   numbers: gamma, alpha_t of t = 1, and of t = 0. Infinite x take the limits. A target outside [0, 1] gives NaN.
// Passes
//   Formulas for element_loss.cl, which has the pass.
// Launch contract
//   None of its own.

// Beyond this the loss is 0 if its target is met, whatever its factors are.
#define FOCUS_FAR 128.0f

INLINE fvec missed_share(fvec v, fvec t) { return v >= 0.0f ? 1.0f - t : t; }

// (f + h e) scale.
INLINE pair missed(fvec v, fvec t, pair e, fvec scale) {
  ivec positive = v >= 0.0f;
  fvec u = 1.0f - t;
  fvec f = (positive ? u : t) * scale;
  fvec h = positive ? t : u;
  fvec part = e.hi * scale;
  fvec p = h * part;
  fvec p_lo = fma(h, e.lo * scale, fma(h, part, -p));
  pair s = two_sum(f, p);
  return fast_two_sum(s.hi, s.lo + p_lo);
}

// Q for gamma = 2.
INLINE pair missed_part(fvec v, fvec t, pair e) {
  pair n = missed(v, t, e, (fvec)(1.0f));
  fvec d = 1.0f + e.hi;
  fvec d_lo = ((1.0f - d) + e.hi) + e.lo;
  fvec r = reciprocal12(d);
  fvec q = n.hi * r;
  return fast_two_sum(q, (fma(-q, d, n.hi) + fma(-q, d_lo, n.lo)) * r);
}

INLINE pair square(pair q) {
  fvec s = q.hi * q.hi;
  return make_pair(s, fma(q.hi, q.hi, -s) + 2.0f * q.hi * q.lo);
}

INLINE fvec squared_slope(fvec before, fvec t, pair e, fvec loss, pair q, fvec alpha) {
  fvec r = reciprocal12(1.0f + e.hi);
  fvec tilt = fma(t, (fvec)(-4.0f), (fvec)(2.0f)) * (r * e.hi * r);
  fvec both = fma(tilt, fabs(loss) < INF ? loss : (fvec)(0.0f), before * q.hi);
  return both * (q.hi * alpha);
}

// -log(f + h e) where f is 0.
INLINE fvec focus_of_met(fvec v) {
  fvec a = fabs(v);
  return a < FOCUS_FAR ? a : (fvec)(FOCUS_FAR);
}

// (f + h e) 2^64, which is at least 2^-85 if f is not 0.
INLINE pair missed_upscaled(fvec v, fvec t, pair e) { return missed(v, t, e, (fvec)(0x1p64f)); }

// -log(f + h e) for any t in [0, 1].
INLINE pair soft_focus(fvec v, fvec t, pair m) {
  uvec y = AS_UVEC(m.hi);
  ivec k = AS_IVEC(y - 0x3f2aaaabu) >> 23;
  uvec shift = AS_UVEC(k << 23);
  fvec g_lo = m.lo * AS_FVEC((uvec)(0x3f800000u) - shift);
  pair l = log_core(AS_FVEC(y - shift) - 1.0f, g_lo, CONVERT_FVEC(k) - 64.0f);
  fvec f = missed_share(v, t);
  ivec met = f == 0.0f, hard = met || f == 1.0f;
  return make_pair(met ? focus_of_met(v) : (hard ? (fvec)(0.0f) : -l.hi), hard ? (fvec)(0.0f) : -l.lo);
}

// Q^gamma, not normalised.
INLINE pair focused(pair focus, pair l, fvec gamma) {
  pair both = two_sum(focus.hi, l.hi);
  pair s = fast_two_sum(both.hi, both.lo + (focus.lo + l.lo));
  return exp_minus_times(s, gamma);
}

// Q^gamma for t = 0 or 1, without the logarithm, and for any t in [0, 1].
INLINE pair hard_power(fvec v, fvec t, pair l, fvec gamma) {
  fvec focus = missed_share(v, t) == 0.0f ? focus_of_met(v) : (fvec)(0.0f);
  return focused(make_pair(focus, (fvec)(0.0f)), l, gamma);
}

INLINE pair soft_power(fvec v, fvec t, pair m, pair l, fvec gamma) { return focused(soft_focus(v, t, m), l, gamma); }

// e / (f + h e) for t = 0 or 1, and for any t in [0, 1].
INLINE fvec hard_ratio(fvec v, fvec t, pair e) { return missed_share(v, t) == 0.0f ? (fvec)(1.0f) : e.hi; }

INLINE fvec soft_ratio(fvec v, fvec t, pair e, pair m) {
  fvec f = missed_share(v, t);
  fvec q = e.hi * 0x1p64f * reciprocal(m.hi);
  return f == 0.0f ? (fvec)(1.0f) : (f == 1.0f ? e.hi : q);
}

// alpha_t for t in [0, 1].
INLINE fvec target_factor(fvec t, fvec of_one, fvec of_zero) { return fma(t, of_one, (1.0f - t) * of_zero); }

INLINE fvec checked_factor(fvec t, fvec of_one, fvec of_zero) {
  return t >= 0.0f && t <= 1.0f ? target_factor(t, of_one, of_zero) : (fvec)(CANONICAL_NAN);
}

INLINE pair focused_loss(pair loss, pair power, fvec alpha) {
  fvec p = loss.hi * power.hi;
  fvec p_lo = fma(loss.hi, power.hi, -p) + fma(loss.hi, power.lo, loss.lo * power.hi);
  pair s = fast_two_sum(p, p_lo);
  fvec r = s.hi * alpha;
  return fast_two_sum(r, fma(s.lo, alpha, fma(s.hi, alpha, -r)));
}

// The loss from the limit z of binary cross entropy, where the usual way met an infinity or NaN.
INLINE fvec focused_limit(fvec z, pair power, fvec alpha) {
  fvec finite = z * (power.hi + power.lo) * alpha;
  return fabs(z) < INF ? finite : (alpha == 0.0f && z == z ? (fvec)(0.0f) : z * alpha);
}

// The gradient without its factors; before: that of binary cross entropy. The tilt of a loss that is not finite is 0.
INLINE fvec focused_slope(fvec before, fvec t, pair e, fvec ratio, fvec loss, pair power, fvec gamma, fvec alpha) {
  fvec tilt = gamma * (fma(t, (fvec)(-2.0f), (fvec)(1.0f)) * reciprocal12(1.0f + e.hi) * ratio);
  fvec both = fma(tilt, fabs(loss) < INF ? loss : (fvec)(0.0f), before);
  return both * ((power.hi + power.lo) * alpha);
}

// (1 - p) - p.
INLINE fvec share_below(fvec v, pair e) {
  fvec d = ((1.0f - e.hi) - e.lo) * reciprocal12(1.0f + e.hi);
  return v >= 0.0f ? -d : d;
}

// The second derivative without its factors; before, bent: the first and second derivative of binary cross entropy.
INLINE fvec squared_bend(fvec v, fvec before, fvec bent, fvec t, pair e, fvec loss, pair q, fvec alpha) {
  fvec r = reciprocal12(1.0f + e.hi);
  fvec tilt = fma(t, (fvec)(-2.0f), (fvec)(1.0f)) * (r * e.hi * r);
  fvec twice = fabs(loss) < INF ? loss + loss : (fvec)(0.0f);
  fvec part = fma(twice, fma(q.hi, share_below(v, e), tilt), 4.0f * before * q.hi);
  return fma(tilt, part, bent * q.hi * q.hi) * alpha;
}

INLINE fvec focused_bend(
    fvec v, fvec before, fvec bent, fvec t, pair e, fvec ratio, fvec loss, pair power, fvec gamma, fvec alpha) {
  fvec rho = fma(t, (fvec)(-2.0f), (fvec)(1.0f)) * reciprocal12(1.0f + e.hi) * ratio;
  fvec finite = fabs(loss) < INF ? loss : (fvec)(0.0f);
  fvec part = fma(finite, fma(gamma - 1.0f, rho, share_below(v, e)), before + before);
  return fma(gamma * rho, part, bent) * ((power.hi + power.lo) * alpha);
}

INLINE element element_of(
    fvec v, fvec t, fvec pos_weight, const element_numbers *o, int weighted, int soft_targets, int careful) {
  logit_parts p = parts_of_logit(v);
  pair whole = binary_loss(v, t, pos_weight, o, weighted, p.l);
  fvec before = binary_slope(v, t, pos_weight, o, p.e);
  fvec alpha = checked_factor(t, o->alpha_of_one, o->alpha_of_zero);
  element e;
#ifdef HESSIAN
  fvec bent = binary_bend(t, pos_weight, o, weighted, p.e, (fvec)(0.0f));
#endif
#ifdef SQUARE
  pair part = missed_part(v, t, p.e);
  pair power = square(part);
  e.slope = squared_slope(before, t, p.e, whole.hi, part, alpha);
#ifdef HESSIAN
  e.bend = squared_bend(v, before, bent, t, p.e, whole.hi, part, alpha);
#endif
#else
  pair power;
  fvec ratio;
  if (soft_targets) {
    pair m = missed_upscaled(v, t, p.e);
    power = soft_power(v, t, m, p.l, o->gamma);
    ratio = soft_ratio(v, t, p.e, m);
  } else {
    power = hard_power(v, t, p.l, o->gamma);
    ratio = hard_ratio(v, t, p.e);
  }
  e.slope = focused_slope(before, t, p.e, ratio, whole.hi, power, o->gamma, alpha);
#ifdef HESSIAN
  e.bend = focused_bend(v, before, bent, t, p.e, ratio, whole.hi, power, o->gamma, alpha);
#endif
#endif
  e.loss = focused_loss(whole, power, alpha);
  if (careful) {
    fvec z = binary_limit(v, t, pos_weight, o, weighted, p.l);
    e.loss = finite_or_limit(e.loss, focused_limit(z, power, alpha));
  }
  return e;
}

#define POS_WEIGHTS
#define LONG_FORMULAS
#define ELEMENT_FILL 0.0f
