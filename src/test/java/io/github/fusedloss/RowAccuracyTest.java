package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.fusedloss.reference.DfpRows;
import io.github.fusedloss.reference.RowOptions;
import io.github.fusedloss.reference.Ulp;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.math3.dfp.Dfp;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The promises of rows (docs/numerics.md) where they are hardest to keep, on every executor: many
 * classes, a z-loss, the ends of the range of floats. Single inputs are in worst_inputs.txt.
 */
@Tag("once") // SameBitsTest and KnownAnswersTest show that other JVMs give these bits.
class RowAccuracyTest {
  private static final List<FusedLoss> EXECUTORS = OpenDevices.all();
  private static final CrossEntropy NONE = CrossEntropy.DEFAULT.withReduction(Reduction.NONE);
  private static final float MAX = Float.MAX_VALUE;

  private static float[] row(int classes, float first, float others) {
    float[] x = new float[classes];
    Arrays.fill(x, others);
    x[0] = first;
    return x;
  }

  /** One row's gradient is within 2^-22 of the terms A p and b: A p - b in double. */
  private static void gradient(float[] x, Tensor target, double[] q, float[] w, float e) {
    int classes = x.length;
    double max = Float.NEGATIVE_INFINITY;
    for (float v : x) {
      max = Math.max(max, v);
    }
    double total = 0;
    double all = 0;
    double[] p = new double[classes];
    double[] b = new double[classes];
    for (int c = 0; c < classes; c++) {
      p[c] = StrictMath.exp(x[c] - max);
      total += p[c];
      b[c] = (q[c] * (1 - (double) e) + (double) e / classes) * (w == null ? 1 : w[c]);
      all += b[c];
    }
    CrossEntropy loss =
        NONE.withLabelSmoothing(e).withWeight(w == null ? null : Tensor.of(w, classes));
    for (FusedLoss fused : EXECUTORS) {
      try (LossResult r = fused.forwardAndGradient(loss, Tensor.of(x, 1, classes), target)) {
        float[] g = r.gradient().toFloatArray();
        for (int c = 0; c < classes; c++) {
          double mass = all * (p[c] / total);
          double far = Math.abs(g[c] - (mass - b[c]));
          if (!(far <= 0x1p-22 * (mass + b[c]))) {
            fail(fused.device() + ", " + classes + " classes, gradient[" + c + "]: " + far);
          }
        }
      }
    }
  }

  private static void smoothed(float[] x, int y, float[] w, float e) {
    double[] q = new double[x.length];
    q[y] = 1;
    gradient(x, Tensor.of(new int[] {y}, 1), q, w, e);
  }

  /**
   * A z-loss beside a loss that is small or large; logits around log C, where the logsumexp is near
   * 0, far from it, and of a likely target, where (s A + z) p_y - s w has no digits to lose. Rows
   * in order and in lanes, and of two blocks.
   */
  @Test
  void zLosses() {
    SplittableRandom random = new SplittableRandom(20);
    for (int classes : new int[] {1, 2, 3, 10, 70, 4100}) {
      for (int round = 0; round < (classes > 100 ? 3 : 12); round++) {
        float[] x = row(classes, 0f, (float) (-Math.log(classes) - round % 3));
        for (int c = 0; c < Math.min(classes, 5); c++) {
          x[c] += (float) (random.nextDouble() * (round % 4 == 0 ? 1e-3 : 20) - (round % 5) * 15);
        }
        int y = round % 2 == 0 ? 0 : classes - 1;
        float z = round % 3 == 0 ? 1e-4f : 0.7f;
        RowOptions options = RowOptions.DEFAULT.withZLoss(z);
        zLoss(x, y, z, DfpRows.crossEntropy(x, y, options).toDouble(), options);
      }
    }
  }

  private static void zLoss(float[] x, int y, float z, double loss, RowOptions options) {
    int classes = x.length;
    Dfp[] gradient = DfpRows.crossEntropyGradient(x, y, options);
    Dfp[] p = DfpRows.softmax(x);
    double lse = DfpRows.logSumExp(x).toDouble();
    double max = Float.NEGATIVE_INFINITY;
    for (float v : x) {
      max = Math.max(max, v);
    }
    double size = Math.max(1, Math.abs(max));
    double ofZ = DfpRows.zLoss(x, options).toDouble();
    double[] exact = new double[classes];
    double[] terms = new double[classes];
    for (int c = 0; c < classes; c++) {
      exact[c] = gradient[c].toDouble();
      double share = p[c].toDouble();
      terms[c] = (c == y ? 1 - share : share) + 2 * z * share * Math.max(size, Math.abs(lse));
    }
    for (FusedLoss fused : EXECUTORS) {
      Tensor input = Tensor.of(x, 1, classes);
      Tensor target = Tensor.of(new int[] {y}, 1);
      try (LossResult r = fused.forwardAndGradient(NONE.withZLoss(z), input, target)) {
        String where = fused.device() + ", " + classes + " classes, z " + z;
        double far = Math.abs(r.losses().toFloatArray()[0] - loss);
        double bound = Math.max(2 * Math.ulp((float) loss), 0x1p-22 * z * Math.abs(lse) * size);
        assertTrue(far <= bound, where + ": " + far);
        assertEquals(ofZ, r.zLossSum(), 0x1p-22 * z * Math.abs(lse) * size, where);
        float[] g = r.gradient().toFloatArray();
        for (int c = 0; c < classes; c++) {
          double off = Math.abs(g[c] - exact[c]);
          assertTrue(off <= 0x1p-22 * terms[c] + 1e-44, where + ", gradient[" + c + "]: " + off);
        }
      }
    }
  }

