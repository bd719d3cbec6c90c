package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.BadElementException;
import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.SumShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** The losses of a task over elements. The device may have refused an element of it. */
final class ElementLosses {
  private static final int LOOK = 1 << 16;

  private final OpenClContext context;
  private final BceTask task;
  private final DeviceBuffer input;
  private final DeviceBuffer target;
  private final LossTotals totals;
  private final DeviceBuffer pairs;

  ElementLosses(OpenClContext context, BceTask task, CallBuffers operands) {
    this.context = context;
    this.task = task;
    input = operands.input(task.input());
    target = operands.input(task.target());
    totals = new LossTotals(operands);
    pairs = operands.room(SumShape.blocks(task.size()) * 8);
  }

  DeviceBuffer input() {
    return input;
  }

  DeviceBuffer target() {
    return target;
  }

  /** Returns the buffer with one pair for each block. */
  DeviceBuffer pairs() {
    return pairs;
  }

  /**
   * Returns where the sum of several pairs goes. There it is read together with the sign of a
   * refused element.
   */
  LossTotals totals() {
    return totals;
  }

  /**
   * Checks totals that were read.
   *
   * @param at where the task begins in a larger one, for messages
   * @throws BadElementException if a probability or target is outside [0, 1]
   */
  void check(long at) {
    if (totals.bad() != 0) {
      refuse(at);
    }
  }

  /**
   * Finds the refused element in what the device has read. The caller's arrays may have changed
   * since.
   */
  private void refuse(long at) {
    float[] p = new float[LOOK];
    float[] t = new float[LOOK];
    for (long start = 0; start < task.size(); start += LOOK) {
      int n = (int) Math.min(LOOK, task.size() - start);
      read(task.input(), input, start, n, p);
      read(task.target(), target, start, n, t);
      for (int i = 0; i < n; i++) {
        BadElementException bad = BceTask.refuse(at + start + i, p[i], t[i]);
        if (bad != null) {
          throw bad;
        }
      }
    }
    if (task.input() instanceof OpenClMemory || task.target() instanceof OpenClMemory) {
      // The gradient of another call may have been written over what was read.
      throw new IllegalArgumentException(
          "input and target must not change during a call: one was outside [0, 1], and is not now");
    }
    throw context.wrongBits(
        "it says that a probability or target is not in [0, 1], which is not so");
  }

  private static void read(Memory memory, DeviceBuffer buffer, long start, int n, float[] to) {
    if (!memory.type().isFloating()) {
      ByteBuffer bytes = ByteBuffer.allocate(n * memory.type().bytes());
      buffer.read(start * memory.type().bytes(), bytes.order(ByteOrder.nativeOrder()));
      for (int i = 0; i < n; i++) {
        to[i] = Storage.integer(memory.type(), bytes, i);
      }
    } else if (memory.type().isSixteenBit()) {
      short[] bits = new short[n];
      buffer.read(start * 2, ShortBuffer.wrap(bits));
      for (int i = 0; i < n; i++) {
        to[i] = memory.type().decode(bits[i]);
      }
    } else {
      buffer.read(start * 4, FloatBuffer.wrap(to, 0, n));
    }
  }
}
