package io.github.fusedloss.opencl;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.BinaryCrossEntropy;
import io.github.fusedloss.KlDivLoss;
import io.github.fusedloss.Loss;
import io.github.fusedloss.SigmoidFocalLoss;
import io.github.fusedloss.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** element_loss.cl, with each of the formulas that are put in front of it. */
@Tag("once") // The device computes; no JVM changes that.
@EnabledIf("io.github.fusedloss.opencl.OpenClTesting#hasDevice")
class ElementLossKernelTest {
  private static final BinaryCrossEntropy PLAIN = BinaryCrossEntropy.DEFAULT;

  private static void judge(KernelTesting k, String launch, int n, boolean weighted) {
    judge(k, launch, n, weighted, 0);
  }

  private static void judge(KernelTesting k, String launch, int n, boolean weighted, float e) {
    float[] p = k.unit(n);
    float[] t = weighted ? k.unit(n) : k.hard(n);
    float[] w = weighted ? k.unit(n) : null;
    BinaryCrossEntropy loss =
        PLAIN.withWeight(weighted ? Tensor.of(w, n) : null).withLabelSmoothing(e);
    k.judge(launch + n + " elements, ", loss, Tensor.of(p, n), Tensor.of(t, n), k.normal(n, 2));
  }

  @Test
  void hardTargets() {
    KernelTesting.everySize((k, launch, n) -> judge(k, launch, n, false));
  }

  @Test
  void weights() {
    KernelTesting.everySize((k, launch, n) -> judge(k, launch, n, true));
  }

  private static void focal(KernelTesting k, String launch, int n, float gamma, boolean soft) {
    float[] x = k.normal(n, 4);
    float[] t = soft ? k.unit(n) : k.hard(n);
    float[] w = k.unit(n);
    SigmoidFocalLoss loss =
        SigmoidFocalLoss.DEFAULT.withGamma(gamma).withPosWeight(Tensor.of(w, n));
    k.judge(
        launch + n + " elements, gamma " + gamma + ", ",
        loss,
        Tensor.of(x, n),
        Tensor.of(t, n),
        k.normal(n, 2));
  }

  /** Gamma 2, which has formulas of its own, and another. */
  @Test
  void focalLosses() {
    KernelTesting.everySize(
        (k, launch, n) -> {
          focal(k, launch, n, 2, n % 2 == 0);
          focal(k, launch, n, 0.5f, n % 2 == 1);
        });
  }

  /** With log-probabilities the difference is exact, so nothing cancels. */
  @Test
  void divergences() {
    KernelTesting.everySize(
        (k, launch, n) -> {
          Tensor x = Tensor.of(k.normal(n, 10), n);
          Tensor t = Tensor.of(k.normal(n, 10), n);
          Loss loss = KlDivLoss.DEFAULT.withLogTarget(true).withWeight(Tensor.of(k.unit(n), n));
          k.judge(launch + n + " elements, ", loss, x, t, k.normal(n, 2));
        });
  }

  @Test
  void labelSmoothing() {
    KernelTesting.everySize((k, launch, n) -> judge(k, launch, n, true, 0.125f));
  }

  @Test
  void moreBlocksThanWorkGroups() {
    KernelTesting.everyLaunch(
        (k, launch) -> judge(k, launch, KernelTesting.oneBlockTooMany(), false));
  }

  /** The flag is one for all blocks: it has to be set from each, and to be clear next time. */
  @Test
  void whatIsNoProbabilityIsFoundInEveryBlock() {
    KernelTesting.everyLaunch(
        (k, launch) -> {
          int n = 8193; // two blocks and one element
          for (int at : new int[] {0, 4095, 4096, 8192}) {
            float[] p = k.unit(n);
            float[] t = p.clone();
            p[at] = 1.5f;
            IllegalArgumentException e =
                assertThrows(
                    IllegalArgumentException.class,
                    () -> k.opencl.forward(PLAIN, Tensor.of(p, n), Tensor.of(t, n)));
            assertTrue(e.getMessage().startsWith("input[" + at + "]"), launch + e.getMessage());
            k.opencl.forward(PLAIN, Tensor.of(t, n), Tensor.of(t, n)).close();
          }
        });
  }
}
