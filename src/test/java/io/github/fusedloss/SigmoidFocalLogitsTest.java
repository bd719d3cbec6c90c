package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.apache.commons.math3.analysis.differentiation.DerivativeStructure;
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

  private static Tensor input(ElementType type, Random random) {
    float[] x = Numbers.values(random, N, 9);
    return type == ElementType.FLOAT32
        ? Tensor.of(x, N)
        : Tensor.of(type, Numbers.encode(type, x), N);
  }

  @Test
  void lossesAreThoseOfTransformedLogits() {
    Random random = new Random(1);
    Tensor x = input(ElementType.FLOAT32, random);
    Tensor soft = Tensor.of(Numbers.unit(random, N), N);
    for (LogitTransform t : TRANSFORMS) {
      for (FusedLoss fused : EXECUTORS) {
        // Of one class the logsumexp is the logit.
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

  /** Those of y times dy / dx = sech(x / c)^2 / T: two ULP of that, and one for the product. */
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

  /** By differentiation of the definition; far from where a logit is capped or its loss 0. */
  @Test
  void gradientIsThatOfTheDefinition() {
    float[] x = {-6, -2.5f, -0.5f, 0, 0.25f, 1, 3, 7};
    float[] target = {0, 1, 1, 0, 0.5f, 0, 1, 0.25f};
    LogitTransform t = LogitTransform.NONE.withSoftcap(5).withTemperature(1.5f);
    SigmoidFocalLoss loss = NONE.withGamma(1.5f).withAlpha(0.4f).withLogits(t);
    for (FusedLoss fused : EXECUTORS) {
      try (LossResult result =
          fused.forwardAndGradient(loss, Tensor.of(x, x.length), Tensor.of(target, x.length))) {
        float[] losses = result.losses().toFloatArray();
        float[] gradient = result.gradient().toFloatArray();
        for (int i = 0; i < x.length; i++) {
          DerivativeStructure exact = defined(x[i], target[i]);
          assertEquals(exact.getValue(), losses[i], 2e-6 * exact.getValue());
          double slope = exact.getPartialDerivative(1);
          assertEquals(slope, gradient[i], 4e-6 * Math.abs(slope) + 1e-7);
        }
      }
    }
  }

  private static DerivativeStructure defined(double x, double t) {
    DerivativeStructure v = new DerivativeStructure(1, 1, 0, x);
    DerivativeStructure y = v.divide(5).tanh().multiply(5).divide(1.5);
    DerivativeStructure p = y.negate().exp().add(1).reciprocal();
    DerivativeStructure q = y.exp().add(1).reciprocal();
    DerivativeStructure bce = p.log().multiply(-t).subtract(q.log().multiply(1 - t));
    DerivativeStructure missed = q.multiply(t).add(p.multiply(1 - t));
    float alpha = 0.4f;
    return missed.pow(1.5).multiply(bce).multiply(alpha * t + (1 - alpha) * (1 - t));
  }

  /** With weights and row weights, of 16 bits too. */
  @Test
  void allExecutorsAgree() {
    for (ElementType type : new ElementType[] {ElementType.FLOAT32, ElementType.BFLOAT16}) {
      LogitTransform t = TRANSFORMS.get(type == ElementType.FLOAT32 ? 2 : 0);
      int[] expected = null;
      for (FusedLoss fused : EXECUTORS) {
        Random random = new Random(2);
        Tensor x = input(type, random);
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

  @Test
  void itHasNoSecondDerivative() {
    Loss loss = NONE.withLogits(TRANSFORMS.get(0));
    String message =
        assertThrows(IllegalArgumentException.class, () -> Hessian.EXACT.requireOf(loss))
            .getMessage();
    assertTrue(message.startsWith("loss must have no softcap for a second derivative"), message);
  }
}
