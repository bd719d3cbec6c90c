package io.github.fusedloss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What ci/oclgrind runs: every kernel and tier at sizes just around their boundaries, beside plain
 * Java bit for bit. Oclgrind interprets, a million elements a minute, and compiling a kernel takes
 * it as long as a thousand elements: so sizes are the least that reach a tier.
 */
final class OclgrindCases {
  /** A vector and one more, a group of 64, a stripe of 1024, a block of 4096. */
  private static final int[] SIZES = {1, 17, 65, 1025, 4097};

  /**
   * Batch, classes, inner, one for each way that rows are read: adjacent in order, more than four
   * vectors of them; not adjacent and more than a chunk; in lanes; in lanes, two blocks in split
   * rows.
   */
  private static final List<LogitShape> WAYS = LogitShape.list("67x3 2x65x17 17x65 1x4097");

  /**
   * These shapes reach the remaining ways: one class, the most that are summed in order, less than
   * a chunk not adjacent, 128 and 256 lanes and, with as many rows as Oclgrind's one compute unit
   * wants groups, two blocks in whole rows.
   */
  private static final List<LogitShape> ROWS =
      LogitShape.list("2x1 17x64 2x3x35 2x1025 1x2049 4x4097");

  /** Distillation has longer rows side by side, too, where there are many: adjacent ones or not. */
  private static final List<LogitShape> MANY = LogitShape.list("65x66 2x65x33");

  /** Rows that begin at a multiple of a vector, without which results cannot go past the caches. */
  private static final List<LogitShape> ALIGNED = LogitShape.list("17x48 2x3x32 17x80 8x4112");

  private static final ElementType[] TYPES = {
    ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16
  };

  private final List<FusedLoss> executors;
  private final Random random = new Random(7);
  private int compared;

  private OclgrindCases(List<FusedLoss> executors) {
    this.executors = executors;
  }

  /**
   * Argument: "all" for every combination of options, "some" for each option once, "aligned" for
   * some of aligned rows.
   */
  public static void main(String[] args) {
    boolean all = args[0].equals("all");
    FusedLoss scalar = FusedLoss.open("cpu:scalar");
    FusedLoss device = FusedLoss.open("opencl");
    OclgrindCases cases = new OclgrindCases(List.of(scalar, device));
    for (int n : SIZES) {
      // Options do not change how a kernel walks its elements: all of them at one size.
      cases.elements(n, all && n == 65);
    }
    boolean aligned = args[0].equals("aligned");
    for (LogitShape shape : aligned ? ALIGNED : WAYS) {
      cases.rows(shape, all, all);
    }
    for (LogitShape shape : aligned ? List.<LogitShape>of() : ROWS) {
      cases.rows(shape, all, false);
    }
    for (LogitShape shape : aligned ? List.<LogitShape>of() : MANY) {
      float[] x = Numbers.values(cases.random, shape.elements(), 9);
      cases.distillation(shape, ElementType.FLOAT32, Tensor.of(x, shape.input()));
    }
    int leaked = device.liveBytes() == 0 ? 0 : 1;
    cases.executors.forEach(FusedLoss::close);
    System.out.println("compared " + cases.compared + " leaked " + leaked);
    System.exit(0);
  }

  private interface Work {
    void run(FusedLoss fused, Bits bits);
  }

  private void compare(String what, Work work) {
    List<int[]> bits = new ArrayList<>();
    for (FusedLoss fused : executors) {
      Bits b = new Bits();
      work.run(fused, b);
      bits.add(b.all());
    }
    SameBitsTest.same(executors, bits, what);
    compared++;
  }

