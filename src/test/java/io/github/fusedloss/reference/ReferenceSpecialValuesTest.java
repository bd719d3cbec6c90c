package io.github.fusedloss.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Cross entropy and nll_loss at infinities, NaN, zero weights and ignored rows. The binary losses'
 * table is in {@link ReferenceBinaryCrossEntropyTest}.
 */
@Tag("once") // Oracles compute on the JVM alone, with its strict functions or Commons Math.
class ReferenceSpecialValuesTest {
  private static final float INF = Float.POSITIVE_INFINITY;
  private static final float NAN = Float.NaN;
  private static final double[] NANS = {NAN, NAN, NAN};
  private static final double[] ZEROS = {0, 0, 0};

  @Test
  void targetLogitOfMinusInfinity() {
    float[] x = {0, -INF, 0};
    assertIndex(INF, new double[] {0.5, -1, 0.5}, x, 1, null, 0);
    assertIndex(INF, new double[] {1, -2, 1}, x, 1, new float[] {1, 2, 1}, 0);
    assertIndex(0, ZEROS, x, 1, new float[] {1, 0, 1}, 0);
  }

  @Test
  void maskedClassContributesNothing() {
    float[] x = {0, -INF, 0};
    double[] gradient = {-0.5, 0, 0.5};
    assertIndex(Math.log(2), gradient, x, 0, null, 0);
    assertProbability(Math.log(2), gradient, x, new float[] {1, 0, 0}, null, 0);
    // Smoothing 0.75 makes the targets (1/2, 1/4, 1/4); a weight of 0 takes the masked one out.
    assertIndex(
        0.75 * Math.log(2), new double[] {-0.125, 0, 0.125}, x, 0, new float[] {1, 0, 1}, 0.75);
  }

  @Test
  void smoothedMaskedClassIsInfinite() {
    float[] x = {0, -INF, 0};
    assertIndex(INF, new double[] {0, -0.25, 0.25}, x, 0, null, 0.75);
    assertProbability(INF, new double[] {0, -0.25, 0.25}, x, new float[] {1, 0, 0}, null, 0.75);
  }

  @Test
  void negativeProbabilityOfAMaskedClassIsMinusInfinity() {
    // Probabilities are not checked, as in PyTorch; the limit follows the sign.
    float[] x = {0, -INF, 0};
    float[] q = {0.5f, -0.5f, 0.5f};
    assertProbability(-INF, new double[] {-0.25, 0.5, -0.25}, x, q, null, 0);
  }

  @Test
  void divergedRowsAreNanThroughout() {
    float[][] rows = {
      {-INF, -INF, -INF}, {INF, 0, 0}, {0, INF, 0}, {INF, INF, -INF}, {NAN, 0, 0}, {0, NAN, INF}
    };
    for (float[] x : rows) {
      assertIndex(NAN, NANS, x, 0, null, 0);
      assertIndex(NAN, NANS, x, 0, null, 0.5);
      assertIndex(NAN, NANS, x, 0, new float[] {0, 0, 0}, 0);
      assertProbability(NAN, NANS, x, new float[] {1, 0, 0}, null, 0);
      assertProbability(NAN, NANS, x, new float[] {0, 0, 0}, null, 0);
    }
  }

  @Test
  void nanWeightsAndProbabilities() {
    float[] x = {1, 2, 3};
    assertIndex(NAN, NANS, x, 0, new float[] {NAN, 1, 1}, 0);
    assertProbability(NAN, NANS, x, new float[] {1, 0, 0}, new float[] {1, NAN, 1}, 0);
    assertProbability(NAN, NANS, x, new float[] {1, NAN, 0}, null, 0);
    // Smoothing reads every class's weight; without it only the target's is part of the formula.
    assertIndex(NAN, NANS, x, 0, new float[] {1, NAN, 1}, 0.5);
    ReferenceLoss unread = index(x, 0, new float[] {1, NAN, 1}, 0);
    assertArrayEquals(index(x, 0, null, 0).gradient(), unread.gradient());
  }

