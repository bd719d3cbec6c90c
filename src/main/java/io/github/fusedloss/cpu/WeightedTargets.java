package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;
import static io.github.fusedloss.cpu.ScalarMath.pair;

import io.github.fusedloss.backend.CrossEntropyTask;

/**
 * Class indices of any type, with row weights or a mask. With class probabilities, a row that
 * counts has class 0 here.
 */
final class WeightedTargets extends Targets {
  // Null with class probabilities.
  private final Integers indices;
  // Null if all rows count for 1.
  private final RowFactors rowWeights;
  private final boolean penalized;
  private double rowWeightSum;

  WeightedTargets(CrossEntropyTask task, BlockKernels kernels) {
    super(task, null, null);
    indices = task.function().hasClassIndices() ? new Integers(task.target()) : null;
    rowWeights = RowFactors.orNull(task.rowWeights(), kernels);
    penalized = task.options().penalty() > 0f;
  }

  @Override
  void count(Floats weight, BlockKernels kernels, Workers workers) {
    super.count(weight, kernels, workers);
    rowWeightSum = count;
    if (rowWeights() != null) {
      weightSum = sum(weight, kernels, workers);
      rowWeightSum = weight == null || !penalized ? weightSum : sum(null, kernels, workers);
    }
  }

  /** Returns the sum of the row weights, times the weights of the classes if these are not null. */
  private double sum(Floats weight, BlockKernels kernels, Workers workers) {
    BlockSums sums = new BlockSums(rows());
    workers.run(
        sums.count(),
        rows() >= MANY,
        (b, scratch) -> {
          int start = (int) b * Blocks.BLOCK;
          int n = (int) Math.min(Blocks.BLOCK, rows() - start);
          scratch.lanes.clear(n, false);
          for (int i = 0; i < n; i++) {
            int y = get(start + i);
            if (y != IGNORED) {
              long product = pair(weight == null ? 1f : weight.get(y), 0f);
              product = GeneratedNumerics.pairScale(product, rowWeights.get(start + i));
              scratch.lanes.add(i, hi(product), lo(product));
            }
          }
          sums.set(b, scratch.lanes.total());
        });
    return ScalarMath.toDouble(sums.total(kernels, workers));
  }

  @Override
  int get(int row) {
    if (rowWeights != null && rowWeights.get(row) == 0f) {
      return IGNORED;
    }
    return indices == null ? 0 : checked(row, indices.get(row));
  }

  @Override
  RowFactors rowWeights() {
    return rowWeights == null || rowWeights.isMask() ? null : rowWeights;
  }

  @Override
  double rowWeightSum() {
    return rowWeightSum;
  }
}
