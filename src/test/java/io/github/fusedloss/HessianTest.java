package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.reference.DfpJudge;
import io.github.fusedloss.reference.DfpRows;
import io.github.fusedloss.reference.ReferenceHessian;
import io.github.fusedloss.reference.RowOptions;
import io.github.fusedloss.reference.Ulp;
import java.util.Random;
import org.apache.commons.math3.dfp.Dfp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Second derivatives, on plain Java: {@link HessianBitsTest} says that all executors give the same.
 */
@Tag("once") // No executor but plain Java computes here.
class HessianTest {
  private static final FusedLoss FUSED = FusedLoss.open("cpu:scalar");
  private static final float LEAST = 1e-16f;

  @AfterAll
  static void close() {
    FUSED.close();
  }

  private static float[] hessian(Loss loss, Tensor x, Tensor t, Hessian kind) {
    return hessian(loss, x, Target.of(t), kind);
  }

  private static float[] hessian(Loss loss, Tensor x, Target t, Hessian kind) {
    try (LossResult result = FUSED.forwardGradientAndHessian(loss, x, t, kind)) {
      assertEquals(ElementType.FLOAT32, result.hessian().type());
      assertArrayEquals(x.shape(), result.hessian().shape());
      return result.hessian().toFloatArray();
    }
  }

  private static void near(double ulps, Dfp exact, float actual, String what) {
    double distance = DfpJudge.ulps(actual, exact);
    assertTrue(distance <= ulps, what + ": " + actual + " is " + distance + " ULP off");
  }

  /** The limits are those of {@code Promise}. Logits as far as the result is a normal float. */
  @Test
  void binaryCrossEntropyIsExact() {
    Random random = new Random(1);
    BinaryCrossEntropyWithLogits none =
        BinaryCrossEntropyWithLogits.DEFAULT.withReduction(Reduction.SUM);
    for (int i = 0; i < 60; i++) {
      float x = (float) ((random.nextDouble() - 0.5) * (i < 30 ? 8 : 160));
      float t = i % 3 == 0 ? i % 2 : random.nextFloat();
      float pw = random.nextFloat() + 0.5f;
      Tensor input = Tensor.of(new float[] {x}, 1);
      Tensor target = Tensor.of(new float[] {t}, 1);
      Tensor positive = Tensor.of(new float[] {pw}, 1);
      String what = x + ", " + t;
      near(
          5,
          DfpJudge.binaryCrossEntropyWithLogitsHessian(x, DfpJudge.exact(t), 1, 1),
          hessian(none, input, target, Hessian.EXACT)[0],
          what);
      near(
          7,
          DfpJudge.binaryCrossEntropyWithLogitsHessian(x, DfpJudge.exact(t), 1, pw),
          hessian(none.withPosWeight(positive), input, target, Hessian.EXACT)[0],
          what);
      near(
          7,
          DfpJudge.binaryCrossEntropyWithLogitsHessian(x, DfpJudge.smoothed(t, 0.1f), 1, pw),
          hessian(
              none.withPosWeight(positive).withLabelSmoothing(0.1f), input, target, Hessian.EXACT)[
              0],
          what);
    }
  }

  /** The two oracles are written in different ways. */
  @Test
  void oraclesAgree() {
    Random random = new Random(2);
    for (int i = 0; i < 30; i++) {
      float x = (float) ((random.nextDouble() - 0.5) * (i < 15 ? 8 : 80));
      float t = i % 3 == 0 ? i % 2 : random.nextFloat();
      for (double gamma : new double[] {0, 0.5, 1, 2, 3}) {
        double focal = DfpJudge.sigmoidFocalHessian(x, t, 1.5, 0.25, gamma).toDouble();
        double reference = ReferenceHessian.sigmoidFocal(x, t, 1, 1.5, 0.25, gamma);
        assertEquals(focal, reference, 1e-9 * Math.abs(focal) + 1e-13, x + ", " + t + ", " + gamma);
      }
      double bce =
          DfpJudge.binaryCrossEntropyWithLogitsHessian(x, DfpJudge.exact(t), 1, 1.5).toDouble();
      assertEquals(bce, ReferenceHessian.withLogits(x, t, 1, 1.5, 0), 1e-13 * bce);
    }
    float[] row = {1.5f, -2, 30, 30.5f, -80};
    double[] wide = {1.5, -2, 30, 30.5, -80};
    Dfp[] exact = DfpRows.crossEntropyHessian(row, 1, RowOptions.DEFAULT.withZLoss(0.25));
    double[] h = ReferenceHessian.crossEntropy(wide, 1);
    double[] z = ReferenceHessian.zLoss(wide, 0.25);
    for (int c = 0; c < row.length; c++) {
      assertEquals(exact[c].toDouble(), h[c] + z[c], 1e-13 * Math.abs(h[c] + z[c]));
    }
  }

