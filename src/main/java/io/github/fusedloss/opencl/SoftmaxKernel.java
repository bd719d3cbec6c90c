package io.github.fusedloss.opencl;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.RowShape;
import io.github.fusedloss.backend.SoftmaxTask;

/** Host side of softmax.cl: softmax, log_softmax and logsumexp of rows. */
final class SoftmaxKernel {
  private final OpenClContext context;
  private final LaunchShape shape;

  SoftmaxKernel(OpenClContext context, LaunchShape shape) {
    this.context = context;
    this.shape = shape;
  }

  void run(SoftmaxTask task, CallBuffers operands) {
    ElementType type = task.input().type();
    boolean plain = task.logits().isPlain();
    RowLaunch.of(context.device(), shape, work(task.function(), type, task.shape(), !plain))
        .run(
            context,
            operands,
            "softmax",
            features(task.function(), type) + task.logits().features(),
            operands.input(task.input()),
            operands.output(task.output()),
            LogitArguments.of(task.logits(), operands)::bind);
  }

  static RowWork work(Function function, ElementType type, RowShape rows) {
    return work(function, type, rows, false);
  }

  private static RowWork work(Function function, ElementType type, RowShape rows, boolean again) {
    boolean elements = function != Function.LOGSUMEXP;
    return new RowWork(type, rows, 1, 1, elements, again, RowWork.Extras.NONE);
  }

  static String features(Function function, ElementType type) {
    return " -D " + function + Storage.input(type);
  }
}
