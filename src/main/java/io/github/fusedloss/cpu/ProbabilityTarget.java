package io.github.fusedloss.cpu;

/** A probability of each class, smoothed. */
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
    return GeneratedProbabilityTarget.loss(row);
  }

  @Override
  public void run(float[] e, int at, int start, int n, SoftmaxRow block, Scratch scratch) {
    Slope slope = scratch.slope;
    if (block == row) {
      GeneratedProbabilityTarget.slope(row, scale, slope);
    } else {
      GeneratedProbabilityTarget.blockSlope(row, block, scale, slope);
    }
    RowBlock b = withShares(scratch.block, start, scratch);
    kernels.gradient(b.gradient(slope.factor, slope.top, slope.likely, slope.scale), scratch.lanes);
  }
}
