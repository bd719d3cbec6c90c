package io.github.fusedloss.cpu;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.SoftmaxTask;

/** Computes softmax, log_softmax and logsumexp of rows, one after the other. */
final class SoftmaxRows implements RowWork {
  private final Function function;
  private final RowOperands operands;
  private final Floats output;
  private final Workers workers;
  private final Transform transform;

  SoftmaxRows(
      SoftmaxTask task, RowOperands operands, Transform transform, Floats output, Workers workers) {
    function = task.function();
    this.operands = operands;
    this.transform = transform;
    this.output = output;
    this.workers = workers;
  }

  /** Makes the work for the rows of a task. */
  static RowWork of(
      SoftmaxTask task, RowLayout layout, BlockKernels kernels, Workers workers, int whole) {
    Transform transform = Transform.of(task.logits(), false, task.classes(), whole, kernels);
    Floats output = new Floats(task.output(), kernels);
    RowOperands operands =
        new RowOperands(
            layout,
            new Floats(task.input(), kernels),
            task.function() == Function.LOGSUMEXP ? null : output,
            null,
            task.function() == Function.SOFTMAX,
            null,
            kernels);
    return layout.tiled()
        ? new SoftmaxTiles(task, operands, transform, output)
        : new SoftmaxRows(task, operands, transform, output, workers);
  }

  @Override
  public void run(long first, int count, Scratch scratch) {
    BlockedRows rows = new BlockedRows(operands, transform, first, workers, scratch);
    for (int t = 0; t < count; t++) {
      SoftmaxRow row = rows.read(t, -1, null);
      switch (function) {
        case LOGSUMEXP -> output.put(first + t, row.logSumExp());
        case SOFTMAX -> rows.scale(row.softmaxFactor());
        case LOG_SOFTMAX -> rows.logSoftmax();
      }
    }
  }
}
