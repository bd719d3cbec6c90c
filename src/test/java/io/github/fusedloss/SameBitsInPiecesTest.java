package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A call cut into pieces for a device gives the bits of the call as a whole. */
@Tag("once") // Neither the JVM nor another executor can change it.
class SameBitsInPiecesTest {
  private static final String PIECE = "fusedloss.opencl.piece";

  private final Random random = new Random(3);

  private static void onOpenCl(Consumer<FusedLoss> test) {
    DeviceInfo device =
        FusedLoss.devices().stream()
            .filter(d -> d.usable() && d.backend().equals("opencl"))
            .findFirst()
            .orElse(null);
    assumeTrue(device != null, "no OpenCL device");
    try (FusedLoss fused = FusedLoss.open(device.name())) {
      test.accept(fused);
      assertEquals(0, fused.liveBytes());
    }
  }

  private interface Work {
    void run(Bits bits);
  }

  /** Runs the work as a whole, then in pieces of so many elements, and compares the bits. */
  private static void same(String what, long[] pieces, Work work) {
    Bits whole = new Bits();
    work.run(whole);
    for (long piece : pieces) {
      System.setProperty(PIECE, Long.toString(piece));
      try {
        Bits cut = new Bits();
        work.run(cut);
        assertArrayEquals(whole.all(), cut.all(), what + ", pieces of " + piece);
      } finally {
        System.clearProperty(PIECE);
      }
    }
  }

  /**
   * One block, a piece; one element less and more, three pieces with a rest, pieces of two blocks.
   */
  @Test
  void elements() {
    onOpenCl(
        fused -> {
          for (int n : new int[] {4095, 4096, 4097, 8192, 12289, 16385}) {
            elements(fused, n, ElementType.FLOAT32, n % 2 == 0);
          }
          elements(fused, 12289, ElementType.FLOAT16, true);
          elements(fused, 12290, ElementType.BFLOAT16, false);
        });
  }

  private void elements(FusedLoss fused, int n, ElementType type, boolean weighted) {
    Tensor x = tensor(type, n, 60, n);
    Tensor t = tensor(type, n, 0, n);
    Tensor p = tensor(ElementType.FLOAT32, n, 0, n);
    Tensor up = tensor(ElementType.FLOAT32, n, 2, n);
    BinaryCrossEntropyWithLogits none =
        BinaryCrossEntropyWithLogits.DEFAULT.withReduction(Reduction.NONE);
    same(
        n + " elements of " + type,
        new long[] {1, 8192, 12288},
        bits -> {
          if (weighted) {
            bits.add(fused.forwardAndGradient(OptionCases.most(none, p, up), x, t));
          } else {
            bits.add(fused.backward(none, x, t, up));
          }
          bits.add(fused.forwardAndGradient(BinaryCrossEntropy.DEFAULT, t, t));
          bits.add(fused.sigmoid(x));
          bits.add(fused.sum(x), fused.mean(p), fused.max(x));
        });
  }

  /** Weights that repeat: within a piece, across its ends, and longer than a piece. */
  @Test
  void weightsMeetTheirElements() {
    onOpenCl(
        fused -> {
          long[][] shapes = {
            {3, 3000, 2}, // the input: 18,000 elements
            {2}, // the last dimension
            {3000, 2}, // 6,000 values, more than a piece, used three times over
            {3, 1, 1}, // 3 values, 6,000 elements each
            {3000, 1}, // each value twice, all of them three times
            {1}
          };
          Tensor x = tensor(ElementType.FLOAT32, 18000, 20, shapes[0]);
          Tensor t = tensor(ElementType.FLOAT32, 18000, 0, shapes[0]);
          for (int i = 1; i < shapes.length; i++) {
            long[] weight = shapes[i];
            Tensor w = tensor(ElementType.FLOAT32, (int) Shapes.size(weight), 2, weight);
            long[] pos = shapes[1 + i % (shapes.length - 1)];
            Tensor p = tensor(ElementType.FLOAT32, (int) Shapes.size(pos), 0, pos);
            same(
                "weight " + Shapes.text(weight),
                new long[] {4096, 8192},
                bits -> {
                  bits.add(
                      fused.forwardAndGradient(
                          BinaryCrossEntropyWithLogits.DEFAULT.withWeight(w).withPosWeight(p),
                          x,
                          t));
                  bits.add(
                      fused.forwardAndGradient(BinaryCrossEntropy.DEFAULT.withWeight(w), t, t));
                });
          }
        });
  }

