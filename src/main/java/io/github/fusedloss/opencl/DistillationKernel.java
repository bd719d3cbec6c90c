package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Option;
import io.github.fusedloss.backend.SumShape;

/** Host side of distillation_rows.cl: the divergence of rows of two tensors of logits. */
final class DistillationKernel {
  static final String SOURCE =
      KernelSource.of("storage.cl", "rows.cl", "distillation.cl", "distillation_rows.cl");

  private final OpenClContext context;
  private final LaunchShape shape;

  DistillationKernel(OpenClContext context, LaunchShape shape) {
    this.context = context;
    this.shape = shape;
  }

  /**
   * On a GPU a work-group for each row, a work-item for each lane of its sums. On a CPU half as
   * many vectors side by side as elsewhere: there are three sums, and a register has to hold each.
   */
  static LaunchShape shape(LaunchShape shape, int classes, long most) {
    if (shape.group() == 1) {
      return shape.with(shape.vector(), Math.min(2, shape.unroll()), 1);
    }
    return shape.with(1, 1, (int) Math.min(SumShape.lanes(classes), Long.highestOneBit(most)));
  }

  static String features(CrossEntropyTask task) {
    return Storage.of(task.input(), task.target())
        + task.features()
        + (task.inner() > 1 ? " -D STRIDED" : "");
  }

  /**
   * A pair for each row in {@code sums}.
   *
   * @param found which rows count, and for how much; null if all do for 1
   */
  void run(
      CrossEntropyTask task,
      TargetsKernel.Classes found,
      DeviceBuffer sums,
      DeviceBuffer totals,
      Operands operands) {
    LaunchShape own = shape(shape, task.classes(), context.device().maxWorkGroupSize());
    long per = own.perGroup(task.rows());
    CrossEntropyTask.Options options = task.options();
    float beta = options.values().number(Option.BETA);
    context
        .program(SOURCE, own.options() + features(task))
        .kernel("distillation")
        .buffer(
            operands.input(task.input()),
            operands.input(task.target()),
            operands.output(task.gradient()))
        .int64(task.rows())
        .int32(task.classes())
        .int64(task.inner(), per)
        .buffer(
            found == null ? operands.none() : found.classes(),
            task.weighsRows() ? found.rowWeights() : operands.none(),
            operands.input(task.upstream().each()),
            totals,
            sums,
            operands.output(task.loss()))
        .float32(task.upstream().factor(task.rows()))
        .pair(1.0 / options.values().number(Option.TEMPERATURE))
        .pair(options.divergenceFactor())
        .float32(options.divergenceSlope(), beta, (float) (1.0 - beta))
        .run(own.global(task.rows(), per), own.group());
  }
}
