package io.github.fusedloss;

import static io.github.fusedloss.Expect.doubles;
import static io.github.fusedloss.Expect.floats;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Rows T of docs/semantics.md: row weights and masks. */
final class TargetSemantics {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;
  private static final double TWO = Math.log(2);
  private static final Loss LOGITS = BinaryCrossEntropyWithLogits.DEFAULT;
  private static final Loss BCE = BinaryCrossEntropy.DEFAULT;
  private static final Loss FOCAL_ROWS = SoftmaxFocalLoss.DEFAULT;
  private static final Loss FOCAL = SigmoidFocalLoss.DEFAULT; // alpha 1/4 at target 1
  private static final Loss KL = KlDivLoss.DEFAULT;
  private static final Loss FORWARD = Distillation.FORWARD_KL;

  private TargetSemantics() {}

  static void rows(Map<String, Consumer<FusedLoss>> rows) {
    rows.put("T1", TargetSemantics::ignoredIsZeroWhateverItHolds);
    rows.put("T2", f -> ofNothing(f, Reduction.MEAN, NAN));
    rows.put("T3", f -> ofNothing(f, Reduction.SUM, 0));
    rows.put(
        "T4",
        f -> {
          for (Reduction r : List.of(Reduction.MEAN, Reduction.SUM)) {
            Loss loss = CrossEntropy.DEFAULT.withWeight(Tensor.of(floats(1, 4), 2));
            Tensor x = Tensor.of(new float[4], 2, 2);
            Target indices = weighted(Tensor.of(new int[] {0, 1}, 2), 3, 0.5);
            double sum = 3 * TWO + 0.5 * 4 * TWO;
            reduced(f, loss, r, x, indices, sum, 3 + 0.5 * 4);
            // With class probabilities the class weights are no part of the denominator.
            Target soft = weighted(Tensor.of(floats(1, 0, 0, 1), 2, 2), 3, 0.5);
            reduced(f, loss, r, x, soft, sum, 3.5);
            Loss nll = NllLoss.DEFAULT.withWeight(Tensor.of(floats(1, 4), 2));
            Tensor log = Tensor.of(floats(-2, 0, 0, -1), 2, 2);
            reduced(f, nll, r, log, indices, 3 * 2 + 0.5 * 4, 5);
            Tensor two = Tensor.of(new float[2], 2);
            Target binary = weighted(Tensor.of(floats(1, 0), 2), 3, 0.5);
            reduced(f, LOGITS.withWeight(two(1, 4)), r, two, binary, sum, 3.5);
            reduced(f, BCE.withWeight(two(1, 4)), r, two(0.5, 0.5), binary, sum, 3.5);
          }
        });
    rows.put(
        "T5",
        f -> {
          Tensor x = Tensor.of(new float[4], 2, 2);
          Target target = weighted(Tensor.of(new int[2], 2), 1, -1);
          LossResult rows2 = f.forwardAndGradient(CrossEntropy.DEFAULT, x, target);
          assertEquals(NAN, rows2.loss());
          assertEquals(NAN, rows2.gradient().toFloatArray()[0]);
          LossResult two = f.forwardAndGradient(LOGITS, two(0, 0), weighted(two(1, 1), 1, -1));
          assertEquals(NAN, two.loss());
          assertEquals(NAN, two.gradient().toFloatArray()[0]);
        });
    rows.put(
        "T6",
        f -> {
          Tensor x = Tensor.of(new float[4], 2, 2);
          Target indices = weighted(Tensor.of(new int[2], 2), 2, NAN);
          none(
              f, CrossEntropy.DEFAULT, x, indices, doubles(2 * TWO, NAN), doubles(-1, 1, NAN, NAN));
          Target binary = weighted(two(1, 1), 2, NAN);
          none(f, LOGITS, two(0, 0), binary, doubles(2 * TWO, NAN), doubles(-1, NAN));
        });
    rows.put(
        "T7",
        f -> {
          Tensor x = Tensor.of(floats(0, -INF, 0, -INF), 2, 2);
          Target indices = weighted(Tensor.of(new int[] {1, 1}, 2), 2, -2);
          none(f, CrossEntropy.DEFAULT, x, indices, doubles(INF, -INF), doubles(2, -2, -2, 2));
          Target binary = weighted(two(1, 1), 2, -2);
          none(f, LOGITS, two(-INF, -INF), binary, doubles(INF, -INF), doubles(-2, 2));
        });
  }

  private static Tensor two(double a, double b) {
    return Tensor.of(floats(a, b), 2);
  }

  private static Target weighted(Tensor target, double... weights) {
    return Target.of(target).rowWeights(Tensor.of(floats(weights), weights.length));
  }

  private static void none(
      FusedLoss f, Loss loss, Tensor x, Target target, double[] losses, double[] gradient) {
    LossResult result = f.forwardAndGradient(loss.withReduction(Reduction.NONE), x, target);
    Expect.losses(losses, result.losses().toFloatArray());
    Expect.gradients(gradient, result.gradient().toFloatArray());
  }

