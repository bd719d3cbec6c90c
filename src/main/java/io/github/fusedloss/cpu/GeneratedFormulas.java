// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;

/** All formulas of rows. */
final class GeneratedFormulas {
  private GeneratedFormulas() {}

  /** For the features of a task. */
  static RowFormulas of(String features) {
    return switch (features) {
      case "" ->
          new GeneratedClassFormulas();
      case " -D LABEL_SMOOTHING -D WHOLE_ROW_LOSS" ->
          new GeneratedSmoothedClassFormulas();
      case " -D PROBABILITIES -D WHOLE_ROW_LOSS" ->
          new GeneratedProbabilityFormulas();
      case " -D LABEL_SMOOTHING -D PROBABILITIES -D WHOLE_ROW_LOSS" ->
          new GeneratedProbabilityFormulas();
      default -> throw new IllegalArgumentException("features" + features);
    };
  }
}
