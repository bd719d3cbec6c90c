// rows_in_lanes.cl: the kernels over rows of adjacent classes with lanes along them; put behind row_elements.cl.
//
// Maths
//   rows.cl, and what NOUN.cl makes of a row.
// Passes
//   -D ONE_BLOCK, rows of up to 4096 classes: PARTS rows at once are read and finished, and results for their elements are
//   written (-D WANT_ELEMENTS).
//   Longer rows: parts (each block by itself), merge (the row), last (its elements). These are one kernel, NOUN, if
//   a group has whole rows, or three, if groups share a row.
// Launch contract
//   team.cl, and NOUN_rows.cl. NOUN: work-group g has units g * per_group onwards, a unit is PARTS rows (ONE_BLOCK) or a
//   row; scratch: ROW_SCRATCH floats per group. The three: work-group (u, r) has the PARTS blocks from u * PARTS of row r
//   (NOUN_merge: u = 0, the row); scratch: ROW_SCRATCH floats per row. -D STREAM: only NOUN; scratch: PARTS * classes
//   (ONE_BLOCK) or classes floats more per group; classes a multiple of 16.

#ifdef ONE_BLOCK

GROUP_KERNEL void KERNEL()(ROW_ARGUMENTS) {
  GROUP_WORK
#ifdef WANT_ELEMENTS
  __local float slopes[SLOPE_LINES * PARTS] ALIGNED_LOCAL;
#endif
  PLACE_FOR_TERMS(PARTS * (ulong)classes)
  EACH_UNIT(unit, (rows + PARTS - 1) / PARTS, per_group) {
    ulong at = unit * PARTS;
    part_range r = {TERMS_OF(at * classes), at * classes, (rows - at) * classes, at, classes, 0, 0,
        (int)min((ulong)PARTS, rows - at)};
    read_parts(&w, &r);
    for (int q = LID; q < PARTS / VEC; q += WGS) {
      int there = min(r.count - q * VEC, VEC);
      if (there <= 0) break;
      int near;
      row_part row = combine(&w, q, &near);
      row_sums s = finish(&row);
      row_target target = load_target(&o, x, at + q * VEC, there, 1);
      finish_rows(&o, &row, &s, &target, at + q * VEC, there);
#ifdef WANT_ELEMENTS
      slope g = slope_of(&row, &row, &s, &target, &o);
      save_slopes(&g, &target, (ivec)(0), row.max, (ivec)(-near), slopes + q * VEC, PARTS);
#endif
    }
    SYNC();
#ifdef WANT_ELEMENTS
    write_elements(&w, &r, slopes, PARTS);
    SYNC();
#endif
  }
}

#else

// What a long row has in memory: lines of PADDED(blocks) floats for the fields of its blocks, and for whether they are near.
// Later the slopes of the blocks take the place of the fields, except the maximum. Then come the fields of the whole row.
#define NEAR_LINE FIELDS
#define PADDED(blocks) (((blocks) + PARTS - 1) / PARTS * PARTS)
#define WHOLE_ROW(scratch, blocks) ((scratch) + BLOCK_LINES * PADDED(blocks))
#define ROW_SCRATCH(blocks) (BLOCK_LINES * PADDED(blocks) + FIELDS)

// Blocks b, b + 1, ... of a row; terms: those of the row.
INLINE part_range blocks_of_row(__global kept_term *terms, ulong row, uint classes, int b) {
  ulong at = (ulong)b * BLOCK;
  part_range r = {terms + at, row * classes + at, classes - at, row, BLOCK, b * BLOCK, BLOCK,
      min(PARTS, (int)BLOCKS(classes) - b)};
  return r;
}

INLINE void row_parts(const work *w, const part_range *r, __global float *scratch, int b, int blocks) {
  read_parts(w, r);
  for (int q = LID; q < PARTS / VEC; q += WGS) {
    int near;
    row_part p = combine(w, q, &near);
    save_parts(&p, scratch + b + q * VEC, PADDED(blocks));
#if WGS > 1
    scratch[NEAR_LINE * PADDED(blocks) + b + q] = near;
#endif
  }
  SYNC();
}

