package io.github.fusedloss.cpu;

/** A class y. */
class ClassTarget extends RowTarget {
  private final Targets targets;

  int y;
  float weight;
  float logit;

  ClassTarget(BlockKernels kernels, ClassWeights weights, Targets targets) {
    super(kernels, weights);
    this.targets = targets;
  }

  @Override
  boolean begin(long r, Scratch scratch) {
    y = targets.get((int) r);
    if (y == Targets.IGNORED) {
      return false;
    }
    weight = weights.get(y);
    return true;
  }

  /** What is summed up besides the softmax; or null. */
  RowSource.Sums sums() {
    return null;
  }

  @Override
  SoftmaxRow read(RowSource rows, int t) {
    SoftmaxRow read = rows.read(t, y, sums());
    logit = rows.logit(y);
    return read;
  }

  @Override
  long loss(SoftmaxRow row) {
    return GeneratedClassTarget.loss(row, logit, weight);
  }

  @Override
  public final void run(float[] e, int at, int start, int n, SoftmaxRow block, Scratch scratch) {
    boolean here = y >= start && y < start + n;
    int own = at + y - start;
    Slope slope = scratch.slope;
    slope(block, here ? e[own] : 0f, slope);
    others(e, at, start, n, slope, scratch);
    if (here) {
      e[own] = slope.atY;
    }
  }

  /** What the gradient of this block needs, whose exponential at y is {@code term}. */
  void slope(SoftmaxRow block, float term, Slope slope) {
    if (block == row) {
      GeneratedClassTarget.slope(row, logit, weight, scale, term, slope);
    } else {
      GeneratedClassTarget.blockSlope(row, block, logit, weight, scale, term, slope);
    }
  }

  /** The gradient of classes start to start + n; what it is at y does not count. */
  void others(float[] e, int at, int start, int n, Slope slope, Scratch scratch) {
    kernels.gradient(scratch.block.factor(slope.factor), scratch.lanes);
  }
}
