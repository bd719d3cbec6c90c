package io.github.fusedloss.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.PyTorchCases;
import java.util.Arrays;
import org.apache.commons.math3.dfp.Dfp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Divergences against PyTorch's float64; and where probabilities leave the range of normal doubles,
 * against {@link DfpRows}.
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

  /** Compares losses and gradients with every case that was computed by PyTorch. */
  @Test
  void agreesWithPyTorch() {
    for (PyTorchCases.Case c : PyTorchCases.of("distillation")) {
      int[] shape = c.input().shape();
      int inner = shape.length > 2 ? shape[2] : 1;
      ReferenceLoss rows =
          ReferenceDistillation.of(
              c.input().floats(),
              c.target().floats(),
              shape[0],
              shape[1],
              inner,
              new ReferenceDistillation.DivergenceOptions(
                  beta(c),
                  c.more().getOrDefault("temperature", 1f),
                  c.more().containsKey("temperature_squared") ? 4 : 1)); // of 2
      boolean none = c.reduction().equals("none");
      double divisor = c.reduction().equals("mean") ? rows.loss().length : 1;
      for (int r = 0; none && r < rows.loss().length; r++) {
        near(c, c.output()[r], rows.loss()[r]);
      }
      if (!none) {
        near(c, c.output()[0], Arrays.stream(rows.loss()).sum() / divisor);
      }
      for (int i = 0; i < c.gradient().length; i++) {
        float upstream = c.upstream().floats()[none ? rows.row(i) : 0];
        near(c, c.gradient()[i], rows.gradient()[i] * upstream / divisor);
      }
    }
  }

  private static double beta(PyTorchCases.Case c) {
    float divergence = c.more().getOrDefault("divergence", 0f);
    return divergence == 2 ? c.more().get("beta") : divergence; // 1 is reverse KL
  }

  private static void near(PyTorchCases.Case c, double expected, double actual) {
    assertEquals(expected, actual, PyTorchCases.error(expected), c.name());
  }

  /** Compares in Dfp, because its numbers below the least normal double become NaN as doubles. */
  private static void near(Dfp exact, double actual, double bound) {
    Dfp off = exact.subtract(exact.newInstance(actual)).abs();
    Dfp most = exact.abs().multiply(exact.newInstance(1e-13)).add(exact.newInstance(bound));
    assertTrue(off.lessThan(most), exact + " is not " + actual);
  }
}
