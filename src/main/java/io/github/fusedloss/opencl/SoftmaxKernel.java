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
    RowLaunch launch =
        new RowLaunch(
            context.device(),
            shape,
            task.input().type(),
            task.shape(),
            1,
            task.function() != Function.LOGSUMEXP);
    String features =
        " -D " + task.function() + (task.function() == Function.SOFTMAX ? " -D KEEP_TERMS" : "");
    DeviceBuffer input = operands.input(task.input());
    DeviceBuffer output = operands.output(task.output());
    DeviceBuffer scratch = operands.room(launch.scratchBytes());
    launch.run(
        context.program(
            launch.source("softmax"),
            launch.options() + features + Storage.input(task.input().type())),
        "softmax",
        task.function() != Function.LOGSUMEXP,
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
