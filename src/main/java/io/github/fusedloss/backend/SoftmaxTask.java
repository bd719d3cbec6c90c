package io.github.fusedloss.backend;

/**
 * A function of rows of logits. Layout as in {@link CrossEntropyTask}.
 *
 * @param kind which function
 * @param batch N, at least 1
 * @param classes C, at least 1
 * @param inner at least 1
 * @param input floating-point, batch * classes * inner
 * @param output of the input's type and size, for LOGSUMEXP float32, one element per row
 */
public record SoftmaxTask(
    Kind kind, long batch, int classes, long inner, Memory input, Memory output) {

  /** The functions. */
  public enum Kind {
    /** exp(x - logsumexp(x)). */
    SOFTMAX,
    /** x - logsumexp(x). */
    LOG_SOFTMAX,
    /** log of the sum of exp(x). */
    LOGSUMEXP
  }

  /** Number of rows. */
  public long rows() {
    return batch * inner;
  }
}
