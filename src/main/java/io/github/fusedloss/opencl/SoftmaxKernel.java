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
        new RowLaunch(
            context.device(),
            shape,
            task.input().type(),
            task.rows(),
            task.classes(),
            task.inner(),
            1,
            task.kind() != SoftmaxTask.Kind.LOGSUMEXP);
    String kind =
        switch (task.kind()) {
          case SOFTMAX -> " -D SOFTMAX";
          case LOG_SOFTMAX -> " -D LOG_SOFTMAX";
          case LOGSUMEXP -> " -D LOGSUMEXP";
        };
    DeviceBuffer input = operands.input(task.input());
    DeviceBuffer output = operands.output(task.output());
    DeviceBuffer scratch = operands.room(launch.scratchBytes());
    launch.run(
        context.program(
            launch.source("softmax"), launch.options() + kind + Storage.input(task.input().type())),
        "softmax",
        task.kind() != SoftmaxTask.Kind.LOGSUMEXP,
        (call, perGroup) ->
            call.buffer(input)
                .buffer(output)
                .buffer(scratch)
                .int64(task.rows())
                .int32(task.classes())
                .int64(task.inner())
                .int64(perGroup));
  }
}
