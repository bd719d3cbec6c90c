package io.github.fusedloss.backend;

import io.github.fusedloss.DeviceInfo;
import io.github.fusedloss.ElementType;

/**
 * Computes on one device. Safe for use by many threads. Every operand of a task may be {@link
 * HostMemory} or memory that this executor allocated.
 */
public interface Executor extends AutoCloseable {
  /** As in {@link DeviceInfo#name()}. */
  DeviceInfo info();

  /** Uninitialised memory where this executor computes. */
  Memory allocate(ElementType type, long length);

  /** True if {@link #allocate} of this executor made the memory. */
  boolean owns(Memory memory);

  /** Copies all of the host memory into all of memory of this executor, of the same type. */
  void upload(HostMemory from, Memory to);

  /** Copies all of memory of this executor into all of the host memory, of the same type. */
  void download(Memory from, HostMemory to);

  /** Bytes of device memory that allocated memory holds now. */
  long liveBytes();

  /** The device's own copy of {@code bytes}: bytes read plus written per second, median. */
  double copyBandwidth(long bytes);

  /** Logistic function, element by element. */
  void sigmoid(long size, Memory input, Memory output);

  /**
   * Weights where a mask is not 0, and 0 elsewhere.
   *
   * @param mask of integers or booleans
   */
  void mask(long size, Memory weights, Memory mask, Memory output);

  /** Softmax, log-softmax or log-sum-exp of rows. */
  void softmax(SoftmaxTask task);

  /**
   * Compensated sum; exact to about 2^-44 of the sum of magnitudes. Size at least 1.
   *
   * @param factor of every element, a power of two: below 1 for a sum that would overflow
   */
  double sum(long size, Memory input, float factor);

  /** The same of the elements as they are. */
  default double sum(long size, Memory input) {
    return sum(size, input, 1f);
  }

  /** Largest element, NaN if there is one. Size at least 1. */
  float max(long size, Memory input);

  /**
   * Binary cross entropy.
   *
   * @throws BadElementException if a probability or its target is not in [0, 1]
   */
  Totals binaryCrossEntropy(BceTask task);

  /**
   * Cross entropy or negative log likelihood.
   *
   * @throws BadElementException if a class index is neither in [0, classes) nor ignoreIndex
   */
  Totals crossEntropy(CrossEntropyTask task);

  /** Idempotent; waits for running calls. Later calls throw IllegalStateException. */
  @Override
  void close();
}
