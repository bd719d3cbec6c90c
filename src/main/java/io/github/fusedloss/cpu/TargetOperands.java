package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.GeneratedNumerics.pairScale;
import static io.github.fusedloss.cpu.ScalarMath.pair;

/**
 * What the rows of a task are compared with, the weights of classes and rows, and the factors of
 * gradients.
 *
 * @param indices class indices; with class probabilities, which rows count; null if all count
 * @param probabilities probabilities for all classes of each row, or null
 * @param factor the factor of the gradients of all rows
 * @param penalty the factor of the penalty; 0 if there is none
 * @param penaltyFactor the factor of the penalty's gradients of all rows
 * @param upstream one more factor for each row; or null
 */
record TargetOperands(
    Targets indices,
    Floats probabilities,
    ClassWeights weights,
    float factor,
    float penalty,
    float penaltyFactor,
    Floats upstream) {
  /** Returns whether every class of a row has a share of its target, with these settings. */
  boolean haveShares(Settings settings) {
    return settings.smooth || probabilities != null;
  }

  /** Returns the factor of a row's gradient, a pair. */
  long scale(long row) {
    return scaled(factor, row);
  }

  /** Returns {@link RowTarget#penaltyScale}. */
  long penaltyScale(long row) {
    return penalty > 0f ? pairScale(scaled(penaltyFactor, row), penalty) : 0L;
  }

  private long scaled(float factor, long row) {
    RowFactors rowWeights = rowWeights();
    long scale = pair(factor, 0f);
    scale = rowWeights == null ? scale : pairScale(scale, rowWeights.get(row));
    return upstream == null ? scale : pairScale(scale, upstream.get(row));
  }

  /** Returns {@link RowTarget#scale} as a float. */
  float roundedScale(long row) {
    RowFactors rowWeights = rowWeights();
    float scale = rowWeights == null ? factor : factor * rowWeights.get(row);
    return upstream == null ? scale : scale * upstream.get(row);
  }

  /** Returns the factors of the losses; null if there are none. */
  RowFactors rowWeights() {
    return indices == null ? null : indices.rowWeights();
  }

  /** Returns whether a row is ignored. */
  boolean ignores(long row) {
    return indices != null && indices.get((int) row) == Targets.IGNORED;
  }
}
