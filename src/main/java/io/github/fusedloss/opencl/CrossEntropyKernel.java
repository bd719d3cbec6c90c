package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.CrossEntropyTask.Kind;
import io.github.fusedloss.backend.ElementType;
import io.github.fusedloss.backend.Totals;

/** Host side of cross_entropy.cl, and of the steps around it. */
final class CrossEntropyKernel {
  private final OpenClContext context;
  private final LaunchShape shape;
  private final ReduceKernel reduce;
  private final TargetsKernel targets;
  private final NllKernel nll;

  CrossEntropyKernel(OpenClContext context, LaunchShape shape, ReduceKernel reduce) {
    this.context = context;
    this.shape = shape;
    this.reduce = reduce;
    targets = new TargetsKernel(context, shape, reduce);
    nll = new NllKernel(context, shape);
  }

  /**
   * Waits for the device once, at its end.
   *
   * @throws IndexOutOfBoundsException if a target is neither a class nor ignoreIndex
   */
  Totals run(CrossEntropyTask task, Operands operands) {
    LossTotals totals = new LossTotals(operands);
    DeviceBuffer weight = operands.input(task.weight());
    DeviceBuffer sums = task.rows() == 1 ? totals.buffer() : operands.room(task.rows() * 8);
    boolean indices = task.kind() != Kind.PROBABILITIES;
    DeviceBuffer classes =
        indices ? targets.run(task, operands, weight, totals.buffer()) : operands.none();
    if (task.kind() == Kind.NLL) {
      nll.run(task, classes, weight, sums, totals.buffer(), operands);
    } else {
      rows(task, classes, weight, sums, indices ? totals.buffer() : operands.none(), operands);
    }
    reduce.toOnePair(operands, sums, task.rows(), totals.buffer());
    totals.read();
    if (indices && totals.bad() != Long.MAX_VALUE) {
      throw targets.refuse(task, operands, totals.bad());
    }
    return indices
        ? new Totals(totals.sum(), totals.weightSum(), totals.count())
        : new Totals(totals.sum(), task.rows(), task.rows());
  }

  private void rows(
      CrossEntropyTask task,
      DeviceBuffer classes,
      DeviceBuffer weight,
      DeviceBuffer sums,
      DeviceBuffer totals,
      Operands operands) {
    boolean probabilities = task.kind() == Kind.PROBABILITIES;
    RowLaunch launch =
        new RowLaunch(
            context.device(),
            shape,
            task.input().type(),
            task.rows(),
            task.classes(),
            task.inner(),
            probabilities ? 2 : 1);
    boolean smoothing = task.labelSmoothing() > 0;
    DeviceBuffer all =
        smoothing && task.weight() != null && !probabilities
            ? reduce.sumOnDevice(operands, ElementType.FLOAT32, weight, task.classes())
            : operands.none();
    double keep = 1.0 - task.labelSmoothing();
    double spread = (double) task.labelSmoothing() / task.classes();
    DeviceBuffer input = operands.input(task.input());
    DeviceBuffer target = probabilities ? operands.input(task.target()) : operands.none();
    DeviceBuffer upstream = operands.input(task.upstream());
    DeviceBuffer loss = operands.output(task.loss());
    DeviceBuffer gradient = operands.output(task.gradient());
    DeviceBuffer scratch = operands.room(launch.scratchBytes());
    launch.run(
        context.program(launch.source("cross_entropy"), launch.options() + features(task)),
        "cross_entropy",
        task.gradient() != null,
        (call, perGroup) ->
            call.buffer(input)
                .buffer(classes)
                .buffer(target)
                .buffer(weight)
                .buffer(upstream)
                .buffer(totals)
                .buffer(all)
                .buffer(sums)
                .buffer(loss)
                .buffer(gradient)
                .buffer(scratch)
                .int64(task.rows())
                .int32(task.classes())
                .int64(task.inner())
                .int64(perGroup)
                .float32(task.mean() ? (float) (task.scale() / (double) task.rows()) : task.scale())
                .float32((float) keep)
                .float32((float) (keep - (float) keep))
                .float32((float) spread)
                .float32((float) (spread - (float) spread)));
  }

  static String features(CrossEntropyTask task) {
    boolean probabilities = task.kind() == Kind.PROBABILITIES;
    boolean smoothing = task.labelSmoothing() > 0;
    return Storage.of(task.input(), task.target())
        + (probabilities ? " -D PROBABILITIES" : "")
        + (smoothing ? " -D SMOOTHING" : "")
        + (probabilities || smoothing ? " -D WHOLE_ROW_LOSS" : "")
        + (task.weight() == null ? "" : " -D HAS_WEIGHT")
        + (task.upstream() == null ? "" : " -D HAS_UPSTREAM")
        + (task.loss() == null ? "" : " -D WANT_LOSS")
        + (task.gradient() == null ? "" : " -D WANT_GRADIENT -D KEEP_TERMS");
  }
}
