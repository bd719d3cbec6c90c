package io.github.fusedloss.reference;

import static io.github.fusedloss.reference.Oracles.assertRelative;
import static io.github.fusedloss.reference.Oracles.assertWithin;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.apache.commons.math3.analysis.differentiation.DerivativeStructure;
import org.apache.commons.math3.dfp.Dfp;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once") // Oracles compute on the JVM alone, with its strict functions or Commons Math.
class ReferenceBinaryCrossEntropyTest {
  /** What the class promises for losses, and for gradients of hard targets. */
  private static final double RELATIVE = 2e-15;

  /** What it promises for gradients of soft targets, with weights of at most 1. */
  private static final double ABSOLUTE = 1e-15;

  private static final float INF = Float.POSITIVE_INFINITY;
  private static final float NAN = Float.NaN;

  @Test
  void closedForms() {
    ReferenceLoss even = withLogits(0, 0.3f, 1, 1);
    assertEquals(Math.log(2), even.loss()[0], 1e-16);
    assertEquals(0.5 - 0.3f, even.gradient()[0], 1e-16);
    // x = log 3 is p = 3/4, as near as a float comes to it.
    double p = 1 / (1 + Math.exp(-(float) Math.log(3)));
    ReferenceLoss weighted = withLogits((float) Math.log(3), 1, 2, 5);
    assertEquals(-10 * Math.log(p), weighted.loss()[0], 1e-14);
    assertEquals(-10 * (1 - p), weighted.gradient()[0], 1e-14);
  }

  /** Where float formulas lose their digits, and where double's exp over- and underflows. */
  @ParameterizedTest
  @ValueSource(
      floats = {
        0,
        -15,
        15,
        17,
        -17,
        37,
        -80,
        80,
        -87.5f,
        100,
        -100,
        103.9f,
        -299.9f,
        300,
        300.1f,
        -301,
        709,
        -709,
        1e4f,
        -1e4f,
        3.4028235e38f,
        -3.4028235e38f,
        1e-30f,
        -1e-45f
      })
  void adversarialLogitsKeepAllDigits(float x) {
    for (float t : new float[] {0, 1, 0.5f, 1e-7f, 0x1.fffffep-1f, 1e-38f}) {
      Dfp loss = DfpJudge.binaryCrossEntropyWithLogits(x, t, 0.75, 0.5);
      Dfp gradient = DfpJudge.binaryCrossEntropyWithLogitsGradient(x, t, 0.75, 0.5);
      ReferenceLoss actual = withLogits(x, t, 0.75f, 0.5f);
      assertClose(loss, actual.loss()[0], RELATIVE, "loss of x=" + x + " t=" + t);
      if (t == 0 || t == 1) {
        assertClose(gradient, actual.gradient()[0], RELATIVE, "gradient of x=" + x + " t=" + t);
      } else {
        assertWithin(gradient, actual.gradient()[0], ABSOLUTE, "gradient of x=" + x + " t=" + t);
      }
    }
  }

  @Test
  void randomElementsMatchTheJudge() {
    Random random = new Random(1);
    // 500 elements: the judge takes about a millisecond for each.
    for (int i = 0; i < 500; i++) {
      float x = (float) (random.nextGaussian() * 20);
      float t = i % 3 == 0 ? i % 2 : random.nextFloat();
      float w = random.nextFloat();
      float pw = random.nextFloat();
      ReferenceLoss actual = withLogits(x, t, w, pw);
      String what = "x=" + x + " t=" + t + " w=" + w + " pw=" + pw;
      assertRelative(
          DfpJudge.binaryCrossEntropyWithLogits(x, t, w, pw), actual.loss()[0], RELATIVE, what);
      assertWithin(
          DfpJudge.binaryCrossEntropyWithLogitsGradient(x, t, w, pw),
          actual.gradient()[0],
          ABSOLUTE,
          what);
    }
  }

