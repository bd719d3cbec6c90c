package io.github.fusedloss.opencl;

import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.LogitShape;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.reference.ReferencePrimitives;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** softmax.cl: softmax, log_softmax and logsumexp. */
@Tag("once") // The device computes; no JVM changes that.
@EnabledIf("io.github.fusedloss.opencl.OpenClTesting#hasDevice")
class SoftmaxKernelTest {
  private static void judge(KernelTesting k, String launch, LogitShape s) {
    // Confident rows, flat ones, and rows far from 0.
    for (float shift : new float[] {0, 0, 1e4f}) {
      float[] x = k.normal(s.elements(), shift == 0 ? k.random.nextInt(1, 20) : 1);
      float largest = 1;
      for (int i = 0; i < x.length; i++) {
        x[i] += shift;
        largest = Math.max(largest, Math.abs(x[i]));
      }
      Tensor input = Tensor.of(x, s.input());
      String what = launch + s + ", ";
      // Blocks of a long row are brought to one scale, which costs what is below 2^-94 its digits.
      double[] tiny = new double[x.length];
      Arrays.fill(tiny, s.classes() > 4096 ? 0x1p-117 : 0);
      KernelTesting.within(
          what + "softmax",
          k.sameBits(what, input, FusedLoss::softmax),
          ReferencePrimitives.softmax(x, s.batch(), s.classes(), s.inner()),
          4,
          tiny);
      KernelTesting.within(
          what + "log_softmax",
          k.sameBits(what, input, FusedLoss::logSoftmax),
          ReferencePrimitives.logSoftmax(x, s.batch(), s.classes(), s.inner()),
          2,
          null);
      double[] bounds = new double[s.rows()];
      Arrays.fill(bounds, KernelTesting.TERMS * largest);
      KernelTesting.within(
          what + "logsumexp",
          k.sameBits(what, input, FusedLoss::logSumExp),
          ReferencePrimitives.logSumExp(x, s.batch(), s.classes(), s.inner()),
          2,
          bounds);
    }
  }

  @Test
  void rows() {
    KernelTesting.everyShape(SoftmaxKernelTest::judge);
  }

  @Test
  void moreRowsThanWorkGroups() {
    KernelTesting.moreRowsThanWorkGroups(SoftmaxKernelTest::judge);
  }
}
