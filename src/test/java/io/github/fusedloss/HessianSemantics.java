package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

/** Rows H of docs/semantics.md: second derivatives. */
final class HessianSemantics {
  private static final float INF = Float.POSITIVE_INFINITY;
  private static final float NAN = Float.NaN;
  private static final CrossEntropy ROWS = CrossEntropy.DEFAULT.withReduction(Reduction.SUM);
  private static final SoftmaxFocalLoss FOCAL =
      SoftmaxFocalLoss.DEFAULT.withReduction(Reduction.SUM);
  private static final BinaryCrossEntropyWithLogits BINARY =
      BinaryCrossEntropyWithLogits.DEFAULT.withReduction(Reduction.SUM);

  private HessianSemantics() {}

  private static float[] hessian(FusedLoss f, Loss loss, Tensor x, Target t, Hessian kind) {
    try (LossResult result = f.forwardGradientAndHessian(loss, x, t, kind)) {
      return result.hessian().toFloatArray();
    }
  }

  private static void same(float[] expected, float[] actual) {
    assertArrayEquals(Bits.of(expected), Bits.of(actual));
  }

  private static float[] all(int n, float value) {
    float[] values = new float[n];
    Arrays.fill(values, value);
    return values;
  }

  private static Tensor floats(float... values) {
    return Tensor.of(values, values.length);
  }

  static void rows(Map<String, Consumer<FusedLoss>> rows) {
    rows.put(
        "H1",
        f -> {
          Tensor x = floats(INF, -INF, INF, -INF);
          Target t = Target.of(floats(0, 0, 1, 0.5f));
          same(all(4, 0f), hessian(f, BINARY, x, t, Hessian.EXACT));
          same(all(4, 1e-16f), hessian(f, BINARY, x, t, Hessian.XGBOOST));
          for (float gamma : new float[] {2, 1.5f}) {
            SigmoidFocalLoss focal = SigmoidFocalLoss.DEFAULT.withGamma(gamma);
            for (float h : hessian(f, focal, x, t, Hessian.EXACT)) {
              assertEquals(0f, h);
            }
          }
        });
    rows.put(
        "H2",
        f -> {
          Tensor x = floats(NAN, 1, 1, 1);
          Target t = Target.of(floats(0, NAN, 1, 1));
          Tensor w = floats(1, 1, NAN, 1);
          Tensor pw = floats(1, 1, 1, NAN);
          Loss weighted = BINARY.withWeight(w).withPosWeight(pw);
          same(all(4, NAN), hessian(f, weighted, x, t, Hessian.EXACT));
          same(all(4, NAN), hessian(f, weighted, x, t, Hessian.XGBOOST));
          SigmoidFocalLoss focal = SigmoidFocalLoss.DEFAULT.withWeight(w).withPosWeight(pw);
          same(all(4, NAN), hessian(f, focal, x, t, Hessian.EXACT));
        });
    rows.put(
        "H3",
        f -> {
          Tensor x = Tensor.of(new float[] {NAN, 0, 0, INF, -INF, -INF, 0, 0}, 4, 2);
          Target y = Target.of(Tensor.of(new int[] {0, 1, 0, 1}, 4));
          for (Hessian kind : Hessian.values()) {
            float[] h = hessian(f, ROWS, x, y, kind);
            same(all(6, NAN), Arrays.copyOf(h, 6));
            assertEquals(kind == Hessian.EXACT ? 0.25f : 0.5f, h[6], 1e-6f);
          }
          same(all(6, NAN), Arrays.copyOf(hessian(f, FOCAL, x, y, Hessian.EXACT), 6));
        });
    rows.put(
        "H4",
        f -> {
          Tensor x = Tensor.of(new float[] {0, -INF, 0}, 1, 3);
          Target y = Target.of(Tensor.of(new int[] {1}, 1));
          float[] h = hessian(f, ROWS, x, y, Hessian.EXACT);
          assertArrayEquals(new float[] {0.25f, 0, 0.25f}, h, 1e-7f);
          assertEquals(1e-16f, hessian(f, ROWS, x, y, Hessian.XGBOOST)[1]);
          // With nothing for its target focal loss bends as cross entropy.
          assertArrayEquals(h, hessian(f, FOCAL, x, y, Hessian.EXACT), 1e-7f);
          Target other = Target.of(Tensor.of(new int[] {0}, 1));
          h = hessian(f, FOCAL.withGamma(0), x, other, Hessian.EXACT);
          assertArrayEquals(new float[] {0.25f, 0, 0.25f}, h, 1e-7f);
        });
    rows.put(
        "H5",
        f -> {
          Target y = Target.of(Tensor.of(new int[] {0}, 1));
          Tensor one = Tensor.of(new float[] {3}, 1, 1);
          for (Hessian kind : new Hessian[] {Hessian.EXACT, Hessian.LIGHTGBM}) {
            same(all(1, 0f), hessian(f, ROWS, one, y, kind));
          }
          same(all(1, 0f), hessian(f, FOCAL, one, y, Hessian.EXACT));
          Tensor two = Tensor.of(new float[] {-9, -9}, 1, 2);
          Loss weighted = ROWS.withWeight(floats(2, 5));
          assertArrayEquals(all(2, 0.5f), hessian(f, weighted, two, y, Hessian.EXACT), 1e-6f);
        });
    rows.put(
        "H6",
        f -> {
          Tensor x = Tensor.of(new float[] {NAN, INF, NAN, 0, 1, 2}, 3, 2);
          Target y = Target.of(Tensor.of(new int[] {-100, 0, 99}, 3));
          y = y.rowWeights(floats(1, 0, 0));
          for (Hessian kind : Hessian.values()) {
            same(all(6, 0f), hessian(f, ROWS, x, y, kind));
          }
          same(all(6, 0f), hessian(f, FOCAL, x, y, Hessian.EXACT));
          Target t = Target.of(floats(0, NAN)).rowWeights(floats(0, 0));
          for (Hessian kind : Hessian.values()) {
            same(all(2, 0f), hessian(f, BINARY, floats(NAN, 1), t, kind));
          }
        });
    rows.put(
        "H8",
        f -> {
          Tensor x = Tensor.of(new float[] {150, 0, -1}, 1, 3);
          Target y = Target.of(Tensor.of(new int[] {0}, 1));
          for (float gamma : new float[] {0, 0.5f, 1, 2}) {
            same(all(3, 0f), hessian(f, FOCAL.withGamma(gamma), x, y, Hessian.EXACT));
          }
        });
    rows.put(
        "H7",
        f -> {
          Tensor x = Tensor.of(new float[] {1, 0}, 1, 2);
          Target y = Target.of(Tensor.of(new int[] {-100}, 1));
          for (Hessian kind : Hessian.values()) {
            same(all(2, 0f), hessian(f, CrossEntropy.DEFAULT, x, y, kind));
          }
        });
  }
}
