package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.verify.ReferenceCheck;
import io.github.fusedloss.verify.VerificationException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * float16 and bfloat16 are storage: whatever is computed from them is, to the last bit, what
 * float32 computes from the same numbers, and gradients are rounded once. So float32 on plain Java
 * is the oracle, itself checked elsewhere.
 */
@Tag("once")
class SixteenBitTest {
  private static final List<ElementType> TYPES = List.of(ElementType.FLOAT16, ElementType.BFLOAT16);

  /** One, below and above a vector of 16, a stripe of 1024 and a block of 4096 with odd tails. */
  private static final int[] SIZES = {1, 15, 17, 1025, 4095, 4097, 9001};

  /**
   * In order, at its limit, in lanes, of several blocks; classes apart, more of them than a tile.
   */
  private static final List<LogitShape> ROWS =
      LogitShape.list("1x1 37x10 5x64 5x65 19x1001 2x4099 1x9001 3x19x33 2x70x17 1x4100x3");

  private final SplittableRandom random = new SplittableRandom(16);

  /**
   * Whether to try this of {@code choices} losses or functions. On OpenCL each is a kernel of its
   * own for each type and each way of summing rows, which some drivers take ten seconds to build:
   * there every type and way meets one, in turn. {@code ci/oclgrind} has all of them.
   */
  private static boolean tried(
      FusedLoss fused, ElementType type, LogitShape shape, int choice, int choices) {
    int classes = shape.classes();
    int way = shape.inner() > 1 ? 0 : classes <= 64 ? 1 : classes <= 4096 ? 2 : 3;
    return !fused.device().startsWith("opencl") || (way + TYPES.indexOf(type)) % choices == choice;
  }

  /** One each. */
  private static Reduction reduction(ElementType type) {
    return type == ElementType.FLOAT16 ? Reduction.NONE : Reduction.MEAN;
  }

  private interface Check {
    void of(FusedLoss fused, FusedLoss plain, ElementType type);
  }

  /** Checks every executor against plain Java, with both 16-bit types. */
  private static void everywhere(Check check) {
    FusedLoss plain = OpenDevices.of("cpu:scalar");
    for (FusedLoss fused : OpenDevices.all()) {
      TYPES.forEach(type -> check.of(fused, plain, type));
    }
  }

  /** Numbers of the type: mostly ordinary ones, some as large as it has, subnormal, or infinite. */
  private short[] numbers(ElementType type, int n, double scale) {
    short[] bits = new short[n];
    for (int i = 0; i < n; i++) {
      bits[i] = type.encode((float) ((random.nextDouble() - 0.5) * 2 * scale));
      int kind = random.nextInt(50);
      if (kind == 0) {
        short any = (short) random.nextInt();
        bits[i] = Float.isNaN(type.decode(any)) ? bits[i] : any;
      } else if (kind == 1) {
        bits[i] = (short) (random.nextInt() & 0x8000); // a zero of either sign
      }
    }
    return bits;
  }

  private short[] unit(ElementType type, int n) {
    return Numbers.encode(type, Numbers.unit(random, n));
  }

