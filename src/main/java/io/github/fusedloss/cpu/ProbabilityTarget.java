package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.add;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.multiply;
import static io.github.fusedloss.cpu.ScalarMath.pair;

/**
 * A probability of each class, smoothed: b_c is that times the weight of c, A the sum of these, the
 * row's mass.
 */
final class ProbabilityTarget extends RowTarget {
  private final RowLayout layout;
  private final Floats probabilities;
  private final Smoothing smoothing;

  private final RowSource.Sums sums = this::sum;
  private OperandRow shares;

  ProbabilityTarget(
      BlockKernels kernels,
      ClassWeights weights,
      RowLayout layout,
      Floats probabilities,
      Smoothing smoothing) {
    super(kernels, weights);
    this.layout = layout;
    this.probabilities = probabilities;
    this.smoothing = smoothing;
  }

  @Override
  boolean begin(long r, Scratch scratch) {
    shares = layout.input(probabilities, r, scratch, 2);
    return true;
  }

  @Override
  SoftmaxRow read(RowSource rows, int t) {
    return rows.read(t, -1, sums);
  }

  private void sum(RowBlock b, int start, Scratch scratch) {
    kernels.distances(withShares(b, start, scratch), scratch.lanes);
  }

  private RowBlock withShares(RowBlock b, int start, Scratch scratch) {
    b.probabilities(shares.block(start, b.n, scratch), shares.at(start), smoothing);
    return weights.of(b, start, scratch);
  }

  @Override
  long loss(SoftmaxRow row) {
    float unit = SoftmaxRow.DISTANCE_UNIT;
    long distance = pair(hi(row.distance) * unit, lo(row.distance) * unit);
    return add(distance, multiply(row.log, row.mass));
  }

  @Override
  long all(SoftmaxRow row) {
    return row.mass;
  }

  @Override
  public void run(float[] e, int at, int start, int n, float factor, float top, Scratch scratch) {
    RowBlock b = withShares(scratch.block, start, scratch);
    kernels.gradient(b.gradient(factor, top, likely(), hi(scale)), scratch.lanes);
  }
}
