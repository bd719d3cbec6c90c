package io.github.fusedloss.lightgbm4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Loss;
import io.github.fusedloss.NllLoss;
import io.github.fusedloss.SigmoidFocalLoss;
import io.github.fusedloss.SoftmaxFocalLoss;
import io.github.fusedloss.Tensor;
import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.github.metarank.lightgbm4j.LGBMException;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FusedObjectiveTest {
  private static final FusedLoss FUSED = FusedLoss.open("cpu");

  /** Enough to have scores of 3 and more. */
  private static final int ROUNDS = 30;

  /** 30 rounds gave 1.5e-8: scores are rounded to floats. */
  private static final double TOLERANCE = 1e-7;

  private static final int JOBS = 4;
  private static final String TREES =
      " verbosity=-1 deterministic=true seed=1 boost_from_average=false";
  private static final String BINARY = "objective=binary" + TREES;
  private static final String MULTICLASS = "objective=multiclass num_class=" + JOBS + TREES;

  @AfterAll
  static void close() {
    FUSED.close();
  }

  private static LGBMDataset dataset(Credits credits) throws LGBMException {
    LGBMDataset data =
        LGBMDataset.createFromMat(
            credits.features(), credits.rows(), credits.columns(), true, "verbosity=-1", null);
    data.setField("label", credits.labels());
    return data;
  }

  private static LGBMDataset rows(float... labels) throws LGBMException {
    LGBMDataset data =
        LGBMDataset.createFromMat(
            new float[labels.length], labels.length, 1, true, "verbosity=-1", null);
    data.setField("label", labels);
    return data;
  }

  /** Some of them 0. */
  private static float[] weights(int rows) {
    float[] weights = new float[rows];
    for (int i = 0; i < rows; i++) {
      weights[i] = i % 7 * 0.4f;
    }
    return weights;
  }

  private static String withoutObjective(String parameters) {
    return parameters.replaceFirst("objective=\\w+", "objective=none");
  }

  /** Scores of the training data, class by class. */
  private static double[] ours(LGBMDataset data, Loss loss, String parameters)
      throws LGBMException {
    try (LGBMBooster booster = LGBMBooster.create(data, withoutObjective(parameters))) {
      FusedObjective objective = new FusedObjective(FUSED, loss, data);
      for (int i = 0; i < ROUNDS; i++) {
        objective.update(booster);
      }
      return booster.getPredict(0);
    }
  }

  /** Probabilities of the training data: what its own objective makes of the scores. */
  private static double[] own(LGBMDataset data, String parameters) throws LGBMException {
    try (LGBMBooster booster = LGBMBooster.create(data, parameters)) {
      for (int i = 0; i < ROUNDS; i++) {
        booster.updateOneIter();
      }
      return booster.getPredict(0);
    }
  }

  private static double[] sigmoid(double[] scores) {
    return Arrays.stream(scores).map(x -> 1 / (1 + Math.exp(-x))).toArray();
  }

  private static double[] softmax(double[] scores, int classes) {
    int n = scores.length / classes;
    double[] p = new double[scores.length];
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += p[c * n + i] = Math.exp(scores[c * n + i]);
      }
      for (int c = 0; c < classes; c++) {
        p[c * n + i] /= sum;
      }
    }
    return p;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void binaryIsThatOfLightgbm(boolean weighted) throws Exception {
    try (LGBMDataset data = dataset(Credits.labelled("class"))) {
      if (weighted) {
        data.setField("weight", weights(1000));
      }
      double[] ours = sigmoid(ours(data, BinaryCrossEntropyWithLogits.DEFAULT, BINARY));
      assertArrayEquals(own(data, BINARY), ours, TOLERANCE);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void multiclassIsThatOfLightgbm(boolean weighted) throws Exception {
    try (LGBMDataset data = dataset(Credits.labelled("job"))) {
      if (weighted) {
        data.setField("weight", weights(1000));
      }
      double[] ours = softmax(ours(data, CrossEntropy.DEFAULT, MULTICLASS), JOBS);
      assertArrayEquals(own(data, MULTICLASS), ours, TOLERANCE);
    }
  }

  @Test
  void posWeightIsScalePosWeight() throws Exception {
    try (LGBMDataset data = dataset(Credits.labelled("class"))) {
      BinaryCrossEntropyWithLogits loss =
          BinaryCrossEntropyWithLogits.DEFAULT.withPosWeight(Tensor.of(new float[] {2.5f}, 1));
      double[] own = own(data, BINARY + " scale_pos_weight=2.5");
      assertArrayEquals(own, sigmoid(ours(data, loss, BINARY)), TOLERANCE);
    }
  }

  /** LightGBM's softmax holds here, too; a float near -200 has steps of 1.5e-5. */
  @Test
  void scoresFarFromZero() throws Exception {
    Credits credits = Credits.labelled("job");
    try (LGBMDataset data = dataset(credits)) {
      double[] start = new double[credits.rows() * JOBS];
      Arrays.fill(start, -200);
      data.setField("init_score", start);
      double[] ours = softmax(ours(data, CrossEntropy.DEFAULT, MULTICLASS), JOBS);
      assertArrayEquals(own(data, MULTICLASS), ours, 1e-5);
    }
  }

  @Test
  void focalLossLearns() throws Exception {
    Credits credits = Credits.labelled("class");
    try (LGBMDataset data = dataset(credits)) {
      double[] scores = ours(data, SigmoidFocalLoss.DEFAULT.withAlpha(0.5f), BINARY);
      double before = 0;
      double after = 0;
      for (int i = 0; i < scores.length; i++) {
        before += focal(0, credits.labels()[i]);
        after += focal(scores[i], credits.labels()[i]);
      }
      assertTrue(after < before / 2, after + " of " + before);
    }
  }

  @Test
  void focalLossOfClassesLearns() throws Exception {
    Credits credits = Credits.labelled("job");
    int rows = credits.rows();
    try (LGBMDataset data = dataset(credits)) {
      double[] p = softmax(ours(data, SoftmaxFocalLoss.DEFAULT, MULTICLASS), JOBS);
      double before = rows * focal(1.0 / JOBS);
      double after = 0;
      for (int i = 0; i < rows; i++) {
        after += focal(p[(int) credits.labels()[i] * rows + i]);
      }
      assertTrue(after < before / 2, after + " of " + before);
    }
  }

  private static double focal(double p) {
    return (1 - p) * (1 - p) * -Math.log(p);
  }

  private static double focal(double x, double t) {
    double wrong = t == 1 ? -x : x;
    double missed = 1 / (1 + Math.exp(-wrong));
    return 0.5 * missed * missed * Math.log1p(Math.exp(wrong));
  }

  @Test
  void refusesWhatDoesNotFit() throws LGBMException, IOException {
    try (LGBMDataset data = rows(0, 1, 2);
        LGBMDataset halves = rows(0, 0.5f, 1);
        LGBMDataset more = rows(0, 1, 1, 0);
        LGBMBooster one = LGBMBooster.create(data, withoutObjective(BINARY));
        LGBMBooster two = LGBMBooster.create(data, "objective=none num_class=2" + TREES);
        LGBMBooster four = LGBMBooster.create(more, withoutObjective(BINARY));
        LGBMBooster own = LGBMBooster.create(halves, "objective=cross_entropy" + TREES)) {
      assertMessage(
          "labels must be between 0 and 1, got 2.0 in row 2",
          () -> new FusedObjective(FUSED, SigmoidFocalLoss.DEFAULT, data));
      assertMessage(
          "labels must be the indices of the classes, from 0 on, got 0.5 in row 1",
          () -> new FusedObjective(FUSED, CrossEntropy.DEFAULT, halves));
      assertMessage(
          "loss must be binary_cross_entropy_with_logits, cross_entropy, sigmoid_focal_loss or"
              + " softmax_focal_loss for a second derivative, got nll_loss: of others there is only the"
              + " gradient",
          () -> new FusedObjective(FUSED, NllLoss.DEFAULT, data));
      assertMessage(
          "hessian must be EXACT for cross_entropy with z_loss, of which LightGBM has none, got"
              + " LIGHTGBM",
          () -> new FusedObjective(FUSED, CrossEntropy.DEFAULT.withZLoss(0.1f), data));
      FusedObjective classes = new FusedObjective(FUSED, CrossEntropy.DEFAULT, data);
      FusedObjective binary =
          new FusedObjective(FUSED, BinaryCrossEntropyWithLogits.DEFAULT, halves);
      assertMessage(
          "labels must be below num_class, 2, got 2.0 in row 2", () -> classes.update(two));
      assertMessage(
          "booster must have num_class of at least 2 for cross_entropy, got 1",
          () -> classes.update(one));
      assertMessage(
          "booster must have num_class 1 for binary_cross_entropy_with_logits, got 2",
          () -> binary.update(two));
      assertMessage(
          "booster must be created with the training data of this objective, 3 rows, got 4",
          () -> binary.update(four));
      assertMessage(
          "booster must be created with objective=none: its own objective is in the way",
          () -> binary.update(own));
    }
  }

  private static void assertMessage(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