  private static float[] wide(ElementType type, short[] bits) {
    float[] values = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      values[i] = type.decode(bits[i]);
    }
    return values;
  }

  private static short[] narrow(ElementType type, Tensor tensor) {
    return Numbers.encode(type, tensor.toFloatArray());
  }

  private static int[] bits(Tensor tensor) {
    float[] values = tensor.toFloatArray();
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  /** Compares 16-bit tensors on the host and on the device with float32 in plain Java. */
  private static void check(
      FusedLoss fused,
      FusedLoss plain,
      Loss loss,
      Tensor input,
      Tensor target,
      Tensor wideInput,
      Tensor wideTarget) {
    String what = loss + " of " + input + " on " + fused.device();
    try (LossResult expected = plain.forwardAndGradient(loss, wideInput, wideTarget);
        LossResult forward = fused.forward(loss, input, target);
        LossResult host = fused.forwardAndGradient(loss, input, target);
        Tensor x = fused.upload(input);
        Tensor t = fused.upload(target);
        LossResult device = fused.forwardAndGradient(loss, x, t)) {
      short[] gradient = narrow(input.type(), expected.gradient());
      assertEquals(input.type(), device.gradient().type());
      assertArrayEquals(gradient, host.gradient().toShortArray(), what);
      assertArrayEquals(gradient, device.gradient().toShortArray(), what);
      for (LossResult result : List.of(forward, host, device)) {
        assertEquals(expected.sum(), result.sum(), what);
        assertEquals(expected.weightSum(), result.weightSum(), what);
        if (loss.reduction() == Reduction.NONE) {
          assertEquals(ElementType.FLOAT32, result.losses().type());
          assertArrayEquals(bits(expected.losses()), bits(result.losses()), what);
        }
      }
    }
  }

  @Test
  void elementLosses() {
    everywhere(
        (fused, plain, type) -> {
          for (int n : SIZES) {
            short[] x = numbers(type, n, 20);
            short[] t = unit(type, n);
            Tensor input = Tensor.of(type, x, n);
            Tensor wide = Tensor.of(wide(type, x), n);
            Tensor target = Tensor.of(wide(type, t), n);
            Tensor w = Tensor.of(wide(type, unit(type, n)), n);
            BinaryCrossEntropyWithLogits logits = BinaryCrossEntropyWithLogits.DEFAULT;
            Reduction reduction = reduction(type);
            // Targets of the input's type, and of float32.
            check(
                fused,
                plain,
                logits.withReduction(reduction),
                input,
                Tensor.of(type, t, n),
                wide,
                target);
            check(
                fused,
                plain,
                OptionCases.most(logits.withReduction(reduction), w),
                input,
                target,
                wide,
                target);
            short[] p = unit(type, n);
            check(
                fused,
                plain,
                OptionCases.most(BinaryCrossEntropy.DEFAULT.withReduction(reduction), w),
                Tensor.of(type, p, n),
                Tensor.of(type, t, n),
                Tensor.of(wide(type, p), n),
                target);
          }
        });
  }

  @Test
  void rowLosses() {
    everywhere(
        (fused, plain, type) -> {
          for (LogitShape shape : ROWS) {
            int c = shape.classes();
            long[] inputShape = shape.input();
            short[] x = numbers(type, shape.elements(), 10);
            short[] q = unit(type, shape.elements());
            Tensor input = Tensor.of(type, x, inputShape);
            Tensor wide = Tensor.of(wide(type, x), inputShape);
            Tensor indices = Tensor.of(shape.indices(random), shape.target());
            Tensor probabilities = Tensor.of(wide(type, q), inputShape);
            Tensor w = Tensor.of(wide(type, unit(type, c)), c);
            CrossEntropy plainLoss = CrossEntropy.DEFAULT;
            Reduction reduction = reduction(type);
            CrossEntropy loss = plainLoss.withReduction(reduction);
            if (tried(fused, type, shape, 0, 3)) {
              check(fused, plain, loss, input, indices, wide, indices);
            }
            if (tried(fused, type, shape, 1, 3)) {
              Loss all = OptionCases.most(loss, w);
              check(fused, plain, all, input, indices, wide, indices);
            }
            if (tried(fused, type, shape, 2, 3)) {
              Tensor soft = Tensor.of(type, q, inputShape);
              check(fused, plain, loss.withWeight(w), input, soft, wide, probabilities);
              check(fused, plain, OptionCases.most(loss, w), input, soft, wide, probabilities);
            }
            check(
                fused,
                plain,
                OptionCases.most(NllLoss.DEFAULT.withReduction(reduction), w),
                input,
                indices,
                wide,
                indices);
          }
        });
  }

  @Test
  void primitives() {
    everywhere(
        (fused, plain, type) -> {
          for (int n : SIZES) {
            short[] x = unit(type, n);
            Tensor input = Tensor.of(type, x, n);
            Tensor wide = Tensor.of(wide(type, x), n);
            assertEquals(plain.sum(wide), fused.sum(input));
            assertEquals(plain.mean(wide), fused.mean(input));
            assertEquals(plain.max(wide), fused.max(input));
            assertArrayEquals(
                narrow(type, plain.sigmoid(wide)), fused.sigmoid(input).toShortArray());
          }
          for (LogitShape shape : ROWS) {
            long[] s = {shape.batch(), shape.classes(), shape.inner()};
            short[] x = numbers(type, shape.elements(), 10);
            Tensor input = Tensor.of(type, x, s);
            Tensor wide = Tensor.of(wide(type, x), s);
            if (tried(fused, type, shape, 0, 3)) {
              assertArrayEquals(
                  narrow(type, plain.softmax(wide)), fused.softmax(input).toShortArray());
            }
            if (tried(fused, type, shape, 1, 3)) {
              assertArrayEquals(
                  narrow(type, plain.logSoftmax(wide)), fused.logSoftmax(input).toShortArray());
            }
            if (tried(fused, type, shape, 2, 3)) {
              assertArrayEquals(bits(plain.logSumExp(wide)), bits(fused.logSumExp(input)));
            }
          }
        });
  }

  /** The reference knows what rounding once costs: right results pass, the next number does not. */
  @Test
  void theReferenceChecksThem() {
    try (FusedLoss fused = FusedLoss.open("cpu")) {
      for (ElementType type : TYPES) {
        short[] x = new short[999];
        for (int i = 0; i < x.length; i++) {
          x[i] = type.encode((float) ((random.nextDouble() - 0.5) * 30));
        }
        Tensor input = Tensor.of(type, x, 111, 9);
        Tensor target = Tensor.of(type, unit(type, 999), 111, 9);
        FusedLoss checked = fused.checkedBy(new ReferenceCheck());
        checked.forwardAndGradient(BinaryCrossEntropyWithLogits.DEFAULT, input, target);
        checked.forwardAndGradient(CrossEntropy.DEFAULT.withLabelSmoothing(0.1f), input, target);
        checked.forwardAndGradient(CrossEntropy.DEFAULT, input, Tensor.of(new int[111], 111));
        FusedLoss planted =
            fused.checkedBy(
                (loss, in, t, up, ups, result) -> {
                  short[] wrong = result.gradient().toShortArray();
                  wrong[7]++;
                  Tensor gradient = Tensor.of(type, wrong, 111, 9);
                  new ReferenceCheck()
                      .check(loss, in, t, up, ups, ReferenceCheckTest.with(result, gradient));
                });
        String message =
            assertThrows(
                    VerificationException.class,
                    () ->
                        planted.forwardAndGradient(
                            BinaryCrossEntropyWithLogits.DEFAULT.withReduction(Reduction.SUM),
                            input,
                            target))
                .getMessage();
        assertTrue(message.contains("gradient[7]"), message);
      }
    }
  }

  @Test
  void badInputIsNamed() {
    try (FusedLoss fused = FusedLoss.open("cpu")) {
      Tensor half = Tensor.of(ElementType.FLOAT16, new short[] {0, 0}, 2);
      Tensor brain = Tensor.of(ElementType.BFLOAT16, new short[] {0, 0}, 2);
      assertMessage(
          "target must be float32 or float16, got bfloat16: make it target.astype('float32')",
          () -> fused.forward(BinaryCrossEntropyWithLogits.DEFAULT, half, brain));
      assertMessage(
          "type must be float16 or bfloat16, got int32",
          () -> Tensor.of(ElementType.INT32, new short[2], 2));
      assertMessage(
          "weight must be float32, got float16",
          () -> BinaryCrossEntropyWithLogits.DEFAULT.withWeight(half));
    }
  }

  private static void assertMessage(String message, org.junit.jupiter.api.function.Executable e) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, e).getMessage());
  }
}
