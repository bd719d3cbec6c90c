// row_team.cl: reads parts of rows, summed as blocks.cl says, and writes what becomes of their elements; put behind team.cl
// in front of rows_in_lanes.cl.
//
// Maths
//   None of its own.
// Passes
//   read_parts: maximum, terms, sums down to VEC lanes. combine: the rest of the sums, of VEC parts in one vector.
//   write_elements: what is made of each term, or of each logit again.
// Launch contract
//   team.cl, and NOUN_rows.cl.

#if WGS == 1
INLINE float widest_logit(__global const input *x, int n) {
  fvec m = (fvec)(-INF);
  EACH_ELEMENT(i, n) {
    fvec v = LOAD_INPUT(x, i, n, -INF);
    m = v > m ? v : m;
  }
  return widest(m) + 0.0f;
}
#else
// Of what a work-item has of a part, the largest logit and the smallest.
INLINE void own_range(__global const input *x, int n, float *most, float *least) {
  EACH_ELEMENT(i, n) {
    fvec v[UNROLL];
    load_several(INPUT, x, 0, i, n, -INF, v, UNROLL);
    EACH_TOGETHER {
      *most = fmax(*most, v[j]);
      *least = fmin(*least, v[j]);
    }
  }
}

INLINE float from_ordered(int key) { return as_float(ordered(key)); }

// Of the team's part k.
INLINE void look_at_part(const work *w, int k, __global const input *x, int n, float *most, float *least) {
  float high = -INF, low = INF;
  if (n == WHOLE_PART) {
    own_range(x, BLOCK, &high, &low);
  } else {
    own_range(x, n, &high, &low);
  }
  atomic_max(w->most + k, ordered(as_int(high)));
  atomic_min(w->least + k, ordered(as_int(low)));
  SYNC();
  *most = from_ordered(w->most[k]) + 0.0f;
  *least = from_ordered(w->least[k]);
}
#endif

// Adds up the terms of a part of n elements, whose first is element at and of that class; returns its ties.
// terms: where they go, ahead: how far away what comes next is (WGS 1). near: a constant; none of the logits is below the
// cut, and shift is 0.
INLINE fvec add_terms(const work *w, row_part p, ulong at, uint class, int n, int near, __global kept_term *terms, int ahead) {
  __global const input *x = w->x + at;
  __local float *hi = w->lane_hi + LID / TEAM * TEAM_LANES, *lo = w->lane_lo + LID / TEAM * TEAM_LANES;
  fvec ties = (fvec)(0.0f);
  for (int slot = ME; slot < TEAM_SLOTS; slot += TEAM) {
    pair sums[SUMS * UNROLL];
#pragma unroll
    for (int j = 0; j < SUMS * UNROLL; j++) sums[j] = make_pair((fvec)(0.0f), (fvec)(0.0f));
    UNROLL_STEPS
    EACH_STEP(from, slot, n) {
#if WGS > 1
      fvec logits[UNROLL];
      load_several(INPUT, x, 0, from, n, -INF, logits, UNROLL);
#endif
#ifdef WHOLE_ROW_LOSS
      fvec shares[UNROLL], weights[UNROLL];
      load_shares(w->o, at, from, n, shares, UNROLL);
      class_weights(w->o, class, from, n, weights, UNROLL);
#endif
      EACH_VECTOR {
        int i = from + j * VEC;
#if WGS > 1
        fvec v = logits[j];
#else
        if (n < BLOCK && i >= n) continue;
        fvec v = LOAD_INPUT(x, i, n, -INF);
        PREFETCH(x + ahead + i);
#endif
        fvec e = near ? exp_float(v, p.magic) : term(v, p.cut, p.shift, p.magic);
#if WGS == 1
#if defined(KEEP_TERMS) && !defined(RECOMPUTE)
        STORE_TERM(e, terms, i, n);
#endif
#endif
        ties += tie(v, p.max);
        sums[j] = accumulate_float(sums[j], within(term_of_other(v, p.max, e), i, n));
#ifdef WHOLE_ROW_LOSS
        pair mass = class_share(shares[j], weights[j], w->o);
        pair distance = weighted_distance(v, p.max > -INF ? p.max : (fvec)(0.0f), mass);
        sums[UNROLL + j] = accumulate(sums[UNROLL + j], within(mass.hi, i, n), within(mass.lo, i, n));
        sums[2 * UNROLL + j] = accumulate(sums[2 * UNROLL + j], within(distance.hi, i, n), within(distance.lo, i, n));
#endif
      }
    }
#pragma unroll
    for (int s = 0; s < SUMS; s++) {
      EACH_VECTOR {
        pair sum = sums[s * UNROLL + j];
#if WGS > 1
        // Parts of one or two stripes: halve_parts() begins with the next.
        if (TEAM_LANES < ACCUMULATORS || n <= 2 * STRIPE) sum = normalise(sum.hi, sum.lo);
#endif
        keep(sum, hi + s * TEAMS * TEAM_LANES, lo + s * TEAMS * TEAM_LANES, slot, j);
      }
    }
  }
  return ties;
}

