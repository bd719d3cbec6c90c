package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.canonical;
import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.multiply;
import static io.github.fusedloss.cpu.ScalarMath.pair;
import static java.lang.Math.fma;

/** A class y: A and b_y are its weight, the other b_c are 0. */
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
    return weights.weigh(row.loss(logit), weight);
  }

  @Override
  long all(SoftmaxRow row) {
    return pair(weight, 0f);
  }

  @Override
  public final void run(
      float[] e, int at, int start, int n, float factor, float top, Scratch scratch) {
    boolean here = y >= start && y < start + n;
    int own = at + y - start;
    float term = here ? e[own] : 0f;
    others(e, at, start, n, factor, scratch);
    if (here) {
      e[own] = canonical(own(term, factor, top == top));
    }
  }

  /** The gradient of classes start to start + n; what it is at y does not count. */
  void others(float[] e, int at, int start, int n, float factor, Scratch scratch) {
    kernels.gradient(scratch.block.factor(factor), scratch.lanes);
  }

  /**
   * The gradient at y.
   *
   * @param e the exponential there
   * @param likely whether the maximum of this block is more likely than not
   */
  float own(float e, float factor, boolean likely) {
    long share = multiply(all, scale);
    // p - 1 is minus the sum of the others, which keeps its digits near 1.
    return logit == row.max
        ? -(coefficient * hi(row.others))
        : fma(e, factor, -lo(share)) - hi(share);
  }
}
