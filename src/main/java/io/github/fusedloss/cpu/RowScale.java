package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.pair;

/**
 * What the gradients of rows are multiplied by.
 *
 * @param all a factor of all rows
 * @param upstream one more for each row; or null
 */
record RowScale(float all, Floats upstream) {
  /** The factor of a row, a pair. */
  long of(long row) {
    long scale = pair(all, 0f);
    return upstream == null ? scale : GeneratedNumerics.pairScale(scale, upstream.get(row));
  }

  /** The same as a float. */
  float rounded(long row) {
    return upstream == null ? all : all * upstream.get(row);
  }
}
