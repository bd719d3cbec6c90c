package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.verify.ReferenceCheck;
import io.github.fusedloss.verify.VerificationException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Right results at the ends of the ranges, which {@link ReferenceCheck} has to let pass: the tests
 * state them too. All executors give the same bits, so one is asked.
 */
class CheckedExtremesTest {
  private static final List<ElementType> SIXTEEN_BIT =
      List.of(ElementType.FLOAT16, ElementType.BFLOAT16);

  private static FusedLoss fused;
  private static FusedLoss checked;

  @BeforeAll
  static void open() {
    fused = FusedLoss.open("cpu:scalar");
    checked = fused.checkedBy(new ReferenceCheck());
  }

  @AfterAll
  static void close() {
    fused.close();
  }

  private static float[] gradient(Loss loss, Tensor x, Tensor target) {
    try (LossResult result = checked.forwardAndGradient(loss, x, target)) {
      return result.gradient().toFloatArray();
    }
  }

  private static Tensor of(ElementType type, float... values) {
    short[] bits = new short[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = type.encode(values[i]);
    }
    return Tensor.of(type, bits, values.length);
  }

  /** No rows, but weights of the classes that rows would have. */
  @Test
  void noRowsWithWeights() {
    Tensor weight = Tensor.of(new float[] {1, 2, 3}, 3);
    Tensor x = Tensor.of(new float[0], 0, 3);
    Tensor y = Tensor.of(new int[0], 0);
    for (Loss loss :
        List.of(
            CrossEntropy.DEFAULT.withWeight(weight),
            CrossEntropy.DEFAULT.withWeight(weight).withLabelSmoothing(0.1f),
            NllLoss.DEFAULT.withWeight(weight),
            SoftmaxFocalLoss.DEFAULT.withWeight(weight))) {
      try (LossResult result = checked.forwardAndGradient(loss, x, y)) {
        assertTrue(Float.isNaN(result.loss()), loss.toString());
        assertEquals(0, result.gradient().size());
      }
    }
    try (LossResult result =
        checked.forward(
            CrossEntropy.DEFAULT.withWeight(weight), x, Tensor.of(new float[0], 0, 3))) {
      assertTrue(Float.isNaN(result.loss()));
    }
  }

  /** A mean over weights that add up to 0 is 0 / 0, but only at the targets (E2). */
  @Test
  void nothingButTargetsOfNegativeLogLikelihood() {
    Tensor weight = Tensor.of(new float[] {1, 2, 0}, 3);
    Tensor x = Tensor.of(new float[] {-1, -2, -3, -3, -2, -1}, 2, 3);
    Tensor y = Tensor.of(new int[] {2, 2}, 2);
    float[] expected = {0, 0, Float.NaN, 0, 0, Float.NaN};
    assertArrayEquals(expected, gradient(NllLoss.DEFAULT.withWeight(weight), x, y));
    float[] rows = {Float.NaN, 1};
    Target target = Target.of(y).rowWeights(Tensor.of(rows, 2));
    Loss sum = NllLoss.DEFAULT.withReduction(Reduction.SUM);
    try (LossResult result = checked.forwardAndGradient(sum, x, target)) {
      expected = new float[] {0, 0, Float.NaN, 0, 0, -1};
      assertArrayEquals(expected, result.gradient().toFloatArray());
    }
  }

  /** The gradient of kl_div is -t also where there is no loss, or an infinite one (D2, D3). */
  @Test
  void gradientsOfNoLoss() {
    for (ElementType type : SIXTEEN_BIT) {
      for (float t : new float[] {-0.3f, -1e-35f, 1e-35f, 0.3f}) {
        for (float x : new float[] {-1, Float.NEGATIVE_INFINITY}) {
          float nearest = type.decode(type.encode(-t));
          Tensor target = Tensor.of(new float[] {t}, 1);
          assertArrayEquals(
              new float[] {nearest}, gradient(KlDivLoss.DEFAULT, of(type, x), target));
        }
      }
    }
  }

  /**
   * With logits 0 and -7.2 over T = 0.01 one probability is 1, and the other exp(-720), 2e-313: the
   * gradient of forward KL is (s - t) / T.
   */
  @Test
  void subnormalProbabilities() {
    Tensor x = Tensor.of(new float[] {0, -7.2f}, 1, 2);
    Tensor z = Tensor.of(new float[] {-7.2f, 0}, 1, 2);
    Loss loss = Distillation.FORWARD_KL.withTemperature(0.01f);
    float[] expected = {1 / 0.01f, -1 / 0.01f};
    assertArrayEquals(expected, gradient(loss, x, z));
  }

  /**
   * Reverse KL, T = 0.005: s is 1 at the last class and e^-200 at the first, t is 1 at the second.
   * So -D of the last is 800 = R, and its gradient s (-D - R) / T is 0 but for the rounding of both
   * to floats: less than 2^-22 of 800 / T, whatever else the row has.
   */
  @Test
  void termsOfProbabilitiesThatUnderflow() {
    Tensor x = Tensor.of(new float[] {0, -10, 1}, 1, 3);
    Tensor z = Tensor.of(new float[] {-10, 5, 1}, 1, 3);
    for (Loss loss :
        List.of(
            Distillation.REVERSE_KL.withTemperature(0.005f),
            Distillation.jsd(0.5f).withTemperature(0.005f))) {
      float[] gradient = gradient(loss, x, z);
      assertEquals(0, gradient[2], 0x1p-22 * 800 / 0.005);
    }
  }

