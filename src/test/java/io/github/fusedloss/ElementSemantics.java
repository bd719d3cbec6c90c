package io.github.fusedloss;

import static io.github.fusedloss.Expect.floats;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.function.Consumer;

/** Rows F, S and D of docs/semantics.md: focal losses, and the Kullback-Leibler divergence. */
final class ElementSemantics {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;
  private static final SigmoidFocalLoss FOCAL = SigmoidFocalLoss.DEFAULT;
  private static final KlDivLoss KL = KlDivLoss.DEFAULT;
  private static final KlDivLoss LOG = KL.withLogTarget(true);

  private ElementSemantics() {}

  static void rows(Map<String, Consumer<FusedLoss>> rows) {
    rows.put(
        "F1",
        f -> {
          for (float gamma : new float[] {0, 0.5f, 2, 3}) {
            one(f, FOCAL.withGamma(gamma), INF, 1, 0, 0);
            one(f, FOCAL.withGamma(gamma), -INF, 0, 0, 0);
          }
        });
    rows.put(
        "F2",
        f -> {
          for (float gamma : new float[] {0, 0.5f, 2, 3}) {
            one(f, FOCAL.withGamma(gamma), INF, 0, INF, 0.75);
            one(f, FOCAL.withGamma(gamma), -INF, 1, INF, -0.25);
            one(f, FOCAL.withGamma(gamma).withAlpha(-1), INF, 0, INF, 1);
          }
        });
    rows.put(
        "F3",
        f -> {
          // alpha_t = 0.625, Q = 3/4; then 0.375, Q = 3/4.
          one(f, FOCAL, INF, 0.25, INF, 0.625 * 0.5625 * 0.75);
          one(f, FOCAL, -INF, 0.75, INF, -0.375 * 0.5625 * 0.75);
          one(f, FOCAL.withGamma(1), INF, 0.25, INF, 0.625 * 0.75 * 0.75);
        });
    rows.put(
        "F4",
        f -> {
          for (float gamma : new float[] {2, 3}) {
            for (double t : new double[] {NAN, -0.5, 1.5}) {
              one(f, FOCAL.withGamma(gamma), 1, t, NAN, NAN);
            }
            one(f, FOCAL.withGamma(gamma), NAN, 1, NAN, NAN);
            one(f, FOCAL.withGamma(gamma).withWeight(weight(NAN)), 1, 1, NAN, NAN);
          }
        });
    rows.put(
        "F5",
        f -> {
          for (double x : new double[] {-12, -15}) {
            // t = 0: 0.75 p^2 softplus(x), and its derivative 0.75 p^2 (2 (1 - p) softplus(x) + p).
            double p = Math.exp(x) / (1 + Math.exp(x));
            double softplus = Math.log1p(Math.exp(x));
            double gradient = 0.75 * p * p * (2 * softplus / (1 + Math.exp(x)) + p);
            LossResult r = f.forwardAndGradient(sum(FOCAL), number(x), number(0));
            assertEquals(0.75 * p * p * softplus, r.loss(), 2e-7 * 0.75 * p * p * softplus);
            assertEquals(gradient, r.gradient().toFloatArray()[0], 4e-7 * gradient);
          }
        });
    rows.put("F6", f -> one(f, FOCAL.withWeight(weight(0)), INF, 0, 0, 0));
    rows.put(
        "F7",
        f -> {
          Tensor x = Tensor.of(floats(-3, -0.5, 0, 2, 90), 5);
          Tensor t = Tensor.of(floats(1, 0, 0.25, 0.75, 0), 5);
          Loss bce = BinaryCrossEntropyWithLogits.DEFAULT.withReduction(Reduction.NONE);
          Loss focal = FOCAL.withGamma(0).withAlpha(-1).withReduction(Reduction.NONE);
          LossResult expected = f.forwardAndGradient(bce, x, t);
          LossResult actual = f.forwardAndGradient(focal, x, t);
          Expect.gradients(
              Expect.doubles(expected.losses().toFloatArray()), actual.losses().toFloatArray());
          Expect.gradients(
              Expect.doubles(expected.gradient().toFloatArray()), actual.gradient().toFloatArray());
        });
    rows.put(
        "F8",
        f -> {
          for (float gamma : new float[] {0.5f, 2}) {
            SigmoidFocalLoss capped =
                FOCAL.withGamma(gamma).withLogits(LogitTransform.NONE.withSoftcap(3));
            double missed = 1 / (1 + Math.exp(-3));
            double loss = Math.pow(missed, gamma) * Math.log1p(Math.exp(3));
            one(f, capped, INF, 0, 0.75 * loss, 0);
            one(f, capped, -INF, 1, 0.25 * loss, 0);
          }
        });
    rows.put(
        "F9",
        f -> {
          SigmoidFocalLoss cooled = FOCAL.withLogits(LogitTransform.NONE.withTemperature(2));
          SigmoidFocalLoss capped = FOCAL.withLogits(LogitTransform.NONE.withSoftcap(3));
          one(f, cooled, INF, 1, 0, 0);
          one(f, cooled, INF, 0, INF, 0.375);
          one(f, cooled, -INF, 0.75, INF, -0.5 * 0.375 * 0.5625 * 0.75);
          one(f, cooled, NAN, 1, NAN, NAN);
          one(f, capped, NAN, 1, NAN, NAN);
        });
    rows.put(
        "D1",
        f -> {
          for (double x : new double[] {-1, 0, INF, -INF}) {
            one(f, KL, x, 0, 0, 0);
            one(f, KL, x, -0.0, 0, 0);
          }
        });
    rows.put("D2", f -> one(f, KL, -INF, 0.25, INF, -0.25));
    rows.put("D3", f -> one(f, KL, -1, -0.25, NAN, 0.25));
    rows.put(
        "D4",
        f -> {
          for (double x : new double[] {-1, 0, INF, -INF}) {
            one(f, LOG, x, -INF, 0, 0);
          }
        });
    rows.put("D5", f -> one(f, LOG, -INF, -1, INF, -Math.exp(-1)));
    rows.put(
        "D6",
        f -> {
          one(f, KL, NAN, 0.25, NAN, -0.25);
          one(f, KL, NAN, 0, NAN, 0);
          one(f, LOG, NAN, 0, NAN, -1);
          one(f, KL, -1, NAN, NAN, NAN);
          one(f, LOG, -1, NAN, NAN, NAN);
        });
    rows.put("D7", ElementSemantics::batchMean);
    rowsOfFocalLoss(rows);
  }