#if WGS == 1
// Reads the range's parts: the terms go to their place, if they have one, the rest to work.
INLINE void read_parts(const work *w, const part_range *r) {
  __global const input *x = w->x + r->begin;
  float next = widest_logit(x, part_size(r, 0));
  for (int k = 0; k < min(PARTS, r->count); k++) {
    ulong in_range = (ulong)k * r->stride;
    int n = part_size(r, k);
    // One part ahead: the terms do not wait for the last steps of their maximum.
    float widest_here = next;
    if (k + 1 < r->count) next = widest_logit(x + in_range + r->stride, part_size(r, k + 1));
    row_part p;
    set_reference(&p, (fvec)(widest_here));
    fvec ties = add_terms(w, p, r->begin + in_range, r->class + k * r->class_stride, n, 0,
        r->terms + in_range, 2 * r->stride);
    for (int s = 0; s < SUMS; s++) {
      halve(w->lane_hi + s * TEAM_LANES, w->lane_lo + s * TEAM_LANES, n, TEAM_LANES, 0, 1);
      STORE(LOAD(w->lane_hi, s * TEAM_LANES), w->left_hi, (s * PARTS + k) * VEC);
      STORE(LOAD(w->lane_lo, s * TEAM_LANES), w->left_lo, (s * PARTS + k) * VEC);
    }
    w->max[k] = widest_here;
    w->ties[k] = add_lanes(ties);
  }
}
#else
// The same, a part for each team. Those beyond the last part do it again, so that all meet at the barriers.
INLINE void read_parts(const work *w, const part_range *r) {
  int k = LID / TEAM, part = min(k, r->count - 1), n = part_size(r, part);
  ulong at = r->begin + (ulong)part * r->stride;
  uint class = r->class + part * r->class_stride;
  float most, least;
  look_at_part(w, k, w->x + at, n, &most, &least);
  row_part p;
  set_reference(&p, most);
  int near = n == WHOLE_PART && least >= p.cut && p.shift == 0.0f;
  float ties = near ? add_terms(w, p, at, class, BLOCK, 1, 0, 0) : add_terms(w, p, at, class, n, 0, 0, 0);
  if (ties > 0.0f) atomic_add(w->equal + k, (int)ties);
  SYNC();
  halve_parts(w, r);
}
#endif

// The sums of VEC parts, those that vector q of PARTS holds.
INLINE pair combine_sums(const work *w, int s, int q) {
  fvec hi[LEFT], lo[LEFT];
#if WGS == 1
  int from = (s * PARTS + q * VEC) * VEC;
#pragma unroll
  for (int k = 0; k < VEC; k++) {
    hi[k] = LOAD(w->left_hi, from + k * VEC);
    lo[k] = LOAD(w->left_lo, from + k * VEC);
  }
#if VEC > 1
  transpose(hi);
  transpose(lo);
#endif
#else
#pragma unroll
  for (int k = 0; k < LEFT; k++) {
    hi[k] = w->lane_hi[(s * TEAMS + q) * TEAM_LANES + k];
    lo[k] = w->lane_lo[(s * TEAMS + q) * TEAM_LANES + k];
  }
#endif
#pragma unroll
  for (int width = LEFT / 2; width >= 1; width /= 2) {
#pragma unroll
    for (int i = 0; i < width; i++) {
      pair p = pair_add(make_pair(hi[i], lo[i]), make_pair(hi[i + width], lo[i + width]));
      hi[i] = p.hi;
      lo[i] = p.lo;
    }
  }
  return make_pair(hi[0], lo[0]);
}

INLINE row_part combine(const work *w, int q) {
#if WGS == 1
  row_part p = new_row(LOAD(w->max, q * VEC));
  p.ties = LOAD(w->ties, q * VEC);
#else
  row_part p = new_row(from_ordered(w->most[q]) + 0.0f);
  p.ties = w->equal[q];
  look_anew(w->most + q, w->least + q, w->equal + q);
#endif
  p.rest = combine_sums(w, 0, q);
#ifdef WHOLE_ROW_LOSS
  p.mass = combine_sums(w, 1, q);
  p.distance = combine_sums(w, 2, q);
#endif
  return p;
}

// What becomes of a part's elements.
#define PLAIN 0.0f
#define CAREFUL 1.0f
#define ALL_NAN 2.0f
#define ALL_ZERO 3.0f

#ifdef WANT_ELEMENTS

// SLOPE_LINES lines: the part's maximum, how, the class of y in the part, what NOUN_rows.cl needs.
#define SLOPE_LINES (3 + SLOPE_FIELDS)
#ifdef ONE_BLOCK
#define SLOPE_MEMORY __local
#else
#define SLOPE_MEMORY __global
#endif

