package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tensors, options, devices and types that are wrong. */
class BadInputTest extends Refusals {
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
}
