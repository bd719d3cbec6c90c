package io.github.fusedloss.backend;

/**
 * Cross entropy over rows of logits, or the negative log likelihood over rows of log-probabilities,
 * loss and gradient at once. Element (n, c, k) of the input is at {@code (n * classes + c) * inner
 * + k}; row r = n * inner + k.
 *
 * @param kind which loss
 * @param batch N, at least 1
 * @param classes C, at least 1
 * @param inner product of the dimensions behind the classes, at least 1
 * @param input floating-point, batch * classes * inner
 * @param target class indices (INT32 or INT64, one per row), or class probabilities (FLOAT32, of
 *     the input's size) for {@link Kind#PROBABILITIES}
 * @param weight float32, one per class; or null
 * @param ignoreIndex rows with this index count for nothing
 * @param labelSmoothing in [0, 1]
 * @param mean true if the gradient is to be divided by the sum of the rows' weights
 * @param scale factor of the whole gradient
 * @param upstream one factor per row of the gradient, or null
 * @param loss receives the row losses; or null
 * @param gradient of the input's type, receives the gradient with respect to the input; or null. It
 *     may be the input itself: a call that fails has then changed the input and must not be tried
 *     again
 */
public record CrossEntropyTask(
    Kind kind,
    long batch,
    int classes,
    long inner,
    Memory input,
    Memory target,
    Memory weight,
    long ignoreIndex,
    float labelSmoothing,
    boolean mean,
    float scale,
    Memory upstream,
    Memory loss,
    Memory gradient) {

  /** The losses over rows. */
  public enum Kind {
    /** Logits and class indices. */
    INDICES,
    /** Logits and class probabilities. */
    PROBABILITIES,
    /** Log-probabilities and class indices. */
    NLL
  }

  /** Number of rows. */
  public long rows() {
    return batch * inner;
  }

  /**
   * The factor of the gradient.
   *
   * @param weightSum of the rows that count; where a mean has none, because it is 0 or not finite,
   *     the gradient is NaN as the loss is
   */
  public float factor(double weightSum) {
    if (!mean) {
      return scale;
    }
    boolean divides = Math.abs(weightSum) <= Double.MAX_VALUE && weightSum != 0;
    return divides ? (float) (scale / weightSum) : Float.NaN;
  }

  /** What to throw for a class index that is neither a class nor ignoreIndex. */
  public BadElementException refuse(long row, long index) {
    return BadElementException.index(
        "target",
        row,
        "a class index in [0, " + classes + ") or ignoreIndex " + ignoreIndex,
        index);
  }
}
