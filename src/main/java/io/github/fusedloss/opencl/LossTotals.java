package io.github.fusedloss.opencl;

import java.nio.FloatBuffer;

/**
 * What one loss leaves on the device for the host, read once at its end: the pair of its sum, and
 * from targets.cl (see TOTALS_* in blocks.cl) the scale of the gradient, the sum of the weights,
 * how many rows count, and the first row whose target is no class. From element_loss.cl: whether it
 * refused an element.
 */
final class LossTotals {
  // Where they are, in floats: TOTALS_* of blocks.cl.
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

  /** Waits for the device. */
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

  /** {@link Long#MAX_VALUE} if there is none; of element_loss.cl not 0 if there is one. */
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
