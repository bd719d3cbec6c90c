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

  private void sum(SoftmaxRow block, float[] x, int at, int start, int n, Scratch scratch) {
    float[] w = weights.block(start, n, scratch);
    kernels.smoothing(x, at, n, w, weights.at(start), block, scratch.lanes);
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
    float[] w = weights.block(start, n, scratch);
    kernels.scaleSmoothing(e, at, n, slope.factor, slope.spread, w, weights.at(start));
  }
}
