package io.github.fusedloss;

/**
 * What a loss over rows of logits can say of each row in the same pass, without reading the logits
 * again. All numbers are those of the logits that the loss uses, after their {@link
 * LogitTransform}.
 */
public enum Output {
  /** The logarithm of the sum of the exponentials; float32. */
  LSE(ElementType.FLOAT32),
  /** The logarithm of the target's probability, at most 0; float32. */
  TARGET_LOG_PROBABILITY(ElementType.FLOAT32),
  /** The entropy of the softmax in nats, at least 0; float32. */
  ENTROPY(ElementType.FLOAT32),
  /**
   * The class of the largest logit; int32. If several are equal, it is the lowest of these classes.
   */
  ARGMAX(ElementType.INT32),
  /**
   * How many classes come before the target: those with larger logits, and those with equal logits
   * and a lower index; int32. The target is among the k best if this is below k.
   */
  RANK(ElementType.INT32);

  private final ElementType type;

  Output(ElementType type) {
    this.type = type;
  }

  /** Returns the type of its numbers. */
  public ElementType type() {
    return type;
  }
}
