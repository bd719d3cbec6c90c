package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.reference.DfpRows;
import io.github.fusedloss.reference.ReferenceOutputs;
import io.github.fusedloss.reference.Ulp;
import io.github.fusedloss.verify.Promise;
import io.github.fusedloss.verify.ReferenceCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checks {@link Outputs}: what a loss gives for each row beside the loss. */
class OutputsTest {
  private static final Outputs ALL = Outputs.of(Output.values());

  /** Outputs that need no target class. */
  private static final Outputs OF_LOGITS = Outputs.of(Output.LSE, Output.ENTROPY, Output.ARGMAX);

  private static final float NAN = Float.NaN;
  private static final float INF = Float.POSITIVE_INFINITY;

  /**
   * Batch, classes, inner: rows in order (up to 64 classes, or inner above 1), on both sides of a
   * tile of the CPU; in lanes within a tile (up to 128 classes) and beyond, around a stripe and a
   * block; of several blocks, adjacent and not.
   */
  private static final List<LogitShape> SHAPES =
      LogitShape.list(
          "5x1 37x10 300x3 17x64 5x65 3x128 3x129 3x1000 2x1025 2x2049 2x4096 2x4097 2x8200 2x3x15"
              + " 3x19x35 1x4100x2");

  /** One for each way that a device walks over rows; each is a program to compile. */
  private static final List<LogitShape> ON_DEVICES =
      LogitShape.list("37x10 2x19x17 5x65 3x1500 2x4099");

  private static List<FusedLoss> ofCpu() {
    return OpenDevices.all().stream().filter(f -> f.device().startsWith("cpu")).toList();
  }

