package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.ElementType;

/** Host side of targets.cl: class indices, checked, counted and weighed. */
final class TargetsKernel {
  private final OpenClContext context;
  private final LaunchShape shape;
  private final ReduceKernel reduce;

  TargetsKernel(OpenClContext context, LaunchShape shape, ReduceKernel reduce) {
    this.context = context;
    this.shape = shape.scalar();
    this.reduce = reduce;
  }

  /** The classes of all rows on the device, -1 where ignored. */
  record Targets(DeviceBuffer classes, double weightSum, long count) {}

  /**
   * Waits for the device.
   *
   * @throws IndexOutOfBoundsException if a target is neither a class nor ignoreIndex
   */
  Targets run(CrossEntropyTask task, Operands operands, DeviceBuffer weight) {
    long rows = task.rows();
    int blocks = Math.toIntExact(ReduceKernel.blocks(rows));
    long per = shape.perGroup(blocks);
    boolean wide = task.target().type() == ElementType.INT64;
    DeviceBuffer target = operands.input(task.target());
    DeviceBuffer classes = operands.room(rows * 4);
    DeviceBuffer partial = operands.room(blocks * 8L);
    DeviceBuffer counts = operands.room(blocks * 4L);
    DeviceBuffer bad = operands.room(blocks * 8L);
    context
        .program(
            KernelSource.of("numerics.cl", "blocks.cl", "targets.cl"),
            shape.options()
                + (wide ? " -D TARGET=long" : " -D TARGET=int")
                + (task.weight() == null ? "" : " -D HAS_WEIGHT"))
        .kernel("targets")
        .buffer(target)
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
    context.finish();
    long[] refused = new long[blocks];
    bad.read(0, refused, 0, blocks);
    for (long row : refused) {
      if (row != Long.MAX_VALUE) {
        throw refuse(task, target, row, wide);
      }
    }
    int[] counted = new int[blocks];
    counts.read(0, counted, 0, blocks);
    long count = 0;
    for (int c : counted) {
      count += c;
    }
    double sum = task.weight() == null ? count : reduce.sumPairs(operands, partial, blocks);
    return new Targets(classes, sum, count);
  }

  private static IndexOutOfBoundsException refuse(
      CrossEntropyTask task, DeviceBuffer target, long row, boolean wide) {
    long value;
    if (wide) {
      long[] one = new long[1];
      target.read(row * 8, one, 0, 1);
      value = one[0];
    } else {
      int[] one = new int[1];
      target.read(row * 4, one, 0, 1);
      value = one[0];
    }
    return task.refuse(row, value);
  }
}
