package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is wrong is refused: with the documented exception, whose message names the argument, what
 * was expected and what came; and afterwards the library computes as before and holds no memory
 * that it did not hold before. On every executor, with tensors of the host and of the device.
 */
class BadInputTest {
  private static final Class<IllegalArgumentException> ARGUMENT = IllegalArgumentException.class;
  private static final Class<IllegalStateException> STATE = IllegalStateException.class;
  private static final Class<IndexOutOfBoundsException> INDEX = IndexOutOfBoundsException.class;

  private static final BinaryCrossEntropyWithLogits LOGITS = BinaryCrossEntropyWithLogits.DEFAULT;
  private static final BinaryCrossEntropy BCE = BinaryCrossEntropy.DEFAULT;
  private static final CrossEntropy CE = CrossEntropy.DEFAULT;
  private static final NllLoss NLL = NllLoss.DEFAULT;

  /** Two blocks of 4096 and a bit: first and last element meet different work-groups. */
  private static final int MANY = 8200;

  private static final Map<String, FusedLoss> OPEN = new LinkedHashMap<>();
  private static int[] right;

  @BeforeAll
  static void open() {
    for (DeviceInfo info : FusedLoss.devices()) {
      if (info.usable()) {
        OPEN.put(info.name(), FusedLoss.open(info.name()));
      }
    }
    right = probe(OPEN.get("cpu:scalar"));
  }

  @AfterAll
  static void close() {
    OPEN.values().forEach(FusedLoss::close);
    OPEN.clear();
  }

  /** JUnit would close its arguments, which all tests share. */
  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("everywhere")
  @Retention(RetentionPolicy.RUNTIME)
  private @interface OnEveryExecutor {}

  static Stream<FusedLoss> everywhere() {
    return OPEN.values().stream();
  }

