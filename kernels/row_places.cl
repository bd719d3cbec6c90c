// row_places.cl: where rows are whose sums go in the order of their classes; put behind row_parts.cl in front of row_tile.cl or
// row_items.cl.
//
// Maths
//   None of its own.
// Passes
//   None of its own.
// Launch contract
//   None of its own.

// Constants that say which way elements go; what is not of it goes.
#define FETCH 0
#define DELIVER 1

// Adjacent rows, from row offset of sample n; only count of them exist. at: the first one's first class; next, next_step:
// where the next ones' logits are.
typedef struct {
  ulong n, offset, at, next, next_step;
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
