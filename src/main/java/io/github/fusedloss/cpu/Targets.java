package io.github.fusedloss.cpu;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.CrossEntropyTask;
import io.github.fusedloss.backend.HostMemory;

/** The class indices of a task: checked, counted and weighed before a logit is touched. */
final class Targets {
  /** The class of an ignored row. */
  static final int IGNORED = -1;

  private final CrossEntropyTask task;
  private final int[] ints;
  private final long[] longs;
  private final int classes;

  int count;
  double weightSum;

  Targets(CrossEntropyTask task, BlockKernels kernels, Workers workers) {
    this.task = task;
    HostMemory memory = (HostMemory) task.target();
    ints = memory.type() == ElementType.INT32 ? memory.ints() : null;
    longs = memory.type() == ElementType.INT64 ? memory.longs() : null;
    classes = task.classes();
    Floats weight = Floats.orNull(task.options().weight(), kernels);
    int rows = (int) task.rows();
    BlockSums sums = weight == null ? null : new BlockSums(rows);
    workers.run(
        Blocks.count(rows),
        rows >= 1 << 17,
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

  /** The class of a row, or {@link #IGNORED}. */
  int get(int row) {
    long y = ints != null ? ints[row] : longs[row];
    if (y == task.options().ignoreIndex()) {
      return IGNORED;
    }
    if (y < 0 || y >= classes) {
      throw task.refuse(row, y);
    }
    return (int) y;
  }
}