  /** Gamma 2, which has formulas of its own, and others; the limit is that of {@code Promise}. */
  @Test
  void focalLossIsNear() {
    Random random = new Random(3);
    for (int i = 0; i < 90; i++) {
      float x = (float) ((random.nextDouble() - 0.5) * (i < 45 ? 8 : 60));
      float t = i % 3 == 0 ? i % 2 : random.nextFloat();
      float gamma = new float[] {2, 0, 0.5f, 1, 3.5f}[i % 5];
      float actual =
          hessian(
              SigmoidFocalLoss.DEFAULT.withGamma(gamma),
              Tensor.of(new float[] {x}, 1),
              Tensor.of(new float[] {t}, 1),
              Hessian.EXACT)[0];
      double exact = DfpJudge.sigmoidFocalHessian(x, t, 1, 0.25f, gamma).toDouble();
      double size = termsOfFocal(x, t, gamma);
      double limit = 4 * 0x1p-22 * (1 + gamma) * size + 8 * Float.MIN_VALUE;
      assertEquals(exact, actual, limit, x + ", " + t + ", gamma " + gamma);
    }
  }

  private static double termsOfFocal(double x, double t, double gamma) {
    double p = 1 / (1 + Math.exp(-x));
    double q = 1 / (1 + Math.exp(x));
    double missed = t * q + (1 - t) * p;
    double rho = Math.abs(1 - 2 * t) * p * q / missed;
    double slope = (1 - t) * p + t * q;
    double loss = t * Math.log1p(Math.exp(-x)) + (1 - t) * Math.log1p(Math.exp(x));
    double terms = p * q + gamma * rho * (2 * slope + loss * (1 + Math.abs(gamma - 1) * rho));
    return Math.pow(missed, gamma) * terms * (0.25 * t + 0.75 * (1 - t));
  }

  /** Rows in order and in lanes, of several blocks; a class more likely than not among them. */
  @Test
  void crossEntropyIsExact() {
    Random random = new Random(4);
    for (int classes : new int[] {1, 2, 3, 10, 65, 200, 4100}) {
      for (double scale : classes > 1000 ? new double[] {8} : new double[] {1, 8}) {
        float[] x = Numbers.normal(random, classes, scale);
        x[0] = (float) (6 * scale);
        int y = random.nextInt(classes);
        float[] w = Numbers.unit(random, classes);
        w[y] = 0.7f;
        float e = classes > 1000 ? 0 : 0.1f;
        CrossEntropy loss =
            CrossEntropy.DEFAULT
                .withReduction(Reduction.SUM)
                .withWeight(Tensor.of(w, classes))
                .withLabelSmoothing(e);
        Tensor input = Tensor.of(x, 1, classes);
        Tensor target = Tensor.of(new int[] {y}, 1);
        float[] h = hessian(loss, input, target, Hessian.EXACT);
        RowOptions options = RowOptions.DEFAULT.withWeight(w).withLabelSmoothing(e);
        Dfp[] exact = DfpRows.crossEntropyHessian(x, y, options);
        for (int c = 0; c < classes; c++) {
          near(6, exact[c], h[c], classes + " classes, " + c);
        }
      }
    }
  }