  /** Class indices 0, 1, 2 and so on, and from 0 again. */
  private static Tensor cycled(int classes, long... shape) {
    int rows = (int) Shapes.size(shape);
    return Tensor.of(IntStream.range(0, rows).map(i -> i % classes).toArray(), shape);
  }

  /** Computed once more where sums leave the range of floats: each pass is cut by itself. */
  @Test
  void sumsOutOfRange() {
    onOpenCl(
        fused -> {
          int n = 12289;
          float[] values = floats(n, 1);
          for (int i = 0; i < n; i++) {
            values[i] = Math.copySign(3e38f, values[i]);
          }
          Tensor x = Tensor.of(values, n);
          Tensor t = Tensor.of(floats(n, 0), n);
          Tensor w = Tensor.of(floats(n, 0), n);
          Tensor rows = Tensor.of(floats((n / 7 + 1) * 7, 3), n / 7 + 1, 7);
          Tensor target = cycled(7, n / 7 + 1);
          float[] weights = new float[7];
          Arrays.fill(weights, 3e38f);
          CrossEntropy heavy = CrossEntropy.DEFAULT.withWeight(Tensor.of(weights, 7));
          same(
              "sums out of range",
              new long[] {1, 8192},
              bits -> {
                LossResult mean =
                    fused.forwardAndGradient(BinaryCrossEntropyWithLogits.DEFAULT, x, t);
                assertTrue(Float.isFinite(mean.loss()) && mean.sum() > Float.MAX_VALUE);
                bits.add(mean);
                bits.add(
                    fused.forwardAndGradient(
                        BinaryCrossEntropyWithLogits.DEFAULT.withWeight(w), x, t));
                LossResult ofRows = fused.forwardAndGradient(heavy, rows, target);
                assertTrue(Float.isFinite(ofRows.loss()) && ofRows.sum() > Float.MAX_VALUE);
                bits.add(ofRows);
                bits.add(fused.sum(x), fused.mean(x));
              });
        });
  }

  /**
   * Rows: in order, adjacent; in lanes, of one block and of several; apart, in pieces of whole
   * items of the batch and of less than one, down to two rows (1 element asks for the smallest
   * piece).
   */
  @Test
  void rows() {
    onOpenCl(
        fused -> {
          rows(fused, 37, 10, 1, ElementType.FLOAT32, 1, 50, 365);
          rows(fused, 9000, 3, 1, ElementType.FLOAT32, 1500, 13000);
          rows(fused, 5, 1500, 1, ElementType.FLOAT32, 1, 3100);
          rows(fused, 3, 4100, 1, ElementType.FLOAT32, 1, 8200);
          rows(fused, 3, 70, 17, ElementType.FLOAT32, 1, 210, 1190, 2400);
          rows(fused, 2, 19, 35, ElementType.FLOAT16, 1, 100);
          rows(fused, 5, 1500, 1, ElementType.BFLOAT16, 3000);
        });
  }

