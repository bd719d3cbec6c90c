package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Many threads on one {@link FusedLoss}, and on several; tensors and devices closed while others
 * compute. Every result has the right bits or is an {@link IllegalStateException}.
 */
class ConcurrencyTest {
  /** More than this machine has processors, or most have. */
  private static final int THREADS = 8;

  /** Rounds of each thread. */
  private static final int ROUNDS = 12;

  /** A few work-groups of 4096, and above the 2^15 elements from which the CPU uses threads. */
  private static final int SIZE = (1 << 15) + 4097;

  private static final int CLASSES = 10;

  /** The data of one thread, and the bits that plain Java gives for them. */
  private record Work(Tensor x, Tensor p, Tensor logits, Tensor classes, int[] right) {
    static Work of(int seed, FusedLoss scalar) {
      Random random = new Random(seed);
      // Sizes differ from thread to thread, so that buffers are reused for others.
      int n = SIZE + 64 * seed;
      int rows = n / CLASSES;
      float[] x = new float[n];
      float[] p = new float[n];
      float[] logits = new float[rows * CLASSES];
      int[] classes = new int[rows];
      for (int i = 0; i < n; i++) {
        x[i] = (float) random.nextGaussian() * 4;
        p[i] = random.nextFloat();
      }
      for (int i = 0; i < logits.length; i++) {
        logits[i] = (float) random.nextGaussian();
      }
      for (int i = 0; i < rows; i++) {
        classes[i] = random.nextInt(CLASSES);
      }
      Work work =
          new Work(
              Tensor.of(x, n),
              Tensor.of(p, n),
              Tensor.of(logits, rows, CLASSES),
              Tensor.of(classes, rows),
              null);
      return new Work(work.x, work.p, work.logits, work.classes, work.bits(scalar, work.x));
    }

    /** Some of every kind of call; {@code input} is x, on the host or on the device. */
    int[] bits(FusedLoss fused, Tensor input) {
      Bits bits = new Bits();
      bits.add(fused.forwardAndGradient(BinaryCrossEntropyWithLogits.DEFAULT, input, p));
      bits.add(fused.forwardAndGradient(BinaryCrossEntropy.DEFAULT, p, p));
      bits.add(fused.forwardAndGradient(CrossEntropy.DEFAULT, logits, classes));
      bits.add(fused.sigmoid(input));
      bits.add(fused.sum(input), fused.max(input));
      return bits.all();
    }
  }

  private static final List<Work> WORK = new ArrayList<>();
  private static List<String> names;
  private ExecutorService pool;

  @BeforeAll
  static void prepare() {
    names = FusedLoss.devices().stream().filter(DeviceInfo::usable).map(DeviceInfo::name).toList();
    try (FusedLoss scalar = FusedLoss.open("cpu:scalar")) {
      for (int i = 0; i < THREADS; i++) {
        WORK.add(Work.of(i, scalar));
      }
    }
  }

  @BeforeEach
  void start() {
    pool = Executors.newFixedThreadPool(THREADS + 1);
  }

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  private static void all(List<Future<?>> futures) throws Exception {
    for (Future<?> future : futures) {
      future.get();
    }
  }

  private Future<?> go(Callable<?> task) {
    return pool.submit(task);
  }

  private interface Job {
    void run(FusedLoss fused, Work work) throws Exception;
  }

  /** Runs a job on each executor: a thread for each work, all at once. Nothing may be left. */
  private void onEachDevice(Job job) throws Exception {
    for (String name : names) {
      try (FusedLoss fused = FusedLoss.open(name)) {
        List<Future<?>> futures = new ArrayList<>();
        for (Work work : WORK) {
          futures.add(
              go(
                  () -> {
                    job.run(fused, work);
                    return null;
                  }));
        }
        all(futures);
        assertEquals(0, fused.liveBytes(), name);
      }
    }
  }

  @Test
  void manyThreadsOnOneDevice() throws Exception {
    onEachDevice(
        (fused, work) -> {
          try (Tensor device = fused.upload(work.x)) {
            for (int i = 0; i < ROUNDS; i++) {
              Tensor input = i % 2 == 0 ? work.x : device;
              assertArrayEquals(work.right, work.bits(fused, input), fused.device());
            }
          }
        });
  }

