package io.github.fusedloss;

import static io.github.fusedloss.Expect.doubles;
import static io.github.fusedloss.Expect.floats;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.function.Consumer;

/** Rows E and R of docs/semantics.md: reductions of nothing, denominators, primitives. */
final class ReductionSemantics {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  private ReductionSemantics() {}

  static void rows(Map<String, Consumer<FusedLoss>> rows) {
    Tensor two = Tensor.of(floats(0, 0, NAN, INF), 2, 2);
    Tensor ignored = Tensor.of(new long[] {-100, -100}, 2);
    rows.put(
        "E1",
        f -> {
          for (Loss loss : new Loss[] {CrossEntropy.DEFAULT, NllLoss.DEFAULT}) {
            LossResult result = f.forwardAndGradient(loss, two, ignored);
            same(Float.NaN, result.loss());
            assertEquals(0, result.count());
            Expect.gradients(doubles(0, 0, 0, 0), result.gradient().toFloatArray());
          }
        });
    rows.put(
        "E2",
        f -> {
          for (float[] weights : new float[][] {floats(0, 0), floats(1, -1)}) {
            Tensor weight = Tensor.of(weights, 2);
            noMean(f, CrossEntropy.DEFAULT.withWeight(weight), 0, doubles(NAN, NAN, NAN, NAN));
            noMean(f, NllLoss.DEFAULT.withWeight(weight), 0, doubles(NAN, 0, 0, NAN));
          }
        });
    rows.put(
        "E3",
        f -> {
          same(
              0, f.forward(CrossEntropy.DEFAULT.withReduction(Reduction.SUM), two, ignored).loss());
          same(0, f.forward(NllLoss.DEFAULT.withReduction(Reduction.SUM), two, ignored).loss());
        });
    rows.put("E4", ReductionSemantics::emptyBatches);
    rows.put(
        "E5",
        f -> {
          Tensor x = Tensor.of(new float[6], 3, 2);
          Tensor y = Tensor.of(new long[] {0, -100, 1}, 3);
          LossResult result = f.forwardAndGradient(CrossEntropy.DEFAULT.withDenominator(4), x, y);
          Expect.losses(doubles(2 * Math.log(2) / 4), new float[] {result.loss()});
          Expect.gradients(
              doubles(-0.125, 0.125, 0, 0, 0.125, -0.125), result.gradient().toFloatArray());
          for (double refused : new double[] {0, -1, 0x1p-127, 0x1p65, INF}) {
            assertThrows(
                IllegalArgumentException.class,
                () -> CrossEntropy.DEFAULT.withDenominator(refused));
          }
        });
    rows.put(
        "E6",
        f -> {
          // Each element's loss is ln 2 times a weight; the mean divides by the count alone.
          BinaryCrossEntropyWithLogits loss =
              BinaryCrossEntropyWithLogits.DEFAULT.withWeight(Tensor.of(floats(0, 0), 2));
          same(0, f.forward(loss, Tensor.of(new float[2], 2), Tensor.of(new float[2], 2)).loss());
        });
    rows.put(
        "E7",
        f -> {
          Tensor x = Tensor.of(new float[4], 2, 2);
          Loss loss = CrossEntropy.DEFAULT.withWeight(Tensor.of(floats(3, 1), 2));
          LossResult result = f.forwardAndGradient(loss, x, Tensor.of(new int[] {0, 1}, 2));
          assertEquals(4, result.weightSum());
          Expect.losses(doubles(Math.log(2)), new float[] {result.loss()});
          Expect.gradients(doubles(-0.375, 0.375, 0.125, -0.125), result.gradient().toFloatArray());
        });
    rows.put(
        "E8",
        f -> {
          // Both rows have a loss of ln 2, so the mean has, whatever they weigh.
          for (double w : new double[] {3e38, 1e-40}) {
            Loss loss = CrossEntropy.DEFAULT.withWeight(Tensor.of(floats(w, w), 2));
            Tensor x = Tensor.of(new float[4], 2, 2);
            LossResult result = f.forwardAndGradient(loss, x, Tensor.of(new int[] {0, 1}, 2));
            Expect.losses(doubles(Math.log(2)), new float[] {result.loss()});
            Expect.gradients(doubles(-0.25, 0.25, 0.25, -0.25), result.gradient().toFloatArray());
            assertEquals(2.0 * (float) w, result.weightSum());
          }
        });
    rows.put(
        "E9",
        f -> {
          Tensor weight = Tensor.of(floats(INF, 1), 2);
          noMean(f, CrossEntropy.DEFAULT.withWeight(weight), INF, doubles(NAN, NAN, NAN, NAN));
          noMean(f, NllLoss.DEFAULT.withWeight(weight), INF, doubles(NAN, 0, 0, NAN));
        });
    rows.put(
        "E10",
        f -> {
          // The loss of a logit of -x with target 1 is x.
          Tensor x = Tensor.of(floats(-3e38, -3e38), 2);
          LossResult result =
              f.forwardAndGradient(
                  BinaryCrossEntropyWithLogits.DEFAULT, x, Tensor.of(floats(1, 1), 2));
          same(3e38f, result.loss());
          assertEquals(2.0 * 3e38f, result.sum());
          Expect.gradients(doubles(-0.5, -0.5), result.gradient().toFloatArray());
          Loss signs = BinaryCrossEntropyWithLogits.DEFAULT.withWeight(Tensor.of(floats(1, -1), 2));
          same(0f, f.forward(signs, x, Tensor.of(floats(1, 1), 2)).loss());
        });
    rows.put(
        "E11",
        f -> {
          Tensor y = Tensor.of(new int[] {0}, 1);
          NllLoss none = NllLoss.DEFAULT.withReduction(Reduction.NONE);
          Tensor zero = Tensor.of(floats(0, -5), 1, 2);
          same(0f, f.forward(none, zero, y).losses().item());
          same(0f, f.forward(NllLoss.DEFAULT, zero, y).loss());
          Tensor weight = Tensor.of(floats(-0.02, 1), 2);
          Tensor least = Tensor.of(floats(-Float.MIN_VALUE, -5), 1, 2);
          same(-0f, f.forward(none.withWeight(weight), least, y).losses().item());
          same(0f, f.forward(NllLoss.DEFAULT.withWeight(weight), least, y).loss());
        });
    rows.put("R1", f -> same(f.logSumExp(row(-INF, -INF)).item(), Float.NEGATIVE_INFINITY));
    rows.put("R2", f -> same(f.logSumExp(row(0, INF)).item(), Float.POSITIVE_INFINITY));
    rows.put("R3", f -> same(f.logSumExp(row(NAN, INF)).item(), Float.NaN));
    rows.put(
        "R4",
        f -> {
          for (Tensor x : new Tensor[] {row(-INF, -INF), row(0, INF), row(NAN, 0)}) {
            Expect.losses(doubles(NAN, NAN), f.softmax(x).toFloatArray());
            Expect.losses(doubles(NAN, NAN), f.logSoftmax(x).toFloatArray());
          }
        });
    rows.put(
        "R5",
        f -> {
          Expect.losses(doubles(1, 0), f.softmax(row(3, -INF)).toFloatArray());
          Expect.gradients(doubles(0, -INF), f.logSoftmax(row(3, -INF)).toFloatArray());
        });
    rows.put("R6", f -> same(f.max(row(1, NAN)), Float.NaN));
    rows.put(
        "R7",
        f -> {
          same(f.max(row(-0.0, 0.0)), 0f);
          same(f.max(row(0.0, -0.0)), 0f);
          same(f.max(row(-0.0, -1)), -0f);
          same(f.max(row(-INF, -INF)), Float.NEGATIVE_INFINITY);
        });
    Tensor nothing = Tensor.of(new float[0], 0);
    rows.put("R8", f -> assertThrows(IllegalArgumentException.class, () -> f.max(nothing)));
    rows.put(
        "R9",
        f -> {
          same(f.sum(nothing), 0f);
          same(f.mean(nothing), Float.NaN);
        });
    rows.put(
        "R10",
        f -> {
          same(f.sum(row(INF, 1)), Float.POSITIVE_INFINITY);
          same(f.sum(row(INF, -INF)), Float.NaN);
          same(f.sum(row(NAN, 1)), Float.NaN);
        });
    rows.put(
        "R11",
        f ->
            Expect.losses(
                doubles(0, 0.5, 1, NAN),
                f.sigmoid(Tensor.of(floats(-INF, 0, INF, NAN), 4)).toFloatArray()));
    rows.put(
        "R12",
        f -> {
          same(f.mean(row(3e38, 3e38)), 3e38f);
          same(f.sum(row(3e38, 3e38, -3e38)), 3e38f);
          same(f.sum(row(3e38, -3e38, 3e38, -3e38)), 0f);
          same(f.sum(row(3e38, 3e38)), Float.POSITIVE_INFINITY);
        });
    rows.put(
        "R13",
        f -> {
          Tensor none = Tensor.of(new float[0], 2, 0);
          assertEquals(0, f.softmax(none).size());
          assertEquals(0, f.logSoftmax(none).size());
          assertThrows(IllegalArgumentException.class, () -> f.logSumExp(none));
        });
    rows.put(
        "R14", // The product of the term and the total's inverse would be 1 + 2^-23.
        f -> Expect.losses(doubles(1), f.softmax(row(-2.4889555f)).toFloatArray()));
  }

