package io.github.fusedloss;

import static io.github.fusedloss.Expect.floats;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.function.Consumer;

/** Rows K of docs/semantics.md: distillation. */
final class DistillationSemantics {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;
  private static final double OF_THREE_HALVES = Math.log(1.5);
  private static final Distillation FORWARD = Distillation.FORWARD_KL.withReduction(Reduction.NONE);
  private static final Distillation REVERSE = Distillation.REVERSE_KL.withReduction(Reduction.NONE);
  private static final Distillation JSD = Distillation.jsd(0.5f).withReduction(Reduction.NONE);
  private static final Distillation[] ALL = {FORWARD, REVERSE, JSD};

  private DistillationSemantics() {}

  static void rows(Map<String, Consumer<FusedLoss>> rows) {
    float[][] undefined = {
      floats(NAN, 0, 0), floats(INF, 0, 0), floats(0, INF, 0), floats(-INF, -INF, -INF)
    };
    float[] even = floats(0, 0, 0);
    float[] without = floats(0, -INF, 0);
    rows.put(
        "K1",
        f -> {
          for (float[] x : undefined) {
            for (Distillation loss : ALL) {
              row(f, loss, x, even, NAN, NAN, NAN, NAN);
              row(f, loss, even, x, NAN, NAN, NAN, NAN);
            }
          }
        });
    rows.put(
        "K2",
        f -> {
          for (Distillation loss : ALL) {
            float[] x = floats(0.1, -7, 3.3, -INF);
            row(f, loss.withTemperature(0.7f), x, x, 0, 0, 0, 0, 0);
            row(f, loss, floats(1, 2, -4), floats(1025, 1026, 1020), 0, 0, 0, 0);
          }
        });
    rows.put(
        "K3", f -> row(f, FORWARD, even, without, OF_THREE_HALVES, -1.0 / 6, 1.0 / 3, -1.0 / 6));
    rows.put("K4", f -> row(f, FORWARD, without, even, INF, 1.0 / 6, -1.0 / 3, 1.0 / 6));
    rows.put("K5", f -> row(f, REVERSE, even, without, INF, NAN, NAN, NAN));
    // t = (1/2, 1/4, 1/4), s = (1/2, 0, 1/2)
    double ofSix = Math.log(2) / 2;
    rows.put(
        "K6",
        f -> row(f, REVERSE, without, floats(Math.log(2), 0, 0), ofSix, -ofSix / 2, 0, ofSix / 2));
    rows.put("K7", f -> row(f, JSD, floats(0, -INF), floats(-INF, 0), Math.log(2), 0, 0));
    rows.put(
        "K8",
        f -> {
          for (Distillation loss : ALL) {
            float[] x = floats(1, 0, 2);
            float[] z = floats(0, 3, 1);
            LossResult known = of(f, loss, x, z);
            float[] g = known.gradient().toFloatArray();
            row(
                f,
                loss,
                floats(1, 0, 2, -INF),
                floats(0, 3, 1, -INF),
                known.losses().toFloatArray()[0],
                g[0],
                g[1],
                g[2],
                0);
          }
        });
    rows.put(
        "K9",
        f -> {
          for (float[] x : undefined) {
            for (Distillation loss : ALL) {
              Target target = Target.of(tensor(x)).rowWeights(Tensor.of(floats(0), 1));
              LossResult r = f.forwardAndGradient(loss, tensor(x), target);
              near(r.losses().toFloatArray(), 0);
              near(r.gradient().toFloatArray(), 0, 0, 0);
            }
          }
        });
    rows.put("K10", DistillationSemantics::temperatures);
    rows.put(
        "K11",
        f -> {
          float[] x = floats(1, 0, -2);
          float[] z = floats(0.5, 3, 1);
          for (int beta = 0; beta < 2; beta++) {
            Distillation end = Distillation.jsd(beta).withReduction(Reduction.NONE);
            assertArrayEquals(
                Bits.of(of(f, beta == 0 ? FORWARD : REVERSE, x, z)), Bits.of(of(f, end, x, z)));
          }
        });
    rows.put(
        "K12",
        f -> {
          Tensor x = Tensor.of(floats(0, 0, 0, 0, 0, 0, 0, 0, 0), 3, 3);
          Tensor z = Tensor.of(floats(0, -INF, 0, 0, 0, 0, 0, -INF, 0), 3, 3);
          Target target = Target.of(z).mask(Tensor.of(new boolean[] {true, true, false}, 3));
          LossResult r = f.forwardAndGradient(Distillation.FORWARD_KL, x, target);
          assertEquals(OF_THREE_HALVES / 2, r.loss(), 1e-7);
          assertEquals(2, r.count());
          near(r.gradient().toFloatArray(), -1.0 / 12, 1.0 / 6, -1.0 / 12, 0, 0, 0, 0, 0, 0);
        });
    // 40 digits: t log(2 t) + (1 - t) log(2 - 2 t), t = 1 / (1 + exp(-z)).
    rows.put("K13", f -> row(f, FORWARD, floats(0, 0), floats(0x1p-10, 0), NEAR, -SLOPE, SLOPE));
  }

  private static final double NEAR = 1.1920927533992804e-7;
  private static final double SLOPE = 2.4414060559744821e-4;

  private static void temperatures(FusedLoss f) {
    float[] x = floats(2, 0, -4);
    float[] z = floats(1, 6, 2);
    float[] halfX = floats(1, 0, -2);
    float[] halfZ = floats(0.5, 3, 1);
    for (Distillation loss : ALL) {
      LossResult half = of(f, loss, halfX, halfZ);
      float value = half.losses().toFloatArray()[0];
      float[] g = half.gradient().toFloatArray();
      Distillation cool = loss.withTemperature(2);
      row(f, cool, x, z, value, g[0] / 2, g[1] / 2, g[2] / 2);
      Distillation squared = cool.withTemperatureSquared(true);
      row(f, squared, x, z, value * 4, g[0] * 2, g[1] * 2, g[2] * 2);
    }
  }

  /** NaN is the canonical one; infinities and whole numbers are exact, others to 8 ULP. */
  private static void near(float[] actual, double... expected) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      float e = (float) expected[i];
      String text = i + ": expected " + expected[i] + ", came " + actual[i];
      if (Float.isNaN(e)) {
        assertEquals(0x7fc00000, Float.floatToRawIntBits(actual[i]), text);
      } else {
        double most = e == Math.rint(e) ? 0 : 8 * Math.ulp(e);
        assertTrue(e == actual[i] || Math.abs(expected[i] - actual[i]) <= most, text);
      }
    }
  }

  private static Tensor tensor(float[] row) {
    return Tensor.of(row, 1, row.length);
  }

  private static LossResult of(FusedLoss f, Distillation loss, float[] x, float[] z) {
    return f.forwardAndGradient(loss, tensor(x), tensor(z));
  }

  /** Beside a row of its own, which nothing reaches. */
  private static void row(
      FusedLoss f, Distillation loss, float[] x, float[] z, double value, double... gradient) {
    int n = x.length;
    float[] two = new float[2 * n];
    float[] teacher = new float[2 * n];
    System.arraycopy(x, 0, two, 0, n);
    System.arraycopy(z, 0, teacher, 0, n);
    LossResult r = f.forwardAndGradient(loss, Tensor.of(two, 2, n), Tensor.of(teacher, 2, n));
    near(r.losses().toFloatArray(), value, 0);
    double[] both = new double[2 * n];
    System.arraycopy(gradient, 0, both, 0, n);
    near(r.gradient().toFloatArray(), both);
  }
}
