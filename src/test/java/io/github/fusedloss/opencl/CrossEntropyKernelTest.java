package io.github.fusedloss.opencl;

import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.reference.ReferenceCrossEntropy;
import io.github.fusedloss.reference.ReferencePrimitives;
import io.github.fusedloss.reference.RowOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** cross_entropy.cl: cross entropy of logits with class indices and class probabilities. */
@Tag("once") // The device computes; no JVM changes that.
@EnabledIf("io.github.fusedloss.opencl.OpenClTesting#hasDevice")
class CrossEntropyKernelTest {
  private static final CrossEntropy PLAIN = CrossEntropy.DEFAULT;

  private static void indices(KernelTesting k, String launch, int[] s, float smoothing) {
    int rows = s[0] * s[2];
    float[] x = k.normal(rows * s[1], s[0] % 2 == 0 ? 2 : 12);
    long[] y = k.classes(rows, s[1]);
    y[0] = s[1] - 1; // one that counts: the mean over nothing has no digits to compare
    float[] w = k.unit(s[1]);
    w[s[1] - 1] = 0.75f;
    CrossEntropy loss = PLAIN.withWeight(Tensor.of(w, s[1])).withLabelSmoothing(smoothing);
    double[] terms = new double[x.length];
    if (smoothing > 0) {
      double[] p = ReferencePrimitives.softmax(x, s[0], s[1], s[2]);
      double all = ReferencePrimitives.sum(w);
      for (int i = 0; i < terms.length; i++) {
        int row = i / (s[1] * s[2]) * s[2] + i % s[2];
        int c = i / s[2] % s[1];
        if (y[row] >= 0) {
          double own = (1 - smoothing) * w[(int) y[row]];
          double mass = own + smoothing / s[1] * all;
          terms[i] = mass * p[i] + smoothing / s[1] * w[c] + (y[row] == c ? own : 0);
        }
      }
    }
    k.judge(
        launch + s[0] + " x " + s[1] + " x " + s[2] + ", smoothing " + smoothing + ", ",
        loss::withReduction,
        Tensor.of(x, KernelTesting.shape(s)),
        Tensor.of(y, KernelTesting.rowShape(s)),
        k.normal(rows, 2),
        ReferenceCrossEntropy.ofIndices(
            x, s[0], s[1], s[2], y, RowOptions.DEFAULT.withWeight(w).withLabelSmoothing(smoothing)),
        4,
        terms);
  }

  @Test
  void classIndices() {
    KernelTesting.everyLaunch(
        (k, launch) -> {
          for (int[] s : KernelTesting.ROWS) {
            indices(k, launch, s, 0);
          }
        });
  }

  @Test
  void labelSmoothing() {
    KernelTesting.ownLaunch(
        (k, launch) -> {
          for (int[] s : KernelTesting.ROWS) {
            indices(k, launch, s, 0.125f);
          }
        });
  }

  @Test
  void classProbabilities() {
    KernelTesting.ownLaunch(
        (k, launch) -> {
          for (int[] s : KernelTesting.ROWS) {
            int rows = s[0] * s[2];
            float[] x = k.normal(rows * s[1], 3);
            float[] q = k.unit(rows * s[1]);
            double[] p = ReferencePrimitives.softmax(x, s[0], s[1], s[2]);
            double[] mass = new double[rows];
            double[] terms = new double[x.length];
            for (int i = 0; i < x.length; i++) {
              mass[i / (s[1] * s[2]) * s[2] + i % s[2]] += q[i];
            }
            for (int i = 0; i < x.length; i++) {
              terms[i] = mass[i / (s[1] * s[2]) * s[2] + i % s[2]] * p[i] + q[i];
            }
            k.judge(
                launch + s[0] + " x " + s[1] + " x " + s[2] + " probabilities, ",
                PLAIN::withReduction,
                Tensor.of(x, KernelTesting.shape(s)),
                Tensor.of(q, KernelTesting.shape(s)),
                k.normal(rows, 2),
                ReferenceCrossEntropy.ofProbabilities(x, s[0], s[1], s[2], q, RowOptions.DEFAULT),
                4,
                terms);
          }
        });
  }

  /** More rows than work-items at one each, in order and in lanes: some take several. */
  @Test
  void moreRowsThanWorkGroups() {
    KernelTesting.everyLaunch(
        (k, launch) -> {
          indices(k, launch, new int[] {4099, 5, 1}, 0);
          indices(k, launch, new int[] {515, 66, 1}, 0);
        });
  }
}
