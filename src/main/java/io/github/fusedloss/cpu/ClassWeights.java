package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.pair;

import io.github.fusedloss.backend.Memory;

/** The weights of the classes, for all threads; 1 where there are none. */
final class ClassWeights {
  static final ClassWeights NONE = new ClassWeights(null);

  private final OperandRow row;

  private ClassWeights(OperandRow row) {
    this.row = row;
  }

  /** Up to {@code whole} are copied where they are not in an array; none if weight is null. */
  static ClassWeights of(Memory weight, int classes, int whole, BlockKernels kernels) {
    return weight == null
        ? NONE
        : new ClassWeights(row(new Floats(weight, kernels), classes, whole));
  }

  private static OperandRow row(Floats weight, int classes, int whole) {
    if (weight.inPlace() || classes > whole) {
      return OperandRow.input(weight, 0, 1, classes, 0, null, Scratch.Slot.WEIGHT);
    }
    float[] copy = new float[classes];
    weight.copy(0, classes, copy, 0);
    return OperandRow.of(copy, classes);
  }

  /** Whether there are none. */
  boolean areOne() {
    return row == null;
  }

  float get(int c) {
    return row == null ? 1f : row.get(c);
  }

  /** The weight w times a loss, and 0 where that is 0 unless the loss is NaN. */
  long weigh(long loss, float w) {
    if (w == 0f) {
      return hi(loss) == hi(loss) ? 0L : loss;
    }
    return row == null ? loss : GeneratedNumerics.pairScale(loss, w);
  }

  /** Sets the weights of a block that begins with class start. */
  RowBlock of(RowBlock block, int start, Scratch scratch) {
    return row == null
        ? block.weights(null, 0)
        : block.weights(row.block(start, block.n, scratch), row.at(start));
  }

  /**
   * Sets the biases of a block of logits that begins with class start; null where there are none.
   */
  void of(LogitBlock block, int start, Scratch scratch) {
    block.bias = row == null ? null : row.block(start, block.n, scratch);
    block.biasAt = row == null ? 0 : row.at(start);
  }

  /** The canonical sum of all of them, which label smoothing needs. */
  long sum(int classes, BlockKernels kernels, Workers workers) {
    if (row == null) {
      float hi = classes;
      return pair(hi, (float) (classes - (double) hi));
    }
    BlockSums sums = new BlockSums(classes);
    workers.run(
        sums.count(),
        classes >= Workers.WORTHWHILE,
        (b, scratch) -> {
          int start = (int) b * Blocks.BLOCK;
          int n = Math.min(Blocks.BLOCK, classes - start);
          float[] values = row.block(start, n, scratch);
          sums.set(
              b,
              classes == 1
                  ? pair(values[row.at(0)], 0f)
                  : kernels.sum(values, row.at(start), n, scratch.lanes));
        });
    return sums.total(kernels, workers);
  }
}
