// row_team.cl: reads parts of rows, summed as blocks.cl says; put behind team.cl in front of row_elements.cl.
//
// Maths
//   exp_number() is term() where all logits are numbers, none is below the cut, and shift is 0.
// Passes
//   read_parts: maximum, terms, sums down to LEFT lanes. combine: the rest of the sums, of VEC parts in one vector.
// Launch contract
//   team.cl, and NOUN_rows.cl.

#if WGS == 1
INLINE float widest_logit(const row_operands *o, __global const input *x, uint class, int n) {
  fvec m = (fvec)(-INF);
  EACH_ELEMENT(i, n) {
    fvec v = LOAD_INPUT(x, i, n, -INF);
    TRANSFORM_SEVERAL(&v, o, class, i, n, 1)
    m = v > m ? v : m;
  }
  return widest(m) + 0.0f;
}
#else
// Loads that are under way together: nothing else waits here.
#if INPUT == F32
#define ASKED_FOR _Pragma("unroll 4")
#else
#define ASKED_FOR _Pragma("unroll 8")
#endif

// Finds the largest and the smallest logit among those that a work-item has of a part; the smallest is -infinity if there is a
// NaN.
INLINE void own_range(
    const row_operands *o, __global const input *x, uint class, int n, float *most, float *least) {
  float some = n == BLOCK ? 0.0f : load_one(INPUT, x, 0);  // stands for what is after the end
  // NaN if a logit is, or if logits are so large that it makes no difference
  float product = 0.0f;
  for (int slot = ME; slot < TEAM_SLOTS; slot += TEAM) ASKED_FOR EACH_STEP(i, slot, n) {
      fvec v[UNROLL];
      load_several(INPUT, x, 0, i, n, some, v, UNROLL);
      TRANSFORM_SEVERAL(v, o, class, i, n, UNROLL)
      EACH_TOGETHER {
        *most = fmax(*most, v[j]);
        *least = fmin(*least, v[j]);
      }
#pragma unroll
      for (int j = 0; j < UNROLL; j += 2) product = fma(v[j], v[j + 1], product);
    }
  *least = product == product ? *least : -INF;
}

INLINE float from_ordered(int key) { return as_float(ordered(key)); }

// Finds the largest and the smallest logit of the team's part k.
INLINE void look_at_part(
    const work *w, int k, __global const input *x, uint class, int n, float *most, float *least) {
  float high = -INF, low = INF;
  if (n == WHOLE_PART) {
    own_range(w->o, x, class, BLOCK, &high, &low);
  } else {
    own_range(w->o, x, class, n, &high, &low);
  }
  atomic_max(w->most + k, ordered(as_int(high)));
  atomic_min(w->least + k, ordered(as_int(low)));
  SYNC();
  *most = from_ordered(w->most[k]) + 0.0f;
  *least = from_ordered(w->least[k]);
}
#endif

#ifdef ROW_OUTPUTS
// Merges what a work-item found of a part with what its team found.
INLINE void merge_lanes(ivec lowest, ivec before, __local int *of_lowest, __local int *of_before) {
  float low[VEC], count[VEC];
  STORE(AS_FVEC(lowest), low, 0);
  STORE(AS_FVEC(before), count, 0);
  int least = INT_MAX, all = 0;
#pragma unroll
  for (int k = 0; k < VEC; k++) {
    least = min(least, as_int(low[k]));
    all += as_int(count[k]);
  }
#if WGS == 1
  *of_lowest = least;
  *of_before = all;
#else
  if (least < INT_MAX) atomic_min(of_lowest, least);
  if (all > 0) atomic_add(of_before, all);
#endif
}

// Takes the outputs of VEC parts; a team's are begun anew.
INLINE void take_outputs(row_part *p, const work *w, int q) {
#if WGS == 1
  p->lowest = LOAD((__local float *)w->lowest, q * VEC);
  p->before = LOAD((__local float *)w->before, q * VEC);
#else
  p->lowest = as_float(w->lowest[q]);
  p->before = as_float(w->before[q]);
  w->lowest[q] = INT_MAX;
  w->before[q] = 0;
#endif
}
#endif

