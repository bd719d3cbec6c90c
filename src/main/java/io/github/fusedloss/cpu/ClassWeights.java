package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.pair;

/** The sum of all class weights, which label smoothing needs; the canonical sum of their number. */
final class ClassWeights {
  private ClassWeights() {}

  static long sum(float[] weight, BlockKernels kernels, Workers workers) {
    return Blocks.sum(weight, new float[weight.length], weight.length, kernels, workers);
  }

  /** All weights 1. */
  static long count(int classes) {
    float hi = classes;
    return pair(hi, (float) (classes - (double) hi));
  }
}
