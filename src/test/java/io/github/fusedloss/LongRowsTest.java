package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * CPU executors copy rows that are not in one float array: whole if they are short, else block by
 * block, and work out again what they did not keep. Neither that nor the number of rows takes
 * memory of the operands' size.
 */
class LongRowsTest {
  private static final String WHOLE = "fusedloss.cpu.whole";
  private static final String THREADS = "fusedloss.cpu.threads";

  /** Around one and two blocks, adjacent and apart; one row for all threads. */
  private static final List<LogitShape> ROWS =
      LogitShape.list("2x4097 3x8192 2x9001 1x4100x3 2x9000x2 1x135169");

  private final Random random = new Random(13);

  /** Where the elements of a tensor are. */
  private enum Place {
    ARRAY,
    DIRECT,
    SEGMENTS
  }

  @Test
  void copiesOfBlocksGiveTheBitsOfCopiesOfRows() {
    try {
      System.setProperty(THREADS, "3");
      for (DeviceInfo info : FusedLoss.devices()) {
        if (info.usable() && info.name().startsWith("cpu")) {
          System.clearProperty(WHOLE);
          try (FusedLoss rows = FusedLoss.open(info.name())) {
            System.setProperty(WHOLE, "4096");
            try (FusedLoss blocks = FusedLoss.open(info.name())) {
              for (LogitShape shape : ROWS) {
                compare(rows, blocks, shape);
              }
            }
          }
        }
      }
    } finally {
      System.clearProperty(THREADS);
      System.clearProperty(WHOLE);
    }
  }

