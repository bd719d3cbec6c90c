package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.verify.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What depends on one number alone, over the floats of its domain: every 9973rd here, a prime, so
 * that all significands are met; {@code ci/accuracy} takes every one and prints the table of
 * docs/accuracy.md. Exact values are those of StrictMath in double, whose own error is below 1e-8
 * float ULP. All executors give the same bits, so one is asked; the hash of all outputs is theirs
 * to compare.
 */
@Tag("once")
class AccuracyTest {
  private static final int STRIDE = Integer.getInteger("fusedloss.accuracy.stride", 9973);
  private static final String DEVICE = System.getProperty("fusedloss.accuracy.device", "cpu");

  /** Beyond it every result is constant, or the logit itself. */
  private static final float LAST = 110f;

  /** Fewer elements than are worth a second thread: this test has its own. */
  private static final int CHUNK = 1 << 12;

  /** Computes outputs and compares them with exact values, in a fixed order. */
  private interface Batch {
    void judge(FusedLoss fused, float[] domain, Tally tally);
  }

  /** The largest distances by name, and a hash of all outputs in order. */
  private static final class Tally {
    private record Worst(String name, double promised, double[] ulps, float[] at) {}

    private final List<Worst> worst = new ArrayList<>();
    private int next;
    private long hash;

    void judge(String name, double promised, float[] domain, float[] actual, double[] exact) {
      if (next == worst.size()) {
        worst.add(new Worst(name, promised, new double[2], new float[2]));
      }
      Worst w = worst.get(next++);
      for (int i = 0; i < actual.length; i++) {
        hash = (hash ^ Float.floatToRawIntBits(actual[i])) * 0x100000001b3L;
        double e = exact[i];
        int exponent = Math.getExponent(e);
        int kind = exponent < Float.MIN_EXPONENT ? 1 : 0;
        double ulp = Math.scalb(1.0, Math.max(exponent, Float.MIN_EXPONENT) - 23);
        double distance = Math.abs(actual[i] - e) / ulp;
        if (!(distance <= w.ulps[kind])) {
          w.ulps[kind] = distance;
          w.at[kind] = domain[i % domain.length];
        }
      }
    }

    /** The losses and gradients of a binary loss with hard targets. */
    void judge(String name, float[] domain, LossResult r, double[] loss, double[] gradient) {
      float[] losses = r.losses().toFloatArray();
      judge(name, Promise.BINARY_HARD_LOSS.ulps(), domain, losses, loss);
      float[] gradients = r.gradient().toFloatArray();
      judge(name + ", gradient", Promise.BINARY_HARD_GRADIENT.ulps(), domain, gradients, gradient);
    }

    void add(Tally part) {
      hash = (hash ^ part.hash) * 0x100000001b3L;
      hash ^= hash >>> 29;
      for (int k = 0; k < part.worst.size(); k++) {
        if (k == worst.size()) {
          worst.add(part.worst.get(k));
          continue;
        }
        for (int kind = 0; kind < 2; kind++) {
          if (!(part.worst.get(k).ulps[kind] <= worst.get(k).ulps[kind])) {
            worst.get(k).ulps[kind] = part.worst.get(k).ulps[kind];
            worst.get(k).at[kind] = part.worst.get(k).at[kind];
          }
        }
      }
    }
  }

