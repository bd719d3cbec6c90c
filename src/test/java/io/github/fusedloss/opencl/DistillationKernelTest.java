package io.github.fusedloss.opencl;

import io.github.fusedloss.Distillation;
import io.github.fusedloss.LogitShape;
import io.github.fusedloss.Tensor;
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
    KernelTesting.everyWay((k, launch, s) -> judge(k, launch, s, Distillation.FORWARD_KL));
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
            judge(k, launch, s, Distillation.FORWARD_KL);
          }
          judge(k, launch, new LogitShape(1, 70, 70), Distillation.REVERSE_KL);
        });
  }

  /** A GPU's: one program alone, which takes PoCL a quarter of a minute to compile. */
  @Test
  void groupsOfWorkItems() {
    KernelTesting.everyLaunch(
        (k, launch) -> {
          for (LogitShape s : LogitShape.list("3x1 15x10 5x65 3x1023")) {
            judge(k, launch, s, Distillation.FORWARD_KL);
          }
        });
  }

  @Test
  void otherDivergences() {
    KernelTesting.ownLaunch(
        (k, launch) -> {
          for (LogitShape s : LogitShape.list("3x1 15x10 3x1023 2x4097")) {
            judge(k, launch, s, Distillation.REVERSE_KL);
            judge(k, launch, s, Distillation.jsd(0.25f));
          }
        });
  }

  /** More rows than work-groups: some take several. */
  @Test
  void manyRows() {
    KernelTesting.ownLaunch(
        (k, launch) -> judge(k, launch, new LogitShape(4099, 5, 1), Distillation.FORWARD_KL));
  }

  private static void judge(KernelTesting k, String launch, LogitShape s, Distillation loss) {
    k.judge(
        launch + loss + s + ", ",
        loss,
        Tensor.of(k.normal(s.elements(), 5), s.input()),
        Tensor.of(k.normal(s.elements(), 5), s.input()),
        k.normal(s.rows(), 2));
  }
}
