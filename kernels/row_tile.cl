// row_tile.cl: reads and writes rows whose sums go in the order of their classes, one row per lane; put behind
// row_parts.cl in front of row_chunk.cl.
//
// Maths
//   None of its own.
// Passes
//   Up to CHUNK classes of a batch of rows are brought into a tile of local memory, one class per line of the tile, and
//   taken out at the end. Rows of up to CHUNK classes stay there from the first look to the last: one read, one write.
//   Longer ones (inner > 1) come again for each pass; their terms wait where the results go, or are computed again
//   (-D RECOMPUTE).
//   ADJACENT classes (inner == 1) are turned by shuffles (VEC 16), or pass through the tile so that work-items touch
//   adjacent memory (work-groups of several); only there do work-items meet at barriers, outside of all loops but that
//   over batches.
// Launch contract
//   For up to 64 classes, or inner > 1. -D CHUNK=c: at least classes, where ADJACENT, a multiple of VEC; ADJACENT where
//   inner == 1. VEC 16, UNROLL 4, WGS 1 for CPU devices; VEC 1, UNROLL 1 else. A work-item has OWN = VEC * UNROLL adjacent
//   rows, a batch is ROWS = WGS * OWN rows. -D STREAM: only rows that stay in the tile, and inner, or the ADJACENT classes,
//   a multiple of 16.

#define OWN (VEC * UNROLL)
#define ROWS (WGS * OWN)
// Odd where single floats are written along it: no two in one bank.
#define TILE_STRIDE (ROWS + (VEC == 1))
#define TILE_SIZE (CHUNK * TILE_STRIDE)
#define EACH_OWN for (int j = 0; j < UNROLL; j++)
// A work-item on a GPU has but one float of each class: several classes at a time.
#if VEC == 1
#define EACH_CLASS(c, count) _Pragma("unroll 4") for (int c = 0; c < (count); c++)
#else
#define EACH_CLASS(c, count) for (int c = 0; c < (count); c++)
#endif
#define EACH_CHUNK(c0, m, from, to) \
  for (int c0 = from, m; m = min(CHUNK, -c0 + (to)), c0 < (to); c0 += CHUNK)
// Class c of the chunk for the VEC rows of a column of the tile; column j of this work-item.
#define LINE(column, c) (*(__local fvec *)((column) + TILE_STRIDE * (c)))
#define COLUMN(tile, j) ((tile) + LID * OWN + VEC * (j))

#define FETCH 0
#define DELIVER 1

// VEC adjacent rows, from row offset of sample n; only count of them exist.
typedef struct {
  ulong n, offset, next, next_step;
  int count;
} place;

typedef struct {
  uint classes;
  ulong rows, inner;
} layout;

// Sample and offset of a row: a division, so in front of loops.
INLINE place find_row(ulong row, ulong inner) {
  place w;
  w.n = inner == 1 ? row : row / inner;
  w.offset = row - w.n * inner;
  return w;
}

// Those of the row that is as far on as by is behind the first one of all.
INLINE void move_on(place *w, const place *by, ulong inner) {
  w->n += by->n;
  w->offset += by->offset;
  if (w->offset >= inner) {
    w->offset -= inner;
    w->n++;
  }
}

// What else is to be known of the rows from row on.
INLINE void look_around(place *w, ulong row, layout of) {
  w->count = row < of.rows ? (int)min((ulong)VEC, of.rows - row) : 0;
  // Where the next batch's logits are.
  w->next = of.inner == 1 ? (row + ROWS) * of.classes : w->n * of.classes * of.inner + w->offset + ROWS;
  w->next_step = of.inner == 1 ? VEC : of.inner;
}

// One float of the tile from memory, or to it. way, here and below: FETCH or DELIVER, a constant; what is not of it goes.
INLINE void move_one(int way, int type, __global void *x, ulong at, __local float *cell, int there) {
  if (way == FETCH) {
    *cell = there ? load_one(type, x, at) : 0.0f;
  } else if (there) {
    store_one(type, *cell, x, at);
  }
}

// Classes c0 to c0 + m of VEC rows.
INLINE void move_rows(int way, int type, __global void *x, __local float *column, place w, int c0, int m, layout of) {
  ulong at = (w.n * of.classes + c0) * of.inner + w.offset;
#if VEC == 16
  // What is fetched is fetched in whole vectors.
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
#endif
  if (w.count == VEC && w.offset + VEC <= of.inner) {
    EACH_CLASS(c, m) {
      if (way == FETCH) {
        LINE(column, c) = load_stored(type, x, at + c * of.inner, 0, BLOCK, 0.0f);
      } else {
        store_stored(type, LINE(column, c), x, at + c * of.inner, 0, BLOCK);
      }
    }
    return;
  }
  for (int k = 0; k < VEC; k++) {
    for (int c = 0; c < m; c++) move_one(way, type, x, at + c * of.inner, column + c * TILE_STRIDE + k, k < w.count);
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
// The whole batch, between two SYNC_BATCH; every work-item of the group calls it.
INLINE void move_batch(int way, int type, __global void *x, __local float *tile, const place *where, ulong batch, layout of) {
#if WGS > 1
  int m = (int)of.classes;
  ulong first = batch * ROWS;
  int all = ROWS * m, there = (int)min((ulong)all, (of.rows - first) * m);
  int row = LID / m, c = LID - row * m;
  int row_step = WGS / m, c_step = WGS - row_step * m;
  for (int i = LID; i < (way == FETCH ? all : there); i += WGS) {
    move_one(way, type, x, first * m + i, tile + c * TILE_STRIDE + row, i < there);
    row += row_step;
    c += c_step;
    if (c >= m) {
      c -= m;
      row++;
    }
  }
#else
  EACH_OWN move_rows(way, type, x, COLUMN(tile, j), where[j], 0, (int)of.classes, of);
#endif
}

#define SYNC_BATCH() SYNC()
#define MOVE_BATCH(way, type, p, tile) move_batch(way, type, (__global void *)(p), tile, where, batch, of);
#define MOVE_CHUNK(way, type, p, tile)
#else
#define INNER inner
#define BLOCKS_OF(classes) ((int)BLOCKS(classes))
#define STAYS(classes) ((classes) <= CHUNK)
#define SYNC_BATCH()
#define MOVE_BATCH(way, type, p, tile)
// A chunk of this work-item's rows.
#define MOVE_CHUNK(way, type, p, tile) \
  EACH_OWN move_rows(way, type, (__global void *)(p), COLUMN(tile, j), where[j], c0, m, of);
#endif
