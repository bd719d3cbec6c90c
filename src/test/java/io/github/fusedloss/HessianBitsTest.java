package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Second derivatives have the same bits on every executor and for every way of giving a call, and
 * do not change what is computed beside them. OpenCL meets few combinations of options, since each
 * is a program to compile.
 */
class HessianBitsTest {
  private static final List<FusedLoss> EXECUTORS = OpenDevices.all();

  /** Around a vector, a strip of 512, a block of 4096, more than one. */
  private static final int[] SIZES = {1, 3, 16, 65, 513, 4096, 4097, 8200};

  /**
   * Rows in order and in lanes of 1, 2, 3, 64, 65, 1000 and 4097 classes and more, in tiles and
   * not, adjacent and not; around what is turned at a time, and more than a tile of rows.
   */
  private static final List<LogitShape> ROWS =
      LogitShape.list(
          "5x1 300x2 64x3 257x10 17x64 5x65 40x128 3x129 3x1000 2x1025 2x4097 2x8200 "
              + "2x3x15 2x19x35 2x65x64 1x4100x2 1x10x300");

  /** One of each way of walking over rows. */
  private static final List<LogitShape> FEW = LogitShape.list("37x10 2x19x17 5x65 2x4097 1x4100x2");

  private static List<FusedLoss> cpus() {
    return EXECUTORS.stream().filter(f -> f.device().startsWith("cpu")).toList();
  }

  /** Adds a call's bits; loss and gradient must equal those without a second derivative. */
  private static void add(
      Bits bits, FusedLoss fused, Loss loss, Tensor x, Target t, Hessian hessian) {
    int[] before = Bits.of(fused.forwardAndGradient(loss, x, t));
    int[] all = Bits.of(fused.forwardGradientAndHessian(loss, x, t, hessian));
    int[] first = java.util.Arrays.copyOf(all, before.length);
    assertArrayEquals(before, first, fused.device() + " " + loss + " " + x);
    for (int word : all) {
      bits.add(Float.intBitsToFloat(word));
    }
  }

  @Test
  void elements() {
    Random random = new Random(1);
    for (int n : SIZES) {
      double scale = n % 2 == 0 ? 6 : 120;
      float[] values = Numbers.values(random, n, scale);
      Tensor hard = Tensor.of(random.ints(n, 0, 2).toArray(), n);
      Tensor t = Tensor.of(Numbers.unit(random, n), n);
      Tensor w = Tensor.of(Numbers.values(random, n, 1), n);
      Tensor pw = Tensor.of(Numbers.unit(random, n), n);
      Tensor r = Tensor.of(Numbers.unit(random, n), n);
      Tensor x = Tensor.of(values, n);
      Tensor half = Numbers.tensor(ElementType.FLOAT16, values, n);
      elements(cpus(), x, Target.of(hard), w, pw);
      elements(cpus(), Numbers.tensor(ElementType.BFLOAT16, values, n), Target.of(hard), w, pw);
      elements(EXECUTORS, x, Target.of(t), w, pw);
      elements(cpus(), x, Target.of(t).rowWeights(r), w, pw);
      Target weighted = Target.of(half(n)).rowWeights(r);
      List<int[]> bits = new ArrayList<>();
      for (FusedLoss fused : EXECUTORS) {
        Bits b = new Bits();
        add(b, fused, BCE.withWeight(w), half, weighted, Hessian.XGBOOST);
        bits.add(b.all());
      }
      SameBitsTest.same(EXECUTORS, bits, n + " elements");
    }
  }

  private static final BinaryCrossEntropyWithLogits BCE = BinaryCrossEntropyWithLogits.DEFAULT;

  private static Tensor half(int n) {
    return Numbers.tensor(ElementType.FLOAT16, Numbers.unit(new Random(n), n), n);
  }

