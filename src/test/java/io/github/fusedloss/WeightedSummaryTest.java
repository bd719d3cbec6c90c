package io.github.fusedloss;

import static io.github.fusedloss.ClassificationSummaryTest.C;
import static io.github.fusedloss.ClassificationSummaryTest.N;
import static io.github.fusedloss.ClassificationSummaryTest.answers;
import static io.github.fusedloss.ClassificationSummaryTest.near;
import static io.github.fusedloss.ClassificationSummaryTest.ofClasses;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@link FusedLoss#evaluate} of rows that weigh, beside scikit-learn's {@code sample_weight}. */
class WeightedSummaryTest {
  private static final CrossEntropy CE = CrossEntropy.DEFAULT;
  private static final FusedLoss FUSED = OpenDevices.of("cpu:scalar");

  /** Scikit-learn adds its doubles up one after the other. */
  private static final double SCIKIT = 1e-14;

  /** Returns the weight that generate.py gives a row: from 0 to 18 / 7. */
  private static float weight(int row) {
    return (float) (row * 37 % 19 / 7.0);
  }

  private static float[] weights() {
    float[] w = new float[N];
    for (int r = 0; r < N; r++) {
      w[r] = weight(r);
    }
    return w;
  }

  private static ClassificationSummary evaluate(float[] x, int[] y, float... weights) {
    int n = y.length;
    Target target = Target.of(Tensor.of(y, n)).rowWeights(Tensor.of(weights, n));
    return FUSED.evaluate(CE, Tensor.of(x, n, x.length / n), target, null);
  }

  @Test
  void scikitLearnsNumbers() throws IOException {
    Map<String, double[]> expected = ClassificationSummaryTest.expected();
    ClassificationSummary summary =
        evaluate(
            ClassificationSummaryTest.logits(), ClassificationSummaryTest.classes(), weights());
    assertTrue(summary.isWeighted());
    assertEquals(IntStream.range(0, N).filter(r -> weight(r) != 0).count(), summary.count());
    near(expected.get("weighted_log_loss")[0], summary.meanLoss());
    assertEquals(expected.get("weighted_accuracy")[0], summary.accuracy(), SCIKIT);
    for (int k : new int[] {2, 3, 5}) {
      assertEquals(expected.get("weighted_top_" + k)[0], summary.topK(k), SCIKIT);
    }
    assertEquals(1.0, summary.topK(C));
    near(expected.get("weighted_brier")[0], summary.brierScore());
    double[] confusion =
        Arrays.stream(summary.weightedConfusionMatrix()).flatMapToDouble(Arrays::stream).toArray();
    assertArrayEquals(expected.get("weighted_confusion"), confusion, 10 * SCIKIT);
    assertEquals(Arrays.stream(confusion).sum(), summary.rowWeightSum(), N * SCIKIT);
    ofClasses(expected.get("weighted_precision"), summary, ClassScore::precision);
    ofClasses(expected.get("weighted_recall"), summary, ClassScore::recall);
    ofClasses(expected.get("weighted_f1"), summary, ClassScore::f1);
    for (int c = 0; c < C; c++) {
      ClassScore score = summary.score(c);
      near(expected.get("weighted_log_loss_of_" + c)[0], score.meanLoss());
      assertEquals(expected.get("weighted_support")[c], score.weights().actual(), 10 * SCIKIT);
    }
    near(expected.get("weighted_ece")[0], summary.calibrationError());
    List<CalibrationBin> bins = summary.calibration();
    for (int b = 0; b < bins.size(); b++) {
      CalibrationBin bin = bins.get(b);
      assertEquals(expected.get("weighted_bin_weight")[b], bin.weight(), 10 * SCIKIT);
      if (bin.count() == 0) {
        assertTrue(Double.isNaN(bin.accuracy()) && Double.isNaN(bin.confidence()));
      } else {
        assertEquals(expected.get("weighted_bin_accuracy")[b], bin.accuracy(), SCIKIT);
        near(expected.get("weighted_bin_confidence")[b], bin.confidence());
      }
    }
  }

