package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.SoftmaxTask;

/** Softmax, log_softmax and logsumexp of the rows of a task. */
final class SoftmaxRows implements RowWork {
  private final Function function;
  private final RowOperands operands;
  private final Floats output;
  private final Workers workers;
  private final Transform transform;

  SoftmaxRows(
      SoftmaxTask task, RowLayout layout, BlockKernels kernels, Workers workers, int whole) {
    transform = Transform.of(task.logits(), false, task.classes(), whole, kernels);
    function = task.function();
    output = new Floats(task.output(), kernels);
    operands =
        new RowOperands(
            layout,
            new Floats(task.input(), kernels),
            function == Function.LOGSUMEXP ? null : output,
            null,
            function == Function.SOFTMAX,
            null,
            kernels);
    this.workers = workers;
  }

  @Override
  public void run(long first, int count, Scratch scratch) {
    RowSource rows = RowSources.of(operands, transform, first, count, workers, scratch);
    for (int t = 0; t < count; t++) {
      SoftmaxRow row = rows.read(t, -1, null);
      switch (function) {
        case LOGSUMEXP -> output.put(first + t, row.logSumExp());
        case SOFTMAX ->
            // What is undefined becomes NaN by a factor of NaN.
            rows.scale(
                row.undefined
                    ? Float.NaN
                    : GeneratedNumerics.divide(1f, hi(row.total), lo(row.total)));
        case LOG_SOFTMAX -> rows.logSoftmax();
      }
    }
    rows.end();
  }
}
