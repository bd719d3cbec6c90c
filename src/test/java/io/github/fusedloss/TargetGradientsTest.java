package io.github.fusedloss;

import static io.github.fusedloss.reference.ReferenceBinaryCrossEntropy.ofProbabilities;
import static io.github.fusedloss.reference.ReferenceBinaryCrossEntropy.withLogits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.fusedloss.reference.ReferenceCrossEntropy;
import io.github.fusedloss.reference.ReferenceElementLoss;
import io.github.fusedloss.reference.RowOptions;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What docs/semantics.md says of gradients with respect to targets, which the library does not
 * give: its formulas against difference quotients of the reference.
 */
@Tag("once") // No executor computes them.
class TargetGradientsTest {
  /** A power of two, as all targets here are multiples of one: their sums are exact. */
  private static final float STEP = 0x1p-10f;

  private static final float[] LOGITS = {-30, -3, -0.5f, 0, 2, 17};
  private static final float[] TARGETS = {0.125f, 0.5f, 0.75f};
  private static final float E = 0.25f;

  /** A loss of one element, of its target alone. */
  private interface OfTarget {
    double[] loss(float[] target);
  }

  /** Five points: nothing is left out of a polynomial of degree 4. */
  private static double slope(float t, OfTarget loss) {
    double near = at(loss, t + STEP) - at(loss, t - STEP);
    double far = at(loss, t + 2 * STEP) - at(loss, t - 2 * STEP);
    return (8 * near - far) / (12 * STEP);
  }

  private static double at(OfTarget loss, float t) {
    return loss.loss(new float[] {t})[0];
  }

  private static void agree(double formula, float t, OfTarget loss) {
    assertEquals(formula, slope(t, loss), 1e-8 * Math.max(1, Math.abs(formula)));
  }

  private static float[] one(float value) {
    return new float[] {value};
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void binaryCrossEntropyWithLogits() {
    for (float x : LOGITS) {
      for (float t : TARGETS) {
        agree(-x, t, v -> withLogits(one(x), v, null, null, 0).loss());
        double formula = 3 * (1 - E) * (7 * softplus(-x) - softplus(x));
        agree(formula, t, v -> withLogits(one(x), v, one(3), one(7), E).loss());
      }
    }
  }

  @Test
  void binaryCrossEntropy() {
    for (float p : new float[] {0, 1e-30f, 0.25f, 0.75f, 1}) {
      for (float t : TARGETS) {
        double formula = Math.max(Math.log1p(-p), -100) - Math.max(Math.log(p), -100);
        agree(formula, t, v -> ofProbabilities(one(p), v, null, 0).loss());
        double smoothed = 3 * (1 - E) * formula;
        agree(smoothed, t, v -> ofProbabilities(one(p), v, one(3), E).loss());
      }
    }
  }

  @Test
  void klDivLoss() {
    for (float x : LOGITS) {
      for (float t : TARGETS) {
        agree(
            Math.log(t) + 1 - x, t, v -> ReferenceElementLoss.klDiv(one(x), v, null, false).loss());
        double formula = Math.exp(-t) * (-t - x + 1);
        agree(formula, -t, v -> ReferenceElementLoss.klDiv(one(x), v, null, true).loss());
      }
    }
  }

  @Test
  void sigmoidFocalLoss() {
    float a = 0.25f;
    for (float x : LOGITS) {
      for (float t : TARGETS) {
        double share = a * t + (1 - a) * (1 - t);
        double missed = t * sigmoid(-x) + (1 - t) * sigmoid(x);
        double bce = (1 - t) * softplus(x) + t * softplus(-x);
        double formula =
            (2 * a - 1) * missed * missed * bce
                + share * 2 * missed * (sigmoid(-x) - sigmoid(x)) * bce
                + share * missed * missed * -x;
        agree(
            formula, t, v -> ReferenceElementLoss.sigmoidFocal(one(x), v, null, null, a, 2).loss());
      }
    }
  }

  /** Each class's target is moved by itself. */
  @Test
  void crossEntropyOfProbabilities() {
    float[] q = {0.125f, 0.5f, 0.25f, 0.125f};
    float[] w = {1, 3, 0.5f, 2};
    RowOptions plain = RowOptions.DEFAULT;
    RowOptions smoothed = plain.withWeight(w).withLabelSmoothing(E);
    float[] logits = {-3, 0, 17, 2};
    double lse = 17 + Math.log(Math.exp(-20) + Math.exp(-17) + 1 + Math.exp(-15));
    for (int c = 0; c < q.length; c++) {
      double minusLogP = lse - logits[c];
      agree(minusLogP, q[c], moved(logits, q, c, plain));
      agree(w[c] * (1 - E) * minusLogP, q[c], moved(logits, q, c, smoothed));
    }
  }

  private static OfTarget moved(float[] logits, float[] q, int c, RowOptions options) {
    return v -> {
      float[] target = q.clone();
      target[c] = v[0];
      return ReferenceCrossEntropy.ofProbabilities(logits, 1, q.length, 1, target, options).loss();
    };
  }

  /** The gradient for the teacher is that of the same divergence with the tensors exchanged. */
  @Test
  void distillationWithItsTensorsExchanged() {
    Tensor student = Tensor.of(new float[] {1, -2, 0.5f, 3, 3, -1}, 2, 3);
    Tensor teacher = Tensor.of(new float[] {0, 2, 1.5f, -3, 1, 1}, 2, 3);
    List<Distillation> losses =
        List.of(Distillation.FORWARD_KL, Distillation.REVERSE_KL, Distillation.jsd(0.25f));
    List<Distillation> exchanged =
        List.of(Distillation.REVERSE_KL, Distillation.FORWARD_KL, Distillation.jsd(0.75f));
    FusedLoss fused = OpenDevices.of("cpu:scalar");
    for (int i = 0; i < losses.size(); i++) {
      Loss loss = losses.get(i).withTemperature(2).withReduction(Reduction.NONE);
      Loss other = exchanged.get(i).withTemperature(2).withReduction(Reduction.NONE);
      assertArrayEquals(
          fused.forward(loss, student, teacher).losses().toFloatArray(),
          fused.forward(other, teacher, student).losses().toFloatArray(),
          1e-6f);
    }
  }

  /** What the document offers in place of a gradient that is not there. */
  @Test
  void minusLogSoftmaxIsThatOfCrossEntropy() {
    float[] logits = {-3, 0, 17, 2};
    double[] exact = new double[4];
    for (int c = 0; c < 4; c++) {
      OfTarget loss =
          moved(logits, new float[] {0.25f, 0.25f, 0.25f, 0.25f}, c, RowOptions.DEFAULT);
      exact[c] = -slope(0.25f, loss);
    }
    float[] offered =
        OpenDevices.of("cpu:scalar").logSoftmax(Tensor.of(logits, 1, 4)).toFloatArray();
    for (int c = 0; c < 4; c++) {
      assertEquals(exact[c], offered[c], 1e-6 * Math.max(1, Math.abs(exact[c])));
    }
  }
}
