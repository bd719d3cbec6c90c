package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.GeneratedNumerics.pairScale;
import static io.github.fusedloss.cpu.ScalarMath.pair;

/**
 * What the rows of a task are compared with, what that weighs, and what gradients are multiplied
 * by.
 *
 * @param indices of classes; with class probabilities, which rows count; or null if all do
 * @param probabilities of all classes of each row, or null
 * @param factor of the gradients of all rows
 * @param penalty what the penalty is multiplied by; 0 for none
 * @param penaltyFactor of its gradients of all rows
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
  /** Whether every class of a row has a share of its target, with these settings. */
  boolean haveShares(Settings settings) {
    return settings.smooth || probabilities != null;
  }

  /** The factor of a row's gradient, a pair. */
  long scale(long row) {
    return scaled(factor, row);
  }

  /** {@link RowTarget#penaltyScale}. */
  long penaltyScale(long row) {
    return penalty > 0f ? pairScale(scaled(penaltyFactor, row), penalty) : 0L;
  }

  private long scaled(float factor, long row) {
    RowFactors rowWeights = rowWeights();
    long scale = pair(factor, 0f);
    scale = rowWeights == null ? scale : pairScale(scale, rowWeights.get(row));
    return upstream == null ? scale : pairScale(scale, upstream.get(row));
  }

  /** {@link RowTarget#scale} as a float. */
  float roundedScale(long row) {
    RowFactors rowWeights = rowWeights();
    float scale = rowWeights == null ? factor : factor * rowWeights.get(row);
    return upstream == null ? scale : scale * upstream.get(row);
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
