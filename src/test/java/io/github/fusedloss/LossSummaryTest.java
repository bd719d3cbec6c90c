package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** One total, whatever the batches, their order and the executor. */
class LossSummaryTest {
  private static final Loss LOSSES = CrossEntropy.DEFAULT.withReduction(Reduction.NONE);

  private static void bits(double expected, double got) {
    assertEquals(Double.doubleToLongBits(expected), Double.doubleToLongBits(got));
  }

  private static LossSummary of(float... losses) {
    return new LossSummary().add(Tensor.of(losses, losses.length), null);
  }

  static <T> T copy(T object) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      @SuppressWarnings("unchecked")
      T read = (T) in.readObject();
      return read;
    }
  }

  /**
   * 1,000 partitionings of 2,000 weighted losses in an order of their own: into 1 to 60 parts,
   * which are merged in some order, some of them after a journey as bytes. The sum is that of
   * BigDecimal.
   */
  @Test
  void thousandPartitionings() throws Exception {
    int n = 2000;
    SplittableRandom random = new SplittableRandom(17);
    List<float[]> rows = new ArrayList<>();
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal weights = BigDecimal.ZERO;
    for (int i = 0; i < n; i++) {
      float loss = (float) Math.scalb(random.nextDouble(), random.nextInt(60) - 40);
      float weight = (float) random.nextDouble();
      rows.add(new float[] {loss, weight});
      sum = sum.add(new BigDecimal(loss).multiply(new BigDecimal(weight)));
      weights = weights.add(new BigDecimal(weight));
    }
    double mean = sum.divide(weights, MathContext.DECIMAL128).doubleValue();
    for (int trial = 0; trial < 1000; trial++) {
      Collections.shuffle(rows, new Random(trial));
      LossSummary[] parts = new LossSummary[1 + random.nextInt(60)];
      for (int p = 0; p < parts.length; p++) {
        parts[p] = new LossSummary();
      }
      for (float[] row : rows) {
        parts[random.nextInt(parts.length)].add(row[0], row[1]);
      }
      LossSummary total = new LossSummary();
      for (LossSummary part : parts) {
        total.merge(random.nextInt(20) == 0 ? copy(part) : part);
      }
      bits(sum.doubleValue(), total.sum());
      bits(weights.doubleValue(), total.weightSum());
      bits(mean, total.mean());
      assertEquals(n, total.count());
    }
  }

  /** 600 rows of 7 classes, some ignored, in batches of 1 to 100 rows. */
  @Test
  void batchesAndExecutors() {
    int n = 600;
    SplittableRandom random = new SplittableRandom(18);
    Tensor x = Tensor.of(EveryLoss.logits(random, n * 7, 20), n, 7);
    Tensor y = Tensor.of(EveryLoss.indices(random, n, 7), n);
    LossSummary whole = null;
    for (FusedLoss fused : OpenDevices.all()) {
      for (int trial = 0; trial < 4; trial++) {
        LossSummary total = new LossSummary();
        for (int from = 0; from < n; ) {
          int count = trial == 0 ? n : Math.min(n - from, 1 + random.nextInt(100));
          try (LossResult result =
              fused.forward(LOSSES, x.rows(from, count), y.rows(from, count))) {
            total.add(result);
          }
          from += count;
        }
        whole = whole == null ? total : whole;
        assertEquals(whole, total, fused.device());
        bits(whole.mean(), total.mean());
      }
    }
    assertTrue(whole.count() < n && whole.count() > n / 2);
    bits(whole.count(), whole.weightSum());
    bits(StrictMath.exp(whole.mean()), whole.perplexity());
  }

  /**
   * Weights of classes and rows, label smoothing and masks, in 50 partitionings of 300 rows: the
   * sums are those of BigDecimal, over the losses that a call for all rows gives.
   */
  @Test
  void weightsOneByOne() {
    int n = 300;
    SplittableRandom random = new SplittableRandom(19);
    Tensor x = Tensor.of(EveryLoss.logits(random, n * 7, 20), n, 7);
    int[] y = EveryLoss.indices(random, n, 7);
    float[] ofClass = {0.1f, 0.2f, 0.3f, 0.7f, 1.1f, 1.3f, 1.7f};
    float[] ofRow = new float[n];
    boolean[] mask = new boolean[n];
    for (int i = 0; i < n; i++) {
      ofRow[i] = i % 5 == 0 ? 0 : (float) random.nextDouble();
      mask[i] = i % 7 != 0;
    }
    Loss classes =
        CrossEntropy.DEFAULT
            .withWeight(Tensor.of(ofClass, 7))
            .withLabelSmoothing(0.1f)
            .withReduction(Reduction.NONE);
    Loss binary = BinaryCrossEntropyWithLogits.DEFAULT.withReduction(Reduction.NONE);
    float[] truths = new float[n * 7];
    Tensor row = Tensor.of(ofRow, n);
    Tensor masked = Tensor.of(mask, n);
    try (FusedLoss fused = FusedLoss.open("cpu")) {
      for (Loss loss : List.of(classes, binary)) {
        boolean indices = loss == classes;
        Tensor input = indices ? x : Tensor.of(x.rows(0, n).toFloatArray(), n * 7).rows(0, n);
        Tensor target = indices ? Tensor.of(y, n) : Tensor.of(truths, n * 7).rows(0, n);
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal weights = BigDecimal.ZERO;
        Target all = Target.of(target).rowWeights(row).mask(masked);
        try (LossResult result = fused.forward(loss, input, all)) {
          float[] losses = result.losses().toFloatArray();
          for (int i = 0; i < n; i++) {
            if (mask[i] && ofRow[i] != 0 && !(indices && y[i] == -100)) {
              sum = sum.add(new BigDecimal(losses[i]));
              BigDecimal weight = new BigDecimal(ofRow[i]);
              weights =
                  weights.add(indices ? weight.multiply(new BigDecimal(ofClass[y[i]])) : weight);
            }
          }
        }
        for (int trial = 0; trial < 50; trial++) {
          LossSummary total = new LossSummary();
          for (int from = 0; from < n; ) {
            int count = Math.min(n - from, 1 + random.nextInt(100));
            Target some =
                Target.of(target.rows(from, count))
                    .rowWeights(row.rows(from, count))
                    .mask(masked.rows(from, count));
            try (LossResult result = fused.forward(loss, input.rows(from, count), some)) {
              total.add(result, loss, some);
            }
            from += count;
          }
          bits(sum.doubleValue(), total.sum());
          bits(weights.doubleValue(), total.weightSum());
          bits(sum.divide(weights, MathContext.DECIMAL128).doubleValue(), total.mean());
        }
      }
      try (LossResult result = fused.forward(classes, x, Tensor.of(y, n))) {
        Target other = Target.of(Tensor.of(y, n).rows(0, 3));
        assertEquals(
            "target must be that of the result, of 300 losses, got one of 3",
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new LossSummary().add(result, classes, other))
                .getMessage());
      }
    }
  }

  /** Row weights must have the shape of the rows, or of the elements for binary losses. */
  @Test
  void weightsOfOtherRows() {
    FusedLoss fused = OpenDevices.of("cpu:scalar");
    Tensor three = Tensor.of(new float[] {1, 2, 3}, 3);
    Tensor one = Tensor.of(new float[] {1}, 1);
    Tensor mask = Tensor.of(new boolean[] {true}, 1);
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    CrossEntropy classes = CrossEntropy.DEFAULT.withReduction(Reduction.NONE);
    Target y = Target.of(Tensor.of(new int[] {0, 1}, 2));
    Tensor z = Tensor.of(new float[] {1, 2}, 2);
    Loss elements = BinaryCrossEntropyWithLogits.DEFAULT.withReduction(Reduction.NONE);
    Target t = Target.of(Tensor.of(new float[] {0, 1}, 2));
    try (LossResult rows = fused.forward(classes, x, y.tensor());
        LossResult each = fused.forward(elements, z, t.tensor())) {
      for (Tensor weights : List.of(three, one)) {
        refused("rowWeights", rows, classes, y.rowWeights(weights));
        refused("rowWeights", each, elements, t.rowWeights(weights));
      }
      Tensor two = Tensor.of(new float[] {1, 2}, 2);
      refused("mask", rows, classes, y.rowWeights(two).mask(mask));
      refused("mask", each, elements, t.rowWeights(two).mask(mask));
    }
  }

  private static void refused(String name, LossResult result, Loss loss, Target target) {
    LossSummary summary = new LossSummary();
    String message =
        assertThrows(IllegalArgumentException.class, () -> summary.add(result, loss, target))
            .getMessage();
    assertTrue(message.startsWith(name + " must have one element per loss, (2,), got"), message);
    assertEquals(0, summary.count());
  }

  @Test
  void whatIsNotFinite() {
    bits(Double.POSITIVE_INFINITY, of(1, Float.POSITIVE_INFINITY).mean());
    bits(Double.POSITIVE_INFINITY, of(1, Float.POSITIVE_INFINITY).perplexity());
    bits(Double.NaN, of(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY).sum());
    bits(Double.NaN, of(1, Float.NaN).sum());
    bits(Double.NaN, of().mean());
    bits(0, of().sum());
    bits(Double.NaN, new LossSummary().add(1, 2).add(1, -2).mean());
    bits(Double.NaN, new LossSummary().add(1, Float.POSITIVE_INFINITY).mean());
    // What weighs 0 does not count, whatever it is.
    LossSummary some = of(3).add(Float.NaN, 0f).add(Float.POSITIVE_INFINITY, -0f);
    assertEquals(of(3), some);
    assertEquals(1, some.count());
  }

  /** The means of both are 3e38, and the sum is beyond the floats. */
  @Test
  void beyondTheRangeOfFloats() {
    LossSummary large = of(3e38f, 3e38f);
    bits((double) 3e38f, large.mean());
    bits(2 * (double) 3e38f, large.sum());
    bits((double) 3e38f, new LossSummary().add(3e38f, 3e38f).add(3e38f, 1e-45f).mean());
  }

  @Test
  void equalIfTheSumsAre() throws Exception {
    assertEquals(of(1, 2, 3), of(3).merge(of(2, 1)));
    assertEquals(of(1, 2, 3).hashCode(), of(3).merge(of(2, 1)).hashCode());
    assertEquals(of(1, 2, 3), copy(of(1, 2, 3)));
    assertNotEquals(of(1, 2, 3), of(1, 5));
    assertNotEquals(of(1, 2), of(1, 2.0000002f));
    assertEquals("LossSummary(count=2, mean=1.5)", of(1, 2).toString());
    LossSummary self = of(1, 2);
    assertEquals(of(1, 1, 2, 2), self.merge(self));
  }

  @Test
  void refusesWhatItCannotAdd() {
    try (FusedLoss fused = FusedLoss.open("cpu:scalar");
        LossResult mean =
            fused.forward(
                CrossEntropy.DEFAULT, Tensor.of(new float[3], 1, 3), Tensor.of(new int[1], 1))) {
      Expect.refused(
          "result must have reduction none, so that its losses can be added, got mean: compute it"
              + " with loss.withReduction(Reduction.NONE)",
          () -> new LossSummary().add(mean));
    }
    Expect.refused(
        "weights must have the shape of the losses, (3,), got (2,)",
        () -> new LossSummary().add(Tensor.of(new float[3], 3), Tensor.of(new float[2], 2)));
    Expect.refused(
        "losses must be float32, float16 or bfloat16, got int32",
        () -> new LossSummary().add(Tensor.of(new int[3], 3), null));
    assertThrows(IllegalArgumentException.class, () -> new LossSummary().add((LossResult) null));
    assertThrows(IllegalArgumentException.class, () -> new LossSummary().merge(null));
  }
}
