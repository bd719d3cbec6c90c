package io.github.fusedloss.opencl;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.Memory;
import io.github.fusedloss.backend.SumShape;
import io.github.fusedloss.backend.Totals;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Host side of targets.cl: class indices are checked, counted and weighed on the device. */
final class TargetsKernel {
  static final String SOURCE = KernelSource.of("row_weights.cl", "targets.cl");

  private final OpenClContext context;
  private final LaunchShape shape;
  private final ReduceKernel reduce;

  TargetsKernel(OpenClContext context, LaunchShape shape, ReduceKernel reduce) {
    this.context = context;
    this.shape = shape;
    this.reduce = reduce;
  }

  /**
   * The results on the device.
   *
   * @param target the indices as they were read
   * @param classes the classes of all rows; -1 if a row is ignored, or its index is not a class
   * @param rowWeights the row weights
   * @param weights the sum of the weights of each block
   * @param ofRows the totals of the row weights alone, if a penalty needs them and they differ from
   *     the totals of the weights; or null
   */
  record Classes(
      DeviceBuffer target,
      DeviceBuffer classes,
      DeviceBuffer rowWeights,
      DeviceBuffer weights,
      LossTotals ofRows) {
    /** Returns {@link Totals#rowWeightSum()}; the totals must have been read. */
    double rowWeightSum(TargetRows rows, LossTotals totals) {
      if (ofRows == null) {
        return rows.weighsRows() ? totals.weightSum() : totals.count();
      }
      ofRows.read();
      return ofRows.weightSum();
    }
  }

  /**
   * Does {@link #run(TargetRows, CallBuffers, DeviceBuffer, DeviceBuffer)} for a task, and adds the
   * totals of a penalty.
   */
  Classes run(
      CrossEntropyTask task, CallBuffers operands, DeviceBuffer weight, DeviceBuffer totals) {
    TargetRows rows = TargetRows.of(task);
    Classes found = run(rows, operands, weight, totals);
    if (!rows.penalizedApart()) {
      return found;
    }
    LossTotals ofRows = new LossTotals(operands);
    run(rows.ofPenalty(), operands, operands.none(), ofRows.buffer());
    totals.copyFrom(ofRows.buffer(), LossTotals.SCALE * 4, LossTotals.PENALTY_SCALE * 4, 4);
    return new Classes(
        found.target(), found.classes(), found.rowWeights(), found.weights(), ofRows);
  }

  /**
   * Finds the classes, and fills in all of {@code totals} but the pair of the loss. Does not wait
   * for the device.
   *
   * @param weight the weights of the classes, or an empty buffer
   */
  Classes run(TargetRows rows, CallBuffers operands, DeviceBuffer weight, DeviceBuffer totals) {
    long blocks = SumShape.blocks(rows.count());
    long per = shape.perGroup(blocks);
    boolean indices = rows.target() != null;
    DeviceBuffer target = operands.input(rows.target());
    DeviceBuffer rowWeights = operands.input(rows.rowWeights());
    DeviceBuffer classes =
        indices || rows.classes().wanted() ? operands.room(rows.count() * 4) : operands.none();
    DeviceBuffer partial = operands.room(blocks * 8);
    DeviceBuffer counts = operands.room(blocks * 4);
    DeviceBuffer bad = operands.room(blocks * 8);
    OpenClProgram program = context.program(SOURCE, shape.options() + features(rows));
    KernelCall call =
        program
            .kernel("targets")
            .buffer(target, rows.classes().weighted() ? weight : operands.none(), classes)
            .buffer(partial, counts, bad)
            .int64(rows.count(), per)
            .int32(rows.classes().count())
            .int64(rows.classes().ignoreIndex());
    if (rows.rowWeights() != null) {
      call.buffer(rowWeights);
    }
    call.run(shape.global(blocks, per), shape.group());
    program
        .kernel("targets_total")
        .buffer(
            rows.summed() ? reduce.toOnePair(operands, partial, blocks, null) : operands.none(),
            counts,
            bad,
            totals)
        .int64(blocks)
        .float32(rows.upstream().scale(), rows.upstream().penaltyScale())
        .int32(rows.upstream().byWeights() ? 1 : 0)
        .int32(!rows.penalized() ? 0 : rows.weighsRows() ? 2 : 1)
        .run(shape.group(), shape.group());
    return new Classes(target, classes, rowWeights, partial, null);
  }

