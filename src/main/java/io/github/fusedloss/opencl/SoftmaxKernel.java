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
    boolean elements = task.kind() != SoftmaxTask.Kind.LOGSUMEXP;
    RowLaunch.Work work =
        new RowLaunch.Work(
            task.input().type(), task.rows(), task.classes(), task.inner(), 1, elements);
    String kind =
        switch (task.kind()) {
          case SOFTMAX -> " -D SOFTMAX";
          case LOG_SOFTMAX -> " -D LOG_SOFTMAX";
          case LOGSUMEXP -> " -D LOGSUMEXP";
        };
    RowLaunch.of(context.device(), shape, work)
        .run(
            context,
            operands,
            "softmax",
            kind + Storage.input(task.input().type()),
            operands.input(task.input()),
            operands.output(task.output()),
            call -> {});
  }
}
