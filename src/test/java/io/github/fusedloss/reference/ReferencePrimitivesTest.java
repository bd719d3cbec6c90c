package io.github.fusedloss.reference;

import static io.github.fusedloss.reference.Oracles.assertRelative;
import static io.github.fusedloss.reference.Oracles.assertWithin;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.Random;
import org.apache.commons.math3.dfp.Dfp;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once") // Oracles compute on the JVM alone, with its strict functions or Commons Math.
class ReferencePrimitivesTest {
  private static final float INF = Float.POSITIVE_INFINITY;
  private static final float NAN = Float.NaN;
  private static final double[] NANS = {Double.NaN, Double.NaN};

  /** What the class promises. */
  private static final double RELATIVE = 2e-14;

  @Test
  void sigmoid() {
    float[] x = {0, 1e-30f, 17, -17, -87, 88, -300.5f, 700};
    double[] actual = ReferencePrimitives.sigmoid(x);
    for (int i = 0; i < x.length; i++) {
      assertRelative(DfpJudge.sigmoid(x[i]), actual[i], 2e-15, "sigmoid of " + x[i]);
    }
    assertArrayEquals(
        new double[] {0, 1, Double.NaN}, ReferencePrimitives.sigmoid(new float[] {-INF, INF, NAN}));
  }

  @Test
  void softmaxFamilyMatchesTheJudge() {
    Random random = new Random(3);
    float[][] rows = {
      {5},
      {17, 0, 0, 0},
      {1e4f, 1e4f + 1, 1e4f - 3},
      {-100, 0, 0.1f},
      {80, 1e-9f, -1e-9f},
      {3e38f, -3e38f},
      {0, 0, 0, 0, 0},
      gaussians(random, 100, 1),
      gaussians(random, 100, 30)
    };
    for (float[] row : rows) {
      double[] p = ReferencePrimitives.softmax(row, 1, row.length, 1);
      double[] logP = ReferencePrimitives.logSoftmax(row, 1, row.length, 1);
      Dfp[] exactP = DfpRows.softmax(row);
      Dfp[] exactLogP = DfpRows.logSoftmax(row);
      for (int c = 0; c < row.length; c++) {
        if (exactP[c].toDouble() > Double.MIN_NORMAL) {
          assertRelative(exactP[c], p[c], RELATIVE, "softmax, class " + c);
        } else {
          assertEquals(0, p[c]);
        }
        assertRelative(exactLogP[c], logP[c], RELATIVE, "log_softmax, class " + c);
      }
      double bound = 1e-15 * Math.max(1, ReferencePrimitives.max(row));
      assertWithin(
          DfpRows.logSumExp(row),
          ReferencePrimitives.logSumExp(row, 1, row.length, 1)[0],
          bound,
          "logsumexp");
    }
  }

  @Test
  void theClassAxisIsTheMiddleOne() {
    // Two samples, two classes, three places; the differences along the axis are -+log 3 or 0.
    float d = (float) Math.log(3);
    float[] x = {0, 1, d, d, 1, 0, /* second sample */ -d, 7, 0, 0, 7, -d};
    double[] p = {.25, .5, .75, .75, .5, .25, .25, .5, .75, .75, .5, .25};
    assertArrayEquals(p, ReferencePrimitives.softmax(x, 2, 2, 3), 1e-7);
    double l = Math.log(2);
    assertArrayEquals(
        new double[] {2 * l, 1 + l, 2 * l, 2 * l - d, 7 + l, 2 * l - d},
        ReferencePrimitives.logSumExp(x, 2, 2, 3),
        1e-7);
    assertEquals(Math.log(0.25), ReferencePrimitives.logSoftmax(x, 2, 2, 3)[11], 1e-7);
  }

  @Test
  void specialRows() {
    assertRow(new double[] {0, 1}, new double[] {-INF, 0}, 3, -INF, 3);
    assertRow(NANS, NANS, -INF, -INF, -INF);
    assertRow(NANS, NANS, INF, INF, 0);
    assertRow(NANS, NANS, INF, INF, -INF);
    assertRow(NANS, NANS, NAN, NAN, 0);
    assertRow(NANS, NANS, NAN, NAN, INF);
  }

