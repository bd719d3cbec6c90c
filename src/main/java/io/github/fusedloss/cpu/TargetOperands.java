package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.pair;

/**
 * What the rows of a task are compared with, what that weighs, and what gradients are multiplied
 * by.
 *
 * @param indices of classes; with class probabilities, which rows count; or null if all do
 * @param probabilities of all classes of each row, or null
 * @param factor of the gradients of all rows
 * @param upstream one more factor for each row; or null
 */
record TargetOperands(
    Targets indices, Floats probabilities, ClassWeights weights, float factor, Floats upstream) {
  /** Whether every class of a row has a share of its target, with these settings. */
  boolean haveShares(Settings settings) {
    return settings.smooth || probabilities != null;
  }

  /** The factor of a row's gradient, a pair. */
  long scale(long row) {
    return scaled(factor, row);
  }

  /** {@link RowTarget#zScale}. */
  long zScale(long row, Settings settings) {
    return GeneratedNumerics.pairScale(scaled(settings.zFactor, row), settings.zLoss);
  }

  private long scaled(float factor, long row) {
    long scale = weigh(pair(factor, 0f), row);
    return upstream == null ? scale : GeneratedNumerics.pairScale(scale, upstream.get(row));
  }

  /** The same as a float. */
  float roundedScale(long row) {
    RowFactors rowWeights = rowWeights();
    float scale = rowWeights == null ? factor : factor * rowWeights.get(row);
    return upstream == null ? scale : scale * upstream.get(row);
  }

  /** What is computed of a row, a pair, times the weight of the row. */
  long weigh(long value, long row) {
    RowFactors rowWeights = rowWeights();
    return rowWeights == null ? value : GeneratedNumerics.pairScale(value, rowWeights.get(row));
  }

  /** Of which the losses have a factor each; or null. */
  RowFactors rowWeights() {
    return indices == null ? null : indices.rowWeights();
  }

  /** Whether a row counts for nothing. */
  boolean ignores(long row) {
    return indices != null && indices.get((int) row) == Targets.IGNORED;
  }
}