  @Test
  void targetsOutsideZeroToOneFollowTheFormula() {
    for (float t : new float[] {-1, 2, 1.5f}) {
      for (float x : new float[] {-3, 0.5f, 40}) {
        ReferenceLoss actual = withLogits(x, t, 1, 1);
        assertWithin(
            DfpJudge.binaryCrossEntropyWithLogits(x, t, 1, 1), actual.loss()[0], 1e-13, "loss");
        assertWithin(
            DfpJudge.binaryCrossEntropyWithLogitsGradient(x, t, 1, 1),
            actual.gradient()[0],
            1e-14,
            "gradient");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // x, t, weight, posWeight, loss, gradient
    "Infinity, 1, 1, 1, 0, 0",
    "-Infinity, 0, 1, 1, 0, 0",
    "Infinity, 0, 1, 1, Infinity, 1",
    "Infinity, 0.25, 1, 1, Infinity, 0.75",
    "-Infinity, 1, 1, 1, Infinity, -1",
    "-Infinity, 0.25, 2, 3, Infinity, -1.5",
    "Infinity, 0, 0, 1, 0, 0",
    "-Infinity, 1, 0, 1, 0, 0",
    "-Infinity, 1, 1, 0, 0, 0",
    "-Infinity, 0.25, 1, 0, 0, 0",
    "Infinity, 2, 1, 1, -Infinity, -1",
    "NaN, 1, 1, 1, NaN, NaN",
    "NaN, 1, 0, 1, NaN, NaN",
    "1, NaN, 1, 1, NaN, NaN",
    "1, NaN, 0, 1, NaN, NaN",
    "1, 1, NaN, 1, NaN, NaN",
    "1, 0, 1, NaN, NaN, NaN",
    "Infinity, 1, NaN, 1, NaN, NaN"
  })
  void specialValues(float x, float t, float w, float pw, double loss, double gradient) {
    ReferenceLoss actual = withLogits(x, t, w, pw);
    // Adding 0 turns -0 into 0: the sign of zero is not promised.
    assertEquals(loss, actual.loss()[0] + 0.0);
    assertEquals(gradient, actual.gradient()[0] + 0.0);
  }

  @Test
  void aNanStaysInItsElement() {
    ReferenceLoss actual =
        ReferenceBinaryCrossEntropy.withLogits(
            new float[] {0, NAN, INF}, new float[] {1, 1, 1}, null, null, 0);
    assertArrayEquals(new double[] {Math.log(2), Double.NaN, 0}, actual.loss(), 1e-16);
    assertArrayEquals(new double[] {-0.5, Double.NaN, 0}, actual.gradient(), 1e-16);
  }

  @Test
  void probabilitiesMatchTheJudge() {
    Random random = new Random(2);
    float[] ends = {0, 1, 0x1p-149f, 0x1.fffffep-1f, 1e-12f, 1e-20f};
    // 300 elements, every third at an end of [0, 1].
    for (int i = 0; i < 300; i++) {
      float p = i % 3 == 0 ? ends[i / 3 % ends.length] : random.nextFloat();
      float t = i % 5 == 0 ? i % 2 : random.nextFloat();
      float w = random.nextFloat();
      ReferenceLoss actual = ofProbabilities(p, t, w);
      String what = "p=" + p + " t=" + t + " w=" + w;
      assertRelative(DfpJudge.binaryCrossEntropy(p, t, w), actual.loss()[0], RELATIVE, what);
      assertRelative(
          DfpJudge.binaryCrossEntropyGradient(p, t, w), actual.gradient()[0], RELATIVE, what);
    }
  }

  @Test
  void probabilityGradientIsTheDerivativeAwayFromTheClamps() {
    for (double p : new double[] {0x1p-20, 0.125, 0.5, 0.875, 1 - 0x1p-20}) {
      for (double t : new double[] {0, 0.25, 1}) {
        DerivativeStructure dp = new DerivativeStructure(1, 1, 0, p);
        DerivativeStructure loss =
            dp.log().multiply(-t).subtract(dp.negate().add(1).log().multiply(1 - t));
        double actual = ofProbabilities((float) p, (float) t, 1).gradient()[0];
        assertEquals(loss.getPartialDerivative(1), actual, 4e-15 * Math.abs(actual));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // p, t, weight, loss, gradient: PyTorch's table at the ends, then NaN
    "0, 0, 1, 0, 0",
    "0, 1, 1, 100, -1e12",
    "1, 0, 1, 100, 1e12",
    "1, 1, 1, 0, 0",
    "0, 0.5, 1, 50, -5e11",
    "0, 1, 0, 0, 0",
    "NaN, 1, 1, NaN, NaN",
    "0.5, NaN, 1, NaN, NaN",
    "0.5, 1, NaN, NaN, NaN"
  })
  void probabilitiesAtTheClamps(float p, float t, float w, double loss, double gradient) {
    ReferenceLoss actual = ofProbabilities(p, t, w);
    assertEquals(loss, actual.loss()[0] + 0.0);
    assertEquals(gradient, actual.gradient()[0] + 0.0);
  }

  @Test
  void badInput() {
    float[] two = {0, 1};
    float[] three = {0, 1, 1};
    assertMessage(
        "t: expected 2 elements, got 3",
        () -> ReferenceBinaryCrossEntropy.withLogits(two, three, null, null, 0));
    assertMessage(
        "weight: expected 2 elements, got 3",
        () -> ReferenceBinaryCrossEntropy.ofProbabilities(two, two, three, 0));
    assertMessage(
        "posWeight: expected 2 elements, got 3",
        () -> ReferenceBinaryCrossEntropy.withLogits(two, two, null, three, 0));
    assertMessage("p[0]: expected a value in [0, 1], got 1.5", () -> ofProbabilities(1.5f, 1, 1));
    assertMessage(
        "t[0]: expected a value in [0, 1], got -0.5", () -> ofProbabilities(0.5f, -0.5f, 1));
  }

  private static void assertMessage(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  /** Relative, but below the normal doubles only to their spacing. */
  private static void assertClose(Dfp exact, double actual, double relative, String what) {
    if (Math.abs(exact.toDouble()) > 1e-120) {
      assertRelative(exact, actual, relative, what);
    } else {
      assertTrue(Math.abs(actual) <= 1e-120, what); // 0 in any float format
    }
  }

  private static ReferenceLoss withLogits(float x, float t, float w, float pw) {
    return ReferenceBinaryCrossEntropy.withLogits(
        new float[] {x}, new float[] {t}, new float[] {w}, new float[] {pw}, 0);
  }

  private static ReferenceLoss ofProbabilities(float p, float t, float w) {
    return ReferenceBinaryCrossEntropy.ofProbabilities(
        new float[] {p}, new float[] {t}, new float[] {w}, 0);
  }
}
