package io.github.fusedloss.opencl;

import java.nio.FloatBuffer;

/**
 * What one loss leaves on the device for the host, read once at its end: the pair of its sum, and
 * from targets.cl (see TOTALS_* in blocks.cl) the scale of the gradient, the sum of the weights,
 * how many rows count, and the first row whose target is no class.
 */
final class LossTotals {
  private static final int FLOATS = 10;

  private final DeviceBuffer buffer;
  private final float[] values = new float[FLOATS];

  LossTotals(Operands operands) {
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
    return pair(4);
  }

  long count() {
    return integer(6);
  }

  /** {@link Long#MAX_VALUE} if there is none. */
  long bad() {
    return integer(8);
  }

  private double pair(int at) {
    float hi = values[at];
    return Math.abs(hi) < Float.POSITIVE_INFINITY ? (double) hi + values[at + 1] : hi;
  }

  private long integer(int at) {
    return Float.floatToRawIntBits(values[at]) & 0xffffffffL
        | (long) Float.floatToRawIntBits(values[at + 1]) << 32;
  }
}
