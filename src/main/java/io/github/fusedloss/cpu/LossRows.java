package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.GeneratedNumerics.canonical;
import static io.github.fusedloss.cpu.GeneratedNumerics.pairScale;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;

import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.Totals;

/**
 * Takes the losses of rows from the class that computes them, multiplies them by the weights of the
 * rows, adds them up, and stores them if they are wanted. It does the same with what a penalty adds
 * to them.
 */
final class LossRows implements RowWork {
  private final RowWork work;
  private final TargetOperands targets;
  private final RowSum losses;
  // Null if there is no penalty.
  private final RowSum penalties;
  // Null if the losses are not wanted one by one.
  private final Floats each;

  LossRows(CrossEntropyTask task, RowWork work, TargetOperands targets, BlockKernels kernels) {
    this.work = work;
    this.targets = targets;
    losses = new RowSum(task.rows(), kernels);
    penalties = task.options().penalty() > 0f ? new RowSum(task.rows(), kernels) : null;
    each = Floats.orNull(task.loss(), kernels);
  }

  @Override
  public boolean sideBySide() {
    return work.sideBySide();
  }

  @Override
  public void run(long first, int count, Scratch scratch) {
    work.run(first, count, scratch);
    RowTile tile = scratch.tile;
    if (penalties != null) {
      weigh(first, count, tile.penalty.hi, tile.penalty.lo);
      penalties.add(first, count, tile.penalty.hi, tile.penalty.lo, scratch);
    }
    weigh(first, count, tile.lossHi, tile.lossLo);
    losses.add(first, count, tile.lossHi, tile.lossLo, scratch);
    if (each != null) {
      for (int t = 0; t < count; t++) {
        tile.lossHi[t] = canonical(penalties == null ? tile.lossHi[t] : tile.withPenalty(t));
      }
      each.paste(tile.lossHi, 0, count, first);
    }
  }

  private void weigh(long first, int count, float[] hi, float[] lo) {
    RowFactors weights = targets.rowWeights();
    for (int t = 0; weights != null && t < count; t++) {
      if (!targets.ignores(first + t)) {
        long product = pairScale(pair(hi[t], lo[t]), weights.get(first + t));
        hi[t] = hi(product);
        lo[t] = lo(product);
      }
    }
  }

  /** Returns what all rows add up to. */
  Totals totals(double weightSum, long count, double rowWeightSum, Workers workers) {
    double penalty = penalties == null ? 0 : ScalarMath.toDouble(penalties.total(workers));
    double sum = ScalarMath.toDouble(losses.total(workers));
    return new Totals(sum, weightSum, count, penalty, rowWeightSum);
  }
}
