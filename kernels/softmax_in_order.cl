// softmax_in_order.cl: softmax, log_softmax and logsumexp of rows that are summed in the order of their classes.
//
// Maths
//   softmax.cl.
// Passes
//   A batch at a time: maximum, terms and sums, result (rows_in_order.cl).
// Launch contract
//   rows_in_order.cl. -D SOFTMAX, LOG_SOFTMAX or LOGSUMEXP. scratch: PART floats per block of a row and vector, if rows
//   have several.

// Where the last pass reads what did not stay: the kept terms, or the logits again.
#if defined(SOFTMAX) && !defined(RECOMPUTE)
#define SOURCE out
#else
#define SOURCE x
#endif

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void softmax(
    __global const input *restrict x, __global result *restrict out, __global float *restrict scratch, ulong rows,
    uint classes, ulong inner, ulong per_group) {
  __local float tile[TILE_SIZE] __attribute__((aligned(64)));
  layout of = {classes, rows, INNER};
  int blocks = BLOCKS_OF(classes);
  int stays = STAYS(classes);
  scratch += (get_global_id(0) * UNROLL) * blocks * PART;
  ulong end = min((rows + ROWS - 1) / ROWS, (get_group_id(0) + 1) * per_group);
  for (ulong batch = get_group_id(0) * per_group; batch < end; batch++) {
    ulong first = batch * ROWS + LID * OWN;
    place where[UNROLL];
    row_part row[UNROLL];
    fvec widest_block[UNROLL];
    EACH_OWN {
      where[j] = find_rows(first + j * VEC, of);
      widest_block[j] = (fvec)(-INF);
    }
    FETCH_BATCH(INPUT, x, tile)
    for (int b = 0; b < blocks; b++) {
      int from = b * BLOCK, to = min(from + BLOCK, (int)classes);
      fvec widest[UNROLL];
      EACH_OWN widest[j] = (fvec)(-INF);
      EACH_CHUNK(c0, m, from, to) {
        FETCH(INPUT, x, tile)
        EACH_OWN {
          fvec most = widest[j];
          for (int c = 0; c < m; c++) {
            fvec v = TILE(tile, c, j);
            most = v > most ? v : most;
          }
          widest[j] = most;
        }
      }
      pair rest[UNROLL];
      EACH_OWN {
        set_reference(&row[j], widest[j] + 0.0f);
        row[j].ties = (fvec)(0.0f);
        rest[j] = make_pair((fvec)(0.0f), (fvec)(0.0f));
      }
      EACH_CHUNK(c0, m, from, to) {
        if (!stays) {
          FETCH(INPUT, x, tile)
        }
        EACH_OWN {
          fvec most = row[j].max, shift = row[j].shift, magic = row[j].magic, cut = row[j].cut, ties = row[j].ties;
          pair sum = rest[j];
          for (int c = 0; c < m; c++) {
            fvec v = TILE(tile, c, j);
            PREFETCH(x + where[j].next + (c0 + c) * where[j].next_step);
            fvec e = term(v, cut, shift, magic);
#ifdef SOFTMAX
            TILE(tile, c, j) = e;
#endif
            ties += tie(v, most);
            sum = accumulate_float(sum, term_of_other(v, most, e));
          }
          row[j].ties = ties;
          rest[j] = sum;
        }
#if defined(SOFTMAX) && !defined(RECOMPUTE)
        if (!stays) {
          DELIVER(INPUT, out, tile)
        }
#endif
      }
      EACH_OWN {
        row[j].rest = normalise(rest[j].hi, rest[j].lo);
        row[j].distance = row[j].mass = make_pair((fvec)(0.0f), (fvec)(0.0f));
        widest_block[j] = row[j].max > widest_block[j] ? row[j].max : widest_block[j];
        if (blocks > 1) save_part(&row[j], scratch + (j * blocks + b) * PART);
      }
    }

    row_sums sums[UNROLL];
    EACH_OWN {
      if (blocks > 1) merge_parts(&row[j], widest_block[j], scratch + j * blocks * PART, blocks);
      sums[j] = finish(&row[j]);
#ifdef LOGSUMEXP
      store(row_logsumexp(&row[j], &sums[j]), out + first + j * VEC, 0, where[j].count);
#endif
    }
#ifndef LOGSUMEXP
    for (int b = 0; b < blocks; b++) {
      int from = b * BLOCK, to = min(from + BLOCK, (int)classes);
      EACH_CHUNK(c0, m, from, to) {
        if (!stays) {
          FETCH(INPUT, SOURCE, tile)
        }
        EACH_OWN {
          row_sums s = sums[j];
          row_part part = row[j];
          if (blocks > 1) part = load_part(scratch + (j * blocks + b) * PART);
#if defined(SOFTMAX) && defined(RECOMPUTE)
          if (!stays) terms_again(&TILE(tile, 0, j), m, &part);
#endif
          fvec factor = row_factor(&row[j], blocks > 1 ? &part : &row[j], &s);
          for (int c = 0; c < m; c++) TILE(tile, c, j) = result_of(TILE(tile, c, j), factor, &row[j], &s);
        }
        DELIVER(INPUT, out, tile)
      }
    }
    DELIVER_BATCH(INPUT, out, tile)
#endif
    SYNC();
  }
}
