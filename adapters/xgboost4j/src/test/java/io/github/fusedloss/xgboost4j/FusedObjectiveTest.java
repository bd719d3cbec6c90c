package io.github.fusedloss.xgboost4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.Loss;
import io.github.fusedloss.NllLoss;
import io.github.fusedloss.SigmoidFocalLoss;
import io.github.fusedloss.SoftmaxFocalLoss;
import io.github.fusedloss.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.IObjective;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FusedObjectiveTest {
  /** Enough to have margins of 4 and more, where all but a few rows are learnt by heart. */
  private static final int ROUNDS = 30;

  private static final FusedObjective BINARY =
      new FusedObjective(BinaryCrossEntropyWithLogits.DEFAULT);
  private static final FusedObjective MULTICLASS = new FusedObjective(CrossEntropy.DEFAULT);
  private static final int JOBS = 4;

  private static DMatrix matrix(Credits credits) throws XGBoostError {
    DMatrix matrix = new DMatrix(credits.features(), credits.rows(), credits.columns(), Float.NaN);
    matrix.setLabel(credits.labels());
    return matrix;
  }

  /** Some of them 0. */
  private static float[] weights(int rows) {
    float[] weights = new float[rows];
    for (int i = 0; i < rows; i++) {
      weights[i] = i % 7 * 0.4f;
    }
    return weights;
  }

  /** The margins of the training data after so many rounds. */
  private static float[][] margins(
      DMatrix data, int rounds, IObjective objective, Map<String, Object> parameters)
      throws XGBoostError {
    Map<String, Object> all = new HashMap<>(Map.of("verbosity", 0, "max_depth", 4));
    all.putAll(parameters);
    return XGBoost.train(data, all, rounds, Map.of(), objective, null).predict(data, true);
  }

  /**
   * Equal but for roundings: 30 rounds gave 4.8e-7 at margins of up to 5, which is one unit in
   * their last place. A row that fell on another side of a split would be 0.01 off and more.
   */
  private static void assertSameTrees(float[][] expected, float[][] actual) {
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], actual[i], 1e-5f, "row " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"exact,false", "hist,false", "hist,true"})
  void binaryIsThatOfXgboost(String method, boolean weighted) throws Exception {
    DMatrix data = matrix(Credits.labelled("class"));
    if (weighted) {
      data.setWeight(weights(1000));
    }
    Map<String, Object> parameters =
        Map.of("objective", "binary:logistic", "base_score", 0.5, "tree_method", method);
    float[][] own = margins(data, ROUNDS, null, parameters);
    assertSameTrees(own, margins(data, ROUNDS, BINARY, parameters));
  }

  @ParameterizedTest
  @CsvSource({"exact,false", "hist,false", "hist,true"})
  void multiclassIsThatOfXgboost(String method, boolean weighted) throws Exception {
    DMatrix data = matrix(Credits.labelled("job"));
    if (weighted) {
      data.setWeight(weights(1000));
    }
    Map<String, Object> parameters =
        Map.of(
            "objective",
            "multi:softprob",
            "num_class",
            JOBS,
            "base_score",
            0.5,
            "tree_method",
            method);
    float[][] own = margins(data, ROUNDS, null, parameters);
    assertSameTrees(own, margins(data, ROUNDS, MULTICLASS, parameters));
  }

  @Test
  void posWeightIsScalePosWeight() throws Exception {
    DMatrix data = matrix(Credits.labelled("class"));
    Map<String, Object> parameters =
        new HashMap<>(Map.of("objective", "binary:logistic", "base_score", 0.5));
    BinaryCrossEntropyWithLogits loss =
        BinaryCrossEntropyWithLogits.DEFAULT.withPosWeight(Tensor.of(new float[] {2.5f}, 1));
    float[][] ours = margins(data, ROUNDS, new FusedObjective(loss), parameters);
    parameters.put("scale_pos_weight", 2.5);
    assertSameTrees(margins(data, ROUNDS, null, parameters), ours);
  }

  /**
   * XGBoost's softmax subtracts the largest margin, but at least 0: below -104 every exponential of
   * a float is 0, its gradient is 0 / 0, and no tree is split. Ours gives what it gives at 0, but
   * for the margins' last places, of which there are fewer at -200.
   */
  @ParameterizedTest
  @ValueSource(floats = {-104, -200})
  void learnsWhereXgboostsSoftmaxIsNotANumber(float base) throws Exception {
    DMatrix data = matrix(Credits.labelled("job"));
    Map<String, Object> parameters =
        new HashMap<>(Map.of("objective", "multi:softprob", "num_class", JOBS, "base_score", base));
    for (float[] row : margins(data, 10, null, parameters)) {
      assertArrayEquals(
          new float[] {base, base, base, base}, row, "once XGBoost is right this can go");
    }
    float[][] low = margins(data, 10, MULTICLASS, parameters);
    parameters.put("base_score", 0);
    float[][] high = margins(data, 10, MULTICLASS, parameters);
    for (int i = 0; i < low.length; i++) {
      for (int c = 0; c < JOBS; c++) {
        assertEquals(high[i][c], low[i][c] - base, 1e-3, "row " + i);
      }
    }
  }

  /** From the definition, in double; by differences, whose error is of the order of 1e-7. */
  @Test
  void focalLoss() throws Exception {
    float[] labels = {0, 0, 0, 0, 1, 1, 1, 1};
    float[][] margins = {{-20}, {-1}, {0.5f}, {6}, {-6}, {-0.5f}, {2}, {20}};
    DMatrix data = new DMatrix(new float[8], 8, 1, Float.NaN);
    data.setLabel(labels);
    data.setWeight(new float[] {1, 1, 2, 1, 1, 0, 1, 1});
    List<float[]> both = new FusedObjective(SigmoidFocalLoss.DEFAULT).getGradient(margins, data);
    int negative = 0;
    for (int i = 0; i < 8; i++) {
      double weight = i == 2 ? 2 : i == 5 ? 0 : 1;
      double x = margins[i][0];
      double h = 1e-3;
      double gradient = (focal(x + h, labels[i]) - focal(x - h, labels[i])) / (2 * h);
      double second =
          (focal(x + h, labels[i]) - 2 * focal(x, labels[i]) + focal(x - h, labels[i])) / (h * h);
      negative += second < -1e-6 ? 1 : 0;
      assertEquals(weight * gradient, both.get(0)[i], 1e-6, "gradient of " + x);
      assertEquals(weight * Math.max(second, 0), both.get(1)[i], 1e-6, "second of " + x);
    }
    assertTrue(negative >= 2, "sure and wrong on both sides, got " + negative);
  }

  private static double focal(double x, double t) {
    double s = t == 1 ? -x : x; // how wrong it is
    double missed = 1 / (1 + Math.exp(-s));
    return (t == 1 ? 0.25 : 0.75) * missed * missed * Math.log1p(Math.exp(s));
  }

  @Test
  void focalLossLearns() throws Exception {
    Credits credits = Credits.labelled("class");
    float[][] margins =
        margins(
            matrix(credits),
            ROUNDS,
            new FusedObjective(SigmoidFocalLoss.DEFAULT.withAlpha(0.5f)),
            Map.of("objective", "binary:logistic", "base_score", 0.5));
    double before = 0;
    double after = 0;
    for (int i = 0; i < margins.length; i++) {
      before += focal(0, credits.labels()[i]);
      after += focal(margins[i][0], credits.labels()[i]);
    }
    assertTrue(after < before / 2, after + " of " + before);
  }

  /** Compares with finite differences of the definition, in double. */
  @Test
  void focalLossOfClasses() throws Exception {
    float[][] margins = {{1, -2, 0.5f}, {4, 0, -1}, {-3, 2, 2.5f}};
    float[] labels = {0, 2, 1};
    DMatrix data = new DMatrix(new float[3], 3, 1, Float.NaN);
    data.setLabel(labels);
    List<float[]> both = new FusedObjective(SoftmaxFocalLoss.DEFAULT).getGradient(margins, data);
    double h = 1e-3;
    for (int i = 0; i < 9; i++) {
      float[] row = margins[i / 3];
      int y = (int) labels[i / 3];
      double up = focal(row, y, i % 3, h);
      double down = focal(row, y, i % 3, -h);
      double second = (up - 2 * focal(row, y, 0, 0) + down) / (h * h);
      assertEquals((up - down) / (2 * h), both.get(0)[i], 1e-6);
      assertEquals(Math.max(second, 0), both.get(1)[i], 2e-6);
    }
  }

  private static double focal(float[] margins, int y, int moved, double by) {
    double sum = 0;
    double own = 0;
    for (int c = 0; c < margins.length; c++) {
      double e = Math.exp(margins[c] + (c == moved ? by : 0));
      sum += e;
      own = c == y ? e : own;
    }
    double missed = 1 - own / sum;
    return missed * missed * Math.log(sum / own);
  }

  /** Several labels for each row, which weigh what their row weighs. */
  @Test
  void labelsOfSeveralOutputs() throws Exception {
    float[][] margins = {{-2, 3}, {0.5f, -1}, {4, 0}};
    float[] labels = {1, 0, 0, 0.25f, 1, 1};
    DMatrix data =
        new DMatrix(new float[3], 3, 1, Float.NaN) {
          @Override
          public float[] getLabel() {
            return labels;
          }
        };
    data.setWeight(new float[] {1, 0.5f, 3});
    List<float[]> both = BINARY.getGradient(margins, data);
    float[] weights = {1, 0.5f, 3};
    for (int i = 0; i < 6; i++) {
      double p = 1 / (1 + Math.exp(-margins[i / 2][i % 2]));
      double w = weights[i / 2];
      assertEquals(w * (p - labels[i]), both.get(0)[i], 1e-6);
      assertEquals(w * p * (1 - p), both.get(1)[i], 1e-6);
    }
  }

  @Test
  void serialization() throws IOException, ClassNotFoundException, XGBoostError {
    DMatrix data = matrix(Credits.labelled("class"));
    float[][] margins = new float[1000][1];
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new FusedObjective(SigmoidFocalLoss.DEFAULT));
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertArrayEquals(
          new FusedObjective(SigmoidFocalLoss.DEFAULT).getGradient(margins, data).get(0),
          ((FusedObjective) in.readObject()).getGradient(margins, data).get(0));
    }
  }

  @Test
  void refusesWhatDoesNotFit() throws XGBoostError {
    DMatrix data = new DMatrix(new float[3], 3, 1, Float.NaN);
    float[][] one = new float[3][1];
    float[][] two = new float[3][2];
    data.setLabel(new float[] {0, 1, 2});
    assertMessage(
        "labels must be between 0 and 1, got 2.0 at position 2",
        BinaryCrossEntropyWithLogits.DEFAULT,
        one,
        data);
    assertMessage(
        "labels must be the indices of the classes, 0 to 1, got 2.0 in row 2",
        CrossEntropy.DEFAULT,
        two,
        data);
    assertMessage(
        "margins must be those of at least 2 classes for cross_entropy, got 1 for each row: set"
            + " num_class, and an objective such as multi:softprob",
        CrossEntropy.DEFAULT,
        one,
        data);
    assertMessage(
        "training data must have one label per margin for sigmoid_focal_loss, 6, got 3",
        SigmoidFocalLoss.DEFAULT,
        two,
        data);
    data.setLabel(new float[] {0, 0.5f, 1});
    assertMessage(
        "labels must be the indices of the classes, 0 to 1, got 0.5 in row 1",
        CrossEntropy.DEFAULT,
        two,
        data);
    data.setLabel(new float[] {0, 1, 1});
    assertMessage(
        "loss must be binary_cross_entropy_with_logits, cross_entropy, sigmoid_focal_loss or"
            + " softmax_focal_loss for a second derivative, got nll_loss: of others there is only the"
            + " gradient",
        NllLoss.DEFAULT,
        two,
        data);
    assertEquals(
        "hessian must be EXACT for cross_entropy with z_loss, of which XGBoost has none, got"
            + " XGBOOST",
        assertThrows(
                IllegalArgumentException.class,
                () -> new FusedObjective(CrossEntropy.DEFAULT.withZLoss(0.1f)))
            .getMessage());
  }

  private static void assertMessage(String message, Loss loss, float[][] margins, DMatrix data) {
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () -> new FusedObjective(loss).getGradient(margins, data))
            .getMessage());
  }
}
