// row_items.cl: reads and writes rows whose sums go in the order of their classes, one row per work-item of a GPU; put behind
// row_places.cl in front of row_chunk.cl. row_tile.cl does it for CPUs.
//
// Maths
//   None of its own.
// Passes
//   Rows of ADJACENT classes (inner == 1) come through a tile of local memory, so that work-items touch adjacent memory. Up
//   to CHUNK classes stay there from the first pass to the last. Of longer rows a chunk at a time is read again for each pass,
//   from a cache. The tile is small, since a GPU has as many work-items at a time as fit its local memory.
//   Other rows need no tile: one class of adjacent rows is adjacent. Their terms are kept where the results go, or computed
//   again (-D RECOMPUTE). -D CLASSES=c: the logits of a row stay in its work-item's registers. Compilers can do that because
//   every loop over them has a constant number of turns. It takes one read, and a fifth of the instructions less.
//   Work-items meet at barriers only for ADJACENT rows, around each chunk.
// Launch contract
//   For up to 64 classes, or inner > 1. ADJACENT if inner == 1. VEC 1; a batch is ROWS = WGS rows. -D CHUNK=c with
//   ADJACENT; -D ALIGNED if these rows are aligned, and classes and CHUNK are multiples of UNROLL, 4; else UNROLL is 1. Without
//   ADJACENT, -D CLASSES=c: the number of classes, if there are neither elements nor other operands of the input's size.

#define VECTORS 1
#define ROWS WGS
#define EACH_OWN for (int j = 0; j < 1; j++)
// A work-item has only one float of each class, so it does several classes at a time.
#ifdef WHOLE_ROW_LOSS
#define UNROLL_CLASSES _Pragma("unroll 2")
#else
#define UNROLL_CLASSES _Pragma("unroll 8")
#endif

// Finds what else is to be known of the row.
INLINE void look_around(place *w, ulong row, layout of) { w->count = row < of.rows; }

#define NEXT 0, 0
#define MOVE_BATCH(way, type, p, tile)

#ifdef ADJACENT
#define INNER 1
#define BLOCKS_OF(classes) 1
#define STAYS(classes) ((classes) <= CHUNK)
#define EACH_CHUNK(c0, m, from, to) for (int c0 = from, m; m = min(CHUNK, (to)-c0), c0 < (to); c0 += CHUNK)

// An odd number, so that no two work-items meet in one bank.
#define TILE_STRIDE (CHUNK | 1)
#define LINE(column, c) (column)[c]
#define TILE_OF(operand) __local float operand[ROWS * TILE_STRIDE];
#define CLEAR_TILE(operand)
#define ROW_MEMORY \
  TILE_OF(tile) \
  steps rest = steps_of((classes - 1) % CHUNK / UNROLL + 1);
#define COLUMN(operand) ((operand) + LID * TILE_STRIDE)
#define COUNT_HERE(m) (where[0].count ? (m) : 0)
#define EACH_CLASS(c, here) UNROLL_CLASSES for (int c = 0; c < (here)->count; c++)

// Moves UNROLL elements of the tile from memory, or to it. way: FETCH or DELIVER, a constant, so that compilers drop the other
// code.
INLINE void move_run(int way, int type, __global void *x, ulong at, __local float *cells) {
  float v[UNROLL];
  if (way == FETCH) {
    load_several(type, x, at, 0, BLOCK, 0.0f, v, UNROLL);
#pragma unroll
    for (int k = 0; k < UNROLL; k++) cells[k] = v[k];
  } else {
#pragma unroll
    for (int k = 0; k < UNROLL; k++) v[k] = cells[k];
    store_several(type, v, x, at, 0, BLOCK, UNROLL, 0);
  }
}

// Where a work-item begins in a chunk whose rows have so many runs, and how far it is to its next run.
typedef struct {
  int runs, row, run, row_step, run_step;
} steps;

INLINE steps steps_of(int runs) {
  int inverse = 65535 / runs + 1;  // the error of that, times LID or WGS, stays below 65536
  steps s;
  s.runs = runs;
  s.row = LID * inverse >> 16;
  s.run = LID - s.row * runs;
  s.row_step = WGS * inverse >> 16;
  s.run_step = WGS - s.row_step * runs;
  return s;
}

// Moves a chunk of count rows.
INLINE void move_classes(int way, int type, __global void *x, __local float *tile, uint classes, steps s, int count) {
  uint at = s.row * classes + s.run * UNROLL, cell = s.row * TILE_STRIDE + s.run * UNROLL;
  uint at_step = s.row_step * classes + s.run_step * UNROLL, cell_step = s.row_step * TILE_STRIDE + s.run_step * UNROLL;
  int run = s.run;
#pragma unroll 4
  for (int i = LID; i < count * s.runs; i += WGS) {
    move_run(way, type, x, at, tile + cell);
    at += at_step;
    cell += cell_step;
    run += s.run_step;
    if (run >= s.runs) {
      run -= s.runs;
      at += classes - s.runs * UNROLL;
      cell += TILE_STRIDE - s.runs * UNROLL;
    }
  }
}

