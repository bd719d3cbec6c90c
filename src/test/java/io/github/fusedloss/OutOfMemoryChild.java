package io.github.fusedloss;

import java.util.List;

/**
 * Main of the JVM that {@link OutOfMemoryTest} starts: fills the heap to the last few bytes, gives
 * back a little more each time, and computes, so that one allocation after the other is the first
 * that fails. Without TLABs, or threads would take the rest for themselves.
 */
final class OutOfMemoryChild {
  /**
   * The size of what is given back first: room for one result, or with several for working space,
   * too.
   */
  private static final int LARGE = 1 << 16;

  private static final int MOST_LARGE = 12;

  /** The size of what is given back after that, one by one: that of a small object. */
  private static final int SMALL = 32;

  private static final int MOST_SMALL = 16;

  /** Large enough that the CPU executors keep arrays of this size for the next call. */
  private static final int ROWS = 1 << 13;

  private static final int CLASSES = 3;

  private final FusedLoss fused;
  private final List<Runnable> calls;

  // Results are counted in fields, because there is no room for anything that grows.
  private int failures;
  private int leaks;
  private Throwable other;

  private byte[][] large;
  private byte[][] small;
  private Object[] rest;

  private OutOfMemoryChild(FusedLoss fused) {
    this.fused = fused;
    float[] values = new float[ROWS * CLASSES];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 16 / 16f;
    }
    Tensor x = fused.upload(Tensor.of(values, ROWS, CLASSES));
    Tensor cube = fused.upload(Tensor.of(values, 2, ROWS / 2, CLASSES));
    Tensor host = Tensor.of(values, values.length);
    Tensor classes = Tensor.of(new int[ROWS], ROWS);
    int[] wrong = new int[ROWS];
    wrong[7] = CLASSES;
    Tensor bad = Tensor.of(wrong, ROWS);
    CrossEntropy rows = CrossEntropy.DEFAULT.withReduction(Reduction.NONE);
    // A weight that has to be written out, on the device.
    BinaryCrossEntropy elements =
        BinaryCrossEntropy.DEFAULT.withWeight(Tensor.of(new float[2 * CLASSES], 2, 1, CLASSES));
    calls =
        List.of(
            () -> fused.forwardAndGradient(rows, x, classes).close(),
            () -> fused.forwardAndGradient(elements, cube, cube).close(),
            () -> {
              try {
                fused.forwardAndGradient(rows, x, bad).close();
              } catch (IndexOutOfBoundsException e) {
                return;
              }
            },
            () -> {
              try (Tensor softmax = fused.softmax(x);
                  Tensor there = fused.upload(host)) {
                fused.sum(there);
              }
            });
  }

  public static void main(String[] args) {
    try (FusedLoss fused = FusedLoss.open(args[0])) {
      new OutOfMemoryChild(fused).run();
    }
    System.out.println("end");
    System.exit(0);
  }

  private void run() {
    long before = fused.liveBytes();
    for (int i = 0; i < 50; i++) {
      calls.forEach(Runnable::run); // Classes are loaded, threads started.
    }
    for (Runnable call : calls) {
      int attempts = 0;
      for (int given = 0; given < MOST_LARGE; given++) {
        fill(given);
        for (int i = 0; i < MOST_SMALL; i++, attempts++) {
          small[i] = null;
          attempt(call, before);
        }
        rest = null;
        large = null;
      }
      call.run(); // As if nothing had been.
      String what =
          failures + " of " + attempts + " failed, " + leaks + " leaked, otherwise " + other;
      if (failures == 0 || failures == attempts || leaks > 0 || other != null) {
        throw new AssertionError("call " + calls.indexOf(call) + ": " + what, other);
      }
      failures = 0;
    }
  }

  private void attempt(Runnable call, long before) {
    try {
      call.run();
    } catch (OutOfMemoryError e) {
      failures++;
    } catch (Throwable e) {
      other = e;
    }
    if (fused.liveBytes() != before) {
      leaks++;
    }
  }

  /** Leaves room for so many large pieces, and for small ones as they are let go. */
  private void fill(int room) {
    large = new byte[room][LARGE];
    small = new byte[MOST_SMALL][SMALL - 16];
    rest = new Object[1 << 12];
    int used = 0;
    // Each size ends with full collections. An array of up to 8 bytes is the smallest there is.
    for (int size = 1 << 23; size >= 8; size >>= 3) {
      try {
        while (true) {
          rest[used] = new byte[size];
          used++;
        }
      } catch (OutOfMemoryError e) {
        continue;
      }
    }
    large = null;
  }
}