  private void compare(FusedLoss rows, FusedLoss blocks, LogitShape s) {
    long[] shape = s.input();
    long[] rowShape = s.target();
    float[] x = new float[s.elements()];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (random.nextGaussian() * 9);
    }
    int[] y = new int[s.rows()];
    for (int r = 0; r < y.length; r++) {
      y[r] = r == 1 ? -100 : random.nextInt(s.classes());
    }
    if (y.length == 3) {
      x[5000] = Float.NaN; // a row without a softmax
    } else if (y.length == 4) {
      x[5000] = 20000f; // a reference that is the maximum itself
      x[5001] = Float.NEGATIVE_INFINITY;
    }
    float[] q = Numbers.unit(random, x.length);
    float[] weights = Numbers.unit(random, s.classes());
    float[] up = Numbers.values(random, y.length, 2);
    for (ElementType type : List.of(ElementType.FLOAT32, ElementType.FLOAT16)) {
      for (Place place : Place.values()) {
        List<int[]> bits = new ArrayList<>();
        for (FusedLoss fused : List.of(rows, blocks)) {
          Bits b = new Bits();
          Tensor indices = Tensor.of(y, rowShape);
          Tensor soft = tensor(type, place, q, shape);
          CrossEntropy weighted =
              CrossEntropy.DEFAULT.withWeight(
                  tensor(ElementType.FLOAT32, place, weights, s.classes()));
          Tensor input = tensor(type, place, x, shape);
          for (Tensor gradient : new Tensor[] {tensor(type, place, x, shape), input}) {
            boolean inPlace = gradient == input;
            for (Loss loss :
                List.of(
                    CrossEntropy.DEFAULT,
                    weighted.withLabelSmoothing(0.1f),
                    NllLoss.DEFAULT.withReduction(Reduction.NONE))) {
              Tensor from = inPlace ? tensor(type, place, x, shape) : input;
              Tensor to = inPlace ? from : gradient;
              b.add(fused.forwardAndGradient(loss, from, indices, to));
              b.add(fused.forward(loss, input, indices));
            }
            Tensor from = inPlace ? tensor(type, place, x, shape) : input;
            Tensor to = inPlace ? from : gradient;
            b.add(fused.forwardAndGradient(weighted.withLabelSmoothing(0.2f), from, soft, to));
          }
          CrossEntropy none = CrossEntropy.DEFAULT.withReduction(Reduction.NONE);
          b.add(fused.backward(none, input, indices, Tensor.of(up, rowShape)));
          b.add(fused.softmax(input));
          b.add(fused.logSoftmax(input));
          b.add(fused.logSumExp(input));
          bits.add(b.all());
        }
        String what = rows.device() + ", " + s + ", " + type + ", " + place;
        assertArrayEquals(bits.get(0), bits.get(1), what);
      }
    }
  }

  private static Tensor tensor(ElementType type, Place place, float[] values, long... shape) {
    List<FloatBuffer> floats = new ArrayList<>();
    List<ShortBuffer> shorts = new ArrayList<>();
    int length = place == Place.SEGMENTS ? values.length / 5 + 1 : values.length;
    for (int start = 0; start < values.length; start += length) {
      int n = Math.min(length, values.length - start);
      ByteBuffer memory =
          place == Place.DIRECT ? ByteBuffer.allocateDirect(4 * n) : ByteBuffer.allocate(4 * n);
      memory.order(ByteOrder.nativeOrder());
      FloatBuffer segment =
          place == Place.DIRECT ? memory.asFloatBuffer() : FloatBuffer.allocate(n);
      floats.add(segment.put(values, start, n).flip());
      ShortBuffer half = place == Place.DIRECT ? memory.asShortBuffer() : ShortBuffer.allocate(n);
      for (int i = 0; type != ElementType.FLOAT32 && i < n; i++) {
        half.put(type.encode(values[start + i]));
      }
      shorts.add(half.flip());
    }
    return type == ElementType.FLOAT32 ? Tensor.of(floats, shape) : Tensor.of(type, shorts, shape);
  }

  @Test
  @Tag("once")
  void aSmallHeapIsEnough() {
    ForkedJvm.Result result =
        ForkedJvm.of(LongRowsTest.class)
            .options("-Xmx17m", "-XX:+UseSerialGC", "-XX:MaxDirectMemorySize=20m")
            .options("--add-modules=jdk.incubator.vector")
            .succeed();
  }

  /** Runs in a heap without room for one float a row, or for one row of floats a thread. */
  public static void main(String[] args) {
    for (DeviceInfo info : FusedLoss.devices()) {
      if (info.usable() && info.name().startsWith("cpu")) {
        try (FusedLoss fused = FusedLoss.open(info.name())) {
          // The targets are 8 MB of the 17, and another 8 would not fit.
          fewClasses(fused, 2_000_000, 4);
          for (int inner : new int[] {1, 2}) {
            longRows(fused, 1 << 21, inner);
          }
        }
      }
    }
  }

  private static void fewClasses(FusedLoss fused, int rows, int classes) {
    List<ShortBuffer> zeros = new ArrayList<>();
    ShortBuffer zero = ShortBuffer.allocate(1 << 16);
    for (int left = rows * classes; left > 0; left -= zero.capacity()) {
      zeros.add(zero.slice(0, Math.min(left, zero.capacity())));
    }
    Tensor y = Tensor.of(new int[rows], rows);
    Tensor x = Tensor.of(ElementType.FLOAT16, zeros, rows, classes);
    try (LossResult result = fused.forward(CrossEntropy.DEFAULT, x, y)) {
      assertEquals((float) Math.log(classes), result.loss(), 0x1p-22f);
    }
  }

  /** Two rows; the gradient takes the place of the logits. */
  private static void longRows(FusedLoss fused, int classes, int inner) {
    List<ShortBuffer> segments = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      segments.add(
          ByteBuffer.allocateDirect(classes).order(ByteOrder.nativeOrder()).asShortBuffer());
    }
    long[] shape = inner == 1 ? new long[] {2, classes} : new long[] {1, classes, inner};
    long[] rowShape = inner == 1 ? new long[] {2} : new long[] {1, inner};
    Tensor x = Tensor.of(ElementType.FLOAT16, segments, shape);
    Tensor y = Tensor.of(new int[] {4097, 0}, rowShape);
    CrossEntropy loss = CrossEntropy.DEFAULT.withReduction(Reduction.SUM);
    fused.forwardAndGradient(loss, x, y, x).close();
    // Near 1 it does not show.
    short other = ElementType.FLOAT16.encode(1f / classes);
    for (int i = 0; i < 2 * classes; i++) {
      boolean target = i == 4097 * inner || i == (inner == 1 ? classes : 1);
      short bits = segments.get(i / (classes / 2)).get(i % (classes / 2));
      assertEquals(target ? (short) 0xbc00 : other, bits, () -> fused.device());
    }
    segments.forEach(s -> fill(s, (short) 0));
    try (LossResult result = fused.forward(loss, x, y)) {
      assertEquals(2 * Math.log(classes), result.loss(), 0x1p-18);
    }
  }

  private static void fill(ShortBuffer buffer, short value) {
    for (int i = 0; i < buffer.capacity(); i++) {
      buffer.put(i, value);
    }
  }
}