  private static void elements(List<FusedLoss> executors, Tensor x, Target t, Tensor w, Tensor pw) {
    List<int[]> bits = new ArrayList<>();
    for (FusedLoss fused : executors) {
      Bits b = new Bits();
      for (Hessian kind : Hessian.values()) {
        add(b, fused, BCE, x, t, kind);
        add(b, fused, BCE.withWeight(w).withPosWeight(pw), x, t, kind);
      }
      add(b, fused, BCE.withLabelSmoothing(0.1f).withPosWeight(pw), x, t, Hessian.EXACT);
      SigmoidFocalLoss focal = SigmoidFocalLoss.DEFAULT.withReduction(Reduction.SUM);
      add(b, fused, focal, x, t, Hessian.EXACT);
      add(b, fused, focal.withGamma(1.5f).withWeight(w).withPosWeight(pw), x, t, Hessian.EXACT);
      bits.add(b.all());
    }
    SameBitsTest.same(executors, bits, x.toString());
  }

  @Test
  void rows() {
    Random random = new Random(2);
    for (LogitShape s : ROWS) {
      for (double scale : new double[] {5, 30000}) {
        rows(cpus(), s, random, ElementType.FLOAT32, scale, true);
      }
      rows(cpus(), s, random, ElementType.BFLOAT16, 5, true);
    }
    for (LogitShape s : FEW) {
      for (double scale : new double[] {5, 30000}) {
        rows(EXECUTORS, s, random, ElementType.FLOAT32, scale, false);
      }
    }
    rows(EXECUTORS, LogitShape.of("37x10"), random, ElementType.FLOAT16, 5, false);
    probabilities(EXECUTORS, LogitShape.of("37x10"), random, false);
    probabilities(EXECUTORS, LogitShape.of("2x4097"), random, false);
  }

  private static void rows(
      List<FusedLoss> executors,
      LogitShape s,
      Random random,
      ElementType type,
      double scale,
      boolean options) {
    Tensor x = Numbers.tensor(type, Numbers.values(random, s.elements(), scale), s.input());
    Target y = Target.of(Tensor.of(s.indices(random), s.target()));
    Tensor w = Tensor.of(Numbers.unit(random, s.classes()), s.classes());
    Tensor r = Tensor.of(Numbers.unit(random, s.rows()), s.target());
    CrossEntropy weighted = CrossEntropy.DEFAULT.withWeight(w);
    CrossEntropy sum = weighted.withReduction(Reduction.SUM);
    List<int[]> bits = new ArrayList<>();
    for (FusedLoss fused : executors) {
      Bits b = new Bits();
      for (Hessian kind : Hessian.values()) {
        add(b, fused, weighted, x, y, kind);
      }
      SoftmaxFocalLoss focal = SoftmaxFocalLoss.DEFAULT.withWeight(w);
      add(b, fused, focal, x, y, Hessian.EXACT);
      if (options) {
        add(b, fused, focal.withGamma(0.7f), x, y.rowWeights(r), Hessian.EXACT);
        add(b, fused, sum.withLabelSmoothing(0.1f), x, y, Hessian.XGBOOST);
        add(b, fused, sum.withZLoss(0.1f), x, y, Hessian.EXACT);
        add(b, fused, weighted, x, y.rowWeights(r), Hessian.XGBOOST);
      }
      bits.add(b.all());
    }
    SameBitsTest.same(executors, bits, s + " of " + type);
    if (options) {
      probabilities(executors, s, random, true);
    }
  }

  /** Class probabilities with a z-loss; {@code more} adds smoothing and row weights. */
  private static void probabilities(
      List<FusedLoss> executors, LogitShape s, Random random, boolean more) {
    Tensor x = Tensor.of(Numbers.values(random, s.elements(), 8), s.input());
    Tensor q = Tensor.of(Numbers.unit(random, s.elements()), s.input());
    Tensor r = Tensor.of(Numbers.unit(random, s.rows()), s.target());
    CrossEntropy z = CrossEntropy.DEFAULT.withZLoss(0.1f);
    CrossEntropy loss = more ? z.withLabelSmoothing(0.1f) : z;
    Target target = more ? Target.of(q).rowWeights(r) : Target.of(q);
    List<int[]> bits = new ArrayList<>();
    for (FusedLoss fused : executors) {
      Bits b = new Bits();
      add(b, fused, loss, x, target, Hessian.EXACT);
      bits.add(b.all());
    }
    SameBitsTest.same(executors, bits, s + " of probabilities");
  }

