package io.github.fusedloss;

/**
 * How {@link Distillation} measures how far a student's probabilities s are from a teacher's
 * probabilities t. Each divergence is 0 where they are equal, and never below 0.
 */
public enum Divergence {
  /** KL(t | s), the sum of {@code t * (log(t) - log(s))}. It is the usual one. */
  FORWARD_KL,
  /** KL(s | t), the sum of {@code s * (log(s) - log(t))}. */
  REVERSE_KL,
  /**
   * {@code beta * KL(t | M) + (1 - beta) * KL(s | M)} with {@code M = beta * t + (1 - beta) * s},
   * which with beta 0.5 is the Jensen-Shannon divergence.
   */
  JSD
}
