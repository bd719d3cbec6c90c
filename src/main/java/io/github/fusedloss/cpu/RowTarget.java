package io.github.fusedloss.cpu;

/**
 * What a row is compared with: {@code row_target} in kernels/cross_entropy.cl, whose functions read
 * it.
 */
final class RowTarget {
  /** The logit of the target's class. */
  float x;

  /** The weight of the target's class. */
  float w = 1f;

  /** The factor of the row's gradient, a pair. */
  long scale;

  /**
   * The factor of the gradient of a penalty, which includes the penalty's own factor; 0 without
   * one.
   */
  long penaltyScale;
}
