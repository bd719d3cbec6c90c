package io.github.fusedloss;

import static io.github.fusedloss.Expect.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.reference.DfpJudge;
import io.github.fusedloss.reference.DfpRows;
import io.github.fusedloss.reference.RowOptions;
import io.github.fusedloss.verify.ReferenceCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.dfp.Dfp;
import org.junit.jupiter.api.Test;

/** Row weights and masks: the bits on every executor, the definition, what is ignored. */
class TargetTest {
  private static final float NAN = Float.NaN;
  private static final float INF = Float.POSITIVE_INFINITY;

  /**
   * Rows in order, beside each other and apart; a tile and more (CPU: 256 rows); more rows than a
   * block of 4096 of the sum of their weights; in lanes, of two blocks.
   */
  private static final List<LogitShape> ROWS = LogitShape.list("37x10 4099x2 3x7x43 2x4097");

  /** Around a vector, a stripe of 1024, a block of 4096; two blocks. */
  private static final int[] SIZES = {1, 17, 1025, 4095, 4096, 4097, 8200};

  private final Random random = new Random(12);

  /** A batch: some rows are ignored, and hold what would be refused or infect the others. */
  private record Batch(Tensor rowWeights, Tensor mask) {
    Target of(Tensor target, int way) {
      Target batch = Target.of(target);
      return way == 0
          ? batch.rowWeights(rowWeights)
          : way == 1 ? batch.mask(mask) : batch.rowWeights(rowWeights).mask(mask);
    }
  }

  private Batch batch(boolean[] ignored, long... shape) {
    float[] r = ordinary(ignored.length);
    byte[] m = new byte[ignored.length];
    for (int i = 0; i < r.length; i++) {
      m[i] = (byte) (ignored[i] ? 0 : random.nextInt(255) - 255);
      r[i] = ignored[i] ? (i % 2 == 0 ? 0f : -0f) : r[i] * 3 + 0.01f;
    }
    return new Batch(Tensor.of(r, shape), Tensor.of(m, shape));
  }

  private boolean[] ignored(int rows) {
    boolean[] ignored = new boolean[rows];
    for (int i = 0; i < rows; i++) {
      ignored[i] = random.nextInt(4) == 0;
    }
    return ignored;
  }

