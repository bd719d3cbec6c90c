package io.github.fusedloss;

import io.github.fusedloss.backend.Function;

/**
 * The functions that losses rest on, as methods of {@link FusedLoss}. They are not final, for the
 * reason given at {@link TypedLoss}.
 */
abstract sealed class Primitives permits FusedLoss {
  /** The default class axis: axis 1, or axis 0 of an input of one dimension. */
  private static final int DEFAULT_AXIS = CrossEntropy.DEFAULT.classAxis();

  final Engine engine;

  Primitives(Engine engine) {
    this.engine = engine;
  }

  /** Computes the logistic function of each element, of the input's type. */
  public Tensor sigmoid(Tensor input) {
    return PrimitiveCall.sigmoid(engine, input);
  }

  /**
   * Computes the softmax along the class axis, of the input's type. A row with NaN, +infinity or
   * only -infinity becomes NaN.
   */
  public Tensor softmax(Tensor input) {
    return softmax(input, LogitTransform.NONE, DEFAULT_AXIS);
  }

  /**
   * Computes {@link #softmax(Tensor)} along another axis, counted as by {@link
   * CrossEntropy#withClassAxis}.
   */
  public Tensor softmax(Tensor input, int classAxis) {
    return softmax(input, LogitTransform.NONE, classAxis);
  }

  /** Computes {@link #softmax(Tensor)} of transformed logits. */
  public Tensor softmax(Tensor input, LogitTransform logits) {
    return softmax(input, logits, DEFAULT_AXIS);
  }

  /** Computes {@link #softmax(Tensor)} of transformed logits along another axis. */
  public Tensor softmax(Tensor input, LogitTransform logits, int classAxis) {
    return PrimitiveCall.rows(engine, Function.SOFTMAX, input, logits, classAxis);
  }

  /**
   * Computes the logarithm of the softmax along the class axis; see {@link #softmax(Tensor)} for
   * undefined rows.
   */
  public Tensor logSoftmax(Tensor input) {
    return logSoftmax(input, LogitTransform.NONE, DEFAULT_AXIS);
  }

  /**
   * Computes {@link #logSoftmax(Tensor)} along another axis, counted as by {@link
   * CrossEntropy#withClassAxis}.
   */
  public Tensor logSoftmax(Tensor input, int classAxis) {
    return logSoftmax(input, LogitTransform.NONE, classAxis);
  }

  /** Computes {@link #logSoftmax(Tensor)} of transformed logits. */
  public Tensor logSoftmax(Tensor input, LogitTransform logits) {
    return logSoftmax(input, logits, DEFAULT_AXIS);
  }

  /** Computes {@link #logSoftmax(Tensor)} of transformed logits along another axis. */
  public Tensor logSoftmax(Tensor input, LogitTransform logits, int classAxis) {
    return PrimitiveCall.rows(engine, Function.LOG_SOFTMAX, input, logits, classAxis);
  }

  /**
   * Computes the logarithm of the sum of exponentials along the class axis, which the result lacks;
   * float32. A row of -infinity gives -infinity, and one with +infinity gives +infinity.
   */
  public Tensor logSumExp(Tensor input) {
    return logSumExp(input, LogitTransform.NONE, DEFAULT_AXIS);
  }

  /**
   * Computes {@link #logSumExp(Tensor)} along another axis, counted as by {@link
   * CrossEntropy#withClassAxis}.
   */
  public Tensor logSumExp(Tensor input, int classAxis) {
    return logSumExp(input, LogitTransform.NONE, classAxis);
  }

  /** Computes {@link #logSumExp(Tensor)} of transformed logits. */
  public Tensor logSumExp(Tensor input, LogitTransform logits) {
    return logSumExp(input, logits, DEFAULT_AXIS);
  }

  /** Computes {@link #logSumExp(Tensor)} of transformed logits along another axis. */
  public Tensor logSumExp(Tensor input, LogitTransform logits, int classAxis) {
    return PrimitiveCall.rows(engine, Function.LOGSUMEXP, input, logits, classAxis);
  }

  /**
   * Returns the sum of all elements of a floating-point tensor, rounded once; 0 if there are none.
   * Partial sums may be beyond the range of floats: 3e38 + 3e38 - 3e38 is 3e38.
   */
  public float sum(Tensor input) {
    return PrimitiveCall.sum(engine, input);
  }

  /** Returns the mean of all elements of a floating-point tensor; NaN if there are none. */
  public float mean(Tensor input) {
    return PrimitiveCall.mean(engine, input);
  }

  /**
   * Returns the largest element of a floating-point tensor; NaN if one is NaN.
   *
   * @throws IllegalArgumentException if there are no elements
   */
  public float max(Tensor input) {
    return PrimitiveCall.max(engine, input);
  }
}