  private static float[] few(Random random, int n, int values) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = random.nextInt(values) - values;
    }
    return x;
  }

  /** Ordinary logits, such as all executors have to be near the definition of. */
  private static float[] logits(Random random, int n, int round) {
    if (round == 2) {
      return few(random, n, 3); // ties
    }
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = Numbers.normal(random, round == 0 ? 3 : 40);
    }
    return x;
  }

  private static List<Loss> losses(Tensor w) {
    CrossEntropy plain = CrossEntropy.DEFAULT.withReduction(Reduction.NONE);
    return List.of(
        CrossEntropy.DEFAULT,
        plain.withWeight(w).withLabelSmoothing(0.1f),
        plain.withZLoss(0.1f),
        OptionCases.all(plain, w),
        SoftmaxFocalLoss.DEFAULT.withReduction(Reduction.SUM));
  }

  @Test
  @Tag("once")
  void allAreNearTheDefinition() {
    Random random = new Random(1);
    int turn = 0;
    for (FusedLoss fused : ofCpu()) {
      FusedLoss checked = fused.checkedBy(new ReferenceCheck());
      for (LogitShape s : SHAPES) {
        for (int round = 0; round < 3; round++) {
          Tensor x = Tensor.of(logits(random, s.elements(), round), s.input());
          Target y = Target.of(Tensor.of(s.indices(random), s.target()));
          Tensor w = Tensor.of(Numbers.unit(random, s.classes()), s.classes());
          Tensor q = Tensor.of(Numbers.unit(random, s.elements()), s.input());
          List<Loss> losses = losses(w);
          for (int i = 0; i < 2; i++) { // The reference takes long for gradients.
            checked.forward(losses.get((turn + i) % losses.size()), x, y, ALL).close();
          }
          checked.forwardAndGradient(losses.get(turn++ % losses.size()), x, y, ALL).close();
          checked.forward(CrossEntropy.DEFAULT, x, Target.of(q), OF_LOGITS).close();
        }
      }
    }
  }

  /**
   * In 120 digits, not in double: rows where one class is almost certain, down to an entropy of
   * 1e-24 (logits of 60 and 0), and equal ones among the largest. lse - sum p x has no digit there.
   */
  @Test
  void entropyKeepsItsDigits() {
    float[][] rows = {
      {17, 0, 0, 0}, {60, 0, 0, 0}, {-20000, -20017, -20030, -30000}, {3, 3, 3, 3}, {1, 2, 3, 4}
    };
    for (FusedLoss fused : ofCpu()) {
      for (float[] x : rows) {
        Target y = Target.of(Tensor.of(new int[] {0}, 1));
        try (LossResult result =
            fused.forward(CrossEntropy.DEFAULT, Tensor.of(x, 1, x.length), y, ALL)) {
          double entropy = DfpRows.entropy(x).toDouble();
          double distance = Ulp.distance((float) numbers(result, Output.ENTROPY)[0], entropy);
          assertTrue(distance <= Promise.ROW_ENTROPY.ulps(), fused.device() + " " + distance);
        }
      }
    }
  }

  /** Exactly, with many equal logits. */
  @Test
  void argmaxAndRankAreThoseOfTheDefinition() {
    Random random = new Random(5);
    for (FusedLoss fused : ofCpu()) {
      for (LogitShape s : SHAPES) {
        float[] values = few(random, s.elements(), 4);
        int[] y = s.indices(random);
        int[] argmax = ReferenceOutputs.argmax(values, s.batch(), s.classes(), s.inner());
        long[] wide = IntStream.of(y).asLongStream().toArray();
        int[] rank = ReferenceOutputs.rank(values, s.batch(), s.classes(), s.inner(), wide);
        Target target = Target.of(Tensor.of(y, s.target()));
        try (LossResult result =
            fused.forward(CrossEntropy.DEFAULT, Tensor.of(values, s.input()), target, ALL)) {
          for (int r = 0; r < y.length; r++) {
            String where = s + ", row " + r;
            boolean counts = y[r] >= 0;
            assertEquals(counts ? argmax[r] : -1, numbers(result, Output.ARGMAX)[r], where);
            assertEquals(counts ? rank[r] : -1, numbers(result, Output.RANK)[r], where);
          }
        }
      }
    }
  }

  /**
   * Rows may hold anything. A device computes calls with and without gradient in different ways.
   */
  @Test
  void executorsAgree() {
    List<FusedLoss> all = OpenDevices.all();
    List<FusedLoss> cpu = all.stream().filter(f -> f.device().startsWith("cpu")).toList();
    Random random = new Random(2);
    for (int round = 0; round < 3; round++) {
      double scale = round == 0 ? 5 : round == 1 ? 30000 : Float.MAX_VALUE;
      SHAPES.forEach(s -> agree(cpu, s, wild(random, s, scale), random, false));
      ON_DEVICES.forEach(s -> agree(all, s, wild(random, s, scale), random, true));
    }
    // So close to each other that some are equal.
    ON_DEVICES.forEach(s -> agree(all, s, few(random, s.elements(), 3), random, true));
  }

  private static float[] wild(Random random, LogitShape s, double scale) {
    return Numbers.values(random, s.elements(), scale);
  }

  private static void agree(
      List<FusedLoss> executors, LogitShape s, float[] values, Random random, boolean few) {
    Tensor x = Tensor.of(values, s.input());
    Target y = Target.of(Tensor.of(s.indices(random), s.target()));
    Tensor w = Tensor.of(Numbers.unit(random, s.classes()), s.classes());
    Tensor q = Tensor.of(Numbers.unit(random, s.elements()), s.input());
    List<int[]> bits = new ArrayList<>();
    for (FusedLoss fused : executors) {
      Bits b = new Bits();
      for (Loss loss : few ? List.of(CrossEntropy.DEFAULT) : losses(w)) {
        b.add(fused.forwardAndGradient(loss, x, y, ALL));
        if (!few || s.classes() < 70) {
          b.add(fused.forward(loss, x, y, ALL));
        }
      }
      if (!few || s.classes() < 70) {
        b.add(fused.forwardAndGradient(CrossEntropy.DEFAULT, x, Target.of(q), OF_LOGITS));
      }
      bits.add(b.all());
    }
    SameBitsTest.same(executors, bits, s.toString());
  }

  /** Each alone gives what all give, and the loss and gradient are those of a call without. */
  @Test
  void nothingDependsOnWhatElseIsAskedFor() {
    Random random = new Random(3);
    for (FusedLoss fused : ofCpu()) {
      for (LogitShape s : LogitShape.list("300x3 5x65 2x4097")) {
        Tensor x = Tensor.of(Numbers.values(random, s.elements(), 5), s.input());
        Target y = Target.of(Tensor.of(s.indices(random), s.target()));
        int[] plain = Bits.of(fused.forwardAndGradient(CrossEntropy.DEFAULT, x, y));
        try (LossResult all = fused.forwardAndGradient(CrossEntropy.DEFAULT, x, y, ALL)) {
          for (Output output : Output.values()) {
            LossResult one =
                fused.forwardAndGradient(CrossEntropy.DEFAULT, x, y, Outputs.of(output));
            assertArrayEquals(numbers(all, output), numbers(one, output), output + " of " + s);
            int[] bits = Bits.of(one);
            for (int i = 0; i < plain.length; i++) {
              assertEquals(plain[i], bits[i], output + " of " + s);
            }
          }
        }
      }
    }
  }

  private static double[] numbers(LossResult result, Output output) {
    Tensor tensor = result.output(output);
    assertEquals(output.type(), tensor.type());
    double[] numbers = new double[(int) tensor.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = tensor.type().isFloating() ? tensor.toFloatArray()[i] : tensor.toLongArray()[i];
    }
    return numbers;
  }

  /** Checks what the documentation of {@link Outputs} says about rows with special values. */
  @Test
  void specialRows() {
    float[] x = {
      1, 3, 3, 0, // two of the largest
      0, -INF, 0, -INF, // half of it without a chance
      2, 7, 1, 0, // ignored, as the next
      NAN, INF, 1, 0, NAN, 1, 2, 3, INF, 1, INF, 3, -INF, -INF, -INF, -INF, -INF, 5, -INF,
      -INF, // certain
      5, -INF, -INF, -INF, // certain, and not what the target says
    };
    Tensor y = Tensor.of(new int[] {2, 2, -100, -100, 1, 2, 2, 1, 2}, 9);
    double lse = Math.log(Math.exp(1) + 2 * Math.exp(3) + 1);
    double[] p = {Math.exp(1 - lse), Math.exp(3 - lse), Math.exp(3 - lse), Math.exp(-lse)};
    double entropy = -p[0] * (1 - lse) - 2 * p[1] * (3 - lse) - p[3] * (0 - lse);
    double ln2 = Math.log(2);
    double[][] expected = {
      {lse, ln2, 0, 0, NAN, INF, -INF, 5, 5},
      {3 - lse, -ln2, 0, 0, NAN, NAN, NAN, 0, -INF},
      {entropy, ln2, 0, 0, NAN, NAN, NAN, 0, 0},
      {1, 0, -1, -1, -1, 0, 0, 1, 0},
      {1, 1, -1, -1, -1, 1, 2, 0, 2}
    };
    for (FusedLoss fused : OpenDevices.all()) {
      try (LossResult result =
          fused.forward(CrossEntropy.DEFAULT, Tensor.of(x, 9, 4), Target.of(y), ALL)) {
        for (Output output : Output.values()) {
          double[] rounded = expected[output.ordinal()].clone();
          for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) rounded[i];
          }
          double ulp = output.type().isFloating() ? 5e-7 : 0;
          String what = output + " on " + fused.device();
          assertArrayEquals(rounded, numbers(result, output), ulp, what);
        }
      }
    }
  }

  /** Rows that do not count have the same numbers, whatever says so and whatever they hold. */
  @Test
  void rowsThatDoNotCount() {
    float[] x = {NAN, 1, 2, 3, 2, 1};
    float[] r = {0, 2};
    for (FusedLoss fused : ofCpu()) {
      for (Tensor target : List.of(Tensor.of(new int[] {99, 1}, 2), Tensor.of(x.clone(), 2, 3))) {
        Target weighted = Target.of(target).rowWeights(Tensor.of(r, 2));
        Target masked = Target.of(target).mask(Tensor.of(new boolean[] {false, true}, 2));
        for (Target batch : List.of(weighted, masked)) {
          Outputs some = target.type().isFloating() ? OF_LOGITS : ALL;
          try (LossResult result =
              fused.forward(CrossEntropy.DEFAULT, Tensor.of(x, 2, 3), batch, some)) {
            for (Output output : Output.values()) {
              if (some.has(output)) {
                double ignored = output.type().isFloating() ? 0 : -1;
                assertEquals(ignored, numbers(result, output)[0], output.toString());
              }
            }
            assertEquals(0, numbers(result, Output.ARGMAX)[1]);
          }
        }
      }
    }
  }

  /** The target of a row is among the k best of PyTorch's topk where its rank is below k. */
  @Test
  void aPerfectGuessHasRankZero() {
    float[] x = {0, 4, 1, 9, 8, 7};
    try (FusedLoss fused = FusedLoss.open("cpu");
        LossResult result =
            fused.forward(
                SoftmaxFocalLoss.DEFAULT,
                Tensor.of(x, 2, 3),
                Target.of(Tensor.of(new int[] {1, 2}, 2)),
                Outputs.of(Output.RANK, Output.ARGMAX))) {
      assertArrayEquals(new double[] {0, 2}, numbers(result, Output.RANK));
      assertArrayEquals(new double[] {1, 0}, numbers(result, Output.ARGMAX));
      assertArrayEquals(new long[] {2}, result.output(Output.RANK).shape());
    }
  }

  /** 16-bit logits, class axis last, and in place; on the device they stay there. */
  @Test
  void whereverTheLogitsAre() {
    Random random = new Random(4);
    LogitShape s = new LogitShape(3, 70, 5);
    for (FusedLoss fused : OpenDevices.all()) {
      for (ElementType type : List.of(ElementType.FLOAT16, ElementType.BFLOAT16)) {
        boolean both = fused.device().startsWith("cpu") || type == ElementType.FLOAT16;
        if (both) {
          storage(fused, s, type, random);
        }
      }
      try (Tensor empty = Tensor.of(new float[0], 0, 3);
          LossResult none =
              fused.forward(
                  CrossEntropy.DEFAULT, empty, Target.of(Tensor.of(new int[0], 0)), ALL)) {
        assertEquals(0, none.output(Output.ENTROPY).size());
      }
    }
  }

  private static void storage(FusedLoss fused, LogitShape s, ElementType type, Random random) {
    float[] values = Numbers.values(random, s.elements(), 9);
    for (int i = 0; i < values.length; i++) {
      values[i] = type.decode(type.encode(values[i]));
    }
    Target y = Target.of(Tensor.of(s.indices(random), s.target()));
    Tensor wide = Tensor.of(values, s.input());
    Tensor x = Numbers.tensor(type, values, s.input());
    float[] last = new float[values.length];
    for (int i = 0; i < last.length; i++) {
      int c = i / s.inner() % s.classes();
      last[s.row(i) * s.classes() + c] = values[i];
    }
    Tensor behind = Tensor.of(last, s.batch(), s.inner(), s.classes());
    CrossEntropy loss = CrossEntropy.DEFAULT;
    try (LossResult expected = fused.forward(loss, wide, y, ALL);
        Tensor there = fused.upload(x);
        LossResult onDevice = fused.forwardAndGradient(loss, there, y, ALL);
        LossResult here = fused.forward(loss, x, y, ALL);
        LossResult inPlace = fused.forwardAndGradient(loss, there, y, ALL, there);
        LossResult byLast = fused.forward(loss.withClassAxis(-1), behind, y, ALL)) {
      for (Output output : Output.values()) {
        assertTrue(onDevice.output(output).isOnDevice());
        double[] numbers = numbers(expected, output);
        for (LossResult other : List.of(onDevice, here, inPlace)) {
          assertArrayEquals(numbers, numbers(other, output), type + " " + output);
        }
        // The sums of adjacent rows have another order: the last digit may differ.
        assertArrayEquals(numbers, numbers(byLast, output), 1e-5, output.toString());
      }
    }
  }

  @Test
  void closedWithTheResult() {
    try (FusedLoss fused = FusedLoss.open("cpu");
        Tensor x = fused.upload(Tensor.of(new float[6], 2, 3));
        Tensor y = fused.upload(Tensor.of(new int[2], 2))) {
      long before = fused.liveBytes();
      LossResult result = fused.forward(CrossEntropy.DEFAULT, x, Target.of(y), ALL);
      assertEquals(before + 5 * 2 * 4, fused.liveBytes());
      result.close();
      assertEquals(before, fused.liveBytes());
    }
  }

  @Test
  void whatCannotBeAskedForIsRefused() {
    refused("outputs must name one or more, got none", Outputs::of);
    refused(
        "outputs must be different ones, got LSE twice", () -> Outputs.of(Output.LSE, Output.LSE));
    refused("outputs must be different ones, got null", () -> Outputs.of(Output.LSE, null));
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    Target y = Target.of(Tensor.of(new int[2], 2));
    try (FusedLoss fused = FusedLoss.open("cpu");
        LossResult some = fused.forward(CrossEntropy.DEFAULT, x, y, Outputs.of(Output.LSE));
        LossResult none = fused.forward(CrossEntropy.DEFAULT, x, y)) {
      assertTrue(some.hasOutput(Output.LSE));
      assertFalse(none.hasOutput(Output.LSE));
      for (LossResult result : List.of(some, none)) {
        IllegalStateException e =
            assertThrows(IllegalStateException.class, () -> result.output(Output.RANK));
        assertEquals(
            "RANK was not asked for: give the call Outputs.of(Output.RANK)", e.getMessage());
      }
      refused(
          "outputs must not be asked of nll_loss", () -> fused.forward(NllLoss.DEFAULT, x, y, ALL));
      refused(
          "outputs must not be asked of binary_cross_entropy_with_logits",
          () -> fused.forward(BinaryCrossEntropyWithLogits.DEFAULT, x, Target.of(x), ALL));
      refused(
          "target must be class indices for RANK, got class probabilities",
          () -> fused.forward(CrossEntropy.DEFAULT, x, Target.of(x), Outputs.of(Output.RANK)));
      refused(
          "outputs must be given", () -> fused.forward(CrossEntropy.DEFAULT, x, y, (Outputs) null));
    }
  }

  private static void refused(String message, org.junit.jupiter.api.function.Executable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call);
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }
}
