package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.backend.Totals;
import io.github.fusedloss.verify.Promise;
import io.github.fusedloss.verify.ReferenceCheck;
import io.github.fusedloss.verify.VerificationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The check of running programs: silent when all is right, and a planted wrong value is reported
 * with index, both values and the distance. In this package, where results can be made up.
 */
class ReferenceCheckTest {
  private static final ReferenceCheck CHECK = new ReferenceCheck();

  /** Turns a right result into a wrong one. */
  private interface Plant {
    LossResult in(LossResult right);
  }

  private static ResultCheck planting(Plant plant) {
    return (loss, input, target, upstream, upstreams, result) ->
        CHECK.check(loss, input, target, upstream, upstreams, plant.in(result));
  }

  private static LossResult with(
      LossResult right, double sum, double weightSum, long count, Tensor losses, Tensor gradient) {
    double denominator = right.reduction() == Reduction.MEAN ? right.weightSum() : 1;
    return new LossResult(
        new Totals(sum, weightSum, count),
        denominator,
        right.reduction(),
        losses,
        gradient,
        true,
        right.device());
  }

  /** The result with another gradient, of a sum. */
  static LossResult with(LossResult r, Tensor gradient) {
    return with(r, r.sum(), r.weightSum(), r.count(), null, gradient);
  }

  private static LossResult sum(LossResult r, double sum) {
    boolean none = r.reduction() == Reduction.NONE;
    return with(r, sum, r.weightSum(), r.count(), none ? r.losses() : null, r.gradient());
  }

  /** The tensor with one element so many ULP off. */
  private static Tensor off(Tensor right, int at, int ulps) {
    float[] values = right.toFloatArray();
    values[at] = Float.intBitsToFloat(Float.floatToRawIntBits(values[at]) + ulps);
    return Tensor.of(values, right.shape());
  }

  private static String reported(Plant plant, Loss loss, Tensor x, Tensor t) {
    try (FusedLoss fused = FusedLoss.open("cpu:scalar")) {
      FusedLoss checked = fused.checkedBy(planting(plant));
      VerificationException e =
          assertThrows(VerificationException.class, () -> checked.forwardAndGradient(loss, x, t));
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      assertTrue(e.getMessage().endsWith(" on " + fused.device()), e.getMessage());
      return e.getMessage();
    }
  }

  private static void has(String message, String... words) {
    for (String word : words) {
      assertTrue(message.contains(word), word + " is not in: " + message);
    }
  }

  private static final Tensor X = Tensor.of(new float[] {0f, 0f, 3f, 0f, 0f, 0f}, 3, 2);
  private static final Tensor Y = Tensor.of(new int[] {0, 1, 1}, 3);
  private static final CrossEntropy NONE = CrossEntropy.DEFAULT.withReduction(Reduction.NONE);

  @Test
  void aWrongLoss() {
    // Row 2 is two equal logits: log 2. The float next to it is 0.69314718, 3 ULP on 0.69314736.
    String message =
        reported(r -> with(r, r.sum(), 3, 3, off(r.losses(), 2, 3), r.gradient()), NONE, X, Y);
    has(
        message,
        "cross_entropy loss[2]",
        "expected 0.693147180559945",
        "got 0.69314736",
        "3.03 ULP apart",
        "tolerance " + Promise.ROW_LOSS.limit(0));
  }

  @Test
  void aWrongGradient() {
    // The gradients of equal logits are 1/2 and -1/2, computed exactly.
    String message =
        reported(r -> with(r, r.sum(), 3, 3, r.losses(), off(r.gradient(), 5, 6)), NONE, X, Y);
    has(
        message,
        "cross_entropy gradient[5]",
        "expected -0.5",
        "got -0.50000036",
        "6.00 ULP apart",
        "tolerance " + Promise.ROW_HARD_GRADIENT.limit(0));
  }

  @Test
  void aWrongMean() {
    // The mean is the first quantity made of the sum, so it is the one that is named.
    Loss mean = CrossEntropy.DEFAULT;
    has(reported(r -> sum(r, r.sum() * (1 + 0x1p-20)), mean, X, Y), "reduced loss[0]", "expected");
  }

  @Test
  void aWrongSumBehindRightLosses() {
    String message = reported(r -> sum(r, r.sum() + 1), NONE, X, Y);
    // log 2 twice and log(1 + e^3): 4.4348816...; one more.
    has(message, "cross_entropy sum[0]", "expected 4.43488", "got 5.43488", "ULP apart");
    has(reported(r -> sum(r, Double.NaN), NONE, X, Y), "sum[0]", "got NaN", "Infinity ULP apart");
  }