// What a work-item finds in a part besides sums: ties; for outputs, the target, and the numbers of rows.cl.
typedef struct {
  fvec ties;
#ifdef ROW_OUTPUTS
  row_target target;
  ivec lowest, before;
#endif
} findings;

#if defined(ROW_OUTPUTS) && WGS > 1
// One work-item of a team looks up the target for part k of that row.
INLINE void share_target(const work *w, int k, ulong row) {
  if (ME != 0 || !w->o->rank) return;
  row_target t = load_target(w->o, w->x, row, 1, 0);
  w->class_of[k] = t.y;
  w->logit_of[k] = t.x;
}
#endif

// Begins the findings for part k of that row.
INLINE findings nothing_found(const work *w, int k, ulong row) {
  findings f;
  f.ties = (fvec)(0.0f);
#ifdef ROW_OUTPUTS
#if WGS == 1
  f.target = load_target(w->o, w->x, row, VEC, 0);
#else
  f.target.y = w->o->rank ? w->class_of[k] : 0;
  f.target.x = w->o->rank ? w->logit_of[k] : 0.0f;
#endif
  f.lowest = (ivec)(INT_MAX);
  f.before = (ivec)(0);
#endif
  return f;
}

// Adds element i of a part of n, whose first element has that class, to findings and, UNROLL apart, to sums. v: its logit; e:
// its term; share, weight: its target's.
INLINE void add_element(const work *w, const row_part *p, fvec v, fvec e, fvec share, fvec weight, uint class, int i, int n,
    findings *found, pair *sums) {
  found->ties += tie(v, p->max);
  sums[0] = accumulate_float(sums[0], within(term_of_other(v, p->max, e), i, n));
#ifdef WHOLE_ROW_LOSS
  pair mass = class_share(share, weight, w->o);
  pair distance = weighted_distance(v, p->max > -INF ? p->max : (fvec)(0.0f), mass);
  sums[UNROLL] = accumulate(sums[UNROLL], within(mass.hi, i, n), within(mass.lo, i, n));
  sums[2 * UNROLL] = accumulate(sums[2 * UNROLL], within(distance.hi, i, n), within(distance.lo, i, n));
#endif
#ifdef ROW_OUTPUTS
  // Elements after the row's end are -infinity here, with classes that are higher than all others.
  ivec of = (ivec)(class + i) + IOTA;
  if (w->o->entropy) {
    sums[OF_LOSS * UNROLL] = accumulate_float(sums[OF_LOSS * UNROLL], within(moment_of(v, p->max, e), i, n));
  }
  if (w->o->argmax) found->lowest = min(found->lowest, lowest_class(v, p->max, of));
  if (w->o->rank) found->before += comes_before(v, of, &found->target);
#endif
}

