///usr/bin/env jbang "$0" "$@" ; exit $?
//REPOS mavenlocal,central
//DEPS io.github.fusedloss:fusedloss:0.1.0-SNAPSHOT
//JAVA 17+
//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector

import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.Tensor;
import java.util.Locale;
import java.util.Random;

/**
 * Multinomial logistic regression in plain Java: FusedLoss gives loss and gradient of the logits, the rest are loops.
 * The data are generated: points around three centres, so that nothing has to be downloaded.
 */
public class LogisticRegression {
  private static final int FEATURES = 4;
  private static final int CLASSES = 3;
  private static final int BATCH = 50;

  public static void main(String[] args) {
    Random random = new Random(1);
    Points training = new Points(600, random);
    Points test = new Points(300, random);
    float[] weights = new float[CLASSES * FEATURES];
    float[] bias = new float[CLASSES];

    // Made once: the arrays get other content for each batch, the tensors around them stay.
    float[] z = new float[BATCH * CLASSES];
    float[] g = new float[BATCH * CLASSES];
    Tensor logits = Tensor.of(z, BATCH, CLASSES);
    Tensor gradient = Tensor.of(g, BATCH, CLASSES);
    Tensor labels = Tensor.of(training.y, training.y.length);

    try (FusedLoss fused = FusedLoss.open(args.length > 0 ? args[0] : "auto")) {
      for (int epoch = 1; epoch <= 20; epoch++) {
        double sum = 0;
        for (int from = 0; from < training.y.length; from += BATCH) {
          logits(training, from, BATCH, weights, bias, z);
          try (LossResult result =
              fused.forwardAndGradient(CrossEntropy.DEFAULT, logits, labels.rows(from, BATCH), gradient)) {
            sum += result.sum();
          }
          step(training, from, g, weights, bias, 0.5f);
        }
        if (epoch % 5 == 0) {
          System.out.printf(Locale.ROOT, "epoch %2d: mean loss %.4f%n", epoch, sum / training.y.length);
        }
      }
      float[] all = new float[test.y.length * CLASSES];
      logits(test, 0, test.y.length, weights, bias, all);
      try (LossResult result =
          fused.forward(
              CrossEntropy.DEFAULT,
              Tensor.of(all, test.y.length, CLASSES),
              Tensor.of(test.y, test.y.length))) {
        System.out.printf(
            Locale.ROOT,
            "test: mean loss %.4f, accuracy %.3f, on %s%n", result.loss(), accuracy(all, test.y), result.device());
      }
    }
  }

  private static void logits(Points points, int from, int rows, float[] weights, float[] bias, float[] out) {
    for (int i = 0; i < rows; i++) {
      for (int c = 0; c < CLASSES; c++) {
        float sum = bias[c];
        for (int j = 0; j < FEATURES; j++) {
          sum += weights[c * FEATURES + j] * points.x[(from + i) * FEATURES + j];
        }
        out[i * CLASSES + c] = sum;
      }
    }
  }

  /** The gradient of the mean loss is there already: this is the chain rule for a linear layer. */
  private static void step(Points points, int from, float[] g, float[] weights, float[] bias, float rate) {
    for (int i = 0; i < BATCH; i++) {
      for (int c = 0; c < CLASSES; c++) {
        float slope = rate * g[i * CLASSES + c];
        bias[c] -= slope;
        for (int j = 0; j < FEATURES; j++) {
          weights[c * FEATURES + j] -= slope * points.x[(from + i) * FEATURES + j];
        }
      }
    }
  }

  private static double accuracy(float[] z, int[] y) {
    int right = 0;
    for (int i = 0; i < y.length; i++) {
      int best = 0;
      for (int c = 1; c < CLASSES; c++) {
        if (z[i * CLASSES + c] > z[i * CLASSES + best]) {
          best = c;
        }
      }
      if (best == y[i]) {
        right++;
      }
    }
    return right / (double) y.length;
  }

  private static final class Points {
    final float[] x;
    final int[] y;

    Points(int n, Random random) {
      x = new float[n * FEATURES];
      y = new int[n];
      for (int i = 0; i < n; i++) {
        y[i] = random.nextInt(CLASSES);
        for (int j = 0; j < FEATURES; j++) {
          x[i * FEATURES + j] = (float) random.nextGaussian() + (j == y[i] ? 3 : 0);
        }
      }
    }
  }
}
