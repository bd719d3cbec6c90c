package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A softmax is at most 1, though terms and sums are rounded apart: what takes probabilities refuses
 * more, and PyTorch never gives more.
 */
class ProbabilitiesTest {
  /**
   * One class; in order, adjacent and not; in lanes; in blocks. Enough rows that some were above 1
   * in each, of which 2 of 100 were.
   */
  private static final String ROWS = "700x1 700x2 500x10 3x10x200 200x70 60x1000 8x4097";

  /** Largest logits that stand out by up to 40, so that the others vanish beside some of them. */
  private static float[] confident(LogitShape s, SplittableRandom random) {
    float[] x = new float[s.elements()];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (random.nextDouble() * 6 - 3);
    }
    for (int r = 0; r < s.rows(); r++) {
      int first = r / s.inner() * s.classes() * s.inner() + r % s.inner();
      x[first + random.nextInt(s.classes()) * s.inner()] += (float) (random.nextDouble() * 40);
    }
    return x;
  }

  @Test
  void atMostOne() {
    SplittableRandom random = new SplittableRandom(1);
    for (LogitShape s : LogitShape.list(ROWS)) {
      Tensor x = Tensor.of(confident(s, random), s.input());
      for (FusedLoss fused : OpenDevices.all()) {
        float[] p = fused.softmax(x).toFloatArray();
        for (float each : p) {
          assertTrue(each >= 0 && each <= 1, fused.device() + ", " + s + ": " + each);
        }
        Tensor probabilities = Tensor.of(p, p.length);
        fused.forward(BinaryCrossEntropy.DEFAULT, probabilities, probabilities);
      }
    }
  }

  /** The smallest row whose softmax was above 1. */
  @Test
  void aRowThatIsSureIsEvaluated() {
    Tensor x = Tensor.of(new float[] {13.140226f, -11.4296875f}, 1, 2);
    Tensor y = Tensor.of(new int[] {0}, 1);
    for (FusedLoss fused : OpenDevices.all()) {
      assertEquals(1f, fused.softmax(x).toFloatArray()[0], fused.device());
      ClassificationSummary summary = fused.evaluate(CrossEntropy.DEFAULT, x, y);
      assertEquals(1, summary.calibration().get(ClassificationSummary.BINS - 1).count());
    }
  }
}
