package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.Function;
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
    boolean elements = task.function() != Function.LOGSUMEXP;
    RowLaunch.Work work = new RowLaunch.Work(task.input().type(), task.shape(), 1, 1, elements);
    RowLaunch.of(context.device(), shape, work)
        .run(
            context,
            operands,
            "softmax",
            " -D " + task.function() + Storage.input(task.input().type()),
            operands.input(task.input()),
            operands.output(task.output()),
            call -> {});
  }
}
