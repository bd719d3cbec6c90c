package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.CrossEntropyTask;

/** Host side of nll.cl: the negative log likelihood. */
final class NllKernel {
  private final OpenClContext context;
  private final LaunchShape shape;

  NllKernel(OpenClContext context, LaunchShape shape) {
    this.context = context;
    this.shape = shape(shape);
  }

  /**
   * Returns the shape of the kernel, without vectors, since it reads one element here and there.
   */
  static LaunchShape shape(LaunchShape shape) {
    return shape.with(1, 1, shape.group());
  }

  /** Computes the losses, and writes one pair per row to {@code sums}. */
  void run(
      CrossEntropyTask task,
      TargetsKernel.Classes found,
      DeviceBuffer weight,
      DeviceBuffer sums,
      DeviceBuffer totals,
      CallBuffers operands) {
    DeviceBuffer gradient = operands.output(task.gradient());
    if (task.gradient() != null) {
      gradient.zero();
    }
    long items = (long) shape.groups() * shape.group();
    long per = Math.max(1, (task.rows() + items - 1) / items);
    items = (task.rows() + per - 1) / per;
    boolean weighted = task.weighsRows();
    KernelCall call =
        context
            .program(
                KernelSource.of("storage.cl", "nll.cl"),
                shape.options()
                    + Storage.input(task.input().type())
                    + (weighted ? " -D ROW_WEIGHTS" : ""))
            .kernel("nll")
            .buffer(
                operands.input(task.input()),
                found.classes(),
                weight,
                operands.input(task.upstream().each()),
                totals,
                sums,
                operands.output(task.loss()),
                gradient)
            .int64(task.rows())
            .int32(task.classes())
            .int64(task.inner(), per);
    if (weighted) {
      call.buffer(found.rowWeights());
    }
    call.run((items + shape.group() - 1) / shape.group() * shape.group(), shape.group());
  }
}