  /** Compares with the formulas of XGBoost and LightGBM in doubles, where nothing is lost. */
  @Test
  void boostingLibrariesHaveTheirs() {
    float[] x = {2, -1, 0.5f, 0, 3, -2};
    float[] w = {0.5f, 2, 1};
    int[] y = {1, 2};
    CrossEntropy loss =
        CrossEntropy.DEFAULT.withReduction(Reduction.SUM).withWeight(Tensor.of(w, 3));
    Tensor input = Tensor.of(x, 2, 3);
    Tensor target = Tensor.of(y, 2);
    float[] xgboost = hessian(loss, input, target, Hessian.XGBOOST);
    float[] lightgbm = hessian(loss, input, target, Hessian.LIGHTGBM);
    for (int i = 0; i < x.length; i++) {
      double sum = 0;
      for (int c = 0; c < 3; c++) {
        sum += Math.exp(x[i / 3 * 3 + c]);
      }
      double p = Math.exp(x[i]) / sum;
      double weight = w[y[i / 3]];
      assertEquals(Math.max(2 * p * (1 - p) * weight, LEAST), xgboost[i], 1e-6);
      assertEquals(1.5 * p * (1 - p) * weight, lightgbm[i], 1e-6);
    }
    BinaryCrossEntropyWithLogits binary =
        BinaryCrossEntropyWithLogits.DEFAULT
            .withReduction(Reduction.SUM)
            .withPosWeight(Tensor.of(new float[] {3}, 1));
    Tensor t = Tensor.of(new int[] {0, 1, 0, 1, 1, 0}, 2, 3);
    float[] ofXgboost = hessian(binary, input, t, Hessian.XGBOOST);
    float[] ofLightgbm = hessian(binary, input, t, Hessian.LIGHTGBM);
    for (int i = 0; i < x.length; i++) {
      double p = 1 / (1 + Math.exp(-x[i]));
      double scalePosWeight = t.toLongArray()[i] == 1 ? 3 : 1;
      assertEquals(Math.max(p * (1 - p), LEAST) * scalePosWeight, ofXgboost[i], 1e-6);
      assertEquals(ofXgboost[i], ofLightgbm[i], 0);
    }
  }

  /** In floats 1 - p would be 0 here, and XGBoost's own exponentials leave the range of floats. */
  @Test
  void farMarginsKeepTheirDigits() {
    float[] x = {100, -100, 40, -200, 200};
    Tensor input = Tensor.of(x, 5);
    Tensor target = Tensor.of(new int[] {1, 0, 0, 1, 0}, 5);
    BinaryCrossEntropyWithLogits sum =
        BinaryCrossEntropyWithLogits.DEFAULT.withReduction(Reduction.SUM);
    float[] exact = hessian(sum, input, target, Hessian.EXACT);
    assertEquals((float) Math.exp(-100), exact[0]);
    assertEquals((float) Math.exp(-100), exact[1]);
    assertTrue(Ulp.distance(exact[2], Math.exp(-40)) <= 5);
    assertEquals(0f, exact[3]);
    float[] xgboost = hessian(sum, input, target, Hessian.XGBOOST);
    assertArrayEquals(new float[] {LEAST, LEAST, LEAST, LEAST, LEAST}, xgboost);
    Tensor rows = Tensor.of(new float[] {-200, -300, -200.5f, 30, 0, -30}, 2, 3);
    Tensor classes = Tensor.of(new int[] {1, 0}, 2);
    CrossEntropy loss = CrossEntropy.DEFAULT.withReduction(Reduction.SUM);
    float[] h = hessian(loss, rows, classes, Hessian.EXACT);
    double p = 1 / (1 + Math.exp(-0.5) + Math.exp(-100));
    assertTrue(Ulp.distance(h[0], p * (Math.exp(-0.5) + Math.exp(-100)) * p) <= 6);
    assertTrue(Ulp.distance(h[1], Math.exp(-100) * p) <= 6);
    double tail = Math.exp(-30) + Math.exp(-60);
    assertTrue(Ulp.distance(h[3], tail / (1 + tail) / (1 + tail)) <= 6, "1 - p would be 0");
    for (float v : hessian(loss, rows, classes, Hessian.XGBOOST)) {
      assertTrue(v >= LEAST && v < 1);
    }
  }

  /** (K, N) margins as XGBoost and LightGBM hand them over. */
  @Test
  void marginsClassByClass() {
    int k = 10;
    int n = 300;
    Random random = new Random(5);
    float[] byClass = Numbers.normal(random, k * n, 3);
    float[] byRow = new float[k * n];
    for (int i = 0; i < byRow.length; i++) {
      byRow[i] = byClass[i % k * n + i / k];
    }
    int[] y = random.ints(n, 0, k).toArray();
    float[] h =
        hessian(
            CrossEntropy.DEFAULT,
            Tensor.of(byClass, 1, k, n),
            Tensor.of(y, 1, n),
            Hessian.LIGHTGBM);
    float[] expected =
        hessian(CrossEntropy.DEFAULT, Tensor.of(byRow, n, k), Tensor.of(y, n), Hessian.LIGHTGBM);
    for (int i = 0; i < byRow.length; i++) {
      assertEquals(expected[i], h[i % k * n + i / k]);
    }
  }

