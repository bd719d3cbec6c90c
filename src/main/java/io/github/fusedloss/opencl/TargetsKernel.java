package io.github.fusedloss.opencl;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.SumShape;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

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
   * What there is on the device: the indices as they were read, the classes of all rows, -1 where
   * ignored or not a class, and of each block the sum of the weights.
   */
  record Classes(DeviceBuffer target, DeviceBuffer classes, DeviceBuffer weights) {}

  /**
   * Finds the classes and fills in all of {@code totals} but the pair of the loss. Does not wait
   * for the device.
   */
  Classes run(CrossEntropyTask task, Operands operands, DeviceBuffer weight, DeviceBuffer totals) {
    long rows = task.rows();
    long blocks = SumShape.blocks(rows);
    long per = shape.perGroup(blocks);
    DeviceBuffer target = operands.input(task.target());
    DeviceBuffer classes = operands.room(rows * 4);
    DeviceBuffer partial = operands.room(blocks * 8);
    DeviceBuffer counts = operands.room(blocks * 4);
    DeviceBuffer bad = operands.room(blocks * 8);
    OpenClProgram program =
        context.program(
            KernelSource.of("targets.cl"),
            shape.options()
                + (task.target().type() == ElementType.INT64
                    ? " -D TARGET=long"
                    : " -D TARGET=int"));
    program
        .kernel("targets")
        .buffer(target, weight, classes, partial, counts, bad)
        .int64(rows, per)
        .int32(task.classes())
        .int64(task.options().ignoreIndex())
        .run(shape.global(blocks, per), shape.group());
    boolean weighted = task.options().weight() != null;
    program
        .kernel("targets_total")
        .buffer(
            weighted ? reduce.toOnePair(operands, partial, blocks, null) : operands.none(),
            counts,
            bad,
            totals)
        .int64(blocks)
        .float32(task.upstream().scale(), task.upstream().zScale())
        .int32(task.upstream().byWeights() ? 1 : 0)
        .int32(task.options().zLoss() > 0 ? 1 : 0)
        .run(shape.group(), shape.group());
    return new Classes(target, classes, partial);
  }

  /**
   * Throws if {@link LossTotals#bad()} names a row. What the device has read is judged, not what
   * the caller's array holds by now: indices that change during a call are no fault of the device.
   *
   * @param target the indices as the device has read them; nothing has written to them since
   * @param at where the task begins in a larger one
   * @throws BadElementException if the row's target is no class
   * @throws OpenClException if it is one: the device is not to be trusted
   */
  void refuse(CrossEntropyTask task, DeviceBuffer target, LossTotals totals, long at) {
    long row = totals.bad();
    if (row == Long.MAX_VALUE) {
      return;
    }
    if (row >= 0 && row < task.rows()) {
      long index = index(task, target, row);
      if (index != task.options().ignoreIndex() && (index < 0 || index >= task.classes())) {
        throw task.refuse(at + row, index);
      }
    }
    throw context.wrongBits("it says that target[" + (at + row) + "] is no class, which is not so");
  }

  private static long index(CrossEntropyTask task, DeviceBuffer target, long row) {
    if (task.target().type() == ElementType.INT64) {
      long[] one = new long[1];
      target.read(row * 8, LongBuffer.wrap(one));
      return one[0];
    }
    int[] one = new int[1];
    target.read(row * 4, IntBuffer.wrap(one));
    return one[0];
  }
}