  /** In [0.1, 1): nothing is lost at the lower end of the range of floats. */
  private float[] ordinary(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = 0.1f + 0.9f * random.nextFloat();
    }
    return values;
  }

  private float[] logits(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian() * 5;
    }
    return values;
  }

  @Test
  void everyExecutorAgreesAboutRows() {
    List<FusedLoss> executors = OpenDevices.all();
    for (LogitShape s : ROWS) {
      boolean[] ignored = ignored(s.rows());
      float[] x = Numbers.values(random, s.elements(), 8);
      float[] q = Numbers.unit(random, s.elements());
      int[] y = s.indices(random);
      for (int i = 0; i < x.length; i++) {
        boolean junk = ignored[s.row(i)];
        x[i] = junk ? random.nextBoolean() ? NAN : INF : x[i];
        q[i] = junk ? NAN : q[i];
      }
      for (int r = 0; r < y.length; r++) {
        y[r] = ignored[r] ? random.nextInt() : y[r];
      }
      Tensor w = Tensor.of(Numbers.unit(random, s.classes()), s.classes());
      Tensor up = Tensor.of(Numbers.values(random, s.rows(), 2), s.target());
      Batch batch = batch(ignored, s.target());
      Tensor input = Tensor.of(x, s.input());
      CrossEntropy none = CrossEntropy.DEFAULT.withReduction(Reduction.NONE);
      int way = random.nextInt(3);
      Target indices = batch.of(Tensor.of(y, s.target()), way);
      Target soft = batch.of(Tensor.of(q, s.input()), way);
      List<int[]> bits = new ArrayList<>();
      // Each shape is other programs to compile: OpenCL has the smaller batches.
      List<FusedLoss> these =
          s.rows() < 100
              ? executors
              : executors.stream().filter(e -> e.device().startsWith("cpu")).toList();
      for (FusedLoss fused : these) {
        Bits b = new Bits();
        // One loss with all options: it takes a program for each shape, and long to compile.
        Loss loss =
            s.inner() > 1 ? OptionCases.most(CrossEntropy.DEFAULT, w) : CrossEntropy.DEFAULT;
        b.add(fused.forwardAndGradient(loss, input, indices));
        b.add(fused.forwardAndGradient(loss, input, soft));
        b.add(fused.forwardAndGradient(none, input, indices));
        b.add(fused.forwardAndGradient(none, input, soft));
        b.add(fused.backward(none, input, indices, up));
        b.add(fused.backward(none, input, soft, up));
        NllLoss nll = NllLoss.DEFAULT.withWeight(w);
        b.add(fused.forwardAndGradient(nll, input, indices));
        b.add(fused.backward(nll.withReduction(Reduction.NONE), input, indices, up));
        bits.add(b.all());
      }
      SameBitsTest.same(these, bits, s + ", way " + way);
    }
  }

  @Test
  void everyExecutorAgreesAboutElements() {
    List<FusedLoss> executors = OpenDevices.all();
    for (int n : SIZES) {
      boolean[] ignored = ignored(n);
      float[] x = Numbers.values(random, n, 60);
      float[] p = Numbers.unit(random, n);
      float[] t = Numbers.unit(random, n);
      float[] w = Numbers.unit(random, n);
      for (int i = 0; i < n; i++) {
        x[i] = ignored[i] ? INF : random.nextInt(20) == 0 ? -INF : x[i];
        p[i] = ignored[i] ? -3 : p[i];
        t[i] = ignored[i] ? NAN : t[i];
        w[i] = ignored[i] ? NAN : w[i];
      }
      Tensor logits = Tensor.of(x, n);
      Tensor probabilities = Tensor.of(p, n);
      Tensor weights = Tensor.of(w, n);
      Tensor one = Tensor.of(new float[] {1.7f}, 1);
      Tensor up = Tensor.of(Numbers.values(random, n, 2), n);
      Batch batch = batch(ignored, n);
      Reduction reduction = Reduction.values()[n % 3];
      List<int[]> bits = new ArrayList<>();
      for (FusedLoss fused : executors) {
        long before = fused.liveBytes();
        try (Tensor device = fused.upload(logits);
            Tensor there = fused.upload(Tensor.of(t, n));
            Tensor weightsThere = fused.upload(batch.rowWeights())) {
          Bits b = new Bits();
          // Each way and each option is another program to compile.
          Target target = batch.of(Tensor.of(t, n), n % 3);
          Loss plain = BinaryCrossEntropyWithLogits.DEFAULT;
          for (Loss loss : List.of(plain, OptionCases.most(plain, weights, one))) {
            b.add(fused.forwardAndGradient(loss.withReduction(reduction), logits, target));
          }
          b.add(fused.backward(plain.withReduction(Reduction.NONE), logits, target, up));
          Loss of = BinaryCrossEntropy.DEFAULT;
          b.add(fused.forwardAndGradient(of, probabilities, target));
          b.add(fused.forwardAndGradient(of.withWeight(weights), probabilities, target));
          // Resident, the mask on the host.
          Target resident = Target.of(there).rowWeights(weightsThere).mask(batch.mask());
          b.add(fused.forwardAndGradient(BinaryCrossEntropyWithLogits.DEFAULT, device, resident));
          bits.add(b.all());
        }
        assertEquals(before, fused.liveBytes(), fused.device());
      }
      SameBitsTest.same(executors, bits, n + " elements");
    }
  }

  /**
   * Every loss within its promise of r w l by the oracles, which know no kernel. OpenCL gives the
   * same bits, see above, and would have a program to compile for each of these.
   */
  @Test
  void withinThePromises() {
    for (String device : List.of("cpu:scalar", "cpu")) {
      FusedLoss executor = FusedLoss.open(device);
      FusedLoss fused = executor.checkedBy(new ReferenceCheck());
      // In order, apart, in lanes.
      for (LogitShape s : LogitShape.list("37x10 2x7x5")) {
        Batch batch = batch(ignored(s.rows()), s.target());
        Tensor x = Tensor.of(logits(s.elements()), s.input());
        Tensor y = Tensor.of(s.indices(random), s.target());
        Tensor q = Tensor.of(ordinary(s.elements()), s.input());
        Tensor w = Tensor.of(ordinary(s.classes()), s.classes());
        Batch ofElements = batch(ignored(s.elements()), s.input());
        for (Reduction reduction : List.of(Reduction.NONE, Reduction.MEAN, Reduction.SUM)) {
          for (int way = 0; way < 3; way++) {
            for (Loss loss :
                List.of(CrossEntropy.DEFAULT, OptionCases.most(CrossEntropy.DEFAULT, w))) {
              fused.forwardAndGradient(loss.withReduction(reduction), x, batch.of(y, way)).close();
              fused.forwardAndGradient(loss.withReduction(reduction), x, batch.of(q, way)).close();
            }
            Loss nll = NllLoss.DEFAULT.withReduction(reduction);
            fused.forwardAndGradient(nll, x, batch.of(y, way)).close();
            for (Loss loss : OptionCases.variants(BinaryCrossEntropyWithLogits.DEFAULT, q)) {
              Loss reduced = loss.withReduction(reduction);
              fused.forwardAndGradient(reduced, x, ofElements.of(q, way)).close();
            }
            Loss of = BinaryCrossEntropy.DEFAULT.withWeight(q).withReduction(reduction);
            fused.forwardAndGradient(of, q, ofElements.of(q, way)).close();
          }
        }
      }
      fused.close();
    }
  }

  /** The mean of r w l over r w, in 120 digits. */
  @Test
  void theMeanInManyDigits() {
    int classes = 5;
    int rows = 40;
    float[] x = logits(rows * classes);
    float[] w = ordinary(classes);
    float[] r = ordinary(rows);
    int[] y = random.ints(rows, 0, classes).toArray();
    Dfp sum = DfpJudge.exact(0);
    Dfp weights = DfpJudge.exact(0);
    for (int row = 0; row < rows; row++) {
      float[] own = Arrays.copyOfRange(x, row * classes, (row + 1) * classes);
      Dfp loss = DfpRows.crossEntropy(own, y[row], RowOptions.DEFAULT.withWeight(w));
      sum = sum.add(DfpJudge.exact(r[row]).multiply(loss));
      weights = weights.add(DfpJudge.exact(r[row]).multiply(DfpJudge.exact(w[y[row]])));
    }
    double exact = sum.divide(weights).toDouble();
    Loss loss = CrossEntropy.DEFAULT.withWeight(Tensor.of(w, classes));
    for (FusedLoss fused : OpenDevices.all()) {
      Target target = Target.of(Tensor.of(y, rows)).rowWeights(Tensor.of(r, rows));
      float mean = fused.forward(loss, Tensor.of(x, rows, classes), target).loss();
      assertEquals(exact, mean, 2 * Math.ulp((float) exact), fused.device());
    }
  }

  /** PyTorch's weight of an element and ours of a row are one factor, but for the mean. */
  @Test
  void aRowWeightOfAnElementIsItsWeight() {
    int n = 4100; // more than one block of 4096
    float[] r = ordinary(n);
    Tensor x = Tensor.of(logits(n), n);
    Tensor t = Tensor.of(ordinary(n), n);
    Tensor w = Tensor.of(r, n);
    for (FusedLoss fused : OpenDevices.all()) {
      for (Loss loss : List.of(BinaryCrossEntropyWithLogits.DEFAULT, BinaryCrossEntropy.DEFAULT)) {
        Tensor input = loss instanceof BinaryCrossEntropy ? t : x;
        Loss sum = loss.withReduction(Reduction.SUM);
        LossResult weighted = fused.forwardAndGradient(sum.withWeight(w), input, t);
        LossResult ofRows = fused.forwardAndGradient(sum, input, Target.of(t).rowWeights(w));
        assertEquals(weighted.loss(), ofRows.loss());
        assertArrayEquals(Bits.of(weighted.gradient()), Bits.of(ofRows.gradient()));
        // The mean divides by the sum of r.
        LossResult mean = fused.forward(loss, input, Target.of(t).rowWeights(w));
        assertEquals((float) (weighted.sum() / fused.sum(w)), mean.loss(), Math.ulp(mean.loss()));
      }
    }
  }

  /** A batch with ignored rows has the losses and gradients of the batch without them. */
  @Test
  void ignoredRowsAreAsIfTheyWereNotThere() {
    Tensor x = Tensor.of(new float[] {1, 2, NAN, 5, 0.5f, -1}, 3, 2);
    Tensor y = Tensor.of(new byte[] {1, 99, 0}, 3);
    Tensor two = Tensor.of(new float[] {1, 2, 0.5f, -1}, 2, 2);
    for (FusedLoss fused : OpenDevices.all()) {
      Target masked = Target.of(y).mask(Tensor.of(new boolean[] {true, false, true}, 3));
      LossResult with = fused.forwardAndGradient(CrossEntropy.DEFAULT, x, masked);
      LossResult without =
          fused.forwardAndGradient(CrossEntropy.DEFAULT, two, Tensor.of(new byte[] {1, 0}, 2));
      assertEquals(without.loss(), with.loss());
      assertEquals(2, with.count());
      assertEquals(2, with.weightSum());
      float[] g = with.gradient().toFloatArray();
      float[] kept = {g[0], g[1], g[4], g[5]};
      assertArrayEquals(without.gradient().toFloatArray(), kept);
      assertArrayEquals(Bits.of(0f, 0f), Bits.of(g[2], g[3]));
    }
  }

  /** Masks and class indices of every type of integers, on the host and on the device. */
  @Test
  void everyTypeOfIntegers() {
    int rows = 70;
    float[] x = Numbers.values(random, rows * 3, 4);
    int[] y = random.ints(rows, 0, 3).toArray();
    boolean[] counts = new boolean[rows];
    for (int i = 0; i < rows; i++) {
      counts[i] = random.nextBoolean();
    }
    Tensor input = Tensor.of(x, rows, 3);
    for (FusedLoss fused : OpenDevices.all()) {
      Target expected = Target.of(Tensor.of(y, rows)).mask(Tensor.of(counts, rows));
      int[] bits = Bits.of(fused.forwardAndGradient(CrossEntropy.DEFAULT, input, expected));
      List<Tensor> masks = few(fused, integers(toInts(counts)));
      for (int type = 0; type < masks.size(); type++) {
        Tensor indices = few(fused, integers(y)).get(type);
        Tensor mask = masks.get(type);
        try (Tensor there = fused.upload(indices);
            Tensor maskThere = fused.upload(mask)) {
          for (Target target :
              List.of(Target.of(indices).mask(mask), Target.of(there).mask(maskThere))) {
            LossResult result = fused.forwardAndGradient(CrossEntropy.DEFAULT, input, target);
            assertArrayEquals(bits, Bits.of(result), fused.device() + ", " + target);
          }
          assertArrayEquals(indices.toLongArray(), there.toLongArray());
        }
      }
    }
  }

  /** All of them; of a device the first and the last: each type is a program to compile. */
  private static List<Tensor> few(FusedLoss fused, List<Tensor> tensors) {
    boolean compiled = fused.device().startsWith("opencl");
    return compiled ? List.of(tensors.get(0), tensors.get(tensors.size() - 1)) : tensors;
  }

  private static int[] toInts(boolean[] values) {
    int[] ints = new int[values.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = values[i] ? -1 : 0;
    }
    return ints;
  }

  /** Small integers in each type; unsigned ones as their low 8 bits. */
  private static List<Tensor> integers(int[] values) {
    int n = values.length;
    byte[] bytes = new byte[n];
    short[] shorts = new short[n];
    long[] longs = new long[n];
    for (int i = 0; i < n; i++) {
      bytes[i] = (byte) values[i];
      shorts[i] = (short) values[i];
      longs[i] = values[i];
    }
    return List.of(
        Tensor.of(bytes, n),
        Tensor.of(ElementType.UINT8, bytes, n),
        Tensor.of(shorts, n),
        Tensor.of(values, n),
        Tensor.of(longs, n));
  }

  /** 200 is no class of 150 in uint8, nor is -56 in int8: each is named as it is. */
  @Test
  void integersAreReadWithTheirSign() {
    byte[] y = {1, (byte) 200};
    Tensor x = Tensor.of(new float[300], 2, 150);
    for (FusedLoss fused : OpenDevices.all()) {
      for (Loss loss : List.of(CrossEntropy.DEFAULT, NllLoss.DEFAULT)) {
        assertEquals("got 200", bad(fused, loss, x, Tensor.of(ElementType.UINT8, y, 2)));
        assertEquals("got -56", bad(fused, loss, x, Tensor.of(y, 2)));
      }
      // 128 classes and more are more than a byte counts with a sign.
      byte[] high = {(byte) 149, 0};
      Tensor target = Tensor.of(ElementType.UINT8, high, 2);
      assertEquals(2, fused.forward(CrossEntropy.DEFAULT, x, target).count());
    }
  }

  private static String bad(FusedLoss fused, Loss loss, Tensor x, Tensor y) {
    IndexOutOfBoundsException e =
        assertThrows(IndexOutOfBoundsException.class, () -> fused.forward(loss, x, y));
    assertTrue(e.getMessage().startsWith("target[1] "), e.getMessage());
    return e.getMessage().replaceFirst(".*, got", "got");
  }

  /** Beyond a block of 4096; int64 beyond what a float holds is rounded once. */
  @Test
  void binaryTargetsOfEveryType() {
    int n = 4100;
    int[] t = random.ints(n, 0, 2).toArray();
    float[] floats = new float[n];
    for (int i = 0; i < n; i++) {
      floats[i] = t[i];
    }
    float[] x = Numbers.values(random, n, 20);
    for (FusedLoss fused : OpenDevices.all()) {
      Tensor input = Tensor.of(x, n);
      for (Loss loss : List.of(BinaryCrossEntropyWithLogits.DEFAULT, BinaryCrossEntropy.DEFAULT)) {
        Tensor in = loss instanceof BinaryCrossEntropy ? Tensor.of(floats, n) : input;
        int[] bits = Bits.of(fused.forwardAndGradient(loss, in, Tensor.of(floats, n)));
        List<Tensor> targets = new ArrayList<>(integers(t));
        boolean[] booleans = new boolean[n];
        for (int i = 0; i < n; i++) {
          booleans[i] = t[i] != 0;
        }
        targets.add(Tensor.of(booleans, n));
        for (Tensor target : few(fused, targets)) {
          LossResult result = fused.forwardAndGradient(loss, in, target);
          assertArrayEquals(bits, Bits.of(result), fused.device() + ", " + target);
        }
      }
      long[] large = {(1L << 24) + 1, -(1L << 40) - (1L << 16), 3};
      float[] rounded = {0x1p24f, -0x1p40f, 3};
      Loss sum = BinaryCrossEntropyWithLogits.DEFAULT.withReduction(Reduction.SUM);
      Tensor three = Tensor.of(new float[] {1, 2, 3}, 3);
      assertArrayEquals(
          Bits.of(fused.forwardAndGradient(sum, three, Tensor.of(rounded, 3))),
          Bits.of(fused.forwardAndGradient(sum, three, Tensor.of(large, 3))),
          fused.device());
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  fused.forward(
                      BinaryCrossEntropy.DEFAULT,
                      Tensor.of(new float[3], 3),
                      Tensor.of(new byte[] {0, 1, 2}, 3)));
      assertEquals("target[2] must be in [0, 1], got 2.0", e.getMessage());
    }
  }

  /** Compares one pass with forward and then backward. */
  @Test
  void anUpstreamForEachRowInTheSamePass() {
    Tensor x = Tensor.of(logits(21), 7, 3);
    Target target = Target.of(Tensor.of(random.ints(7, 0, 3).toArray(), 7));
    Tensor up = Tensor.of(logits(7), 7);
    CrossEntropy none = CrossEntropy.DEFAULT.withReduction(Reduction.NONE);
    for (FusedLoss fused : OpenDevices.all()) {
      int[] losses = Bits.of(fused.forward(none, x, target).losses());
      int[] gradient = Bits.of(fused.backward(none, x, target, up));
      LossResult both = fused.forwardAndGradient(none, x, target, up, null);
      assertArrayEquals(losses, Bits.of(both.losses()));
      assertArrayEquals(gradient, Bits.of(both.gradient()));
      Tensor into = Tensor.of(new float[21], 7, 3);
      fused.forwardAndGradient(none, x, target, up, into).close();
      assertArrayEquals(gradient, Bits.of(into));
    }
  }

  @Test
  void anUploadedTensorIsFilledAgain() {
    for (FusedLoss fused : OpenDevices.all()) {
      Tensor next = Tensor.of(new float[] {4, 5, 6}, 3);
      try (Tensor there = fused.upload(Tensor.of(new float[] {1, 2, 3}, 3))) {
        long bytes = fused.liveBytes();
        fused.upload(next, there);
        assertArrayEquals(next.toFloatArray(), there.toFloatArray());
        assertEquals(bytes, fused.liveBytes());
        Tensor more = Tensor.of(new float[4], 4);
        refused(
            "to must have the shape of the tensor, (4,), got (3,)",
            () -> fused.upload(more, there));
        refused(
            "to must be int32, got float32", () -> fused.upload(Tensor.of(new int[3], 3), there));
        refused("to must be on this device, got float32(3,)", () -> fused.upload(next, next));
      }
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Tensor x = Tensor.of(new float[6], 3, 2);
    Target y = Target.of(Tensor.of(new int[3], 3));
    try (FusedLoss fused = FusedLoss.open("cpu:scalar")) {
      refused(
          "rowWeights must have one element per loss, (3,), got (3, 1): make it"
              + " row_weight.reshape(3)",
          () -> fused.forward(CrossEntropy.DEFAULT, x, y.rowWeights(floats(3, 1))));
      refused(
          "mask must have one element per loss, (3,), got (2,)",
          () -> fused.forward(CrossEntropy.DEFAULT, x, y.mask(Tensor.of(new byte[2], 2))));
      refused(
          "rowWeights must have one element per loss, (3, 2), got (3,)",
          () ->
              fused.forward(
                  BinaryCrossEntropyWithLogits.DEFAULT, x, Target.of(x).rowWeights(floats(3))));
    }
    Tensor bytes = Tensor.of(new byte[3], 3);
    refused("rowWeights must be float32, got int8", () -> keep(y.rowWeights(bytes)));
    refused(
        "mask must be bool or integers, got float32: give it as rowWeights, of which 0 does not"
            + " count either",
        () -> keep(y.mask(floats(3))));
    refused("target must be a tensor, got null", () -> keep(Target.of(null)));
    assertEquals("Target(int32(3,), rowWeights=float32(3,))", y.rowWeights(floats(3)).toString());
  }

  /** Takes a result that there should not be. */
  private static void keep(Target unused) {}

  private static Tensor floats(long... shape) {
    return Tensor.of(new float[(int) Shapes.size(shape)], shape);
  }
}