  private static void row(FusedLoss f, Loss loss, double[] x, int y, double l, double... gradient) {
    Tensor input = Tensor.of(floats(x), 1, x.length);
    LossResult r =
        f.forwardAndGradient(
            loss.withReduction(Reduction.NONE), input, Tensor.of(new int[] {y}, 1));
    Expect.losses(doubles(l), r.losses().toFloatArray());
    Expect.hardGradients(gradient, r.gradient().toFloatArray());
  }

  private static void rowsOfFocalLoss(Map<String, Consumer<FusedLoss>> rows) {
    SoftmaxFocalLoss focal = SoftmaxFocalLoss.DEFAULT;
    SoftmaxFocalLoss weighted = focal.withWeight(Tensor.of(floats(2, 0, 1), 3));
    rows.put(
        "S1",
        f -> {
          row(f, focal, doubles(-INF, 0, 0), 0, INF, -1, 0.5, 0.5);
          row(f, weighted, doubles(-INF, 0, 0), 0, INF, -2, 1, 1);
        });
    rows.put("S2", f -> row(f, focal, doubles(3, -INF, -INF), 0, 0, 0, 0, 0));
    rows.put(
        "S3",
        f -> {
          // u = 3 exp(-17): O = u / (1 + u), the loss O^2 log(1 + u), F = O^2 (1 + 2 p l / O).
          double u = 3 * Math.exp(-17);
          double others = u / (1 + u);
          double l = Math.log1p(u);
          double factor = others * others * (1 + 2 / (1 + u) * l / others);
          Tensor x = Tensor.of(floats(17, 0, 0, 0), 1, 4);
          LossResult r = f.forwardAndGradient(sum(focal), x, Tensor.of(new int[] {0}, 1));
          double loss = others * others * l;
          assertEquals(loss, r.loss(), 4e-7 * loss);
          float[] g = r.gradient().toFloatArray();
          assertEquals(-factor * others, g[0], 6e-7 * factor * others);
          assertEquals(factor * others / 3, g[1], 6e-7 * factor * others);
        });
    rows.put(
        "S4",
        f -> {
          for (double odd : new double[] {NAN, INF}) {
            row(f, focal, doubles(0, odd, 0), 0, NAN, NAN, NAN, NAN);
          }
          row(f, focal, doubles(-INF, -INF, -INF), 0, NAN, NAN, NAN, NAN);
        });
    rows.put(
        "S5",
        f -> {
          Tensor x = Tensor.of(floats(1, 2, -1, 0, 9, 0, 3, 3, 3), 3, 3);
          Tensor y = Tensor.of(new int[] {1, 0, -100}, 3);
          Loss ce = CrossEntropy.DEFAULT.withReduction(Reduction.NONE);
          LossResult expected = f.forwardAndGradient(ce, x, y);
          LossResult actual =
              f.forwardAndGradient(focal.withGamma(0).withReduction(Reduction.NONE), x, y);
          Expect.losses(
              Expect.doubles(expected.losses().toFloatArray()), actual.losses().toFloatArray());
          Expect.gradients(
              Expect.doubles(expected.gradient().toFloatArray()), actual.gradient().toFloatArray());
        });
    rows.put("S6", f -> row(f, weighted, doubles(0, -INF, 0), 1, 0, 0, 0, 0));
  }

