package io.github.fusedloss;

import static io.github.fusedloss.Expect.doubles;
import static io.github.fusedloss.Expect.floats;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.reference.ReferenceCrossEntropy;
import io.github.fusedloss.reference.ReferenceLoss;
import io.github.fusedloss.reference.RowOptions;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Rows C and N of docs/semantics.md: cross entropy and the negative log likelihood. */
final class ClassSemantics {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;
  private static final double TWO = Math.log(2);
  private static final CrossEntropy PLAIN = CrossEntropy.DEFAULT.withReduction(Reduction.NONE);
  private static final NllLoss NLL = NllLoss.DEFAULT.withReduction(Reduction.NONE);

  private ClassSemantics() {}

  static void rows(Map<String, Consumer<FusedLoss>> rows) {
    float[][] undefined = {
      floats(NAN, 0, 0), floats(INF, 0, 0), floats(0, INF, 0), floats(-INF, -INF, -INF)
    };
    rows.put(
        "C1",
        f -> {
          for (float[] x : undefined) {
            row(f, PLAIN, x, 0, NAN, doubles(NAN, NAN, NAN));
          }
        });
    rows.put("C2", f -> row(f, PLAIN, floats(0, -INF, 0), 1, INF, doubles(0.5, -1, 0.5)));
    rows.put("C3", f -> row(f, PLAIN, floats(0, -INF, 0), 0, TWO, doubles(-0.5, 0, 0.5)));
    rows.put(
        "C4",
        f -> {
          for (float[] x : undefined) {
            row(f, PLAIN, x, -100, 0, doubles(0, 0, 0));
          }
        });
    rows.put("C5", ClassSemantics::refusesWhatIsNoClass);
    rows.put(
        "C6",
        f -> {
          row(f, PLAIN.withIgnoreIndex(1), floats(0, 0), 1, 0, doubles(0, 0));
          row(f, PLAIN.withIgnoreIndex(1), floats(0, 0), 0, TWO, doubles(-0.5, 0.5));
        });
    rows.put(
        "C7",
        f -> {
          CrossEntropy l = PLAIN.withWeight(Tensor.of(floats(1, 0, 1), 3));
          one(f, l, floats(0, -INF, 0), 1, 0, doubles(0, 0, 0));
        });
    rows.put(
        "C8",
        f -> {
          CrossEntropy l = PLAIN.withWeight(Tensor.of(floats(0, 0, 0), 3));
          one(f, l, floats(NAN, 0, 0), 1, NAN, doubles(NAN, NAN, NAN));
          one(
              f,
              PLAIN.withWeight(Tensor.of(floats(1, NAN, 1), 3)),
              floats(0, 0, 0),
              1,
              NAN,
              doubles(NAN, NAN, NAN));
        });
    // The smoothed targets are (1/2, 1/4, 1/4).
    CrossEntropy smooth = PLAIN.withLabelSmoothing(0.75f);
    rows.put(
        "C9",
        f -> {
          one(f, smooth, floats(0, -INF, 0), 0, INF, doubles(0, -0.25, 0.25));
          for (int y : new int[] {0, 1}) {
            CrossEntropy uniform = PLAIN.withLabelSmoothing(1);
            double[] gradient = doubles(0.25, -0.25, 0.25, -0.25);
            one(f, uniform, floats(0, -INF, 0, -INF), y, INF, gradient);
          }
        });
    rows.put(
        "C10",
        f ->
            one(
                f,
                smooth.withWeight(Tensor.of(floats(1, 0, 1), 3)),
                floats(0, -INF, 0),
                0,
                0.75 * TWO,
                doubles(-0.125, 0, 0.125)));
    rows.put(
        "C11", f -> probable(f, floats(0, -INF, 0), floats(1, 0, 0), TWO, doubles(-0.5, 0, 0.5)));
    rows.put(
        "C12",
        f -> probable(f, floats(0, -INF, 0), floats(0.5, 0.5, 0), INF, doubles(0, -0.5, 0.5)));
    rows.put(
        "C13",
        f -> {
          for (float[] x : undefined) {
            probable(f, x, floats(0, 0, 0), NAN, doubles(NAN, NAN, NAN));
          }
          probable(f, floats(0, 0, 0), floats(1, NAN, 0), NAN, doubles(NAN, NAN, NAN));
        });
    rows.put(
        "C14",
        f -> {
          for (float shift : new float[] {1e4f, 1e8f, -1e4f, -1e8f}) {
            row(f, PLAIN, floats(shift, shift), 0, TWO, doubles(-0.5, 0.5));
            row(
                f,
                PLAIN,
                floats(shift + 16, shift),
                1,
                16 + Math.log1p(Math.exp(-16)),
                doubles(1 / (1 + Math.exp(-16)), -1 / (1 + Math.exp(-16))));
          }
        });
    double rest = Math.exp(-17);
    rows.put(
        "C15",
        f ->
            row(
                f,
                PLAIN,
                floats(17, 0, 0, 0),
                0,
                Math.log1p(3 * rest),
                doubles(
                    -3 * rest / (1 + 3 * rest),
                    rest / (1 + 3 * rest),
                    rest / (1 + 3 * rest),
                    rest / (1 + 3 * rest))));
    // For (0, ln 3, -inf) the logsumexp is ln 4 and the softmax (1/4, 3/4, 0).
    float[] quarters = floats(0, Math.log(3), -INF);
    double z = 0.5 * Math.log(4) * Math.log(4);
    double slope = Math.log(4);
    CrossEntropy withZ = PLAIN.withZLoss(0.5f);
    rows.put(
        "C23",
        f -> {
          double[] gradient = doubles(slope / 4 - 0.75, slope * 0.75 + 0.75, 0);
          row(f, withZ, quarters, 0, Math.log(4) + z, gradient);
          one(
              f,
              withZ.withWeight(Tensor.of(floats(0, 1, 1), 3)),
              quarters,
              0,
              z,
              doubles(slope / 4, slope * 0.75, 0));
          // Checks smoothing and class probabilities, too.
          float[] finite = floats(0, Math.log(3));
          one(
              f,
              withZ.withLabelSmoothing(1),
              finite,
              0,
              Math.log(4) - Math.log(3) / 2 + z,
              doubles(slope / 4 - 0.25, slope * 0.75 + 0.25));
          LossResult result =
              f.forwardAndGradient(
                  withZ, Tensor.of(finite, 1, 2), Tensor.of(floats(0.5, 0.5), 1, 2));
          Expect.losses(doubles(Math.log(4) - Math.log(3) / 2 + z), result.losses().toFloatArray());
          Expect.gradients(
              doubles(slope / 4 - 0.25, slope * 0.75 + 0.25), result.gradient().toFloatArray());
        });
    rows.put(
        "C24",
        f -> {
          for (float[] x : undefined) {
            row(f, withZ, x, 0, NAN, doubles(NAN, NAN, NAN));
            one(f, withZ, x, -100, 0, doubles(0, 0, 0));
          }
        });
    rows.put(
        "C25",
        f -> {
          one(f, withZ, quarters, 2, INF, doubles(0.25 + slope / 4, 0.75 + slope * 0.75, -1));
          Tensor y = Tensor.of(new long[] {2}, 1);
          assertEquals(z, f.forward(withZ, Tensor.of(quarters, 1, 3), y).zLossSum(), 1e-6);
        });
    rows.put("C26", ClassSemantics::meansOfZLosses);
    LogitTransform cap = LogitTransform.NONE.withSoftcap(2);
    rows.put(
        "C27",
        f ->
            one(
                f,
                PLAIN.withLogits(cap),
                floats(-INF, INF),
                0,
                Math.log1p(Math.exp(4)),
                doubles(0, 0)));
    rows.put(
        "C28",
        f -> {
          LogitTransform warm = LogitTransform.NONE.withTemperature(2);
          one(f, PLAIN.withLogits(warm), floats(0, -INF, 0), 0, TWO, doubles(-0.25, 0, 0.25));
          LogitTransform out = LogitTransform.NONE.withBias(Tensor.of(floats(0, -INF, 0), 3));
          one(f, PLAIN.withLogits(out), floats(0, 9, 0), 0, TWO, doubles(-0.5, 0, 0.5));
        });
    rows.put(
        "C29",
        f -> {
          LogitTransform all = cap.withTemperature(0.5f).withBias(Tensor.of(floats(1, 2), 2));
          one(f, PLAIN.withLogits(all), floats(NAN, 0), -100, 0, doubles(0, 0));
          one(f, PLAIN.withLogits(all), floats(NAN, 0), 0, NAN, doubles(NAN, NAN));
        });
    rows.put("C16", f -> one(f, PLAIN, floats(5), 0, 0, doubles(0)));
    rows.put(
        "C17",
        f -> {
          row(f, PLAIN, floats(3e38f, 3e38f), 0, TWO, doubles(-0.5, 0.5));
          row(f, PLAIN, floats(3e38f, 0), 1, 3e38f, doubles(1, -1));
          row(f, PLAIN, floats(3e38f, -3e38f), 1, INF, doubles(1, -1));
        });
    rows.put("C18", ClassSemantics::blocksEachSideOfTheSwitch);
    rows.put("C19", ClassSemantics::longMaskedRows);
    rows.put(
        "C20",
        f -> {
          Tensor none = Tensor.of(new float[0], 2, 0);
          for (Tensor target : new Tensor[] {none, Tensor.of(new int[2], 2)}) {
            for (Reduction reduction : Expect.REDUCTIONS) {
              IllegalArgumentException e =
                  assertThrows(
                      IllegalArgumentException.class,
                      () -> f.forward(PLAIN.withReduction(reduction), none, target));
              assertTrue(e.getMessage().contains("input must have at least one class"));
            }
          }
        });
    double far = 2 * (double) 3e38f;
    rows.put(
        "C21",
        f -> {
          float[] x = floats(3e38f, -3e38f);
          probable(f, x, floats(0.9f, 0.1f), 0.1f * far, doubles(0.1f, -0.1f));
          CrossEntropy half = PLAIN.withLabelSmoothing(0.5f);
          one(f, half, x, 0, far / 4, doubles(0.25, -0.25));
          float[] many = new float[100];
          Arrays.fill(many, -3e38f);
          many[7] = 3e38f;
          double[] gradient = new double[100];
          Arrays.fill(gradient, -0.005);
          gradient[7] = 0.495;
          one(f, half, many, 7, 0.495 * far, gradient);
        });
    rows.put(
        "C22",
        f -> {
          CrossEntropy uniform = PLAIN.withLabelSmoothing(1);
          for (int y = 0; y < 2; y++) {
            one(f, uniform, floats(0, 0), y, TWO, doubles(0, 0));
            one(
                f,
                uniform.withWeight(Tensor.of(floats(0, 2), 2)),
                floats(0, 0),
                y,
                TWO,
                doubles(0.5, -0.5));
          }
          for (float w : floats(INF, -INF)) {
            CrossEntropy l = uniform.withWeight(Tensor.of(floats(1, w), 2));
            try (LossResult r =
                f.forward(l, Tensor.of(floats(3, 2), 1, 2), Tensor.of(new int[] {1}, 1))) {
              Expect.losses(doubles(w), r.losses().toFloatArray());
            }
          }
        });
    rows.put("N1", f -> row(f, NLL, floats(-INF, 0, 0), 0, INF, doubles(-1, 0, 0)));
    rows.put("N2", f -> row(f, NLL, floats(NAN, 0, 0), 0, NAN, doubles(NAN, 0, 0)));
    rows.put("N3", f -> row(f, NLL, floats(-2, NAN, INF), 0, 2, doubles(-1, 0, 0)));
    rows.put("N4", f -> row(f, NLL, floats(NAN, -INF, INF), -100, 0, doubles(0, 0, 0)));
    rows.put(
        "N5",
        f -> {
          NllLoss l = NLL.withWeight(Tensor.of(floats(0, 5), 2));
          one(f, l, floats(-INF, 0), 0, 0, doubles(0, 0));
          one(f, l, floats(NAN, 0), 0, NAN, doubles(NAN, 0));
        });
    rows.put(
        "N6",
        f -> {
          NllLoss l = NLL.withWeight(Tensor.of(floats(3, 5), 2));
          one(f, l, floats(0, -5), 0, 0, doubles(-3, 0));
          one(f, NLL, floats(-0.0, -5), 0, 0, doubles(-1, 0));
        });
  }

