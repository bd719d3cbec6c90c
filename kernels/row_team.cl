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

INLINE float widest_logit(__global const input *x, int n, fvec *kept) {
  fvec m = (fvec)(-INF);
#ifdef REGISTERS
#pragma unroll
  for (int step = 0; step < STEPS; step++) {
    int i = SLOT_START(ME) + step * LANES;
    if (i < n) kept[step] = LOAD_INPUT(x, i, n, -INF);
  }
#pragma unroll
  for (int step = 0; step < STEPS; step++) {
    if (SLOT_START(ME) + step * LANES < n) m = kept[step] > m ? kept[step] : m;
  }
#else
  EACH_ELEMENT(i, n) {
    fvec v = LOAD_INPUT(x, i, n, -INF);
    m = v > m ? v : m;
  }
#endif
  return widest(m) + 0.0f;
}

// Reads the range's parts: the terms stay in kept or go to its place for them, the rest to work. Work-items beyond the
// last part do it again and write nothing, so that all meet at the barriers.
INLINE void read_parts(const work *w, const part_range *r, fvec *kept) {
  __global const input *x = w->x;
#if WGS == 1
  float next = widest_logit(x + r->begin, part_size(r, 0), kept);
#endif
  for (int k = LID / TEAM; k < PARTS; k += TEAMS) {
#if WGS == 1
    if (k >= r->count) break;
    int part = k;
#else
    int part = min(k, r->count - 1);
#endif
    ulong at = r->begin + (ulong)part * r->stride;
    int n = part_size(r, part);
#if WGS == 1
    // One part ahead: the terms do not wait for the last steps of their maximum.
    float widest_here = next;
    if (k + 1 < r->count) next = widest_logit(x + at + r->stride, part_size(r, k + 1), kept);
#else
    float widest_here = widest_of_team(widest_logit(x + at, n, kept), w->share);
#endif
    row_part p;
    set_reference(&p, (fvec)(widest_here));
    fvec ties = (fvec)(0.0f);
    __local float *hi = w->lane_hi + LID / TEAM * TEAM_LANES, *lo = w->lane_lo + LID / TEAM * TEAM_LANES;
    for (int slot = ME; slot < TEAM_SLOTS; slot += TEAM) {
      pair sums[SUMS * UNROLL];
#pragma unroll
      for (int j = 0; j < SUMS * UNROLL; j++) sums[j] = make_pair((fvec)(0.0f), (fvec)(0.0f));
      UNROLL_STEPS
      for (int step = 0; step < STEPS; step++) {
        if (n < BLOCK && SLOT_START(slot) + step * LANES >= n) break;
        EACH_VECTOR {
          int i = SLOT_START(slot) + step * LANES + j * VEC;
          if (n < BLOCK && i >= n) continue;
#ifdef REGISTERS
          fvec v = kept[step];
#else
          fvec v = LOAD_INPUT(x + at, i, n, -INF);
          PREFETCH(x + at + 2 * (ulong)r->stride + i);
#endif
          fvec e = term(v, p.cut, p.shift, p.magic);
#ifdef KEEP_TERMS
#ifdef REGISTERS
          kept[step] = e;
#elif !defined(RECOMPUTE)
          if (k < r->count) STORE_TERM(e, r->terms + (ulong)part * r->stride, i, n);
#endif
#endif
          ties += tie(v, p.max);
          sums[j] = accumulate_float(sums[j], within(term_of_other(v, p.max, e), i, n));
#ifdef WHOLE_ROW_LOSS
          fvec weight = class_weights(w->o, r->class + part * r->class_stride, i, n);
          pair mass = class_share(load_shares(w->o, at, i, n), weight, w->o);
          pair distance = weighted_distance(v, p.max > -INF ? p.max : (fvec)(0.0f), mass);
          sums[UNROLL + j] = accumulate(sums[UNROLL + j], within(mass.hi, i, n), within(mass.lo, i, n));
          sums[2 * UNROLL + j] = accumulate(sums[2 * UNROLL + j], within(distance.hi, i, n), within(distance.lo, i, n));
#endif
        }
      }
#pragma unroll
      for (int s = 0; s < SUMS; s++) {
        EACH_VECTOR keep(sums[s * UNROLL + j], hi + s * TEAMS * TEAM_LANES, lo + s * TEAMS * TEAM_LANES, slot, j);
      }
    }
    float all_ties = total_of_team(add_lanes(ties), w->share);
    SYNC();
    for (int s = 0; s < SUMS; s++) {
      halve(hi + s * TEAMS * TEAM_LANES, lo + s * TEAMS * TEAM_LANES, n, TEAM_LANES, ME, TEAM);
      if (ME == 0) {
        STORE(LOAD(hi, s * TEAMS * TEAM_LANES), w->left_hi, (s * PARTS + k) * VEC);
        STORE(LOAD(lo, s * TEAMS * TEAM_LANES), w->left_lo, (s * PARTS + k) * VEC);
      }
    }
    if (ME == 0) {
      w->max[k] = widest_here;
      w->ties[k] = all_ties;
    }
    SYNC();
  }
}

