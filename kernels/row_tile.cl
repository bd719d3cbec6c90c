// row_tile.cl: reads and writes rows whose sums go in the order of their classes, one row per lane of a CPU's vector; put
// behind row_places.cl in front of row_chunk.cl, which row_items.cl does for GPUs, or of distillation_tile.cl.
//
// Maths
//   None of its own.
// Passes
//   Up to CHUNK classes of a batch of rows are brought into a tile of local memory, one class per line of the tile, and
//   taken out at the end. Rows of up to CHUNK classes stay there from the first pass to the last: one read, one write.
//   Longer ones (inner > 1) are read again for each pass; their terms are kept where the results go, or computed again
//   (-D RECOMPUTE).
//   ADJACENT classes (inner == 1) are turned (transposed) by shuffles.
// Launch contract
//   For few classes, or inner > 1. ADJACENT if inner == 1. -D CHUNK=c: a multiple of VEC; with ADJACENT at least classes.
//   VEC 16, UNROLL 4 (distillation 1), WGS 1. A work-item has ROWS = VEC * UNROLL adjacent rows. -D STREAM: only
//   rows that stay in the tile, and inner, or the ADJACENT classes, a multiple of 16.

#define ROWS (VEC * UNROLL)
#define VECTORS UNROLL
#define EACH_OWN for (int j = 0; j < UNROLL; j++)
#define EACH_CLASS(c, here) for (int c = 0; c < (here)->count; c++)
#define EACH_CHUNK(c0, m, from, to) \
  for (int c0 = from, m; m = min(CHUNK, -c0 + (to)), c0 < (to); c0 += CHUNK)
#define TILE_SIZE (CHUNK * ROWS)
#define ROW_MEMORY __local float tile[TILE_SIZE] ALIGNED_LOCAL;
#define TILE_OF(operand) __local float operand[TILE_SIZE] ALIGNED_LOCAL;
// Lines after the last class are moved along, so they are cleared once.
#define CLEAR_TILE(operand) \
  for (int i = 0; i < TILE_SIZE; i++) operand[i] = 0.0f;
// Class c of the chunk for the VEC rows of a column of the tile; column j of this work-item.
#define LINE(column, c) (*(__local fvec *)((column) + ROWS * (c)))

#define COLUMN(operand) ((operand) + VEC * j)
#define COUNT_HERE(m) (m)
#define NEXT x + where[j].next, where[j].next_step

// Finds what else is to be known of the rows from row on.
INLINE void look_around(place *w, ulong row, layout of) {
  w->count = row < of.rows ? (int)min((ulong)VEC, of.rows - row) : 0;
  // Where the next batch's logits are.
  w->next = of.inner == 1 ? (row + ROWS) * of.classes : w->n * of.classes * of.inner + w->offset + ROWS;
  w->next_step = of.inner == 1 ? VEC : of.inner;
}

// Moves one float of the tile from memory, or to it. way, here and below: FETCH or DELIVER, a constant, so that compilers drop
// the other code.
INLINE void move_one(int way, int type, __global void *x, ulong at, __local float *cell, int there) {
  if (way == FETCH) {
    *cell = there ? load_one(type, x, at) : 0.0f;
  } else if (there) {
    store_one(type, *cell, x, at);
  }
}

// Moves classes c0 to c0 + m of VEC rows.
INLINE void move_rows(int way, int type, __global void *x, __local float *column, place w, int c0, int m, layout of) {
  ulong at = (w.n * of.classes + c0) * of.inner + w.offset;
  // Fetching reads whole vectors.
  if (of.inner == 1 && w.count == VEC && (way == DELIVER || (w.n + VEC) * of.classes + VEC <= of.rows * of.classes)) {
    for (int q = 0; q < m; q += VEC) {
      fvec t[VEC];
#pragma unroll
      for (int k = 0; k < VEC; k++) {
        t[k] = way == FETCH ? load_stored(type, x, at + k * of.classes + q, 0, BLOCK, 0.0f) : LINE(column, q + k);
      }
      transpose(t);
#pragma unroll
      for (int k = 0; k < VEC; k++) {
        if (way == FETCH) {
          LINE(column, q + k) = t[k];
        } else {
          store_stored(type, t[k], x, at + k * of.classes, q, m);
        }
      }
    }
    return;
  }
  if (w.count == VEC && w.offset + VEC <= of.inner) {
    for (int c = 0; c < m; c++) {
      if (way == FETCH) {
        LINE(column, c) = load_stored(type, x, at + c * of.inner, 0, BLOCK, 0.0f);
      } else {
        store_stored(type, LINE(column, c), x, at + c * of.inner, 0, BLOCK);
      }
    }
    return;
  }
  for (int k = 0; k < VEC; k++) {
    for (int c = 0; c < m; c++) move_one(way, type, x, at + c * of.inner, column + c * ROWS + k, k < w.count);
    at++;
    if (++w.offset == of.inner) {
      w.offset = 0;
      at += (of.classes - 1) * of.inner;
    }
  }
}

#ifdef ADJACENT
#define INNER 1
#define BLOCKS_OF(classes) 1
#define STAYS(classes) 1
// Moves the whole batch.
INLINE void move_batch(int way, int type, __global void *x, __local float *tile, const place *where, layout of) {
  EACH_OWN move_rows(way, type, x, COLUMN(tile), where[j], 0, (int)of.classes, of);
}

#define MOVE_BATCH(way, type, p, tile) move_batch(way, type, (__global void *)(p), tile, where, of);
#define MOVE_CHUNK(way, type, p, tile)
#else
#define INNER inner
#define BLOCKS_OF(classes) ((int)BLOCKS(classes))
#define STAYS(classes) ((classes) <= CHUNK)
#define MOVE_BATCH(way, type, p, tile)
// Moves a chunk of this work-item's rows.
#define MOVE_CHUNK(way, type, p, tile) \
  EACH_OWN move_rows(way, type, (__global void *)(p), COLUMN(tile), where[j], c0, m, of);
#endif
