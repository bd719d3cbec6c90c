package io.github.fusedloss.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.Bits;
import io.github.fusedloss.FusedLoss;
import io.github.fusedloss.LogitShape;
import io.github.fusedloss.Loss;
import io.github.fusedloss.LossResult;
import io.github.fusedloss.Numbers;
import io.github.fusedloss.Reduction;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.reference.Ulp;
import io.github.fusedloss.verify.ReferenceCheck;
import io.github.fusedloss.verify.VerificationException;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * One kernel, launched as for a CPU and as for a GPU, beside the reference (what it should be) and
 * plain Java (what it must be bit for bit).
 */
final class KernelTesting {
  /** Absolute bounds of docs/numerics.md: 2^-22 of the size of the terms that cancel. */
  static final double TERMS = 0x1p-22;

  private static final ReferenceCheck CHECK = new ReferenceCheck();

  /**
   * Sizes of kernels over elements: one; an odd few; around the 64 lanes of a stripe and the 64
   * work-items of a GPU's group; around a stripe of 1024; around a block of 4096, which is a
   * work-group's unit; two blocks and one.
   */
  static final int[] SIZES = {1, 3, 63, 64, 65, 1023, 1025, 4095, 4096, 4097, 8193};

  /**
   * (N, C, inner) of kernels over rows: one class; rows summed in order, up to 64 classes, fewer
   * and more rows than the 16 a work-item takes; rows across lanes around 64 and a stripe of 1024;
   * around a block of 4096, rows of two and three blocks; classes that are not adjacent, with rows
   * around 16, in one block and in two.
   */
  static final List<LogitShape> ROWS =
      LogitShape.list(
          "3x1 15x10 33x63 5x64 5x65 3x1023 2x1025 2x4095 2x4096 2x4097 1x8193 "
              + "2x7x15 2x65x17 1x4097x3");

  final FusedLoss opencl;
  final FusedLoss scalar;
  final Random random = new Random(11);

  private KernelTesting(FusedLoss opencl, FusedLoss scalar) {
    this.opencl = opencl;
    this.scalar = scalar;
  }

  /** One element more than all work-groups of a CPU take at one block each: one takes two. */
  static int oneBlockTooMany() {
    int groups = 8 * Math.min(32, OpenClTesting.device().units().count());
    return groups * 4096 + 1;
  }

  /** Runs a test with the device's own launch shape, then with that of a GPU. */
  static void everyLaunch(BiConsumer<KernelTesting, String> test) {
    ownLaunch(test);
    String property = "fusedloss.opencl.shape";
    String before = System.getProperty(property);
    System.setProperty(property, "4x1x64");
    try {
      ownLaunch((k, launch) -> test.accept(k, "shape 4x1x64, "));
    } finally {
      if (before == null) {
        System.clearProperty(property);
      } else {
        System.setProperty(property, before);
      }
    }
  }

  /** Runs kernels whose variants take long to compile; SameBitsTest runs those in other shapes. */
  static void ownLaunch(BiConsumer<KernelTesting, String> test) {
    try (FusedLoss opencl = FusedLoss.open("opencl:" + OpenClTesting.device().index());
        FusedLoss scalar = FusedLoss.open("cpu:scalar")) {
      test.accept(new KernelTesting(opencl, scalar), "");
      assertEquals(0, opencl.liveBytes());
    }
  }

  /** Each of the sizes, with both launches. */
  static void everySize(Each<Integer> test) {
    everyLaunch((k, launch) -> IntStream.of(SIZES).forEach(n -> test.accept(k, launch, n)));
  }

  /** Each of the shapes of rows, with both launches. */
  static void everyShape(Each<LogitShape> test) {
    everyLaunch((k, launch) -> ROWS.forEach(shape -> test.accept(k, launch, shape)));
  }

  /**
   * A shape of each way of walking over rows, with the device's own launch, for what is an option
   * of a kernel that meets every shape without it: in order, apart, in lanes of one stripe and of
   * several, of two blocks.
   */
  static void everyWay(Each<LogitShape> test) {
    List<LogitShape> ways = LogitShape.list("15x10 2x7x15 5x65 2x1025 2x4097");
    ownLaunch((k, launch) -> ways.forEach(shape -> test.accept(k, launch, shape)));
  }

  /** Rows in order and in lanes, more of them than work-items at one each: some take several. */
  static void moreRowsThanWorkGroups(Each<LogitShape> test) {
    everyLaunch(
        (k, launch) ->
            LogitShape.list("4099x5 515x66").forEach(shape -> test.accept(k, launch, shape)));
  }

  // ---- data

  float[] normal(int n, double scale) {
    return Numbers.normal(random, n, scale);
  }

