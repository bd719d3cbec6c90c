package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.BadElementException;
import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.SumShape;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;

/** Host side of bce.cl: binary cross entropy of probabilities. */
final class BceKernel {
  private static final int LOOK = 1 << 16;

  private final OpenClContext context;
  private final LaunchShape shape;

  BceKernel(OpenClContext context, LaunchShape shape) {
    this.context = context;
    this.shape = shape;
  }

  /**
   * One pair for each block of losses; waits for the device.
   *
   * @param at where the task begins in a larger one, for messages
   * @throws BadElementException if a probability or target is outside [0, 1]
   */
  DeviceBuffer run(BceTask task, Operands operands, long at) {
    long blocks = SumShape.blocks(task.size());
    long per = shape.perGroup(blocks);
    DeviceBuffer partial = operands.room(blocks * 8);
    DeviceBuffer refused = operands.room(4);
    refused.zero();
    DeviceBuffer input = operands.input(task.input());
    DeviceBuffer target = operands.input(task.target());
    context
        .program(KernelSource.ELEMENTS, shape.elements() + Storage.of(task.input(), task.target()))
        .kernel("bce")
        .buffer(
            input,
            target,
            operands.input(task.options().weight()),
            operands.input(task.upstream().each()),
            operands.output(task.loss()),
            operands.output(task.gradient()),
            partial,
            refused)
        .int64(task.size(), per)
        .float32(task.upstream().scale())
        .int64(Operands.spread(task.options().weight()))
        .run(shape.global(blocks, per), shape.group());
    int[] flag = new int[1];
    refused.read(0, IntBuffer.wrap(flag));
    if (flag[0] != 0) {
      refuse(task, input, target, at);
    }
    return partial;
  }

  /**
   * Finds the element, in what the device has read: what the caller's arrays hold by now is of no
   * interest.
   */
  private void refuse(BceTask task, DeviceBuffer input, DeviceBuffer target, long at) {
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
    if (memory.type().isSixteenBit()) {
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