  private void rows(
      FusedLoss fused, int batch, int classes, int inner, ElementType type, long... pieces) {
    LogitShape s = new LogitShape(batch, classes, inner);
    int rows = s.rows();
    long[] shape = s.input();
    long[] rowShape = s.target();
    Tensor x = tensor(type, rows * classes, 8, shape);
    Tensor q = tensor(type, rows * classes, 0, shape);
    Tensor w = tensor(ElementType.FLOAT32, classes, 0, classes);
    Tensor up = tensor(ElementType.FLOAT32, rows, 2, rowShape);
    int[] y = new int[rows];
    long[] wide = new long[rows];
    for (int r = 0; r < rows; r++) {
      y[r] = r % 7 == 3 ? -100 : random.nextInt(classes);
      wide[r] = y[r];
    }
    Tensor classesOf = Tensor.of(y, rowShape);
    Tensor wideClasses = Tensor.of(wide, rowShape);
    CrossEntropy none = CrossEntropy.DEFAULT.withReduction(Reduction.NONE);
    same(
        s + " of " + type,
        pieces,
        bits -> {
          bits.add(fused.forwardAndGradient(CrossEntropy.DEFAULT.withWeight(w), x, classesOf));
          bits.add(fused.backward(none.withWeight(w), x, wideClasses, up));
          Outputs outputs = Outputs.of(Output.values());
          bits.add(fused.forwardAndGradient(none, x, Target.of(wideClasses), outputs));
          for (Loss loss :
              List.of(CrossEntropy.DEFAULT, OptionCases.most(CrossEntropy.DEFAULT, w))) {
            bits.add(fused.forwardAndGradient(loss, x, wideClasses));
            bits.add(fused.forwardAndGradient(loss.withReduction(Reduction.NONE), x, q));
          }
          bits.add(fused.forwardAndGradient(OptionCases.most(NllLoss.DEFAULT, w), x, classesOf));
          bits.add(fused.softmax(x));
          bits.add(fused.logSoftmax(x));
          bits.add(fused.logSumExp(x));
        });
  }

  /**
   * Losses and options with programs of their own, each in one shape, with row weights: all
   * operands are cut alike.
   */
  @Test
  void everyOtherLossWithRowWeights() {
    onOpenCl(
        fused -> {
          int n = 12289;
          Tensor x = tensor(ElementType.FLOAT32, n, 9, n);
          Target target = weighted(tensor(ElementType.FLOAT32, n, 0, n), n);
          List<Loss> ofElements = List.of(SigmoidFocalLoss.DEFAULT, KlDivLoss.DEFAULT);
          inPieces(fused, ofElements, x, target, 4096, 8192);
          LogitShape s = new LogitShape(900, 10, 1);
          Tensor logits = tensor(ElementType.FLOAT32, s.elements(), 5, s.input());
          Tensor w = tensor(ElementType.FLOAT32, 10, 0, 10);
          Target indices = weighted(cycled(10, s.target()), s.target());
          Loss all = OptionCases.all(CrossEntropy.DEFAULT, w); // z-loss and transform
          List<Loss> ofRows = List.of(all, SoftmaxFocalLoss.DEFAULT);
          inPieces(fused, ofRows, logits, indices, 365, 2000, 4096);
          Tensor teacher = tensor(ElementType.FLOAT32, s.elements(), 5, s.input());
          List<Loss> divergences = List.of(Distillation.FORWARD_KL, Distillation.jsd(0.3f));
          inPieces(fused, divergences, logits, weighted(teacher, s.target()), 365, 2000, 4096);
        });
  }

  /** Some of the weights are 0. */
  private Target weighted(Tensor target, long... rows) {
    float[] r = floats((int) Shapes.size(rows), 0);
    for (int i = 0; i < r.length; i += 5) {
      r[i] = 0;
    }
    return Target.of(target).rowWeights(Tensor.of(r, rows));
  }

  private static void inPieces(
      FusedLoss fused, List<Loss> losses, Tensor input, Target target, long... pieces) {
    for (Loss loss : losses) {
      for (Reduction reduction : List.of(Reduction.MEAN, Reduction.NONE)) {
        Loss reduced = loss.withReduction(reduction);
        same(
            reduced.toString(),
            pieces,
            bits -> bits.add(fused.forwardAndGradient(reduced, input, target)));
      }
    }
  }

  /** Device operands are cut where a host operand needs it, or where the result replaces them. */
  @Test
  void onTheDeviceAndInPlace() {
    onOpenCl(
        fused -> {
          int n = 9001;
          float[] values = floats(n, 20);
          Tensor x = Tensor.of(values, n);
          Tensor t = tensor(ElementType.FLOAT32, n, 0, n);
          Tensor logits = Tensor.of(floats(21 * 70 * 4, 5), 21, 70, 4);
          Tensor classes = cycled(70, 21, 4);
          same(
              "on the device",
              new long[] {600, 4096},
              bits -> {
                try (Tensor device = fused.upload(x);
                    Tensor target = fused.upload(t);
                    Tensor rows = fused.upload(logits);
                    Tensor indices = fused.upload(classes)) {
                  Loss bce = BinaryCrossEntropyWithLogits.DEFAULT;
                  bits.add(fused.forwardAndGradient(bce, device, t));
                  bits.add(fused.forwardAndGradient(bce, x, target));
                  Tensor copy = Tensor.of(values.clone(), n);
                  bits.add(fused.forwardAndGradient(bce, copy, t, copy));
                  bits.add(fused.forwardAndGradient(bce, device, target, device));
                  bits.add(device);
                  Loss ce = CrossEntropy.DEFAULT;
                  bits.add(fused.forwardAndGradient(ce, rows, classes));
                  bits.add(fused.forwardAndGradient(ce, logits, indices));
                  bits.add(fused.forwardAndGradient(ce, rows, indices, rows));
                  bits.add(rows);
                }
              });
        });
  }

