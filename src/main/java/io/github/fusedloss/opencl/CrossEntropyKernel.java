package io.github.fusedloss.opencl;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.Output;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Curvature;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;
import io.github.fusedloss.backend.Results;
import io.github.fusedloss.backend.Totals;
import io.github.fusedloss.backend.Upstream;
import java.util.stream.Stream;

/** Host side of cross_entropy.cl, and of the steps before and after it. */
final class CrossEntropyKernel {
  private static final DeviceBuffer[] NO_OUTPUTS = {};

  private final OpenClContext context;
  private final LaunchShape shape;
  private final ReduceKernel reduce;
  private final TargetsKernel targets;
  private final NllKernel nll;
  private final DistillationKernel distillation;

  CrossEntropyKernel(
      OpenClContext context, LaunchShape shape, ReduceKernel reduce, TargetsKernel targets) {
    this.context = context;
    this.shape = shape;
    this.reduce = reduce;
    this.targets = targets;
    nll = new NllKernel(context, shape);
    distillation = new DistillationKernel(context, shape);
  }

  /**
   * Computes the loss, piece by piece.
   *
   * @throws BadElementException if a target is neither a class nor ignoreIndex
   */
  Totals run(CrossEntropyTask task, Pieces pieces) {
    Totals[] totals = new Totals[1];
    Upstream[] upstream = new Upstream[1];
    try (PairSum sum = new PairSum(context, reduce, task.rows());
        PairSum penalties = new PairSum(context, reduce, task.rows())) {
      pieces.run(
          task.rows(),
          Pieces.rows(task.shape()),
          (operands, at, rows) -> {
            boolean inPlace = pieces.inPlace();
            if (rows == task.rows()) {
              totals[0] =
                  whole(
                      inPlace ? slice(task, at, rows, true, task.upstream()) : task,
                      operands,
                      penalties);
              return;
            }
            if (sum.isEmpty()) { // It comes before anything is written.
              totals[0] = totals(task);
              upstream[0] = task.upstream().of(totals[0]);
            }
            piece(slice(task, at, rows, inPlace, upstream[0]), operands, sum, penalties, at);
          });
      Totals t = totals[0];
      double all = sum.isEmpty() ? t.sum() : sum.total();
      return new Totals(all, t.weightSum(), t.count(), penalties.total(), t.rowWeightSum());
    }
  }

  /**
   * Returns the task of rows at to at + rows. {@code upstream} is that of the whole task, or its
   * factors once they are known.
   */
  private static CrossEntropyTask slice(
      CrossEntropyTask task, long at, long rows, boolean inPlace, Upstream upstream) {
    RowSlice slice = new RowSlice(at, rows, task.shape());
    boolean probabilities = !task.function().hasClassIndices();
    return new CrossEntropyTask(
        task.function(),
        slice.shape(),
        slice.elements(task.input()),
        probabilities ? slice.elements(task.target()) : slice.rows(task.target()),
        task.rowWeights() == null
            ? task.options()
            : task.options().withRowWeights(slice.rows(task.rowWeights())),
        upstream.withEach(slice.rows(upstream.each())),
        Results.of(
                slice.rows(task.loss()),
                inPlace ? slice.apart(task.gradient()) : slice.elements(task.gradient()))
            .with(slice.extras(task.results().extras())));
  }

  /** Looks at all targets first: how many count, and what they weigh. The sum of losses is 0. */
  private Totals totals(CrossEntropyTask task) {
    if (!looksAtTargets(task)) {
      return new Totals(0, task.rows(), task.rows());
    }
    return targets.totals(TargetRows.of(task), task.options().weight());
  }

  /** Returns whether something says which rows count, or with which weight. */
  private static boolean looksAtTargets(CrossEntropyTask task) {
    return task.function().hasClassIndices() || task.rowWeights() != null;
  }

  /**
   * Computes some rows with a known scale. Their targets were right when all targets were looked
   * at.
   */
  private void piece(
      CrossEntropyTask task, CallBuffers operands, PairSum sum, PairSum penalties, long at) {
    LossTotals totals = new LossTotals(operands);
    Pairs pairs = Pairs.of(task, operands, operands.room(task.rows() * 8));
    TargetsKernel.Classes found = losses(task, operands, totals.buffer(), pairs);
    if (found != null) {
      totals.read();
      targets.refuse(task, found.target(), totals, at);
    }
    if (pairs.penalties() == null) {
      sum.add(operands, pairs.losses(), task.rows());
    } else {
      PairSum.add(operands, sum, pairs.losses(), penalties, pairs.penalties(), task.rows());
    }
  }

  /**
   * One pair for each row: of its loss, and of what a penalty adds; the latter null if there is no
   * penalty.
   */
  private record Pairs(DeviceBuffer losses, DeviceBuffer penalties) {
    static Pairs of(CrossEntropyTask task, CallBuffers operands, DeviceBuffer losses) {
      boolean penalized = task.options().penalty() > 0;
      return new Pairs(losses, penalized ? operands.room(task.rows() * 8) : null);
    }
  }

  /** Computes all rows at once, and waits for the device once, at the end. */
  private Totals whole(CrossEntropyTask task, CallBuffers operands, PairSum penalties) {
    LossTotals totals = new LossTotals(operands);
    DeviceBuffer losses = task.rows() == 1 ? totals.buffer() : operands.room(task.rows() * 8);
    Pairs pairs = Pairs.of(task, operands, losses);
    TargetsKernel.Classes found = losses(task, operands, totals.buffer(), pairs);
    reduce.toOnePair(operands, losses, task.rows(), totals.buffer());
    if (pairs.penalties() != null) {
      penalties.add(operands, pairs.penalties(), task.rows());
    }
    totals.read();
    if (found == null) {
      return new Totals(totals.sum(), task.rows(), task.rows());
    }
    targets.refuse(task, found.target(), totals, 0);
    double rowWeightSum = found.rowWeightSum(TargetRows.of(task), totals);
    return new Totals(totals.sum(), totals.weightSum(), totals.count(), 0, rowWeightSum);
  }

