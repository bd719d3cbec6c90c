package io.github.fusedloss.reference;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.math3.dfp.Dfp;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Divergences where probabilities leave the range of normal doubles, against {@link DfpRows}.
 *
 * <p>With logits 0 and -7.2 the smaller probability is exp(-7.2 / T): 2e-157 with T = 0.02, 2e-313,
 * which is subnormal, with 0.01, and no double with 0.008. Dfp has those from exp(-1000) up.
 */
class ReferenceDistillationTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0.02", "0, 0.01", "0, 0.008",
    "1, 0.02", "1, 0.01", "1, 0.008",
    "0.25, 0.02", "0.25, 0.01", "0.25, 0.008",
    "0.5, 1",
  })
  void probabilitiesOfLowTemperatures(double beta, float temperature) {
    float[] x = {0, -7.2f, -7.3f};
    float[] z = {-7.2f, 0, -7.9f};
    ReferenceLoss result =
        ReferenceDistillation.of(
            x, z, 1, 3, 1, new ReferenceDistillation.DivergenceOptions(beta, temperature, 1));
    near(DfpRows.distillation(x, z, beta, temperature), result.loss()[0], 1e-13);
    Dfp[] gradient = DfpRows.distillationGradient(x, z, beta, temperature);
    for (int c = 0; c < x.length; c++) {
      near(gradient[c], result.gradient()[c], 1e-12 / temperature);
    }
  }

  /** Compares in Dfp, because its numbers below the least normal double become NaN as doubles. */
  private static void near(Dfp exact, double actual, double bound) {
    Dfp off = exact.subtract(exact.newInstance(actual)).abs();
    Dfp most = exact.abs().multiply(exact.newInstance(1e-13)).add(exact.newInstance(bound));
    assertTrue(off.lessThan(most), exact + " is not " + actual);
  }
}