  /** 4,099 blocks: their sums are two blocks of the next sum, met in 17 pieces. */
  @Test
  void sumsOfSums() {
    onOpenCl(
        fused -> {
          int n = 4098 * 4096 + 5;
          Tensor x = Tensor.of(floats(n, 3), n);
          same("sum", new long[] {1 << 20}, bits -> bits.add(fused.sum(x), fused.max(x)));
        });
  }

  @Test
  void badInputIsNamedByItsPlaceInTheWhole() {
    onOpenCl(
        fused -> {
          float[] p = floats(9000, 0);
          p[8200] = 1.5f;
          Tensor input = Tensor.of(p, 9000);
          int[] y = new int[9000];
          y[8300] = 3;
          Tensor logits = Tensor.of(floats(18000, 1), 9000, 2);
          float[] before = logits.toFloatArray().clone();
          System.setProperty(PIECE, "4096");
          try {
            IllegalArgumentException e =
                assertThrows(
                    IllegalArgumentException.class,
                    () -> fused.forward(BinaryCrossEntropy.DEFAULT, input, input));
            assertTrue(e.getMessage().startsWith("input[8200] "), e.getMessage());
            IndexOutOfBoundsException i =
                assertThrows(
                    IndexOutOfBoundsException.class,
                    () ->
                        fused.forwardAndGradient(
                            CrossEntropy.DEFAULT, logits, Tensor.of(y, 9000), logits));
            assertTrue(i.getMessage().startsWith("target[8300] "), i.getMessage());
            assertArrayEquals(before, logits.toFloatArray());
          } finally {
            System.clearProperty(PIECE);
          }
        });
  }

  /** Looked at first, and again with their piece: an index may have become none by then. */
  @Test
  void indicesThatChangeBetweenPieces() {
    onOpenCl(
        fused -> {
          int rows = 9000;
          Tensor logits = Tensor.of(floats(2 * rows, 1), rows, 2);
          int[] y = new int[rows];
          AtomicBoolean over = new AtomicBoolean();
          Thread changer =
              new Thread(
                  () -> {
                    for (int i = 0; !over.get(); i++) {
                      y[8300] = (i & 8) == 0 ? 0 : 2;
                    }
                  });
          changer.start();
          System.setProperty(PIECE, "4096");
          try {
            for (int i = 0; i < 100; i++) {
              try (LossResult result =
                  fused.forwardAndGradient(CrossEntropy.DEFAULT, logits, Tensor.of(y, rows))) {
                assertEquals(rows, result.count());
              } catch (IndexOutOfBoundsException e) {
                assertTrue(e.getMessage().startsWith("target[8300] "), e.getMessage());
              }
            }
          } finally {
            System.clearProperty(PIECE);
            over.set(true);
          }
          assertEquals(1f, fused.sum(Tensor.of(new float[] {1}, 1)), fused.device());
        });
  }

  // ---- data

  private float[] floats(int n, double scale) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = scale == 0 ? Numbers.unit(random) : Numbers.normal(random, scale);
    }
    return values;
  }

  /** Normal numbers of this scale; in [0, 1] if that is 0. */
  private Tensor tensor(ElementType type, int n, double scale, long... shape) {
    float[] values = floats(n, scale);
    if (type == ElementType.FLOAT32) {
      return Tensor.of(values, shape);
    }
    short[] bits = new short[n];
    for (int i = 0; i < n; i++) {
      bits[i] = type.encode(values[i]);
    }
    return Tensor.of(type, bits, shape);
  }
}