  /** In [0, 1], now and then 0, -0 or 1. */
  float[] unit(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      int kind = random.nextInt(8);
      values[i] = kind == 0 ? 0 : kind == 1 ? 1 : kind == 2 ? -0f : random.nextFloat();
    }
    return values;
  }

  /** 0 or 1. */
  float[] hard(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextInt(2);
    }
    return values;
  }

  /** Class indices, of which the first counts: the mean over nothing has no digits to compare. */
  long[] classes(LogitShape s) {
    long[] values = IntStream.of(s.indices(random)).asLongStream().toArray();
    values[0] = s.classes() - 1;
    return values;
  }

  // ---- comparing

  /** A tensor computed from another, its input on the device, against plain Java; closes it. */
  float[] sameBits(String what, Tensor input, BiFunctionOf<Tensor> compute) {
    try (Tensor there = opencl.upload(input);
        Tensor result = compute.of(opencl, there)) {
      assertTrue(result.isOnDevice());
      float[] actual = result.toFloatArray();
      bits(what, compute.of(scalar, input).toFloatArray(), actual);
      return actual;
    }
  }

  /** A test of one size; {@code launch} names the launch in messages. */
  interface Each<S> {
    void accept(KernelTesting k, String launch, S size);
  }

  interface BiFunctionOf<T> {
    T of(FusedLoss fused, Tensor input);
  }

  /**
   * A loss with reduction none and an upstream gradient per loss, then its mean and sum, all
   * against plain Java bit for bit, and against the reference as far as {@code verify/Promise}
   * goes.
   *
   * @param upstream one per loss
   */
  void judge(String what, Loss loss, Tensor input, Tensor target, float[] upstream) {
    FusedLoss checked =
        opencl.checkedBy(
            (of, x, t, factor, factors, result) -> {
              try {
                CHECK.check(of, x, t, factor, factors, result);
              } catch (VerificationException e) {
                throw new AssertionError(what + e.getMessage(), e);
              }
            });
    Loss none = loss.withReduction(Reduction.NONE);
    try (Tensor x = opencl.upload(input);
        Tensor t = opencl.upload(target);
        LossResult result = checked.forwardAndGradient(none, x, t);
        LossResult plain = scalar.forwardAndGradient(none, input, target)) {
      bits(what + "losses", plain.losses().toFloatArray(), result.losses().toFloatArray());
      bits(what + "gradient", plain.gradient().toFloatArray(), result.gradient().toFloatArray());
      totals(what, plain, result);
      Tensor up = Tensor.of(upstream, result.losses().shape());
      try (Tensor gradient = checked.backward(none, x, t, up)) {
        float[] expected = scalar.backward(none, input, target, up).toFloatArray();
        bits(what + "backward", expected, gradient.toFloatArray());
      }
    }
    for (Reduction reduction : new Reduction[] {Reduction.MEAN, Reduction.SUM}) {
      Loss reduced = loss.withReduction(reduction);
      // From host arrays this time: they are shipped there and back.
      try (LossResult result = checked.forwardAndGradient(reduced, input, target);
          LossResult forward = checked.forward(reduced, input, target);
          LossResult plain = scalar.forwardAndGradient(reduced, input, target)) {
        bits(what + reduction, new float[] {plain.loss()}, new float[] {result.loss()});
        bits(what + reduction, new float[] {plain.loss()}, new float[] {forward.loss()});
        bits(
            what + reduction + " gradient",
            plain.gradient().toFloatArray(),
            result.gradient().toFloatArray());
        totals(what, plain, result);
        totals(what, plain, forward);
      }
    }
  }

  private static void totals(String what, LossResult expected, LossResult actual) {
    assertEquals(
        Double.doubleToRawLongBits(expected.sum()),
        Double.doubleToRawLongBits(actual.sum()),
        what + "sum");
    assertEquals(
        Double.doubleToRawLongBits(expected.zLossSum()),
        Double.doubleToRawLongBits(actual.zLossSum()),
        what + "z-loss");
    assertEquals(
        Double.doubleToRawLongBits(expected.weightSum()),
        Double.doubleToRawLongBits(actual.weightSum()),
        what + "weight sum");
    assertEquals(expected.count(), actual.count(), what + "count");
  }

  static void bits(String what, float[] expected, float[] actual) {
    assertArrayEquals(Bits.of(expected), Bits.of(actual), () -> what + " against plain Java");
  }

  /** Within so many ULP, or within an absolute bound where one is given. */
  static void within(String what, float[] actual, double[] expected, double ulps, double[] bounds) {
    assertEquals(expected.length, actual.length, what);
    for (int i = 0; i < actual.length; i++) {
      double distance = Ulp.distance(actual[i], expected[i]);
      double bound = bounds == null ? 0 : bounds[i];
      if (!(distance <= ulps || Math.abs(actual[i] - expected[i]) <= bound)) {
        throw new AssertionError(
            what
                + "["
                + i
                + "]: expected "
                + expected[i]
                + ", got "
                + actual[i]
                + ", "
                + distance
                + " ULP apart");
      }
    }
  }
}
