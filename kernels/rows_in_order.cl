// rows_in_order.cl: the kernel over rows that are summed in the order of their classes; put behind row_chunk.cl.
//
// Maths
//   rows.cl, and what NOUN.cl makes of a row.
// Passes
//   A batch of rows at a time: maximum, terms and sums, results for each row, results for each element
//   (-D WANT_ELEMENTS). The rows of a work-item go through each stage one vector after another, so that the long chains of
//   finish() overlap. Rows of several blocks (inner > 1) take the first two stages block by block.
// Launch contract
//   row_tile.cl or row_items.cl, and NOUN_rows.cl, which says what all kernels over rows call. Work-group g does batches
//   g * per_group onwards. scratch: FIELDS * VEC floats for each block of a row and vector, if rows have several. Local
//   memory: a tile, one more with PROBABILITIES, and with HESSIAN.

// Where the last pass reads rows that did not stay: from the terms that were kept, or from the logits.
#if defined(KEEP_TERMS) && !defined(RECOMPUTE)
#define SOURCE out
#else
#define SOURCE x
#endif

#ifdef SHORT_WAYS
#define IS_NEAR(max, least) is_near(max, least)
#else
#define IS_NEAR(max, least) 0
#endif

GROUP_KERNEL void KERNEL()(ROW_ARGUMENTS) {
  ROW_MEMORY
#ifdef PROBABILITIES
  TILE_OF(shares)
#endif
#ifdef HESSIAN
  TILE_OF(curves)
  CLEAR_TILE(curves)
#endif
  ROW_OPERANDS
  layout of = {classes, rows, INNER};
  int blocks = BLOCKS_OF(classes);
  int stays = STAYS(classes);
  if (blocks > 1) scratch += (get_global_id(0) * VECTORS) * blocks * FIELDS * VEC;
  place where[VECTORS], step = step_of(ROWS, of);
  EACH_OWN where[j] = find_row(get_group_id(0) * per_group * ROWS + LID * VECTORS * VEC + j * VEC, of);
  EACH_UNIT(batch, (rows + ROWS - 1) / ROWS, per_group) {
    ulong first = batch * ROWS + LID * VECTORS * VEC;
    row_target target[VECTORS];
    row_part row[VECTORS];
    fvec widest_block[VECTORS];
    EACH_OWN {
      look_around(&where[j], first + j * VEC, of);
      target[j] = load_target(&o, 0, first + j * VEC, where[j].count, 1);
#ifdef LOOK_UP_TARGETS
      look_up(&target[j], x, where[j], of);
#endif
#ifdef ROW_OUTPUTS
      settle_target(&target[j], &o);
#endif
      widest_block[j] = (fvec)(-INF);
    }
    MOVE_BATCH(FETCH, INPUT, x, tile)
#ifdef PROBABILITIES
    MOVE_BATCH(FETCH, TARGET, o.prob, shares)
#endif

    for (int b = 0; b < blocks; b++) {
      int from = b * BLOCK, to = min(from + BLOCK, (int)classes);
      fvec widest[VECTORS], narrowest[VECTORS];
      EACH_OWN {
        widest[j] = (fvec)(-INF);
        narrowest[j] = (fvec)(INF);
      }
      EACH_CHUNK(c0, m, from, to) {
        MOVE_CHUNK(FETCH, INPUT, x, tile)
        EACH_OWN {
          chunk here = CHUNK_HERE;
          look_at(&here, &widest[j], &narrowest[j], &target[j], &o);
        }
      }
      EACH_OWN row[j] = new_row(widest[j] + 0.0f);
      EACH_CHUNK(c0, m, from, to) {
        if (!stays) {
          MOVE_CHUNK(FETCH, INPUT, x, tile)
        }
#ifdef PROBABILITIES
        MOVE_CHUNK(FETCH, TARGET, o.prob, shares)
#endif
        EACH_OWN {
          chunk here = CHUNK_HERE;
          if (IS_NEAR(row[j].max, narrowest[j])) {
            add_up(&here, &row[j], 1, &target[j], &o, NEXT);
          } else {
            add_up(&here, &row[j], 0, &target[j], &o, NEXT);
          }
        }
#if defined(KEEP_TERMS) && !defined(RECOMPUTE)
        if (!stays) {
          MOVE_CHUNK(DELIVER, INPUT, out, tile)
        }
#endif
      }
      EACH_OWN {
        end_sums(&row[j]);
        widest_block[j] = row[j].max > widest_block[j] ? row[j].max : widest_block[j];
        if (blocks > 1) save_parts(&row[j], scratch + (j * blocks + b) * FIELDS * VEC, VEC);
      }
    }

    row_sums sums[VECTORS];
#ifdef WANT_ELEMENTS
    slope slopes[VECTORS];
#endif
    EACH_OWN {
      if (blocks > 1) row[j] = merge_rows(widest_block[j], scratch + j * blocks * FIELDS * VEC, blocks);
      sums[j] = finish(&row[j]);
#ifndef ROW_OUTPUTS
      settle_target(&target[j], &o);
#endif
      finish_rows(&o, &row[j], &sums[j], &target[j], first + j * VEC, where[j].count);
#ifdef WANT_ELEMENTS
      if (blocks == 1) slopes[j] = slope_of(&row[j], &row[j], &sums[j], &target[j], &o);
#endif
    }

#ifdef WANT_ELEMENTS
    row_part block[VECTORS];
    EACH_OWN block[j] = row[j];
    for (int b = 0; b < blocks; b++) {
      int from = b * BLOCK, to = min(from + BLOCK, (int)classes);
      if (blocks > 1) {
        EACH_OWN {
          block[j] = load_parts(scratch + (j * blocks + b) * FIELDS * VEC, VEC);
          slopes[j] = slope_of(&row[j], &block[j], &sums[j], &target[j], &o);
        }
      }
      EACH_CHUNK(c0, m, from, to) {
        if (!stays) {
          MOVE_CHUNK(FETCH, INPUT, SOURCE, tile)
#ifdef PROBABILITIES
          MOVE_CHUNK(FETCH, TARGET, o.prob, shares)
#endif
        }
        EACH_OWN {
          chunk here = CHUNK_HERE;
#ifdef TERMS_AGAIN
          if (!stays) terms_again(&here, &block[j]);
#endif
          make_results(&here, &block[j], &slopes[j], &target[j], &o);
        }
        MOVE_CHUNK(DELIVER, INPUT, out, tile)
#ifdef HESSIAN
        MOVE_CHUNK(DELIVER, F32, o.hessian, curves)
#endif
      }
    }
    MOVE_BATCH(DELIVER, INPUT, out, tile)
#ifdef HESSIAN
    MOVE_BATCH(DELIVER, F32, o.hessian, curves)
#endif
#endif
    EACH_OWN move_on(&where[j], &step, of);
    SYNC();
  }
}
