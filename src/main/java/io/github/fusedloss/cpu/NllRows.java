package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.GeneratedNumerics.canonical;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;

/** The negative log likelihood of rows of log-probabilities; it reads one element of each row. */
final class NllRows implements RowWork {
  private final RowOperands operands;
  private final TargetOperands targets;

  NllRows(RowOperands operands, TargetOperands targets) {
    this.operands = operands;
    this.targets = targets;
  }

  @Override
  public void run(long first, int count, Scratch scratch) {
    for (int t = 0; t < count; t++) {
      long loss = run(first + t, targets.indices().get((int) (first + t)));
      scratch.tile.lossHi[t] = hi(loss);
      scratch.tile.lossLo[t] = lo(loss);
    }
  }

  private long run(long r, int y) {
    RowLayout layout = operands.layout();
    Floats gradient = operands.result();
    long at = layout.first(r) + y * layout.inner();
    float x = y == Targets.IGNORED ? 0f : operands.input().get(at);
    if (gradient != null) { // It may be written over the input.
      layout.fill(gradient, r, 0f);
    }
    if (y == Targets.IGNORED) {
      return 0L;
    }
    float w = targets.weights().get(y);
    if (gradient != null) {
      gradient.put(at, x == x ? canonical(-(targets.roundedScale(r) * w)) : Float.NaN);
    }
    return targets.weights().weigh(pair(0f - x, 0f), w); // +0 where x is 0
  }
}