  /** Runs the kernels as a GPU does: work-groups of several work-items, no vectors. */
  @Test
  @Tag("once")
  void workGroupsOfSeveralAgree() throws Exception {
    ForkedJvm.of(HessianBitsTest.class).options("-Dfusedloss.opencl.shape=4x1x64").succeed();
  }

  /** Runs in the forked JVM. */
  public static void main(String[] args) {
    Random random = new Random(6);
    for (LogitShape s : LogitShape.list("200x10 2x4097")) {
      rows(EXECUTORS, s, random, ElementType.FLOAT32, 5, false);
    }
    int n = 4100;
    Tensor x = Tensor.of(Numbers.values(random, n, 60), n);
    Tensor t = Tensor.of(Numbers.unit(random, n), n);
    List<int[]> bits = new ArrayList<>();
    for (FusedLoss fused : EXECUTORS) {
      Bits b = new Bits();
      add(b, fused, BCE, x, Target.of(t), Hessian.XGBOOST);
      bits.add(b.all());
    }
    SameBitsTest.same(EXECUTORS, bits, "elements");
    EXECUTORS.forEach(FusedLoss::close);
  }

  /** Several threads at the blocks of one row, of a length that is worth it. */
  @Test
  void oneThreadAndManyAgreeOnLongRows() {
    int classes = (1 << 17) + 4097;
    Random random = new Random(3);
    Tensor x = Tensor.of(Numbers.values(random, classes, 9), 1, classes);
    Tensor y = Tensor.of(new int[] {4097}, 1);
    List<int[]> bits = new ArrayList<>();
    for (String threads : List.of("1", "3")) {
      System.setProperty("fusedloss.cpu.threads", threads);
      try (FusedLoss fused = FusedLoss.open("cpu")) {
        bits.add(
            Bits.of(fused.forwardGradientAndHessian(CrossEntropy.DEFAULT, x, y, Hessian.EXACT)));
      } finally {
        System.clearProperty("fusedloss.cpu.threads");
      }
    }
    assertArrayEquals(bits.get(0), bits.get(1));
  }

  /** On the device, and in pieces of one block, or of one row. */
  @Test
  void whereverItIs() {
    Random random = new Random(4);
    LogitShape s = LogitShape.of("9x10");
    Tensor x = Tensor.of(Numbers.values(random, s.elements(), 5), s.input());
    Tensor y = Tensor.of(s.indices(random), s.target());
    int n = 12289;
    Tensor v = Tensor.of(Numbers.values(random, n, 60), n);
    Tensor t = Tensor.of(Numbers.unit(random, n), n);
    Loss bce = BinaryCrossEntropyWithLogits.DEFAULT;
    for (FusedLoss fused : EXECUTORS) {
      long before = fused.liveBytes();
      int[] rows =
          Bits.of(fused.forwardGradientAndHessian(CrossEntropy.DEFAULT, x, y, Hessian.EXACT));
      int[] elements = Bits.of(fused.forwardGradientAndHessian(bce, v, t, Hessian.EXACT));
      try (Tensor xThere = fused.upload(x);
          Tensor vThere = fused.upload(v)) {
        assertArrayEquals(
            rows,
            Bits.of(
                fused.forwardGradientAndHessian(CrossEntropy.DEFAULT, xThere, y, Hessian.EXACT)));
        assertArrayEquals(
            elements, Bits.of(fused.forwardGradientAndHessian(bce, vThere, t, Hessian.EXACT)));
      }
      assertEquals(before, fused.liveBytes(), fused.device());
      System.setProperty("fusedloss.opencl.piece", "4096");
      try {
        assertArrayEquals(
            elements, Bits.of(fused.forwardGradientAndHessian(bce, v, t, Hessian.EXACT)));
        System.setProperty("fusedloss.opencl.piece", "20");
        assertArrayEquals(
            rows,
            Bits.of(fused.forwardGradientAndHessian(CrossEntropy.DEFAULT, x, y, Hessian.EXACT)));
      } finally {
        System.clearProperty("fusedloss.opencl.piece");
      }
    }
  }
}
