package io.github.fusedloss.reference;

import static io.github.fusedloss.reference.Oracles.assertRelative;
import static io.github.fusedloss.reference.Oracles.assertWithin;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once") // Oracles compute on the JVM alone, with its strict functions or Commons Math.
class ReferenceElementLossTest {
  private static final float[] NONE = null;

  private static ReferenceLoss focal(float x, float t, float pw, float alpha, float gamma) {
    return ReferenceElementLoss.sigmoidFocal(
        new float[] {x}, new float[] {t}, NONE, new float[] {pw}, alpha, gamma);
  }

  /**
   * x = 0 is p = 1/2: alpha (1/2)^gamma log 2, gradient -alpha (1/2)^(gamma + 1) (gamma log 2 + 1).
   */
  @Test
  void closedForms() {
    ReferenceLoss one = focal(0, 1, 1, 0.25f, 2);
    assertEquals(Math.log(2) / 16, one.loss()[0], 1e-17);
    assertEquals(-(2 * Math.log(2) + 1) / 32, one.gradient()[0], 1e-17);
    ReferenceLoss zero = focal(0, 0, 1, 0.25f, 1);
    assertEquals(0.375 * Math.log(2), zero.loss()[0], 1e-16);
    // 0.25 log(0.25) + 0.25 * 3, and e^-1 (2 - 1).
    float[] x = {-3, -2};
    assertEquals(
        0.25 * Math.log(0.25) + 0.75,
        ReferenceElementLoss.klDiv(x, new float[] {0.25f, 0}, NONE, false).loss()[0],
        1e-16);
    assertEquals(
        Math.exp(-1),
        ReferenceElementLoss.klDiv(x, new float[] {-3, -1}, NONE, true).loss()[1],
        1e-16);
  }

  /** 400 elements: the judge takes about a millisecond for each of several exponentials. */
  @Test
  void focalLossesMatchTheJudge() {
    Random random = new Random(1);
    float[] gammas = {0, 0.5f, 1, 2, 3, 5};
    for (int i = 0; i < 400; i++) {
      float x = (float) (random.nextGaussian() * (i % 2 == 0 ? 3 : 30));
      float t = i % 3 == 0 ? i % 2 : random.nextFloat();
      float pw = i % 4 == 0 ? random.nextFloat() : 1;
      float alpha = i % 5 == 0 ? -1 : random.nextFloat();
      float gamma = gammas[i % 6];
      ReferenceLoss actual = focal(x, t, pw, alpha, gamma);
      String what = "x=" + x + " t=" + t + " pw=" + pw + " alpha=" + alpha + " gamma=" + gamma;
      assertRelative(
          DfpJudge.sigmoidFocal(x, t, pw, alpha, gamma),
          actual.loss()[0],
          4e-15 * (1 + gamma),
          what);
      assertWithin(
          DfpJudge.sigmoidFocalGradient(x, t, pw, alpha, gamma),
          actual.gradient()[0],
          4e-15 * (1 + gamma),
          what);
    }
  }

  @Test
  void divergencesMatchTheJudge() {
    Random random = new Random(2);
    for (int i = 0; i < 300; i++) {
      boolean log = i % 2 == 0;
      float x = -random.nextFloat() * 60;
      float t = log ? -random.nextFloat() * 60 : random.nextFloat();
      ReferenceLoss actual =
          ReferenceElementLoss.klDiv(new float[] {x}, new float[] {t}, NONE, log);
      double p = log ? Math.exp(t) : t;
      double size = p * (Math.abs(log ? t : Math.log(t)) + Math.abs(x));
      assertWithin(DfpJudge.klDiv(x, t, log), actual.loss()[0], 1e-15 * size, "x=" + x + " t=" + t);
      assertEquals(-p, actual.gradient()[0]);
    }
  }
}
