package io.github.fusedloss;

import static io.github.fusedloss.Expect.doubles;
import static io.github.fusedloss.Expect.floats;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.function.Consumer;

/** Rows B and P of docs/semantics.md: the two binary losses. */
final class BinarySemantics {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;
  private static final float[] NONE = null;

  private BinarySemantics() {}

  /** Alone, and among others in a strip. */
  private static void smoothed(
      FusedLoss f, Loss loss, float[] x, float[] t, double[] losses, double[] gradient) {
    for (int n : new int[] {x.length, 600}) {
      float[] input = new float[n];
      float[] target = new float[n];
      double[] expected = new double[n];
      double[] slopes = new double[n];
      for (int i = 0; i < n; i++) {
        input[i] = x[i % x.length];
        target[i] = t[i % x.length];
        expected[i] = losses[i % x.length];
        slopes[i] = gradient[i % x.length];
      }
      LossResult r =
          f.forwardAndGradient(
              loss.withReduction(Reduction.NONE), Tensor.of(input, n), Tensor.of(target, n));
      Expect.losses(expected, r.losses().toFloatArray());
      Expect.gradients(slopes, r.gradient().toFloatArray());
    }
  }

  static void rows(Map<String, Consumer<FusedLoss>> rows) {
    BinaryCrossEntropyWithLogits smooth =
        BinaryCrossEntropyWithLogits.DEFAULT.withLabelSmoothing(0.5f); // t is 3/4 or 1/4
    rows.put(
        "B19",
        f ->
            smoothed(
                f,
                smooth,
                floats(INF, -INF, INF, -INF),
                floats(1, 1, 0, 0),
                doubles(INF, INF, INF, INF),
                doubles(0.25, -0.75, 0.75, -0.25)));
    float e = 1e-9f;
    double far = e / 2.0 * 30 + Math.log1p(Math.exp(-30));
    double slope = e / 2.0 - Math.exp(-30);
    rows.put(
        "B20",
        f ->
            smoothed(
                f,
                BinaryCrossEntropyWithLogits.DEFAULT.withLabelSmoothing(e),
                floats(30, -30),
                floats(1, 0),
                doubles(far, far),
                doubles(slope, -slope)));
    double both = (Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(2))) / 2;
    double middle = 1 / (1 + Math.exp(-2)) - 0.5;
    rows.put(
        "B21",
        f ->
            smoothed(
                f,
                BinaryCrossEntropyWithLogits.DEFAULT.withLabelSmoothing(1),
                floats(2, 2, 2),
                floats(0, 1, 0.3),
                doubles(both, both, both),
                doubles(middle, middle, middle)));
    rows.put(
        "P10",
        f ->
            smoothed(
                f,
                BinaryCrossEntropy.DEFAULT.withLabelSmoothing(0.5f),
                floats(0, 1),
                floats(0, 1),
                doubles(25, 25),
                doubles(-0.25e12, 0.25e12)));
    rows.put(
        "P11",
        f ->
            assertThrows(
                IllegalArgumentException.class,
                () ->
                    f.forward(
                        BinaryCrossEntropy.DEFAULT.withLabelSmoothing(0.5f),
                        Tensor.of(floats(0.5), 1),
                        Tensor.of(floats(1.25), 1))));
    rows.put("B1", f -> logits(f, floats(INF), floats(1), doubles(0), doubles(0)));
    rows.put("B2", f -> logits(f, floats(-INF), floats(0), doubles(0), doubles(0)));
    rows.put(
        "B3",
        f -> logits(f, floats(INF, INF), floats(0, 0.25), doubles(INF, INF), doubles(1, 0.75)));
    rows.put(
        "B4",
        f -> logits(f, floats(-INF, -INF), floats(1, 0.25), doubles(INF, INF), doubles(-1, -0.25)));
    rows.put("B5", BinarySemantics::nanStaysAtItsElement);
    rows.put(
        "B6",
        f ->
            logits(
                f,
                floats(INF, -INF),
                floats(0, 1),
                floats(0, 0),
                floats(1, 1),
                doubles(0, 0),
                doubles(0, 0)));
    rows.put(
        "B7",
        f -> logits(f, floats(NAN), floats(0), floats(0), floats(1), doubles(NAN), doubles(NAN)));
    rows.put(
        "B8",
        f -> logits(f, floats(-120), floats(1), floats(1), floats(3), doubles(360), doubles(-3)));
    rows.put(
        "B9",
        f ->
            logits(
                f,
                floats(3e38f, -3e38f, 3e38f, -3e38f),
                floats(0, 1, 1, 0),
                doubles(3e38f, 3e38f, 0, 0),
                doubles(1, -1, 0, 0)));
    rows.put(
        "B10",
        f -> logits(f, floats(-3e38f), floats(1), floats(1), floats(2), doubles(INF), doubles(-2)));
    rows.put(
        "B11",
        f ->
            logits(
                f,
                floats(-15),
                floats(0),
                doubles(Math.log1p(Math.exp(-15))),
                doubles(1 / (1 + Math.exp(15)))));
    rows.put(
        "B12",
        f ->
            logits(
                f,
                floats(17),
                floats(1),
                doubles(Math.log1p(Math.exp(-17))),
                doubles(-1 / (1 + Math.exp(17)))));
    // (1 - 2) softplus(1) + 2 softplus(-1), a value below 0.
    rows.put(
        "B13",
        f ->
            logits(
                f,
                floats(1),
                floats(2),
                doubles(2 * Math.log1p(Math.exp(-1)) - Math.log1p(Math.exp(1))),
                doubles(1 / (1 + Math.exp(-1)) - 2)));
    // A positive part of weight 0 takes its infinite logarithm with it.
    rows.put(
        "B14",
        f ->
            logits(
                f,
                floats(INF, -INF),
                floats(1, 1),
                floats(1, 1),
                floats(0, 0),
                doubles(0, 0),
                doubles(0, 0)));
    // What is infinite has its sign; infinity times 0 is NaN.
    rows.put(
        "B15",
        f ->
            logits(
                f,
                floats(0, 0, 2, -200, -INF),
                floats(1, 0.5, 1, 1, 1),
                floats(1, 1, 1, 1, 1),
                floats(INF, INF, INF, INF, INF),
                doubles(INF, INF, INF, INF, INF),
                doubles(-INF, -INF, -INF, -INF, -INF)));
    rows.put(
        "B16",
        f ->
            logits(
                f,
                floats(0, -200, 200, INF),
                floats(0, 0, 1, 1),
                floats(1, 1, 1, 1),
                floats(INF, INF, INF, INF),
                doubles(NAN, NAN, NAN, NAN),
                doubles(NAN, NAN, NAN, NAN)));
    rows.put(
        "B17",
        f ->
            logits(
                f,
                floats(0, 0, 0, 200, INF),
                floats(1, 0, 0.5, 1, 1),
                floats(INF, INF, INF, INF, INF),
                floats(1, 1, 1, 1, 1),
                doubles(INF, INF, INF, NAN, NAN),
                doubles(-INF, INF, NAN, NAN, NAN)));
    rows.put(
        "B18",
        f ->
            infiniteUpstream(
                f,
                BinaryCrossEntropyWithLogits.DEFAULT,
                floats(0, 0, 0, 200, -INF),
                floats(1, 0, 0.5, 1, 1),
                doubles(-INF, INF, NAN, NAN, -INF)));
    rows.put(
        "P1",
        f ->
            probabilities(
                f,
                floats(0, 0, 1, 1),
                floats(0, 1, 0, 1),
                doubles(0, 100, 100, 0),
                doubles(0, -1e12f, 1e12f, 0)));
    // log of the smallest float is -103.3.
    rows.put(
        "P2",
        f -> probabilities(f, floats(Float.MIN_VALUE), floats(1), doubles(100), doubles(-1e12f)));
    float p = 1e-13f;
    rows.put(
        "P3",
        f ->
            probabilities(
                f, floats(p), floats(1), doubles(-Math.log(p)), doubles((p - 1.0) / 1e-12f)));
    rows.put("P4", BinarySemantics::refusesWhatIsNoProbability);
    rows.put(
        "P5",
        f ->
            probabilities(
                f,
                floats(0.5, 0.5),
                floats(1, 1),
                floats(NAN, 1),
                doubles(NAN, Math.log(2)),
                doubles(NAN, -2)));
    rows.put("P6", f -> probabilities(f, floats(0), floats(1), floats(0), doubles(0), doubles(0)));
    rows.put("P7", BinarySemantics::negativeZerosAreZeros);
    rows.put(
        "P8",
        f ->
            probabilities(
                f,
                floats(0, 1, 0.5, 0.5, 1),
                floats(1, 0, 1, 0.5, 1),
                floats(INF, INF, INF, INF, INF),
                doubles(INF, INF, INF, INF, NAN),
                doubles(-INF, INF, -INF, NAN, NAN)));
    rows.put(
        "P9",
        f ->
            infiniteUpstream(
                f,
                BinaryCrossEntropy.DEFAULT,
                floats(0, 1, 0.5, 0.5, 1),
                floats(1, 0, 1, 0.5, 1),
                doubles(-INF, INF, -INF, NAN, NAN)));
  }

  /** Tries sizes with and without elements that are left over by the vector loops. */
  private static void negativeZerosAreZeros(FusedLoss f) {
    for (int n : new int[] {1, 63, 64, 65, 4097}) {
      for (float t : new float[] {0f, -0f, 0.5f, 1f}) {
        double[] losses = new double[n];
        double[] gradient = new double[n];
        java.util.Arrays.fill(losses, t * 100.0);
        java.util.Arrays.fill(gradient, -t * 1e12f);
        float[] targets = new float[n];
        java.util.Arrays.fill(targets, t);
        float[] zeros = new float[n];
        for (int i = 0; i < n; i++) {
          zeros[i] = i % 2 == 0 ? -0f : 0f;
        }
        probabilities(f, zeros, targets, losses, gradient);
      }
    }
  }

  private static void infiniteUpstream(
      FusedLoss f, Loss loss, float[] x, float[] t, double[] gradient) {
    for (int n : new int[] {x.length, 70}) {
      float[] inputs = new float[n];
      float[] targets = new float[n];
      float[] upstream = new float[n];
      double[] expected = new double[n];
      for (int i = 0; i < n; i++) {
        inputs[i] = x[i % x.length];
        targets[i] = t[i % x.length];
        upstream[i] = Float.POSITIVE_INFINITY;
        expected[i] = gradient[i % x.length];
      }
      Tensor input = tensor(inputs);
      Tensor target = tensor(targets);
      Expect.gradients(
          expected, f.backward(loss, input, target, Float.POSITIVE_INFINITY).toFloatArray());
      Loss none = loss.withReduction(Reduction.NONE);
      Expect.gradients(expected, f.backward(none, input, target, tensor(upstream)).toFloatArray());
    }
  }

  private static void nanStaysAtItsElement(FusedLoss f) {
    double two = Math.log(2);
    double[] loss = {two, NAN, NAN, NAN, NAN, two};
    double[] gradient = {-0.5, NAN, NAN, NAN, NAN, 0.5};
    logits(
        f,
        // A NaN with another payload and sign: what comes out is the canonical one.
        new float[] {0, Float.intBitsToFloat(0xffc12345), 0, 0, 0, 0},
        floats(1, 1, NAN, 1, 1, 0),
        floats(1, 1, 1, NAN, 1, 1),
        floats(1, 1, 1, 1, NAN, 1),
        loss,
        gradient);
  }

  private static void refusesWhatIsNoProbability(FusedLoss f) {
    for (float bad : new float[] {1.5f, -0.1f, Float.NaN, Math.nextUp(1f), -Float.MIN_VALUE}) {
      refused(f, floats(0, 1, bad), floats(0, 1, 0), "input[2]", bad);
      refused(f, floats(0, 1, 0.5), floats(0, bad, 0), "target[1]", bad);
    }
    probabilities(f, floats(0.5), floats(1), doubles(Math.log(2)), doubles(-2));
  }

  private static void refused(FusedLoss f, float[] p, float[] t, String place, float bad) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                f.forwardAndGradient(
                    BinaryCrossEntropy.DEFAULT, Tensor.of(p, p.length), Tensor.of(t, t.length)));
    assertTrue(e.getMessage().contains(place), e.getMessage());
    assertTrue(e.getMessage().contains("got " + bad), e.getMessage());
  }

  private static void logits(FusedLoss f, float[] x, float[] t, double[] loss, double[] gradient) {
    logits(f, x, t, NONE, NONE, loss, gradient);
  }

  private static void logits(
      FusedLoss f,
      float[] x,
      float[] t,
      float[] weight,
      float[] posWeight,
      double[] loss,
      double[] gradient) {
    BinaryCrossEntropyWithLogits l =
        BinaryCrossEntropyWithLogits.DEFAULT
            .withWeight(tensor(weight))
            .withPosWeight(tensor(posWeight));
    check(f, l.withReduction(Reduction.NONE), x, t, loss, gradient);
  }

  private static void probabilities(
      FusedLoss f, float[] p, float[] t, double[] loss, double[] gradient) {
    probabilities(f, p, t, NONE, loss, gradient);
  }

  private static void probabilities(
      FusedLoss f, float[] p, float[] t, float[] weight, double[] loss, double[] gradient) {
    Loss l = BinaryCrossEntropy.DEFAULT.withWeight(tensor(weight)).withReduction(Reduction.NONE);
    check(f, l, p, t, loss, gradient);
  }

  private static void check(
      FusedLoss f, Loss loss, float[] x, float[] t, double[] losses, double[] gradient) {
    LossResult result = f.forwardAndGradient(loss, tensor(x), tensor(t));
    Expect.losses(losses, result.losses().toFloatArray());
    Expect.gradients(gradient, result.gradient().toFloatArray());
  }

  private static Tensor tensor(float[] values) {
    return values == null ? null : Tensor.of(values, values.length);
  }
}
