// row_parts.cl: what is known of rows and of their blocks (row_part of rows.cl), to and from memory; put behind rows.cl.
//
// Maths
//   merge() of rows.cl, block after block.
// Passes
//   None of its own. The kernels over rows save what they find out of each block of a long row, then make the row of them.
// Launch contract
//   None of its own. A part takes FIELDS lines of memory, one float of each line for each row or block.

#define FIELDS 8
#define EACH_FIELD(part, DO) \
  DO(0, (part)->max) \
  DO(1, (part)->ties) \
  DO(2, (part)->rest.hi) \
  DO(3, (part)->rest.lo) \
  DO(4, (part)->distance.hi) \
  DO(5, (part)->distance.lo) \
  DO(6, (part)->mass.hi) \
  DO(7, (part)->mass.lo)

// VEC parts, one in each lane, of which line floats stand in a line.
INLINE void save_parts(const row_part *p, __global float *to, int line) {
#define SAVE_FIELD(k, field) STORE(field, to, line *(k));
  EACH_FIELD(p, SAVE_FIELD)
}

INLINE row_part load_parts(__global const float *from, int line) {
  row_part p;
#define LOAD_FIELD(k, field) field = LOAD(from, line * (k));
  EACH_FIELD(&p, LOAD_FIELD)
  set_reference(&p, p.max);
  return p;
}

// One part, the same in all lanes.
INLINE void save_one(const row_part *p, __global float *to) {
#define SAVE_FIRST(k, field) to[k] = first(field);
  EACH_FIELD(p, SAVE_FIRST)
}

INLINE row_part load_one_part(__global const float *from) {
  row_part p;
#define SPREAD_FIELD(k, field) field = (fvec)(from[k]);
  EACH_FIELD(&p, SPREAD_FIELD)
  set_reference(&p, p.max);
  return p;
}

// A row of which only the maximum is known.
INLINE row_part new_row(fvec max) {
  row_part row;
  set_reference(&row, max);
  row.ties = (fvec)(0.0f);
  row.rest = row.distance = row.mass = make_pair((fvec)(0.0f), (fvec)(0.0f));
  return row;
}

// VEC rows of several blocks each, a row in each lane: parts begins with the first block's.
INLINE row_part merge_rows(fvec widest_block, __global const float *parts, int blocks) {
  row_part row = new_row(widest_block);
  for (int b = 0; b < blocks; b++) {
    row_part part = load_parts(parts + b * FIELDS * VEC, VEC);
    merge_block(&row, &part);
  }
  return row;
}

// One row, whose blocks stand side by side in lines. What they contribute is computed for VEC blocks at a time.
INLINE row_part merge_row(__global const float *parts, int blocks, int line) {
  fvec widest_block = (fvec)(-INF);
  for (int b = 0; b < blocks; b++) widest_block = parts[b] > widest_block ? (fvec)(parts[b]) : widest_block;
  row_part row = new_row(widest_block);
  for (int b = 0; b < blocks; b += VEC) {
    row_part several = load_parts(parts + b, line);
    several = contribution(&row, &several);
    float lanes[FIELDS][VEC];
#define KEEP_LANES(k, field) STORE(field, lanes[k], 0);
    EACH_FIELD(&several, KEEP_LANES)
    for (int k = 0; k < VEC && b + k < blocks; k++) {
      row_part one;
#define TAKE_LANE(n, field) field = (fvec)(lanes[n][k]);
      EACH_FIELD(&one, TAKE_LANE)
      merge(&row, &one);
    }
  }
  return row;
}

// Every kernel over rows. What else it is given, and what it calls to begin a row (load_target), to end it (finish_rows,
// slope_of) and to make a result of an element (careful, element_of), is in NOUN_rows.cl. inner: elements from a class to
// the next.
#define ROW_ARGUMENTS \
  __global const input *restrict x, __global result *restrict out, __global float *restrict scratch, ulong rows, \
      uint classes, ulong inner, ulong per_group OWN_ARGUMENTS
