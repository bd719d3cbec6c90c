package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tensors of several buffers, and gradients that the caller has room for, the input's included. */
class SegmentsTest {
  /**
   * Where segments end: nowhere in particular, within vectors, rows and blocks; one is empty, one a
   * single element. The last one is the rest.
   */
  private static final int[] ENDS = {0, 1, 30, 4097, 5000, 5000, 8192};

  private static final Random RANDOM = new Random(8);

  @Test
  void everyExecutorGivesTheBitsOfOneArray() {
    for (FusedLoss fused : OpenDevices.all()) {
      long before = fused.liveBytes();
      for (ElementType type : List.of(ElementType.FLOAT32, ElementType.FLOAT16)) {
        elements(fused, type);
        rows(fused, type, 900, 10, 1); // in order
        rows(fused, type, 9, 1000, 1); // in lanes
        rows(fused, type, 3, 10, 300); // apart
      }
      assertEquals(before, fused.liveBytes());
    }
  }

  private static void elements(FusedLoss fused, ElementType type) {
    int n = 9000;
    float[] x = values(n, 30);
    float[] t = values(n, 0);
    Loss loss = BinaryCrossEntropyWithLogits.DEFAULT.withWeight(Tensor.of(t, n));
    Bits expected = new Bits();
    expected.add(fused.forwardAndGradient(loss, one(type, x, n), one(type, t, n)));
    expected.add(
        fused.forwardAndGradient(BinaryCrossEntropy.DEFAULT, one(type, t, n), one(type, t, n)));
    expected.add(fused.sum(one(type, x, n)), fused.max(one(type, x, n)));
    for (boolean direct : new boolean[] {false, true}) {
      Bits bits = new Bits();
      Tensor input = cut(type, x, direct, n);
      bits.add(inPlace(fused, loss, input, cut(type, t, direct, n)));
      Tensor p = cut(type, t, direct, n);
      bits.add(inPlace(fused, BinaryCrossEntropy.DEFAULT, p, cut(type, t, direct, n)));
      Tensor again = cut(type, x, direct, n);
      bits.add(fused.sum(again), fused.max(again));
      assertArrayEquals(expected.all(), bits.all(), fused.device() + ", " + type);
    }
  }

  private static void rows(FusedLoss fused, ElementType type, int batch, int classes, int inner) {
    int rows = batch * inner;
    long[] shape = inner == 1 ? new long[] {batch, classes} : new long[] {batch, classes, inner};
    long[] rowShape = inner == 1 ? new long[] {batch} : new long[] {batch, inner};
    float[] x = values(rows * classes, 5);
    float[] q = values(rows * classes, 0);
    int[] y = new int[rows];
    for (int r = 0; r < rows; r++) {
      y[r] = r % 5 == 2 ? -100 : RANDOM.nextInt(classes);
    }
    Tensor target = Tensor.of(y, rowShape);
    Tensor soft = one(type, q, shape);
    List<Loss> losses =
        List.of(
            CrossEntropy.DEFAULT,
            CrossEntropy.DEFAULT.withLabelSmoothing(0.1f).withReduction(Reduction.NONE),
            NllLoss.DEFAULT);
    for (int i = 0; i <= losses.size(); i++) {
      Loss loss = losses.get(i % losses.size());
      Tensor t = i == losses.size() ? soft : target;
      Tensor cutTarget = i == losses.size() ? cut(type, q, true, shape) : target;
      Bits expected = new Bits();
      expected.add(fused.forwardAndGradient(loss, one(type, x, shape), t));
      Bits array = new Bits();
      array.add(inPlace(fused, loss, one(type, x, shape), t));
      assertArrayEquals(expected.all(), array.all(), fused.device() + " in place, " + loss);
      Bits bits = new Bits();
      bits.add(inPlace(fused, loss, cut(type, x, i % 2 == 0, shape), cutTarget));
      assertArrayEquals(expected.all(), bits.all(), fused.device() + " in segments, " + loss);
    }
  }

  private static LossResult inPlace(FusedLoss fused, Loss loss, Tensor input, Tensor target) {
    LossResult result = fused.forwardAndGradient(loss, input, target, input);
    assertSame(input, result.gradient());
    return result;
  }

  @Test
  void uploadAndCopy() {
    for (FusedLoss fused : OpenDevices.all()) {
      float[] x = values(9000, 3);
      try (Tensor device = fused.upload(cut(ElementType.FLOAT32, x, true, 9000));
          Tensor half = fused.upload(cut(ElementType.BFLOAT16, x, false, 9000))) {
        assertArrayEquals(x, device.toFloatArray());
        short[] bits = one(ElementType.BFLOAT16, x, 9000).toShortArray();
        assertArrayEquals(bits, half.toShortArray());
      }
    }
    float[] x = values(9000, 3);
    assertArrayEquals(x, cut(ElementType.FLOAT32, x, false, 9000).toFloatArray());
  }

