package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.ElementType;

/** Host side of targets.cl: class indices, checked, counted and weighed, all on the device. */
final class TargetsKernel {
  private final OpenClContext context;
  private final LaunchShape shape;
  private final ReduceKernel reduce;

  TargetsKernel(OpenClContext context, LaunchShape shape, ReduceKernel reduce) {
    this.context = context;
    this.shape = shape;
    this.reduce = reduce;
  }

  /**
   * What there is on the device: the classes of all rows, -1 where ignored or not a class, and of
   * each block the sum of the weights.
   */
  record Classes(DeviceBuffer classes, DeviceBuffer weights) {}

  /**
   * Finds the classes and fills in all of {@code totals} but the pair of the loss. Does not wait
   * for the device.
   */
  Classes run(CrossEntropyTask task, Operands operands, DeviceBuffer weight, DeviceBuffer totals) {
    long rows = task.rows();
    long blocks = ReduceKernel.blocks(rows);
    long per = shape.perGroup(blocks);
    DeviceBuffer classes = operands.room(rows * 4);
    DeviceBuffer partial = operands.room(blocks * 8);
    DeviceBuffer counts = operands.room(blocks * 4);
    DeviceBuffer bad = operands.room(blocks * 8);
    OpenClProgram program =
        context.program(
            KernelSource.of("numerics.cl", "blocks.cl", "targets.cl"),
            shape.options()
                + (task.target().type() == ElementType.INT64
                    ? " -D TARGET=long"
                    : " -D TARGET=int"));
    program
        .kernel("targets")
        .buffer(operands.input(task.target()))
        .buffer(weight)
        .buffer(classes)
        .buffer(partial)
        .buffer(counts)
        .buffer(bad)
        .int64(rows)
        .int64(per)
        .int32(task.classes())
        .int64(task.ignoreIndex())
        .run(shape.global(blocks, per), shape.group());
    boolean weighted = task.weight() != null;
    program
        .kernel("targets_total")
        .buffer(weighted ? reduce.toOnePair(operands, partial, blocks, null) : operands.none())
        .buffer(counts)
        .buffer(bad)
        .buffer(totals)
        .int64(blocks)
        .float32(task.scale())
        .int32(task.mean() ? 1 : 0)
        .run(shape.group(), shape.group());
    return new Classes(classes, partial);
  }

  /**
   * The exception for a row that {@link LossTotals#bad()} names.
   *
   * @param at where the task begins in a larger one
   * @throws OpenClException if the row's target is right: the device is not to be trusted
   */
  IndexOutOfBoundsException refuse(CrossEntropyTask task, Operands operands, long row, long at) {
    if (row >= 0 && row < task.rows()) {
      long index = index(task, operands.input(task.target()), row);
      if (index != task.ignoreIndex() && (index < 0 || index >= task.classes())) {
        return task.refuse(at + row, index);
      }
    }
    throw context.noted(
        OpenClException.of(
            OpenClException.Kind.DEVICE_LOST,
            "clEnqueueReadBuffer",
            context.device().name(),
            context.device()
                + " computes wrong bits: it says that target["
                + (at + row)
                + "] is no class, which is not so"));
  }

  private static long index(CrossEntropyTask task, DeviceBuffer target, long row) {
    if (task.target().type() == ElementType.INT64) {
      long[] one = new long[1];
      target.read(row * 8, one, 0, 1);
      return one[0];
    }
    int[] one = new int[1];
    target.read(row * 4, one, 0, 1);
    return one[0];
  }
}
