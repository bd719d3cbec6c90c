package io.github.fusedloss.opencl;

import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.reference.ReferenceBinaryCrossEntropy;
import java.util.Arrays;
import org.apache.commons.math3.analysis.function.Sigmoid;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** sigmoid_bce.cl: the logistic function, and binary cross entropy of logits. */
@Tag("once") // The device computes; no JVM changes that.
@EnabledIf("io.github.fusedloss.opencl.OpenClTesting#hasDevice")
class SigmoidBceKernelTest {
  private static final BinaryCrossEntropyWithLogits PLAIN = BinaryCrossEntropyWithLogits.DEFAULT;

  @Test
  void sigmoid() {
    Sigmoid exact = new Sigmoid();
    KernelTesting.everySize(
        (k, launch, n) -> {
          // Up to some 100: results down to the subnormals.
          float[] x = k.normal(n, 35);
          String what = launch + "sigmoid of " + n;
          float[] y = k.sameBits(what, Tensor.of(x, n), FusedLoss::sigmoid);
          double[] expected = new double[n];
          Arrays.setAll(expected, i -> exact.value(x[i]));
          KernelTesting.within(what, y, expected, 1.25, null);
        });
  }

  private static void hard(KernelTesting k, String launch, int n, double scale) {
    float[] x = k.normal(n, scale);
    float[] t = k.hard(n);
    k.judge(
        launch + n + " elements, ",
        PLAIN::withReduction,
        Tensor.of(x, n),
        Tensor.of(t, n),
        k.normal(n, 2),
        ReferenceBinaryCrossEntropy.withLogits(x, t, null, null),
        // 4 of the gradient, and the roundings of upstream times it.
        5,
        null);
  }

  @Test
  void hardTargets() {
    KernelTesting.everySize((k, launch, n) -> hard(k, launch, n, n % 2 == 0 ? 3 : 30));
  }

  /** Soft targets, a weight per element, pos_weight repeated along an odd last dimension of 3. */
  @Test
  void weights() {
    KernelTesting.everyLaunch(
        (k, launch) -> {
          for (int rows : new int[] {1, 21, 22, 1365, 1366, 2731}) { // 3, 63, 66, 4095, 4098, 8193
            int n = 3 * rows;
            float[] x = k.normal(n, 5);
            float[] t = k.unit(n);
            float[] w = k.unit(n);
            float[] p = k.unit(3);
            float[] expanded = new float[n];
            double[] terms = new double[n];
            for (int i = 0; i < n; i++) {
              expanded[i] = p[i % 3];
              double s = 1 / (1 + Math.exp(-x[i]));
              terms[i] = w[i] * ((1 - t[i]) * s + expanded[i] * t[i] * (1 - s));
            }
            BinaryCrossEntropyWithLogits loss =
                PLAIN.withWeight(Tensor.of(w, rows, 3)).withPosWeight(Tensor.of(p, 3));
            k.judge(
                launch + rows + " x 3 weighted, ",
                loss::withReduction,
                Tensor.of(x, rows, 3),
                Tensor.of(t, rows, 3),
                k.normal(n, 2),
                ReferenceBinaryCrossEntropy.withLogits(x, t, w, expanded),
                5,
                terms);
          }
        });
  }

  @Test
  void moreBlocksThanWorkGroups() {
    KernelTesting.everyLaunch((k, launch) -> hard(k, launch, KernelTesting.oneBlockTooMany(), 5));
  }
}
