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

  /** Half of what the logsumexp is multiplied by for the gradient of the z-loss, a pair. */
  long zScale;
}