// The sums of VEC parts, those that vector q of PARTS holds.
INLINE pair combine_sums(const work *w, int s, int q) {
  fvec hi[VEC], lo[VEC];
  int from = (s * PARTS + q * VEC) * VEC;
#pragma unroll
  for (int k = 0; k < VEC; k++) {
    hi[k] = LOAD(w->left_hi, from + k * VEC);
    lo[k] = LOAD(w->left_lo, from + k * VEC);
  }
#if VEC > 1
  transpose(hi);
  transpose(lo);
#pragma unroll
  for (int part = VEC / 2; part >= 1; part /= 2) {
#pragma unroll
    for (int i = 0; i < part; i++) {
      pair p = pair_add(make_pair(hi[i], lo[i]), make_pair(hi[i + part], lo[i + part]));
      hi[i] = p.hi;
      lo[i] = p.lo;
    }
  }
#endif
  return make_pair(hi[0], lo[0]);
}

INLINE row_part combine(const work *w, int q) {
  row_part p = new_row(LOAD(w->max, q * VEC));
  p.ties = LOAD(w->ties, q * VEC);
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

// Of VEC parts; first_class: of each.
INLINE void save_slopes(const slope *g, const row_target *target, ivec first_class, __local float *to) {
  fvec kind = careful(g) ? (fvec)(CAREFUL) : (fvec)(PLAIN);
  kind = g->undefined ? (fvec)(ALL_NAN) : kind;
  kind = g->ignored ? (fvec)(ALL_ZERO) : kind;
  STORE(kind, to, 0);
#ifdef HAS_CLASS
  STORE(AS_FVEC(target->y - first_class), to, PARTS);
#endif
#define SAVE_SLOPE(k, field) STORE(field, to, (2 + (k)) * PARTS);
  EACH_SLOPE_FIELD(g, SAVE_SLOPE)
}

// Every element of the range's parts.
INLINE void write_elements(const work *w, const part_range *r, const fvec *kept) {
  for (int k = LID / TEAM; k < min(PARTS, r->count); k += TEAMS) {
    int n = part_size(r, k);
    ulong at = r->begin + (ulong)k * r->stride;
    __global const input *x = w->x + at;
    __global result *to = w->out + at;
    __local const float *of_part = w->slopes + k;
    float kind = of_part[0];
    slope g;
    g.undefined = g.ignored = (ivec)(0);
#define LOAD_SLOPE(f, field) field = (fvec)(of_part[(2 + (f)) * PARTS]);
    EACH_SLOPE_FIELD(&g, LOAD_SLOPE)
#ifdef HAS_CLASS
    int y = as_int(of_part[PARTS]);
#else
    const int y = -1;
#endif
#ifdef REGISTERS
#define ELEMENT(i) kept[step]
#elif !defined(KEEP_TERMS)
#define ELEMENT(i) LOAD_INPUT(x, i, n, 0.0f)
#elif defined(RECOMPUTE)
    row_part p;
    set_reference(&p, (fvec)(w->max[k]));
#define ELEMENT(i) term(LOAD_INPUT(x, i, n, -INF), p.cut, p.shift, p.magic)
#else
    __global const kept_term *from = r->terms + (ulong)k * r->stride;
#define ELEMENT(i) LOAD_TERM(from, i, n)
#endif
    if (kind == PLAIN) {
#if defined(STREAM) && defined(HAS_CLASS)
      // With its vector: behind it the line would have to come back from memory.
      int of_y = y >= 0 && y < n ? y / VEC * VEC : n;
      for (int i = 0; i < of_y; i += VEC) STORE_INPUT(ELEMENT(i) * g.factor, to, i, n);
      if (of_y < n) {
        fvec v = ELEMENT(of_y) * g.factor;
        STORE_INPUT((ivec)(of_y) + IOTA == (ivec)(y) ? g.at_y : v, to, of_y, n);
      }
      for (int i = of_y + VEC; i < n; i += VEC) STORE_INPUT(ELEMENT(i) * g.factor, to, i, n);
#else
      EACH_ELEMENT(i, n) STORE_INPUT(ELEMENT(i) * g.factor, to, i, n);
#ifdef HAS_CLASS
      if (y >= 0 && y < n && OWNS(y)) store_one(INPUT, first(g.at_y), to, y);
#endif
#endif
    } else if (kind == CAREFUL) {
      EACH_ELEMENT(i, n) {
        fvec weight = class_weights(w->o, r->class + k * r->class_stride, i, n);
        ivec is_y = (ivec)(i) + IOTA == (ivec)(y);
        STORE_INPUT(element_of(ELEMENT(i), load_shares(w->o, at, i, n), weight, is_y, &g, w->o), to, i, n);
      }
    } else {
      fvec fill = (fvec)(kind == ALL_NAN ? CANONICAL_NAN : 0.0f);
      EACH_ELEMENT(i, n) STORE_INPUT(fill, to, i, n);
    }
  }
}

#endif
