package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.BceTask;
import io.github.fusedloss.backend.Memory;

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
   * @throws IllegalArgumentException if a probability or target is outside [0, 1]
   */
  DeviceBuffer run(BceTask task, Operands operands, long at) {
    long blocks = ReduceKernel.blocks(task.size());
    long per = shape.perGroup(blocks);
    DeviceBuffer partial = operands.room(blocks * 8);
    DeviceBuffer refused = operands.room(4);
    refused.write(0, new int[1], 0, 1);
    DeviceBuffer input = operands.input(task.input());
    DeviceBuffer target = operands.input(task.target());
    context
        .program(KernelSource.ELEMENTS, shape.options() + Storage.of(task.input(), task.target()))
        .kernel("bce")
        .buffer(input)
        .buffer(target)
        .buffer(SigmoidBceKernel.values(operands, task.weight()))
        .buffer(operands.input(task.upstream()))
        .buffer(operands.output(task.loss()))
        .buffer(operands.output(task.gradient()))
        .buffer(partial)
        .buffer(refused)
        .int64(task.size())
        .int64(per)
        .float32(task.scale())
        .int64(SigmoidBceKernel.repeat(task.weight()))
        .int64(SigmoidBceKernel.period(task.weight()))
        .int64(SigmoidBceKernel.first(task.weight()))
        .run(shape.global(blocks, per), shape.group());
    int[] flag = new int[1];
    refused.read(0, flag, 0, 1);
    if (flag[0] != 0) {
      refuse("input", "a probability in [0, 1]", task.input(), input, at);
      refuse("target", "in [0, 1]", task.target(), target, at);
      throw new IllegalArgumentException("input and target changed while they were read");
    }
    return partial;
  }

  private static void refuse(
      String name, String wanted, Memory memory, DeviceBuffer buffer, long at) {
    float[] part = new float[LOOK];
    short[] bits = new short[LOOK];
    for (long start = 0; start < memory.length(); start += LOOK) {
      int n = (int) Math.min(LOOK, memory.length() - start);
      if (memory.type().isSixteenBit()) {
        buffer.read(start * 2, bits, 0, n);
        for (int i = 0; i < n; i++) {
          part[i] = memory.type().decode(bits[i]);
        }
      } else {
        buffer.read(start * 4, part, 0, n);
      }
      for (int i = 0; i < n; i++) {
        if (!(part[i] >= 0f && part[i] <= 1f)) {
          throw new IllegalArgumentException(
              name + "[" + (at + start + i) + "] must be " + wanted + ", got " + part[i]);
        }
      }
    }
  }
}
