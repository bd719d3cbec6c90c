// row_places.cl: where rows are whose sums go in the order of their classes; put behind row_parts.cl in front of row_tile.cl or
// row_items.cl.
//
// Maths
//   None of its own.
// Passes
//   None of its own.
// Launch contract
//   None of its own.

// Constants that say which way elements go, so that compilers drop the code for the other.
#define FETCH 0
#define DELIVER 1

// Adjacent rows, from row offset of sample n on; only count of them exist. at: the first class of the first row, on GPUs; next,
// next_step: where the next rows' logits are, on CPUs.
typedef struct {
  ulong n, offset, at, next, next_step;
  int count;
} place;

typedef struct {
  uint classes;
  ulong rows, inner;
} layout;

#if VEC == 1
#define SET_PLACE(w, of) (w)->at = (w)->n * (of).classes * (of).inner + (w)->offset;
#else
#define SET_PLACE(w, of)
#endif

// Finds where a row is. That takes a division, so it is done before loops.
INLINE place find_row(ulong row, layout of) {
  place w;
  w.n = of.inner == 1 ? row : row / of.inner;
  w.offset = row - w.n * of.inner;
  SET_PLACE(&w, of)
  return w;
}

// How far it is to the row that is so many rows further; mostly without a division.
INLINE place step_of(uint rows, layout of) {
  place w;
  w.n = 0;
  w.offset = w.at = rows;
  if (of.inner <= rows) {
    w.n = rows / (uint)of.inner;
    w.offset = rows - w.n * of.inner;
    SET_PLACE(&w, of)
  }
  return w;
}

// Moves on by the distance that step_of() found.
INLINE void move_on(place *w, const place *by, layout of) {
  w->n += by->n;
  w->offset += by->offset;
#if VEC == 1
  w->at += by->at;
#endif
  if (w->offset >= of.inner) {
    w->offset -= of.inner;
    w->n++;
#if VEC == 1
    w->at += (of.classes - 1) * of.inner;
#endif
  }
}
