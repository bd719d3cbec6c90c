// cross_entropy_in_order.cl: cross entropy of rows that are summed in the order of their classes.
//
// Maths
//   cross_entropy.cl.
// Passes
//   A batch at a time: maximum, terms and sums, loss, gradient (rows_in_order.cl). The rows of a work-item go through
//   each stage one vector after another, so that the long chains of finish() overlap.
// Launch contract
//   rows_in_order.cl and cross_entropy.cl. scratch: PART floats per block of a row and vector, if rows have several.

__kernel __attribute__((reqd_work_group_size(WGS, 1, 1))) void cross_entropy(
    __global const input *restrict x, __global const int *restrict class, __global const soft *restrict prob,
    __global const float *restrict weight, __global const float *restrict upstream, __global const float *restrict totals,
    __global const float2 *restrict weights, __global float2 *restrict sums, __global float *restrict loss, __global result *restrict out,
    __global float *restrict scratch, ulong rows, uint classes, ulong inner, ulong per_group, float scale,
    SMOOTHING_ARGUMENTS) {
  __local float tile[TILE_SIZE] __attribute__((aligned(64)));
#ifdef PROBABILITIES
  __local float shares[TILE_SIZE] __attribute__((aligned(64)));
#endif
  layout of = {classes, rows, INNER};
  MAKE_SMOOTHING
  int blocks = BLOCKS_OF(classes);
  int stays = STAYS(classes);
  scratch += (get_global_id(0) * UNROLL) * blocks * PART;
  if (totals) scale = totals[TOTALS_SCALE];
  ulong end = min((rows + ROWS - 1) / ROWS, (get_group_id(0) + 1) * per_group);
  for (ulong batch = get_group_id(0) * per_group; batch < end; batch++) {
    ulong first = batch * ROWS + LID * OWN;
    place where[UNROLL];
    row_part row[UNROLL];
    row_target target[UNROLL];
    fvec widest_block[UNROLL];
    EACH_OWN {
      where[j] = find_rows(first + j * VEC, of);
      target[j].x = (fvec)(0.0f);
#ifdef PROBABILITIES
      target[j].y = (ivec)(0);
      target[j].w = (fvec)(1.0f);
#else
      target[j].y = load_ints(class + first + j * VEC, 0, where[j].count, -1);
      target[j].w = weights_of(class, weight, first + j * VEC, where[j].count);
#endif
      target[j].scale = make_scale(upstream ? load(upstream + first + j * VEC, 0, where[j].count, 0.0f) : (fvec)(1.0f), scale);
      widest_block[j] = (fvec)(-INF);
    }

    FETCH_BATCH(INPUT, x, tile)
#ifdef PROBABILITIES
    FETCH_BATCH(TARGET, prob, shares)
#endif
    for (int b = 0; b < blocks; b++) {
      int from = b * BLOCK, to = min(from + BLOCK, (int)classes);
      fvec widest[UNROLL];
      EACH_OWN widest[j] = (fvec)(-INF);
      EACH_CHUNK(c0, m, from, to) {
        FETCH(INPUT, x, tile)
        EACH_OWN {
          fvec most = widest[j];
#ifndef PROBABILITIES
          ivec y = target[j].y - c0;
          fvec at_y = target[j].x;
#endif
          for (int c = 0; c < m; c++) {
            fvec v = TILE(tile, c, j);
            most = v > most ? v : most;
#ifndef PROBABILITIES
            at_y = y == c ? v : at_y;
#endif
          }
          widest[j] = most;
#ifndef PROBABILITIES
          target[j].x = at_y;
#endif
        }
      }
      pair rest[UNROLL], distance[UNROLL], mass[UNROLL];
      EACH_OWN {
        set_reference(&row[j], widest[j] + 0.0f);
        row[j].ties = (fvec)(0.0f);
        rest[j] = distance[j] = mass[j] = make_pair((fvec)(0.0f), (fvec)(0.0f));
      }
      EACH_CHUNK(c0, m, from, to) {
        if (!stays) {
          FETCH(INPUT, x, tile)
        }
#ifdef PROBABILITIES
        FETCH(TARGET, prob, shares)
#endif
        EACH_OWN {
          fvec most = row[j].max, shift = row[j].shift, magic = row[j].magic, cut = row[j].cut, ties = row[j].ties;
          pair sum = rest[j];
#ifdef WHOLE_ROW_LOSS
          fvec reference = most > -INF ? most : (fvec)(0.0f);
          pair d = distance[j], w = mass[j];
#endif
          for (int c = 0; c < m; c++) {
            fvec v = TILE(tile, c, j);
            PREFETCH(x + where[j].next + (c0 + c) * where[j].next_step);
            fvec e = term(v, cut, shift, magic);
#ifdef WANT_GRADIENT
            TILE(tile, c, j) = e;
#endif
            ties += tie(v, most);
            sum = accumulate_float(sum, term_of_other(v, most, e));
#ifdef WHOLE_ROW_LOSS
            fvec wc = (fvec)(weight ? weight[c0 + c] : 1.0f);
#ifdef PROBABILITIES
            pair p = share_of(TILE(shares, c, j), wc, smooth);
#else
            pair p = make_pair(wc, (fvec)(0.0f));
#endif
            w = accumulate(w, p.hi, p.lo);
            pair part = weighted_distance(v, reference, p);
            d = accumulate(d, part.hi, part.lo);
#endif
          }
          row[j].ties = ties;
          rest[j] = sum;
#ifdef WHOLE_ROW_LOSS
          distance[j] = d;
          mass[j] = w;
#endif
        }
#if defined(WANT_GRADIENT) && !defined(RECOMPUTE)
        if (!stays) {
          DELIVER(INPUT, out, tile)
        }
#endif
      }
      EACH_OWN {
        row[j].rest = normalise(rest[j].hi, rest[j].lo);
        row[j].distance = normalise(distance[j].hi, distance[j].lo);
        row[j].mass = normalise(mass[j].hi, mass[j].lo);
        widest_block[j] = row[j].max > widest_block[j] ? row[j].max : widest_block[j];
        if (blocks > 1) save_part(&row[j], scratch + (j * blocks + b) * PART);
      }
    }

    slope slopes[UNROLL];
    row_sums results[UNROLL];
    EACH_OWN {
      if (blocks > 1) merge_parts(&row[j], widest_block[j], scratch + j * blocks * PART, blocks);
      results[j] = finish(&row[j]);
      pair value = row_loss(&row[j], &results[j], &target[j], smooth);
      store_pairs(value, sums + first + j * VEC, where[j].count);
      if (loss) store(canonical(value.hi), loss + first + j * VEC, 0, where[j].count);
#ifdef WANT_GRADIENT
      if (blocks == 1) slopes[j] = row_slope(&row[j], &row[j], &results[j], &target[j], smooth);
#endif
    }

#ifdef WANT_GRADIENT
    row_part block[UNROLL];
    EACH_OWN block[j] = row[j];
    for (int b = 0; b < blocks; b++) {
      int from = b * BLOCK, to = min(from + BLOCK, (int)classes);
      if (blocks > 1) {
        EACH_OWN {
          block[j] = load_part(scratch + (j * blocks + b) * PART);
          slopes[j] = row_slope(&row[j], &block[j], &results[j], &target[j], smooth);
        }
      }
      EACH_CHUNK(c0, m, from, to) {
        if (!stays) {
#ifdef RECOMPUTE
          FETCH(INPUT, x, tile)
          EACH_OWN terms_again(&TILE(tile, 0, j), m, &block[j]);
#else
          FETCH(INPUT, out, tile)
#endif
        }
#ifdef PROBABILITIES
        if (!stays) {
          FETCH(TARGET, prob, shares)
        }
#endif
        EACH_OWN {
          slope g = slopes[j];
          ivec y = target[j].y - c0;
          if (!ANY(careful(&g))) {
            for (int c = 0; c < m; c++) {
              fvec v = TILE(tile, c, j) * g.factor;
              TILE(tile, c, j) = y == c ? g.at_y : v;
            }
          } else {
            for (int c = 0; c < m; c++) {
              fvec wc = (fvec)(weight ? weight[c0 + c] : 1.0f);
#ifdef PROBABILITIES
              pair p = share_of(TILE(shares, c, j), wc, smooth);
              ivec is_y = (ivec)(0);
#else
              pair p = make_pair(wc, (fvec)(0.0f));
              ivec is_y = y == c;
#endif
              TILE(tile, c, j) = gradient_of(TILE(tile, c, j), p, wc, is_y, &g);
            }
          }
        }
        DELIVER(INPUT, out, tile)
      }
    }
    DELIVER_BATCH(INPUT, out, tile)
#endif
    SYNC();
  }
}
