package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.pair;

import io.github.fusedloss.backend.Memory;

/**
 * One number for each class, its weight or its bias, for all threads; without weights each is 1.
 */
final class ClassWeights {
  static final ClassWeights NONE = new ClassWeights(null);

  private final OperandRow row;

  private ClassWeights(OperandRow row) {
    this.row = row;
  }

  /**
   * Makes the weights of a tensor. If it is not an array and has at most {@code whole} elements, it
   * is copied.
   */
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

  /** Returns whether there are no weights. */
  boolean areOne() {
    return row == null;
  }

  float get(int c) {
    return row == null ? 1f : row.get(c);
  }

  /**
   * Returns the loss times the weight w. If w is 0, the product is 0, even if the loss is infinite,
   * unless it is NaN.
   */
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

  /** Sets the biases of a block of logits that begins with class start; null if there are none. */
  void of(LogitBlock block, int start, Scratch scratch) {
    block.bias = row == null ? null : row.block(start, block.n, scratch);
    block.biasAt = row == null ? 0 : row.at(start);
  }

  /** Returns the canonical sum of all weights, which label smoothing needs. */
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
