package io.github.fusedloss.opencl;

import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Option;
import io.github.fusedloss.backend.SumShape;

/**
 * Host side of distillation_rows.cl and distillation_tile.cl: the divergence of rows of two tensors
 * of logits.
 */
final class DistillationKernel {
  private static final String ROWS =
      KernelSource.of(
          "storage.cl",
          "rows.cl",
          "distillation.cl",
          "distillation_work.cl",
          "distillation_rows.cl");

  private static final String TILES =
      KernelSource.of(
          "storage.cl",
          "rows.cl",
          "distillation.cl",
          "distillation_work.cl",
          "row_places.cl",
          "row_tile.cl",
          "distillation_tile.cl");

  private final OpenClContext context;
  private final LaunchShape shape;

  DistillationKernel(OpenClContext context, LaunchShape shape) {
    this.context = context;
    this.shape = shape;
  }

  /**
   * So many rows of classes that are not adjacent go side by side, since few lanes are idle then. A
   * device with many cores needs more rows, or most of its cores would be idle.
   */
  private static final long MANY_ROWS = 4L * LaunchShape.WIDE;

  /** How many floats of local memory a sum's lane takes for each row: three sums of pairs. */
  private static final int SUMS = 3 * 2;

  /**
   * The most adjacent classes of rows that go side by side. For longer rows, the work done once per
   * row matters little.
   */
  private static final int TILE = 256;

  /** A program and how it is launched; {@code rows} is how many rows a unit of work has. */
  record Launch(String source, LaunchShape shape, String options, int rows) {
    long perGroup(long rows) {
      return shape.perGroup(units(rows));
    }

    private long units(long rows) {
      return (rows + this.rows - 1) / this.rows;
    }
  }

  /**
   * Chooses the launch. A GPU has a work-group for each row, and a work-item for each lane of its
   * sums. A CPU has a row in each lane of a vector, if rows are short or their classes are not
   * adjacent. Otherwise it has at most two vectors side by side, fewer than elsewhere, because
   * there are three sums and each needs a register. A row in each lane takes more than 32 KiB of
   * local memory, which some devices do not have.
   */
  static Launch launch(LaunchShape shape, CrossEntropyTask task, OpenClDevice device) {
    int classes = task.classes();
    boolean small = classes <= SumShape.LANES;
    boolean adjacent = task.inner() == 1;
    String features =
        Storage.of(task.input(), task.target()) + task.features() + (adjacent ? "" : " -D STRIDED");
    int chunk = small || !adjacent ? SumShape.LANES : TILE;
    int lines = small || adjacent ? SumShape.LANES : SumShape.ACCUMULATORS;
    boolean fits =
        4L * shape.vector() * (2 * chunk + SUMS * lines) < device.units().localMemoryBytes();
    if (shape.vector() == LaunchShape.WIDE && fits && (small || sideBySide(shape, task))) {
      LaunchShape own = shape.with(shape.vector(), 1, 1);
      String tile =
          (" -D CHUNK=" + chunk) + (small ? " -D SHORT" : "") + (adjacent ? " -D ADJACENT" : "");
      return new Launch(TILES, own, own.options() + tile + features, shape.vector());
    }
    if (shape.group() == 1) {
      LaunchShape own = shape.with(shape.vector(), Math.min(2, shape.unroll()), 1);
      return new Launch(ROWS, own, own.options() + features, 1);
    }
    int lanes = SumShape.lanes(classes);
    int most = (int) Long.highestOneBit(device.units().maxWorkGroupSize());
    LaunchShape own = shape.with(1, 1, Math.min(lanes, most));
    return new Launch(ROWS, own, own.options() + " -D ROW_LANES=" + lanes + features, 1);
  }

  /** Returns whether rows of more classes than lanes go side by side on a CPU. */
  private static boolean sideBySide(LaunchShape shape, CrossEntropyTask task) {
    return task.inner() > 1
        ? task.rows() >= Math.max(MANY_ROWS, shape.enough())
        : task.classes() <= TILE && task.rows() >= LaunchShape.WIDE * shape.enough();
  }

  /**
   * Computes the losses, and writes a pair for each row to {@code sums}.
   *
   * @param found which rows count, and with which weights; null if all count for 1
   */
  void run(
      CrossEntropyTask task,
      TargetsKernel.Classes found,
      DeviceBuffer sums,
      DeviceBuffer totals,
      CallBuffers operands) {
    Launch launch = launch(shape, task, context.device());
    long per = launch.perGroup(task.rows());
    CrossEntropyTask.Options options = task.options();
    float beta = options.values().number(Option.BETA);
    context
        .program(launch.source, launch.options)
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
        .run(launch.shape.global(launch.units(task.rows()), per), launch.shape.group());
  }
}