  @Test
  void theCallersGradientStaysTheCallers() {
    for (FusedLoss fused : OpenDevices.all()) {
      try (Tensor x = fused.upload(Tensor.of(values(64, 1), 64));
          Tensor t = fused.upload(Tensor.of(values(64, 0), 64));
          Tensor gradient = fused.upload(Tensor.of(values(64, 0), 64))) {
        Loss loss = BinaryCrossEntropyWithLogits.DEFAULT;
        try (LossResult result = fused.forwardAndGradient(loss, x, t)) {
          float[] expected = result.gradient().toFloatArray();
          fused.forwardAndGradient(loss, x, t, gradient).close();
          assertArrayEquals(expected, gradient.toFloatArray());
          float[] home = new float[64];
          fused.forwardAndGradient(loss, x, t, Tensor.of(home, 64)).close();
          assertArrayEquals(expected, home);
        }
      }
    }
  }

  @Test
  void badArguments() {
    FloatBuffer two = FloatBuffer.allocate(2);
    refused("segments", () -> Tensor.of(List.of(two, two), 5));
    refused("segments", () -> Tensor.of((List<FloatBuffer>) null, 5));
    List<FloatBuffer> withNull = new ArrayList<>();
    withNull.add(null);
    refused("segments", () -> Tensor.of(withNull, 5));
    refused("type", () -> Tensor.of(ElementType.INT32, List.of(ShortBuffer.allocate(2)), 2));
    assertEquals(0, Tensor.of(List.<FloatBuffer>of(), 0).size());
    try (FusedLoss fused = FusedLoss.open("cpu")) {
      float[] array = new float[8];
      Tensor x = Tensor.of(FloatBuffer.wrap(array, 0, 4), 4);
      Tensor t = Tensor.of(FloatBuffer.wrap(array, 4, 4), 4);
      Tensor both = Tensor.of(FloatBuffer.wrap(array, 2, 4), 4);
      Tensor other = Tensor.of(new float[4], 4);
      Loss loss = BinaryCrossEntropyWithLogits.DEFAULT;
      refused("gradient", () -> fused.forwardAndGradient(loss, x, t, t));
      refused("gradient", () -> fused.forwardAndGradient(loss, x, t, both));
      refused("gradient", () -> fused.forwardAndGradient(loss, x, x, x));
      refused(
          "gradient",
          () -> fused.forwardAndGradient(loss, x, t, Tensor.of(FloatBuffer.wrap(array, 0, 4), 4)));
      refused(
          "gradient",
          () ->
              fused.forwardAndGradient(
                  BinaryCrossEntropyWithLogits.DEFAULT.withPosWeight(other), x, t, other));
      refused("gradient", () -> fused.forwardAndGradient(loss, x, t, (Tensor) null));
      refused("gradient", () -> fused.forwardAndGradient(loss, x, t, Tensor.of(array, 8)));
      refused(
          "gradient",
          () ->
              fused.forwardAndGradient(
                  loss, x, t, Tensor.of(ElementType.FLOAT16, new short[4], 4)));
      // A gradient written to an element twice would be the wrong one for one of its places.
      Tensor twice = Tensor.of(List.of(two, two), 4);
      refused("gradient", () -> fused.forwardAndGradient(loss, x, t, twice));
      refused("gradient", () -> fused.forwardAndGradient(loss, twice, t, twice));
      assertEquals(fused.sum(twice), 0f); // To be read it is fine.
      FloatBuffer readOnly = FloatBuffer.allocate(4).asReadOnlyBuffer();
      refused("gradient", () -> fused.forwardAndGradient(loss, x, t, Tensor.of(readOnly, 4)));
      refused(
          "gradient",
          () -> fused.checkedBy((l, i, y, u, us, r) -> {}).forwardAndGradient(loss, x, t, x));
    }
  }

  private static void refused(String name, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().startsWith(name + " must "), e.getMessage());
  }

  // ---- data

  private static float[] values(int n, double scale) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = scale == 0 ? Numbers.unit(RANDOM) : Numbers.normal(RANDOM, scale);
    }
    return values;
  }

  /** A copy in one array. */
  private static Tensor one(ElementType type, float[] values, long... shape) {
    return type == ElementType.FLOAT32
        ? Tensor.of(values.clone(), shape)
        : Tensor.of(type, Numbers.encode(type, values), shape);
  }

  /** A copy in segments, direct buffers of the other byte order among them. */
  private static Tensor cut(ElementType type, float[] values, boolean direct, long... shape) {
    List<FloatBuffer> floats = new ArrayList<>();
    List<ShortBuffer> shorts = new ArrayList<>();
    for (int i = 0; i < ENDS.length; i++) {
      int end = i + 1 < ENDS.length ? ENDS[i + 1] : values.length;
      int n = end - ENDS[i];
      if (type == ElementType.FLOAT32) {
        FloatBuffer segment = direct ? memory(4 * n, i).asFloatBuffer() : FloatBuffer.allocate(n);
        floats.add(segment.put(values, ENDS[i], n).flip());
      } else {
        ShortBuffer segment = direct ? memory(2 * n, i).asShortBuffer() : ShortBuffer.allocate(n);
        shorts.add(segment.put(Numbers.encode(type, values), ENDS[i], n).flip());
      }
    }
    return type == ElementType.FLOAT32 ? Tensor.of(floats, shape) : Tensor.of(type, shorts, shape);
  }

  private static ByteBuffer memory(int bytes, int i) {
    return ByteBuffer.allocateDirect(bytes)
        .order(i % 3 == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.nativeOrder());
  }
}
