package io.github.fusedloss;

/**
 * Cross entropy of logits, PyTorch's {@code cross_entropy}. For class indices y: {@code -w[y] *
 * log_softmax(x)[y]}; for class probabilities q: {@code -sum(w * q * log_softmax(x))}. Label
 * smoothing e replaces the target by {@code (1 - e) * target + e / C}.
 *
 * <p>Input: logits (C), (N, C) or (N, C, d1, ..., dk), float32, float16 or bfloat16. Target: class
 * indices (), (N) or (N, d1, ..., dk), int32 or int64; or class probabilities of the input's shape,
 * float32 or of its type.
 *
 * <p>A row's loss is at most 2 ULP from the exact value for weights and probabilities of at least
 * 0, a gradient 4 ULP for class indices, 2^-22 of the two terms whose difference it is otherwise;
 * docs/numerics.md says where the range ends.
 *
 * @param weight of each class, float32 (C); or null
 * @param ignoreIndex rows with this class index count for nothing; with class probabilities it has
 *     to be negative and means nothing
 * @param labelSmoothing in [0, 1]
 * @param reduction of the row losses
 * @param denominator of a mean, in [2^-126, 2^64], or NaN for PyTorch's: the weights of the
 *     targets, or the number of rows for class probabilities
 */
public record CrossEntropy(
    Tensor weight, long ignoreIndex, float labelSmoothing, Reduction reduction, double denominator)
    implements Loss {

  /** No weight, ignore_index -100, no smoothing, mean. */
  public static final CrossEntropy DEFAULT =
      new CrossEntropy(null, -100, 0f, Reduction.MEAN, Double.NaN);

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if they do not fit together
   */
  public CrossEntropy {
    Checks.options(reduction, denominator);
    Checks.floatWeight("weight", weight);
    if (!(labelSmoothing >= 0f && labelSmoothing <= 1f)) {
      throw new IllegalArgumentException("labelSmoothing must be in [0, 1], got " + labelSmoothing);
    }
  }

  @Override
  public String name() {
    return "cross_entropy";
  }

  /** With these class weights, or none if null. */
  public CrossEntropy weight(Tensor weight) {
    return new CrossEntropy(weight, ignoreIndex, labelSmoothing, reduction, denominator);
  }

  /** Rows with this class index count for nothing. */
  public CrossEntropy ignoreIndex(long ignoreIndex) {
    return new CrossEntropy(weight, ignoreIndex, labelSmoothing, reduction, denominator);
  }

  /** With this much label smoothing, in [0, 1]. */
  public CrossEntropy labelSmoothing(float labelSmoothing) {
    return new CrossEntropy(weight, ignoreIndex, labelSmoothing, reduction, denominator);
  }

  /** With this reduction. */
  public CrossEntropy reduction(Reduction reduction) {
    return new CrossEntropy(weight, ignoreIndex, labelSmoothing, reduction, denominator);
  }

  /** A mean that divides by {@code denominator}. */
  public CrossEntropy denominator(double denominator) {
    return new CrossEntropy(weight, ignoreIndex, labelSmoothing, reduction, denominator);
  }
}