  /** The mean's denominator, row weights, a given denominator: as the gradient has them. */
  @Test
  void factorsAreThoseOfTheGradient() {
    Tensor x = Tensor.of(new float[] {1, 0, 0, 2, 0.5f, 0.5f, Float.NaN, 9}, 4, 2);
    Target y = Target.of(Tensor.of(new int[] {0, 1, 0, 1}, 4));
    y = y.rowWeights(Tensor.of(new float[] {2, 1, 1, 0}, 4));
    CrossEntropy sum = CrossEntropy.DEFAULT.withReduction(Reduction.SUM);
    float[] sums = hessian(sum, x, y, Hessian.EXACT);
    float[] means = hessian(CrossEntropy.DEFAULT, x, y, Hessian.EXACT);
    float[] eighths = hessian(CrossEntropy.DEFAULT.withDenominator(8), x, y, Hessian.EXACT);
    float[] nones =
        hessian(CrossEntropy.DEFAULT.withReduction(Reduction.NONE), x, y, Hessian.EXACT);
    float[] least = hessian(CrossEntropy.DEFAULT.withDenominator(8), x, y, Hessian.XGBOOST);
    assertEquals(0.25f, sums[4], 6 * Math.ulp(0.25f));
    for (int i = 0; i < 6; i++) {
      assertEquals(sums[i] / 4, means[i]);
      assertEquals(sums[i] / 8, eighths[i]);
      assertEquals(sums[i], nones[i]);
      assertEquals(sums[i] / 4, least[i]);
    }
    for (float[] h : new float[][] {sums, means, eighths, nones, least}) {
      assertEquals(0, Float.floatToRawIntBits(h[6]), "a row that is ignored");
      assertEquals(0, Float.floatToRawIntBits(h[7]));
    }
  }

  @Test
  void rowsWithoutSoftmaxAreNaN() {
    float inf = Float.POSITIVE_INFINITY;
    Tensor x = Tensor.of(new float[] {Float.NaN, 0, inf, 0, -inf, -inf, -inf, 0}, 4, 2);
    Tensor y = Tensor.of(new int[] {0, 1, 0, 1}, 4);
    for (Hessian kind : Hessian.values()) {
      float[] h = hessian(CrossEntropy.DEFAULT.withReduction(Reduction.SUM), x, y, kind);
      for (int i = 0; i < 6; i++) {
        assertEquals(0x7fc00000, Float.floatToRawIntBits(h[i]));
      }
      float nothing = kind == Hessian.XGBOOST ? LEAST : 0f;
      assertArrayEquals(new float[] {nothing, nothing}, new float[] {h[6], h[7]});
    }
  }

  /** The gradient is computed once more there, with other weights. */
  @Test
  void weightsThatAddUpToLittle() {
    Tensor x = Tensor.of(new float[] {1, 0, 0, 2}, 2, 2);
    Tensor y = Tensor.of(new int[] {0, 0}, 2);
    Tensor w = Tensor.of(new float[] {1e-30f, 1e-30f}, 2);
    Tensor ones = Tensor.of(new float[] {1, 1}, 2);
    float[] h = hessian(CrossEntropy.DEFAULT.withWeight(w), x, y, Hessian.EXACT);
    float[] expected = hessian(CrossEntropy.DEFAULT.withWeight(ones), x, y, Hessian.EXACT);
    for (int i = 0; i < h.length; i++) {
      assertEquals(expected[i], h[i], 2 * Math.ulp(expected[i]));
    }
    float[] xgboost = hessian(CrossEntropy.DEFAULT.withWeight(w), x, y, Hessian.XGBOOST);
    double least = LEAST / (2 * (double) 1e-30f); // by far the larger one
    for (float v : xgboost) {
      assertEquals(least, v, 4e-7 * least);
    }
  }

