// rows_in_order.cl: reads and writes rows whose sums go in the order of their classes, one row per lane; put behind
// rows.cl in front of *_in_order.cl.
//
// Maths
//   None of its own.
// Passes
//   fetch() brings up to CHUNK classes of a batch of rows into a tile of local memory, one class per line of the tile;
//   deliver() takes them out. Rows of up to CHUNK classes stay there from the first look to the last: one read, one
//   write. Longer ones (inner > 1) come again for each pass, their terms wait where the gradient goes.
//   Where classes are adjacent (inner == 1) they are turned by shuffles (VEC 16), or pass through the tile so that
//   work-items touch adjacent memory (work-groups of several).
// Launch contract
//   For up to 64 classes, or inner > 1. -D IN_ORDER -D CHUNK=c. VEC 16, UNROLL 4, WGS 1 for CPU devices; VEC 1,
//   UNROLL 1 else. A work-item has OWN = VEC * UNROLL adjacent rows, a batch is WGS * OWN rows, work-group g does
//   batches g * per_group onwards. Local memory: 4 CHUNK (WGS OWN + 1) bytes, twice with PROBABILITIES.

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

INLINE void fetch_vector(__global const float *x, __local float *tile, place w, int c0, int m, layout of) {
  ulong at = (w.n * of.classes + c0) * of.inner + w.offset;
#if VEC == 16
  if (of.inner == 1 && w.count == VEC && (w.n + VEC) * of.classes + VEC <= of.rows * of.classes) {
    for (int q = 0; q < m; q += VEC) {
      fvec t[VEC];
#pragma unroll
      for (int k = 0; k < VEC; k++) t[k] = *(__global const loose *)(x + at + k * of.classes + q);
      transpose(t);
#pragma unroll
      for (int k = 0; k < VEC; k++) *(__local fvec *)(tile + (q + k) * TILE_STRIDE) = t[k];
    }
    return;
  }
#endif
  if (w.count == VEC && w.offset + VEC <= of.inner) {
    for (int c = 0; c < m; c++) {
      *(__local fvec *)(tile + c * TILE_STRIDE) = *(__global const loose *)(x + at + c * of.inner);
    }
    return;
  }
  for (int k = 0; k < VEC; k++) {
    for (int c = 0; c < m; c++) tile[c * TILE_STRIDE + k] = k < w.count ? x[at + c * of.inner] : 0.0f;
    at++;
    if (++w.offset == of.inner) {
      w.offset = 0;
      at += (of.classes - 1) * of.inner;
    }
  }
}

INLINE void deliver_vector(__global float *x, __local const float *tile, place w, int c0, int m, layout of) {
  ulong at = (w.n * of.classes + c0) * of.inner + w.offset;
#if VEC == 16
  if (of.inner == 1 && w.count == VEC) {
    for (int q = 0; q < m; q += VEC) {
      fvec t[VEC];
#pragma unroll
      for (int k = 0; k < VEC; k++) t[k] = *(__local const fvec *)(tile + (q + k) * TILE_STRIDE);
      transpose(t);
#pragma unroll
      for (int k = 0; k < VEC; k++) store(t[k], x + at + k * of.classes, q, m);
    }
    return;
  }
#endif
  if (w.count == VEC && w.offset + VEC <= of.inner) {
    for (int c = 0; c < m; c++) {
      *(__global loose *)(x + at + c * of.inner) = *(__local const fvec *)(tile + c * TILE_STRIDE);
    }
    return;
  }
  for (int k = 0; k < w.count; k++) {
    for (int c = 0; c < m; c++) x[at + c * of.inner] = tile[c * TILE_STRIDE + k];
    at++;
    if (++w.offset == of.inner) {
      w.offset = 0;
      at += (of.classes - 1) * of.inner;
    }
  }
}

// The batch's classes c0 to c0 + m into the tile; every work-item of the group calls it.
INLINE void fetch(__global const float *x, __local float *tile, const place *w, ulong batch, int c0, int m, layout of) {
#if WGS > 1
  if (of.inner == 1) {
    ulong first = batch * ROWS;
    int all = ROWS * m;
    int there = (int)min((ulong)all, (of.rows - first) * m);
    int row = LID / m, c = LID - row * m;
    int row_step = WGS / m, c_step = WGS - row_step * m;
    SYNC();
    for (int i = LID; i < all; i += WGS) {
      tile[c * TILE_STRIDE + row] = i < there ? x[first * m + i] : 0.0f;
      row += row_step;
      c += c_step;
      if (c >= m) {
        c -= m;
        row++;
      }
    }
    SYNC();
    return;
  }
#endif
  EACH_OWN fetch_vector(x, &tile[LID * OWN + j * VEC], w[j], c0, m, of);
}

INLINE void deliver(__global float *x, __local float *tile, const place *w, ulong batch, int c0, int m, layout of) {
#if WGS > 1
  if (of.inner == 1) {
    ulong first = batch * ROWS;
    int there = (int)min((ulong)ROWS * m, (of.rows - first) * m);
    int row = LID / m, c = LID - row * m;
    int row_step = WGS / m, c_step = WGS - row_step * m;
    SYNC();
    for (int i = LID; i < there; i += WGS) {
      x[first * m + i] = tile[c * TILE_STRIDE + row];
      row += row_step;
      c += c_step;
      if (c >= m) {
        c -= m;
        row++;
      }
    }
    SYNC();
    return;
  }
#endif
  EACH_OWN deliver_vector(x, &tile[LID * OWN + j * VEC], w[j], c0, m, of);
}
