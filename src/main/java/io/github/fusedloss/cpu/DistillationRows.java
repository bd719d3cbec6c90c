package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.GeneratedNumerics.pairAdd;
import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;

import io.github.fusedloss.Divergence;

/**
 * Computes the divergence of rows, one after the other, each block by block as the kernel does it.
 */
final class DistillationRows implements RowWork {
  private final RowOperands operands;
  private final TargetOperands targets;
  private final DivergenceNumbers numbers;

  DistillationRows(DivergenceNumbers numbers, RowOperands operands, TargetOperands targets) {
    this.numbers = numbers;
    this.operands = operands;
    this.targets = targets;
  }

  @Override
  public void run(long first, int count, Scratch scratch) {
    for (int t = 0; t < count; t++) {
      long loss = targets.ignores(first + t) ? none(first + t, 0f) : row(first + t, scratch);
      scratch.tile.lossHi[t] = hi(loss);
      scratch.tile.lossLo[t] = lo(loss);
    }
  }

  /** Makes all gradients of a row this value, if they are wanted; returns it as the loss. */
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

  /** A row of student and teacher, whose blocks are visited one after the other. */
  private record BothRows(OperandRow x, OperandRow z, int classes, Scratch scratch) {
    void forBlocks(Part work) {
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

    /**
     * Visits the blocks, each with room for its gradients; without, if {@code gradient} is null.
     */
    void forBlocks(OperandRow gradient, Part work) {
      forBlocks(
          (b, start) -> {
            b.out = gradient == null ? null : gradient.room(b.n, scratch);
            b.outAt = gradient == null ? 0 : gradient.at(start);
            work.run(b, start);
            if (gradient != null) {
              gradient.written(start, b.n, b.out);
            }
          });
    }
  }

  /** Returns the larger number, never -0. It is NaN if one is, and then the row has no softmax. */
  private static float max(float a, float b) {
    return Math.max(a, b) + 0f;
  }

  private long row(long r, Scratch scratch) {
    RowLayout layout = operands.layout();
    OperandRow x = layout.input(operands.input(), r, scratch, Scratch.Slot.INPUT);
    OperandRow z = layout.input(targets.probabilities(), r, scratch, Scratch.Slot.TARGET);
    BothRows rows = new BothRows(x, z, layout.classes(), scratch);
    if (!begin(rows)) {
      return none(r, Float.NaN);
    }
    DistillBlock block = scratch.distill;
    block.factor = targets.roundedScale(r) * numbers.slopeTimes();
    OperandRow gradient =
        operands.result() == null
            ? null
            : layout.result(operands.result(), r, scratch, Scratch.Slot.RESULT);
    Divergence divergence = numbers.divergence();
    boolean withTerms = divergence == Divergence.FORWARD_KL;
    // teacher: the divergence; student: that of the student from the mixture
    MassSums sums = scratch.massSums;
    sums.clear();
    rows.forBlocks(
        withTerms ? gradient : null,
        (b, start) -> {
          operands.kernels().divergences(b, scratch.lanes);
          sums.teacher = pairAdd(sums.teacher, b.sum);
          sums.student = pairAdd(sums.student, b.ofStudent);
        });
    long sum = sums.teacher;
    if (gradient != null && divergence == Divergence.REVERSE_KL && hi(sum) == INF) {
      none(r, Float.NaN);
    } else if (gradient != null) {
      block.loss = divergence == Divergence.JSD ? sums.student : sum;
      if (!withTerms) {
        rows.forBlocks(gradient, (b, start) -> operands.kernels().slopes(b, scratch.lanes));
      }
      gradient.store();
    }
    return GeneratedDistillation.rowDivergence(sum, numbers.times());
  }

  /** Finds what all classes of a row share; returns false if one side has no softmax. */
  private boolean begin(BothRows rows) {
    BlockKernels kernels = operands.kernels();
    Scratch scratch = rows.scratch;
    scratch.distill.divergence = numbers.divergence();
    Sides sides = scratch.distill.sides;
    sides.inverse = numbers.inverse();
    sides.beta = numbers.beta();
    sides.keep = numbers.keep();
    sides.studentMax = Float.NEGATIVE_INFINITY;
    sides.teacherMax = Float.NEGATIVE_INFINITY;
    rows.forBlocks(
        (b, start) -> {
          sides.studentMax = max(sides.studentMax, kernels.max(b.x, b.xAt, b.n));
          sides.teacherMax = max(sides.teacherMax, kernels.max(b.z, b.zAt, b.n));
        });
    MassSums sums = scratch.massSums;
    sums.clear();
    rows.forBlocks(
        (b, start) -> {
          kernels.masses(b, scratch.lanes);
          sums.student = pairAdd(sums.student, b.sums.student);
          sums.teacher = pairAdd(sums.teacher, b.sums.teacher);
          sums.difference = pairAdd(sums.difference, b.sums.difference);
        });
    if (!DistillationFormulas.isDefined(sides, sums)) {
      return false;
    }
    GeneratedDistillation.setSums(sums, sides);
    return true;
  }
}
