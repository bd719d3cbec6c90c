package io.github.fusedloss.cpu;

import io.github.fusedloss.backend.CrossEntropyTask;

/** The class indices of a task. They are checked, counted and weighed before a logit is touched. */
class Targets {
  /** The class of an ignored row. */
  static final int IGNORED = -1;

  /** So many rows are worth several threads. */
  static final int MANY = 1 << 17;

  private final CrossEntropyTask task;
  // The indices are in one of the two arrays; WeightedTargets reads them elsewhere.
  private final int[] ints;
  private final long[] longs;
  private final int classes;

  int count;
  double weightSum;

  Targets(CrossEntropyTask task, int[] ints, long[] longs) {
    this.task = task;
    this.ints = ints;
    this.longs = longs;
    classes = task.classes();
  }

  /**
   * Counts and weighs all rows.
   *
   * @param weight the weights of the classes, or null
   */
  void count(Floats weight, BlockKernels kernels, Workers workers) {
    BlockSums sums = weight == null ? null : new BlockSums(task.rows());
    workers.run(
        Blocks.count(task.rows()),
        task.rows() >= MANY,
        (b, scratch) -> {
          int start = (int) b * Blocks.BLOCK;
          int n = (int) Math.min(Blocks.BLOCK, task.rows() - start);
          if (weight != null) {
            scratch.lanes.clear(n, false);
          }
          int counted = 0;
          for (int i = 0; i < n; i++) {
            int y = get(start + i);
            if (y != IGNORED) {
              counted++;
              if (weight != null) {
                scratch.lanes.add(i, weight.get(y), 0f);
              }
            }
          }
          synchronized (this) {
            count += counted;
          }
          if (weight != null) {
            sums.set(b, scratch.lanes.total());
          }
        });
    weightSum = weight == null ? count : ScalarMath.toDouble(sums.total(kernels, workers));
  }

  final long rows() {
    return task.rows();
  }

  /** Returns the class of a row, or {@link #IGNORED}. */
  int get(int row) {
    return checked(row, ints != null ? ints[row] : longs[row]);
  }

  /** Returns y, the class of a row, or {@link #IGNORED}; throws if it is no class. */
  final int checked(int row, long y) {
    if (y == task.options().ignoreIndex()) {
      return IGNORED;
    }
    if (y < 0 || y >= classes) {
      throw task.refuse(row, y);
    }
    return (int) y;
  }

  /** Returns the row weights; null if every row counts for 1 or is ignored. */
  RowFactors rowWeights() {
    return null;
  }

  /** Returns the denominator of the mean of a penalty. */
  double rowWeightSum() {
    return count;
  }
}
