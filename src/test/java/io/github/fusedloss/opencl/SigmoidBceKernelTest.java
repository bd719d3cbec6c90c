package io.github.fusedloss.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.Bits;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Loss;
import io.github.fusedloss.Tensor;
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
    Tensor x = Tensor.of(k.normal(n, scale), n);
    k.judge(launch + n + " elements, ", PLAIN, x, Tensor.of(k.hard(n), n), k.normal(n, 2));
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
            BinaryCrossEntropyWithLogits loss =
                PLAIN
                    .withWeight(Tensor.of(k.unit(n), rows, 3))
                    .withPosWeight(Tensor.of(k.unit(3), 3));
            k.judge(
                launch + rows + " x 3 weighted, ",
                loss,
                Tensor.of(k.normal(n, 5), rows, 3),
                Tensor.of(k.unit(n), rows, 3),
                k.normal(n, 2));
          }
        });
  }

  /**
   * Weights with fewer dimensions or elements than the input, over three blocks: a value each for
   * many elements, for two or six, for every second dimension. The bits are those of plain Java
   * with a weight for each element.
   */
  @Test
  void weightsAreSpread() {
    long[][] inputs = {{5, 3, 700}, {1750, 3, 2}, {2, 5250, 1}};
    KernelTesting.everyLaunch(
        (k, launch) -> {
          for (long[] input : inputs) {
            int n = 10500;
            Tensor x = Tensor.of(k.normal(n, 5), input);
            Tensor t = Tensor.of(k.unit(n), input);
            for (int kept = 0; kept < 8; kept++) {
              long[] shape = new long[3];
              for (int d = 0; d < 3; d++) {
                shape[d] = (kept >> d & 1) == 1 ? input[d] : 1;
              }
              float[] values = k.unit((int) (shape[0] * shape[1] * shape[2]));
              float[] each = new float[n];
              for (int i = 0; i < n; i++) {
                long[] at = {i / (input[1] * input[2]), i / input[2] % input[1], i % input[2]};
                long place = 0;
                for (int d = 0; d < 3; d++) {
                  place = place * shape[d] + at[d] % shape[d];
                }
                each[i] = values[(int) place];
              }
              Tensor spread = Tensor.of(values, shape);
              Tensor full = Tensor.of(each, input);
              Loss loss = PLAIN.withWeight(spread).withPosWeight(spread);
              Loss same = PLAIN.withWeight(full).withPosWeight(full);
              assertArrayEquals(
                  Bits.of(k.scalar.forwardAndGradient(same, x, t)),
                  Bits.of(k.opencl.forwardAndGradient(loss, x, t)),
                  launch + Arrays.toString(shape));
            }
          }
        });
  }

  /** Logits too large for the short exponential, infinities and NaN, each in a block of its own. */
  @Test
  void blocksThatNeedCare() {
    float[] special = {
      86, 86.01f, -87.4f, 90, -103, 104.5f, -1e30f, Float.POSITIVE_INFINITY, Float.NaN
    };
    KernelTesting.everyLaunch(
        (k, launch) -> {
          for (int i = 0; i < special.length; i++) {
            int n = 3 * 4096;
            float[] x = k.normal(n, 5);
            x[4096 + 455 * i] = special[i];
            Tensor logits = Tensor.of(x, n);
            Tensor t = Tensor.of(k.unit(n), n);
            assertArrayEquals(
                Bits.of(k.scalar.forwardAndGradient(PLAIN, logits, t)),
                Bits.of(k.opencl.forwardAndGradient(PLAIN, logits, t)),
                launch + special[i]);
          }
        });
  }

  @Test
  void moreBlocksThanWorkGroups() {
    KernelTesting.everyLaunch((k, launch) -> hard(k, launch, KernelTesting.oneBlockTooMany(), 5));
  }
}
