package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.INF;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;

import io.github.fusedloss.Divergence;

/**
 * Computes the divergence of rows side by side; one after the other if they do not fill a vector.
 */
final class DivergenceTiles implements RowWork {
  private final RowOperands operands;
  private final TargetOperands targets;
  private final DivergenceNumbers numbers;
  private final RowWork rows;

  DivergenceTiles(DivergenceNumbers numbers, RowOperands operands, TargetOperands targets) {
    this.numbers = numbers;
    this.operands = operands;
    this.targets = targets;
    rows = new DistillationRows(numbers, operands, targets);
  }

  /** Returns whether rows of this layout can be computed side by side. */
  static boolean fit(RowLayout layout, BlockKernels kernels) {
    int most = layout.inner() == 1 ? RowTile.SHORT : Blocks.BLOCK;
    return kernels.hasVectors() && layout.classes() <= most;
  }

  @Override
  public boolean sideBySide() {
    return true;
  }

  @Override
  public void run(long first, int count, Scratch scratch) {
    if (count < RowTile.VECTOR) {
      rows.run(first, count, scratch);
      return;
    }
    RowTile tile = scratch.tile;
    DivergenceTile both = load(tile, first, count, scratch);
    BlockKernels kernels = operands.kernels();
    kernels.masses(both, scratch.lanes);
    for (int t = 0; t < count; t++) {
      both.defined[t] = both.isDefined(t);
      both.factor[t] = targets.roundedScale(first + t) * numbers.slopeTimes();
    }
    kernels.divergences(both, scratch.lanes);
    for (int t = 0; t < count; t++) {
      long loss = loss(both, t, first + t);
      tile.lossHi[t] = hi(loss);
      tile.lossLo[t] = lo(loss);
    }
    if (operands.result() != null) {
      kernels.slopes(both, scratch.lanes);
      for (int t = 0; t < count; t++) {
        boolean infinite = both.divergence == Divergence.REVERSE_KL && both.first.hi[t] == INF;
        if (targets.ignores(first + t)) {
          tile.fill(t, 0f, tile.e);
        } else if (!both.defined[t] || infinite) {
          tile.fill(t, Float.NaN, tile.e);
        }
      }
      TileMemory.store(tile, tile.e, operands.result(), scratch);
    }
  }

  private DivergenceTile load(RowTile tile, long first, int count, Scratch scratch) {
    tile.begin(operands.layout().classes(), count, true);
    tile.first = first;
    tile.inner = operands.layout().inner();
    DivergenceTile both = scratch.divergenceTile();
    both.divergence = numbers.divergence();
    both.inverse = numbers.inverse();
    both.beta = numbers.beta();
    both.keep = numbers.keep();
    both.classes = tile.classes;
    both.stride = tile.stride;
    both.x = tile.x;
    both.z = scratch.floats(Scratch.Slot.SHARES, tile.end());
    both.out = operands.result() == null ? null : tile.e;
    TileMemory.load(tile, operands.input(), both.x, scratch);
    TileMemory.load(tile, targets.probabilities(), both.z, scratch);
    return both;
  }

  private long loss(DivergenceTile both, int t, long row) {
    if (targets.ignores(row)) {
      return 0L;
    }
    return both.defined[t]
        ? GeneratedDistillation.rowDivergence(both.first.sum(t), numbers.times())
        : pair(Float.NaN, 0f);
  }
}