  /** All executors at once, two of each kind, each used by every thread. */
  @Test
  void manyThreadsOnSeveralDevices() throws Exception {
    List<FusedLoss> open = new ArrayList<>();
    for (String name : names) {
      open.add(FusedLoss.open(name));
      open.add(FusedLoss.open(name));
    }
    open.add(FusedLoss.open());
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        Work work = WORK.get(t);
        int first = t;
        futures.add(
            go(
                () -> {
                  for (int i = 0; i < open.size(); i++) {
                    FusedLoss fused = open.get((first + i) % open.size());
                    assertArrayEquals(work.right, work.bits(fused, work.x), fused.device());
                  }
                  return null;
                }));
      }
      all(futures);
    } finally {
      open.forEach(FusedLoss::close);
    }
  }

  /** One tensor, which CPU devices map. A driver that took it ill would end this JVM. */
  @Test
  void oneTensorReadByAll() throws Exception {
    float[] values = WORK.get(0).x.toFloatArray();
    for (String name : names) {
      try (FusedLoss fused = FusedLoss.open(name);
          Tensor shared = fused.upload(WORK.get(0).x)) {
        List<Future<?>> futures = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
          futures.add(
              go(
                  () -> {
                    for (int i = 0; i < 50 * ROUNDS; i++) {
                      assertArrayEquals(values, shared.toFloatArray(), name);
                    }
                    return null;
                  }));
        }
        all(futures);
      }
    }
  }

  /** One input for all threads, closed in the middle. */
  @Test
  void tensorsClosedWhileOthersCompute() throws Exception {
    for (String name : names) {
      try (FusedLoss fused = FusedLoss.open(name)) {
        Work work = WORK.get(0);
        for (int round = 0; round < ROUNDS; round++) {
          Tensor shared = fused.upload(work.x);
          CountDownLatch computing = new CountDownLatch(1 + round % THREADS);
          AtomicInteger right = new AtomicInteger();
          List<Future<?>> futures = new ArrayList<>();
          for (int t = 0; t < THREADS; t++) {
            futures.add(
                go(
                    () ->
                        untilClosed(
                            () -> {
                              assertArrayEquals(work.right, work.bits(fused, shared), name);
                              right.incrementAndGet();
                              computing.countDown();
                            })));
          }
          futures.add(
              go(
                  () -> {
                    computing.await();
                    shared.close();
                    return null;
                  }));
          all(futures);
          assertTrue(right.get() > round % THREADS, name);
          assertEquals(0, fused.liveBytes(), name);
        }
      }
    }
  }

  /** Runs again and again, until somebody has closed what it uses. */
  private static Void untilClosed(Runnable body) {
    try {
      while (true) {
        body.run();
      }
    } catch (IllegalStateException e) {
      assertTrue(e.getMessage().contains("closed"), e.toString());
      return null;
    }
  }

  /** The device itself closed in the middle, by two threads at once. */
  @Test
  void devicesClosedWhileOthersCompute() throws Exception {
    for (String name : names) {
      for (int round = 0; round < 3; round++) {
        FusedLoss fused = FusedLoss.open(name);
        CountDownLatch computing = new CountDownLatch(1 + round);
        List<Future<?>> futures = new ArrayList<>();
        for (int t = 0; t < THREADS - 1; t++) {
          Work work = WORK.get(t);
          futures.add(
              go(
                  () ->
                      untilClosed(
                          () -> {
                            try (Tensor device = fused.upload(work.x)) {
                              assertArrayEquals(work.right, work.bits(fused, device), name);
                            }
                            computing.countDown();
                          })));
        }
        for (int i = 0; i < 2; i++) {
          futures.add(
              go(
                  () -> {
                    computing.await();
                    fused.close();
                    return null;
                  }));
        }
        all(futures);
        assertEquals(0, fused.liveBytes(), name);
      }
    }
  }

  /** Operands that another thread changes all the time, on the host and on the device. */
  private static final class Changing {
    final int[] narrow = new int[SIZE];
    final long[] wide = new long[SIZE];
    final float[] unit = new float[SIZE];
    final float[] logits = new float[2 * SIZE];
    private volatile boolean over;

    /** Changes operands from valid to invalid values and back, until it is over. */
    Void change() {
      for (int i = 0; !over; i++) {
        boolean wrong = (i & 64) != 0;
        narrow[7] = wrong ? 5 : 0;
        wide[7] = wrong ? Long.MIN_VALUE : 1;
        unit[7] = wrong ? 2 : 0.5f;
        logits[7] = wrong ? Float.NaN : 3;
        Thread.onSpinWait();
      }
      return null;
    }

    /** One of each kind of call; {@code there} is on the device. */
    List<Callable<LossResult>> calls(FusedLoss fused, Tensor there) {
      Tensor x = Tensor.of(logits, SIZE, 2);
      Tensor p = Tensor.of(unit, SIZE);
      CrossEntropy smooth =
          CrossEntropy.DEFAULT.withLabelSmoothing(0.1f).withWeight(Tensor.of(unit, SIZE));
      Tensor wideRow = Tensor.of(unit, 1, SIZE);
      return List.of(
          () -> fused.forward(CrossEntropy.DEFAULT, x, Tensor.of(narrow, SIZE)),
          () -> fused.forward(NllLoss.DEFAULT, x, Tensor.of(wide, SIZE)),
          () -> fused.forwardAndGradient(CrossEntropy.DEFAULT, x, Tensor.of(wide, SIZE), x),
          () -> fused.forward(CrossEntropy.DEFAULT, x, x),
          () -> fused.forward(smooth, wideRow, Tensor.of(new int[1], 1)),
          () -> fused.forwardAndGradient(BinaryCrossEntropy.DEFAULT.withWeight(p), p, p),
          () ->
              fused.forwardAndGradient(BinaryCrossEntropyWithLogits.DEFAULT.withPosWeight(p), p, p),
          // Reads what another thread's call writes its gradient to.
          () -> fused.forwardAndGradient(BinaryCrossEntropy.DEFAULT, there, there),
          () -> fused.forwardAndGradient(BinaryCrossEntropy.DEFAULT, p, p, there));
    }
  }

  /**
   * A call whose operands change while it runs gives anything or is refused for what it found, and
   * costs nothing but itself: neither the device nor what is on it.
   */
  @Test
  void operandsThatChangeDuringACall() throws Exception {
    for (String name : names) {
      try (FusedLoss fused = FusedLoss.open(name);
          Tensor kept = fused.upload(WORK.get(0).x)) {
        Changing changing = new Changing();
        Tensor there = fused.upload(Tensor.of(changing.unit.clone(), SIZE));
        Future<?> changer = go(changing::change);
        List<Future<?>> futures = new ArrayList<>();
        try {
          for (int t = 0; t < 2; t++) {
            futures.add(
                go(
                    () -> {
                      for (int i = 0; i < ROUNDS; i++) {
                        for (Callable<LossResult> call : changing.calls(fused, there)) {
                          changedOrRefused(call, name);
                        }
                      }
                      return null;
                    }));
          }
          all(futures);
        } finally {
          changing.over = true;
        }
        changer.get();
        there.close();
        assertEquals(name, fused.device());
        assertArrayEquals(WORK.get(0).right, WORK.get(0).bits(fused, kept), name);
        kept.close();
        assertEquals(0, fused.liveBytes(), name);
      }
    }
  }

  private static void changedOrRefused(Callable<LossResult> call, String name) throws Exception {
    try (LossResult result = call.call()) {
      result.sum();
    } catch (IndexOutOfBoundsException e) {
      assertTrue(e.getMessage().startsWith("target[7] must be a class index"), name + e);
    } catch (IllegalArgumentException e) {
      // If a call is writing to an operand, any element of it may be found bad.
      assertTrue(
          e.getMessage().matches("(input|target)(\\[[0-9]+\\]| and target) must .*"), name + e);
    }
  }

  /** An interrupt is not for this library: it computes to the end and leaves the flag set. */
  @Test
  void interruptedThreadsComputeAndStayInterrupted() throws Exception {
    onEachDevice(
        (fused, work) -> {
          for (int i = 0; i < 3; i++) {
            Thread.currentThread().interrupt();
            try (Tensor device = fused.upload(work.x)) {
              assertArrayEquals(work.right, work.bits(fused, device), fused.device());
            }
            assertTrue(Thread.interrupted(), fused.device());
          }
        });
  }
}
