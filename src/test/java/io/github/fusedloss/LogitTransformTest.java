package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.fusedloss.reference.DfpJudge;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Softcap, temperature and bias of logits, on every executor. The logsumexp of a row of one class
 * is its transformed logit; everything else must be, bit for bit, what comes of those without a
 * transform, and gradients these times the slope.
 */
class LogitTransformTest {
  private static final List<FusedLoss> EXECUTORS = OpenDevices.all();
  private static final float INF = Float.POSITIVE_INFINITY;

  /** y without a bias: each logit is a row. */
  private static float[] transformed(FusedLoss fused, float[] x, LogitTransform t) {
    return fused.logSumExp(Tensor.of(x, x.length, 1), t).toFloatArray();
  }

  /**
   * From the smallest to the largest floats, around where the formulas change, and many between.
   */
  private static float[] logits(Random random, float cap, int n) {
    float[] x = new float[n];
    float[] special = {
      0f,
      -0f,
      Float.MIN_VALUE,
      1e-40f,
      Float.MAX_VALUE,
      0x1p-13f * cap,
      Math.nextUp(0x1p-13f * cap),
      32f * cap,
      31.99f * cap,
      53.5f * cap,
      0.17328f * cap,
      0.5199f * cap,
      1f,
      cap
    };
    for (int i = 0; i < n; i++) {
      double spread = Math.exp(random.nextDouble() * 20 - 15) * cap;
      x[i] = i < special.length ? special[i] : (float) spread;
      x[i] = Math.min(x[i], Float.MAX_VALUE) * (random.nextBoolean() ? 1 : -1);
    }
    return x;
  }

  /** tanh and division in 120 digits. */
  @Test
  void valuesAreWithinTwoUlp() {
    Random random = new Random(1);
    for (float cap : new float[] {0f, 30f, 50f, 0.37f, 1e-6f, 1e6f}) {
      for (float temperature : new float[] {1f, 0.7f, 3f, 1e6f}) {
        LogitTransform t = LogitTransform.NONE.withSoftcap(cap).withTemperature(temperature);
        float[] x = logits(random, cap == 0 ? 1 : cap, 70);
        Judged[] exact = new Judged[x.length];
        for (int i = 0; i < x.length; i++) {
          exact[i] = Judged.of(DfpJudge.transformed(x[i], cap, temperature));
        }
        for (FusedLoss fused : EXECUTORS) {
          float[] y = transformed(fused, x, t);
          for (int i = 0; i < x.length; i++) {
            if (!exact[i].isWithin(2, y[i])) {
              String of = x[i] + ", cap " + cap + ", T " + temperature;
              fail(fused.device() + ", " + of + ": " + exact[i].distance(y[i]));
            }
          }
        }
      }
    }
  }

  @Test
  void specialValues() {
    float[] x = {INF, -INF, Float.NaN, 0f};
    for (FusedLoss fused : EXECUTORS) {
      LogitTransform cap = LogitTransform.NONE.withSoftcap(30);
      assertArrayEquals(new float[] {30, -30, Float.NaN, 0}, transformed(fused, x, cap));
      LogitTransform warm = LogitTransform.NONE.withTemperature(0.7f);
      assertArrayEquals(new float[] {INF, -INF, Float.NaN, 0}, transformed(fused, x, warm));
      LogitTransform bias = LogitTransform.NONE.withBias(Tensor.of(new float[] {-2}, 1));
      assertArrayEquals(new float[] {INF, -INF, Float.NaN, -2}, transformed(fused, x, bias));
    }
  }

