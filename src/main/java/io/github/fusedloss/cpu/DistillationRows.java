package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.GeneratedNumerics.pairAdd;
import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;

import io.github.fusedloss.Divergence;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Option;

/** The divergence of rows, one after the other, each block by block as the kernel does it. */
final class DistillationRows implements RowWork {
  private final RowOperands operands;
  private final TargetOperands targets;
  private final Divergence divergence;
  private final long inverse;
  private final float beta;
  private final long times;
  private final float slopeTimes;

  DistillationRows(CrossEntropyTask task, RowOperands operands, TargetOperands targets) {
    this.operands = operands;
    this.targets = targets;
    CrossEntropyTask.Options options = task.options();
    divergence = options.divergence();
    inverse = Settings.split(1.0 / options.values().number(Option.TEMPERATURE));
    beta = options.values().number(Option.BETA);
    times = Settings.split(options.divergenceFactor());
    slopeTimes = options.divergenceSlope();
  }

  @Override
  public void run(long first, int count, Scratch scratch) {
    for (int t = 0; t < count; t++) {
      long loss = targets.ignores(first + t) ? none(first + t, 0f) : row(first + t, scratch);
      scratch.tile.lossHi[t] = hi(loss);
      scratch.tile.lossLo[t] = lo(loss);
    }
  }

  /** Makes all gradients of a row this value, if they are wanted; the loss is the same. */
  private long none(long r, float value) {
    if (operands.result() != null) {
      operands.layout().fill(operands.result(), r, value);
    }
    return pair(value, 0f);
  }

  /** Work on one block of a row. */
  private interface Part {
    void run(DistillBlock block, int start);
  }

  private static void forBlocks(
      OperandRow x, OperandRow z, int classes, Scratch scratch, Part work) {
    DistillBlock b = scratch.distill;
    int count = (int) Blocks.count(classes);
    for (int k = 0; k < count; k++) {
      int start = k * Blocks.BLOCK;
      b.n = Math.min(Blocks.BLOCK, classes - start);
      b.x = x.block(start, b.n, scratch);
      b.xAt = x.at(start);
      b.z = z.block(start, b.n, scratch);
      b.zAt = z.at(start);
      work.run(b, start);
    }
  }

  /** NaN if there is one: the row has no softmax then. Never -0. */
  private static float max(float a, float b) {
    return Math.max(a, b) + 0f;
  }

  private long row(long r, Scratch scratch) {
    RowLayout layout = operands.layout();
    BlockKernels kernels = operands.kernels();
    int classes = layout.classes();
    OperandRow x = layout.input(operands.input(), r, scratch, Scratch.Slot.INPUT);
    OperandRow z = layout.input(targets.probabilities(), r, scratch, Scratch.Slot.TARGET);
    DistillBlock block = scratch.distill;
    block.divergence = divergence;
    Sides sides = block.sides;
    sides.inverse = inverse;
    sides.beta = beta;
    sides.keep = (float) (1.0 - beta);
    sides.studentMax = Float.NEGATIVE_INFINITY;
    sides.teacherMax = Float.NEGATIVE_INFINITY;
    forBlocks(
        x,
        z,
        classes,
        scratch,
        (b, start) -> {
          sides.studentMax = max(sides.studentMax, kernels.max(b.x, b.xAt, b.n));
          sides.teacherMax = max(sides.teacherMax, kernels.max(b.z, b.zAt, b.n));
        });
    MassSums sums = scratch.massSums;
    sums.clear();
    forBlocks(
        x,
        z,
        classes,
        scratch,
        (b, start) -> {
          kernels.masses(b, scratch.lanes);
          sums.student = pairAdd(sums.student, b.sums.student);
          sums.teacher = pairAdd(sums.teacher, b.sums.teacher);
          sums.difference = pairAdd(sums.difference, b.sums.difference);
        });
    if (!DistillationFormulas.isDefined(sides, sums)) {
      return none(r, Float.NaN);
    }
    GeneratedDistillation.setSums(sums, sides);
    sums.clear(); // From here on: of the divergence, and of the student's from the mixture.
    forBlocks(
        x,
        z,
        classes,
        scratch,
        (b, start) -> {
          kernels.divergences(b, scratch.lanes);
          sums.teacher = pairAdd(sums.teacher, b.sum);
          sums.student = pairAdd(sums.student, b.ofStudent);
        });
    long sum = sums.teacher;
    if (operands.result() != null) {
      gradient(r, x, z, divergence == Divergence.JSD ? sums.student : sum, scratch);
    }
    long loss = GeneratedDistillation.rowDivergence(sum, times);
    return targets.weigh(loss, r);
  }

  private void gradient(long r, OperandRow x, OperandRow z, long loss, Scratch scratch) {
    if (divergence == Divergence.REVERSE_KL && hi(loss) == INF) {
      none(r, Float.NaN);
      return;
    }
    RowLayout layout = operands.layout();
    BlockKernels kernels = operands.kernels();
    OperandRow result = layout.result(operands.result(), r, scratch, Scratch.Slot.RESULT);
    scratch.distill.loss = loss;
    scratch.distill.factor = targets.roundedScale(r) * slopeTimes;
    forBlocks(
        x,
        z,
        layout.classes(),
        scratch,
        (b, start) -> {
          b.out = result.room(b.n, scratch);
          b.outAt = result.at(start);
          kernels.slopes(b, scratch.lanes);
          result.written(start, b.n, b.out);
        });
    result.store();
  }
}