  @Test
  void aWrongWeightSumOrCount() {
    String message = reported(r -> with(r, r.sum(), 4, 3, r.losses(), r.gradient()), NONE, X, Y);
    has(message, "weight sum[0]", "expected 3.0", "got 4.0", "4.19e+06 ULP apart");
    message = reported(r -> with(r, r.sum(), 3, 2, r.losses(), r.gradient()), NONE, X, Y);
    has(message, "count: expected 3, got 2");
  }

  @Test
  void binaryLosses() {
    Tensor p = Tensor.of(new float[] {0.25f, 0.5f, 1f}, 3);
    for (Loss loss :
        List.of(
            BinaryCrossEntropy.DEFAULT.withReduction(Reduction.NONE),
            BinaryCrossEntropyWithLogits.DEFAULT.withReduction(Reduction.NONE))) {
      String message =
          reported(r -> with(r, r.sum(), 3, 3, off(r.losses(), 1, 4), r.gradient()), loss, p, p);
      has(message, loss.name() + " loss[1]", "expected 0.", "got 0.", "ULP apart");
    }
  }

  /** A tiny gradient is judged in ULP in rows of one block, and loosely only in longer ones. */
  @Test
  void tinyGradients() {
    for (int classes : new int[] {4096, 4097}) {
      float[] x = new float[classes];
      x[0] = 75; // all others have the gradient e^-75, about 2^-108
      Tensor input = Tensor.of(x, 1, classes);
      Tensor y = Tensor.of(new int[] {0}, 1);
      Plant plant = r -> with(r, r.sum(), 1, 1, r.losses(), off(r.gradient(), 9, 8));
      if (classes == 4096) {
        has(reported(plant, NONE, input, y), "gradient[9]", "E-33", "ULP apart");
      } else {
        try (FusedLoss fused = FusedLoss.open("cpu")) {
          fused.checkedBy(planting(plant)).forwardAndGradient(NONE, input, y).close();
        }
      }
    }
  }

  /** Every loss, option and kind of call on every executor: the check says nothing. */
  @Test
  void whatIsRightPasses() {
    Random random = new Random(3);
    for (FusedLoss executor : OpenDevices.all()) {
      FusedLoss fused = executor.checkedBy(CHECK);
      try (Tensor device = fused.upload(Tensor.of(new float[] {1, 2, 3, -4, 5, 6}, 2, 3))) {
        Tensor t = Tensor.of(new float[] {0, 1, 0.5f, 0.25f, 1, 0}, 2, 3);
        Tensor w = Tensor.of(new float[] {2, 0, -1}, 3);
        Tensor y = Tensor.of(new long[] {2, -100}, 2);
        Tensor up = Tensor.of(new float[] {random.nextFloat(), -3}, 2);
        for (Reduction reduction : Expect.REDUCTIONS) {
          List<Loss> dense = new ArrayList<>();
          dense.addAll(variants(fused, BinaryCrossEntropyWithLogits.DEFAULT, w, t));
          dense.addAll(variants(fused, CrossEntropy.DEFAULT, w));
          for (Loss plain : dense) {
            Loss loss = plain.withReduction(reduction);
            fused.forward(loss, device, t).close();
            fused.forwardAndGradient(loss, device, t).close();
            fused.backward(loss, device, t, -2f).close();
          }
          fused
              .forwardAndGradient(BinaryCrossEntropy.DEFAULT.withReduction(reduction), t, t)
              .close();
          CrossEntropy indices = CrossEntropy.DEFAULT.withWeight(w).withReduction(reduction);
          fused.forwardAndGradient(indices, device, y).close();
          fused.forwardAndGradient(indices.withIgnoreIndex(2), device, ones()).close();
          fused.forwardAndGradient(NllLoss.DEFAULT.withReduction(reduction), device, y).close();
        }
        fused.backward(NONE, device, y, up).close();
        fused.forwardAndGradient(CrossEntropy.DEFAULT.withDenominator(7), device, y).close();
        Tensor empty = Tensor.of(new float[0], 0, 3);
        fused.forwardAndGradient(CrossEntropy.DEFAULT, empty, Tensor.of(new int[0], 0)).close();
        fused.forwardAndGradient(BinaryCrossEntropyWithLogits.DEFAULT, empty, empty).close();
        Tensor one = Tensor.of(new float[] {0.5f});
        fused.forwardAndGradient(BinaryCrossEntropy.DEFAULT, one, one).close();
      }
    }
  }

  /** OpenCL gives the same bits, and would have programs to compile for each option. */
  private static List<Loss> variants(FusedLoss fused, Loss loss, Tensor... weights) {
    return fused.device().startsWith("opencl")
        ? List.of(loss)
        : OptionCases.variants(loss, weights);
  }

