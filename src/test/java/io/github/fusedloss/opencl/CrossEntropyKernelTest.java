package io.github.fusedloss.opencl;

import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.LogitShape;
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
    double[] terms = new double[x.length];
    if (smoothing > 0) {
      double[] p = ReferencePrimitives.softmax(x, s.batch(), s.classes(), s.inner());
      double all = ReferencePrimitives.sum(w);
      for (int i = 0; i < terms.length; i++) {
        int row = s.row(i);
        int c = i / s.inner() % s.classes();
        if (y[row] >= 0) {
          double own = (1 - smoothing) * w[(int) y[row]];
          double mass = own + smoothing / s.classes() * all;
          terms[i] = mass * p[i] + smoothing / s.classes() * w[c] + (y[row] == c ? own : 0);
        }
      }
    }
    if (z > 0) {
      withZ(terms, x, y, w, s, z, smoothing > 0);
    }
    k.judge(
        launch + s + ", smoothing " + smoothing + ", z " + z + ", ",
        loss::withReduction,
        Tensor.of(x, s.input()),
        Tensor.of(y, s.target()),
        k.normal(s.rows(), 2),
        ReferenceCrossEntropy.ofIndices(
            x,
            s.batch(),
            s.classes(),
            s.inner(),
            y,
            RowOptions.DEFAULT.withWeight(w).withLabelSmoothing(smoothing).withZLoss(z)),
        4,
        terms);
  }

  /** Adds the terms of a z-loss, and what it cancels with if it is not there yet. */
  private static void withZ(
      double[] terms, float[] x, long[] y, float[] w, LogitShape s, float z, boolean soft) {
    double[] p = ReferencePrimitives.softmax(x, s.batch(), s.classes(), s.inner());
    double[] lse = ReferencePrimitives.logSumExp(x, s.batch(), s.classes(), s.inner());
    for (int i = 0; i < terms.length; i++) {
      int row = s.row(i);
      if (y[row] >= 0) {
        boolean own = y[row] == i / s.inner() % s.classes();
        terms[i] += soft ? 0 : w[(int) y[row]] * (own ? 1 - p[i] : p[i]);
        // The maximum is at most as far below lse as log C.
        terms[i] += 2 * z * p[i] * Math.max(1, Math.abs(lse[row]) + Math.log(s.classes()));
      }
    }
  }

  private static void probabilities(KernelTesting k, String launch, LogitShape s) {
    float[] x = k.normal(s.elements(), 3);
    float[] q = k.unit(s.elements());
    double[] p = ReferencePrimitives.softmax(x, s.batch(), s.classes(), s.inner());
    double[] mass = new double[s.rows()];
    double[] terms = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      mass[s.row(i)] += q[i];
    }
    for (int i = 0; i < x.length; i++) {
      terms[i] = mass[s.row(i)] * p[i] + q[i];
    }
    k.judge(
        launch + s + " probabilities, ",
        PLAIN::withReduction,
        Tensor.of(x, s.input()),
        Tensor.of(q, s.input()),
        k.normal(s.rows(), 2),
        ReferenceCrossEntropy.ofProbabilities(
            x, s.batch(), s.classes(), s.inner(), q, RowOptions.DEFAULT),
        4,
        terms);
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
