package io.github.fusedloss.opencl;

import java.nio.FloatBuffer;

/**
 * The totals that one loss leaves on the device, which the host reads once, at the end. There is
 * the pair of the loss's sum. From targets.cl (see TOTALS_* in blocks.cl) there are the scale of
 * the gradient, the sum of the weights, how many rows count, and the first row whose target is no
 * class. From element_loss.cl there is whether it refused an element.
 */
final class LossTotals {
  // The places of these numbers, in floats: TOTALS_* of blocks.cl.
  static final int SCALE = 2;
  static final int PENALTY_SCALE = 3;
  static final int WEIGHT = 4;
  static final int COUNT = 6;
  static final int BAD = 8;
  private static final int FLOATS = BAD + 2;

  private final DeviceBuffer buffer;
  private final float[] values = new float[FLOATS];

  LossTotals(CallBuffers operands) {
    buffer = operands.room(FLOATS * 4);
  }

  DeviceBuffer buffer() {
    return buffer;
  }

  /** Waits for the device, and reads the totals. */
  void read() {
    buffer.read(0, FloatBuffer.wrap(values));
  }

  double sum() {
    return pair(0);
  }

  double weightSum() {
    return pair(WEIGHT);
  }

  long count() {
    return integer(COUNT);
  }

  /**
   * Returns the first row whose target is no class, or {@link Long#MAX_VALUE}; from
   * element_loss.cl, a number that is not 0 if an element was refused.
   */
  long bad() {
    return integer(BAD);
  }

  private double pair(int at) {
    return ReduceKernel.valueOf(values[at], values[at + 1]);
  }

  private long integer(int at) {
    return Float.floatToRawIntBits(values[at]) & 0xffffffffL
        | (long) Float.floatToRawIntBits(values[at + 1]) << 32;
  }
}
