package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.reference.DfpRows;
import io.github.fusedloss.verify.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.dfp.Dfp;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@link Distillation}: its digits, its bits on every executor, what it refuses. */
class DistillationTest {
  /** Each divergence once, with what else it can be told. */
  private static List<Distillation> losses() {
    return List.of(
        Distillation.FORWARD_KL.withTemperature(0.7f),
        Distillation.REVERSE_KL,
        Distillation.jsd(0.1f).withTemperature(2.5f).withTemperatureSquared(true),
        Distillation.jsd(0.9f));
  }

  private static double beta(Distillation loss) {
    return switch (loss.divergence()) {
      case FORWARD_KL -> 0;
      case REVERSE_KL -> 1;
      case JSD -> loss.beta();
    };
  }

  /** The teacher is far away at first, and in the end differs by a unit in the last place. */
  @Test
  @Tag("once")
  void keepsItsDigitsWhereTeacherAndStudentAgree() {
    Random random = new Random(3);
    try (FusedLoss fused = FusedLoss.open("cpu:scalar")) {
      for (Distillation loss : losses()) {
        for (double distance : new double[] {5, 0.3, 1e-3, 1e-7}) {
          for (int classes : new int[] {2, 9}) { // Each takes the judge some milliseconds.
            float[] x = Numbers.normal(random, classes, 3);
            float[] z = Numbers.normal(random, classes, distance);
            for (int c = 0; c < classes; c++) {
              z[c] += x[c];
            }
            judge(fused, loss, x, z);
          }
        }
      }
    }
  }

  private static void judge(FusedLoss fused, Distillation loss, float[] x, float[] z) {
    int n = x.length;
    double t = loss.temperature();
    double beta = beta(loss);
    double factor = loss.temperatureSquared() ? t * t : 1;
    LossResult r =
        fused.forwardAndGradient(
            loss.withReduction(Reduction.NONE), Tensor.of(x, 1, n), Tensor.of(z, 1, n));
    double exact = DfpRows.distillation(x, z, beta, t).toDouble() * factor;
    float value = r.losses().toFloatArray()[0];
    double ulps = Math.abs(value - exact) / Math.ulp((float) exact);
    assertTrue(ulps <= Promise.DISTILLATION_LOSS.ulps(), loss + ": " + exact + ", came " + value);
    float[] gradient = r.gradient().toFloatArray();
    Dfp[] slopes = DfpRows.distillationGradient(x, z, beta, t);
    double size = 0;
    for (Dfp slope : slopes) {
      size += Math.abs(slope.toDouble());
    }
    for (int c = 0; c < n; c++) {
      // The sum of the gradients' sizes is less than any of the promise's terms, summed up.
      double most = Promise.DISTILLATION_GRADIENT.terms() * Promise.TERM * size * factor;
      double off = Math.abs(gradient[c] - slopes[c].toDouble() * factor);
      assertTrue(off <= most, loss + " gradient " + c + ": off by " + off + ", at most " + most);
    }
  }

  /** A loss is never below 0, whatever the rows are. */
  @Test
  void isNeverBelowZero() {
    Random random = new Random(4);
    LogitShape s = new LogitShape(300, 7, 1);
    float[] x = Numbers.normal(random, s.elements(), 20);
    float[] z = x.clone();
    for (int i = 0; i < z.length; i++) {
      z[i] = random.nextInt(3) == 0 ? Math.nextUp(z[i]) : z[i];
    }
    try (FusedLoss fused = FusedLoss.open("cpu")) {
      for (Distillation loss : losses()) {
        Distillation none = loss.withReduction(Reduction.NONE);
        LossResult r = fused.forward(none, Tensor.of(x, s.input()), Tensor.of(z, s.input()));
        for (float value : r.losses().toFloatArray()) {
          assertTrue(value >= 0, loss + " " + value);
        }
      }
    }
  }

