package io.github.fusedloss.backend;

import io.github.fusedloss.DeviceInfo;
import io.github.fusedloss.ElementType;

/**
 * Computes on one device. Safe for use by many threads. Every operand of a task may be {@link
 * HostMemory} or memory that this executor allocated.
 */
public interface Executor extends AutoCloseable {
  /** Returns what is known of this executor. */
  DeviceInfo info();

  /** Allocates uninitialised memory where this executor computes. */
  Memory allocate(ElementType type, long length);

  /** Returns true if {@link #allocate} of this executor made the memory. */
  boolean owns(Memory memory);

  /** Copies all of the host memory into all of device memory of this executor, of the same type. */
  void upload(HostMemory from, Memory to);

  /** Copies all of device memory of this executor into all of the host memory, of the same type. */
  void download(Memory from, HostMemory to);

  /** Returns how many bytes of device memory allocated memory holds now. */
  long liveBytes();

  /**
   * Measures the device's own copy of so many bytes: bytes read plus written per second, the
   * median.
   */
  double copyBandwidth(long bytes);

  /** Computes the logistic function, element by element. */
  void sigmoid(long size, Memory input, Memory output);

  /**
   * Copies weights where a mask is not 0, and writes 0 elsewhere.
   *
   * @param mask integers or booleans
   */
  void mask(long size, Memory weights, Memory mask, Memory output);

  /** Computes softmax, log-softmax or log-sum-exp of rows. */
  void softmax(SoftmaxTask task);

  /**
   * Returns a compensated sum, exact to about 2^-44 of the sum of magnitudes. The size is at least
   * 1.
   *
   * @param factor a factor of every element, a power of two: below 1 for a sum that would overflow
   */
  double sum(long size, Memory input, float factor);

  /** Returns the compensated sum of the elements themselves. */
  default double sum(long size, Memory input) {
    return sum(size, input, 1f);
  }

  /** Returns the largest element; NaN if one is NaN. The size is at least 1. */
  float max(long size, Memory input);

  /**
   * Computes a loss over elements.
   *
   * @throws BadElementException if a probability of BINARY_CROSS_ENTROPY or its target is not in
   *     [0, 1]
   */
  Totals binaryCrossEntropy(BceTask task);

  /**
   * Computes a loss over rows.
   *
   * @throws BadElementException if a class index is neither in [0, classes) nor ignoreIndex
   */
  Totals crossEntropy(CrossEntropyTask task);

  /**
   * Waits for running calls, and closes; closing twice does nothing. Later calls throw
   * IllegalStateException.
   */
  @Override
  void close();
}