  private static void batchMean(FusedLoss f) {
    // Two samples of three classes: 0.5 log 0.5 + 1.5, and 0.25 log 0.25 + 0.5.
    Tensor x = Tensor.of(floats(-3, -1, -1, -1, -2, -1), 2, 3);
    Tensor t = Tensor.of(floats(0.5, 0, 0, 0, 0.25, 0), 2, 3);
    LossResult r = f.forwardAndGradient(KL.withReduction(Reduction.BATCHMEAN), x, t);
    double sum = 0.5 * Math.log(0.5) + 1.5 + 0.25 * Math.log(0.25) + 0.5;
    assertEquals(sum / 2, r.loss(), 1e-7);
    Expect.gradients(doubles(0.25, 0, 0, 0, 0.125, 0), negated(r.gradient().toFloatArray()));
    for (Loss other : new Loss[] {FOCAL, CrossEntropy.DEFAULT}) {
      assertThrows(IllegalArgumentException.class, () -> other.withReduction(Reduction.BATCHMEAN));
    }
  }

  private static float[] negated(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = 0f - values[i];
    }
    return values;
  }

  private static double[] doubles(double... values) {
    return Expect.doubles(values);
  }

  private static Tensor number(double value) {
    return Tensor.of(new float[] {(float) value}, 1);
  }

  private static Tensor weight(double value) {
    return number(value);
  }

  private static Loss sum(Loss loss) {
    return loss.withReduction(Reduction.SUM);
  }

  /** Alone, and in the middle of a block that is long enough for vectors and loops. */
  private static void one(FusedLoss f, Loss loss, double x, double t, double l, double g) {
    Loss none = loss.withReduction(Reduction.NONE);
    for (int n : new int[] {1, 200}) {
      float[] xs = new float[n];
      float[] ts = new float[n];
      xs[n / 2] = (float) x;
      ts[n / 2] = (float) t;
      LossResult r = f.forwardAndGradient(none, Tensor.of(xs, n), Tensor.of(ts, n));
      Expect.losses(doubles(l), new float[] {r.losses().toFloatArray()[n / 2]});
      Expect.gradients(doubles(g), new float[] {r.gradient().toFloatArray()[n / 2]});
    }
  }
}
