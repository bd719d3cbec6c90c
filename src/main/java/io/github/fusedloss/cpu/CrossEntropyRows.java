package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;

import java.util.function.Supplier;

/** Cross entropy of rows of logits, one row after the other. */
final class CrossEntropyRows implements CpuRows.Work {
  private final RowOperands operands;
  private final Supplier<RowTarget> targets;
  private final RowScale scale;
  private final Workers workers;
  private final boolean gradient;

  /**
   * @param targets makes one for each thread that asks
   */
  CrossEntropyRows(
      RowOperands operands, Supplier<RowTarget> targets, RowScale scale, Workers workers) {
    this.operands = operands;
    this.targets = targets;
    this.scale = scale;
    this.workers = workers;
    gradient = operands.result() != null;
  }

  @Override
  public void run(long first, int count, Scratch scratch) {
    RowSource rows = operands.rows(first, count, workers, scratch);
    RowTarget target = targets.get();
    for (int t = 0; t < count; t++) {
      long loss = 0L;
      if (target.begin(first + t, scratch)) {
        loss = run(rows, t, target, scale.of(first + t));
      } else if (gradient) {
        rows.fill(t, 0f);
      }
      scratch.tile.lossHi[t] = hi(loss);
      scratch.tile.lossLo[t] = lo(loss);
    }
    rows.end();
  }

  private long run(RowSource rows, int t, RowTarget target, long s) {
    SoftmaxRow row = target.read(rows, t);
    if (row.undefined) {
      if (gradient) {
        rows.fill(t, Float.NaN);
      }
      return pair(Float.NaN, 0f);
    }
    long loss = target.loss(row);
    if (gradient) {
      target.gradient(rows, row, s);
    }
    return loss;
  }
}
