package io.github.fusedloss.benchmarks;

/** A call that can be made again and again. */
interface Call extends AutoCloseable {
  /**
   * Makes the call, waits for its result and keeps that until the next one.
   *
   * @return anything that depends on the result
   */
  Object run();

  /** What the last {@link #run} computed. */
  Outcome outcome();

  @Override
  default void close() {}

  /**
   * A result on the host.
   *
   * @param scalar loss, sum or logsumexp; NaN if there is none
   * @param values gradient or softmax; null if there is none
   */
  record Outcome(double scalar, float[] values) {}
}
