// Generated from kernels/cross_entropy.cl by ci/generate. Do not edit.
package io.github.fusedloss.cpu;

import static io.github.fusedloss.cpu.ScalarMath.hi;
import static io.github.fusedloss.cpu.ScalarMath.lo;

/** All formulas of rows. */
final class GeneratedFormulas {
  private GeneratedFormulas() {}

  private static final RowFormulas FOCAL_CLASS =
      new GeneratedFocalClassFormulas();

  private static final RowFormulas CLASS =
      new GeneratedClassFormulas();

  private static final RowFormulas SMOOTHED_CLASS =
      new GeneratedSmoothedClassFormulas();

  private static final RowFormulas PROBABILITY =
      new GeneratedProbabilityFormulas();

  private static final RowFormulas CLASS_WITH_Z =
      new GeneratedClassWithZFormulas();

  private static final RowFormulas SMOOTHED_CLASS_WITH_Z =
      new GeneratedSmoothedClassWithZFormulas();

  private static final RowFormulas PROBABILITY_WITH_Z =
      new GeneratedProbabilityWithZFormulas();

  /** For the features of a task. */
  static RowFormulas of(String features) {
    return switch (features) {
      case " -D SOFTMAX_FOCAL" -> FOCAL_CLASS;
      case "" -> CLASS;
      case " -D LABEL_SMOOTHING -D WHOLE_ROW_LOSS" -> SMOOTHED_CLASS;
      case " -D PROBABILITIES -D WHOLE_ROW_LOSS" -> PROBABILITY;
      case " -D LABEL_SMOOTHING -D PROBABILITIES -D WHOLE_ROW_LOSS" -> PROBABILITY;
      case " -D Z_LOSS" -> CLASS_WITH_Z;
      case " -D LABEL_SMOOTHING -D Z_LOSS -D WHOLE_ROW_LOSS" -> SMOOTHED_CLASS_WITH_Z;
      case " -D Z_LOSS -D PROBABILITIES -D WHOLE_ROW_LOSS" -> PROBABILITY_WITH_Z;
      case " -D LABEL_SMOOTHING -D Z_LOSS -D PROBABILITIES -D WHOLE_ROW_LOSS" -> PROBABILITY_WITH_Z;
      default -> throw new IllegalArgumentException("features" + features);
    };
  }
}