  /** The inputs of binary losses that searches found to be furthest off, each near its bound. */
  @Test
  void theWorstInputsFoundKeepTheirPromises() {
    float[][] points = {
      // x or p, t, weight, pos_weight, upstream (0: none), denominator (0: reduction none)
      {-0.010899341f, 1, 0.17887722f, 1, 0, 0},
      {-2.9929538e-4f, 1, 23.04706f, 1, 0, 0},
      {64.02229f, 5.9583876e-8f, 7.992471f, 1, 0, 0},
      {7.3711686f, 1, 0.24947314f, 3.1124454f, 0, 0},
      {8.655149f, 1, 0.056862388f, 12.448727f, 0.061734367f, 0},
      {8.620203f, 1, 1, 1.3533853f, 0, 0},
      {5.8578057f, 1, 10.107006f, 0.77228063f, 2.8002164f, 0},
      {7.240449f, 1, 1, 1, 0, 48.556755f},
      {8.092457f, 1, 1.6811736f, 1.6874063f, 0, 14.283755f},
      {-6.8592453f, 1.4958061e-7f, 1, 1, 0, 0},
      {-6.2023864f, 3.0702327e-6f, 1, 1, 0, 0},
      {-5.5362587f, 3.0730232e-6f, 0.094923764f, 1, 0, 43.552425f},
      {-97, 0, 1024, 1, 0, 0},
      {0.48633f, 0.9869521f, 0.24966362f, 0, 0, 0},
      {0.15019879f, 0.021081932f, 0.24375328f, 0, 0, 0},
      {0.48597965f, 0.992706f, 1, 0, 0, 65.07084f},
      {0.48079637f, 0.9892581f, 7.148016f, 0, 10.972212f, 81.27793f},
    };
    for (FusedLoss executor : OpenDevices.all()) {
      FusedLoss fused = executor.checkedBy(CHECK);
      for (float[] p : points) {
        Tensor w = p[2] == 1 ? null : Tensor.of(new float[] {p[2]});
        Tensor pw = p[3] == 1 ? null : Tensor.of(new float[] {p[3]});
        Reduction reduction = p[5] == 0 ? Reduction.NONE : Reduction.MEAN;
        // The search had denominators of many digits, too.
        double denominator = p[5] * 1.0000001234567;
        Loss loss =
            p[3] == 0
                ? BinaryCrossEntropy.DEFAULT
                : BinaryCrossEntropyWithLogits.DEFAULT.withPosWeight(pw);
        loss = loss.withWeight(w).withReduction(reduction);
        loss = p[5] == 0 ? loss : loss.withDenominator(denominator);
        Tensor x = Tensor.of(new float[] {p[0]}, 1);
        Tensor t = Tensor.of(new float[] {p[1]}, 1);
        fused.forwardAndGradient(loss, x, t).close();
        if (p[4] != 0 && reduction == Reduction.NONE) {
          fused.backward(loss, x, t, Tensor.of(new float[] {p[4]}, 1)).close();
        } else if (p[4] != 0) {
          fused.backward(loss, x, t, p[4]).close();
        }
      }
    }
  }

  /** Throws what a check in a language without checked exceptions may throw. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable e) throws E {
    throw (E) e;
  }

  @Test
  void whateverACheckThrowsNothingLeaks() {
    List<Throwable> all =
        List.of(new Exception("checked"), new IllegalStateException(), new AssertionError());
    for (DeviceInfo info : FusedLoss.devices()) {
      if (!info.usable()) {
        continue;
      }
      try (FusedLoss fused = FusedLoss.open(info.name());
          Tensor x = fused.upload(X)) {
        long before = fused.liveBytes();
        for (Throwable thrown : all) {
          FusedLoss checked =
              fused.checkedBy((loss, input, target, upstream, upstreams, r) -> sneak(thrown));
          assertSame(
              thrown, assertThrows(Throwable.class, () -> checked.forwardAndGradient(NONE, x, Y)));
          assertEquals(before, fused.liveBytes(), info.name() + thrown);
        }
      }
    }
  }

  @Test
  void checksAddUpInOrder() {
    StringBuilder ran = new StringBuilder();
    try (FusedLoss fused = FusedLoss.open("cpu")) {
      FusedLoss one = fused.checkedBy((loss, x, t, u, us, r) -> ran.append('a'));
      FusedLoss two = one.checkedBy((loss, x, t, u, us, r) -> ran.append('b'));
      FusedLoss three =
          two.checkedBy(
                  (loss, x, t, u, us, r) -> {
                    throw new IllegalStateException("third");
                  })
              .checkedBy((loss, x, t, u, us, r) -> ran.append('d'));
      two.forward(NONE, X, Y).close();
      assertEquals("ab", ran.toString());
      one.forward(NONE, X, Y).close();
      assertEquals("aba", ran.toString());
      assertThrows(IllegalStateException.class, () -> three.forward(NONE, X, Y));
      assertEquals("abaab", ran.toString());
      fused.forward(NONE, X, Y).close();
      assertEquals("abaab", ran.toString());
    }
  }

  private static Tensor ones() {
    return Tensor.of(new int[] {1, 2}, 2);
  }
}