  @Test
  void ignoredRowIsZeroWhateverItHolds() {
    float[][] rows = {{NAN, 0, 0}, {INF, 0, 0}, {-INF, -INF, -INF}, {1, 2, 3}};
    float[] weight = {NAN, NAN, NAN};
    for (float[] x : rows) {
      for (double smoothing : new double[] {0, 0.5}) {
        ReferenceLoss actual = index(x, -100, weight, smoothing);
        assertLoss(0, ZEROS, actual);
        assertEquals(0, actual.count());
        assertEquals(0, actual.sum());
        assertEquals(Double.NaN, actual.mean());
        assertArrayEquals(ZEROS, actual.gradientOfMean(1));
        assertArrayEquals(ZEROS, actual.gradientOfMean(INF, 1));
      }
      assertLoss(0, ZEROS, nll(x, -100, weight));
      assertArrayEquals(ZEROS, nll(x, -100, weight).gradientOfMean(1));
    }
  }

  @Test
  void ignoredRowNextToOthersLeavesThemAlone() {
    float[] x = {NAN, 0, INF, 0};
    ReferenceLoss actual =
        ReferenceCrossEntropy.ofIndices(x, 1, 2, 2, new long[] {-100, 0}, RowOptions.DEFAULT);
    assertEquals(Math.log(2), actual.mean(), 1e-15);
    assertArrayEquals(new double[] {0, -0.5, 0, 0.5}, actual.gradientOfMean(1));
  }

  @Test
  void zeroWeightsAreNotIgnored() {
    ReferenceLoss actual = index(new float[] {1, 2, 3}, 0, new float[] {0, 1, 1}, 0);
    assertLoss(0, ZEROS, actual);
    assertEquals(1, actual.count());
    // 0/0 in loss and gradient, as in PyTorch.
    assertEquals(Double.NaN, actual.mean());
    assertArrayEquals(NANS, actual.gradientOfMean(1));
  }

  @Test
  void nllLoss() {
    assertLoss(INF, new double[] {-2, 0, 0}, nll(new float[] {-INF, 0, 0}, 0, weights(2)));
    assertLoss(0, ZEROS, nll(new float[] {-INF, 0, 0}, 0, weights(0)));
    assertLoss(NAN, new double[] {NAN, 0, 0}, nll(new float[] {NAN, 0, 0}, 0, weights(0)));
    assertLoss(NAN, new double[] {NAN, 0, 0}, nll(new float[] {-1, 0, 0}, 0, weights(NAN)));
    // What the target does not point to is not read.
    assertLoss(1, new double[] {-1, 0, 0}, nll(new float[] {-1, NAN, INF}, 0, null));
  }

  private static float[] weights(float ofTarget) {
    return new float[] {ofTarget, 5, 5};
  }

  private static void assertIndex(
      double loss, double[] gradient, float[] x, int y, float[] weight, double smoothing) {
    assertLoss(loss, gradient, index(x, y, weight, smoothing));
  }

  private static void assertProbability(
      double loss, double[] gradient, float[] x, float[] q, float[] weight, double smoothing) {
    assertLoss(
        loss,
        gradient,
        ReferenceCrossEntropy.ofProbabilities(
            x,
            1,
            x.length,
            1,
            q,
            RowOptions.DEFAULT.withWeight(weight).withLabelSmoothing(smoothing)));
  }

  private static void assertLoss(double loss, double[] gradient, ReferenceLoss actual) {
    assertEquals(loss, actual.loss()[0], 1e-15);
    assertArrayEquals(gradient, actual.gradient(), 1e-15);
  }

  private static ReferenceLoss index(float[] x, int y, float[] weight, double smoothing) {
    return ReferenceCrossEntropy.ofIndices(
        x,
        1,
        x.length,
        1,
        new long[] {y},
        RowOptions.DEFAULT.withWeight(weight).withLabelSmoothing(smoothing));
  }

  private static ReferenceLoss nll(float[] l, int y, float[] weight) {
    return ReferenceCrossEntropy.nllLoss(l, 1, l.length, 1, new long[] {y}, weight, -100);
  }
}
