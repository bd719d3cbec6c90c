package io.github.fusedloss.cpu;

/**
 * What a row is compared with: {@code row_target} of kernels/cross_entropy.cl, whose functions read
 * it.
 */
final class RowTarget {
  /** The logit of the target's class. */
  float x;

  /** Its weight. */
  float w = 1f;

  /** What the row's gradient is multiplied by, a pair. */
  long scale;

  /** The same of a penalty, with the penalty's own factor; 0 without one. */
  long penaltyScale;
}
