package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.reference.DfpJudge;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.commons.math3.dfp.Dfp;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Label smoothing of the binary losses in 120 digits: a target 0 or 1 leaves e / 2 of the other
 * class, however small that is. 300 elements are strips and a tail on the CPU.
 *
 * <p>Losses and gradients are linear in the target. So each logit is judged twice, with target 1
 * and with target 0, and not once more for every smoothing and weight.
 */
@Tag("once") // SameBitsTest and KnownAnswersTest show that other JVMs give these bits.
class BinarySmoothingTest {
  private static final List<FusedLoss> EXECUTORS = OpenDevices.all();
  private static final int N = 300;

  /** How many different logits or probabilities there are. Each comes with four targets. */
  private static final int JUDGED = 75;

  private static final float[] SMOOTHINGS = {1e-30f, 1e-9f, 1e-4f, 0.1f, 1f};

  private final SplittableRandom random = new SplittableRandom(3);

  private float[] targets() {
    float[] t = new float[N];
    for (int i = 0; i < N; i++) {
      t[i] = i % 3 == 0 ? 0 : i % 3 == 1 ? 1 : (float) random.nextDouble();
    }
    return t;
  }

  /** The exact loss or gradient of one element for target 1 and for target 0. */
  private record Ends(Dfp ofTrue, Dfp ofFalse) {
    static Ends ofLogit(float x) {
      return new Ends(
          DfpJudge.binaryCrossEntropyWithLogits(x, 1, 1, 1),
          DfpJudge.binaryCrossEntropyWithLogits(x, 0, 1, 1));
    }

    static Ends ofGradient(float x) {
      return new Ends(
          DfpJudge.binaryCrossEntropyWithLogitsGradient(x, 1, 1, 1),
          DfpJudge.binaryCrossEntropyWithLogitsGradient(x, 0, 1, 1));
    }

    static Ends ofProbability(float p) {
      return new Ends(DfpJudge.binaryCrossEntropy(p, 1, 1), DfpJudge.binaryCrossEntropy(p, 0, 1));
    }

    /**
     * Returns the exact value for any target; {@code posWeight} multiplies the part of target 1.
     */
    Dfp at(Dfp target, double posWeight) {
      Dfp rest = ofFalse.getOne().subtract(target).multiply(ofFalse);
      return DfpJudge.exact(posWeight).multiply(target).multiply(ofTrue).add(rest);
    }
  }

  private static void near(String what, double ulps, float actual, Judged exact, double terms) {
    boolean near = Math.abs(actual - exact.rounded()) <= terms || exact.isWithin(ulps, actual);
    assertTrue(near, () -> what + ": " + exact.distance(actual) + " ULP");
  }

  @Test
  void logits() {
    float[] t = targets();
    float[] x = new float[N];
    float[] w = new float[N];
    for (int i = 0; i < N; i++) {
      double spread = i % 2 == 0 ? 8 : 120;
      x[i] = i < JUDGED ? (float) ((random.nextDouble() - 0.5) * spread) : x[i - JUDGED];
      w[i] = 0.25f + (float) random.nextDouble();
    }
    Ends[] lossEnds = new Ends[N];
    Ends[] gradientEnds = new Ends[N];
    for (int i = 0; i < N; i++) {
      lossEnds[i] = i < JUDGED ? Ends.ofLogit(x[i]) : lossEnds[i - JUDGED];
      gradientEnds[i] = i < JUDGED ? Ends.ofGradient(x[i]) : gradientEnds[i - JUDGED];
    }
    for (float e : SMOOTHINGS) {
      for (boolean weighted : new boolean[] {false, true}) {
        Tensor posWeight = weighted ? Tensor.of(w, N) : null;
        Loss loss =
            BinaryCrossEntropyWithLogits.DEFAULT
                .withPosWeight(posWeight)
                .withLabelSmoothing(e)
                .withReduction(Reduction.NONE);
        Judged[] losses = new Judged[N];
        Judged[] gradients = new Judged[N];
        double[] terms = new double[N];
        for (int i = 0; i < N; i++) {
          double pw = weighted ? w[i] : 1;
          Dfp s = DfpJudge.smoothed(t[i], e);
          losses[i] = Judged.of(lossEnds[i].at(s, pw));
          gradients[i] = Judged.of(gradientEnds[i].at(s, pw));
          double rest = DfpJudge.smoothed(1 - (double) t[i], e).toDouble();
          terms[i] = rest / (1 + Math.exp(-x[i])) + s.toDouble() * pw / (1 + Math.exp(x[i]));
        }
        for (FusedLoss fused : EXECUTORS) {
          try (LossResult r = fused.forwardAndGradient(loss, Tensor.of(x, N), Tensor.of(t, N))) {
            float[] l = r.losses().toFloatArray();
            float[] g = r.gradient().toFloatArray();
            for (int i = 0; i < N; i++) {
              String what = fused.device() + ", e " + e + ", x " + x[i] + ", t " + t[i];
              near(what, 2, l[i], losses[i], 0);
              near(what + ", gradient", 0, g[i], gradients[i], 0x1p-21 * terms[i]);
            }
          }
        }
      }
    }
  }

  @Test
  void probabilities() {
    float[] t = targets();
    Map<Float, Ends> judged = new HashMap<>();
    float[] p = new float[N];
    for (int i = 0; i < N; i++) {
      float some = i < JUDGED ? (float) random.nextDouble() : p[i - JUDGED];
      p[i] = i % 7 == 0 ? t[i] : some;
    }
    for (float e : SMOOTHINGS) {
      Loss loss = BinaryCrossEntropy.DEFAULT.withLabelSmoothing(e).withReduction(Reduction.NONE);
      for (int i = 1; i < N; i += 7) {
        p[i] = (float) DfpJudge.smoothed(t[i], e).toDouble(); // p - t has next to nothing left
      }
      Judged[] losses = new Judged[N];
      Judged[] gradients = new Judged[N];
      double[] terms = new double[N];
      for (int i = 0; i < N; i++) {
        Dfp s = DfpJudge.smoothed(t[i], e);
        losses[i] = Judged.of(judged.computeIfAbsent(p[i], Ends::ofProbability).at(s, 1));
        gradients[i] = Judged.of(DfpJudge.binaryCrossEntropyGradient(p[i], s, 1));
        double guard = Math.max((1 - (double) p[i]) * p[i], 1e-12);
        terms[i] = (p[i] + s.toDouble()) / guard;
      }
      for (FusedLoss fused : EXECUTORS) {
        try (LossResult r = fused.forwardAndGradient(loss, Tensor.of(p, N), Tensor.of(t, N))) {
          float[] l = r.losses().toFloatArray();
          float[] g = r.gradient().toFloatArray();
          for (int i = 0; i < N; i++) {
            String what = fused.device() + ", e " + e + ", p " + p[i] + ", t " + t[i];
            near(what, 1, l[i], losses[i], 0);
            near(what + ", gradient", 4, g[i], gradients[i], 0x1p-44 * terms[i]);
          }
        }
      }
    }
  }
}
