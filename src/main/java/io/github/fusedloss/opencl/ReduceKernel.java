package io.github.fusedloss.opencl;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.SumShape;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/** Host side of reduce.cl: canonical sums and the maximum. */
final class ReduceKernel {
  private final OpenClContext context;
  private final LaunchShape shape;

  ReduceKernel(OpenClContext context, LaunchShape shape) {
    this.context = context;
    this.shape = shape;
  }

  /** Computes one partial result for each block of n elements; does not wait. */
  private void run(
      String kernel,
      ElementType type,
      DeviceBuffer x,
      DeviceBuffer partial,
      long n,
      float... factor) {
    long blocks = SumShape.blocks(n);
    long per = shape.perGroup(blocks);
    context
        .program(KernelSource.ELEMENTS, shape.elements() + Storage.input(type))
        .kernel(kernel)
        .buffer(x, partial)
        .int64(n, per)
        .float32(factor)
        .run(shape.global(blocks, per), shape.group());
  }

  /** Returns a buffer with the sum of n floats as a pair; does not wait. */
  DeviceBuffer sumOnDevice(CallBuffers operands, ElementType type, DeviceBuffer x, long n) {
    DeviceBuffer partial = sumOfBlocks(operands, type, x, n, 1f);
    return toOnePair(operands, partial, SumShape.blocks(n), null);
  }

  /**
   * Returns a buffer with the sums of the blocks of n floats times a factor, as pairs; does not
   * wait.
   */
  DeviceBuffer sumOfBlocks(
      CallBuffers operands, ElementType type, DeviceBuffer x, long n, float factor) {
    DeviceBuffer partial = operands.room(SumShape.blocks(n) * 8);
    run("sum_floats", type, x, partial, n, factor);
    return partial;
  }

  /** Returns a buffer with the sums of the blocks of n pairs, as pairs; does not wait. */
  DeviceBuffer sumOfBlocks(CallBuffers operands, DeviceBuffer pairs, long n) {
    DeviceBuffer partial = operands.room(SumShape.blocks(n) * 8);
    sumPairs(pairs, n, partial);
    return partial;
  }

  private void sumPairs(DeviceBuffer pairs, long n, DeviceBuffer partial) {
    run("sum_pairs", ElementType.FLOAT32, pairs, partial, n);
  }

  /** Returns the sum of n pairs; waits for the device. */
  double sumPairs(CallBuffers operands, DeviceBuffer pairs, long n) {
    return read(toOnePair(operands, pairs, n, null));
  }

  private static double read(DeviceBuffer pair) {
    float[] sum = new float[2];
    pair.read(0, FloatBuffer.wrap(sum));
    return valueOf(sum[0], sum[1]);
  }

  /** Returns the number that a pair stands for. */
  static double valueOf(float hi, float lo) {
    return Math.abs(hi) < Float.POSITIVE_INFINITY ? (double) hi + lo : hi;
  }

  /**
   * Adds n pairs up on the device without waiting for it.
   *
   * @param into receives the sum at its beginning if n is 2 or more; null for a new buffer
   * @return the buffer with the sum: {@code pairs} if n is 1
   */
  DeviceBuffer toOnePair(CallBuffers operands, DeviceBuffer pairs, long n, DeviceBuffer into) {
    while (n > 1) {
      long blocks = SumShape.blocks(n);
      DeviceBuffer partial = blocks == 1 && into != null ? into : operands.room(blocks * 8);
      sumPairs(pairs, n, partial);
      pairs = partial;
      n = blocks;
    }
    return pairs;
  }

  /**
   * Returns the key of the largest of n floats; larger floats have larger keys. Waits for the
   * device.
   */
  int maxKey(CallBuffers operands, ElementType type, DeviceBuffer x, long n) {
    int blocks = Math.toIntExact(SumShape.blocks(n));
    DeviceBuffer partial = operands.room(blocks * 4L);
    run("max_floats", type, x, partial, n);
    int[] keys = new int[blocks];
    context.finish();
    partial.read(0, IntBuffer.wrap(keys));
    int key = Integer.MIN_VALUE;
    for (int k : keys) {
      key = Math.max(key, k);
    }
    return key;
  }

  /** Returns the float that has this {@link #maxKey}. */
  static float ofKey(int key) {
    return key == Integer.MAX_VALUE
        ? Float.NaN
        : Float.intBitsToFloat(key ^ (key >> 31 & 0x7fffffff));
  }
}