  /** Terms may be so large that only float16's infinity is within their bound. */
  @Test
  void termsBeyondTheRangeOfFloat16() {
    float none = Float.NEGATIVE_INFINITY;
    Loss loss = Distillation.REVERSE_KL.withTemperature(1e-6f);
    short[] x = {
      ElementType.FLOAT16.encode(none),
      ElementType.FLOAT16.encode(0.5f),
      ElementType.FLOAT16.encode(none)
    };
    Tensor z = Tensor.of(new float[] {-10, 0, 100}, 1, 3);
    try (LossResult result = checked.forward(loss, Tensor.of(ElementType.FLOAT16, x, 1, 3), z)) {
      assertEquals(1e8f, result.loss(), 100);
    }
    gradient(loss, Tensor.of(ElementType.FLOAT16, x, 1, 3), z);
  }

  /**
   * -log p_0 = exp(-87.5), 1e-38, times a weight of 2^-10 is a subnormal loss of 14 bits, which the
   * mean divides by the weight again. Half a unit of 2^-149 is 2^-140 there.
   */
  @Test
  void meanOfASubnormalLoss() {
    Tensor weight = Tensor.of(new float[] {0x1p-10f, 1}, 2);
    Tensor x = Tensor.of(new float[] {87.5f, 0}, 1, 2);
    try (LossResult result =
        checked.forward(CrossEntropy.DEFAULT.withWeight(weight), x, Tensor.of(new int[] {0}, 1))) {
      assertEquals(Math.exp(-87.5), result.loss(), 0x1p-139);
    }
  }

  /**
   * A gradient of 1000 p, where p is exp(-103.5) or less: a number that is 0 or 2^-149 as a float.
   */
  @Test
  void weightOfASubnormalProbability() {
    Tensor weight = Tensor.of(new float[] {1, 1, 1000}, 3);
    Tensor y = Tensor.of(new int[] {2}, 1);
    Tensor x = Tensor.of(new float[] {-103, 0.5f, Float.NEGATIVE_INFINITY}, 1, 3);
    Loss focal = SoftmaxFocalLoss.DEFAULT.withWeight(weight).withReduction(Reduction.SUM);
    double exact = 1000 * Math.exp(-103.5);
    assertEquals(exact, gradient(focal, x, y)[0], 1000 * 0x1p-149);
    x = Tensor.of(new float[] {Float.NEGATIVE_INFINITY, 0.5f, 104}, 1, 3);
    Loss loss = CrossEntropy.DEFAULT.withWeight(weight).withReduction(Reduction.SUM);
    float[] gradient = gradient(loss, x, y);
    assertEquals(exact, gradient[1], 1000 * 0x1p-149);
    assertEquals(-exact, gradient[2], 1000 * 0x1p-149);
  }

  /** (1 - p_t)^gamma = t^2 is 2^-132 and has 18 bits; the loss it is multiplied by is 2^59. */
  @Test
  void subnormalPowerOfALargeLoss() {
    float t = 0x1.192453p-66f;
    Tensor x = Tensor.of(new float[] {-0x1p125f}, 1);
    Loss loss = SigmoidFocalLoss.DEFAULT.withAlpha(-1).withReduction(Reduction.SUM);
    try (LossResult result = checked.forward(loss, x, Tensor.of(new float[] {t}, 1))) {
      double exact = Math.pow(t, 3) * 0x1p125;
      assertEquals(exact, result.loss(), exact * 0x1p-17);
    }
  }

  /**
   * At x = -infinity the loss is infinite, but the gradient -alpha_t t^(gamma + 1) is subnormal.
   */
  @Test
  void subnormalGradientOfAnInfiniteLoss() {
    Tensor weight = Tensor.of(new float[] {1000}, 1);
    Tensor x = Tensor.of(new float[] {Float.NEGATIVE_INFINITY}, 1);
    Tensor t = Tensor.of(new float[] {Float.MIN_VALUE}, 1);
    Loss loss = SigmoidFocalLoss.DEFAULT.withGamma(0).withWeight(weight);
    float gradient = gradient(loss.withReduction(Reduction.SUM), x, t)[0];
    assertEquals(-1000 * 0.75 * Float.MIN_VALUE, gradient, 1000 * Float.MIN_VALUE);
  }

  /** An infinite loss whose terms are infinite allows no finite one. */
  @Test
  void aFiniteLossForAnInfiniteOneIsRefused() {
    Loss focal = SigmoidFocalLoss.DEFAULT.withGamma(3f);
    Tensor t = Tensor.of(new float[] {1e-10f}, 1);
    Tensor x = Tensor.of(new float[] {Float.NEGATIVE_INFINITY}, 1);
    Tensor near = Tensor.of(new float[] {-5}, 1);
    for (Reduction reduction : List.of(Reduction.NONE, Reduction.SUM, Reduction.MEAN)) {
      Loss loss = focal.withReduction(reduction);
      checked.forward(loss, x, t).close();
      try (LossResult wrong = fused.forward(loss, near, t)) {
        assertThrows(
            VerificationException.class,
            () -> new ReferenceCheck().check(loss, x, Target.of(t), 1, null, wrong));
      }
    }
  }
}
