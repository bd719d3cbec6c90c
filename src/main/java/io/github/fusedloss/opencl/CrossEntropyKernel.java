package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.CrossEntropyTask.Kind;
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

  /** Waits for the device. */
  Totals run(CrossEntropyTask task, Operands operands) {
    DeviceBuffer weight = operands.input(task.weight());
    DeviceBuffer classes = operands.none();
    double weightSum = task.rows();
    long count = task.rows();
    if (task.kind() != Kind.PROBABILITIES) {
      TargetsKernel.Targets found = targets.run(task, operands, weight);
      classes = found.classes();
      weightSum = found.weightSum();
      count = found.count();
    }
    float scale = task.mean() ? (float) (task.scale() / weightSum) : task.scale();
    DeviceBuffer sums = operands.room(task.rows() * 8);
    if (task.kind() == Kind.NLL) {
      nll.run(task, scale, classes, weight, sums, operands);
    } else {
      rows(task, scale, classes, weight, sums, operands);
    }
    return new Totals(reduce.sumPairs(operands, sums, task.rows()), weightSum, count);
  }

  private void rows(
      CrossEntropyTask task,
      float scale,
      DeviceBuffer classes,
      DeviceBuffer weight,
      DeviceBuffer sums,
      Operands operands) {
    RowLaunch launch =
        RowLaunch.of(context.device(), shape, task.rows(), task.classes(), task.inner());
    boolean smoothing = task.labelSmoothing() > 0;
    double all = task.classes();
    if (smoothing && task.weight() != null && task.kind() == Kind.INDICES) {
      all = reduce.sumFloats(operands, weight, task.classes());
    }
    double keep = 1.0 - task.labelSmoothing();
    double spread = (double) task.labelSmoothing() / task.classes();
    context
        .program(
            KernelSource.of("numerics.cl", "blocks.cl", "rows.cl", "cross_entropy.cl"),
            launch.options() + features(task))
        .kernel("cross_entropy")
        .buffer(operands.input(task.input()))
        .buffer(classes)
        .buffer(task.kind() == Kind.PROBABILITIES ? operands.input(task.target()) : operands.none())
        .buffer(weight)
        .buffer(operands.input(task.upstream()))
        .buffer(sums)
        .buffer(operands.output(task.loss()))
        .buffer(operands.output(task.gradient()))
        .buffer(operands.room(launch.scratchBytes()))
        .int64(task.rows())
        .int32(task.classes())
        .int64(task.inner())
        .int64(launch.perGroup())
        .float32(scale)
        .float32((float) keep)
        .float32((float) (keep - (float) keep))
        .float32((float) spread)
        .float32((float) (spread - (float) spread))
        .float32((float) all)
        .float32((float) (all - (float) all))
        .run(launch.global(), launch.local());
  }

  static String features(CrossEntropyTask task) {
    boolean probabilities = task.kind() == Kind.PROBABILITIES;
    boolean smoothing = task.labelSmoothing() > 0;
    return (probabilities ? " -D PROBABILITIES" : "")
        + (smoothing ? " -D SMOOTHING" : "")
        + (probabilities || smoothing ? " -D WHOLE_ROW_LOSS" : "")
        + (task.weight() == null ? "" : " -D HAS_WEIGHT")
        + (task.upstream() == null ? "" : " -D HAS_UPSTREAM")
        + (task.loss() == null ? "" : " -D WANT_LOSS")
        + (task.gradient() == null ? "" : " -D WANT_GRADIENT -D KEEP_TERMS");
  }
}
