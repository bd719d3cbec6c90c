package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.add;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.multiply;
import static java.lang.Math.fma;

/**
 * A class y with label smoothing e: b_c is e / C times the weight of c, b_y (1 - e) times its
 * weight more; A is the sum of these.
 */
final class SmoothedTarget extends ClassTarget {
  private final Smoothing smoothing;

  /** e / C times the sum of all weights. */
  private final long spread;

  private final RowSource.Sums sums = this::sum;

  SmoothedTarget(
      BlockKernels kernels,
      ClassWeights weights,
      Targets targets,
      Smoothing smoothing,
      long allWeights) {
    super(kernels, weights, targets);
    this.smoothing = smoothing;
    spread = multiply(allWeights, smoothing.spread);
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
    long kept = smoothing.kept(weight);
    long loss = row.loss(logit);
    long own = hi(kept) == 0f && hi(loss) == hi(loss) ? 0L : multiply(loss, kept);
    long distance = multiply(row.distance, smoothing.distanceSpread);
    return add(own, add(distance, multiply(row.log, spread)));
  }

  @Override
  long all(SoftmaxRow row) {
    return add(smoothing.kept(weight), spread);
  }

  @Override
  void others(float[] e, int at, int start, int n, float factor, Scratch scratch) {
    float share = hi(scale) * hi(smoothing.spread);
    RowBlock b = weights.of(scratch.block, start, scratch).equalShares(share);
    b.factor = factor;
    kernels.gradient(b, scratch.lanes);
  }

  @Override
  float own(float e, float factor, boolean likely) {
    long share = add(smoothing.kept(weight), multiply(smoothing.spread, weight));
    return likely && logit == row.max
        ? ScalarMath.lessShare(likely(), hi(scale), share)
        : fma(e, factor, -(hi(scale) * hi(share)));
  }
}