  /** Weights of 1 are none, and weights of 2 change no share. */
  @Test
  void equalWeights() {
    float[] x = ClassificationSummaryTest.logits();
    int[] y = ClassificationSummaryTest.classes();
    float[] w = new float[N];
    Arrays.fill(w, 1);
    ClassificationSummary ones = evaluate(x, y, w);
    assertFalse(ones.isWeighted());
    assertEquals(N, ones.rowWeightSum());
    Arrays.fill(w, 2);
    ClassificationSummary twos = evaluate(x, y, w);
    assertEquals(2 * N, twos.rowWeightSum());
    assertEquals(ones.accuracy(), twos.accuracy());
    assertEquals(ones.topK(3), twos.topK(3));
    assertEquals(ones.brierScore(), twos.brierScore());
    assertEquals(ones.calibrationError(), twos.calibrationError());
    assertEquals(ones.score(2).f1(), twos.score(2).f1());
    assertArrayEquals(ones.confusionMatrix(), twos.confusionMatrix());
    assertEquals(2.0 * ones.confusionMatrix()[1][1], twos.weightedConfusionMatrix()[1][1]);
  }

  /**
   * 60 random orders, cut into batches of 1 to 40 rows that go to 1 to 5 summaries. The first half
   * of the rows weigh 1, and batches of these come without weights.
   */
  @Test
  void anyPartitioning() throws Exception {
    float[] x = ClassificationSummaryTest.logits();
    int[] y = ClassificationSummaryTest.classes();
    float[] w = weights();
    Arrays.fill(w, 0, N / 2, 1);
    List<Object> whole = answers(evaluate(x, y, w));
    SplittableRandom random = new SplittableRandom(5);
    for (int trial = 0; trial < 60; trial++) {
      List<Integer> order = new ArrayList<>(IntStream.range(0, N).boxed().toList());
      Collections.shuffle(order.subList(0, trial % 2 == 0 ? N : N / 2), new Random(trial));
      ClassificationSummary[] parts = new ClassificationSummary[1 + random.nextInt(5)];
      Arrays.setAll(parts, p -> ClassificationSummary.of(C));
      for (int from = 0; from < N; ) {
        int count = Math.min(N - from, 1 + random.nextInt(40));
        float[] rows = new float[count * C];
        int[] targets = new int[count];
        float[] weights = new float[count];
        boolean ones = true;
        for (int r = 0; r < count; r++) {
          int row = order.get(from + r);
          System.arraycopy(x, row * C, rows, r * C, C);
          targets[r] = y[row];
          weights[r] = w[row];
          ones &= w[row] == 1;
        }
        Target target = Target.of(Tensor.of(targets, count));
        FUSED.evaluate(
            CE,
            Tensor.of(rows, count, C),
            ones ? target : target.rowWeights(Tensor.of(weights, count)),
            parts[random.nextInt(parts.length)]);
        from += count;
      }
      ClassificationSummary total = LossSummaryTest.copy(parts[0]);
      Arrays.stream(parts).skip(1).forEach(total::merge);
      assertEquals(whole, answers(total));
    }
  }

  /** With more than 256 classes only the weighted confusion matrix is missing. */
  @Test
  void manyClasses() {
    ClassificationSummary many = evaluate(new float[257 * 2], new int[] {0, 256}, 3, 0.5f);
    assertEquals(3 / 3.5, many.accuracy());
    assertEquals(1, many.confusionMatrix()[256][0]);
    IllegalStateException e =
        assertThrows(IllegalStateException.class, many::weightedConfusionMatrix);
    assertEquals(
        "there is a weighted confusion matrix of up to 256 classes, these are 257: see"
            + " score(index)",
        e.getMessage());
  }

  /** A row without softmax is wrong for its weight; sums of weights that are 0 or NaN give NaN. */
  @Test
  void specialRowsAndWeights() {
    float[] x = {Float.NaN, 1, 0, 1, 2, 1};
    int[] y = {0, 1, 1};
    ClassificationSummary summary = evaluate(x, y, 3, 0.5f, 0.25f);
    assertEquals(1, summary.undefinedRows());
    assertEquals(0.5 / 3.75, summary.accuracy());
    assertEquals(0.75 / 3.75, summary.topK(2));
    assertTrue(Double.isNaN(summary.brierScore()));
    assertEquals(3.0, summary.score(0).weights().actual());
    // The other two are in one bin: right for 0.5, wrong for 0.25, as sure of it as 1 is over 0.
    CalibrationBin bin = summary.calibration().get(10);
    assertEquals(0.75, bin.weight());
    assertEquals(0.5 / 0.75, bin.accuracy());
    near(1 / (1 + Math.exp(-1)), bin.confidence());
    assertEquals(bin.confidence() - bin.accuracy(), summary.calibrationError(), 1e-15);
    for (float wrong : new float[] {-0.75f, Float.NaN, Float.POSITIVE_INFINITY}) {
      summary = evaluate(x, y, wrong, 0.5f, 0.25f);
      assertTrue(Double.isNaN(summary.accuracy()) && Double.isNaN(summary.meanLoss()));
      assertEquals(3, summary.count());
    }
  }
}