  /**
   * Rows around a vector, the lanes of a stripe, a stripe, a block and two; classes that are not
   * adjacent; so many rows that they go side by side. Special numbers among the logits, a teacher
   * of the student's type and of float32, row weights with 0 among them, an upstream for each row,
   * in place.
   */
  @Test
  void everyExecutorHasTheSameBits() {
    List<FusedLoss> executors = OpenDevices.all();
    Random random = new Random(5);
    for (LogitShape s :
        LogitShape.list(
            "5x1 9x3 7x17 3x64 3x65 3x1000 2x1025 2x4095 2x4097 1x8200 2x7x5 1x4100x3 "
                + "150x10 140x70 2x70x40 1x1030x20 1x4100x65")) {
      ElementType type = s.classes() == 1000 ? ElementType.BFLOAT16 : ElementType.FLOAT32;
      float[] values = Numbers.values(random, s.elements(), 9);
      float[] near = values.clone();
      float[] other = Numbers.values(random, s.elements(), 9);
      for (int i = 0; i < near.length; i++) {
        near[i] = s.row(i) % 2 == 0 ? other[i] : near[i] + other[i] * 1e-4f;
      }
      Tensor x = Numbers.tensor(type, values, s.input());
      Tensor z =
          s.batch() == 7 ? Tensor.of(near, s.input()) : Numbers.tensor(type, near, s.input());
      Tensor up = Tensor.of(Numbers.normal(random, s.rows(), 2), s.target());
      Target weighted =
          Target.of(z).rowWeights(Tensor.of(Numbers.unit(random, s.rows()), s.target()));
      List<int[]> bits = new ArrayList<>();
      for (FusedLoss fused : executors) {
        Bits b = new Bits();
        for (Distillation loss : losses().subList(0, 3)) {
          Distillation none = loss.withReduction(Reduction.NONE);
          b.add(fused.forwardAndGradient(loss, x, z));
          b.add(fused.forward(none, x, z));
          b.add(fused.backward(none, x, z, up));
          b.add(fused.forwardAndGradient(loss, x, weighted));
          Tensor place = Numbers.tensor(type, values.clone(), s.input());
          b.add(fused.forwardAndGradient(loss, place, z, place));
          try (Tensor there = fused.upload(x);
              Tensor teacher = fused.upload(z)) {
            b.add(fused.forwardAndGradient(none, there, teacher));
          }
        }
        bits.add(b.all());
      }
      for (int[] some : bits) {
        assertArrayEquals(bits.get(0), some, s.toString());
      }
    }
  }

  /** Classes on the last axis of (N, d, C) are as adjacent as those of (N d, C). */
  @Test
  void takesTheClassesFromAnyAxis() {
    Random random = new Random(6);
    float[] x = Numbers.normal(random, 24, 3);
    float[] z = Numbers.normal(random, 24, 3);
    try (FusedLoss fused = FusedLoss.open("cpu")) {
      Distillation loss = Distillation.REVERSE_KL;
      int[] flat = Bits.of(fused.forwardAndGradient(loss, Tensor.of(x, 6, 4), Tensor.of(z, 6, 4)));
      int[] last =
          Bits.of(
              fused.forwardAndGradient(
                  loss.withClassAxis(-1), Tensor.of(x, 2, 3, 4), Tensor.of(z, 2, 3, 4)));
      assertArrayEquals(flat, last);
      LossResult one = fused.forward(loss, Tensor.of(x, 24), Tensor.of(z, 24));
      assertEquals(1, one.count());
    }
  }

  @Test
  void saysWhatIsWrong() {
    Tensor x = Tensor.of(new float[6], 2, 3);
    try (FusedLoss fused = FusedLoss.open("cpu")) {
      refused(
          "target must have the shape of the input, (2, 3), for the teacher's logits, got (3, 2)",
          () -> fused.forward(Distillation.DEFAULT, x, Tensor.of(new float[6], 3, 2)).close());
      refused(
          "target must be float32, got int32: make it target.astype('float32')",
          () -> fused.forward(Distillation.DEFAULT, x, Tensor.of(new int[6], 2, 3)).close());
    }
    refused(
        "beta needs divergence jsd, got reverse_kl",
        () -> keep(Distillation.REVERSE_KL.withBeta(0.3f)));
    refused("beta must be in [0, 1], got 1.5", () -> keep(Distillation.jsd(1.5f)));
    refused(
        "divergence must be forward_kl, reverse_kl or jsd, got kl",
        () -> keep(Distillation.DEFAULT.with("divergence", "kl")));
    refused(
        "weight is an option of binary_cross_entropy and",
        () -> keep(Distillation.DEFAULT.withWeight(x)));
    assertEquals(
        Distillation.jsd(0.25f), Distillation.DEFAULT.with("divergence", "jsd").with("beta", 0.25));
    assertEquals("distillation(divergence=jsd, beta=0.25)", Distillation.jsd(0.25f).toString());
    assertEquals(
        Distillation.FORWARD_KL, Distillation.jsd(0.25f).withDivergence(Divergence.FORWARD_KL));
  }

  private static void refused(String begin, Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    assertTrue(message.startsWith(begin), message);
  }

  private static void keep(Loss unused) {}
}
