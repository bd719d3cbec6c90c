package io.github.fusedloss;

/**
 * What a loss over rows of logits can say of each row in the same pass, without reading the logits
 * again. All of them are of the logits that the loss uses, after their {@link LogitTransform}.
 */
public enum Output {
  /** The logarithm of the sum of the exponentials; float32. */
  LSE(ElementType.FLOAT32),
  /** The logarithm of the target's probability, at most 0; float32. */
  TARGET_LOG_PROBABILITY(ElementType.FLOAT32),
  /** The entropy of the softmax in nats, at least 0; float32. */
  ENTROPY(ElementType.FLOAT32),
  /** The class of the largest logit, the lowest of several; int32. */
  ARGMAX(ElementType.INT32),
  /**
   * How many classes come before the target: those of larger logits, and of equal ones those with a
   * lower index. The target is among the k best where this is below k; int32.
   */
  RANK(ElementType.INT32);

  private final ElementType type;

  Output(ElementType type) {
    this.type = type;
  }

  /** The type of its numbers. */
  public ElementType type() {
    return type;
  }
}
