package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.SoftmaxTask;

/** Host side of softmax.cl: softmax, log_softmax and logsumexp of rows. */
final class SoftmaxKernel {
  private final OpenClContext context;
  private final LaunchShape shape;

  SoftmaxKernel(OpenClContext context, LaunchShape shape) {
    this.context = context;
    this.shape = shape;
  }

  void run(SoftmaxTask task, Operands operands) {
    RowLaunch launch =
        RowLaunch.of(context.device(), shape, task.rows(), task.classes(), task.inner());
    String kind =
        switch (task.kind()) {
          case SOFTMAX -> " -D SOFTMAX -D KEEP_TERMS";
          case LOG_SOFTMAX -> " -D LOG_SOFTMAX";
          case LOGSUMEXP -> " -D LOGSUMEXP";
        };
    context
        .program(
            KernelSource.of("numerics.cl", "blocks.cl", "rows.cl", "softmax.cl"),
            launch.options() + kind)
        .kernel("softmax")
        .buffer(operands.input(task.input()))
        .buffer(operands.output(task.output()))
        .buffer(operands.room(launch.scratchBytes()))
        .int64(task.rows())
        .int32(task.classes())
        .int64(task.inner())
        .int64(launch.perGroup())
        .run(launch.global(), launch.local());
  }
}
