package io.github.fusedloss.cpu;

/** A class y with label smoothing. */
final class SmoothedTarget extends ClassTarget {
  private final Smoothing smoothing;
  private final RowSource.Sums sums = this::sum;

  SmoothedTarget(BlockKernels kernels, ClassWeights weights, Targets targets, Smoothing smoothing) {
    super(kernels, weights, targets);
    this.smoothing = smoothing;
  }

  @Override
  RowSource.Sums sums() {
    return sums;
  }

  private void sum(RowBlock b, int start, Scratch scratch) {
    kernels.distances(weights.of(b, start, scratch).equalShares(0f), scratch.lanes);
  }

  @Override
  long loss(SoftmaxRow row) {
    return GeneratedSmoothedTarget.loss(row, logit, weight, smoothing);
  }

  @Override
  void slope(SoftmaxRow block, float term, Slope slope) {
    if (block == row) {
      GeneratedSmoothedTarget.slope(row, logit, weight, scale, term, smoothing, slope);
    } else {
      GeneratedSmoothedTarget.blockSlope(row, block, logit, weight, scale, term, smoothing, slope);
    }
  }

  @Override
  void others(float[] e, int at, int start, int n, Slope slope, Scratch scratch) {
    RowBlock b = weights.of(scratch.block, start, scratch).equalShares(slope.spread);
    b.factor = slope.factor;
    kernels.gradient(b, scratch.lanes);
  }
}
