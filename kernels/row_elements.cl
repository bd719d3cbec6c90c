// row_elements.cl: writes what becomes of the elements of parts of rows; put behind row_team.cl in front of rows_in_lanes.cl.
//
// Maths
//   None of its own.
// Passes
//   save_slopes: what the elements of a part need. write_elements: what is made of each term, or of each logit again.
// Launch contract
//   team.cl, and NOUN_rows.cl.

// How the elements of a part are written. NEAR is PLAIN for a part that is_near().
#define NEAR 0.0f
#define PLAIN -1.0f
#define CAREFUL 1.0f
#define ALL_NAN 2.0f
#define ALL_ZERO 3.0f

#ifdef WANT_ELEMENTS

// SLOPE_LINES lines: the part's maximum, how its elements are written, the class of y in the part, what NOUN_rows.cl needs.
#define SLOPE_LINES (3 + SLOPE_FIELDS)
#ifdef ONE_BLOCK
#define SLOPE_MEMORY __local
#else
#define SLOPE_MEMORY __global
#endif

// Saves the slopes of VEC parts, with line floats in a line. first_class: each part's first class; max: each part's maximum;
// near: whether each is_near().
INLINE void save_slopes(
    const slope *g, const row_target *target, ivec first_class, fvec max, ivec near, SLOPE_MEMORY float *to, int line) {
  fvec kind = near ? (fvec)(NEAR) : (fvec)(PLAIN);
  kind = careful(g) ? (fvec)(CAREFUL) : kind;
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

// Writes every element of the range's parts; slopes: those of the parts.
INLINE void write_elements(const work *w, const part_range *r, SLOPE_MEMORY const float *slopes, int line) {
  for (int k = LID / TEAM; k < min(PARTS, r->count); k += TEAMS) {
    int n = part_size(r, k);
    ulong at = r->begin + (ulong)k * r->stride;
    __global const input *x = w->x + at;
    __global result *to = w->out + at;
    SLOPE_MEMORY const float *of_part = slopes + k;
    float kind = of_part[line];
    uint class = r->class + k * r->class_stride;
    slope g;
    g.undefined = g.ignored = (ivec)(0);
#define LOAD_SLOPE(f, field) field = (fvec)(of_part[(3 + (f)) * line]);
    EACH_SLOPE_FIELD(&g, LOAD_SLOPE)
#ifdef HAS_CLASS
    int y = as_int(of_part[2 * line]);
#else
    const int y = -1;
#endif
    const int near = 0;
#ifndef KEEP_TERMS
#define LOAD_ELEMENTS(i, n, v) \
  load_several(INPUT, x, 0, i, n, 0.0f, v, TOGETHER); \
  TRANSFORM_SEVERAL(v, w->o, class, i, n, TOGETHER)
#elif defined(RECOMPUTE)
    row_part p;
    refer_to(&p, (fvec)(of_part[0]));
#define LOAD_ELEMENTS(i, n, v) \
  load_several(INPUT, x, 0, i, n, -INF, v, TOGETHER); \
  EACH_TOGETHER dy[j] = SLOPE_AT(v[j], w->o); \
  TRANSFORM_SEVERAL(v, w->o, class, i, n, TOGETHER) \
  EACH_TOGETHER v[j] = term_in(&p, v[j], near);
#else
    __global const kept_term *from = r->terms + (ulong)k * r->stride;
#define LOAD_ELEMENTS(i, n, v) (v)[0] = LOAD_TERM(from, i, n);
#endif
#define SCALE_ELEMENTS(i, n) \
  LOAD_ELEMENTS(i, n, v) \
  EACH_TOGETHER v[j] = SCALED(v[j], g.factor); \
  store_several(INPUT, v, to, 0, i, n, TOGETHER, 1);
    fvec v[TOGETHER], dy[TOGETHER];
    EACH_TOGETHER dy[j] = (fvec)(1.0f);
    if (kind == PLAIN || kind == NEAR) {
#if defined(STREAM) && defined(HAS_CLASS)
      // y is written with its vector. Later, its cache line would have to be read from memory again.
      int of_y = y >= 0 && y < n ? y / VEC * VEC : n;
      for (int i = 0; i < of_y; i += VEC) {
        SCALE_ELEMENTS(i, n)
      }
      if (of_y < n) {
        LOAD_ELEMENTS(of_y, n, v)
        STORE_INPUT((ivec)(of_y) + IOTA == (ivec)(y) ? g.at_y : SCALED(v[0], g.factor), to, of_y, n);
      }
      for (int i = of_y + VEC; i < n; i += VEC) {
        SCALE_ELEMENTS(i, n)
      }
#else
      if (WGS == 1 || kind == PLAIN) {
        EACH_ELEMENT(i, n) {
          SCALE_ELEMENTS(i, n)
        }
      } else {
        const int near = 1;
        if (n == WHOLE_PART) {
          EACH_ELEMENT(i, BLOCK) {
            SCALE_ELEMENTS(i, BLOCK)
          }
        } else {
          EACH_ELEMENT(i, n) {
            SCALE_ELEMENTS(i, n)
          }
        }
      }
#ifdef HAS_CLASS
      if (y >= 0 && y < n && OWNS(y)) store_one(INPUT, first(g.at_y), to, y);
#endif
#endif
    } else if (kind == CAREFUL) {
      EACH_ELEMENT(i, n) {
        LOAD_ELEMENTS(i, n, v)
#ifdef HESSIAN
        fvec h[TOGETHER];
        EACH_TOGETHER h[j] = hessian_element(v[j], (ivec)(i + j * VEC) + IOTA == (ivec)(y), &g, w->o);
        store_several(F32, h, w->o->hessian + at, 0, i, n, TOGETHER, 0);
#endif
        fvec shares[TOGETHER], weights[TOGETHER];
        load_shares(w->o, at, i, n, shares, TOGETHER);
        class_weights(w->o, class, i, n, weights, TOGETHER);
        EACH_TOGETHER {
          ivec is_y = (ivec)(i + j * VEC) + IOTA == (ivec)(y);
          v[j] = element_of(v[j], shares[j], weights[j], is_y, &g, dy[j], w->o);
        }
        store_several(INPUT, v, to, 0, i, n, TOGETHER, 0);
      }
    } else {
      EACH_TOGETHER v[j] = (fvec)(kind == ALL_NAN ? CANONICAL_NAN : 0.0f);
      EACH_ELEMENT(i, n) store_several(INPUT, v, to, 0, i, n, TOGETHER, 0);
#ifdef HESSIAN
      EACH_ELEMENT(i, n) store_several(F32, v, w->o->hessian + at, 0, i, n, TOGETHER, 0);
#endif
    }
  }
}

#endif