// Adds up the terms of a part of n elements, whose first is element at, with that class; returns its ties.
#if WGS == 1
// k: the part's number; terms: where the terms go; ahead: how far away the next part is.
INLINE fvec add_terms(
    const work *w, row_part p, int k, ulong row, ulong at, uint class, int n, __global kept_term *terms, int ahead) {
  __global const input *x = w->x + at;
  findings found = nothing_found(w, k, row);
  for (int slot = 0; slot < TEAM_SLOTS; slot++) {
    pair sums[SUMS * UNROLL];
#pragma unroll
    for (int j = 0; j < SUMS * UNROLL; j++) sums[j] = make_pair((fvec)(0.0f), (fvec)(0.0f));
    EACH_STEP(from, slot, n) {
      EACH_VECTOR {
        int i = from + j * VEC;
        if (n < BLOCK && i >= n) continue;
        fvec v = LOAD_INPUT(x, i, n, -INF), share = (fvec)(0.0f), weight = (fvec)(1.0f);
        TRANSFORM_SEVERAL(&v, w->o, class, i, n, 1)
        PREFETCH(x + ahead + i);
#ifdef WHOLE_ROW_LOSS
        load_shares(w->o, at, i, n, &share, 1);
        class_weights(w->o, class, i, n, &weight, 1);
#endif
        fvec e = term_in(&p, v, 0);
#if defined(KEEP_TERMS) && !defined(RECOMPUTE)
        STORE_TERM(e, terms, i, n);
#endif
        add_element(w, &p, v, e, share, weight, class, i, n, &found, sums + j);
      }
    }
#pragma unroll
    for (int s = 0; s < SUMS; s++) {
      EACH_VECTOR keep(sums[s * UNROLL + j], w->lane_hi + s * TEAM_LANES, w->lane_lo + s * TEAM_LANES, slot, j);
    }
  }
#ifdef ROW_OUTPUTS
  merge_lanes(found.lowest, found.before, w->lowest + k, w->before + k);
#endif
  return found.ties;
}
#else
// Adds up one slot of lanes.
INLINE void add_slot(const work *w, const row_part *p, ulong at, uint class, int n, int near, int slot, findings *found,
    pair *sums) {
#pragma unroll
  for (int j = 0; j < SUMS * UNROLL; j++) sums[j] = make_pair(0.0f, 0.0f);
  UNROLL_STEPS
  EACH_STEP(from, slot, n) {
    float logits[UNROLL], shares[UNROLL], weights[UNROLL];
    load_several(INPUT, w->x + at, 0, from, n, -INF, logits, UNROLL);
    TRANSFORM_SEVERAL(logits, w->o, class, from, n, UNROLL)
#ifdef WHOLE_ROW_LOSS
    load_shares(w->o, at, from, n, shares, UNROLL);
    class_weights(w->o, class, from, n, weights, UNROLL);
#endif
    EACH_TOGETHER {
      float e = term_in(p, logits[j], near);
      add_element(w, p, logits[j], e, shares[j], weights[j], class, from + j, n, found, sums + j);
    }
  }
  // For parts of one or two stripes halve_parts() begins with the next halving.
  if (TEAM_LANES < ACCUMULATORS || n <= 2 * STRIPE) {
#pragma unroll
    for (int j = 0; j < SUMS * UNROLL; j++) sums[j] = normalise(sums[j].hi, sums[j].lo);
  }
}

INLINE void add_sums(const pair *to, pair *sums) {
#pragma unroll
  for (int j = 0; j < SUMS * UNROLL; j++) sums[j] = pair_add(to[j], sums[j]);
}

INLINE void copy_sums(const pair *from, pair *to) {
#pragma unroll
  for (int j = 0; j < SUMS * UNROLL; j++) to[j] = from[j];
}

INLINE void keep_sums(const work *w, const pair *sums, int slot) {
  int part = LID / TEAM * LEFT_LANES;
#pragma unroll
  for (int s = 0; s < SUMS; s++) {
    EACH_TOGETHER {
      keep(sums[s * UNROLL + j], w->lane_hi + s * TEAMS * LEFT_LANES + part, w->lane_lo + s * TEAMS * LEFT_LANES + part, slot, j);
    }
  }
}

// k: the part's number. near: a constant; the part is_near().
INLINE float add_terms(const work *w, row_part p, int k, ulong row, ulong at, uint class, int n, int near) {
  findings found = nothing_found(w, k, row);
  pair sums[SUMS * UNROLL];
#if HELD == 1
  for (int slot = ME; slot < TEAM_SLOTS; slot += TEAM) {
    add_slot(w, &p, at, class, n, near, slot, &found, sums);
    keep_sums(w, sums, slot);
  }
#else
  // The first halvings are of lanes that one work-item has: slots that are half of all slots apart, then a quarter.
  pair halves[SUMS * UNROLL];
#if HELD == 4
  pair quarters[SUMS * UNROLL];
#pragma unroll
  for (int j = 0; j < SUMS * UNROLL; j++) sums[j] = make_pair(0.0f, 0.0f);
#pragma unroll 1
  for (int k = 0; k < 2; k++) {
    copy_sums(sums, quarters);
    add_slot(w, &p, at, class, n, near, ME + TEAM * k, &found, halves);
    add_slot(w, &p, at, class, n, near, ME + TEAM * (k + 2), &found, sums);
    add_sums(halves, sums);
  }
  add_sums(quarters, sums);
#else
  add_slot(w, &p, at, class, n, near, ME, &found, halves);
  add_slot(w, &p, at, class, n, near, ME + TEAM, &found, sums);
  add_sums(halves, sums);
#endif
  keep_sums(w, sums, ME);
#endif
#ifdef ROW_OUTPUTS
  merge_lanes(found.lowest, found.before, w->lowest + k, w->before + k);
#endif
  return found.ties;
}
#endif

