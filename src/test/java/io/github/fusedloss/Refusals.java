package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is wrong is refused: with the documented exception, whose message names the argument, what
 * was expected and what came; and afterwards the library computes as before and holds no memory
 * that it did not hold before. On every executor, with tensors of the host and of the device.
 */
abstract class Refusals {
  static final Class<IllegalArgumentException> ARGUMENT = IllegalArgumentException.class;
  static final Class<IllegalStateException> STATE = IllegalStateException.class;
  static final Class<IndexOutOfBoundsException> INDEX = IndexOutOfBoundsException.class;

  static final BinaryCrossEntropyWithLogits LOGITS = BinaryCrossEntropyWithLogits.DEFAULT;
  static final BinaryCrossEntropy BCE = BinaryCrossEntropy.DEFAULT;
  static final CrossEntropy CE = CrossEntropy.DEFAULT;
  static final NllLoss NLL = NllLoss.DEFAULT;

  static final Map<String, FusedLoss> OPEN = new LinkedHashMap<>();
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
  @interface OnEveryExecutor {}

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

  static void refused(
      FusedLoss fused, Class<? extends Throwable> type, Executable call, String... words) {
    long before = fused.liveBytes();
    Throwable thrown = assertThrows(type, call);
    assertEquals(type, thrown.getClass(), thrown.toString());
    for (String word : words) {
      assertTrue(thrown.getMessage().contains(word), () -> word + " is not in: " + thrown);
    }
    assertEquals(before, fused.liveBytes(), () -> "device memory after " + thrown);
  }

  static void stillRight(FusedLoss fused) {
    assertArrayEquals(right, probe(fused), fused.device());
  }

  static Tensor floats(long... shape) {
    return Tensor.of(new float[(int) Shapes.size(shape)], shape);
  }

  static Tensor ints(long... shape) {
    return Tensor.of(new int[(int) Shapes.size(shape)], shape);
  }

  static List<Executable> primitives(FusedLoss fused, Tensor input) {
    return List.of(
        () -> fused.sigmoid(input),
        () -> fused.softmax(input),
        () -> fused.logSoftmax(input),
        () -> fused.logSumExp(input),
        () -> fused.sum(input),
        () -> fused.mean(input),
        () -> fused.max(input));
  }
}
