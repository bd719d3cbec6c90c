// rows_in_order.cl: reads and writes rows whose sums go in the order of their classes, one row per lane; put behind
// rows.cl in front of *_in_order.cl.
//
// Maths
//   None of its own.
// Passes
//   Up to CHUNK classes of a batch of rows are brought into a tile of local memory, one class per line of the tile, and
//   taken out at the end. Rows of up to CHUNK classes stay there from the first look to the last: one read, one write.
//   Longer ones (inner > 1) come again for each pass; their terms wait where the gradient goes, or are computed again
//   (-D RECOMPUTE).
//   ADJACENT classes (inner == 1) are turned by shuffles (VEC 16), or pass through the tile so that work-items touch
//   adjacent memory (work-groups of several); only there do work-items meet at barriers, outside of all loops but that
//   over batches.
// Launch contract
//   For up to 64 classes, or inner > 1. -D CHUNK=c, ADJACENT where inner == 1. VEC 16, UNROLL 4, WGS 1 for CPU devices; VEC 1,
//   UNROLL 1 else. A work-item has OWN = VEC * UNROLL adjacent rows, a batch is WGS * OWN rows, work-group g does
//   batches g * per_group onwards. Local memory: 4 CHUNK (WGS OWN + 1) bytes, twice with PROBABILITIES. -D STREAM: only
//   rows that stay in the tile, and inner, or the ADJACENT classes, a multiple of 16.

#define OWN (VEC * UNROLL)
#define ROWS (WGS * OWN)
// Odd where single floats are written along it: no two in one bank.
#define TILE_STRIDE (ROWS + (VEC == 1))
#define TILE_SIZE (CHUNK * TILE_STRIDE)
#define EACH_OWN for (int j = 0; j < UNROLL; j++)
#define EACH_CHUNK(c0, m, from, to) \
  for (int c0 = from, m; m = min(CHUNK, (to) - c0), c0 < (to); c0 += CHUNK)
// Class c of the chunk for vector j of this work-item.
#define TILE(tile, c, j) (*(__local fvec *)((tile) + (c) * TILE_STRIDE + LID * OWN + (j) * VEC))

// VEC adjacent rows, from row offset of sample n; only count of them exist.
typedef struct {
  ulong n, offset, next, next_step;
  int count;
} place;

typedef struct {
  uint classes;
  ulong rows, inner;
} layout;

INLINE place find_rows(ulong row, layout of) {
  place w;
  w.count = row < of.rows ? (int)min((ulong)VEC, of.rows - row) : 0;
  w.n = of.inner == 1 ? row : row / of.inner;
  w.offset = row - w.n * of.inner;
  // Where the next batch's logits are.
  w.next = of.inner == 1 ? (row + ROWS) * of.classes : w.n * of.classes * of.inner + w.offset + ROWS;
  w.next_step = of.inner == 1 ? VEC : of.inner;
  return w;
}

INLINE void fetch_vector(int type, __global const void *x, __local float *tile, place w, int c0, int m, layout of) {
  ulong at = (w.n * of.classes + c0) * of.inner + w.offset;
#if VEC == 16
  if (of.inner == 1 && w.count == VEC && (w.n + VEC) * of.classes + VEC <= of.rows * of.classes) {
    for (int q = 0; q < m; q += VEC) {
      fvec t[VEC];
#pragma unroll
      for (int k = 0; k < VEC; k++) t[k] = load_stored(type, x, at + k * of.classes + q, 0, BLOCK, 0.0f);
      transpose(t);
#pragma unroll
      for (int k = 0; k < VEC; k++) *(__local fvec *)(tile + (q + k) * TILE_STRIDE) = t[k];
    }
    return;
  }
#endif
  if (w.count == VEC && w.offset + VEC <= of.inner) {
    for (int c = 0; c < m; c++) {
      *(__local fvec *)(tile + c * TILE_STRIDE) = load_stored(type, x, at + c * of.inner, 0, BLOCK, 0.0f);
    }
    return;
  }
  for (int k = 0; k < VEC; k++) {
    for (int c = 0; c < m; c++) tile[c * TILE_STRIDE + k] = k < w.count ? load_one(type, x, at + c * of.inner) : 0.0f;
    at++;
    if (++w.offset == of.inner) {
      w.offset = 0;
      at += (of.classes - 1) * of.inner;
    }
  }
}