  /**
   * Computes a pair for each row, two with a penalty. What the targets add up to goes to {@code
   * totals}, but the sum of losses does not.
   *
   * @return the targets; null if they are probabilities and all rows count for 1
   */
  private TargetsKernel.Classes losses(
      CrossEntropyTask task, CallBuffers operands, DeviceBuffer totals, Pairs pairs) {
    DeviceBuffer weight = operands.input(task.options().weight());
    TargetsKernel.Classes found =
        looksAtTargets(task) ? targets.run(task, operands, weight, totals) : null;
    if (task.function() == Function.NLL_LOSS) {
      nll.run(task, found, weight, pairs.losses(), totals, operands);
    } else if (task.function() == Function.DISTILLATION) {
      distillation.run(
          task, found, pairs.losses(), found == null ? operands.none() : totals, operands);
    } else {
      rows(task, found, weight, pairs, found == null ? operands.none() : totals, operands);
    }
    return found;
  }

  private void rows(
      CrossEntropyTask task,
      TargetsKernel.Classes found,
      DeviceBuffer weight,
      Pairs pairs,
      DeviceBuffer totals,
      CallBuffers operands) {
    DeviceBuffer classes = found == null ? operands.none() : found.classes();
    boolean probabilities = task.function() == Function.CROSS_ENTROPY_OF_PROBABILITIES;
    boolean smoothing = task.options().labelSmoothing() > 0;
    DeviceBuffer all =
        smoothing && task.options().weight() != null && !probabilities
            ? reduce.sumOnDevice(operands, ElementType.FLOAT32, weight, task.classes())
            : operands.none();
    double keep = 1.0 - task.options().labelSmoothing();
    double spread = (double) task.options().labelSmoothing() / task.classes();
    DeviceBuffer target = probabilities ? operands.input(task.target()) : operands.none();
    DeviceBuffer upstream = operands.input(task.upstream().each());
    DeviceBuffer loss = operands.output(task.loss());
    Curvature hessian = task.hessian();
    DeviceBuffer curves = operands.output(task.hessianMemory());
    DeviceBuffer rowWeights = task.weighsRows() ? found.rowWeights() : operands.none();
    // Once for all kernels, and not once for each.
    DeviceBuffer[] outputs =
        wantsOutputs(task)
            ? Stream.of(Output.values())
                .map(output -> operands.output(task.output(output)))
                .toArray(DeviceBuffer[]::new)
            : NO_OUTPUTS;
    LogitArguments logits = LogitArguments.of(task.options().logits(), operands);
    RowLaunch.of(context.device(), shape, work(task))
        .run(
            context,
            operands,
            "cross_entropy",
            features(task),
            operands.input(task.input()),
            operands.output(task.gradient()),
            call -> {
              call.buffer(classes, target, weight, upstream, totals, all, pairs.losses(), loss)
                  .float32(task.upstream().factor(task.rows()))
                  .pair(keep)
                  .pair(spread);
              if (task.function() == Function.SOFTMAX_FOCAL_LOSS) {
                call.float32(task.options().values().number(Option.GAMMA));
              }
              if (pairs.penalties() != null) {
                call.buffer(pairs.penalties())
                    .float32(task.upstream().penaltyFactor(task.rows()), task.options().penalty());
              }
              if (weighsRows(task)) {
                call.buffer(rowWeights);
              }
              call.buffer(outputs);
              if (hessian != null) {
                call.buffer(curves).float32(hessian.times(), hessian.least());
              }
              logits.bind(call);
            });
  }

  /**
   * Returns whether a kernel over rows has to know of row weights. With class indices it need not
   * know of a mask: rows that it leaves out have no class.
   */
  private static boolean weighsRows(CrossEntropyTask task) {
    return task.weighsRows() || task.isMasked() && !task.function().hasClassIndices();
  }

  /** Returns whether a kernel over rows also computes outputs of each row. */
  private static boolean wantsOutputs(CrossEntropyTask task) {
    return !task.results().extras().rows().isEmpty();
  }

  static RowWork work(CrossEntropyTask task) {
    boolean probabilities = task.function() == Function.CROSS_ENTROPY_OF_PROBABILITIES;
    boolean whole = probabilities || task.options().labelSmoothing() > 0;
    boolean focal = task.function() == Function.SOFTMAX_FOCAL_LOSS;
    int curves = focal ? RowWork.LINES_OF_FOCAL_CURVES : RowWork.LINES_OF_CURVES;
    return new RowWork(
        task.input().type(),
        task.shape(),
        (probabilities ? 2 : 1) + (task.hessian() == null ? 0 : 1),
        (whole ? 3 : 1) + (wantsOutputs(task) ? 1 : 0),
        task.gradient() != null,
        !task.options().logits().isPlain(),
        new RowWork.Extras(wantsOutputs(task), task.hessian() == null ? 0 : curves));
  }

  static String features(CrossEntropyTask task) {
    return Storage.of(task.input(), task.target())
        + task.features()
        + (weighsRows(task) ? " -D ROW_WEIGHTS" : "")
        + (wantsOutputs(task) ? " -D ROW_OUTPUTS" : "")
        + task.options().logits().features()
        + (task.gradient() == null ? "" : " -D WANT_GRADIENT")
        + (task.hessian() == null ? "" : " -D HESSIAN");
  }
}
