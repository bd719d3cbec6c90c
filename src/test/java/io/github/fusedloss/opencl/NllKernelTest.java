package io.github.fusedloss.opencl;

import io.github.fusedloss.NllLoss;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.reference.ReferenceCrossEntropy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** nll.cl: the negative log likelihood. */
@Tag("once") // The device computes; no JVM changes that.
@EnabledIf("io.github.fusedloss.opencl.OpenClTesting#hasDevice")
class NllKernelTest {
  private static void judge(KernelTesting k, String launch, boolean weighted, int... s) {
    int rows = s[0] * s[2];
    float[] x = k.normal(rows * s[1], 5);
    for (int i = 0; i < x.length; i++) {
      x[i] = -Math.abs(x[i]); // logarithms of probabilities
    }
    long[] y = k.classes(rows, s[1]);
    y[0] = s[1] - 1;
    float[] w = weighted ? k.unit(s[1]) : null;
    if (weighted) {
      w[s[1] - 1] = 0.75f;
    }
    NllLoss loss = NllLoss.DEFAULT.withWeight(weighted ? Tensor.of(w, s[1]) : null);
    k.judge(
        launch + s[0] + " x " + s[1] + " x " + s[2] + ", ",
        loss::withReduction,
        Tensor.of(x, KernelTesting.shape(s)),
        Tensor.of(y, KernelTesting.rowShape(s)),
        k.normal(rows, 2),
        ReferenceCrossEntropy.nllLoss(x, s[0], s[1], s[2], y, w, -100),
        1, // a product of two floats, rounded once
        null);
  }

  @Test
  void rows() {
    KernelTesting.everyLaunch(
        (k, launch) -> {
          for (int[] s : KernelTesting.ROWS) {
            judge(k, launch, false, s);
            judge(k, launch, true, s);
          }
        });
  }

  /** Rows around a work-group of 64, a block of sums, and more than all work-items at one each. */
  @Test
  void manyRows() {
    KernelTesting.everyLaunch(
        (k, launch) -> {
          for (int rows : new int[] {63, 64, 65, 4095, 4096, 4097, 65537}) {
            judge(k, launch, true, rows, 2, 1);
          }
        });
  }
}
