package io.github.fusedloss.opencl;

import io.github.fusedloss.LogitShape;
import io.github.fusedloss.NllLoss;
import io.github.fusedloss.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** nll.cl: the negative log likelihood. */
@Tag("once") // The device computes; no JVM changes that.
@EnabledIf("io.github.fusedloss.opencl.OpenClTesting#hasDevice")
class NllKernelTest {
  private static void judge(KernelTesting k, String launch, boolean weighted, LogitShape s) {
    float[] x = k.normal(s.elements(), 5);
    for (int i = 0; i < x.length; i++) {
      x[i] = -Math.abs(x[i]); // logarithms of probabilities
    }
    long[] y = k.classes(s);
    float[] w = weighted ? k.unit(s.classes()) : null;
    if (weighted) {
      w[s.classes() - 1] = 0.75f;
    }
    NllLoss loss = NllLoss.DEFAULT.withWeight(weighted ? Tensor.of(w, s.classes()) : null);
    k.judge(
        launch + s + ", ",
        loss,
        Tensor.of(x, s.input()),
        Tensor.of(y, s.target()),
        k.normal(s.rows(), 2));
  }

  @Test
  void rows() {
    KernelTesting.everyShape(
        (k, launch, s) -> {
          judge(k, launch, false, s);
          judge(k, launch, true, s);
        });
  }

  /** Rows around a work-group of 64, a block of sums, and more than all work-items at one each. */
  @Test
  void manyRows() {
    KernelTesting.everyLaunch(
        (k, launch) -> {
          for (int rows : new int[] {63, 64, 65, 4095, 4096, 4097, 65537}) {
            judge(k, launch, true, new LogitShape(rows, 2, 1));
          }
        });
  }
}
