///usr/bin/env jbang "$0" "$@" ; exit $?
//REPOS mavenlocal,central
//DEPS io.github.fusedloss:fusedloss-xgboost4j:0.1.0-SNAPSHOT
//DEPS ml.dmlc:xgboost4j_2.12:3.4.0
//DEPS nz.ac.waikato.cms.weka:weka-stable:3.8.7
//JAVA 17+

import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.SigmoidFocalLoss;
import io.github.fusedloss.xgboost4j.FusedObjective;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.IObjective;
import ml.dmlc.xgboost4j.java.XGBoost;

/**
 * Which credits go bad? Boosted trees of XGBoost, with its own objective, with the same of FusedLoss, and with focal
 * loss, whose alpha says how much a bad credit counts. The thousand credits of a German bank, 300 of them bad, are a
 * table in Weka's jar; nothing else of Weka is used.
 */
public class FocalBoosting {
  private static final String TABLE = "/weka/gui/knowledgeflow/templates/credit-g.arff";
  private static final int ROUNDS = 60;

  public static void main(String[] args) throws Exception {
    List<float[]> rows = rows();
    DMatrix all = matrix(rows);
    // The table is in no order: the last 300 are as good as any.
    DMatrix training = all.slice(IntStream.range(0, 700).toArray());
    DMatrix test = all.slice(IntStream.range(700, rows.size()).toArray());
    report("binary:logistic", null, training, test);
    report("cross entropy", new FusedObjective(BinaryCrossEntropyWithLogits.DEFAULT), training, test);
    report("focal loss", new FusedObjective(SigmoidFocalLoss.DEFAULT.withAlpha(0.7f)), training, test);
  }

  private static void report(String name, IObjective objective, DMatrix training, DMatrix test) throws Exception {
    // XGBoost's own objective is named in any case: predict() applies its logistic function.
    Map<String, Object> parameters =
        Map.of("objective", "binary:logistic", "base_score", 0.5, "eta", 0.1, "max_depth", 3, "verbosity", 0);
    Booster booster = XGBoost.train(training, parameters, ROUNDS, Map.of(), objective, null);
    float[] labels = test.getLabel();
    float[][] probabilities = booster.predict(test);
    int[] found = new int[2];
    int[] of = new int[2];
    for (int i = 0; i < labels.length; i++) {
      int label = (int) labels[i];
      of[label]++;
      if ((probabilities[i][0] > 0.5f ? 1 : 0) == label) {
        found[label]++;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%-15s finds %2d of %d bad credits, and takes %3d of %d good ones for good%n",
        name, found[1], of[1], found[0], of[0]);
  }

  /** Columns of numbers as they are, of words as their places in the list that declares them; the label is last. */
  private static List<float[]> rows() throws Exception {
    List<List<String>> words = new ArrayList<>();
    List<float[]> rows = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(FocalBoosting.class.getResourceAsStream(TABLE), StandardCharsets.UTF_8))) {
      for (String line; (line = reader.readLine()) != null; ) {
        if (line.startsWith("@attribute")) {
          words.add(fields(line.split(" ", 3)[2].replaceAll("[{}]", "")));
        } else if (!line.isBlank() && !line.startsWith("%") && !line.startsWith("@")) {
          List<String> fields = fields(line);
          float[] row = new float[fields.size()];
          for (int j = 0; j < row.length; j++) {
            int word = words.get(j).indexOf(fields.get(j));
            row[j] = word < 0 ? Float.parseFloat(fields.get(j)) : word;
          }
          rows.add(row);
        }
      }
    }
    return rows;
  }

  private static List<String> fields(String line) {
    return Arrays.stream(line.split(",")).map(String::strip).toList();
  }

  private static DMatrix matrix(List<float[]> rows) throws Exception {
    int columns = rows.get(0).length - 1;
    float[] features = new float[rows.size() * columns];
    float[] labels = new float[rows.size()];
    for (int i = 0; i < labels.length; i++) {
      System.arraycopy(rows.get(i), 0, features, i * columns, columns);
      labels[i] = rows.get(i)[columns];
    }
    DMatrix matrix = new DMatrix(features, labels.length, columns, Float.NaN);
    matrix.setLabel(labels);
    return matrix;
  }
}
