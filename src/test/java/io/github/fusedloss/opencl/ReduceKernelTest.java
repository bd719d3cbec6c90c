package io.github.fusedloss.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Tensor;
import org.apache.commons.math3.util.BigReal;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** reduce.cl: sum, mean and maximum of a tensor. */
@Tag("once") // The device computes; no JVM changes that.
@EnabledIf("io.github.fusedloss.opencl.OpenClTesting#hasDevice")
class ReduceKernelTest {
  private static double exactSum(float[] x) {
    BigReal sum = BigReal.ZERO;
    for (float v : x) {
      sum = sum.add(new BigReal((double) v));
    }
    return sum.doubleValue();
  }

  private static void judge(KernelTesting k, String launch, float[] x, double sum) {
    String what = launch + x.length + " elements";
    Tensor host = Tensor.of(x, x.length);
    double size = 0;
    double largest = Double.NEGATIVE_INFINITY;
    for (float v : x) {
      size += Math.abs(v);
      largest = Math.max(largest, v);
    }
    try (Tensor device = k.opencl.upload(host)) {
      for (Tensor input : new Tensor[] {host, device}) {
        float[] actual = results(k.opencl, input);
        KernelTesting.bits(what, results(k.scalar, host), actual);
        // Terms of one sign 2 ULP; where they cancel 2^-44 of their size (Executor.sum).
        double[] bounds = {size * 0x1p-44, size / x.length * 0x1p-44, 0};
        double[] expected = {sum, sum / x.length, largest};
        KernelTesting.within(what, actual, expected, 2, bounds);
        assertEquals((float) largest, actual[2], what);
      }
    }
  }

  private static float[] results(FusedLoss fused, Tensor x) {
    return new float[] {fused.sum(x), fused.mean(x), fused.max(x)};
  }

  @Test
  void elements() {
    KernelTesting.everyLaunch(
        (k, launch) -> {
          for (int n : KernelTesting.SIZES) {
            float[] signed = k.normal(n, 100);
            judge(k, launch, signed, exactSum(signed));
            float[] positive = k.unit(n);
            judge(k, launch, positive, exactSum(positive));
          }
          float[] many = k.normal(KernelTesting.oneBlockTooMany(), 1);
          judge(k, launch, many, exactSum(many));
        });
  }

  /** 4096 blocks are one block of partial sums; one element more makes the sum of sums two. */
  @Test
  void partialSumsOfMoreThanOneBlock() {
    KernelTesting.everyLaunch(
        (k, launch) -> {
          // Multiples of 2^-24 that add up to less than 2^24: in double every step is exact.
          float[] x = k.unit(4096 * 4096 + 1);
          double sum = 0;
          for (float v : x) {
            sum += v;
          }
          judge(k, launch, x, sum);
        });
  }

  /** Where the largest is must not matter, and all may be negative. */
  @Test
  void maximumAnywhere() {
    KernelTesting.everyLaunch(
        (k, launch) -> {
          int n = 8193; // two blocks and one element
          for (int at : new int[] {0, 63, 64, 1023, 1024, 4095, 4096, 8191, 8192}) {
            float[] x = new float[n];
            java.util.Arrays.fill(x, -2e38f);
            x[at] = -1e-45f;
            assertEquals(-1e-45f, k.opencl.max(Tensor.of(x, n)), launch + at);
          }
        });
  }
}
