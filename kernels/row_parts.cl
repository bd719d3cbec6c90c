// row_parts.cl: moves what is known of rows and of their blocks (row_part of rows.cl) to and from memory; put behind rows.cl.
//
// Maths
//   merge() of rows.cl, block after block.
// Passes
//   None of its own. The kernels over rows save what they find out about each block of a long row, and then merge these.
// Launch contract
//   None of its own. A part takes FIELDS lines of memory, one float of each line for each row or block. Those of rows in
//   lanes have BLOCK_LINES: what their elements need takes the place of the fields (row_team.cl).

#define FIELDS_OF_LOSS 8
#define FIELDS_OF_OUTPUTS 4
#ifdef ROW_OUTPUTS
#define FIELDS (FIELDS_OF_LOSS + FIELDS_OF_OUTPUTS)
#define EACH_OUTPUT_FIELD(part, DO) \
  DO(8, (part)->moment.hi) \
  DO(9, (part)->moment.lo) \
  DO(10, (part)->lowest) \
  DO(11, (part)->before)
#else
#define FIELDS FIELDS_OF_LOSS
#define EACH_OUTPUT_FIELD(part, DO)
#endif
#define LINES_OF_SLOPES 2
#define LINES_OF_CURVES 4
#define LINES_OF_FOCAL_CURVES 6
#if defined(HESSIAN) && defined(SOFTMAX_FOCAL)
#define BLOCK_LINES (FIELDS + LINES_OF_SLOPES + LINES_OF_FOCAL_CURVES)
#elif defined(HESSIAN)
#define BLOCK_LINES (FIELDS + LINES_OF_SLOPES + LINES_OF_CURVES)
#else
#define BLOCK_LINES (FIELDS + LINES_OF_SLOPES)
#endif
#define EACH_FIELD(part, DO) \
  DO(0, (part)->max) \
  DO(1, (part)->ties) \
  DO(2, (part)->rest.hi) \
  DO(3, (part)->rest.lo) \
  DO(4, (part)->distance.hi) \
  DO(5, (part)->distance.lo) \
  DO(6, (part)->mass.hi) \
  DO(7, (part)->mass.lo) \
  EACH_OUTPUT_FIELD(part, DO)

// Saves VEC parts, one in each lane, with line floats in a line.
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

// Saves one part, which is the same in all lanes.
INLINE void save_one(const row_part *p, __global float *to) {
#define SAVE_FIRST(k, field) to[k] = first(field);
  EACH_FIELD(p, SAVE_FIRST)
}

// Loads one part; line: how many floats it is from a field to the next.
INLINE row_part load_one_part(__global const float *from, int line) {
  row_part p;
#define SPREAD_FIELD(k, field) field = (fvec)(from[line * (k)]);
  EACH_FIELD(&p, SPREAD_FIELD)
  set_reference(&p, p.max);
  return p;
}

// A row of which only the maximum is known.
INLINE row_part new_row(fvec max) {
  row_part row;
  refer_to(&row, max);
  row.ties = (fvec)(0.0f);
  row.rest = row.distance = row.mass = make_pair((fvec)(0.0f), (fvec)(0.0f));
#ifdef ROW_OUTPUTS
  row.moment = row.rest;
  row.lowest = AS_FVEC((ivec)(INT_MAX));
  row.before = (fvec)(0.0f);
#endif
  return row;
}

// Merges VEC rows of several blocks each, with a row in each lane; parts begins with the first block's.
INLINE row_part merge_rows(fvec widest_block, __global const float *parts, int blocks) {
  row_part row = new_row(widest_block);
  for (int b = 0; b < blocks; b++) {
    row_part part = load_parts(parts + b * FIELDS * VEC, VEC);
    merge_block(&row, &part);
  }
  return row;
}

// The arguments of every kernel over rows. NOUN_rows.cl has the others, and what a kernel calls to begin a row (load_target),
// to end it (finish_rows, slope_of) and to make a result of an element (careful, SCALED, element_of). inner: how many elements
// it is from a class to the next.
#define ROW_ARGUMENTS \
  __global const input *restrict x, __global result *restrict out, __global float *restrict scratch, ulong rows, \
      uint classes, ulong inner, ulong per_group OWN_ARGUMENTS
