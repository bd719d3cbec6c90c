package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Results that are floats though something on their way to them is none, on every executor. */
class RangeTest {
  private static final float BIG = 3e38f;
  private static final double LN_2 = Math.log(2);

  /** One; a vector; both sides of a block; several blocks. */
  private static final int[] SIZES = {1, 2, 17, 4096, 4097, 20000};

  private static void everywhere(Consumer<FusedLoss> test) {
    OpenDevices.all().forEach(test);
  }

  private static float[] filled(int n, float... period) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = period[i % period.length];
    }
    return values;
  }

  private static Tensor tensor(float... values) {
    return Tensor.of(values, values.length);
  }

  private static void near(double expected, double actual, double ulps) {
    assertTrue(
        Math.abs(expected - actual) <= ulps * Math.ulp((float) expected),
        "expected " + expected + ", came " + actual);
  }

  @Test
  void sumsOfTensors() {
    everywhere(
        f -> {
          for (int n : SIZES) {
            Tensor equal = Tensor.of(filled(n, BIG), n);
            assertEquals(BIG, f.mean(equal));
            assertEquals(n == 1 ? BIG : Float.POSITIVE_INFINITY, f.sum(equal));
            Tensor pairs = Tensor.of(filled(2 * n, BIG, BIG, -BIG, -BIG), 2 * n);
            float rest = n % 2 == 0 ? 0f : Float.POSITIVE_INFINITY;
            assertEquals(rest, f.sum(pairs));
            assertEquals(n % 2 == 0 ? 0f : BIG / n, f.mean(pairs), Math.ulp(BIG / n));
          }
          assertEquals(BIG, f.sum(tensor(BIG, BIG, -BIG)));
          try (Tensor there = f.upload(tensor(BIG, BIG, -BIG, -1f))) {
            assertEquals(BIG, f.sum(there));
          }
          short[] half = {(short) 0x7f7f, (short) 0x7f7f, (short) 0xff7f};
          Tensor largest = Tensor.of(ElementType.BFLOAT16, half, 3);
          assertEquals(ElementType.BFLOAT16.decode((short) 0x7f7f), f.sum(largest));
        });
  }

  @Test
  void sumsThatAreNotFiniteStaySo() {
    float infinity = Float.POSITIVE_INFINITY;
    everywhere(
        f -> {
          assertEquals(infinity, f.sum(tensor(BIG, infinity, BIG)));
          // Without the infinity it would be one of the other sign.
          assertEquals(infinity, f.sum(tensor(-BIG, infinity, -BIG, -BIG)));
          assertEquals(-infinity, f.mean(tensor(BIG, BIG, -infinity)));
          for (Tensor undefined :
              List.of(tensor(infinity, -infinity), tensor(BIG, BIG, Float.NaN))) {
            assertEquals(0x7fc00000, Float.floatToRawIntBits(f.sum(undefined)));
            assertEquals(0x7fc00000, Float.floatToRawIntBits(f.mean(undefined)));
          }
        });
  }

  @Test
  void meansOfBinaryLosses() {
    everywhere(
        f -> {
          for (int n : SIZES) {
            // With a logit of -x and target 1 the loss is x.
            Tensor x = Tensor.of(filled(n, -BIG), n);
            Tensor t = Tensor.of(filled(n, 1f), n);
            for (Tensor weight : new Tensor[] {null, tensor(1f), Tensor.of(filled(n, 1f), n)}) {
              BinaryCrossEntropyWithLogits loss =
                  BinaryCrossEntropyWithLogits.DEFAULT.withWeight(weight);
              LossResult result = f.forwardAndGradient(loss, x, t);
              assertEquals(BIG, result.loss());
              assertEquals((double) BIG * n, result.sum());
              assertEquals(n, result.weightSum());
              assertArrayEquals(filled(n, (float) (-1.0 / n)), result.gradient().toFloatArray());
              LossResult none = f.forward(loss.withReduction(Reduction.NONE), x, t);
              assertEquals((double) BIG * n, none.sum());
              assertArrayEquals(filled(n, BIG), none.losses().toFloatArray());
              float sum = f.forward(loss.withReduction(Reduction.SUM), x, t).loss();
              assertEquals(n == 1 ? BIG : Float.POSITIVE_INFINITY, sum);
            }
            Tensor half = Tensor.of(filled(n, 0.5f), n);
            BinaryCrossEntropy weighted = BinaryCrossEntropy.DEFAULT.withWeight(tensor(BIG));
            near(BIG * LN_2, f.forward(weighted, half, t).loss(), 2);
            near(BIG * LN_2 * n, f.forward(weighted, half, t).sum(), 2);
            // Each loss is beyond the floats by itself, the mean of all is not.
            Tensor mixed = Tensor.of(filled(n, 1f, 0f, 0f, 0f), n);
            BinaryCrossEntropy ten =
                BinaryCrossEntropy.DEFAULT.withWeight(tensor(1e37f)).withDenominator(4.0 * n);
            long wrong = (n + 3) / 4;
            near(1e37f * 100.0 * wrong / (4.0 * n), f.forward(ten, mixed, zeros(n)).loss(), 2);
          }
        });
  }

  private static Tensor zeros(int n) {
    return Tensor.of(new float[n], n);
  }

  /** The mean over class weights does not change with their scale, nor does its gradient. */
  @Test
  void classWeightsOfAnySize() {
    float[] scales = {0x1p-40f, 1e-20f, 1e-38f, 0x1p-139f, 1e20f, 0x1p120f, 0x1p126f};
    everywhere(
        f -> {
          for (int[] shape : new int[][] {{1, 3}, {70, 3}, {5000, 3}, {3, 100}}) {
            int rows = shape[0];
            int classes = shape[1];
            Tensor x =
                Tensor.of(filled(rows * classes, -0.5f, -1f, -0.25f, -2f, -3f), rows, classes);
            int[] y = new int[rows];
            for (int i = 0; i < rows; i++) {
              y[i] = i % 4 == 3 ? -100 : i % 3;
            }
            Tensor target = Tensor.of(y, rows);
            // Powers of two, so that all of them are exact times any scale.
            float[] weights = filled(classes, 1f, 2f, 0.5f);
            Tensor plain = Tensor.of(weights, classes);
            for (boolean nll : new boolean[] {false, true}) {
              LossResult expected = f.forwardAndGradient(loss(nll, plain), x, target);
              for (float scale : scales) {
                float[] scaled = weights.clone();
                for (int c = 0; c < classes; c++) {
                  scaled[c] *= exact(scale);
                }
                Tensor weight = Tensor.of(scaled, classes);
                LossResult result = f.forwardAndGradient(loss(nll, weight), x, target);
                assertEquals(expected.loss(), result.loss(), "scale " + scale);
                assertArrayEquals(
                    expected.gradient().toFloatArray(),
                    result.gradient().toFloatArray(),
                    "scale " + scale + ", " + rows + " rows");
                assertEquals(expected.weightSum() * exact(scale), result.weightSum());
              }
            }
          }
        });
  }

  /** The power of two below. */
  private static float exact(float scale) {
    return Math.scalb(1f, Math.getExponent((double) scale));
  }

  private static Loss loss(boolean nll, Tensor weight) {
    return nll ? NllLoss.DEFAULT.withWeight(weight) : CrossEntropy.DEFAULT.withWeight(weight);
  }

  @Test
  void meansOfRows() {
    everywhere(
        f -> {
          int rows = 100;
          Tensor x = Tensor.of(filled(2 * rows, BIG, 0f), rows, 2);
          Tensor y = Tensor.of(new int[rows], rows);
          int[] second = new int[rows];
          Arrays.fill(second, 1);
          LossResult result = f.forward(CrossEntropy.DEFAULT, x, Tensor.of(second, rows));
          assertEquals(BIG, result.loss());
          assertEquals((double) BIG * rows, result.sum());
          assertEquals(rows, result.weightSum());
          Tensor q = Tensor.of(filled(2 * rows, 0f, 1f), rows, 2);
          assertEquals(BIG, f.forward(CrossEntropy.DEFAULT, x, q).loss());
          assertEquals(-BIG, f.forward(NllLoss.DEFAULT, x, y).loss());
          // Weights and losses both: their products alone are beyond the floats.
          NllLoss weighted = NllLoss.DEFAULT.withWeight(tensor(BIG, 1f));
          assertEquals(-BIG, f.forward(weighted, x, y).loss());
        });
  }

  /** The factors of a gradient are multiplied with each other before the gradient is. */
  @Test
  void factorsOfGradients() {
    everywhere(
        f -> {
          for (int n : SIZES) {
            Tensor x = zeros(n);
            Tensor t = zeros(n);
            Tensor tiny = tensor(0x1p-140f);
            BinaryCrossEntropyWithLogits mean =
                BinaryCrossEntropyWithLogits.DEFAULT.withWeight(tiny).withDenominator(0x1p-30);
            assertArrayEquals(filled(n, 0x1p-111f), gradient(f, mean, x, t, 1f));
            // The half of a probability of 1/2, divided by 1/4.
            BinaryCrossEntropy of =
                BinaryCrossEntropy.DEFAULT.withWeight(tensor(BIG)).withReduction(Reduction.SUM);
            Tensor half = Tensor.of(filled(n, 0.5f), n);
            assertArrayEquals(filled(n, 0f), gradient(f, of, half, t, 0f));
            assertArrayEquals(filled(n, 2 * (BIG * 0.25f)), gradient(f, of, half, t, 0.25f));
            Tensor all = Tensor.of(filled(n, 0.25f), n);
            assertArrayEquals(
                filled(n, 2 * (BIG * 0.25f)),
                f.backward(of.withReduction(Reduction.NONE), half, t, all).toFloatArray());
          }
        });
  }

  private static float[] gradient(FusedLoss f, Loss loss, Tensor x, Tensor t, float upstream) {
    return f.backward(loss, x, t, upstream).toFloatArray();
  }

  /** Where the loss has no value the gradient has none either. */
  @Test
  void lossAndGradientAreNaNTogether() {
    Tensor y = Tensor.of(new int[] {0, 1}, 2);
    float[] x = {1, 2, 3, 5};
    everywhere(
        f -> {
          for (float[] weights :
              new float[][] {
                {0f, 0f}, {1f, -1f}, {-BIG, BIG}, {Float.POSITIVE_INFINITY, 1f}, {Float.NaN, 1f}
              }) {
            for (boolean nll : new boolean[] {false, true}) {
              Loss loss = loss(nll, tensor(weights));
              LossResult result = f.forwardAndGradient(loss, Tensor.of(x.clone(), 2, 2), y);
              String what = loss.name() + " " + Arrays.toString(weights);
              assertEquals(0x7fc00000, Float.floatToRawIntBits(result.loss()), what);
              float[] gradient = result.gradient().toFloatArray();
              for (int r = 0; r < 2; r++) {
                assertEquals(0x7fc00000, Float.floatToRawIntBits(gradient[3 * r]), what);
              }
            }
          }
          // The input is gone when the weights' sum is known to be too large.
          Tensor place = Tensor.of(x.clone(), 2, 2);
          LossResult result =
              f.forwardAndGradient(
                  CrossEntropy.DEFAULT.withWeight(tensor(BIG, BIG)), place, y, place);
          assertEquals(Float.NaN, result.loss());
          assertArrayEquals(filled(4, Float.NaN), place.toFloatArray());
        });
  }

  @Test
  void denominators() {
    Tensor x = Tensor.of(new float[] {40, -40}, 1, 2);
    Tensor y = Tensor.of(new int[] {1}, 1);
    for (double refused : new double[] {0x1.fffffffffffffp-127, 1e-50, 0x1.0000000000001p64}) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class, () -> CrossEntropy.DEFAULT.withDenominator(refused));
      assertTrue(e.getMessage().startsWith("denominator must be positive, from "), e.getMessage());
      assertTrue(e.getMessage().endsWith("got " + refused), e.getMessage());
    }
    everywhere(
        f -> {
          for (int exponent : new int[] {-119, 0, 64}) {
            double denominator = Math.scalb(1.0, exponent);
            LossResult result =
                f.forwardAndGradient(CrossEntropy.DEFAULT.withDenominator(denominator), x, y);
            assertEquals((float) (80 / denominator), result.loss());
            assertEquals((float) (1 / denominator), result.gradient().toFloatArray()[0]);
          }
          LossResult result =
              f.forwardAndGradient(CrossEntropy.DEFAULT.withDenominator(0x1p-126), x, y);
          assertEquals(Float.POSITIVE_INFINITY, result.loss());
          assertEquals(0x1p126f, result.gradient().toFloatArray()[0]);
        });
  }

  @Test
  void totalsAreNeverNegativeZero() {
    everywhere(
        f -> {
          Tensor zero = Tensor.of(new float[] {0f, -5f}, 1, 2);
          Tensor first = Tensor.of(new int[] {0}, 1);
          float tiny = Float.MIN_VALUE;
          LossResult none = f.forward(NllLoss.DEFAULT.withReduction(Reduction.NONE), zero, first);
          assertEquals(0, Float.floatToRawIntBits(none.losses().toFloatArray()[0]));
          Loss[] losses = {
            NllLoss.DEFAULT, NllLoss.DEFAULT.withWeight(tensor(-1f, 1f)), CrossEntropy.DEFAULT
          };
          for (Loss loss : losses) {
            LossResult result =
                loss instanceof CrossEntropy
                    ? f.forward(
                        CrossEntropy.DEFAULT.withWeight(tensor(-1f)),
                        Tensor.of(new float[1], 1, 1),
                        first)
                    : f.forward(loss, zero, first);
            assertEquals(0, Float.floatToRawIntBits(result.loss()));
            assertEquals(0, Double.doubleToRawLongBits(result.sum()));
          }
          Loss underflows =
              NllLoss.DEFAULT.withWeight(tensor(-0.02f, 1f)).withReduction(Reduction.SUM);
          Tensor least = Tensor.of(new float[] {-tiny, -5f}, 1, 2);
          LossResult result = f.forward(underflows, least, first);
          assertEquals(0, Float.floatToRawIntBits(result.loss()));
          assertEquals(0, Double.doubleToRawLongBits(result.sum()));
          assertEquals(0, Float.floatToRawIntBits(f.mean(tensor(-tiny, 0f, 0f))));
          assertEquals(0, Float.floatToRawIntBits(f.sum(tensor(-0f))));
        });
  }

  /** A weight that no target has, far larger than theirs, changes nothing. */
  @Test
  void weightsOfNobody() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    Tensor y = Tensor.of(new int[] {0, 0}, 2);
    double loss = Math.log1p(Math.E);
    double p = Math.E / (1 + Math.E);
    everywhere(
        f -> {
          for (float small : new float[] {1e-21f, 1.2345e-21f}) {
            for (float large : new float[] {1e20f, 1e30f, 3e38f}) {
              CrossEntropy mean = CrossEntropy.DEFAULT.withWeight(tensor(small, large));
              LossResult r = f.forwardAndGradient(mean, x, y);
              near(loss, r.loss(), 2);
              assertEquals(2.0 * small, r.weightSum());
              float[] g = r.gradient().toFloatArray();
              for (int i = 0; i < 4; i++) {
                near(i % 2 == 0 ? -p / 2 : p / 2, g[i], 4);
              }
              near(loss, f.forward(mean, x, y).loss(), 2);
            }
          }
          // An infinite loss stays one.
          float inf = Float.POSITIVE_INFINITY;
          Tensor away = Tensor.of(new float[] {-inf, 2, 3, 4}, 2, 2);
          for (float small : new float[] {1e-20f, 1e-10f}) {
            Tensor w = tensor(small, 3e38f);
            for (Loss cross :
                List.of(
                    CrossEntropy.DEFAULT.withWeight(w),
                    CrossEntropy.DEFAULT.withWeight(w).withDenominator(4),
                    CrossEntropy.DEFAULT.withWeight(w).withReduction(Reduction.SUM),
                    NllLoss.DEFAULT.withWeight(w).withReduction(Reduction.SUM))) {
              LossResult r = f.forward(cross, away, y);
              if (!(cross instanceof NllLoss)) {
                assertEquals(inf, r.loss());
              }
              assertEquals(2.0 * small, r.weightSum());
            }
            Tensor q = Tensor.of(new float[] {1, 0, 1, 0}, 2, 2);
            assertEquals(inf, f.forward(CrossEntropy.DEFAULT.withWeight(w), away, q).loss());
            BinaryCrossEntropyWithLogits sum =
                BinaryCrossEntropyWithLogits.DEFAULT.withWeight(w).withReduction(Reduction.SUM);
            assertEquals(inf, f.forward(sum, tensor(inf, -200), tensor(0, 0)).loss());
          }
          // Losses that are large by themselves, weights that are small: the product is neither.
          Tensor far = Tensor.of(new float[] {0, 3e38f, 0, 3e38f}, 2, 2);
          near(
              3e38f,
              f.forward(CrossEntropy.DEFAULT.withWeight(tensor(1e-25f, 1e-25f)), far, y).loss(),
              2);
        });
  }
}