  private static void refusesWhatIsNoClass(FusedLoss f) {
    // The last one has low 32 bits that are a class.
    long[] none = {3, -1, Integer.MAX_VALUE, Long.MIN_VALUE, (1L << 32) + 1};
    for (Loss loss : new Loss[] {PLAIN, NLL}) {
      for (long bad : none) {
        IndexOutOfBoundsException e =
            assertThrows(
                IndexOutOfBoundsException.class,
                () ->
                    f.forwardAndGradient(
                        loss,
                        Tensor.of(new float[12], 4, 3),
                        Tensor.of(new long[] {0, 1, bad, 9}, 4)));
        assertTrue(e.getMessage().contains("target[2]"), e.getMessage());
        assertTrue(e.getMessage().contains("got " + bad), e.getMessage());
      }
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> f.forward(loss, Tensor.of(new float[3], 1, 3), Tensor.of(new int[] {-3}, 1)));
    }
    row(f, PLAIN, floats(0, 0), 0, TWO, doubles(-0.5, 0.5));
  }

  /** Above 2^14 exponentials are taken relative to the maximum itself: blocks of both kinds. */
  private static void blocksEachSideOfTheSwitch(FusedLoss f) {
    SplittableRandom random = new SplittableRandom(3);
    // One element in the second block; two full blocks; three blocks.
    for (int classes : new int[] {4097, 8192, 8200}) {
      for (float[] level : new float[][] {{16385, 16380}, {16380, 16385}, {16384, 16384}}) {
        float[] x = new float[classes];
        for (int c = 0; c < classes; c++) {
          x[c] = level[c / 4096 % 2] - (float) (random.nextDouble() * 12);
        }
        x[7] = level[0];
        x[classes - 1] = level[(classes - 1) / 4096 % 2];
        for (int y : new int[] {7, classes - 1, 100}) {
          ReferenceLoss expected =
              ReferenceCrossEntropy.ofIndices(x, 1, classes, 1, new long[] {y}, RowOptions.DEFAULT);
          LossResult result =
              f.forwardAndGradient(PLAIN, Tensor.of(x, 1, classes), Tensor.of(new long[] {y}, 1));
          Expect.losses(expected.loss(), result.losses().toFloatArray());
          Expect.hardGradients(expected.gradient(), result.gradient().toFloatArray());
        }
      }
    }
  }

  private static void longMaskedRows(FusedLoss f) {
    int classes = 100_000;
    float[] x = new float[classes];
    Arrays.fill(x, 0, 40_000, Float.NEGATIVE_INFINITY);
    double[] gradient = new double[classes];
    for (boolean first : new boolean[] {true, false}) {
      for (int c = 0; c < classes; c++) {
        boolean masked = first ? c < 40_000 : c >= 60_000;
        x[c] = masked ? Float.NEGATIVE_INFINITY : 0f;
        gradient[c] = masked ? 0 : 1.0 / 60_000;
      }
      gradient[50_000] -= 1;
      one(f, PLAIN, x, 50_000, Math.log(60_000), gradient);
    }
  }

  /** Three rows, one of them ignored, weights 1 and 3: the mean of the losses is over 4. */
  private static void meansOfZLosses(FusedLoss f) {
    Tensor x = Tensor.of(floats(0, 0, 0, Math.log(3), 5, 7), 3, 2);
    Tensor y = Tensor.of(new long[] {0, 1, -100}, 3);
    CrossEntropy loss = CrossEntropy.DEFAULT.withZLoss(0.5f).withWeight(Tensor.of(floats(1, 3), 2));
    double sum = TWO + 3 * (Math.log(4) - Math.log(3));
    double z = 0.5 * (TWO * TWO + Math.log(4) * Math.log(4));
    try (LossResult mean = f.forwardAndGradient(loss, x, y);
        LossResult given = f.forward(loss.withDenominator(8), x, y);
        LossResult added = f.forward(loss.withReduction(Reduction.SUM), x, y);
        LossResult none = f.forward(loss.withReduction(Reduction.NONE), x, y)) {
      assertEquals(sum / 4 + z / 2, mean.loss(), 1e-6);
      assertEquals(z / 2, mean.zLoss(), 1e-6);
      assertEquals(sum, mean.sum(), 1e-6);
      assertEquals(z, mean.zLossSum(), 1e-6);
      assertEquals((sum + z) / 8, given.loss(), 1e-6);
      assertEquals(z / 8, given.zLoss(), 1e-6);
      assertEquals(sum + z, added.loss(), 1e-6);
      assertEquals(z, added.zLoss(), 1e-6);
      assertThrows(IllegalStateException.class, none::zLoss);
      double first = TWO / 2 / 2; // 2 lambda lse p over 2 rows
      double second = Math.log(4) / 2;
      Expect.gradients(
          doubles(
              -0.5 / 4 + first,
              0.5 / 4 + first,
              0.75 / 4 + second / 4,
              -0.75 / 4 + second * 0.75,
              0,
              0),
          mean.gradient().toFloatArray());
    }
    try (LossResult plain = f.forward(CrossEntropy.DEFAULT, x, y)) {
      assertEquals(0f, plain.zLoss());
      assertEquals(0.0, plain.zLossSum());
    }
  }

  /** A row alone, between other rows, with its classes apart in memory, and as a long row. */
  private static void row(
      FusedLoss f, Loss loss, float[] x, long y, double expected, double[] gradient) {
    one(f, loss, x, y, expected, gradient);
    int classes = x.length;
    for (int inner : new int[] {1, 3}) {
      float[] many = new float[3 * classes];
      long[] target = {0, y, 0};
      for (int c = 0; c < classes; c++) {
        many[inner == 1 ? classes + c : c * 3 + 1] = x[c];
      }
      Tensor input = inner == 1 ? Tensor.of(many, 3, classes) : Tensor.of(many, 1, classes, 3);
      Tensor targets = inner == 1 ? Tensor.of(target, 3) : Tensor.of(target, 1, 3);
      LossResult result = f.forwardAndGradient(loss, input, targets);
      float[] losses = result.losses().toFloatArray();
      float[] gradients = result.gradient().toFloatArray();
      Expect.losses(doubles(expected), new float[] {losses[1]});
      // The neighbours know nothing of it.
      boolean ignored = loss instanceof CrossEntropy l && l.ignoreIndex() == 0;
      double log = Math.log(classes);
      double ofZ = loss instanceof CrossEntropy l ? l.zLoss() * log * log : 0;
      double other = loss instanceof NllLoss || ignored ? 0 : log + ofZ;
      assertEquals(other, Math.abs(losses[0]), 1e-6);
      assertEquals(other, Math.abs(losses[2]), 1e-6);
      float[] own = new float[classes];
      for (int c = 0; c < classes; c++) {
        own[c] = gradients[inner == 1 ? classes + c : c * 3 + 1];
      }
      Expect.gradients(gradient, own);
    }
    // 100 classes are beyond what is summed in order; masked classes change nothing.
    float[] masked = Arrays.copyOf(x, 100);
    Arrays.fill(masked, classes, 100, Float.NEGATIVE_INFINITY);
    double[] wide = Arrays.copyOf(gradient, 100);
    if (loss instanceof CrossEntropy && Double.isNaN(expected)) {
      Arrays.fill(wide, NAN);
    }
    one(f, loss, masked, y, expected, wide);
  }

  private static void one(
      FusedLoss f, Loss loss, float[] x, long y, double expected, double[] gradient) {
    LossResult result =
        f.forwardAndGradient(loss, Tensor.of(x, 1, x.length), Tensor.of(new long[] {y}, 1));
    Expect.losses(doubles(expected), result.losses().toFloatArray());
    Expect.gradients(gradient, result.gradient().toFloatArray());
  }

  private static void probable(
      FusedLoss f, float[] x, float[] q, double expected, double[] gradient) {
    for (int classes : new int[] {x.length, 100}) {
      float[] masked = Arrays.copyOf(x, classes);
      Arrays.fill(masked, x.length, classes, Float.NEGATIVE_INFINITY);
      double[] wide = Arrays.copyOf(gradient, classes);
      Arrays.fill(wide, x.length, classes, Double.isNaN(expected) ? NAN : 0);
      LossResult result =
          f.forwardAndGradient(
              PLAIN,
              Tensor.of(masked, 1, classes),
              Tensor.of(Arrays.copyOf(q, classes), 1, classes));
      Expect.losses(doubles(expected), result.losses().toFloatArray());
      Expect.gradients(wide, result.gradient().toFloatArray());
    }
  }
}
