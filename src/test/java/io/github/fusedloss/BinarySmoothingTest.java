package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.reference.DfpJudge;
import io.github.fusedloss.reference.Ulp;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.math3.dfp.Dfp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Label smoothing of the binary losses in 120 digits: a target 0 or 1 leaves e / 2 of the other
 * class, however small that is. 300 elements are strips and a tail on the CPU.
 */
class BinarySmoothingTest {
  private static final List<FusedLoss> EXECUTORS = SameBitsTest.open();
  private static final int N = 300;
  private static final float[] SMOOTHINGS = {1e-30f, 1e-9f, 1e-4f, 0.1f, 1f};

  private final SplittableRandom random = new SplittableRandom(3);

  @AfterAll
  static void close() {
    EXECUTORS.forEach(FusedLoss::close);
  }

  private float[] targets() {
    float[] t = new float[N];
    for (int i = 0; i < N; i++) {
      t[i] = i % 3 == 0 ? 0 : i % 3 == 1 ? 1 : (float) random.nextDouble();
    }
    return t;
  }

  private static void near(String what, double ulps, float actual, Dfp exact, double terms) {
    double distance = Ulp.distance(actual, exact);
    double far = Math.abs(actual - exact.toDouble());
    assertTrue(distance <= ulps || far <= terms, what + ": " + distance + " ULP");
  }

  @Test
  void logits() {
    float[] t = targets();
    float[] x = new float[N];
    float[] w = new float[N];
    for (int i = 0; i < N; i++) {
      x[i] = (float) ((random.nextDouble() - 0.5) * (i % 2 == 0 ? 8 : 120));
      w[i] = 0.25f + (float) random.nextDouble();
    }
    for (float e : SMOOTHINGS) {
      for (boolean weighted : new boolean[] {false, true}) {
        Tensor posWeight = weighted ? Tensor.of(w, N) : null;
        Loss loss =
            BinaryCrossEntropyWithLogits.DEFAULT
                .withPosWeight(posWeight)
                .withLabelSmoothing(e)
                .withReduction(Reduction.NONE);
        Dfp[] losses = new Dfp[N];
        Dfp[] gradients = new Dfp[N];
        for (int i = 0; i < N; i++) {
          double pw = weighted ? w[i] : 1;
          Dfp s = DfpJudge.smoothed(t[i], e);
          losses[i] = DfpJudge.binaryCrossEntropyWithLogits(x[i], s, 1, pw);
          gradients[i] = DfpJudge.binaryCrossEntropyWithLogitsGradient(x[i], s, 1, pw);
        }
        for (FusedLoss fused : EXECUTORS) {
          try (LossResult r = fused.forwardAndGradient(loss, Tensor.of(x, N), Tensor.of(t, N))) {
            float[] l = r.losses().toFloatArray();
            float[] g = r.gradient().toFloatArray();
            for (int i = 0; i < N; i++) {
              String what = fused.device() + ", e " + e + ", x " + x[i] + ", t " + t[i];
              near(what, 2, l[i], losses[i], 0);
              double s = DfpJudge.smoothed(t[i], e).toDouble();
              double rest = DfpJudge.smoothed(1 - (double) t[i], e).toDouble();
              double up = rest / (1 + Math.exp(-x[i]));
              double down = s * (weighted ? w[i] : 1) / (1 + Math.exp(x[i]));
              near(what + ", gradient", 0, g[i], gradients[i], 0x1p-21 * (up + down));
            }
          }
        }
      }
    }
  }

  @Test
  void probabilities() {
    float[] t = targets();
    float[] p = new float[N];
    for (int i = 0; i < N; i++) {
      p[i] = i % 7 == 0 ? t[i] : (float) random.nextDouble();
    }
    for (float e : SMOOTHINGS) {
      Loss loss = BinaryCrossEntropy.DEFAULT.withLabelSmoothing(e).withReduction(Reduction.NONE);
      for (int i = 1; i < N; i += 7) {
        p[i] = (float) DfpJudge.smoothed(t[i], e).toDouble(); // p - t has next to nothing left
      }
      Dfp[] losses = new Dfp[N];
      Dfp[] gradients = new Dfp[N];
      for (int i = 0; i < N; i++) {
        Dfp s = DfpJudge.smoothed(t[i], e);
        losses[i] = DfpJudge.binaryCrossEntropy(p[i], s, 1);
        gradients[i] = DfpJudge.binaryCrossEntropyGradient(p[i], s, 1);
      }
      for (FusedLoss fused : EXECUTORS) {
        try (LossResult r = fused.forwardAndGradient(loss, Tensor.of(p, N), Tensor.of(t, N))) {
          float[] l = r.losses().toFloatArray();
          float[] g = r.gradient().toFloatArray();
          for (int i = 0; i < N; i++) {
            String what = fused.device() + ", e " + e + ", p " + p[i] + ", t " + t[i];
            near(what, 1, l[i], losses[i], 0);
            double size = p[i] + DfpJudge.smoothed(t[i], e).toDouble();
            double guard = Math.max((1 - (double) p[i]) * p[i], 1e-12);
            near(what + ", gradient", 4, g[i], gradients[i], 0x1p-44 * size / guard);
          }
        }
      }
    }
  }
}
