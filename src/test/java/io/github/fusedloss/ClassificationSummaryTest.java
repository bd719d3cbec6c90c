package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Evaluations beside scikit-learn's numbers, and the same bits however they are made. */
class ClassificationSummaryTest {
  private static final CrossEntropy CE = CrossEntropy.DEFAULT;

  /** The problem of src/test/resources/evaluation/generate.py. */
  static final int N = 200;

  static final int C = 6;

  private static FusedLoss fused;

  @BeforeAll
  static void open() {
    fused = FusedLoss.open("cpu:scalar");
  }

  @AfterAll
  static void close() {
    fused.close();
  }

  static float[] logits() {
    float[] x = new float[N * C];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) ((long) i * (i + 3) * 7919 % 1009) / 128 - 4;
    }
    return x;
  }

  static int[] classes() {
    float[] x = logits();
    int[] y = new int[N];
    for (int r = 0; r < N; r++) {
      int best = 0;
      for (int c = 1; c < C; c++) {
        best = x[r * C + c] > x[r * C + best] ? c : best;
      }
      y[r] = r * 31 % 7 < 4 ? best : r * 13 % C;
    }
    return y;
  }

  private static ClassificationSummary evaluate(float[] x, int... y) {
    return fused.evaluate(CE, Tensor.of(x, y.length, x.length / y.length), Tensor.of(y, y.length));
  }

  static Map<String, double[]> expected() throws IOException {
    Map<String, double[]> values = new HashMap<>();
    for (String line : Files.readAllLines(Path.of("src/test/resources/evaluation/expected.txt"))) {
      String[] words = line.split(" ");
      values.put(words[0], Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray());
    }
    return values;
  }

  /** The losses are floats, right to 2 ULP, and so are probabilities, to 4. */
  static void near(double expected, double got) {
    assertEquals(expected, got, 4 * 0x1p-23 * Math.abs(expected));
  }

  @Test
  void scikitLearnsNumbers() throws IOException {
    Map<String, double[]> expected = expected();
    ClassificationSummary summary = evaluate(logits(), classes());
    assertEquals(N, summary.count());
    assertEquals(0, summary.undefinedRows());
    near(expected.get("log_loss")[0], summary.meanLoss());
    near(Math.exp(expected.get("log_loss")[0]), summary.perplexity());
    assertEquals(expected.get("accuracy")[0], summary.accuracy());
    for (int k : new int[] {2, 3, 5}) {
      assertEquals(expected.get("top_" + k)[0], summary.topK(k));
    }
    assertEquals(1.0, summary.topK(C));
    assertEquals(1.0, summary.topK(C + 1));
    near(expected.get("brier")[0], summary.brierScore());
    assertArrayEquals(
        expected.get("confusion"),
        Arrays.stream(summary.confusionMatrix())
            .flatMapToLong(Arrays::stream)
            .asDoubleStream()
            .toArray());
    ofClasses(expected.get("precision"), summary, ClassScore::precision);
    ofClasses(expected.get("recall"), summary, ClassScore::recall);
    ofClasses(expected.get("f1"), summary, ClassScore::f1);
    ofClasses(expected.get("support"), summary, ClassScore::count);
    for (int c = 0; c < C; c++) {
      near(expected.get("log_loss_of_" + c)[0], summary.score(c).meanLoss());
      assertEquals(summary.score(c).meanLoss(), summary.losses(c).mean());
    }
    near(expected.get("ece")[0], summary.calibrationError());
    List<CalibrationBin> bins = summary.calibration();
    assertEquals(ClassificationSummary.BINS, bins.size());
    for (int b = 0; b < bins.size(); b++) {
      CalibrationBin bin = bins.get(b);
      assertEquals(b / 15.0, bin.lower(), 1e-15);
      assertEquals((b + 1) / 15.0, bin.upper(), 1e-15);
      assertEquals(expected.get("bin_count")[b], bin.count());
      if (bin.count() == 0) {
        assertTrue(Double.isNaN(bin.accuracy()) && Double.isNaN(bin.confidence()));
      } else {
        assertEquals(expected.get("bin_accuracy")[b], bin.accuracy());
        near(expected.get("bin_confidence")[b], bin.confidence());
      }
    }
  }

  static void ofClasses(
      double[] expected, ClassificationSummary summary, ToDoubleFunction<ClassScore> score) {
    double[] got =
        IntStream.range(0, C).mapToDouble(c -> score.applyAsDouble(summary.score(c))).toArray();
    assertArrayEquals(expected, got, 1e-15);
  }

  /** All that can be asked of a summary, as bits. */
  static List<Object> answers(ClassificationSummary s) {
    return List.of(
        s.losses(),
        s.meanLoss(),
        s.count(),
        s.undefinedRows(),
        s.brierScore(),
        s.calibrationError(),
        s.calibration(),
        Arrays.deepToString(s.confusionMatrix()),
        s.rowWeightSum() + Arrays.deepToString(s.weightedConfusionMatrix()),
        IntStream.range(0, s.classes()).mapToObj(s::score).toList(),
        IntStream.rangeClosed(1, s.classes()).mapToObj(s::topK).toList());
  }

  /**
   * 1,000 random orders, cut into batches that go to 1 to 5 summaries. Each has a largest batch of
   * its own, 1 to all rows, and batches of random sizes up to that.
   */
  @Test
  void thousandPartitioningsAndBatchSizes() throws Exception {
    float[] x = logits();
    int[] y = classes();
    List<Object> whole = answers(evaluate(x, y));
    SplittableRandom random = new SplittableRandom(5);
    for (int trial = 0; trial < 1000; trial++) {
      List<Integer> order = new ArrayList<>(IntStream.range(0, N).boxed().toList());
      Collections.shuffle(order, new Random(trial));
      ClassificationSummary[] parts = new ClassificationSummary[1 + random.nextInt(5)];
      Arrays.setAll(parts, p -> ClassificationSummary.of(C));
      int largest = 1 + random.nextInt(N);
      for (int from = 0; from < N; ) {
        int count = Math.min(N - from, 1 + random.nextInt(largest));
        float[] rows = new float[count * C];
        int[] targets = new int[count];
        for (int r = 0; r < count; r++) {
          System.arraycopy(x, order.get(from + r) * C, rows, r * C, C);
          targets[r] = y[order.get(from + r)];
        }
        fused.evaluate(
            CE,
            Tensor.of(rows, count, C),
            Target.of(Tensor.of(targets, count)),
            parts[random.nextInt(parts.length)]);
        from += count;
      }
      ClassificationSummary total = LossSummaryTest.copy(parts[0]);
      Arrays.stream(parts).skip(1).forEach(total::merge);
      assertEquals(whole, answers(total));
    }
  }

  /** 12,000 rows of 100 classes are two pieces; rows of a layout with pixels are strided. */
  @Test
  void everyExecutorPiecesAndLayouts() {
    SplittableRandom random = new SplittableRandom(6);
    float[] x = EveryLoss.logits(random, 12_000 * 100, 8);
    int[] y = EveryLoss.indices(random, 12_000, 100);
    Tensor logits = Tensor.of(x, 12_000, 100);
    Tensor target = Tensor.of(y, 12_000);
    // The same rows as 240 images of 50 pixels.
    float[] turned = new float[x.length];
    for (int r = 0; r < 12_000; r++) {
      for (int c = 0; c < 100; c++) {
        turned[(r / 50 * 100 + c) * 50 + r % 50] = x[r * 100 + c];
      }
    }
    ClassificationSummary first = null;
    for (FusedLoss executor : OpenDevices.all()) {
      ClassificationSummary rows = executor.evaluate(CE, logits, target);
      ClassificationSummary pixels =
          executor.evaluate(CE, Tensor.of(turned, 240, 100, 50), Tensor.of(y, 240, 50));
      first = first == null ? rows : first;
      assertEquals(answers(first), answers(rows), executor.device());
      // Sums over the classes of strided rows have another order, so their last digits differ.
      assertEquals(first.topK(10), pixels.topK(10));
      assertArrayEquals(first.confusionMatrix(), pixels.confusionMatrix());
      assertEquals(first.meanLoss(), pixels.meanLoss(), 1e-6 * first.meanLoss());
      try (Tensor there = executor.upload(logits)) {
        assertEquals(answers(first), answers(executor.evaluate(CE, there, target)));
      }
    }
  }

  /** float16 logits are those numbers; the probabilities are not rounded to 16 bits. */
  @Test
  void sixteenBits() {
    float[] x = logits();
    for (ElementType type : new ElementType[] {ElementType.FLOAT16, ElementType.BFLOAT16}) {
      short[] bits = Numbers.encode(type, x);
      float[] widened = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        widened[i] = type.decode(bits[i]);
      }
      assertEquals(
          answers(evaluate(widened, classes())),
          answers(fused.evaluate(CE, Tensor.of(type, bits, N, C), Tensor.of(classes(), N))));
    }
  }

  /** If logits are equal, the lower class comes first, in predictions and in the top k. */
  @Test
  void ties() {
    ClassificationSummary summary = evaluate(new float[] {1, 3, 3, 1, 3, 3}, 1, 2);
    assertArrayEquals(new long[][] {{0, 0, 0}, {0, 1, 0}, {0, 1, 0}}, summary.confusionMatrix());
    assertEquals(0.5, summary.accuracy());
    assertEquals(1, summary.topK(2));
    assertEquals(0, evaluate(new float[] {5, 5, 5}, 2).topK(2));
  }

  /** Both classes have 1/2, exactly: its square twice, in the bin (7/15, 8/15]; 1 in the last. */
  @Test
  void certainAndUndecided() {
    ClassificationSummary summary = evaluate(new float[] {7, 7, 500, 0}, 0, 1);
    assertEquals((0.25 + 0.25 + 1 + 1) / 2, summary.brierScore());
    assertEquals(1, summary.calibration().get(7).count());
    assertEquals(new CalibrationBin(14 / 15.0, 1, 1, 1, 1, 0), summary.calibration().get(14));
    assertEquals((0.5 + 1) / 2, summary.calibrationError());
    assertEquals((500 + (double) (float) Math.log(2)) / 2, summary.meanLoss(), 1e-7);
  }

  @Test
  void rowsWithoutProbabilities() {
    float inf = Float.POSITIVE_INFINITY;
    ClassificationSummary summary =
        evaluate(new float[] {Float.NaN, 1, inf, 1, -inf, -inf, -inf, 1}, 0, 0, 0, 1);
    assertEquals(4, summary.count());
    assertEquals(3, summary.undefinedRows());
    assertEquals(0.25, summary.accuracy());
    assertEquals(0.25, summary.topK(2));
    assertTrue(Double.isNaN(summary.brierScore()) && Double.isNaN(summary.meanLoss()));
    assertEquals(0, summary.calibrationError());
    assertArrayEquals(new long[][] {{0, 0}, {0, 1}}, summary.confusionMatrix());
  }

  @Test
  void noRows() {
    ClassificationSummary none =
        fused.evaluate(CE, Tensor.of(new float[0], 0, 3), Tensor.of(new int[0], 0));
    assertEquals(3, none.classes());
    assertEquals(0, none.count());
    for (double value :
        new double[] {
          none.meanLoss(), none.accuracy(), none.brierScore(), none.calibrationError()
        }) {
      assertTrue(Double.isNaN(value));
    }
  }

  /** Ignored rows may hold what they like; weights of classes weigh losses alone. */
  @Test
  void weightsAndIgnoredRows() {
    float[] x = {1, 2, 0, Float.NaN, 0, 0, 3, 1, 0, 0, 0, 5, 2, 2, 2};
    Target target =
        Target.of(Tensor.of(new int[] {1, -100, 0, 77, 1}, 5))
            .rowWeights(Tensor.of(new float[] {0.5f, 1, 0.1f, 1, 3}, 5))
            .mask(Tensor.of(new boolean[] {true, true, true, false, true}, 5));
    CrossEntropy weighted =
        CE.withWeight(Tensor.of(new float[] {0.3f, 2, 1}, 3)).withZLoss(0.5f).withDenominator(7);
    ClassificationSummary summary = fused.evaluate(weighted, Tensor.of(x, 5, 3), target, null);
    assertEquals(3, summary.count());
    assertArrayEquals(new long[][] {{1, 0, 0}, {1, 1, 0}, {0, 0, 0}}, summary.confusionMatrix());
    double[] w = {0.5f * 2.0, (double) 0.1f * 0.3f, 3 * 2.0};
    double[] l = {loss(1, 1, 2, 0), loss(0, 3, 1, 0), loss(1, 2, 2, 2)};
    assertEquals(w[0] + w[1] + w[2], summary.losses().weightSum());
    near((w[0] * l[0] + w[1] * l[1] + w[2] * l[2]) / (w[0] + w[1] + w[2]), summary.meanLoss());
    near(l[1], summary.score(0).meanLoss());
    assertEquals((0.5 + 0.1f) / (0.5 + 0.1f + 3), summary.accuracy());
  }

  private static double loss(int y, double... x) {
    return Math.log(Arrays.stream(x).map(v -> Math.exp(v - x[y])).sum());
  }

  /** A bias turns the second class into the best one. */
  @Test
  void transformedLogits() {
    CrossEntropy biased =
        CE.withLogits(LogitTransform.NONE.withBias(Tensor.of(new float[] {0, 2}, 2)));
    Tensor x = Tensor.of(new float[] {1, 0, 5, 1}, 2, 2);
    ClassificationSummary summary = fused.evaluate(biased, x, Tensor.of(new int[] {1, 1}, 2));
    assertArrayEquals(new long[][] {{0, 0}, {1, 1}}, summary.confusionMatrix());
    near((loss(1, 1, 2) + loss(1, 5, 3)) / 2, summary.meanLoss());
  }

  /** 3000 classes have no matrix, but all else. */
  @Test
  void manyClasses() {
    ClassificationSummary many = evaluate(new float[6000], 0, 2999);
    assertFalse(many.hasConfusionMatrix());
    assertThrows(IllegalStateException.class, many::confusionMatrix);
    assertEquals(
        new ClassScore(0, 1, 2, 1, new ClassScore.Weights(1, 2, 1), many.meanLoss()),
        many.score(0));
    assertEquals(0.5, many.accuracy());
    near(Math.log(3000), many.merge(evaluate(new float[6000], 5, 6)).meanLoss());
  }

  @Test
  void refusesWhatItCannotEvaluate() {
    Tensor x = Tensor.of(new float[6], 2, 3);
    Tensor y = Tensor.of(new int[2], 2);
    Expect.refused(
        "target must be class indices, int8 to int64 or uint8, got float32: an evaluation is of"
            + " rows of one class each",
        () -> fused.evaluate(CE, x, x));
    Expect.refused(
        "into must be of 3 classes, as the input is, got 4",
        () -> fused.evaluate(CE, x, Target.of(y), ClassificationSummary.of(4)));
    Expect.refused(
        "other must be of 3 classes, got 4",
        () -> fused.evaluate(CE, x, y).merge(ClassificationSummary.of(4)));
    Expect.refused("classes must be at least 1, got 0", () -> ClassificationSummary.of(0));
    Expect.refused("k must be at least 1, got 0", () -> ClassificationSummary.of(2).topK(0));
    for (Tensor wrong :
        new Tensor[] {null, Tensor.of(new int[3], 3), Tensor.of(new int[2], 2, 1)}) {
      assertThrows(IllegalArgumentException.class, () -> fused.evaluate(CE, x, wrong));
    }
    ClassificationSummary into = ClassificationSummary.of(3);
    // The last of two rows of 2^20 logits: the second piece.
    Tensor large = Tensor.of(new float[2 << 20], 2, 1 << 20);
    IndexOutOfBoundsException e =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> fused.evaluate(CE, large, Tensor.of(new int[] {0, 1 << 20}, 2)));
    assertEquals(
        "target[1] must be a class index in [0, 1048576) or ignoreIndex -100, got 1048576",
        e.getMessage());
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> fused.evaluate(CE, x, Target.of(Tensor.of(new int[] {0, 3}, 2)), into));
    assertEquals(0, into.count());
  }
}
