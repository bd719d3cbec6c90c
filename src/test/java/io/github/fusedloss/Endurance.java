package io.github.fusedloss;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Opens, computes and closes so often that a leak of a few bytes shows, inside the JVM and outside
 * it; see {@code ci/endurance}, which runs it.
 *
 * <p>Each phase is sampled {@link #SAMPLES} times. What is measured is flat if the line of least
 * squares through the samples from the first quarter on rises by no more than a bound over the
 * phase: caches fill and HotSpot compiles in the first quarter. Threads are counted at that time
 * and at the end, each time when those that nothing needs have ended: JOCL has one for each
 * transfer in flight, which lives on for ten seconds, so that their number follows the load.
 */
public final class Endurance {
  private static final int SAMPLES = 40;

  /**
   * By how much each may rise over a phase. RSS and heap: what malloc and the collector vary by, so
   * that 10,000 cycles show a leak of 2 KiB each. Files and OpenCL objects may not grow at all.
   */
  private static final Map<String, Double> BOUNDS = new LinkedHashMap<>();

  static {
    BOUNDS.put("RSS KiB", 10_240.0);
    BOUNDS.put("heap KiB", 1024.0);
    BOUNDS.put("direct KiB", 1.0);
    BOUNDS.put("open files", 0.9);
    BOUNDS.put("mappings", 40.0); // two for the stack of a thread; malloc splits and joins its own
    BOUNDS.put("OpenCL objects", 0.9);
  }

  /** A driver may start some of its own late. */
  private static final double MORE_THREADS = 4;

  /** Longer than an idle thread of JOCL's or of this library's stays. */
  private static final long IDLE_NANOS = 15_000_000_000L;

  private final FaultShim shim = FaultShim.here();
  private long wrong;
  private long leaked;

  /** One step of a phase, numbered from 0. */
  private interface Step {
    void run(int i) throws Exception;
  }

  /**
   * Runs all phases, in a JVM whose OpenCL loader is the counting one; the last line says what came
   * out.
   *
   * @param args cycles, calls
   */
  public static void main(String[] args) throws Exception {
    int cycles = Integer.parseInt(args[0]);
    int calls = Integer.parseInt(args[1]);
    Endurance endurance = new Endurance();
    // Beside and below a vector and a row in lanes; small, so that what is not work shows.
    MixedLosses losses = new MixedLosses(65, 5, 70, 1);
    FusedLoss.devices();
    endurance.plantedLeaksMustBeSeen();
    for (String device : List.of("opencl", "cpu")) {
      endurance.phase(
          "open/close on " + device,
          cycles,
          i -> {
            try (FusedLoss fused = FusedLoss.open(device)) {
              endurance.wrong += losses.right(fused, i % losses.size()) ? 0 : 1;
            }
          });
    }
    for (String device : List.of("opencl", "cpu")) {
      try (FusedLoss fused = FusedLoss.open(device)) {
        endurance.phase(
            "calls on " + device,
            calls / 2,
            i -> endurance.wrong += losses.right(fused, i % losses.size()) ? 0 : 1);
        endurance.leaked += fused.liveBytes();
      }
    }
    endurance.leaked += endurance.shim.liveInTheEnd();
    System.out.println(endurance.wrong + " wrong, " + endurance.leaked + " leaked");
    System.exit(0);
  }

  /** A MiB outside the heap and an open file in every step: three of the measures must notice. */
  private void plantedLeaksMustBeSeen() throws Exception {
    List<ByteBuffer> memory = new ArrayList<>();
    List<InputStream> files = new ArrayList<>();
    phase(
        "planted leaks",
        SAMPLES,
        i -> {
          memory.add(ByteBuffer.allocateDirect(1 << 20));
          files.add(Files.newInputStream(Path.of("/proc/self/status")));
        });
    if (leaked != 3 || memory.size() != files.size()) {
      throw new IllegalStateException(leaked + " of 3 planted leaks were seen");
    }
    for (InputStream file : files) {
      file.close();
    }
    leaked = 0;
  }

  private void phase(String name, int steps, Step step) throws Exception {
    List<Integer> at = new ArrayList<>();
    List<Map<String, Double>> samples = new ArrayList<>();
    long start = System.nanoTime();
    int sampled = 0;
    double threads = 0;
    for (int i = 0; i < steps; i++) {
      step.run(i);
      if ((long) (i + 1) * SAMPLES / steps > sampled) {
        sampled++;
        at.add(i + 1);
        samples.add(sample());
        threads = sampled == SAMPLES / 4 ? settledThreads() : threads;
        if (sampled % 4 == 0) {
          System.err.printf(
              "endurance: %s, %d of %d, %.0f s: %s%n",
              name, i + 1, steps, (System.nanoTime() - start) / 1e9, samples.get(sampled - 1));
        }
      }
    }
    int from = samples.size() / 4;
    for (String what : BOUNDS.keySet()) {
      double[] x = at.stream().skip(from).mapToDouble(i -> i).toArray();
      double[] y = samples.stream().skip(from).mapToDouble(s -> s.get(what)).toArray();
      double perStep = slope(x, y);
      double rise = perStep * (x[x.length - 1] - x[0]);
      boolean flat = rise <= BOUNDS.get(what);
      leaked += flat ? 0 : 1;
      System.err.printf(
          "endurance: %s, %s: %.0f to %.0f, rising by %.1f over %.0f steps (at most %.1f): %s%n",
          name,
          what,
          y[0],
          y[y.length - 1],
          rise,
          x[x.length - 1] - x[0],
          BOUNDS.get(what),
          flat ? "flat" : "LEAK");
    }
    double more = settledThreads() - threads;
    leaked += more <= MORE_THREADS ? 0 : 1;
    System.err.printf(
        "endurance: %s, threads: %.0f, then %.0f more (at most %.0f): %s%n",
        name, threads, more, MORE_THREADS, more <= MORE_THREADS ? "flat" : "LEAK");
  }

  /** The number of threads when it has not changed for so long that none is idle. */
  private static double settledThreads() throws Exception {
    double threads = entries("/proc/self/task");
    long since = System.nanoTime();
    while (System.nanoTime() - since < IDLE_NANOS) {
      Thread.sleep(100);
      double now = entries("/proc/self/task");
      if (now != threads) {
        threads = now;
        since = System.nanoTime();
      }
    }
    return threads;
  }

  /** Returns the slope of the line of least squares. */
  static double slope(double[] x, double[] y) {
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < x.length; i++) {
      meanX += x[i] / x.length;
      meanY += y[i] / x.length;
    }
    double covariance = 0;
    double variance = 0;
    for (int i = 0; i < x.length; i++) {
      covariance += (x[i] - meanX) * (y[i] - meanY);
      variance += (x[i] - meanX) * (x[i] - meanX);
    }
    return variance == 0 ? 0 : covariance / variance;
  }

  private Map<String, Double> sample() throws IOException {
    Map<String, Double> sample = new LinkedHashMap<>();
    // The least of a few: what JOCL's threads still hold at one collection is no leak.
    double direct = Double.POSITIVE_INFINITY;
    for (int i = 0; i < 5; i++) {
      collect();
      direct = Math.min(direct, directMemory());
    }
    Runtime runtime = Runtime.getRuntime();
    sample.put("RSS KiB", rss());
    sample.put("heap KiB", (runtime.totalMemory() - runtime.freeMemory()) / 1024.0);
    sample.put("direct KiB", direct / 1024);
    // The system's, not Java's: the driver has threads of its own.
    sample.put("threads", entries("/proc/self/task"));
    sample.put("open files", entries("/proc/self/fd"));
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      sample.put("mappings", (double) maps.count());
    }
    sample.put("OpenCL objects", openClObjects());
    return sample;
  }

  /**
   * Collects garbage and waits until the memory of direct buffers among it is freed: the thread
   * that does this comes to a reference found by a second collection when it is done with the
   * first.
   */
  private static void collect() {
    System.gc();
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    WeakReference<Object> second = new WeakReference<>(new Object(), queue);
    System.gc();
    try {
      while (queue.remove() != second) {}
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long directMemory() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  private static double rss() throws IOException {
    try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
      String line = status.filter(l -> l.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Double.parseDouble(line.replaceAll("\\D", ""));
    }
  }

  private static double entries(String directory) throws IOException {
    try (Stream<Path> entries = Files.list(Path.of(directory))) {
      return entries.count();
    }
  }

  /** Without events: JOCL's threads release those in their own time. */
  private double openClObjects() {
    int objects = 0;
    for (FaultShim.Kind kind : FaultShim.Kind.values()) {
      objects += kind == FaultShim.Kind.EVENT ? 0 : shim.live(kind);
    }
    return objects;
  }
}