  /** A factor of 0 or of the wrong sign does not turn the least into the most. */
  @Test
  void negativeWeights() {
    Tensor x = Tensor.of(new float[] {1, 0, 0, 2}, 2, 2);
    Tensor y = Tensor.of(new int[] {0, 1}, 2);
    Tensor w = Tensor.of(new float[] {-1, -3}, 2);
    float[] h = hessian(CrossEntropy.DEFAULT.withWeight(w), x, y, Hessian.EXACT);
    for (float v : h) {
      assertTrue(v > 0 && v < 0.25f, "-1 / -4 and -3 / -4 of what it is: " + v);
    }
    float[] sum =
        hessian(
            CrossEntropy.DEFAULT.withWeight(w).withReduction(Reduction.SUM), x, y, Hessian.EXACT);
    for (float v : sum) {
      assertTrue(v < 0, "" + v);
    }
  }

  @Test
  void whoDoesNotAskGetsNone() {
    Tensor x = Tensor.of(new float[] {1, 0}, 1, 2);
    Tensor y = Tensor.of(new int[] {0}, 1);
    try (LossResult result = FUSED.forwardAndGradient(CrossEntropy.DEFAULT, x, y)) {
      assertFalse(result.hasHessian());
      IllegalStateException e = assertThrows(IllegalStateException.class, result::hessian);
      assertEquals(
          "no second derivative was asked for: use forwardGradientAndHessian", e.getMessage());
    }
  }

  private static void refused(String message, Loss loss, Hessian kind) {
    Tensor x = Tensor.of(new float[] {1, 0}, 1, 2);
    Tensor y = Tensor.of(new int[] {0}, 1);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> FUSED.forwardGradientAndHessian(loss, x, y, kind).close());
    assertEquals(message, e.getMessage());
    e = assertThrows(IllegalArgumentException.class, () -> kind.requireOf(loss));
    assertEquals(message, e.getMessage());
  }

  @Test
  void whatHasNoneIsRefused() {
    refused(
        "loss must be binary_cross_entropy_with_logits, cross_entropy, sigmoid_focal_loss or"
            + " softmax_focal_loss for a second derivative, got nll_loss: of others there is only"
            + " the gradient",
        NllLoss.DEFAULT,
        Hessian.EXACT);
    refused(
        "loss must have no softcap for a second derivative, got cross_entropy(softcap=30.0): apply"
            + " it to the input, whose derivatives these are then",
        CrossEntropy.DEFAULT.withLogits(LogitTransform.NONE.withSoftcap(30)),
        Hessian.EXACT);
    refused(
        "loss must have no softcap for a second derivative, got sigmoid_focal_loss(softcap=7.5):"
            + " apply it to the input, whose derivatives these are then",
        SigmoidFocalLoss.DEFAULT.withLogits(LogitTransform.NONE.withSoftcap(7.5f)),
        Hessian.EXACT);
    refused(
        "hessian must be EXACT for sigmoid_focal_loss, of which XGBoost has none, got XGBOOST",
        SigmoidFocalLoss.DEFAULT,
        Hessian.XGBOOST);
    refused(
        "hessian must be EXACT for cross_entropy with z_loss, of which LightGBM has none, got"
            + " LIGHTGBM",
        CrossEntropy.DEFAULT.withZLoss(0.1f),
        Hessian.LIGHTGBM);
    refused(
        "hessian must be EXACT for softmax_focal_loss, of which LightGBM has none, got LIGHTGBM",
        SoftmaxFocalLoss.DEFAULT,
        Hessian.LIGHTGBM);
    refused(
        "loss must have no temperature for a second derivative, got"
            + " softmax_focal_loss(temperature=2.0): apply it to the input, whose derivatives these"
            + " are then",
        SoftmaxFocalLoss.DEFAULT.withLogits(LogitTransform.NONE.withTemperature(2)),
        Hessian.EXACT);
    Hessian.XGBOOST.requireOf(CrossEntropy.DEFAULT);
    Hessian.LIGHTGBM.requireOf(BinaryCrossEntropyWithLogits.DEFAULT);
    Hessian.EXACT.requireOf(CrossEntropy.DEFAULT.withZLoss(0.1f));
    Tensor x = Tensor.of(new float[] {1}, 1);
    assertEquals(
        "hessian must be given, got null",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    FUSED
                        .forwardGradientAndHessian(BinaryCrossEntropyWithLogits.DEFAULT, x, x, null)
                        .close())
            .getMessage());
  }
}