  /** The bits of one call of each loss. */
  private static int[] probe(FusedLoss fused) {
    List<Integer> bits = new ArrayList<>();
    Tensor p = Tensor.of(new float[] {0.25f, 0.5f, 0.75f, 1f}, 4);
    Tensor x = Tensor.of(new float[] {-1f, 2f, 0.5f, 17f}, 2, 2);
    Tensor y = Tensor.of(new int[] {1, 0}, 2);
    for (LossResult result :
        List.of(
            fused.forwardAndGradient(LOGITS, p, p),
            fused.forwardAndGradient(BCE, p, p),
            fused.forwardAndGradient(CE, x, y),
            fused.forwardAndGradient(CE, x, x),
            fused.forwardAndGradient(NLL, x, y))) {
      bits.add(Float.floatToRawIntBits(result.loss()));
      for (float g : result.gradient().toFloatArray()) {
        bits.add(Float.floatToRawIntBits(g));
      }
      result.close();
    }
    return bits.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void refused(
      FusedLoss fused, Class<? extends Throwable> type, Executable call, String... words) {
    long before = fused.liveBytes();
    Throwable thrown = assertThrows(type, call);
    assertEquals(type, thrown.getClass(), thrown.toString());
    for (String word : words) {
      assertTrue(thrown.getMessage().contains(word), () -> word + " is not in: " + thrown);
    }
    assertEquals(before, fused.liveBytes(), () -> "device memory after " + thrown);
  }

  private static void stillRight(FusedLoss fused) {
    assertArrayEquals(right, probe(fused), fused.device());
  }

  private static Tensor floats(long... shape) {
    return Tensor.of(new float[(int) Shapes.size(shape)], shape);
  }

  private static Tensor ints(long... shape) {
    return Tensor.of(new int[(int) Shapes.size(shape)], shape);
  }

  /** Empty tensors of as many rows as there can be, and of more classes than there are bytes. */
  @OnEveryExecutor
  void hugeAndEmpty(FusedLoss fused) {
    Tensor rows = Tensor.of(new float[0], 1L << 31, 0, (1L << 31) - 1);
    Tensor none = Tensor.of(new int[0], 0, 7);
    refused(
        fused,
        ARGUMENT,
        () -> fused.forward(CE.withReduction(Reduction.SUM), rows, rows),
        "at least one class");
    refused(fused, ARGUMENT, () -> fused.logSumExp(rows), "at least one class");
    Tensor classes = Tensor.of(new float[0], 0, Integer.MAX_VALUE, 7);
    FusedLoss checked = fused.checkedBy(new io.github.fusedloss.verify.ReferenceCheck());
    for (FusedLoss each : new FusedLoss[] {fused, checked}) {
      try (LossResult result = each.forwardAndGradient(CE, classes, none)) {
        assertEquals(0, result.count());
        assertEquals(0.0, result.sum());
        assertArrayEquals(new long[] {0, Integer.MAX_VALUE, 7}, result.gradient().shape());
      }
    }
  }

  /**
   * Of several bad elements the lowest is named, at one position the input's: by every executor,
   * whatever its threads are at.
   */
  @OnEveryExecutor
  void theLowestIsNamed(FusedLoss fused) {
    Tensor two = Tensor.of(new float[] {0.5f, 2}, 2);
    Tensor three = Tensor.of(new float[] {3, 1}, 2);
    refused(fused, ARGUMENT, () -> fused.forward(BCE, two, three), "target[0] ", "got 3.0");
    refused(fused, ARGUMENT, () -> fused.forward(BCE, three, two), "input[0] ", "got 3.0");
    int n = 40 * 4096; // blocks for several threads
    for (int first : new int[] {0, 4095, 4096, 5 * 4096 + 1, n - 1}) {
      float[] p = new float[n];
      float[] t = new float[n];
      int[] y = new int[n];
      for (int i = first; i < n; i += 1000) {
        t[i] = -1;
        p[i] = i == first ? 0 : 2;
        y[i] = 2 + i % 3;
      }
      for (int i = 0; i < 5; i++) {
        refused(
            fused,
            ARGUMENT,
            () -> fused.forward(BCE, Tensor.of(p, n), Tensor.of(t, n)),
            "target[" + first + "] ");
        refused(
            fused,
            INDEX,
            () -> fused.forward(NLL, Tensor.of(new float[2 * n], n, 2), Tensor.of(y, n)),
            "target[" + first + "] ",
            "got " + y[first]);
      }
    }
    stillRight(fused);
  }

  // ---- tensors

  @Test
  void tensorsThatAreNone() {
    FusedLoss any = OPEN.get("cpu:scalar");
    refused(any, ARGUMENT, () -> Tensor.of((float[]) null, 1), "values", "null");
    refused(any, ARGUMENT, () -> Tensor.of((FloatBuffer) null, 1), "values", "null");
    refused(any, ARGUMENT, () -> Tensor.of((int[]) null, 1), "values", "null");
    refused(any, ARGUMENT, () -> Tensor.of((long[]) null, 1), "values", "null");
    refused(any, ARGUMENT, () -> Tensor.of(new float[1], (long[]) null), "shape", "null");
    refused(any, ARGUMENT, () -> Tensor.of(new float[5], 2, 3), "values", "(2, 3), 6", "got 5");
    refused(any, ARGUMENT, () -> Tensor.of(new int[2]), "values", "(), 1", "got 2");
    refused(any, ARGUMENT, () -> Tensor.of(new float[0], -1, 0), "shape", "negative", "(-1, 0)");
    // 2^32 * 2^32 and 2^62 * 4 are 0 in 64 bits: no values would seem to be right.
    refused(
        any, ARGUMENT, () -> Tensor.of(new float[0], 1L << 32, 1L << 32), "shape", "4294967296");
    refused(any, ARGUMENT, () -> Tensor.of(new long[0], 1L << 62, 4), "shape", "2^63");
    // Empty, but its rows are 2^64, which is 0 in 64 bits: as if there were none.
    refused(
        any,
        ARGUMENT,
        () -> Tensor.of(new float[0], 1L << 32, 0, 1L << 32),
        "shape",
        "2^63",
        "(4294967296, 0, 4294967296)");
    FloatBuffer part = FloatBuffer.allocate(9).position(2).limit(5);
    refused(any, ARGUMENT, () -> Tensor.of(part, 9), "values", "(9,), 9", "got 3");
    float[][] same = new float[50_000][];
    Arrays.fill(same, new float[50_000]);
    refused(any, ARGUMENT, () -> Tensor.of(same), "rows", "2^31", "50000 rows of 50000");
    refused(any, STATE, () -> ElementType.FLOAT32.encode(1), "FLOAT32", "16 bits");
    refused(any, STATE, () -> ElementType.INT32.decode((short) 1), "INT32", "16 bits");
  }

  @OnEveryExecutor
  void readingTensorsWrongly(FusedLoss fused) {
    Tensor host = Tensor.of(new float[] {1, 2, 3}, 3);
    try (Tensor device = fused.upload(host);
        Tensor indices = fused.upload(ints(2))) {
      for (Tensor x : List.of(host, device)) {
        FloatBuffer room = FloatBuffer.allocate(4).position(2);
        refused(fused, ARGUMENT, () -> x.copyTo(room), "values", "3 elements", "got 2");
        assertEquals(2, room.position());
        assertArrayEquals(new float[4], room.array(), "nothing written");
        refused(fused, ARGUMENT, () -> x.copyTo(null), "values", "null");
        float[] array = new float[3];
        FloatBuffer heap = FloatBuffer.wrap(array).asReadOnlyBuffer();
        refused(fused, ARGUMENT, () -> x.copyTo(heap), "values", "writable", "read-only");
        assertArrayEquals(new float[3], array, "nothing written");
        ByteBuffer bytes = ByteBuffer.allocateDirect(12);
        FloatBuffer direct = bytes.asReadOnlyBuffer().asFloatBuffer();
        refused(fused, ARGUMENT, () -> x.copyTo(direct), "values", "writable", "read-only");
        assertEquals(ByteBuffer.allocate(12), bytes, "nothing written");
        refused(fused, STATE, x::item, "one element", "3");
        refused(fused, STATE, x::toLongArray, "float32");
      }
      for (Tensor y : List.of(ints(2), indices)) {
        refused(fused, STATE, y::toFloatArray, "floating-point", "int32");
        refused(fused, STATE, () -> y.copyTo(FloatBuffer.allocate(2)), "floating-point", "int32");
        refused(fused, STATE, y::toShortArray, "float16", "int32");
      }
      refused(fused, ARGUMENT, () -> fused.upload(null), "tensor", "host", "null");
      refused(fused, ARGUMENT, () -> fused.upload(device), "tensor", "host", fused.device());
    }
    stillRight(fused);
  }

  // ---- options

  @Test
  void optionsOutOfRange() {
    FusedLoss any = OPEN.get("cpu:scalar");
    for (float e : new float[] {-Float.MIN_VALUE, Math.nextUp(1f), Float.NaN}) {
      refused(any, ARGUMENT, () -> CE.withLabelSmoothing(e), "labelSmoothing", "[0, 1]", "" + e);
    }
    for (double d : new double[] {0, -0.0, -1, 1 / 0.0, -1 / 0.0, 1e-40, 1e20}) {
      refused(any, ARGUMENT, () -> LOGITS.withDenominator(d), "denominator", "positive", "" + d);
      refused(any, ARGUMENT, () -> BCE.withDenominator(d), "denominator", "positive", "" + d);
      refused(any, ARGUMENT, () -> CE.withDenominator(d), "denominator", "positive", "" + d);
      refused(any, ARGUMENT, () -> NLL.withDenominator(d), "denominator", "positive", "" + d);
    }
    refused(any, ARGUMENT, () -> LOGITS.withReduction(null), "reduction", "null");
    refused(any, ARGUMENT, () -> BCE.withReduction(null), "reduction", "null");
    refused(any, ARGUMENT, () -> CE.withReduction(null), "reduction", "null");
    refused(any, ARGUMENT, () -> NLL.withReduction(null), "reduction", "null");
    for (Reduction r : List.of(Reduction.NONE, Reduction.SUM)) {
      String came = r.name().toLowerCase();
      refused(
          any, ARGUMENT, () -> CE.withReduction(r).withDenominator(3), "denominator", "mean", came);
      refused(
          any, ARGUMENT, () -> CE.withDenominator(3).withReduction(r), "denominator", "mean", came);
    }
    refused(any, ARGUMENT, () -> LOGITS.withWeight(ints(1)), "weight", "float32", "int32");
    refused(any, ARGUMENT, () -> LOGITS.withPosWeight(ints(1)), "posWeight", "float32", "int32");
    refused(any, ARGUMENT, () -> BCE.withWeight(ints(1)), "weight", "float32", "int32");
    refused(any, ARGUMENT, () -> CE.withWeight(ints(1)), "weight", "float32", "int32");
    Tensor wide = Tensor.of(new long[1], 1);
    refused(any, ARGUMENT, () -> NLL.withWeight(wide), "weight", "float32", "int64");
  }

  @Test
  void devicesThatAreNone() {
    FusedLoss any = OPEN.get("cpu:scalar");
    for (String name :
        Arrays.asList(null, "", "gpu", "CPU", "cpu:", "opencl:-1", "opencl:x", "opencl:1\n")) {
      refused(any, ARGUMENT, () -> FusedLoss.open(name), "device must be auto, cpu", "got " + name);
    }
    DeviceSelector none = null;
    refused(any, ARGUMENT, () -> FusedLoss.open(none), "selector", "null");
    refused(any, ARGUMENT, () -> DeviceSelector.matching("any", null), "accepts", "null");
    refused(any, ARGUMENT, () -> DeviceSelector.matching(null, i -> true), "description", "null");
    DeviceSelector impossible = DeviceSelector.matching("a quantum computer", i -> false);
    refused(
        any,
        DeviceUnavailableException.class,
        () -> FusedLoss.open(impossible),
        "a quantum computer",
        "matches");
    refused(
        any, DeviceUnavailableException.class, () -> FusedLoss.open("opencl:9999"), "opencl:9999");
    refused(any, ARGUMENT, () -> any.checkedBy(null), "check", "null");
    refused(any, ARGUMENT, () -> any.copyBandwidth(3), "bytes", "4", "got 3");
    refused(any, ARGUMENT, () -> any.copyBandwidth(-8), "bytes", "4", "got -8");
  }

  @Test
  void oneHot() {
    FusedLoss any = OPEN.get("cpu:scalar");
    refused(any, ARGUMENT, () -> OneHot.encode((int[]) null, 3), "indices", "null");
    refused(any, ARGUMENT, () -> OneHot.encode((long[]) null, 3), "indices", "null");
    refused(any, ARGUMENT, () -> OneHot.encode(new int[1], 0), "classes", "1", "got 0");
    refused(any, INDEX, () -> OneHot.encode(new int[] {0, 3}, 3), "indices[1]", "[0, 3)", "got 3");
    refused(any, INDEX, () -> OneHot.encode(new int[] {-1}, 3), "indices[0]", "[0, 3)", "got -1");
    // Its low 32 bits are 1, a class.
    long beyond = (1L << 32) + 1;
    refused(any, INDEX, () -> OneHot.encode(new long[] {beyond}, 3), "indices[0]", "" + beyond);
    refused(any, ARGUMENT, () -> OneHot.encode(new int[3], 1 << 30), "indices.length * classes");
  }

  // ---- types and shapes

  @OnEveryExecutor
  void nullsAndTypes(FusedLoss fused) {
    Tensor x = floats(2, 3);
    Tensor y = ints(2);
    refused(fused, ARGUMENT, () -> fused.forward(null, x, y), "loss", "null");
    for (Loss loss : List.of(LOGITS, BCE, CE, NLL)) {
      refused(fused, ARGUMENT, () -> fused.forward(loss, null, y), "input", "null");
      refused(fused, ARGUMENT, () -> fused.forward(loss, x, (Tensor) null), "target", "null");
      refused(fused, ARGUMENT, () -> fused.backward(loss, x, y, null), "upstream", "null");
      refused(fused, ARGUMENT, () -> fused.forward(loss, y, y), "input", "float32", "int32");
    }
    refused(fused, ARGUMENT, () -> fused.forward(LOGITS, x, (Target) null), "target", "null");
    Tensor truths = Tensor.of(new boolean[2], 2);
    refused(fused, ARGUMENT, () -> fused.forward(CE, x, truths), "target", "got bool");
    refused(fused, ARGUMENT, () -> fused.forward(NLL, x, truths), "target", "got bool");
    refused(fused, ARGUMENT, () -> fused.forward(NLL, x, floats(2)), "target", "got float32");
    refused(
        fused,
        ARGUMENT,
        () -> fused.backward(CE.withReduction(Reduction.NONE), x, y, ints(2)),
        "upstream",
        "float32",
        "int32");
    for (Loss loss : List.of(CE, NLL, CE.withReduction(Reduction.SUM))) {
      refused(
          fused,
          ARGUMENT,
          () -> fused.backward(loss, x, y, floats(2)),
          "upstream",
          "number unless the reduction is none",
          "float32(2,)");
    }
    Tensor none = null;
    primitives(fused, none).forEach(call -> refused(fused, ARGUMENT, call, "input", "null"));
    primitives(fused, y)
        .forEach(call -> refused(fused, ARGUMENT, call, "input", "float32", "int32"));
    refused(fused, ARGUMENT, () -> fused.max(floats(0)), "input", "at least one element", "none");
    stillRight(fused);
  }

  private static List<Executable> primitives(FusedLoss fused, Tensor input) {
    return List.of(
        () -> fused.sigmoid(input),
        () -> fused.softmax(input),
        () -> fused.logSoftmax(input),
        () -> fused.logSumExp(input),
        () -> fused.sum(input),
        () -> fused.mean(input),
        () -> fused.max(input));
  }

  @OnEveryExecutor
  void shapes(FusedLoss fused) {
    try (Tensor device = fused.upload(floats(2, 3))) {
      for (Tensor x : List.of(floats(2, 3), device)) {
        // As many elements, other dimensions; fewer; a broadcast, which targets may not use.
        for (Tensor t : List.of(floats(3, 2), floats(6), floats(2, 2), floats(1, 3), floats())) {
          String came = "got " + Shapes.text(t.shape());
          for (Loss loss : List.of(LOGITS, BCE, CE)) {
            refused(
                fused, ARGUMENT, () -> fused.forward(loss, x, t), "target", "input, (2, 3)", came);
          }
        }
        for (Tensor w :
            List.of(floats(2), floats(3, 3), floats(1, 2, 3), floats(0), floats(2, 2))) {
          String came = "got " + Shapes.text(w.shape());
          refused(
              fused,
              ARGUMENT,
              () -> fused.forward(LOGITS.withWeight(w), x, x),
              "weight",
              "(2, 3)",
              came);
          refused(
              fused,
              ARGUMENT,
              () -> fused.forward(LOGITS.withPosWeight(w), x, x),
              "posWeight",
              "(2, 3)",
              came);
          refused(
              fused,
              ARGUMENT,
              () -> fused.forward(BCE.withWeight(w), x, x),
              "weight",
              "(2, 3)",
              came);
        }
        for (Tensor y : List.of(ints(3), ints(), ints(2, 3), ints(2, 1), ints(0))) {
          String came = "got " + Shapes.text(y.shape());
          for (Loss loss : List.of(CE, NLL)) {
            refused(fused, ARGUMENT, () -> fused.forward(loss, x, y), "target", "axis, (2,)", came);
          }
        }
        for (Tensor w : List.of(floats(2), floats(), floats(1), floats(1, 3), floats(4))) {
          String came = "got " + Shapes.text(w.shape());
          for (Loss loss : List.of(CE.withWeight(w), NLL.withWeight(w))) {
            refused(fused, ARGUMENT, () -> fused.forward(loss, x, ints(2)), "weight", "(3,)", came);
          }
        }
        for (Tensor up : List.of(floats(3), floats(), floats(2, 1), floats(2, 3))) {
          String came = "got " + Shapes.text(up.shape());
          Loss loss = CE.withReduction(Reduction.NONE);
          refused(
              fused,
              ARGUMENT,
              () -> fused.backward(loss, x, ints(2), up),
              "upstream",
              "losses, (2,)",
              came);
        }
        refused(
            fused,
            ARGUMENT,
            () -> fused.backward(LOGITS.withReduction(Reduction.NONE), x, x, floats(3)),
            "upstream",
            "(2, 3)",
            "got (3,)");
        refused(
            fused,
            ARGUMENT,
            () -> fused.forward(CE.withIgnoreIndex(0), x, x),
            "ignoreIndex",
            "negative for class probabilities",
            "got 0");
      }
    }
    Tensor scalar = floats();
    for (Executable call :
        List.<Executable>of(
            () -> fused.forward(CE, scalar, ints()),
            () -> fused.forward(NLL, scalar, ints()),
            () -> fused.softmax(scalar),
            () -> fused.logSoftmax(scalar),
            () -> fused.logSumExp(scalar))) {
      refused(fused, ARGUMENT, call, "input", "class axis", "got ()");
    }
    for (Executable call :
        List.<Executable>of(
            () -> fused.forward(CE, floats(2, 0), ints(2)),
            () -> fused.forward(CE, floats(2, 0), floats(2, 0)),
            () -> fused.forward(NLL, floats(0), ints()),
            () -> fused.logSumExp(floats(2, 0, 3)))) {
      refused(fused, ARGUMENT, call, "input", "at least one class", "got none");
    }
    // 2^31 classes of an empty batch.
    refused(
        fused,
        ARGUMENT,
        () -> fused.softmax(Tensor.of(new float[0], 0, 1L << 31)),
        "input",
        "2^31 classes",
        "2147483648");
    stillRight(fused);
  }

  // ---- values

  /** First, last, and on the boundary of a block; int32, int64; on the host and on the device. */
  @OnEveryExecutor
  void classIndices(FusedLoss fused) {
    float[] logits = new float[2 * MANY];
    Arrays.fill(logits, 0.5f);
    Tensor host = Tensor.of(logits, MANY, 2);
    long[] wrong = {
      2,
      -1,
      Integer.MAX_VALUE,
      Integer.MIN_VALUE,
      1L << 31,
      1L << 32,
      (1L << 32) + 1,
      Long.MIN_VALUE
    };
    try (Tensor device = fused.upload(host)) {
      for (int at : new int[] {0, 4095, 4096, MANY - 1}) {
        for (long index : wrong) {
          long[] wide = new long[MANY];
          wide[at] = index;
          Tensor y = Tensor.of(wide, MANY);
          refuseIndex(fused, host, device, y, at, index);
          if ((int) index == index) {
            int[] narrow = new int[MANY];
            narrow[at] = (int) index;
            refuseIndex(fused, host, device, Tensor.of(narrow, MANY), at, index);
          }
        }
      }
      // The first of several is named.
      long[] several = new long[MANY];
      several[5000] = 9;
      several[4999] = 8;
      several[7] = 7;
      several[MANY - 1] = 6;
      refuseIndex(fused, host, device, Tensor.of(several, MANY), 7, 7);
    }
    for (float x : logits) {
      assertEquals(0.5f, x, "the input is only read");
    }
    stillRight(fused);
  }

  private static void refuseIndex(
      FusedLoss fused, Tensor host, Tensor device, Tensor y, int at, long index) {
    String[] words = {"target[" + at + "]", "[0, 2)", "ignoreIndex -100", "got " + index};
    refused(fused, INDEX, () -> fused.forward(CE, host, y), words);
    try (Tensor there = fused.upload(y)) {
      Loss none = CE.withReduction(Reduction.NONE);
      refused(fused, INDEX, () -> fused.forwardAndGradient(none, device, there), words);
      refused(fused, INDEX, () -> fused.forwardAndGradient(NLL, device, there), words);
      refused(fused, INDEX, () -> fused.backward(none, device, y, 1f), words);
    }
  }

  @OnEveryExecutor
  void probabilities(FusedLoss fused) {
    float[] wrong = {
      -Float.MIN_VALUE, Math.nextUp(1f), 2, Float.NaN, Float.POSITIVE_INFINITY, -1e30f
    };
    Loss none = BCE.withReduction(Reduction.NONE);
    for (int at : new int[] {0, 4095, 4096, MANY - 1}) {
      for (float value : wrong) {
        float[] values = new float[MANY];
        values[at] = value;
        Tensor good = Tensor.of(new float[MANY], MANY);
        Tensor bad = Tensor.of(values, MANY);
        String came = "got " + value;
        refused(
            fused, ARGUMENT, () -> fused.forward(BCE, bad, good), "input[" + at, "[0, 1]", came);
        refused(
            fused, ARGUMENT, () -> fused.forward(BCE, good, bad), "target[" + at, "[0, 1]", came);
        try (Tensor there = fused.upload(bad)) {
          refused(
              fused,
              ARGUMENT,
              () -> fused.forwardAndGradient(none, there, good),
              "input[" + at,
              "[0, 1]",
              came);
          try (Tensor zeros = fused.upload(good)) {
            refused(
                fused,
                ARGUMENT,
                () -> fused.backward(none, zeros, there, good),
                "target[" + at,
                "[0, 1]",
                came);
          }
        }
      }
    }
    stillRight(fused);
  }

  /** By index, as NumPy and PyTorch do, behind blocks and on the device too. */
  @OnEveryExecutor
  void positionsAreIndices(FusedLoss fused) {
    int n = 3;
    int c = 5;
    int d = MANY;
    Tensor x = Tensor.of(new float[n * c * d], n, c, d);
    int[] classes = new int[n * d];
    classes[2 * d + 4097] = 5;
    Tensor y = Tensor.of(classes, n, d);
    float[] probabilities = new float[n * c * d];
    probabilities[(c + 4) * d + 4096] = -1;
    Tensor p = Tensor.of(probabilities, n, c, d);
    String index = "target[2, 4097] must be a class index in [0, 5) or ignoreIndex -100, got 5";
    String element = "[1, 4, 4096] must be";
    refused(fused, INDEX, () -> fused.forward(CE, x, y), index);
    refused(fused, INDEX, () -> fused.forwardAndGradient(NLL, x, y), index);
    refused(fused, ARGUMENT, () -> fused.forward(BCE, p, x), "input" + element, "got -1.0");
    refused(fused, ARGUMENT, () -> fused.forward(BCE, x, p), "target" + element, "got -1.0");
    try (Tensor xThere = fused.upload(x);
        Tensor yThere = fused.upload(y);
        Tensor pThere = fused.upload(p)) {
      refused(fused, INDEX, () -> fused.forward(CE, xThere, yThere), index);
      refused(fused, ARGUMENT, () -> fused.forward(BCE, xThere, pThere), "target" + element);
    }
    refused(
        fused,
        INDEX,
        () -> fused.forward(CE, floats(3), Tensor.of(new int[] {-1})),
        "target must be a class index",
        "got -1");
    stillRight(fused);
  }

  /** What fits no broadcast, but some axes. */
  @OnEveryExecutor
  void shapesThatWereLikelyMeant(FusedLoss fused) {
    Tensor x = floats(2, 3, 4, 5);
    String[][] cases = {
      {"3", "reshape(3, 1, 1) for a weight of axis 1"},
      {"2", "reshape(2, 1, 1, 1) for a weight of axis 0"},
      {"4", "reshape(4, 1) for a weight of axis 2"},
      {"2,3", "reshape(2, 3, 1, 1) for weights of axes 0 to 1"},
      {"3,4", "reshape(3, 4, 1) for weights of axes 1 to 2"},
      {"1,2,3,4,5", "reshape(2, 3, 4, 5)"},
      {"1,1,1,1,1", "reshape(1)"},
      {"7", "got (7,)"},
      {"2,4", "got (2, 4)"}
    };
    for (String[] c : cases) {
      long[] shape = Arrays.stream(c[0].split(",")).mapToLong(Long::parseLong).toArray();
      Tensor w = floats(shape);
      refused(fused, ARGUMENT, () -> fused.forward(LOGITS.withWeight(w), x, x), "weight", c[1]);
      refused(
          fused, ARGUMENT, () -> fused.forward(LOGITS.withPosWeight(w), x, x), "posWeight", c[1]);
    }
    refused(
        fused,
        ARGUMENT,
        () -> fused.forward(LOGITS, floats(4, 1), floats(4)),
        "make it target.reshape(4, 1)");
    stillRight(fused);
  }

  // ---- closed and foreign

  @OnEveryExecutor
  void closedTensors(FusedLoss fused) {
    Tensor closed = fused.upload(floats(2, 3));
    Tensor closedRow = fused.upload(floats(2));
    Tensor closedWeight = fused.upload(floats(3));
    Tensor closedIndices = fused.upload(ints(2));
    for (Tensor t : List.of(closed, closedRow, closedWeight, closedIndices)) {
      t.close();
      t.close();
    }
    Tensor x = floats(2, 3);
    Tensor y = ints(2);
    Loss none = CE.withReduction(Reduction.NONE);
    String open = "must be open, got a closed tensor";
    refused(fused, STATE, () -> fused.forward(CE, closed, y), "input " + open);
    refused(fused, STATE, () -> fused.forward(CE, x, closedIndices), "target " + open);
    refused(fused, STATE, () -> fused.forward(LOGITS, x, closed), "target " + open);
    refused(fused, STATE, () -> fused.forward(CE.withWeight(closedWeight), x, y), "weight " + open);
    refused(fused, STATE, () -> fused.forward(LOGITS.withWeight(closed), x, x), "weight " + open);
    refused(
        fused, STATE, () -> fused.forward(LOGITS.withPosWeight(closed), x, x), "posWeight " + open);
    refused(fused, STATE, () -> fused.backward(none, x, y, closedRow), "upstream " + open);
    primitives(fused, closed).forEach(call -> refused(fused, STATE, call, "input " + open));
    refused(fused, STATE, closed::toFloatArray, "closed");
    refused(fused, STATE, () -> closed.copyTo(FloatBuffer.allocate(6)), "closed");
    refused(fused, STATE, closedIndices::toLongArray, "closed");
    LossResult result = fused.forwardAndGradient(none, x, y);
    result.close();
    assertEquals(6, result.gradient().size(), "a host result needs no closing");
    stillRight(fused);
  }

  @OnEveryExecutor
  void tensorsOfAnotherDevice(FusedLoss fused) {
    Tensor x = floats(2, 3);
    Tensor y = ints(2);
    Loss none = CE.withReduction(Reduction.NONE);
    // Of another executor, and of another FusedLoss on the same one.
    for (String other : new String[] {"cpu:scalar", fused.device()}) {
      try (FusedLoss owner = FusedLoss.open(other);
          Tensor foreign = owner.upload(x);
          Tensor foreignRow = owner.upload(floats(2));
          Tensor foreignWeight = owner.upload(floats(3));
          Tensor foreignIndices = owner.upload(y);
          Tensor mine = fused.upload(x)) {
        String[] here = {"host or on " + fused.device(), "on " + other};
        refused(fused, ARGUMENT, () -> fused.forward(CE, foreign, y), "input", here[0], here[1]);
        refused(fused, ARGUMENT, () -> fused.forward(CE, mine, foreignIndices), "target", here[0]);
        refused(
            fused,
            ARGUMENT,
            () -> fused.forward(CE.withWeight(foreignWeight), mine, y),
            "weight",
            here[0]);
        refused(fused, ARGUMENT, () -> fused.backward(none, mine, y, foreignRow), "upstream");
        refused(
            fused, ARGUMENT, () -> fused.forward(LOGITS.withPosWeight(foreign), x, x), "posWeight");
        refused(fused, ARGUMENT, () -> fused.softmax(foreign), "input", here[0]);
        refused(fused, ARGUMENT, () -> fused.sum(foreign), "input", here[0]);
      }
    }
    stillRight(fused);
  }

  @OnEveryExecutor
  void aClosedLibrary(FusedLoss fused) {
    FusedLoss closed = FusedLoss.open(fused.device());
    Tensor left = closed.upload(floats(2, 3));
    Tensor leftIndices = closed.upload(ints(2));
    FusedLoss checked = closed.checkedBy((loss, x, t, upstream, upstreams, result) -> {});
    checked.close();
    closed.close();
    assertEquals(0, closed.liveBytes());
    Tensor x = floats(2, 3);
    Tensor y = ints(2);
    Tensor empty = floats(0);
    for (FusedLoss user : List.of(closed, checked)) {
      for (Executable call :
          List.<Executable>of(
              () -> user.forward(CE, x, y),
              () -> user.forward(CE, left, y),
              () -> user.forwardAndGradient(LOGITS, x, x),
              () -> user.forwardAndGradient(BCE, x, x),
              () -> user.forward(NLL, x, y),
              () -> user.forward(LOGITS, empty, empty),
              () -> user.forward(CE, floats(0, 3), ints(0)),
              () -> user.sigmoid(x),
              () -> user.sigmoid(empty),
              () -> user.softmax(x),
              () -> user.softmax(floats(0, 3)),
              () -> user.logSumExp(left),
              () -> user.sum(x),
              () -> user.sum(empty),
              () -> user.mean(empty),
              () -> user.max(x),
              () -> user.upload(x),
              () -> user.upload(empty),
              () -> user.evaluate(CE, floats(0, 3), ints(0)),
              () -> user.copyBandwidth(4096),
              left::toFloatArray,
              leftIndices::toLongArray)) {
        refused(fused, STATE, call, "closed");
      }
    }
    left.close();
    leftIndices.close();
    assertEquals(0, closed.liveBytes());
    stillRight(fused);
  }

  // ---- results

  @OnEveryExecutor
  void askingResultsForWhatTheyLack(FusedLoss fused) {
    Tensor x = floats(2, 3);
    try (LossResult none = fused.forward(CE.withReduction(Reduction.NONE), x, ints(2));
        LossResult mean = fused.forward(CE, x, ints(2))) {
      refused(fused, STATE, none::loss, "none");
      refused(fused, STATE, none::gradient, "forwardAndGradient");
      refused(fused, STATE, mean::losses, "mean");
      refused(fused, ARGUMENT, () -> mean.output(null), "output", "null");
      refused(fused, ARGUMENT, () -> mean.hasOutput(null), "output", "null");
    }
  }

  /** Every way of computing on the device gives back what it took. */
  @OnEveryExecutor
  void nothingIsLost(FusedLoss fused) {
    assertEquals(0, fused.liveBytes());
    try (Tensor x = fused.upload(floats(2, 3));
        Tensor up = fused.upload(floats(2));
        Tensor y = fused.upload(ints(2))) {
      long before = fused.liveBytes();
      for (Reduction reduction : Expect.REDUCTIONS) {
        // A weight over rows inside a pattern that is written out in full on the device.
        Tensor w = floats(2, 1);
        fused.forward(LOGITS.withReduction(reduction).withWeight(w), x, x).close();
        fused.forwardAndGradient(LOGITS.withReduction(reduction), x, x).close();
        fused.backward(LOGITS.withReduction(reduction), x, x, 2f).close();
        fused.backward(BCE.withReduction(reduction), x, x, 2f).close();
        fused.backward(CE.withReduction(reduction), x, y, 2f).close();
        fused.backward(NLL.withReduction(reduction), x, y, 2f).close();
        assertEquals(before, fused.liveBytes(), "reduction " + reduction);
      }
      fused.backward(CE.withReduction(Reduction.NONE), x, y, up).close();
      fused.sigmoid(x).close();
      fused.softmax(x).close();
      fused.logSumExp(x).close();
      fused.sum(x);
      fused.max(x);
      assertEquals(before, fused.liveBytes());
      FusedLoss failing =
          fused.checkedBy(
              (loss, input, target, upstream, upstreams, result) -> {
                throw new IllegalStateException("found wrong");
              });
      refused(
          fused,
          STATE,
          () -> failing.forwardAndGradient(CE.withReduction(Reduction.NONE), x, y),
          "found wrong");
      refused(fused, STATE, () -> failing.backward(CE, x, y, 1f), "found wrong");
    }
    assertEquals(0, fused.liveBytes());
    stillRight(fused);
  }
}