#if WGS == 1
// Reads the range's parts. The terms go to their place, if they have one; sums and maxima go to work.
INLINE void read_parts(const work *w, const part_range *r) {
  __global const input *x = w->x + r->begin;
  float next = widest_logit(w->o, x, r->class, part_size(r, 0));
  for (int k = 0; k < min(PARTS, r->count); k++) {
    ulong in_range = (ulong)k * r->stride;
    int n = part_size(r, k);
    // The maximum is found one part ahead, so that the terms do not wait for its last steps.
    float widest_here = next;
    if (k + 1 < r->count) {
      uint class = r->class + (k + 1) * r->class_stride;
      next = widest_logit(w->o, x + in_range + r->stride, class, part_size(r, k + 1));
    }
    row_part p;
    set_reference(&p, (fvec)(widest_here));
    fvec ties = add_terms(w, p, k, row_of_part(r, k), r->begin + in_range, r->class + k * r->class_stride, n,
        r->terms + in_range, 2 * r->stride);
    for (int s = 0; s < SUMS; s++) {
      halve(w->lane_hi + s * TEAM_LANES, w->lane_lo + s * TEAM_LANES, n, TEAM_LANES);
      STORE(LOAD(w->lane_hi, s * TEAM_LANES), w->left_hi, (s * PARTS + k) * VEC);
      STORE(LOAD(w->lane_lo, s * TEAM_LANES), w->left_lo, (s * PARTS + k) * VEC);
    }
    w->max[k] = widest_here;
    w->ties[k] = add_lanes(ties);
  }
}
#else
// Reads the range's parts, a part for each team. Teams beyond the last part read it again, so that all meet at the barriers.
INLINE void read_parts(const work *w, const part_range *r) {
  int k = LID / TEAM, part = min(k, r->count - 1), n = part_size(r, part);
  ulong at = r->begin + (ulong)part * r->stride, row = row_of_part(r, part);
  uint class = r->class + part * r->class_stride;
#ifdef ROW_OUTPUTS
  share_target(w, k, row);
#endif
  float most, least;
  look_at_part(w, k, w->x + at, class, n, &most, &least);
  row_part p;
  refer_to(&p, most);
  float ties;
  if (!is_near(most, least)) {
    ties = add_terms(w, p, k, row, at, class, n, 0);
  } else if (n == WHOLE_PART) {
    ties = add_terms(w, p, k, row, at, class, BLOCK, 1);
  } else {
    ties = add_terms(w, p, k, row, at, class, n, 1);
  }
  if (ties > 0.0f) atomic_add(w->equal + k, (int)ties);
  SYNC();
  halve_parts(w, r);
}
#endif

// Adds up the sums of the VEC parts that vector q of PARTS holds.
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
    hi[k] = w->lane_hi[(s * TEAMS + q) * LEFT_LANES + k];
    lo[k] = w->lane_lo[(s * TEAMS + q) * LEFT_LANES + k];
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

// near: whether the part is_near(), on GPUs.
INLINE row_part combine(const work *w, int q, int *near) {
#if WGS == 1
  *near = 0;
  row_part p = new_row(LOAD(w->max, q * VEC));
  p.ties = LOAD(w->ties, q * VEC);
#else
  row_part p = new_row(from_ordered(w->most[q]) + 0.0f);
  p.ties = w->equal[q];
  *near = is_near(p.max, from_ordered(w->least[q]));
  look_anew(w->most + q, w->least + q, w->equal + q);
#endif
  p.rest = combine_sums(w, 0, q);
#ifdef WHOLE_ROW_LOSS
  p.mass = combine_sums(w, 1, q);
  p.distance = combine_sums(w, 2, q);
#endif
#ifdef ROW_OUTPUTS
  p.moment = combine_sums(w, OF_LOSS, q);
  take_outputs(&p, w, q);
#endif
  return p;
}
