package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.reference.Ulp;
import io.github.fusedloss.verify.Promise;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Means and sums within 2 ULP of the exact real value, on every executor, on data chosen to make
 * rounding errors pile up. Here up to 2^20 + 1 elements; {@code ci/accuracy} goes to 2^26.
 *
 * <p>The exact value: every term in double (the JDK's StrictMath, within 1 ULP of a double), added
 * up in pairs of doubles. No term is negative unless a test says so, so the relative errors of the
 * terms, below 2^-45 also where a difference of logits is rounded, are that of the sum, and those
 * of n additions of pairs, n 2^-104, vanish beside it. Both are below 2^-20 ULP of a float.
 */
@Tag("once")
class ReductionAccuracyTest {
  private static final int LARGEST =
      Integer.getInteger("fusedloss.reduction.elements", (1 << 20) + 1);

  /**
   * One, two, three; odd; around the 64 lanes and a stripe of 1024; around a block of 4096; around
   * 2^20; around 4096 blocks, from where the partial sums are more than one block themselves; 2^26.
   */
  private static final int[] SIZES =
      IntStream.of(
              1,
              2,
              3,
              7,
              65,
              1023,
              4095,
              4096,
              4097,
              99_999,
              (1 << 20) - 1,
              1 << 20,
              (1 << 20) + 1,
              1 << 24,
              (1 << 24) + 1,
              (1 << 26) - 1,
              1 << 26)
          .filter(n -> n <= LARGEST)
          .toArray();

  private static final StringBuilder ROWS = new StringBuilder();

  @AfterAll
  static void publish() {
    AccuracyTest.publish(
        """

        ### Sums and means

        Sum and mean of the first 1, 2, 3, ... terms, on every executor of the machine. `ReductionAccuracyTest` describes
        the data.

        | what | terms, up to | max ULP | at so many terms |
        |---|---|---|---|
        """
            + ROWS);
  }

  /** How the term at an index comes about. */
  private enum Data {
    /** Logits of a model in training. */
    RANDOM,
    /** Every term the same: rounding errors of one sign. */
    EQUAL,
    /** Confident and right: losses of 1e-5 to 1e-8, which a formula with 1 - p has lost. */
    CONFIDENT,
    /** The second term outweighs all others, each far below one ULP of the sum. */
    ONE_HUGE,
    /** Large and small terms by turns: each small one is lost where it is added to the sum. */
    ALTERNATING
  }

  /** A logit and how the target likes it: the loss is about max(0, -margin). */
  private static float margin(Data data, int i, SplittableRandom random) {
    return switch (data) {
      case RANDOM -> (float) ((random.nextDouble() - 0.4) * 12);
      case EQUAL -> 0.3f;
      case CONFIDENT -> (float) (11 + 7 * random.nextDouble());
      case ONE_HUGE -> i == 1 ? -3e7f : 16;
      case ALTERNATING -> i % 2 == 0 ? 15 : -77.7f;
    };
  }

  private static float term(Data data, int i, SplittableRandom random) {
    return switch (data) {
      case RANDOM -> random.nextInt(1 << 24) * 0x1p-24f;
      case EQUAL -> 0.1f;
      case CONFIDENT -> (float) (1e-30 * (1 + random.nextDouble()));
      case ONE_HUGE -> i == 1 ? 1e30f : 1e22f;
      case ALTERNATING -> i % 2 == 0 ? 1e8f : 1e-8f;
    };
  }

  /** A sum as an unevaluated pair of doubles. */
  private static final class Exact {
    private double high;
    private double low;

    void add(double term) {
      double sum = high + term;
      double part = sum - high;
      low += (high - (sum - part)) + (term - part); // what the addition has rounded away
      high = sum;
    }

    double value() {
      return high + low;
    }
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  private interface Computed {
    /** Sum and mean of the first n. */
    float[] of(FusedLoss fused, int n);
  }

  private interface Fill {
    /** Makes the element and returns its term. */
    double at(int i, SplittableRandom random);
  }

  /**
   * Fills, adds up exactly on the way, and judges every executor at every size.
   *
   * @param bound of the error of the sum beside 2 ULP, relative to the sum of magnitudes
   */
  private static void check(String name, int largest, Fill fill, Computed computed, double bound) {
    List<Integer> sizes = new ArrayList<>();
    List<Double> sums = new ArrayList<>();
    List<Double> magnitudes = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(8);
    Exact exact = new Exact();
    double magnitude = 0;
    int next = 0;
    for (int i = 0; i < largest; i++) {
      double term = fill.at(i, random);
      exact.add(term);
      magnitude += Math.abs(term);
      if (next < SIZES.length && i + 1 == SIZES[next]) {
        next++;
        sizes.add(i + 1);
        sums.add(exact.value());
        magnitudes.add(magnitude);
      }
    }
    double worst = 0;
    int worstSize = 0;
    for (FusedLoss fused : OpenDevices.all()) {
      for (int k = 0; k < sizes.size(); k++) {
        int n = sizes.get(k);
        float[] actual = computed.of(fused, n);
        double[] expected = {sums.get(k), sums.get(k) / n};
        double[] bounds = {bound * magnitudes.get(k), bound * magnitudes.get(k) / n};
        for (int j = 0; j < 2; j++) {
          String what =
              (j == 0 ? "sum" : "mean") + " of " + n + ", " + name + ", on " + fused.device();
          double distance = Ulp.distance(actual[j], expected[j]);
          if (Math.abs(actual[j] - expected[j]) > bounds[j]) {
            assertTrue(distance <= Promise.REDUCED_LOSS.ulps(), what + ": " + distance + " ULP");
          }
          if (bound == 0 && distance > worst) {
            worst = distance;
            worstSize = n;
          }
        }
      }
    }
    if (bound == 0) {
      ROWS.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %.4f | %d |%n",
              name,
              sizes.get(sizes.size() - 1),
              worst,
              worstSize));
    }
  }

  private static float[] sumAndMean(FusedLoss fused, Loss loss, Tensor input, Tensor target) {
    try (LossResult sum = fused.forward(loss.withReduction(Reduction.SUM), input, target);
        LossResult mean = fused.forward(loss, input, target)) {
      assertEquals(target.size(), mean.count());
      return new float[] {sum.loss(), mean.loss()};
    }
  }

  @Test
  void binaryCrossEntropyWithLogits() {
    float[] x = new float[LARGEST];
    float[] t = new float[LARGEST];
    for (Data data : Data.values()) {
      check(
          "binary_cross_entropy_with_logits, " + data,
          LARGEST,
          (i, random) -> {
            float margin = margin(data, i, random);
            // Soft targets among the random ones; 1 and 0 by turns elsewhere.
            t[i] = data == Data.RANDOM ? random.nextInt(257) / 256f : i & 1;
            x[i] = t[i] == 0 ? -margin : margin;
            return (1 - (double) t[i]) * softplus(x[i]) + t[i] * softplus(-x[i]);
          },
          (fused, n) -> {
            Tensor input = Tensor.of(FloatBuffer.wrap(x, 0, n), n);
            Tensor target = Tensor.of(FloatBuffer.wrap(t, 0, n), n);
            return sumAndMean(fused, BinaryCrossEntropyWithLogits.DEFAULT, input, target);
          },
          0);
    }
  }

  /** Two classes, so that 2^26 logits make as many terms as can be. */
  @Test
  void crossEntropy() {
    int rows = LARGEST / 2 + 1;
    float[] x = new float[2 * rows];
    int[] y = new int[rows];
    for (Data data : Data.values()) {
      check(
          "cross_entropy, " + data,
          rows,
          (i, random) -> {
            float margin = margin(data, i, random);
            // Away from 0, as logits are; a huge margin swallows that.
            float other = data == Data.RANDOM ? random.nextInt(100) : 5;
            y[i] = i & 1;
            x[2 * i + y[i]] = other + margin;
            x[2 * i + 1 - y[i]] = other;
            return softplus((double) other - x[2 * i + y[i]]);
          },
          (fused, n) -> {
            Tensor input = Tensor.of(FloatBuffer.wrap(x, 0, 2 * n), n, 2);
            Tensor target = Tensor.of(Arrays.copyOf(y, n), n);
            return sumAndMean(fused, CrossEntropy.DEFAULT, input, target);
          },
          0);
    }
  }

  @Test
  void tensors() {
    tensors("", i -> 1, 0);
  }

  /** Terms that cancel: no relative bound can hold; 2^-44 of their magnitudes. */
  @Test
  void tensorsWhoseTermsCancel() {
    tensors(" with signs", i -> i % 4 < 2 ? 1 : -1, 0x1p-44);
  }

  private static void tensors(String what, IntUnaryOperator sign, double bound) {
    float[] x = new float[LARGEST];
    for (Data data : Data.values()) {
      check(
          "tensor, " + data + what,
          LARGEST,
          (i, random) -> x[i] = sign.applyAsInt(i) * term(data, i, random),
          (fused, n) -> {
            Tensor input = Tensor.of(FloatBuffer.wrap(x, 0, n), n);
            return new float[] {fused.sum(input), fused.mean(input)};
          },
          bound);
    }
  }
}
