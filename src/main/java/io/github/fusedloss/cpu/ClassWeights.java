package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.pair;

/** The sum of all class weights, which label smoothing needs; the canonical sum of their number. */
final class ClassWeights {
  /** Of the scratch space, where they are copied block by block. */
  private static final int SLOT = 3;

  private ClassWeights() {}

  /** For all threads; up to {@code whole} are copied where they are not in an array. */
  static OperandRow row(Floats weight, int classes, int whole) {
    if (weight.inPlace() || classes > whole) {
      return OperandRow.input(weight, 0, 1, classes, 0, null, SLOT);
    }
    float[] copy = new float[classes];
    weight.copy(0, classes, copy, 0);
    return OperandRow.of(copy, classes);
  }

  static long sum(OperandRow weight, int classes, BlockKernels kernels, Workers workers) {
    int blocks = (int) Blocks.count(classes);
    float[] hi = new float[blocks];
    float[] lo = new float[blocks];
    workers.run(
        blocks,
        classes >= CpuExecutor.PARALLEL,
        (b, scratch) -> {
          int start = (int) b * Blocks.BLOCK;
          int n = Math.min(Blocks.BLOCK, classes - start);
          float[] values = weight.block(start, n, scratch);
          long sum =
              classes == 1
                  ? pair(values[weight.at(0)], 0f)
                  : kernels.sum(values, weight.at(start), n, scratch.lanes);
          hi[(int) b] = ScalarMath.hi(sum);
          lo[(int) b] = ScalarMath.lo(sum);
        });
    return Blocks.sum(hi, lo, blocks, kernels, workers);
  }

  /** All weights 1. */
  static long count(int classes) {
    float hi = classes;
    return pair(hi, (float) (classes - (double) hi));
  }
}