  /** The target is the maximum, and yet one class of many: 1 - p has no digits to keep. */
  @Test
  void labelSmoothingOfALikelyTargetThatIsNotLikely() {
    for (int classes : new int[] {3, 10, 64, 65, 1000, 4097, 300_000}) {
      smoothed(row(classes, 1f, 0.9f), 0, null, 1f);
      smoothed(row(classes, 0f, 0f), classes - 1, null, 1f);
      smoothed(row(classes, 0.7f, 0.7f), 0, row(classes, 0f, 1f), 0.1f);
      smoothed(row(classes, 2f, 0f), 0, row(classes, 0.1f, 1f), 0.1f);
    }
  }

  /** Tries probabilities on both sides of one half, where the formula changes. */
  @Test
  void gradientsOfSoftTargets() {
    SplittableRandom random = new SplittableRandom(9);
    for (int classes : new int[] {2, 3, 5, 64, 65, 130}) {
      for (int round = 0; round < 30; round++) {
        float[] x = new float[classes];
        float[] w = new float[classes];
        float[] q = new float[classes];
        double[] exact = new double[classes];
        for (int c = 0; c < classes; c++) {
          x[c] = (float) random.nextDouble();
          w[c] = (float) (50 * random.nextDouble());
          exact[c] = q[c] = (float) random.nextDouble();
        }
        x[round % classes] = (float) (Math.log(classes) + random.nextDouble());
        float e = round % 3 == 0 ? 0 : round % 3 == 1 ? 0.1f : 1;
        gradient(x, Tensor.of(q, 1, classes), exact, w, e);
        if (e > 0) {
          smoothed(x, round % classes, w, e);
        }
      }
    }
  }

  /**
   * From logits so far apart that log sum exp(x - max) is nothing beside: the differences alone.
   */
  private static void hugeDifferences(float[] x, Tensor target, double[] q, float e) {
    BigDecimal sum = BigDecimal.ZERO;
    float max = Float.NEGATIVE_INFINITY;
    for (float v : x) {
      max = Math.max(max, v);
    }
    for (int c = 0; c < x.length; c++) {
      BigDecimal share = new BigDecimal(q[c] * (1 - (double) e) + (double) e / x.length);
      sum = sum.add(share.multiply(new BigDecimal(max).subtract(new BigDecimal(x[c]))));
    }
    for (FusedLoss fused : EXECUTORS) {
      Tensor input = Tensor.of(x, 1, x.length);
      try (LossResult r = fused.forwardAndGradient(NONE.withLabelSmoothing(e), input, target)) {
        float loss = r.losses().toFloatArray()[0];
        assertTrue(Ulp.distance(loss, sum.doubleValue()) <= 2, fused.device() + ": " + loss);
        for (float g : r.gradient().toFloatArray()) {
          assertTrue(Math.abs(g) <= 2, fused.device() + ": gradient " + g);
        }
      }
    }
  }

  /** The loss is finite, but the differences of logits, or their sum, are not. */
  @Test
  void lossesThatOverflowOnTheWay() {
    for (int classes : new int[] {2, 4, 64, 65, 1000, 4097, 70_000}) {
      float[] x = row(classes, 3e38f, -3e38f);
      double[] q = new double[classes];
      q[0] = 0.9f;
      q[classes - 1] = 0.1f;
      float[] given = new float[classes];
      given[0] = 0.9f;
      given[classes - 1] = 0.1f;
      hugeDifferences(x, Tensor.of(given, 1, classes), q, 0);
      hugeDifferences(row(classes, -MAX, 0f), Tensor.of(given, 1, classes), q, 0.5f);
      double[] hard = new double[classes];
      hard[0] = 1;
      hugeDifferences(x, Tensor.of(new int[] {0}, 1), hard, 0.1f);
      hugeDifferences(row(classes, MAX / 2, -MAX / 2), Tensor.of(new int[] {0}, 1), hard, 1f);
    }
  }

  /** x - max is exact in double; the logarithm is nothing beside it. */
  @Test
  void logitsNearTheLargestFloat() {
    SplittableRandom random = new SplittableRandom(1);
    int n = 20_000;
    float[] x = new float[2 * n];
    for (int i = 0; i < n; i++) {
      boolean down = i % 4 == 3;
      x[2 * i] = down ? -MAX : MAX;
      x[2 * i + 1] = (float) (random.nextDouble() * 3.4e38) * (i % 2 == 0 ? 1 : 0.3f);
      if (down) {
        x[2 * i + 1] = (1 + random.nextInt(40)) * -0x1p103f; // ties of the last place
      }
    }
    int[] y = new int[n];
    for (int i = 0; i < n; i++) {
      y[i] = x[2 * i] > x[2 * i + 1] ? 1 : 0;
    }
    Tensor input = Tensor.of(x, n, 2);
    for (FusedLoss fused : EXECUTORS) {
      float[] log = fused.logSoftmax(input).toFloatArray();
      float[] lse = fused.logSumExp(input).toFloatArray();
      try (LossResult r = fused.forwardAndGradient(NONE, input, Tensor.of(y, n))) {
        float[] loss = r.losses().toFloatArray();
        float[] g = r.gradient().toFloatArray();
        for (int i = 0; i < n; i++) {
          double max = Math.max(x[2 * i], x[2 * i + 1]);
          double exact = max - x[2 * i + y[i]];
          String where = fused.device() + ", row " + i;
          assertTrue(Ulp.distance(log[2 * i + y[i]], -exact) <= 1, where);
          assertTrue(Ulp.distance(loss[i], exact) <= 1, where);
          assertEquals(0f, log[2 * i + 1 - y[i]], where);
          assertEquals((float) max, lse[i], where);
          assertEquals(-1f, g[2 * i + y[i]], where);
          assertEquals(1f, g[2 * i + 1 - y[i]], where);
        }
      }
    }
  }
}
