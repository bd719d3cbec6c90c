package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.pair;

/**
 * What the rows of a task are compared with, what that weighs, and what gradients are multiplied
 * by.
 *
 * @param indices of classes, or null
 * @param probabilities of all classes of each row, or null
 * @param factor of the gradients of all rows
 * @param upstream one more factor for each row; or null
 */
record TargetOperands(
    Targets indices, Floats probabilities, ClassWeights weights, float factor, Floats upstream) {
  /** The factor of a row's gradient, a pair. */
  long scale(long row) {
    return scaled(factor, row);
  }

  /** {@link RowTarget#zScale}. */
  long zScale(long row, Settings settings) {
    return GeneratedNumerics.pairScale(scaled(settings.zFactor, row), settings.zLoss);
  }

  private long scaled(float factor, long row) {
    long scale = pair(factor, 0f);
    return upstream == null ? scale : GeneratedNumerics.pairScale(scale, upstream.get(row));
  }

  /** The same as a float. */
  float roundedScale(long row) {
    return upstream == null ? factor : factor * upstream.get(row);
  }
}