// Of VEC parts, of which line floats stand in a line; first_class: of each, max: of their logits.
INLINE void save_slopes(
    const slope *g, const row_target *target, ivec first_class, fvec max, SLOPE_MEMORY float *to, int line) {
  fvec kind = careful(g) ? (fvec)(CAREFUL) : (fvec)(PLAIN);
  kind = g->undefined ? (fvec)(ALL_NAN) : kind;
  kind = g->ignored ? (fvec)(ALL_ZERO) : kind;
  STORE(max, to, 0);
  STORE(kind, to, line);
#ifdef HAS_CLASS
  STORE(AS_FVEC(target->y - first_class), to, 2 * line);
#endif
#define SAVE_SLOPE(k, field) STORE(field, to, (3 + (k)) * line);
  EACH_SLOPE_FIELD(g, SAVE_SLOPE)
}

// Every element of the range's parts, whose slopes these are.
INLINE void write_elements(const work *w, const part_range *r, SLOPE_MEMORY const float *slopes, int line) {
  for (int k = LID / TEAM; k < min(PARTS, r->count); k += TEAMS) {
    int n = part_size(r, k);
    ulong at = r->begin + (ulong)k * r->stride;
    __global const input *x = w->x + at;
    __global result *to = w->out + at;
    SLOPE_MEMORY const float *of_part = slopes + k;
    float kind = of_part[line];
    slope g;
    g.undefined = g.ignored = (ivec)(0);
#define LOAD_SLOPE(f, field) field = (fvec)(of_part[(3 + (f)) * line]);
    EACH_SLOPE_FIELD(&g, LOAD_SLOPE)
#ifdef HAS_CLASS
    int y = as_int(of_part[2 * line]);
#else
    const int y = -1;
#endif
#ifndef KEEP_TERMS
#define LOAD_ELEMENTS(i, n, v) load_several(INPUT, x, 0, i, n, 0.0f, v, TOGETHER);
#elif defined(RECOMPUTE)
    row_part p;
    set_reference(&p, (fvec)(of_part[0]));
#define LOAD_ELEMENTS(i, n, v) \
  load_several(INPUT, x, 0, i, n, -INF, v, TOGETHER); \
  EACH_TOGETHER v[j] = term(v[j], p.cut, p.shift, p.magic);
#else
    __global const kept_term *from = r->terms + (ulong)k * r->stride;
#define LOAD_ELEMENTS(i, n, v) (v)[0] = LOAD_TERM(from, i, n);
#endif
#define SCALE_ELEMENTS(i, n) \
  LOAD_ELEMENTS(i, n, v) \
  EACH_TOGETHER v[j] *= g.factor; \
  store_several(INPUT, v, to, 0, i, n, TOGETHER, 1);
    fvec v[TOGETHER];
    if (kind == PLAIN) {
#if defined(STREAM) && defined(HAS_CLASS)
      // With its vector: behind it the line would have to come back from memory.
      int of_y = y >= 0 && y < n ? y / VEC * VEC : n;
      for (int i = 0; i < of_y; i += VEC) {
        SCALE_ELEMENTS(i, n)
      }
      if (of_y < n) {
        LOAD_ELEMENTS(of_y, n, v)
        STORE_INPUT((ivec)(of_y) + IOTA == (ivec)(y) ? g.at_y : v[0] * g.factor, to, of_y, n);
      }
      for (int i = of_y + VEC; i < n; i += VEC) {
        SCALE_ELEMENTS(i, n)
      }
#else
      if (n == WHOLE_PART) {
        EACH_ELEMENT(i, BLOCK) {
          SCALE_ELEMENTS(i, BLOCK)
        }
      } else {
        EACH_ELEMENT(i, n) {
          SCALE_ELEMENTS(i, n)
        }
      }
#ifdef HAS_CLASS
      if (y >= 0 && y < n && OWNS(y)) store_one(INPUT, first(g.at_y), to, y);
#endif
#endif
    } else if (kind == CAREFUL) {
      EACH_ELEMENT(i, n) {
        LOAD_ELEMENTS(i, n, v)
        fvec shares[TOGETHER], weights[TOGETHER];
        load_shares(w->o, at, i, n, shares, TOGETHER);
        class_weights(w->o, r->class + k * r->class_stride, i, n, weights, TOGETHER);
        EACH_TOGETHER {
          ivec is_y = (ivec)(i + j * VEC) + IOTA == (ivec)(y);
          v[j] = element_of(v[j], shares[j], weights[j], is_y, &g, w->o);
        }
        store_several(INPUT, v, to, 0, i, n, TOGETHER, 0);
      }
    } else {
      EACH_TOGETHER v[j] = (fvec)(kind == ALL_NAN ? CANONICAL_NAN : 0.0f);
      EACH_ELEMENT(i, n) store_several(INPUT, v, to, 0, i, n, TOGETHER, 0);
    }
  }
}

#endif