  private static void assertRow(double[] p, double[] logP, double logSumExp, float... x) {
    assertArrayEquals(p, ReferencePrimitives.softmax(x, 1, 2, 1));
    assertArrayEquals(logP, ReferencePrimitives.logSoftmax(x, 1, 2, 1));
    assertEquals(logSumExp, ReferencePrimitives.logSumExp(x, 1, 2, 1)[0]);
  }

  @Test
  void sumIsExactToTheLastBitOfADouble() {
    Random random = new Random(4);
    // 10000 values over 60 binades: enough for a plain double sum to lose digits.
    float[] x = new float[10_000];
    BigDecimal exact = BigDecimal.ZERO;
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.scalb((float) random.nextGaussian(), random.nextInt(60) - 30);
      exact = exact.add(new BigDecimal(x[i]));
    }
    double rounded = exact.doubleValue();
    assertEquals(rounded, ReferencePrimitives.sum(x), Math.ulp(rounded));
    float[] cancelling = {1e30f, 1, -1e30f, 0x1p-40f};
    assertEquals(1 + 0x1p-40, ReferencePrimitives.sum(cancelling));
    assertEquals((1 + 0x1p-40) / 4, ReferencePrimitives.mean(cancelling));
  }

  @Test
  void sumsOfOthersNeverSubtract() {
    assertArrayEquals(
        new double[] {0x3p-100, 1, 1},
        ReferencePrimitives.sumsOfOthers(new double[] {1, 0x1p-100, 0x1p-99}));
    assertArrayEquals(new double[] {0}, ReferencePrimitives.sumsOfOthers(new double[] {7}));
  }

  @Test
  void reductionsOfSpecialValues() {
    assertEquals(0, ReferencePrimitives.sum(new float[0]));
    assertEquals(Double.NaN, ReferencePrimitives.mean(new float[0]));
    assertEquals(INF, ReferencePrimitives.sum(new float[] {1, INF, 2}));
    assertEquals(Double.NaN, ReferencePrimitives.sum(new float[] {1, INF, -INF}));
    assertEquals(Double.NaN, ReferencePrimitives.mean(new float[] {1, NAN}));
    // Beyond the largest float, not beyond the largest double.
    assertEquals(3.0 * 3e38f, ReferencePrimitives.sum(new float[] {3e38f, 3e38f, 3e38f}));
    assertEquals(2, ReferencePrimitives.max(new float[] {-1, 2, -INF}));
    assertEquals(-INF, ReferencePrimitives.max(new float[] {-INF}));
    assertEquals(Double.NaN, ReferencePrimitives.max(new float[] {INF, NAN, 1}));
  }

  @Test
  void badInput() {
    float[] none = {};
    assertMessage("x: expected at least 1 element, got 0", () -> ReferencePrimitives.max(none));
    float[] x = new float[6];
    assertMessage("x: expected 8 elements, got 6", () -> ReferencePrimitives.softmax(x, 2, 2, 2));
    assertMessage(
        "classes: expected at least 1, got 0", () -> ReferencePrimitives.logSoftmax(x, 6, 0, 1));
    assertMessage(
        "n: expected at least 0, got -1", () -> ReferencePrimitives.logSumExp(x, -1, 2, 3));
    assertMessage(
        "n * classes * inner: expected at most 2^31 - 1, got 65536 * 65536 * 65536",
        () -> ReferencePrimitives.softmax(x, 65536, 65536, 65536));
  }

  @Test
  void emptyBatches() {
    assertEquals(0, ReferencePrimitives.softmax(new float[0], 0, 3, 2).length);
    assertEquals(0, ReferencePrimitives.logSumExp(new float[0], 2, 3, 0).length);
  }

  private static float[] gaussians(Random random, int count, float scale) {
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = scale * (float) random.nextGaussian();
    }
    return x;
  }

  private static void assertMessage(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }
}