  private static void reduced(
      FusedLoss f, Loss loss, Reduction r, Tensor x, Target target, double sum, double weights) {
    LossResult result = f.forward(loss.withReduction(r), x, target);
    double expected = r == Reduction.MEAN ? sum / weights : sum;
    assertEquals(expected, result.loss(), 2 * Math.ulp((float) expected));
    assertEquals(weights, result.weightSum());
    double divided = sum / 7;
    Loss over7 = loss.withDenominator(7);
    assertEquals(divided, f.forward(over7, x, target).loss(), 2 * Math.ulp((float) divided));
  }

  private static void ignoredIsZeroWhateverItHolds(FusedLoss f) {
    // Half of the target was missed, and d/dx O^2 l = O^2 (l' - 2 p l) there with p = O = 1/2.
    double slope = (0.5 + TWO) / 4;
    for (double zero : doubles(0, -0.0)) {
      for (double bad : doubles(NAN, INF, -INF)) {
        Tensor x = Tensor.of(floats(0, 0, bad, 0), 2, 2);
        for (long y : new long[] {7, -1, Long.MIN_VALUE}) {
          Target target = weighted(Tensor.of(new long[] {0, y}, 2), 1, zero);
          none(f, CrossEntropy.DEFAULT, x, target, doubles(TWO, 0), doubles(-0.5, 0.5, 0, 0));
          none(f, NllLoss.DEFAULT, x, target, doubles(0, 0), doubles(-1, 0, 0, 0));
          none(f, FOCAL_ROWS, x, target, doubles(TWO / 4, 0), doubles(-slope, slope, 0, 0));
        }
        Target soft = weighted(Tensor.of(floats(1, 0, NAN, INF), 2, 2), 1, zero);
        none(f, CrossEntropy.DEFAULT, x, soft, doubles(TWO, 0), doubles(-0.5, 0.5, 0, 0));
        Target binary = weighted(two(1, NAN), 1, zero);
        Loss nan = LOGITS.withWeight(two(1, NAN));
        none(f, nan, two(0, bad), binary, doubles(TWO, 0), doubles(-0.5, 0));
        none(f, BCE, two(0.5, bad), binary, doubles(TWO, 0), doubles(-2, 0));
        none(f, FOCAL, two(0, bad), binary, doubles(TWO / 16, 0), doubles(-slope / 4, 0));
        none(f, KL, two(-1, bad), binary, doubles(1, 0), doubles(-1, 0));
        Target logs = weighted(two(0, bad), 1, zero);
        none(f, KL.with("log_target", true), two(-1, NAN), logs, doubles(1, 0), doubles(-1, 0));
        Target teacher = weighted(Tensor.of(floats(0, -INF, NAN, bad), 2, 2), 1, zero);
        none(f, FORWARD, x, teacher, doubles(TWO, 0), doubles(-0.5, 0.5, 0, 0));
      }
    }
    masked(f, BCE, two(0.5, 3), two(1, 2), doubles(TWO, 0), doubles(-2, 0));
    masked(f, FOCAL, two(0, NAN), two(1, 2), doubles(TWO / 16, 0), doubles(-slope / 4, 0));
    masked(f, KL, two(-1, NAN), two(1, -1), doubles(1, 0), doubles(-1, 0));
    Tensor x = Tensor.of(floats(0, 0, NAN, INF), 2, 2);
    Tensor indices = Tensor.of(new int[] {0, 7}, 2);
    masked(f, FOCAL_ROWS, x, indices, doubles(TWO / 4, 0), doubles(-slope, slope, 0, 0));
    Tensor teacher = Tensor.of(floats(0, -INF, NAN, INF), 2, 2);
    masked(f, FORWARD, x, teacher, doubles(TWO, 0), doubles(-0.5, 0.5, 0, 0));
  }

  /** The second of two rows does not count. */
  private static void masked(
      FusedLoss f, Loss loss, Tensor x, Tensor target, double[] losses, double[] gradient) {
    Target batch = Target.of(target).mask(Tensor.of(new boolean[] {true, false}, 2));
    none(f, loss, x, batch, losses, gradient);
  }

  private static void ofNothing(FusedLoss f, Reduction reduction, double expected) {
    Tensor x = Tensor.of(floats(1, NAN), 1, 2);
    Target indices = Target.of(Tensor.of(new int[] {5}, 1)).mask(Tensor.of(new byte[1], 1));
    Target soft = weighted(Tensor.of(floats(1, 0), 1, 2), 0);
    nothing(f, CrossEntropy.DEFAULT.withReduction(reduction), x, indices, expected);
    nothing(f, CrossEntropy.DEFAULT.withReduction(reduction), x, soft, expected);
    nothing(f, NllLoss.DEFAULT.withReduction(reduction), x, indices, expected);
    nothing(f, LOGITS.withReduction(reduction), two(1, 2), weighted(two(1, 2), 0, 0), expected);
    nothing(f, BCE.withReduction(reduction), two(1, 2), weighted(two(1, 2), 0, 0), expected);
    Loss over = CrossEntropy.DEFAULT.withDenominator(3);
    assertEquals(0f, f.forward(over, x, indices).loss());
  }

  private static void nothing(FusedLoss f, Loss loss, Tensor x, Target target, double expected) {
    LossResult result = f.forwardAndGradient(loss, x, target);
    assertEquals((float) expected, result.loss());
    assertEquals(0, result.count());
    assertArrayEquals(Bits.of(0f, 0f), Bits.of(result.gradient()));
  }
}
