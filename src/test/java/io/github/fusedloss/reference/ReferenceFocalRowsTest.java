package io.github.fusedloss.reference;

import static io.github.fusedloss.reference.Oracles.assertRelative;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once") // Oracles compute on the JVM alone, with its strict functions or Commons Math.
class ReferenceFocalRowsTest {
  private static ReferenceLoss one(float[] x, int y, double gamma) {
    return ReferenceFocalRows.ofIndices(
        x, 1, x.length, 1, new long[] {y}, RowOptions.DEFAULT, gamma);
  }

  /** Four equal logits: p = 1/4, O = 3/4, and F = O^2 + 2 p O log 4. */
  @Test
  void closedForm() {
    ReferenceLoss even = one(new float[] {2, 2, 2, 2}, 1, 2);
    double factor = 0.5625 + 0.375 * Math.log(4);
    assertEquals(0.5625 * Math.log(4), even.loss()[0], 1e-15);
    assertArrayEquals(
        new double[] {factor / 4, -factor * 0.75, factor / 4, factor / 4}, even.gradient(), 1e-15);
  }

  /** 60 rows of up to 6 classes: the judge takes about a millisecond for each exponential. */
  @Test
  void rowsMatchTheJudge() {
    Random random = new Random(1);
    double[] gammas = {0, 0.5, 1, 2, 5};
    for (int i = 0; i < 60; i++) {
      float[] x = new float[2 + random.nextInt(5)];
      for (int c = 0; c < x.length; c++) {
        x[c] = (float) (random.nextGaussian() * (i % 2 == 0 ? 2 : 20));
      }
      int y = random.nextInt(x.length);
      double gamma = gammas[i % 5];
      ReferenceLoss actual = one(x, y, gamma);
      double error = 2e-14 * (1 + gamma);
      assertRelative(DfpRows.softmaxFocal(x, y, gamma), actual.loss()[0], error, "row " + i);
      var gradient = DfpRows.softmaxFocalGradient(x, y, gamma);
      for (int c = 0; c < x.length; c++) {
        assertRelative(gradient[c], actual.gradient()[c], error, "row " + i + " class " + c);
      }
    }
  }
}