  private void elements(int n, boolean all) {
    for (ElementType type : TYPES) {
      Tensor x = Numbers.tensor(type, Numbers.values(random, n, 30), n);
      Tensor t = Numbers.tensor(type, Numbers.unit(random, n), n);
      Tensor p = Numbers.tensor(type, Numbers.unit(random, n), n);
      Tensor w = Tensor.of(Numbers.values(random, 1, 2), 1);
      Tensor pw = Tensor.of(Numbers.unit(random, n), n);
      Tensor up = Tensor.of(Numbers.values(random, n, 2), n);
      int subsets = OptionCases.subsets(BinaryCrossEntropyWithLogits.DEFAULT);
      for (int options = 0; options < 2 * subsets; options++) {
        if (!all && options != 0 && options != 2 * subsets - 1) {
          continue;
        }
        Reduction reduction = options < subsets ? Reduction.MEAN : Reduction.NONE;
        Loss logits =
            OptionCases.some(
                BinaryCrossEntropyWithLogits.DEFAULT.withReduction(reduction), options, w, pw);
        Loss bce =
            OptionCases.some(BinaryCrossEntropy.DEFAULT.withReduction(reduction), options, pw);
        compare(
            type + " binary, " + n + " elements, options " + options,
            (fused, bits) -> {
              bits.add(fused.forwardAndGradient(logits, x, t));
              bits.add(fused.forwardAndGradient(bce, p, t));
              if (all) {
                bits.add(fused.forward(logits, x, t));
                bits.add(fused.forward(bce, p, t));
              }
              if (reduction == Reduction.NONE) {
                bits.add(fused.backward(logits, x, t, up));
                bits.add(fused.backward(bce, p, t, up));
              }
            });
      }
      compare(
          type + " primitives, " + n + " elements",
          (fused, bits) -> {
            bits.add(fused.sigmoid(x));
            bits.add(fused.sum(x), fused.mean(x), fused.max(x));
          });
    }
  }

  private void rows(LogitShape s, boolean allOfFloats, boolean allOfHalves) {
    long[] shape = s.input();
    long[] rowShape = s.target();
    int[] y = s.indices(random);
    Arrays.setAll(y, i -> i % 3 == 2 ? -100 : Math.max(y[i], 0));
    long[] wide = IntStream.of(y).asLongStream().toArray();
    Tensor w = Tensor.of(Numbers.unit(random, s.classes()), s.classes());
    Tensor up = Tensor.of(Numbers.values(random, s.rows(), 2), rowShape);
    for (ElementType type : TYPES) {
      Tensor x = Numbers.tensor(type, Numbers.values(random, s.elements(), 9), shape);
      Tensor q = Numbers.tensor(type, Numbers.unit(random, s.elements()), shape);
      boolean all = type == ElementType.FLOAT32 ? allOfFloats : allOfHalves;
      String what = type + " " + s;
      int subsets = OptionCases.subsets(CrossEntropy.DEFAULT);
      for (int options = 0; options < 4 * subsets; options++) {
        boolean soft = (options & 1) != 0;
        boolean none = (options & 2) != 0;
        int subset = options >> 2;
        boolean forward = all && !soft && subset == 0;
        boolean plain = subset == 0 && !soft && !none;
        if (!all && !(plain || subset == subsets - 1 && soft == none)) {
          continue;
        }
        Loss loss =
            OptionCases.some(CrossEntropy.DEFAULT, subset, w)
                .withReduction(none ? Reduction.NONE : Reduction.MEAN);
        Tensor target = soft ? q : none ? Tensor.of(wide, rowShape) : Tensor.of(y, rowShape);
        compare(
            what + ", options " + options,
            (fused, bits) -> {
              bits.add(fused.forwardAndGradient(loss, x, target));
              if (forward) {
                bits.add(fused.forward(loss, x, target));
              }
              if (none) {
                bits.add(fused.backward(loss, x, target, up));
              }
            });
      }
      NllLoss nll = NllLoss.DEFAULT.withWeight(w);
      compare(
          what + ", others",
          (fused, bits) -> {
            bits.add(fused.forwardAndGradient(nll, x, Tensor.of(y, rowShape)));
            bits.add(fused.softmax(x));
            bits.add(fused.logSoftmax(x));
            bits.add(fused.logSumExp(x));
          });
      distillation(s, type, x);
    }
  }

  private void distillation(LogitShape s, ElementType type, Tensor x) {
    Tensor teacher = Numbers.tensor(type, Numbers.values(random, s.elements(), 9), s.input());
    for (Divergence divergence : Divergence.values()) {
      Distillation distillation = Distillation.DEFAULT.withDivergence(divergence);
      compare(
          type + " " + s + ", distillation by " + divergence,
          (fused, bits) -> {
            bits.add(fused.forward(distillation, x, teacher));
            bits.add(fused.forwardAndGradient(distillation, x, teacher));
          });
    }
  }
}