  /** Returns the features that targets.cl is compiled with. */
  static String features(TargetRows rows) {
    String target =
        rows.target() == null
            ? " -D NO_TARGET"
            : " -D TARGET="
                + Storage.integer(rows.target().type())
                + (rows.target().type() == ElementType.INT64 ? " -D LONG_TARGET" : "");
    return target + Storage.rowWeights(rows.rowWeights());
  }

  /**
   * Returns the totals of rows that come piece by piece: how many count, and what they weigh. The
   * sum of losses is 0.
   *
   * @param weight the weights of the classes, or null
   */
  Totals totals(TargetRows rows, Memory weight) {
    long[] count = new long[1];
    Memory first = rows.target() == null ? rows.rowWeights() : rows.target();
    Pieces pieces = new Pieces(context, rows.count(), first, null, rows.rowWeights());
    try (PairSum weights = new PairSum(context, reduce, SumShape.blocks(rows.count()))) {
      pieces.run(
          rows.count(),
          Pieces.blocks(rows.count()),
          (operands, at, n) -> {
            TargetRows piece = rows.piece(at, n);
            LossTotals totals = new LossTotals(operands);
            Classes found = run(piece, operands, operands.input(weight), totals.buffer());
            totals.read();
            refuse(piece, found.target(), totals, at);
            if (rows.summed()) {
              weights.add(operands, found.weights(), SumShape.blocks(n));
            }
            count[0] += totals.count();
          });
      double sum = rows.summed() ? weights.total() : count[0];
      double ofRows =
          rows.penalizedApart()
              ? totals(rows.ofPenalty(), null).weightSum()
              : rows.weighsRows() ? sum : count[0];
      return new Totals(0, sum, count[0], 0, ofRows);
    }
  }

  /** Does {@link Executor#mask} for one piece. */
  void mask(DeviceBuffer weights, Memory mask, DeviceBuffer output, CallBuffers operands) {
    long n = mask.length();
    long groups = Math.min(shape.groups(), (n + shape.group() - 1) / shape.group());
    context
        .program(SOURCE, shape.options() + " -D NO_TARGET -D MASK=" + Storage.integer(mask.type()))
        .kernel("mask_weights")
        .buffer(weights, operands.input(mask), output)
        .int64(n)
        .run(groups * shape.group(), shape.group());
  }

  /**
   * Throws if {@link LossTotals#bad()} names a row. What the device has read is judged, and not
   * what the caller's array holds now: if indices change during a call, that is not the device's
   * fault.
   *
   * @param target the indices as the device has read them; nothing has written to them since
   * @param at where the task begins in a larger one
   * @throws BadElementException if the row's target is no class
   * @throws OpenClException if it is one, so that the device cannot be trusted
   */
  void refuse(CrossEntropyTask task, DeviceBuffer target, LossTotals totals, long at) {
    refuse(TargetRows.of(task), target, totals, at);
  }

  private void refuse(TargetRows rows, DeviceBuffer target, LossTotals totals, long at) {
    long row = totals.bad();
    if (row == Long.MAX_VALUE) {
      return;
    }
    if (rows.target() != null && row >= 0 && row < rows.count()) {
      long index = index(rows.target().type(), target, row);
      TargetRows.ClassRange classes = rows.classes();
      if (index != classes.ignoreIndex() && (index < 0 || index >= classes.count())) {
        throw CrossEntropyTask.refuse(at + row, index, classes.count(), classes.ignoreIndex());
      }
    }
    throw context.wrongBits("it says that target[" + (at + row) + "] is no class, which is not so");
  }

  private static long index(ElementType type, DeviceBuffer target, long row) {
    ByteBuffer one = ByteBuffer.allocate(type.bytes()).order(ByteOrder.nativeOrder());
    target.read(row * type.bytes(), one);
    return Storage.integer(type, one, 0);
  }
}
