package io.github.fusedloss.cpu;

import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.SoftmaxTask;
import io.github.fusedloss.backend.Totals;

/** Computes losses and functions of rows: chooses who works on a task, and on which of its rows. */
final class CpuRows {
  /** The property that sets another {@link RowLayout#WHOLE}, at least a block; for tests. */
  private static final String WHOLE_PROPERTY = "fusedloss.cpu.whole";

  private final BlockKernels kernels;
  private final Workers workers;
  private final int whole;

  CpuRows(BlockKernels kernels, Workers workers) {
    this.kernels = kernels;
    this.workers = workers;
    whole = Math.max(Blocks.BLOCK, Integer.getInteger(WHOLE_PROPERTY, RowLayout.WHOLE));
  }

  private RowLayout layout(long rows, int classes, long inner) {
    return RowLayout.of(rows, classes, inner, whole, workers.threads());
  }

  /** Runs work on all rows; it touches {@code elements} elements of each. */
  private void forRows(long rows, int elements, RowLayout layout, RowWork work) {
    int per =
        work.sideBySide()
            ? RowLayout.rowsPerPart(elements, layout.inner(), rows, workers.threads())
            : RowLayout.rowsPerPart(elements, layout.inner());
    int together = layout.together();
    workers.run(
        (rows + per - 1) / per,
        rows * elements >= Workers.WORTHWHILE && !layout.split(),
        (part, scratch) -> {
          long end = Math.min(rows, (part + 1) * per);
          for (long first = part * per; first < end; first += together) {
            work.run(first, (int) Math.min(together, end - first), scratch);
          }
        });
  }

  /** Computes softmax, log_softmax or logsumexp. */
  void softmax(SoftmaxTask task) {
    RowLayout layout = layout(task.rows(), task.classes(), task.inner());
    RowWork work = SoftmaxRows.of(task, layout, kernels, workers, whole);
    forRows(task.rows(), task.classes(), layout, work);
  }

  /** Computes a loss over rows. */
  Totals crossEntropy(CrossEntropyTask task) {
    long rows = task.rows();
    if (rows > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "input must have fewer than 2^31 rows on a CPU executor, got " + rows);
    }
    boolean probabilities = !task.function().hasClassIndices();
    Targets targets = targets(task);
    double weightSum = targets == null ? rows : targets.weightSum;
    long count = targets == null ? rows : targets.count;
    RowLayout layout =
        task.function() == Function.NLL_LOSS || task.function() == Function.DISTILLATION
            ? new RowLayout(task.classes(), task.inner(), false, whole)
            : layout(rows, task.classes(), task.inner());
    ClassWeights weights = ClassWeights.of(task.options().weight(), task.classes(), whole, kernels);
    double rowWeightSum = targets == null ? rows : targets.rowWeightSum();
    TargetOperands operands =
        new TargetOperands(
            targets,
            probabilities ? new Floats(task.target(), kernels) : null,
            weights,
            task.upstream().factor(weightSum),
            task.options().penalty(),
            task.upstream().penaltyFactor(rowWeightSum),
            Floats.orNull(task.upstream().each(), kernels));
    LossRows work = new LossRows(task, work(task, layout, operands), operands, kernels);
    boolean targetsOnly = task.function() == Function.NLL_LOSS && task.gradient() == null;
    int elements = targetsOnly ? 1 : task.classes();
    forRows(rows, elements, layout, work);
    return work.totals(weightSum, count, rowWeightSum, workers);
  }

  /**
   * Returns the targets of a task; null if it has class probabilities, and all rows count for 1.
   *
   * @throws io.github.fusedloss.backend.BadElementException if a target is no class
   */
  private Targets targets(CrossEntropyTask task) {
    boolean ofClasses = task.function().hasClassIndices();
    if (!ofClasses && task.rowWeights() == null) {
      return null;
    }
    HostMemory target = (HostMemory) task.target();
    boolean plain = ofClasses && task.rowWeights() == null && target.offset() == 0;
    Targets targets =
        plain && target.array() instanceof int[] ints
            ? new Targets(task, ints, null)
            : plain && target.array() instanceof long[] longs
                ? new Targets(task, null, longs)
                : new WeightedTargets(task, kernels);
    targets.count(
        ofClasses ? Floats.orNull(task.options().weight(), kernels) : null, kernels, workers);
    return targets;
  }

  private RowWork work(CrossEntropyTask task, RowLayout layout, TargetOperands targets) {
    Floats gradient = Floats.orNull(task.gradient(), kernels);
    Floats input = Floats.input(task.input(), task.gradient(), kernels);
    Floats hessian = Floats.orNull(task.hessianMemory(), kernels);
    RowOutputs outputs = RowOutputs.orNull(task, kernels);
    RowOperands operands =
        new RowOperands(layout, input, gradient, hessian, gradient != null, outputs, kernels);
    if (task.function() == Function.NLL_LOSS) {
      return new NllRows(operands, targets);
    }
    if (task.function() == Function.DISTILLATION) {
      DivergenceNumbers numbers = DivergenceNumbers.of(task.options());
      return DivergenceTiles.fit(layout, kernels)
          ? new DivergenceTiles(numbers, operands, targets)
          : new DistillationRows(numbers, operands, targets);
    }
    Settings settings = settings(task, targets);
    RowFormulas formulas = GeneratedFormulas.of(task.features());
    Transform transform =
        Transform.of(task.options().logits(), gradient != null, task.classes(), whole, kernels);
    LogitLoss loss = new LogitLoss(transform, targets, formulas, settings, task.hessian());
    boolean plain = !loss.hasShares() && outputs == null && hessian == null && transform == null;
    long share = task.rows() / workers.threads();
    if (plain && LongTiles.fit(layout, kernels, share)) {
      return new LongTiles(operands, loss);
    }
    return layout.tiled()
        ? new ClassTiles(operands, loss)
        : new CrossEntropyRows(operands, loss, workers);
  }

  private Settings settings(CrossEntropyTask task, TargetOperands targets) {
    if (task.options().values().given().isEmpty()) {
      return Settings.DEFAULT;
    }
    boolean needed = task.options().labelSmoothing() > 0f && task.function().hasClassIndices();
    long all = needed ? targets.weights().sum(task.classes(), kernels, workers) : 0L;
    return new Settings(task.options().values(), task.classes(), all);
  }
}
