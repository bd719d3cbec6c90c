// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

/** All formulas of rows. */
final class GeneratedFormulas {
  private GeneratedFormulas() {}

  /** For the features of a task. */
  static RowFormulas of(String features) {
    return switch (features) {
      case " -D SOFTMAX_FOCAL" -> GeneratedFocalClassFormulas.ALL;
      case "" -> GeneratedClassFormulas.ALL;
      case " -D LABEL_SMOOTHING -D WHOLE_ROW_LOSS" -> GeneratedSmoothedClassFormulas.ALL;
      case " -D PROBABILITIES -D WHOLE_ROW_LOSS" -> GeneratedProbabilityFormulas.ALL;
      case " -D LABEL_SMOOTHING -D PROBABILITIES -D WHOLE_ROW_LOSS" -> GeneratedProbabilityFormulas.ALL;
      case " -D Z_LOSS" -> GeneratedClassWithZFormulas.ALL;
      case " -D LABEL_SMOOTHING -D Z_LOSS -D WHOLE_ROW_LOSS" -> GeneratedSmoothedClassWithZFormulas.ALL;
      case " -D Z_LOSS -D PROBABILITIES -D WHOLE_ROW_LOSS" -> GeneratedProbabilityWithZFormulas.ALL;
      case " -D LABEL_SMOOTHING -D Z_LOSS -D PROBABILITIES -D WHOLE_ROW_LOSS" -> GeneratedProbabilityWithZFormulas.ALL;
      default -> throw new IllegalArgumentException("features" + features);
    };
  }
}