// Makes the row from its blocks: what each contributes, and their sum in order. Then finishes the row, and saves the slope of
// each block.
INLINE void finish_row(const row_operands *o, __global const input *x, __global float *scratch, ulong row, int blocks) {
  const int line = PADDED(blocks);
  float widest_block = -INF;
  if (LID * VEC < blocks) {
    for (int b = 0; b < blocks; b++) widest_block = scratch[b] > widest_block ? scratch[b] : widest_block;
  }
  row_part whole = new_row((fvec)(widest_block));
  for (int b = LID * VEC; b < blocks; b += WGS * VEC) {
    row_part p = load_parts(scratch + b, line);
    p = contribution(&whole, &p);
    save_parts(&p, scratch + b, line);
  }
  SYNC_GLOBAL();
  if (LID == 0) {
    for (int b = 0; b < blocks; b++) {
      row_part one = load_one_part(scratch + b, line);
      merge(&whole, &one);
    }
    save_one(&whole, WHOLE_ROW(scratch, blocks));
  }
  SYNC_GLOBAL();
  if (LID * VEC < blocks) {
    whole = load_one_part(WHOLE_ROW(scratch, blocks), 1);
    row_sums s = finish(&whole);
    row_target target = load_target(o, x, row, VEC, 0);
    if (LID == 0) finish_rows(o, &whole, &s, &target, row, 1);
#ifdef WANT_ELEMENTS
    for (int b = LID * VEC; b < blocks; b += WGS * VEC) {
      row_part p = new_row(LOAD(scratch, b));
      slope g = slope_of(&whole, &p, &s, &target, o);
      ivec near = WGS > 1 ? LOAD(scratch, NEAR_LINE * line + b) == 1.0f : (ivec)(0);
      save_slopes(&g, &target, (b + IOTA) * BLOCK, p.max, near, scratch + b, line);
    }
#endif
  }
}

GROUP_KERNEL void KERNEL()(ROW_ARGUMENTS) {
  GROUP_WORK
  int blocks = (int)BLOCKS(classes);
  PLACE_FOR_TERMS((ulong)classes)
  scratch += get_group_id(0) * ROW_SCRATCH(blocks);
  EACH_UNIT(row, rows, per_group) {
    for (int b = 0; b < blocks; b += PARTS) {
      part_range r = blocks_of_row(TERMS_OF(row * classes), row, classes, b);
      row_parts(&w, &r, scratch, b, blocks);
    }
    SYNC_GLOBAL();
    finish_row(&o, x, scratch, row, blocks);
    SYNC_GLOBAL();
#ifdef WANT_ELEMENTS
    // It begins with the end: the block read last is still in a cache.
    for (int b = PADDED(blocks) - PARTS; b >= 0; b -= PARTS) {
      part_range r = blocks_of_row(TERMS_OF(row * classes), row, classes, b);
      write_elements(&w, &r, scratch + b, PADDED(blocks));
    }
    SYNC_GLOBAL();
#endif
  }
}

// Groups that share a row hand its terms on in the place of the results.
#ifndef STREAM

#define SHARED_ROW \
  int blocks = (int)BLOCKS(classes), b = (int)get_group_id(0) * PARTS; \
  ulong row = get_group_id(1); \
  scratch += row * ROW_SCRATCH(blocks);

GROUP_KERNEL void KERNEL(_parts)(ROW_ARGUMENTS) {
  GROUP_WORK
  SHARED_ROW
  part_range r = blocks_of_row(TERMS_OF(row * classes), row, classes, b);
  row_parts(&w, &r, scratch, b, blocks);
}

GROUP_KERNEL void KERNEL(_merge)(ROW_ARGUMENTS) {
  ROW_OPERANDS
  SHARED_ROW
  finish_row(&o, x, scratch, row, blocks);
}

#ifdef WANT_ELEMENTS
GROUP_KERNEL void KERNEL(_last)(ROW_ARGUMENTS) {
  GROUP_WORK
  SHARED_ROW
  part_range r = blocks_of_row(TERMS_OF(row * classes), row, classes, b);
  write_elements(&w, &r, scratch + b, PADDED(blocks));
}
#endif

#endif
#endif
