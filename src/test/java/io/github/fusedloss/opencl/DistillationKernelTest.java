package io.github.fusedloss.opencl;

import io.github.fusedloss.Distillation;
import io.github.fusedloss.LogitShape;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.reference.ReferenceDistillation;
import io.github.fusedloss.reference.ReferenceLoss;
import io.github.fusedloss.reference.ReferencePrimitives;
import io.github.fusedloss.verify.Promise;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * distillation_rows.cl and distillation_tile.cl: the divergence of rows of two tensors of logits.
 */
@Tag("once") // The device computes; no JVM changes that.
@EnabledIf("io.github.fusedloss.opencl.OpenClTesting#hasDevice")
class DistillationKernelTest {
  @Test
  void rows() {
    KernelTesting.everyWay((k, launch, s) -> judge(k, launch, s, Distillation.FORWARD_KL, 0));
  }

  /**
   * Longer rows side by side on a CPU: adjacent, apart, of several stripes and blocks. With more
   * than 16 cores the adjacent ones are too few for that, with more than 23 the others.
   */
  @Test
  void manyRowsSideBySide() {
    KernelTesting.ownLaunch(
        (k, launch) -> {
          for (LogitShape s : LogitShape.list("1100x70 2x70x40 1x1100x65 1x4100x65")) {
            judge(k, launch, s, Distillation.FORWARD_KL, 0);
          }
          judge(k, launch, new LogitShape(1, 70, 70), Distillation.REVERSE_KL, 1);
        });
  }

  /** A GPU's: one program alone, which takes PoCL a quarter of a minute to compile. */
  @Test
  void groupsOfWorkItems() {
    KernelTesting.everyLaunch(
        (k, launch) -> {
          for (LogitShape s : LogitShape.list("3x1 15x10 5x65 3x1023")) {
            judge(k, launch, s, Distillation.FORWARD_KL, 0);
          }
        });
  }

  @Test
  void otherDivergences() {
    KernelTesting.ownLaunch(
        (k, launch) -> {
          for (LogitShape s : LogitShape.list("3x1 15x10 3x1023 2x4097")) {
            judge(k, launch, s, Distillation.REVERSE_KL, 1);
            judge(k, launch, s, Distillation.jsd(0.25f), 0.25);
          }
        });
  }

  /** More rows than work-groups: some take several. */
  @Test
  void manyRows() {
    KernelTesting.ownLaunch(
        (k, launch) -> judge(k, launch, new LogitShape(4099, 5, 1), Distillation.FORWARD_KL, 0));
  }

  private static void judge(
      KernelTesting k, String launch, LogitShape s, Distillation loss, double beta) {
    float[] x = k.normal(s.elements(), 5);
    float[] z = k.normal(s.elements(), 5);
    ReferenceLoss reference =
        ReferenceDistillation.of(x, z, s.batch(), s.classes(), s.inner(), beta, 1, 1);
    double[] terms = terms(s, x, z, beta);
    k.judge(
        launch + loss + s + ", ",
        loss::withReduction,
        Tensor.of(x, s.input()),
        Tensor.of(z, s.input()),
        k.normal(s.rows(), 2),
        reference,
        Promise.DISTILLATION_LOSS.ulps(),
        Promise.DISTILLATION_GRADIENT.ulps(),
        terms);
  }

  /** Those of the promise, as verify/Promise states them. */
  private static double[] terms(LogitShape shape, float[] x, float[] z, double beta) {
    double[] s = ReferencePrimitives.softmax(x, shape.batch(), shape.classes(), shape.inner());
    double[] t = ReferencePrimitives.softmax(z, shape.batch(), shape.classes(), shape.inner());
    double[] apart = new double[shape.rows()];
    double[] mean = new double[shape.rows()];
    double[] slopes = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double middle = beta * t[i] + (1 - beta) * s[i];
      slopes[i] = beta == 0 ? Math.abs(s[i] - t[i]) : s[i] * Math.abs(Math.log(s[i] / middle));
      apart[shape.row(i)] += Math.abs(s[i] - t[i]);
      mean[shape.row(i)] += beta == 0 ? 0 : slopes[i];
    }
    for (int i = 0; i < x.length; i++) {
      int row = shape.row(i);
      double size = slopes[i] + s[i] * mean[row] + Math.max(s[i], t[i]) * apart[row];
      slopes[i] = Promise.DISTILLATION_GRADIENT.terms() * size;
    }
    return slopes;
  }
}