INLINE void deliver_vector(int type, __global void *x, __local const float *tile, place w, int c0, int m, layout of) {
  ulong at = (w.n * of.classes + c0) * of.inner + w.offset;
#if VEC == 16
  if (of.inner == 1 && w.count == VEC) {
    for (int q = 0; q < m; q += VEC) {
      fvec t[VEC];
#pragma unroll
      for (int k = 0; k < VEC; k++) t[k] = *(__local const fvec *)(tile + (q + k) * TILE_STRIDE);
      transpose(t);
#pragma unroll
      for (int k = 0; k < VEC; k++) store_stored(type, t[k], x, at + k * of.classes, q, m);
    }
    return;
  }
#endif
  if (w.count == VEC && w.offset + VEC <= of.inner) {
    for (int c = 0; c < m; c++) {
      store_stored(type, *(__local const fvec *)(tile + c * TILE_STRIDE), x, at + c * of.inner, 0, BLOCK);
    }
    return;
  }
  for (int k = 0; k < w.count; k++) {
    for (int c = 0; c < m; c++) store_one(type, tile[c * TILE_STRIDE + k], x, at + c * of.inner);
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
// The whole batch in and out; every work-item of the group calls them.
INLINE void fetch_batch(int type, __global const void *x, __local float *tile, const place *w, ulong batch, layout of) {
#if WGS > 1
  int m = (int)of.classes;
  ulong first = batch * ROWS;
  int all = ROWS * m;
  int there = (int)min((ulong)all, (of.rows - first) * m);
  int row = LID / m, c = LID - row * m;
  int row_step = WGS / m, c_step = WGS - row_step * m;
  for (int i = LID; i < all; i += WGS) {
    tile[c * TILE_STRIDE + row] = i < there ? load_one(type, x, first * m + i) : 0.0f;
    row += row_step;
    c += c_step;
    if (c >= m) {
      c -= m;
      row++;
    }
  }
#else
  EACH_OWN fetch_vector(type, x, &tile[j * VEC], w[j], 0, (int)of.classes, of);
#endif
  SYNC();
}

INLINE void deliver_batch(int type, __global void *x, __local float *tile, const place *w, ulong batch, layout of) {
  SYNC();
#if WGS > 1
  int m = (int)of.classes;
  ulong first = batch * ROWS;
  int there = (int)min((ulong)ROWS * m, (of.rows - first) * m);
  int row = LID / m, c = LID - row * m;
  int row_step = WGS / m, c_step = WGS - row_step * m;
  for (int i = LID; i < there; i += WGS) {
    store_one(type, tile[c * TILE_STRIDE + row], x, first * m + i);
    row += row_step;
    c += c_step;
    if (c >= m) {
      c -= m;
      row++;
    }
  }
#else
  EACH_OWN deliver_vector(type, x, &tile[j * VEC], w[j], 0, (int)of.classes, of);
#endif
}

#define FETCH_BATCH(type, p, tile) fetch_batch(type, p, tile, where, batch, of);
#define DELIVER_BATCH(type, p, tile) deliver_batch(type, p, tile, where, batch, of);
#define FETCH(type, p, tile)
#define DELIVER(type, p, tile)
#else
#define INNER inner
#define BLOCKS_OF(classes) ((int)(((classes) + BLOCK - 1) / BLOCK))
#define STAYS(classes) ((classes) <= CHUNK)
#define FETCH_BATCH(type, p, tile)
#define DELIVER_BATCH(type, p, tile)
// A chunk of this work-item's rows in and out.
#define FETCH(type, p, tile) EACH_OWN fetch_vector(type, p, &tile[LID * OWN + j * VEC], where[j], c0, m, of);
#define DELIVER(type, p, tile) EACH_OWN deliver_vector(type, p, &tile[LID * OWN + j * VEC], where[j], c0, m, of);
#endif

// The logits of a chunk, one vector of rows, become their terms again: 16-bit storage has no room for these.
INLINE void terms_again(__local fvec *line, int m, const row_part *p) {
  for (int c = 0; c < m; c++) {
    *line = term(*line, p->cut, p->shift, p->magic);
    line = (__local fvec *)((__local float *)line + TILE_STRIDE);
  }
}
