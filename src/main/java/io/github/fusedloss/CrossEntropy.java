package io.github.fusedloss;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;

/**
 * Cross entropy of logits, PyTorch's {@code cross_entropy}. For class indices y: {@code -w[y] *
 * log_softmax(x)[y]}; for class probabilities q: {@code -sum(w * q * log_softmax(x))}. Label
 * smoothing e replaces the target by {@code (1 - e) * target + e / C}.
 *
 * <p>Input: logits (C), (N, C) or (N, C, d1, ..., dk), float32, float16 or bfloat16. Target: class
 * indices (), (N) or (N, d1, ..., dk), int8 to int64 or uint8; or class probabilities of the
 * input's shape, float32 or of its type.
 *
 * <p>A row's loss is at most 2 ULP from the exact value for weights and probabilities of at least
 * 0, a gradient 4 ULP for class indices, 2^-22 of the two terms whose difference it is otherwise;
 * docs/numerics.md says where the range ends.
 */
@CheckReturnValue
public final class CrossEntropy extends TypedLoss<CrossEntropy> {
  /** The default options: no weight, ignore_index -100, no smoothing, reduction mean. */
  public static final CrossEntropy DEFAULT =
      new CrossEntropy(Options.defaults(Function.CROSS_ENTROPY));

  private static final long serialVersionUID = 1;

  private CrossEntropy(Options options) {
    super(options);
  }

  @Override
  CrossEntropy with(Options options) {
    return new CrossEntropy(options);
  }

  /** Returns the class index of rows that are ignored. */
  public long ignoreIndex() {
    return options().integer(Option.IGNORE_INDEX);
  }

  /**
   * Returns a copy that ignores rows with this class index. With class probabilities the index must
   * be negative, and has no effect.
   */
  public CrossEntropy withIgnoreIndex(long ignoreIndex) {
    return with(options().with(Option.IGNORE_INDEX, ignoreIndex));
  }

  /** Returns the factor of the square of each row's logsumexp. */
  public float zLoss() {
    return options().number(Option.Z_LOSS);
  }

  /**
   * Returns a copy with a z-loss, which keeps logits from drifting: it adds {@code zLoss *
   * logsumexp(x)^2} to each row's loss, whatever the weight of its class. The mean of these terms
   * is over the rows that count, or over a denominator that is given, as in Liger Kernel (PyTorch
   * has no z-loss). {@link LossResult#zLoss()} is what it adds.
   *
   * @param zLoss finite and at least 0; 0 for none
   * @throws IllegalArgumentException if it is another
   */
  public CrossEntropy withZLoss(float zLoss) {
    return with(options().with(Option.Z_LOSS, zLoss));
  }

  /** Returns what is done to the logits before the loss is computed. */
  public LogitTransform logits() {
    return LogitTransform.of(options());
  }

  /**
   * Returns a copy that does this to the logits first. Gradients are with respect to the logits as
   * given.
   */
  public CrossEntropy withLogits(LogitTransform logits) {
    return with(Checks.given("logits", logits).in(options()));
  }

  /** Returns the share of the target that is spread over all classes. */
  public float labelSmoothing() {
    return options().number(Option.LABEL_SMOOTHING);
  }

  /**
   * Returns a copy with this share of the target spread over all classes.
   *
   * @param labelSmoothing in [0, 1]
   * @throws IllegalArgumentException if it is not in this range
   */
  public CrossEntropy withLabelSmoothing(float labelSmoothing) {
    return with(options().with(Option.LABEL_SMOOTHING, labelSmoothing));
  }

  /** Returns the axis of the input that holds the classes. */
  public int classAxis() {
    return (int) options().integer(Option.CLASS_AXIS);
  }

  /**
   * Returns a copy that has the classes on another axis, without copying the input. Target, row
   * weights and losses have the shape of the input without that axis. The axis is checked when
   * there is an input.
   *
   * @param classAxis from -1 down it counts from the last axis; 1, the default, means axis 0 of an
   *     input of one dimension
   */
  public CrossEntropy withClassAxis(int classAxis) {
    return with(options().with(Option.CLASS_AXIS, (long) classAxis));
  }
}
