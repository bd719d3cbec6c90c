package io.github.fusedloss;

import io.github.fusedloss.backend.Function;

/**
 * The functions that losses rest on, as methods of {@link FusedLoss}. They are not final, for the
 * reason given at {@link TypedLoss}.
 */
abstract sealed class Primitives permits FusedLoss {
  /** Axis 1, or axis 0 of one dimension. */
  private static final int DEFAULT_AXIS = CrossEntropy.DEFAULT.classAxis();

  final Engine engine;

  Primitives(Engine engine) {
    this.engine = engine;
  }

  /** The logistic function of each element, of the input's type. */
  public Tensor sigmoid(Tensor input) {
    return PrimitiveCall.sigmoid(engine, input);
  }

  /**
   * Softmax along the class axis, of the input's type; a row with NaN, +infinity or only -infinity
   * becomes NaN.
   */
  public Tensor softmax(Tensor input) {
    return softmax(input, LogitTransform.NONE, DEFAULT_AXIS);
  }

  /** The same along another axis, as {@link CrossEntropy#withClassAxis} counts them. */
  public Tensor softmax(Tensor input, int classAxis) {
    return softmax(input, LogitTransform.NONE, classAxis);
  }

  /** The same of transformed logits. */
  public Tensor softmax(Tensor input, LogitTransform logits) {
    return softmax(input, logits, DEFAULT_AXIS);
  }

  /** The same of transformed logits, along another axis. */
  public Tensor softmax(Tensor input, LogitTransform logits, int classAxis) {
    return PrimitiveCall.rows(engine, Function.SOFTMAX, input, logits, classAxis);
  }

  /** Logarithm of the softmax along the class axis; undefined rows as in {@link #softmax}. */
  public Tensor logSoftmax(Tensor input) {
    return logSoftmax(input, LogitTransform.NONE, DEFAULT_AXIS);
  }

  /** The same along another axis, as {@link CrossEntropy#withClassAxis} counts them. */
  public Tensor logSoftmax(Tensor input, int classAxis) {
    return logSoftmax(input, LogitTransform.NONE, classAxis);
  }

  /** The same of transformed logits. */
  public Tensor logSoftmax(Tensor input, LogitTransform logits) {
    return logSoftmax(input, logits, DEFAULT_AXIS);
  }

  /** The same of transformed logits, along another axis. */
  public Tensor logSoftmax(Tensor input, LogitTransform logits, int classAxis) {
    return PrimitiveCall.rows(engine, Function.LOG_SOFTMAX, input, logits, classAxis);
  }

  /**
   * Logarithm of the sum of exponentials along the class axis, which the result lacks; float32. A
   * row of -infinity gives -infinity, one with +infinity gives +infinity.
   */
  public Tensor logSumExp(Tensor input) {
    return logSumExp(input, LogitTransform.NONE, DEFAULT_AXIS);
  }

  /** The same along another axis, as {@link CrossEntropy#withClassAxis} counts them. */
  public Tensor logSumExp(Tensor input, int classAxis) {
    return logSumExp(input, LogitTransform.NONE, classAxis);
  }

  /** The same of transformed logits. */
  public Tensor logSumExp(Tensor input, LogitTransform logits) {
    return logSumExp(input, logits, DEFAULT_AXIS);
  }

  /** The same of transformed logits, along another axis. */
  public Tensor logSumExp(Tensor input, LogitTransform logits, int classAxis) {
    return PrimitiveCall.rows(engine, Function.LOGSUMEXP, input, logits, classAxis);
  }

  /**
   * The sum of all elements of a floating-point tensor, rounded once; 0 if there are none. It may
   * leave the range of floats on its way: 3e38 + 3e38 - 3e38 is 3e38.
   */
  public float sum(Tensor input) {
    return PrimitiveCall.sum(engine, input);
  }

  /** The mean of all elements of a floating-point tensor; NaN if there are none. */
  public float mean(Tensor input) {
    return PrimitiveCall.mean(engine, input);
  }

  /**
   * The largest element of a floating-point tensor, NaN if one is NaN.
   *
   * @throws IllegalArgumentException if there are no elements
   */
  public float max(Tensor input) {
    return PrimitiveCall.max(engine, input);
  }
}