  /** Every STRIDE-th float from 0 to {@code last}. */
  private static void sweep(String domain, float last, Batch batch) throws InterruptedException {
    long step = (long) CHUNK * STRIDE;
    int chunks = (int) (Float.floatToRawIntBits(last) / step) + 1;
    Tally[] parts = new Tally[chunks];
    AtomicLong next = new AtomicLong();
    Thread[] threads = new Thread[Runtime.getRuntime().availableProcessors()];
    try (FusedLoss fused = FusedLoss.open(DEVICE)) {
      for (int t = 0; t < threads.length; t++) {
        threads[t] =
            new Thread(
                () -> {
                  for (long c; (c = next.getAndIncrement()) < chunks; ) {
                    long start = c * step;
                    long left = Float.floatToRawIntBits(last) - start;
                    float[] values = new float[(int) Math.min(CHUNK, left / STRIDE + 1)];
                    for (int i = 0; i < values.length; i++) {
                      values[i] = Float.intBitsToFloat((int) (start + (long) i * STRIDE));
                    }
                    Tally part = new Tally();
                    batch.judge(fused, values, part);
                    parts[(int) c] = part;
                  }
                });
        threads[t].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      Tally all = new Tally();
      for (Tally part : parts) {
        all.add(part); // a missing part: a thread has died, its exception is on stderr
      }
      String floats = STRIDE == 1 ? "every float" : "every " + STRIDE + "th float";
      StringBuilder report = new StringBuilder();
      report.append(
          String.format(
              """

              ### %s

              On %s, %s. Hash of all outputs: `%016x`

              | what | max ULP | at | subnormal results, max ULP | at |
              |---|---|---|---|---|
              """,
              domain, fused.device(), floats, all.hash));
      for (Tally.Worst w : all.worst) {
        report.append(
            String.format(
                Locale.ROOT,
                "| %s | %.4f | %s | %.4f | %s |%n",
                w.name,
                w.ulps[0],
                w.at[0],
                w.ulps[1],
                w.at[1]));
      }
      publish(report.toString());
      for (Tally.Worst w : all.worst) {
        for (int kind = 0; kind < 2; kind++) {
          assertTrue(
              w.ulps[kind] <= w.promised, w.name + ": " + w.ulps[kind] + " at " + w.at[kind]);
        }
      }
    }
  }

  /** To the file of {@code ci/accuracy}, or for whoever reads the log. */
  static void publish(String report) {
    String file = System.getProperty("fusedloss.accuracy.report");
    if (file == null) {
      System.out.print(report);
      return;
    }
    try {
      Files.writeString(
          Path.of(file), report, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Functions of |x|: log1p(exp(-|x|)), and the logistic function of -|x|. */
  private record Logistic(double[] softplus, double[] sigmoid) {
    static Logistic of(float[] magnitudes) {
      int n = magnitudes.length;
      Logistic f = new Logistic(new double[n], new double[n]);
      for (int i = 0; i < n; i++) {
        double e = StrictMath.exp(-(double) magnitudes[i]);
        f.softplus[i] = StrictMath.log1p(e);
        f.sigmoid[i] = e / (1 + e);
      }
      return f;
    }
  }

  private static float[] constant(int n, float value) {
    float[] values = new float[n];
    java.util.Arrays.fill(values, value);
    return values;
  }

  @Test
  void logits() throws InterruptedException {
    sweep(
        "binary_cross_entropy_with_logits and sigmoid, |x| from 0 to 110",
        LAST,
        (fused, a, tally) -> {
          int n = a.length;
          Logistic f = Logistic.of(a);
          float[] x = new float[2 * n];
          double[] loss = new double[2 * n];
          double[] mirrored = new double[2 * n];
          double[] sigmoid = new double[2 * n];
          double[] gradient = new double[2 * n];
          for (int i = 0; i < n; i++) {
            x[i] = a[i];
            x[n + i] = -a[i];
            loss[i] = mirrored[n + i] = a[i] + f.softplus[i];
            loss[n + i] = mirrored[i] = f.softplus[i];
            sigmoid[i] = 1 - f.sigmoid[i];
            sigmoid[n + i] = f.sigmoid[i];
            gradient[i] = -f.sigmoid[i];
            gradient[n + i] = f.sigmoid[i] - 1;
          }
          Tensor input = Tensor.of(x, 2 * n);
          BinaryCrossEntropyWithLogits none =
              BinaryCrossEntropyWithLogits.DEFAULT.withReduction(Reduction.NONE);
          for (int t = 0; t < 2; t++) {
            Tensor target = Tensor.of(constant(2 * n, t), 2 * n);
            try (LossResult r = fused.forwardAndGradient(none, input, target)) {
              String name = none.name() + ", t = " + t;
              tally.judge(name, x, r, t == 0 ? loss : mirrored, t == 0 ? sigmoid : gradient);
            }
          }
          tally.judge(
              "sigmoid", Promise.SIGMOID.ulps(), x, fused.sigmoid(input).toFloatArray(), sigmoid);
        });
  }

  @Test
  void probabilities() throws InterruptedException {
    sweep(
        "binary_cross_entropy, p from 0 to 1",
        1f,
        (fused, p, tally) -> {
          int n = p.length;
          Tensor input = Tensor.of(p, n);
          BinaryCrossEntropy none = BinaryCrossEntropy.DEFAULT.withReduction(Reduction.NONE);
          for (int t = 0; t < 2; t++) {
            double[] loss = new double[n];
            double[] gradient = new double[n];
            for (int i = 0; i < n; i++) {
              double q = p[i];
              loss[i] = Math.min(100, t == 0 ? -StrictMath.log1p(-q) : -StrictMath.log(q));
              gradient[i] = (q - t) / Math.max((1 - q) * q, 1e-12f);
            }
            Tensor target = Tensor.of(constant(n, t), n);
            try (LossResult r = fused.forwardAndGradient(none, input, target)) {
              String name = none.name() + ", t = " + t;
              tally.judge(name, p, r, loss, gradient);
            }
          }
        });
  }

  @Test
  void rows() throws InterruptedException {
    sweep(
        "rows of two classes (x, 0), |x| from 0 to 110",
        LAST,
        (fused, a, tally) -> {
          int n = a.length;
          Logistic f = Logistic.of(a);
          float[] logits = new float[4 * n];
          float[] x = new float[2 * n];
          double[] loss = new double[2 * n];
          double[] lse = new double[2 * n];
          double[] gradient = new double[4 * n];
          double[] softmax = new double[4 * n];
          double[] logSoftmax = new double[4 * n];
          float[] x4 = new float[4 * n];
          for (int i = 0; i < 2 * n; i++) {
            int k = i % n;
            x[i] = i < n ? a[k] : -a[k];
            logits[2 * i] = x[i];
            x4[2 * i] = x4[2 * i + 1] = x[i];
            double unlikely = f.sigmoid[k];
            double likely = 1 - unlikely;
            loss[i] = i < n ? f.softplus[k] : a[k] + f.softplus[k];
            lse[i] = i < n ? a[k] + f.softplus[k] : f.softplus[k];
            softmax[2 * i] = i < n ? likely : unlikely;
            softmax[2 * i + 1] = i < n ? unlikely : likely;
            gradient[2 * i] = i < n ? -unlikely : -likely;
            gradient[2 * i + 1] = i < n ? unlikely : likely;
            logSoftmax[2 * i] = -loss[i];
            logSoftmax[2 * i + 1] = -lse[i];
          }
          Tensor input = Tensor.of(logits, 2 * n, 2);
          Tensor target = Tensor.of(new int[2 * n], 2 * n);
          CrossEntropy none = CrossEntropy.DEFAULT.withReduction(Reduction.NONE);
          try (LossResult r = fused.forwardAndGradient(none, input, target)) {
            tally.judge(none.name(), Promise.ROW_LOSS.ulps(), x, r.losses().toFloatArray(), loss);
            tally.judge(
                "its gradient",
                Promise.ROW_HARD_GRADIENT.ulps(),
                x4,
                r.gradient().toFloatArray(),
                gradient);
          }
          tally.judge(
              "softmax", Promise.SOFTMAX.ulps(), x4, fused.softmax(input).toFloatArray(), softmax);
          tally.judge(
              "log_softmax",
              Promise.LOG_SOFTMAX.ulps(),
              x4,
              fused.logSoftmax(input).toFloatArray(),
              logSoftmax);
          tally.judge(
              "logsumexp",
              Promise.LOG_SUM_EXP.ulps(),
              x,
              fused.logSumExp(input).toFloatArray(),
              lse);
        });
  }
}
