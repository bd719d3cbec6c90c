package io.github.fusedloss.opencl;

import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.LogitShape;
import io.github.fusedloss.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** cross_entropy.cl: cross entropy of logits with class indices and class probabilities. */
@Tag("once") // The device computes; no JVM changes that.
@EnabledIf("io.github.fusedloss.opencl.OpenClTesting#hasDevice")
class CrossEntropyKernelTest {
  private static final CrossEntropy PLAIN = CrossEntropy.DEFAULT;

  private static void indices(KernelTesting k, String launch, LogitShape s, float smoothing) {
    indices(k, launch, s, smoothing, 0);
  }

  private static void indices(
      KernelTesting k, String launch, LogitShape s, float smoothing, float z) {
    float[] x = k.normal(s.elements(), s.batch() % 2 == 0 ? 2 : 12);
    long[] y = k.classes(s);
    float[] w = k.unit(s.classes());
    w[s.classes() - 1] = 0.75f;
    CrossEntropy loss =
        PLAIN.withWeight(Tensor.of(w, s.classes())).withLabelSmoothing(smoothing).withZLoss(z);
    k.judge(
        launch + s + ", smoothing " + smoothing + ", z " + z + ", ",
        loss,
        Tensor.of(x, s.input()),
        Tensor.of(y, s.target()),
        k.normal(s.rows(), 2));
  }

  private static void probabilities(KernelTesting k, String launch, LogitShape s) {
    float[] x = k.normal(s.elements(), 3);
    float[] q = k.unit(s.elements());
    k.judge(
        launch + s + " probabilities, ",
        PLAIN,
        Tensor.of(x, s.input()),
        Tensor.of(q, s.input()),
        k.normal(s.rows(), 2));
  }

  @Test
  void classIndices() {
    KernelTesting.everyShape((k, launch, s) -> indices(k, launch, s, 0));
  }

  @Test
  void labelSmoothing() {
    KernelTesting.everyWay((k, launch, s) -> indices(k, launch, s, 0.125f));
  }

  @Test
  void zLoss() {
    KernelTesting.everyWay((k, launch, s) -> indices(k, launch, s, 0, 0.01f));
  }

  @Test
  void zLossWithLabelSmoothing() {
    KernelTesting.everyWay((k, launch, s) -> indices(k, launch, s, 0.125f, 0.01f));
  }

  @Test
  void classProbabilities() {
    KernelTesting.everyWay(CrossEntropyKernelTest::probabilities);
  }

  @Test
  void moreRowsThanWorkGroups() {
    KernelTesting.moreRowsThanWorkGroups((k, launch, s) -> indices(k, launch, s, 0));
  }
}
