package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.reference.Ulp;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The univariate functions over the floats of their domain: every 9973rd, a prime, so that all
 * significands are met; {@code ci/accuracy} takes every one. All executors give the same bits, so
 * one is asked.
 */
@Tag("once")
class AccuracyTest {
  private static final int STRIDE = Integer.getInteger("fusedloss.accuracy.stride", 9973);

  /** Beyond it every result is constant, or the logit itself. */
  private static final float LAST = 110f;

  /** Promised are 2 ULP; this is what was measured, rounded up. */
  private static final double LOSS = 1.05;

  private static final int CHUNK = 1 << 16;

  private interface Exact {
    double of(double x);
  }

  private interface Computed {
    float[] of(FusedLoss fused, float[] x);
  }

  /** The largest distance for normal results, and for subnormal ones. */
  private static void check(
      String name, Computed computed, Exact exact, double normal, double subnormal) {
    double[] largest = new double[2];
    float[] at = new float[2];
    try (FusedLoss fused = FusedLoss.open("cpu")) {
      long last = Float.floatToRawIntBits(LAST);
      for (int sign = 0; sign < 2; sign++) {
        for (long start = 0; start <= last; start += (long) CHUNK * STRIDE) {
          int n = (int) Math.min(CHUNK, (last - start) / STRIDE + 1);
          float[] x = new float[n];
          for (int i = 0; i < n; i++) {
            x[i] = Float.intBitsToFloat((int) (start + (long) i * STRIDE) | sign << 31);
          }
          float[] y = computed.of(fused, x);
          for (int i = 0; i < n; i++) {
            double e = exact.of(x[i]);
            int kind = Math.abs(e) >= Float.MIN_NORMAL ? 0 : 1;
            double distance = Ulp.distance(y[i], e);
            if (distance > largest[kind]) {
              largest[kind] = distance;
              at[kind] = x[i];
            }
          }
        }
      }
    }
    System.out.printf(
        "%s: %.4f ULP at %s, subnormal results %.4f ULP at %s (every %d. float up to %s)%n",
        name, largest[0], at[0], largest[1], at[1], STRIDE, LAST);
    assertTrue(largest[0] <= normal, name + ": " + largest[0] + " ULP at " + at[0]);
    assertTrue(largest[1] <= subnormal, name + ": " + largest[1] + " ULP at " + at[1]);
  }

  private static LossResult bce(FusedLoss fused, float[] x, float target) {
    float[] t = new float[x.length];
    java.util.Arrays.fill(t, target);
    return fused.forwardAndGradient(
        BinaryCrossEntropyWithLogits.DEFAULT.reduction(Reduction.NONE),
        Tensor.of(x, x.length),
        Tensor.of(t, t.length));
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  private static double sigmoid(double x) {
    double e = StrictMath.exp(-Math.abs(x));
    return x >= 0 ? 1 / (1 + e) : e / (1 + e);
  }

  @Test
  void lossOfNegatives() {
    check(
        "binary_cross_entropy_with_logits, t = 0",
        (f, x) -> bce(f, x, 0).losses().toFloatArray(),
        AccuracyTest::softplus,
        LOSS,
        1.25);
  }

  @Test
  void lossOfPositives() {
    check(
        "binary_cross_entropy_with_logits, t = 1",
        (f, x) -> bce(f, x, 1).losses().toFloatArray(),
        x -> softplus(-x),
        LOSS,
        1.25);
  }

  @Test
  void gradientOfPositives() {
    check(
        "its gradient, t = 1",
        (f, x) -> bce(f, x, 1).gradient().toFloatArray(),
        x -> -sigmoid(-x),
        4,
        4);
  }

  @Test
  void sigmoid() {
    check(
        "sigmoid",
        (f, x) -> f.sigmoid(Tensor.of(x, x.length)).toFloatArray(),
        AccuracyTest::sigmoid,
        1,
        1.25);
  }
}