// Moves a chunk; every work-item of the group calls it. rest: the steps of a row's last chunk.
INLINE void move_chunk(
    int way, int type, __global void *x, __local float *tile, ulong batch, int c0, int m, layout of, steps rest) {
  SYNC();
  int there = (int)min((ulong)ROWS, of.rows - batch * ROWS);
  ulong at = batch * ROWS * of.classes + c0;
  x = type == F32 ? (__global void *)((__global float *)x + at) : (__global void *)((__global ushort *)x + at);
  if (m == CHUNK && there == ROWS) {
    move_classes(way, type, x, tile, of.classes, steps_of(CHUNK / UNROLL), ROWS);
  } else {
    move_classes(way, type, x, tile, of.classes, m == CHUNK ? steps_of(CHUNK / UNROLL) : rest, there);
  }
  SYNC();
}

#define MOVE_CHUNK(way, type, p, tile) move_chunk(way, type, (__global void *)(p), tile, batch, c0, m, of, rest);

#elif defined(CLASSES)

#define INNER inner
#define BLOCKS_OF(classes) 1
#define STAYS(classes) 1
#define EACH_CHUNK(c0, m, from, to) for (int c0 = 0, m = CLASSES; m > 0; m = 0)
#define TILE_MEMORY
#define LINE(column, c) (column)[c]
#define CLEAR_TILE(operand)
#define ROW_MEMORY float tile[CLASSES];
#define COLUMN(operand) (operand)
#define COUNT_HERE(m) (where[0].count ? (m) : 0)
#define EACH_CLASS(c, here) \
  if ((here)->count) _Pragma("unroll") for (int c = 0; c < CLASSES; c++)

INLINE void fetch_row(int type, __global const input *x, float *tile, const place *w, ulong step) {
  if (w->count == 0) return;
  __global const input *at = x + w->at;
#pragma unroll
  for (int c = 0; c < CLASSES; c++, at += step) tile[c] = load_one(type, at, 0);
}

#define MOVE_CHUNK(way, type, p, tile) fetch_row(type, p, tile, &where[0], inner);

#else

#define INNER inner
#define BLOCKS_OF(classes) ((int)BLOCKS(classes))
#define STAYS(classes) 0
#define EACH_CHUNK(c0, m, from, to) for (int c0 = from, m = where[0].count ? (to)-c0 : 0; m > 0; m = 0)
#define ROW_MEMORY
#define TILE_OF(operand)
#define CLEAR_TILE(operand)

// count classes from class first on, step apart. curves: where the second derivative goes.
typedef struct {
  __global const input *x;
  __global result *out;
  ulong step;
  int first, count;
#ifdef PROBABILITIES
  __global const soft *shares;
#endif
#ifdef HESSIAN
  __global float *curves;
#endif
} chunk;

#define AT_HERE (where[0].at + c0 * inner)
#ifdef PROBABILITIES
#define SHARES_HERE , o.prob + AT_HERE
#else
#define SHARES_HERE
#endif
#ifdef HESSIAN
#define CURVES_HERE , o.hessian + AT_HERE
#else
#define CURVES_HERE
#endif
#define CHUNK_HERE \
  { x + AT_HERE, out + AT_HERE, inner, c0, m SHARES_HERE CURVES_HERE }

// Moves from class to class. Multiplying step by c would take eight instructions for each, an index for all operands five.
INLINE void step_on(chunk *here) {
  here->x += here->step;
  here->out += here->step;
#ifdef PROBABILITIES
  here->shares += here->step;
#endif
#ifdef HESSIAN
  here->curves += here->step;
#endif
}

#define EACH_CLASS(c, here) \
  chunk at_##c = *(here); \
  UNROLL_CLASSES for (int c = 0; c < (here)->count; c++, step_on(&at_##c))
#define READ(here, c) load_one(INPUT, at_##c.x, 0)
#define SHARE(here, c) load_one(TARGET, at_##c.shares, 0)
#define RESULT(here, c, v) store_one(INPUT, v, at_##c.out, 0)
#define CURVE(here, c, v) *at_##c.curves = (v)
#if defined(KEEP_TERMS) && !defined(RECOMPUTE)
#define KEEP_TERM(here, c, e) store_one(INPUT, e, at_##c.out, 0)
#define STORED(here, c) load_one(INPUT, at_##c.out, 0)
#else
#define LOGITS_STORED
#define KEEP_TERM(here, c, e)
#define STORED(here, c) READ(here, c)
#endif
#define MOVE_CHUNK(way, type, p, tile)
#endif
