package io.github.fusedloss.reference;

import static io.github.fusedloss.reference.Oracles.assertRelative;
import static io.github.fusedloss.reference.Oracles.assertWithin;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.dfp.Dfp;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once") // Oracles compute on the JVM alone, with its strict functions or Commons Math.
class ReferenceCrossEntropyTest {
  /** The bound of the class: relative where nothing cancels, absolute for other gradients. */
  private static final double BOUND = 2e-14;

  private static final long IGNORE = -100;

  private static RowOptions options(float[] weight, double smoothing) {
    return RowOptions.DEFAULT.withWeight(weight).withLabelSmoothing(smoothing);
  }

  @Test
  void equalLogitsAreLogC() {
    for (int classes : new int[] {1, 2, 3, 31, 1000}) {
      ReferenceLoss actual = row(new float[classes], 0, null, 0);
      assertEquals(Math.log(classes), actual.loss()[0], 1e-14);
      assertEquals(1.0 / classes - 1, actual.gradient()[0], 1e-15);
      for (int c = 1; c < classes; c++) {
        assertEquals(1.0 / classes, actual.gradient()[c], 1e-15);
      }
    }
  }

  @Test
  void twoClassesAreBinaryCrossEntropyOfTheDifference() {
    float[] x = {1.25f, -0.5f};
    double p = 1 / (1 + Math.exp(-1.75));
    assertEquals(-Math.log(p), row(x, 0, null, 0).loss()[0], 1e-15);
    assertArrayEquals(new double[] {p - 1, 1 - p}, row(x, 0, null, 0).gradient(), 1e-15);
  }

  /** Rows where float formulas lose their digits: confident, far off, shifted, of any size. */
  @Test
  void adversarialRowsKeepAllDigits() {
    Random random = new Random(5);
    float[] large = new float[100]; // the judge takes a millisecond for each
    for (int c = 0; c < large.length; c++) {
      large[c] = (float) random.nextGaussian() * 4;
    }
    float[] confident = large.clone();
    confident[0] = 60;
    float[][] rows = {
      {17, 0, 0, 0},
      {0, 17, 17, 17},
      {1e4f + 17, 1e4f, 1e4f},
      {1e4f, 1e4f + 1, 1e4f - 3},
      {1e8f, 1e8f},
      {-100, 0, 1},
      {87, 0, 1e-9f},
      {0, -103.5f},
      {0, 800},
      {3e38f, -3e38f},
      {-3e38f, 3e38f},
      {5},
      large,
      confident
    };
    for (float[] x : rows) {
      String what = x.length + " logits from " + x[0];
      ReferenceLoss actual = row(x, 0, null, 0);
      assertRelative(DfpRows.crossEntropy(x, 0, RowOptions.DEFAULT), actual.loss()[0], BOUND, what);
      Dfp[] gradient = DfpRows.crossEntropyGradient(x, 0, RowOptions.DEFAULT);
      for (int c = 0; c < x.length; c++) {
        if (Math.abs(gradient[c].toDouble()) < Double.MIN_NORMAL) {
          assertEquals(0, actual.gradient()[c], Double.MIN_NORMAL, what);
        } else {
          assertRelative(gradient[c], actual.gradient()[c], BOUND, what + ", gradient " + c);
        }
      }
    }
  }

  @Test
  void manyClassesKeepAllDigits() {
    // 4096 classes: one logit x, then 2048 of 0 and 2047 of 1.
    double others = 2048 + 2047 * Math.E;
    for (float x : new float[] {0, 60, -60}) {
      float[] logits = new float[4096];
      Arrays.fill(logits, 2049, 4096, 1);
      logits[0] = x;
      ReferenceLoss actual = row(logits, 0, null, 0);
      double loss = Math.log1p(others * Math.exp(-x));
      double z = others + Math.exp(x);
      assertEquals(loss, actual.loss()[0], BOUND * loss);
      assertEquals(-others / z, actual.gradient()[0], BOUND * others / z);
      assertEquals(1 / z, actual.gradient()[2048], BOUND / z);
      assertEquals(Math.E / z, actual.gradient()[4095], BOUND * Math.E / z);
    }
  }