  /** Two rows, targets 0 and 1: no mean, and no gradient of it. */
  private static void noMean(FusedLoss f, Loss loss, double weightSum, double[] gradient) {
    Tensor x = Tensor.of(floats(-1, -2, -3, -5), 2, 2);
    LossResult result = f.forwardAndGradient(loss, x, Tensor.of(new int[] {0, 1}, 2));
    same(Float.NaN, result.loss());
    assertEquals(weightSum, result.weightSum());
    assertEquals(2, result.count());
    Expect.gradients(gradient, result.gradient().toFloatArray());
  }

  private static void emptyBatches(FusedLoss f) {
    Loss[][] losses = new Loss[3][];
    for (Reduction r : Expect.REDUCTIONS) {
      losses[r.ordinal()] =
          new Loss[] {
            CrossEntropy.DEFAULT.withReduction(r),
            NllLoss.DEFAULT.withReduction(r),
            BinaryCrossEntropyWithLogits.DEFAULT.withReduction(r),
            BinaryCrossEntropy.DEFAULT.withReduction(r)
          };
      for (Loss loss : losses[r.ordinal()]) {
        boolean classes = loss instanceof CrossEntropy || loss instanceof NllLoss;
        Tensor x = classes ? Tensor.of(new float[0], 0, 3) : Tensor.of(new float[0], 0);
        Tensor t = classes ? Tensor.of(new long[0], 0) : Tensor.of(new float[0], 0);
        LossResult result = f.forwardAndGradient(loss, x, t);
        switch (r) {
          case MEAN -> same(result.loss(), Float.NaN);
          case SUM -> same(result.loss(), 0f);
          case NONE -> assertArrayEquals(new long[] {0}, result.losses().shape());
        }
        assertArrayEquals(x.shape(), result.gradient().shape());
      }
    }
  }

  private static Tensor row(double... values) {
    return Tensor.of(floats(values), 1, values.length);
  }

  private static void same(float a, float b) {
    assertEquals(Float.floatToRawIntBits(a), Float.floatToRawIntBits(b), a + " and " + b);
  }
}
