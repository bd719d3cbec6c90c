package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** {@link Tensor#rows} of tensors on a device, on every executor here, beside those on the host. */
class DeviceRowsTest {
  /**
   * Rows of 5 floats: of any 32 the first begins at a multiple of 128 bytes, where a kernel is
   * given a part of the buffer; others are copied for the call. A driver may ask for 512 bytes; row
   * 128 is at one.
   */
  private static final int CLASSES = 5;

  private static final int ROWS = 200;

  /**
   * The first row and the number of rows: all, odd places, aligned ones, the last row, two to the
   * end.
   */
  private static final int[][] PLACES = {
    {0, ROWS}, {0, 7}, {1, 1}, {3, 50}, {32, 64}, {33, 64}, {128, 72}, {128, 1}, {199, 1}, {198, 2}
  };

  private static final CrossEntropy SUM = CrossEntropy.DEFAULT.withReduction(Reduction.SUM);

  private final SplittableRandom random = new SplittableRandom(5);
  private final float[] x = EveryLoss.logits(random, ROWS * CLASSES, 8);
  private final float[] unit = EveryLoss.unit(random, ROWS * CLASSES);
  private final int[] y = EveryLoss.indices(random, ROWS, CLASSES);
  private final Tensor logits = Tensor.of(x, ROWS, CLASSES);
  private final Tensor classes = Tensor.of(y, ROWS);

  private interface Body {
    void run(FusedLoss fused);
  }

  /** Runs the body on every device. Nothing may stay there, though no rows are closed. */
  private static void onEveryDevice(Body body) {
    for (FusedLoss fused : OpenDevices.all()) {
      long before = fused.liveBytes();
      body.run(fused);
      assertEquals(before, fused.liveBytes(), fused.device());
    }
  }

  /** Returns the bits that a call gives for rows of tensors. */
  private interface Work {
    int[] of(FusedLoss fused, List<Tensor> rows);
  }

  /** Compares rows of these tensors with rows of what is uploaded of them. */
  private static void same(FusedLoss fused, Work work, Tensor... tensors) {
    List<Tensor> there = new ArrayList<>();
    try {
      for (Tensor tensor : tensors) {
        there.add(fused.upload(tensor));
      }
      for (int[] place : PLACES) {
        Function<Tensor, Tensor> cut = tensor -> tensor.rows(place[0], place[1]);
        assertArrayEquals(
            work.of(fused, Arrays.stream(tensors).map(cut).toList()),
            work.of(fused, there.stream().map(cut).toList()),
            fused.device() + " " + there + " " + Arrays.toString(place));
      }
    } finally {
      there.forEach(Tensor::close);
    }
  }

  /** Logits of 4 and 2 bytes, with indices of 1, 2, 4 and 8 bytes; row weights and a mask. */
  @Test
  void rowsOfLogits() {
    byte[] y1 = new byte[ROWS];
    short[] y2 = new short[ROWS];
    long[] y8 = new long[ROWS];
    boolean[] mask = new boolean[ROWS];
    for (int i = 0; i < ROWS; i++) {
      y1[i] = (byte) y[i];
      y2[i] = (short) y[i];
      y8[i] = y[i];
      mask[i] = i % 7 != 3;
    }
    Tensor weights = Tensor.of(Arrays.copyOf(unit, ROWS), ROWS);
    onEveryDevice(
        fused -> {
          Work plain = (f, t) -> Bits.of(f.forwardAndGradient(SUM, t.get(0), t.get(1)));
          for (Tensor target :
              List.of(Tensor.of(y1, ROWS), Tensor.of(y2, ROWS), classes, Tensor.of(y8, ROWS))) {
            same(fused, plain, logits, target);
          }
          same(fused, plain, Numbers.tensor(ElementType.FLOAT16, x, ROWS, CLASSES), classes);
          same(fused, plain, Numbers.tensor(ElementType.BFLOAT16, x, ROWS, CLASSES), classes);
          same(
              fused,
              (f, t) -> {
                Target target = Target.of(t.get(1)).rowWeights(t.get(2)).mask(t.get(3));
                return Bits.of(f.forwardAndGradient(CrossEntropy.DEFAULT, t.get(0), target));
              },
              logits,
              classes,
              weights,
              Tensor.of(mask, ROWS));
        });
  }

  /** Binary losses, whose targets are of any type, and primitives. */
  @Test
  void rowsOfElements() {
    boolean[] truths = new boolean[x.length];
    byte[] bytes = new byte[x.length];
    for (int i = 0; i < truths.length; i++) {
      truths[i] = unit[i] > 0.5f;
      bytes[i] = (byte) (truths[i] ? 1 : 0);
    }
    BinaryCrossEntropyWithLogits none =
        BinaryCrossEntropyWithLogits.DEFAULT.withReduction(Reduction.NONE);
    onEveryDevice(
        fused -> {
          Work work = (f, t) -> Bits.of(f.forwardAndGradient(none, t.get(0), t.get(1)));
          same(fused, work, logits, Tensor.of(unit, ROWS, CLASSES));
          same(fused, work, logits, Tensor.of(truths, ROWS, CLASSES));
          same(fused, work, logits, Tensor.of(bytes, ROWS, CLASSES));
          same(fused, (f, t) -> Bits.of(f.softmax(t.get(0))), logits);
          same(fused, (f, t) -> Bits.of(f.sum(t.get(0)), f.max(t.get(0))), logits);
          same(
              fused,
              (f, t) -> Bits.of(f.backward(none, t.get(0), t.get(1), t.get(2))),
              logits,
              Tensor.of(unit, ROWS, CLASSES),
              Tensor.of(x, ROWS, CLASSES));
        });
  }

  /** Batches write their gradients into rows of one tensor, and to nothing else of it. */
  @Test
  void gradientsIntoRows() {
    onEveryDevice(
        fused -> {
          int[] whole = Bits.of(fused.forwardAndGradient(SUM, logits, classes).gradient());
          float[] sevens = new float[x.length];
          Arrays.fill(sevens, 7);
          try (Tensor there = fused.upload(logits);
              Tensor into = fused.upload(Tensor.of(sevens, ROWS, CLASSES))) {
            for (int[] place : PLACES) {
              if (place[1] == ROWS) {
                continue;
              }
              fused.upload(Tensor.of(sevens, ROWS, CLASSES), into);
              int[] expected = Bits.of(sevens);
              int from = place[0] * CLASSES;
              System.arraycopy(whole, from, expected, from, place[1] * CLASSES);
              fused
                  .forwardAndGradient(
                      SUM,
                      there.rows(place[0], place[1]),
                      classes.rows(place[0], place[1]),
                      into.rows(place[0], place[1]))
                  .close();
              assertArrayEquals(
                  expected, Bits.of(into.toFloatArray()), fused.device() + Arrays.toString(place));
            }
          }
        });
  }

  /** The gradient takes the place of rows. */
  @Test
  void inPlace() {
    onEveryDevice(
        fused -> {
          int[] whole = Bits.of(fused.forwardAndGradient(SUM, logits, classes).gradient());
          int[] expected = Bits.of(x);
          try (Tensor there = fused.upload(logits)) {
            for (int[] place : new int[][] {{1, 3}, {32, 32}, {199, 1}, {128, 64}}) {
              Tensor rows = there.rows(place[0], place[1]);
              Tensor target = classes.rows(place[0], place[1]);
              fused.forwardAndGradient(SUM, rows, target, rows).close();
              int from = place[0] * CLASSES;
              System.arraycopy(whole, from, expected, from, place[1] * CLASSES);
              assertArrayEquals(expected, Bits.of(there.toFloatArray()), fused.device());
            }
            // Other tensors around the same rows are not the input itself, just as on the host.
            Tensor rows = there.rows(0, 4);
            for (Tensor shared : List.of(there.rows(0, 4), there.rows(3, 4))) {
              Expect.refused(
                  "gradient must be the input itself, or share no memory with an operand",
                  () -> fused.forwardAndGradient(SUM, rows, classes.rows(0, 4), shared));
            }
            fused
                .forwardAndGradient(SUM, rows, classes.rows(0, 4), there.rows(4, 4))
                .close(); // which only touches
          }
        });
  }

  /** Copies to and from rows, and rows of rows. */
  @Test
  void copies() {
    onEveryDevice(
        fused -> {
          try (Tensor there = fused.upload(logits);
              Tensor indices = fused.upload(classes)) {
            Tensor nested = there.rows(2, 100).rows(5, 30).rows(1, 2);
            assertArrayEquals(new long[] {2, CLASSES}, nested.shape());
            assertTrue(nested.isOnDevice());
            int from = 8 * CLASSES;
            assertArrayEquals(
                Bits.of(Arrays.copyOfRange(x, from, from + 2 * CLASSES)),
                Bits.of(nested.toFloatArray()));
            assertArrayEquals(
                Arrays.stream(y).skip(199).asLongStream().toArray(),
                indices.rows(199, 1).toLongArray());
            float[] ones = new float[2 * CLASSES];
            Arrays.fill(ones, 1);
            fused.upload(Tensor.of(ones, 2, CLASSES), nested);
            float[] expected = x.clone();
            System.arraycopy(ones, 0, expected, from, ones.length);
            assertArrayEquals(Bits.of(expected), Bits.of(there.toFloatArray()));
            Tensor none = there.rows(ROWS, 0);
            assertEquals(0, none.toFloatArray().length);
            assertTrue(Float.isNaN(loss(fused, none, classes.rows(0, 0))));
            assertThrows(IllegalArgumentException.class, () -> there.rows(ROWS, 1));
            assertThrows(IllegalArgumentException.class, () -> nested.rows(1, 2));
          }
        });
  }

  private static float loss(FusedLoss fused, Tensor input, Tensor target) {
    try (LossResult result = fused.forward(CrossEntropy.DEFAULT, input, target)) {
      return result.loss();
    }
  }

  /** Rows are closed with what they are rows of, and close nothing else. */
  @Test
  void closing() {
    onEveryDevice(
        fused -> {
          Tensor target = classes.rows(32, 3);
          Tensor there = fused.upload(logits);
          Tensor middle = there.rows(16, 100);
          Tensor rows = middle.rows(16, 3);
          float loss = loss(fused, rows, target);
          there.rows(32, 3).close();
          assertEquals(loss, loss(fused, rows, target));
          Tensor other = there.rows(32, 3);
          middle.close();
          middle.close();
          refusesClosed(fused, rows, target);
          assertEquals(loss, loss(fused, other, target));
          there.close();
          refusesClosed(fused, other, target);
          // Its memory may be another's by now.
          try (Tensor again = fused.upload(Tensor.of(new float[x.length], ROWS, CLASSES))) {
            assertFalse(loss == loss(fused, again.rows(32, 3), target));
            refusesClosed(fused, other, target);
          }
        });
  }

  private static void refusesClosed(FusedLoss fused, Tensor rows, Tensor target) {
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class, () -> fused.forward(CrossEntropy.DEFAULT, rows, target));
    assertEquals("input must be open, got a closed tensor", e.getMessage());
    assertThrows(IllegalStateException.class, rows::toFloatArray);
  }

  /** 4 threads at a time, each with the rows that begin at another place of one tensor. */
  @Test
  void manyThreads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (FusedLoss fused : OpenDevices.all()) {
        try (Tensor there = fused.upload(logits)) {
          List<Future<int[]>> found = new ArrayList<>();
          for (int i = 0; i < 64; i++) {
            Tensor rows = there.rows(i, 64);
            Tensor target = classes.rows(i, 64);
            found.add(threads.submit(() -> Bits.of(fused.forwardAndGradient(SUM, rows, target))));
          }
          for (int i = 0; i < 64; i++) {
            assertArrayEquals(
                Bits.of(fused.forwardAndGradient(SUM, logits.rows(i, 64), classes.rows(i, 64))),
                found.get(i).get(),
                fused.device() + " from row " + i);
          }
        }
      }
    } finally {
      threads.shutdown();
    }
  }

  /** Copies for a call are cut into pieces if they are too large for one. */
  @Test
  void inPieces() {
    System.setProperty("fusedloss.opencl.piece", "35"); // 7 rows
    try {
      onEveryDevice(
          fused ->
              same(
                  fused,
                  (f, t) -> Bits.of(f.forwardAndGradient(SUM, t.get(0), t.get(1))),
                  logits,
                  classes));
    } finally {
      System.clearProperty("fusedloss.opencl.piece");
    }
  }
}