  private static float[] normal(Random random, int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian() * 3;
    }
    return x;
  }

  /**
   * Every combination of weight, smoothing, ignored rows and reduction against the judge: (2, 5,
   * 3), so that the layout shows, and rows 1 and 4 ignored, one in each sample.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
  void indexOptionCombinations(int combination) {
    Random random = new Random(combination);
    final int n = 2;
    final int classes = 5;
    final int inner = 3;
    final double smoothing = new double[] {0, 0.1, 1}[combination / 4];
    final float[] weight = combination % 2 == 0 ? null : new float[] {0.5f, 2, 0, 1, 3};
    final boolean ignore = combination / 2 % 2 == 1;
    float[] x = normal(random, n * classes * inner);
    long[] targets = {0, 1, 2, 3, 4, 0};
    if (ignore) {
      targets[1] = IGNORE;
      targets[4] = IGNORE;
    }
    double[] upstream = {0.5, -1, 2, 0.25, 3, -0.75};
    ReferenceLoss actual =
        ReferenceCrossEntropy.ofIndices(x, n, classes, inner, targets, options(weight, smoothing));

    Dfp sum = DfpJudge.exact(0);
    double weightSum = 0;
    for (int r = 0; r < targets.length; r++) {
      float[] row = rowOf(x, r, classes, inner);
      if (targets[r] == IGNORE) {
        assertEquals(0, actual.loss()[r]);
        assertEquals(0, actual.weight()[r]);
        continue;
      }
      int y = (int) targets[r];
      Dfp loss = DfpRows.crossEntropy(row, y, options(weight, smoothing));
      sum = sum.add(loss);
      weightSum += weight == null ? 1 : weight[y];
      assertRelative(loss, actual.loss()[r], BOUND, "row " + r);
    }
    assertEquals(ignore ? 4 : 6, actual.count());
    assertEquals(weightSum, actual.weightSum());
    Dfp exactWeightSum = DfpJudge.exact(weightSum);
    assertRelative(sum, actual.sum(), BOUND, "sum");
    assertRelative(sum.divide(exactWeightSum), actual.mean(), BOUND, "mean");
    assertRelative(sum.divide(DfpJudge.exact(7)), actual.mean(7), BOUND, "own denominator");

    double[] none = actual.gradientOfNone(upstream);
    double[] ofSum = actual.gradientOfMean(1.5, 1);
    double[] ofMean = actual.gradientOfMean(1.5);
    double[] own = actual.gradientOfMean(1.5, 7);
    for (int r = 0; r < targets.length; r++) {
      Dfp[] gradient = null;
      if (targets[r] != IGNORE) {
        gradient =
            DfpRows.crossEntropyGradient(
                rowOf(x, r, classes, inner), (int) targets[r], options(weight, smoothing));
      }
      for (int c = 0; c < classes; c++) {
        int i = (r / inner * classes + c) * inner + r % inner;
        Dfp g = gradient == null ? DfpJudge.exact(0) : gradient[c];
        Dfp scaled = g.multiply(DfpJudge.exact(1.5));
        // The weights are at most 3, the factors at most 3: 10 times the promise for weight 1.
        double bound = gradient == null ? 0 : 10 * BOUND;
        assertWithin(g, actual.gradient()[i], bound, "gradient " + i);
        assertWithin(g.multiply(DfpJudge.exact(upstream[r])), none[i], bound, "none " + i);
        assertWithin(scaled, ofSum[i], bound, "sum " + i);
        assertWithin(scaled.divide(exactWeightSum), ofMean[i], bound, "mean " + i);
        assertWithin(scaled.divide(DfpJudge.exact(7)), own[i], bound, "own denominator " + i);
      }
    }
  }

  /** Every combination of weight and smoothing, targets that do not sum to 1 among them. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void probabilityOptionCombinations(int combination) {
    Random random = new Random(combination);
    final int n = 2;
    final int classes = 4;
    final int inner = 2;
    final double smoothing = new double[] {0, 0.1, 1}[combination / 2];
    final float[] weight = combination % 2 == 0 ? null : new float[] {0.5f, 2, 0, 1};
    float[] x = normal(random, n * classes * inner);
    float[] q = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      q[i] = i % 5 == 0 ? 0 : random.nextFloat();
    }
    ReferenceLoss actual =
        ReferenceCrossEntropy.ofProbabilities(x, n, classes, inner, q, options(weight, smoothing));
    Dfp sum = DfpJudge.exact(0);
    for (int r = 0; r < 4; r++) {
      float[] row = rowOf(x, r, classes, inner);
      float[] target = rowOf(q, r, classes, inner);
      Dfp loss = DfpRows.crossEntropy(row, target, options(weight, smoothing));
      sum = sum.add(loss);
      assertRelative(loss, actual.loss()[r], BOUND, "row " + r);
      Dfp[] gradient = DfpRows.crossEntropyGradient(row, target, options(weight, smoothing));
      for (int c = 0; c < classes; c++) {
        int i = (r / inner * classes + c) * inner + r % inner;
        // The coefficients sum to less than 4.
        assertWithin(gradient[c], actual.gradient()[i], 4 * BOUND, "gradient " + i);
        assertWithin(
            gradient[c].divide(4), actual.gradientOfMean(1)[i], 4 * BOUND, "mean gradient " + i);
      }
    }
    // The mean is over the four rows; class weights are no part of its denominator.
    assertRelative(sum, actual.sum(), BOUND, "sum");
    assertRelative(sum.divide(4), actual.mean(), BOUND, "mean");
  }

  @Test
  void oneHotProbabilitiesAreIndices() {
    float[] x = {1, -2, 0.5f, 3, 0, 0};
    float[] weight = {0.5f, 2, 3};
    for (double smoothing : new double[] {0, 0.25}) {
      ReferenceLoss indices =
          ReferenceCrossEntropy.ofIndices(
              x, 2, 3, 1, new long[] {2, 0}, options(weight, smoothing));
      ReferenceLoss probabilities =
          ReferenceCrossEntropy.ofProbabilities(
              x, 2, 3, 1, new float[] {0, 0, 1, 1, 0, 0}, options(weight, smoothing));
      assertArrayEquals(indices.loss(), probabilities.loss(), 1e-15);
      assertArrayEquals(indices.gradient(), probabilities.gradient(), 1e-15);
      assertEquals(3.5, indices.weightSum());
      assertEquals(2, probabilities.weightSum());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void nllOptionCombinations(int combination) {
    final float[] weight = combination % 2 == 0 ? null : new float[] {0.5f, 2, 3};
    final boolean ignore = combination / 2 == 1;
    // (2, 3, 2); row r reads log-probability -(c + 1) - r / 4 of its class c.
    float[] l = new float[12];
    for (int r = 0; r < 4; r++) {
      for (int c = 0; c < 3; c++) {
        l[(r / 2 * 3 + c) * 2 + r % 2] = -(c + 1) - r / 4f;
      }
    }
    long[] targets = {2, 0, ignore ? IGNORE : 1, 1};
    ReferenceLoss actual = ReferenceCrossEntropy.nllLoss(l, 2, 3, 2, targets, weight, IGNORE);
    double[] w = weight == null ? new double[] {1, 1, 1} : new double[] {0.5, 2, 3};
    double third = ignore ? 0 : 1;
    assertArrayEquals(
        new double[] {3 * w[2], 1.25 * w[0], third * 2.5 * w[1], 2.75 * w[1]}, actual.loss());
    double sum = 3 * w[2] + 1.25 * w[0] + third * 2.5 * w[1] + 2.75 * w[1];
    double weightSum = w[2] + w[0] + third * w[1] + w[1];
    assertEquals(sum, actual.sum());
    assertEquals(sum / weightSum, actual.mean());
    assertEquals(sum / 16, actual.mean(16));
    double[] gradient = new double[12];
    gradient[4] = -w[2];
    gradient[1] = -w[0];
    gradient[8] = -third * w[1];
    gradient[9] = -w[1];
    assertArrayEquals(plusZero(gradient), plusZero(actual.gradient()));
    for (int i = 0; i < 12; i++) {
      assertEquals(gradient[i] * 2 / weightSum, actual.gradientOfMean(2)[i], 1e-16);
    }
  }

  @Test
  void nllOfLogSoftmaxIsCrossEntropy() {
    float[] x = {1, -2, 0.5f};
    double[] logP = ReferencePrimitives.logSoftmax(x, 1, 3, 1);
    float[] l = {(float) logP[0], (float) logP[1], (float) logP[2]};
    ReferenceLoss actual = ReferenceCrossEntropy.nllLoss(l, 1, 3, 1, new long[] {1}, null, IGNORE);
    // Rounding the log-probability, about 3.3, to float leaves half its spacing of 2^-22.
    assertEquals(row(x, 1, null, 0).loss()[0], actual.loss()[0], 0x1p-23);
  }

  @Test
  void aClassMayBeIgnored() {
    ReferenceLoss actual =
        ReferenceCrossEntropy.ofIndices(
            new float[6], 2, 3, 1, new long[] {1, 2}, RowOptions.DEFAULT.withIgnoreIndex(1));
    assertArrayEquals(new boolean[] {false, true}, actual.counted());
    // It stays in the softmax of the others.
    assertEquals(Math.log(3), actual.mean(), 1e-15);
  }

  @Test
  void emptyBatches() {
    for (int n : new int[] {0, 2}) {
      int inner = n == 0 ? 3 : 0;
      ReferenceLoss actual =
          ReferenceCrossEntropy.ofIndices(
              new float[0], n, 4, inner, new long[0], RowOptions.DEFAULT.withLabelSmoothing(0.1));
      assertEquals(Double.NaN, actual.mean());
      assertEquals(0, actual.sum());
      assertEquals(0, actual.gradientOfMean(1).length);
    }
  }

  @Test
  void badInput() {
    float[] x = new float[6];
    long[] y = {0, 2};
    assertMessage(
        "logits: expected 8 elements, got 6",
        () -> ReferenceCrossEntropy.ofIndices(x, 2, 4, 1, y, RowOptions.DEFAULT));
    assertMessage(
        "targets: expected 3 elements, got 2",
        () -> ReferenceCrossEntropy.ofIndices(x, 3, 2, 1, y, RowOptions.DEFAULT));
    assertMessage(
        "weight: expected 3 elements, got 6",
        () -> ReferenceCrossEntropy.nllLoss(x, 2, 3, 1, y, x, IGNORE));
    assertMessage(
        "targets: expected 6 elements, got 3",
        () -> ReferenceCrossEntropy.ofProbabilities(x, 2, 3, 1, new float[3], RowOptions.DEFAULT));
    for (double smoothing : new double[] {-0.1, 1.1, Double.NaN}) {
      assertMessage(
          "labelSmoothing: expected a value in [0, 1], got " + smoothing,
          () ->
              ReferenceCrossEntropy.ofIndices(
                  x, 2, 3, 1, y, RowOptions.DEFAULT.withLabelSmoothing(smoothing)));
    }
    for (long target : new long[] {3, -1, Long.MIN_VALUE, 1L << 32}) {
      Exception e =
          assertThrows(
              IndexOutOfBoundsException.class,
              () ->
                  ReferenceCrossEntropy.nllLoss(x, 2, 3, 1, new long[] {0, target}, null, IGNORE));
      assertEquals("targets[1]: expected a class in [0, 3) or -100, got " + target, e.getMessage());
    }
  }

  private static void assertMessage(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  private static double[] plusZero(double[] x) {
    double[] y = x.clone();
    for (int i = 0; i < y.length; i++) {
      y[i] += 0.0; // -0 becomes 0: the sign of zero is not promised
    }
    return y;
  }

  private static float[] rowOf(float[] x, int r, int classes, int inner) {
    float[] row = new float[classes];
    for (int c = 0; c < classes; c++) {
      row[c] = x[(r / inner * classes + c) * inner + r % inner];
    }
    return row;
  }

  private static ReferenceLoss row(float[] x, int y, float[] weight, double smoothing) {
    return ReferenceCrossEntropy.ofIndices(
        x, 1, x.length, 1, new long[] {y}, options(weight, smoothing));
  }
}
