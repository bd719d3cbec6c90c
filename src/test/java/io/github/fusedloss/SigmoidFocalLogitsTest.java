package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Softcap and temperature of the logits of sigmoid focal loss, on every executor. What the
 * transformed logits are, {@link LogitTransformTest} says; of these the loss has to be what it is
 * without a transform, bit for bit.
 */
class SigmoidFocalLogitsTest {
  private static final List<FusedLoss> EXECUTORS = OpenDevices.all();
  private static final SigmoidFocalLoss NONE =
      SigmoidFocalLoss.DEFAULT.withReduction(Reduction.NONE);

  /** A cap, a temperature, both: each is a program of its own. */
  private static final List<LogitTransform> TRANSFORMS =
      List.of(
          LogitTransform.NONE.withSoftcap(7.5f),
          LogitTransform.NONE.withTemperature(0.7f),
          LogitTransform.NONE.withSoftcap(20).withTemperature(3));

  /** More than a block of 4096, no whole number of vectors. */
  private static final int N = 4099;

  @Test
  void lossesAreThoseOfTransformedLogits() {
    Random random = new Random(1);
    Tensor x = Numbers.tensor(ElementType.FLOAT32, Numbers.values(random, N, 9), N);
    Tensor soft = Tensor.of(Numbers.unit(random, N), N);
    for (LogitTransform t : TRANSFORMS) {
      for (FusedLoss fused : EXECUTORS) {
        // With one class the logsumexp is the logit, transformed.
        Tensor column = Tensor.of(x.toFloatArray(), N, 1);
        Tensor y = Tensor.of(fused.logSumExp(column, t).toFloatArray(), N);
        SigmoidFocalLoss loss = NONE.withGamma(t.softcap() == 0 ? 1.5f : 2);
        try (LossResult of = fused.forwardAndGradient(loss.withLogits(t), x, soft);
            LossResult plain = fused.forwardAndGradient(loss, y, soft)) {
          assertArrayEquals(
              Bits.of(plain.losses().toFloatArray()), Bits.of(of.losses().toFloatArray()));
          slopes(x, t, plain.gradient(), of.gradient());
        }
      }
    }
  }

  /**
   * Gradients are those of y times dy / dx = sech(x / c)^2 / T, to two ULP of that and one for the
   * product.
   */
  private static void slopes(Tensor x, LogitTransform t, Tensor plain, Tensor actual) {
    float[] v = x.toFloatArray();
    float[] of = plain.toFloatArray();
    float[] gradient = actual.toFloatArray();
    for (int i = 0; i < N; i++) {
      double cosh = t.softcap() == 0 ? 1 : Math.cosh((double) v[i] / t.softcap());
      double slope = Double.isInfinite(cosh) ? 0 : 1 / cosh / cosh / t.temperature();
      double exact = of[i] * slope;
      if (Double.isNaN(exact) || Double.isInfinite(v[i])) {
        continue; // docs/semantics.md
      }
      double limit = 3 * 0x1p-23 * Math.abs(exact) + 2 * Float.MIN_VALUE;
      assertEquals(exact, gradient[i], limit, v[i] + " " + t);
    }
  }

  /** Has weights and row weights, and 16-bit logits, too. */
  @Test
  void allExecutorsAgree() {
    for (ElementType type : new ElementType[] {ElementType.FLOAT32, ElementType.BFLOAT16}) {
      LogitTransform t = TRANSFORMS.get(type == ElementType.FLOAT32 ? 2 : 0);
      int[] expected = null;
      for (FusedLoss fused : EXECUTORS) {
        Random random = new Random(2);
        Tensor x = Numbers.tensor(type, Numbers.values(random, N, 9), N);
        Target target = Target.of(Tensor.of(Numbers.unit(random, N), N));
        target = target.rowWeights(Tensor.of(Numbers.unit(random, N), N));
        Tensor w = Tensor.of(Numbers.unit(random, N), N);
        Loss loss = SigmoidFocalLoss.DEFAULT.withPosWeight(w).withWeight(w).withLogits(t);
        int[] bits = Bits.of(fused.forwardAndGradient(loss, x, target));
        expected = expected == null ? bits : expected;
        assertArrayEquals(expected, bits, fused.device() + " " + type + " " + t);
      }
    }
  }

  @Test
  void aBiasIsRefused() {
    LogitTransform biased = LogitTransform.NONE.withBias(Tensor.of(new float[] {1}, 1));
    String message =
        assertThrows(IllegalArgumentException.class, () -> NONE.withLogits(biased)).getMessage();
    assertTrue(
        message.startsWith("logits must have no bias for sigmoid_focal_loss, which has no classes"),
        message);
    assertTrue(message.endsWith(": add it to the input, whose gradient is the same"), message);
    LogitTransform t = TRANSFORMS.get(2);
    assertEquals(t, NONE.withLogits(t).logits());
    assertEquals(NONE, NONE.withLogits(t).withLogits(LogitTransform.NONE));
  }
}