  private static void sameAsOf(
      LogitShape s, LogitTransform t, boolean sixteen, boolean options, Random random) {
    float[] x = Numbers.values(random, s.elements(), 60);
    x[0] = -INF;
    ElementType type = sixteen ? ElementType.BFLOAT16 : ElementType.FLOAT32;
    Tensor input = Numbers.tensor(type, x.clone(), s.input());
    float[] given = input.toFloatArray();
    int[] y = s.indices(random);
    Tensor indices = Tensor.of(y, s.target());
    Tensor q = Tensor.of(Numbers.unit(random, s.elements()), s.input());
    float[] plain = transformed(EXECUTORS.get(0), given, t.withBias(null));
    for (int i = 0; i < plain.length && t.bias() != null; i++) {
      plain[i] += t.bias().toFloatArray()[i / s.inner() % s.classes()];
    }
    Tensor of = Tensor.of(plain, s.input());
    CrossEntropy none = CrossEntropy.DEFAULT.withReduction(Reduction.NONE);
    SoftmaxFocalLoss focal = SoftmaxFocalLoss.DEFAULT.withReduction(Reduction.NONE);
    List<Loss> more = List.of(none, none.withLabelSmoothing(0.1f), none.withZLoss(0.01f), focal);
    List<Loss> losses = options ? more : List.of(none);
    for (FusedLoss fused : EXECUTORS) {
      if (fused.device().startsWith("opencl") && (s.classes() != 10 || !options)) {
        continue; // Each is a program to compile; SameBitsTest and the known answers have the
        // others.
      }
      String what = fused.device() + ", " + s + ", 16 bits: " + sixteen + ", " + t.softcap();
      if (!sixteen) {
        assertArrayEquals(Bits.of(fused.softmax(of)), Bits.of(fused.softmax(input, t)), what);
        assertArrayEquals(Bits.of(fused.logSoftmax(of)), Bits.of(fused.logSoftmax(input, t)), what);
      }
      assertArrayEquals(Bits.of(fused.logSumExp(of)), Bits.of(fused.logSumExp(input, t)), what);
      for (Loss loss : losses) {
        for (Tensor target : loss == focal ? List.of(indices) : List.of(indices, q)) {
          Loss with = of(loss, t);
          try (LossResult a = fused.forwardAndGradient(loss, of, target);
              LossResult b = fused.forwardAndGradient(with, input, target)) {
            assertArrayEquals(a.losses().toFloatArray(), b.losses().toFloatArray(), what);
            assertEquals(a.sum(), b.sum(), what);
            assertEquals(a.zLossSum(), b.zLossSum(), what);
            float[] expected = a.gradient().toFloatArray();
            float[] actual = b.gradient().toFloatArray();
            for (int i = 0; i < expected.length; i++) {
              double slope = slope(given[i], t);
              double exact = expected[i] == 0 ? 0 : expected[i] * slope; // ignored, maybe NaN
              double far = Math.abs(actual[i] - exact);
              double bound =
                  3 * Math.ulp((float) exact) + (sixteen ? Math.abs(exact) / 128 + 2e-40 : 0);
              boolean same = exact == exact ? far <= bound : actual[i] != actual[i];
              assertTrue(same, what + ", " + i + ": " + exact + ", got " + actual[i]);
            }
            // In place: the logits are gone when the slope is wanted, unless that is thought of.
            Tensor place = Numbers.tensor(type, x.clone(), s.input());
            try (LossResult c = fused.forwardAndGradient(with, place, target, place)) {
              assertArrayEquals(actual, c.gradient().toFloatArray(), what + " in place");
            }
          }
        }
      }
    }
  }

  private static Loss of(Loss loss, LogitTransform t) {
    return loss instanceof SoftmaxFocalLoss focal
        ? focal.withLogits(t)
        : ((CrossEntropy) loss).withLogits(t);
  }

  /** sech^2 from exponentials, over the temperature. */
  private static double slope(float x, LogitTransform t) {
    double e = t.softcap() == 0 ? 1 : Math.exp(-2 * Math.abs((double) x) / t.softcap());
    return 4 * e / (1 + e) / (1 + e) / t.temperature();
  }

  /**
   * In order, adjacent and not; in lanes, of one block and of two. Each builds kernels of its own,
   * so that one of them meets every option.
   */
  @Test
  void resultsAreThoseOfTheTransformedLogits() {
    Random random = new Random(2);
    for (LogitShape s : LogitShape.list("37x10 3x19x17 5x70 2x4100")) {
      Tensor b = Tensor.of(Numbers.values(random, s.classes(), 2), s.classes());
      LogitTransform all = LogitTransform.NONE.withSoftcap(30).withTemperature(0.7f).withBias(b);
      sameAsOf(s, all, false, s.classes() == 10, random);
      if (s.classes() == 10) {
        sameAsOf(s, all, true, false, random);
        sameAsOf(s, LogitTransform.NONE.withSoftcap(50), false, false, random);
        sameAsOf(s, LogitTransform.NONE.withTemperature(2.5f), false, false, random);
        sameAsOf(s, LogitTransform.NONE.withBias(b), false, false, random);
      }
    }
  }

  @Test
  void equalByWhatTheyDo() {
    LogitTransform cap = LogitTransform.NONE.withSoftcap(30);
    LogitTransform biased = cap.withBias(Tensor.of(new float[] {1, 2}, 2));
    LogitTransform same = cap.withBias(Tensor.of(new float[] {1, 2}, 2));
    assertEquals(biased, same);
    assertEquals(biased.hashCode(), same.hashCode());
    assertEquals(CrossEntropy.DEFAULT.withLogits(biased).logits(), same);
    assertEquals(LogitTransform.NONE, cap.withSoftcap(0));
    assertNotEquals(biased, cap);
    assertNotEquals(cap, biased);
    assertNotEquals(biased, cap.withBias(Tensor.of(new float[] {1, 3}, 2)));
    assertNotEquals(biased, biased.withTemperature(2));
    assertNotEquals(biased, biased.withSoftcap(31));
  }

  @Test
  void refusesWhatIsOutOfRange() {
    LogitTransform t = LogitTransform.NONE;
    assertThrows(IllegalArgumentException.class, () -> t.withSoftcap(-1));
    assertThrows(IllegalArgumentException.class, () -> t.withSoftcap(Float.NaN));
    assertThrows(IllegalArgumentException.class, () -> t.withTemperature(0));
    assertThrows(IllegalArgumentException.class, () -> t.withTemperature(INF));
    Tensor x = Tensor.of(new float[6], 2, 3);
    Tensor two = Tensor.of(new float[2], 2);
    FusedLoss fused = EXECUTORS.get(0);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> fused.softmax(x, t.withBias(two)));
    assertEquals("logitBias must have one element per class, (3,), got (2,)", e.getMessage());
  }
}
