package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.BceTask;

/**
 * The arguments that the kernels of all losses over elements share: those of elements.cl and
 * row_weights.cl.
 */
final class ElementArguments {
  private ElementArguments() {}

  /** Returns the features that such a kernel is compiled with. */
  static String features(BceTask task) {
    return Storage.ofElements(task.input(), task.target())
        + Storage.rowWeights(task.rowWeights())
        + task.features()
        + (task.hessian() == null ? "" : " -D HESSIAN")
        + task.logits().features();
  }

  /**
   * Binds the arguments that are always there, after input and target; after them come the numbers
   * of the loss.
   *
   * @param sums where the kernel adds up
   */
  static void bindFirst(
      BceTask task, long perGroup, CallBuffers operands, KernelCall call, DeviceBuffer... sums) {
    call.buffer(
            operands.input(task.options().weight()),
            operands.input(task.options().posWeight()),
            operands.input(task.upstream().each()),
            operands.output(task.loss()),
            operands.output(task.gradient()))
        .buffer(sums)
        .int64(task.size(), perGroup)
        .float32(task.upstream().scale())
        .int64(CallBuffers.spread(task.options().weight()))
        .int64(CallBuffers.spread(task.options().posWeight()));
  }

  /**
   * Binds the last arguments, as far as the task has them; {@code rowWeights} is null if it has
   * none.
   */
  static void bindLast(
      BceTask task, ElementWeights rowWeights, CallBuffers operands, KernelCall call) {
    if (task.rowWeights() != null) {
      call.buffer(rowWeights.weights(), rowWeights.totals());
    }
    if (task.hessian() != null) {
      call.buffer(operands.output(task.hessianMemory())).float32(task.hessian().least());
    }
    LogitArguments.of(task.logits(), operands).bind(call);
  }
}
