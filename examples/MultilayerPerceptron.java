///usr/bin/env jbang "$0" "$@" ; exit $?
//REPOS mavenlocal,central
//DEPS io.github.fusedloss:fusedloss:0.1.0-SNAPSHOT
//DEPS nz.ac.waikato.cms.weka:weka-stable:3.8.7
//JAVA 17+
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector

import io.github.fusedloss.ClassificationSummary;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Logistic regression and a multilayer perceptron with one hidden layer, in plain Java: FusedLoss gives loss and gradient
 * of the logits, the rest are loops. They tell three kinds of iris by four lengths. The 150 flowers are a table in Weka's
 * jar; nothing else of Weka is used.
 */
public class MultilayerPerceptron {
  private static final String TABLE = "/weka/gui/knowledgeflow/templates/iris.arff";
  private static final List<String> KINDS = List.of("Iris-setosa", "Iris-versicolor", "Iris-virginica");
  private static final int FEATURES = 4;

  public static void main(String[] args) throws IOException {
    Flowers training = new Flowers();
    Flowers test = new Flowers();
    // The kinds follow each other in the table: every third flower is for the test.
    int row = 0;
    for (String line : lines()) {
      (row++ % 3 == 2 ? test : training).add(line.split(","));
    }
    try (FusedLoss fused = FusedLoss.open(args.length > 0 ? args[0] : "auto")) {
      report(fused, "logistic regression", new Network(FEATURES, KINDS.size()), training, test);
      report(fused, "one hidden layer", new Network(FEATURES, 16, KINDS.size()), training, test);
    }
  }

  private static void report(FusedLoss fused, String name, Network network, Flowers training, Flowers test) {
    float[] slopes = new float[training.count() * KINDS.size()];
    Tensor gradient = Tensor.of(slopes, training.count(), KINDS.size());
    for (int epoch = 0; epoch < 400; epoch++) {
      Tensor logits = Tensor.of(network.logits(training.lengths()), training.count(), KINDS.size());
      fused.forwardAndGradient(CrossEntropy.DEFAULT, logits, training.kinds(), gradient).close();
      network.learn(slopes, 0.2f);
    }
    Tensor logits = Tensor.of(network.logits(test.lengths()), test.count(), KINDS.size());
    ClassificationSummary summary = fused.evaluate(CrossEntropy.DEFAULT, logits, test.kinds());
    System.out.printf(
        Locale.ROOT, "%-20s mean loss %.4f, accuracy %.2f%n", name, summary.meanLoss(), summary.accuracy());
  }

  private static List<String> lines() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(MultilayerPerceptron.class.getResourceAsStream(TABLE), StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> line.matches("[0-9].*")).toList();
    }
  }

  /** Their lengths in centimetres about the mean, and their kinds. */
  private static final class Flowers {
    private static final float[] MEAN = {5.8f, 3.1f, 3.8f, 1.2f};
    private final List<float[]> lengths = new ArrayList<>();
    private final List<Integer> kinds = new ArrayList<>();

    void add(String[] fields) {
      float[] values = new float[FEATURES];
      for (int j = 0; j < FEATURES; j++) {
        values[j] = Float.parseFloat(fields[j]) - MEAN[j];
      }
      lengths.add(values);
      kinds.add(KINDS.indexOf(fields[FEATURES]));
    }

    int count() {
      return kinds.size();
    }

    float[][] lengths() {
      return lengths.toArray(float[][]::new);
    }

    Tensor kinds() {
      return Tensor.of(kinds.stream().mapToInt(Integer::intValue).toArray(), count());
    }
  }

  /** Linear layers with tanh between them. */
  private static final class Network {
    private final float[][][] weights;
    private final float[][] bias;
    /** What each layer got, a line for each row, and in the end what the last gave. */
    private final float[][][] values;

    Network(int... sizes) {
      int layers = sizes.length - 1;
      weights = new float[layers][][];
      bias = new float[layers][];
      values = new float[layers + 1][][];
      Random random = new Random(1);
      for (int k = 0; k < layers; k++) {
        weights[k] = new float[sizes[k + 1]][sizes[k]];
        bias[k] = new float[sizes[k + 1]];
        for (float[] line : weights[k]) {
          for (int j = 0; j < line.length; j++) {
            line[j] = (float) (random.nextGaussian() / Math.sqrt(sizes[k]));
          }
        }
      }
    }

    float[] logits(float[][] rows) {
      values[0] = rows;
      for (int k = 0; k < weights.length; k++) {
        values[k + 1] = new float[rows.length][bias[k].length];
        for (int i = 0; i < rows.length; i++) {
          for (int c = 0; c < bias[k].length; c++) {
            float sum = bias[k][c];
            for (int j = 0; j < weights[k][c].length; j++) {
              sum += weights[k][c][j] * values[k][i][j];
            }
            values[k + 1][i][c] = k + 1 < weights.length ? (float) Math.tanh(sum) : sum;
          }
        }
      }
      int classes = bias[bias.length - 1].length;
      float[] logits = new float[rows.length * classes];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(values[weights.length][i], 0, logits, i * classes, classes);
      }
      return logits;
    }

    /** A step against the gradient, by the chain rule from the last layer to the first. */
    void learn(float[] gradient, float rate) {
      int rows = values[0].length;
      float[][] slopes = new float[rows][];
      int classes = gradient.length / rows;
      for (int i = 0; i < rows; i++) {
        slopes[i] = Arrays.copyOfRange(gradient, i * classes, (i + 1) * classes);
      }
      for (int k = weights.length - 1; k >= 0; k--) {
        slopes = learn(k, slopes, rate);
      }
    }

    /** Gives the slopes of what layer k got, before the tanh. */
    private float[][] learn(int k, float[][] slopes, float rate) {
      float[][] before = new float[slopes.length][weights[k][0].length];
      float[][] change = new float[bias[k].length][weights[k][0].length];
      for (int i = 0; i < slopes.length; i++) {
        for (int c = 0; c < bias[k].length; c++) {
          float slope = slopes[i][c];
          bias[k][c] -= rate * slope;
          for (int j = 0; j < before[i].length; j++) {
            float value = values[k][i][j];
            change[c][j] += slope * value;
            before[i][j] += slope * weights[k][c][j] * (k > 0 ? 1 - value * value : 1);
          }
        }
      }
      for (int c = 0; c < change.length; c++) {
        for (int j = 0; j < change[c].length; j++) {
          weights[k][c][j] -= rate * change[c][j];
        }
      }
      return before;
    }
  }
}
