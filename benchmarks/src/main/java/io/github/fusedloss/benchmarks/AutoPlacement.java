package io.github.fusedloss.benchmarks;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * How {@code auto} compares with the best executor of the machine for calls with host arrays: in
 * the first hundred calls of a JVM, when nothing is compiled and nothing known, and later; on a
 * quiet machine and beside threads that keep its memory busy. Each work and executor has a JVM of
 * its own.
 */
final class AutoPlacement {
  /** The first argument of a JVM that measures. */
  private static final String CHILD = "--child";

  private static final int FIRST = 100;
  private static final int CALLS = 400;

  /** No JVM takes much longer, however slow its calls. */
  private static final long LIMIT = 20_000_000_000L;

  private static final List<String> DEVICES = List.of("auto", "opencl", "cpu:vector", "cpu:scalar");

  private AutoPlacement() {}

  /** A table of all works, or of those that the arguments name. */
  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals(CHILD)) {
      child(args[1], Works.named(args[2]), args[3].equals("load"));
      System.exit(0);
    }
    System.out.println(
        "| work | load | calls | auto, ms | opencl | cpu:vector | cpu:scalar | auto / best |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (Work work : Works.of(true)) {
      if (args.length > 0 && !Arrays.asList(args).contains(work.key())) {
        continue;
      }
      for (String load : List.of("none", "load")) {
        double[][] times = new double[DEVICES.size()][];
        for (int i = 0; i < times.length; i++) {
          times[i] = parent(DEVICES.get(i), work, load);
        }
        row(work, load, "1 to " + FIRST, 0, times);
        row(work, load, "later", 1, times);
      }
    }
  }

  private static void row(Work work, String load, String calls, int column, double[][] times) {
    double[] ms = Arrays.stream(times).mapToDouble(t -> t[column]).toArray();
    double best = Arrays.stream(ms, 1, ms.length).min().orElseThrow();
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %.4g | %.4g | %.4g | %.4g | %.2f |%n",
        work.key(),
        load,
        calls,
        ms[0],
        ms[1],
        ms[2],
        ms[3],
        ms[0] / best);
  }

  /** Means of the first calls and of the later ones, in ms. */
  private static double[] parent(String device, Work work, String load) throws Exception {
    Process process = Main.start(List.of(), AutoPlacement.class, CHILD, device, work.key(), load);
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      if (process.waitFor() != 0 || line == null) {
        throw new IllegalStateException(device + " failed at " + work.key());
      }
      return Stream.of(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }
  }

  private static void child(String device, Work work, boolean load) throws Exception {
    if (load) {
      for (int i = 0; i < Machine.threads(); i++) {
        Thread thread = new Thread(AutoPlacement::disturb);
        thread.setDaemon(true);
        thread.start();
      }
    }
    try (Provider provider = new FusedLossProvider(device, false);
        Call call = provider.prepare(problem(work))) {
      double[] sums = {0, 0};
      long begin = System.nanoTime();
      long end = begin;
      int calls = 0;
      while (calls < CALLS && (calls < 2 * FIRST || end - begin < LIMIT)) {
        long start = System.nanoTime();
        call.run();
        end = System.nanoTime();
        sums[calls++ < FIRST ? 0 : 1] += end - start;
      }
      System.out.println(sums[0] / FIRST / 1e6 + " " + sums[1] / (calls - FIRST) / 1e6);
    }
  }

  /** Copies memory back and forth, half of the time. */
  private static void disturb() {
    byte[] from = new byte[64 << 20];
    byte[] to = new byte[64 << 20];
    while (true) {
      long start = System.nanoTime();
      System.arraycopy(from, 0, to, 0, from.length);
      LockSupport.parkNanos(System.nanoTime() - start);
    }
  }

  /** Ordinary logits; the exact result is not needed. */
  static Problem problem(Work work) {
    Random random = new Random(1);
    float[] x = new float[(int) work.elements()];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian() * 3;
    }
    float[] target = null;
    int[] classes = null;
    if (work.function().elementwise() || work.options() == Work.Options.PROBABILITIES) {
      target = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        target[i] = random.nextFloat();
      }
    } else if (work.function() == Work.Function.CROSS_ENTROPY
        || work.function() == Work.Function.NLL_LOSS) {
      classes = random.ints(work.rows(), 0, work.classes()).toArray();
    }
    float[] weight = null;
    if (work.options() != Work.Options.NONE && work.options() != Work.Options.PROBABILITIES) {
      weight = new float[work.function().elementwise() ? x.length : work.classes()];
      Arrays.fill(weight, 0.5f);
    }
    float[] posWeight = work.options() == Work.Options.WEIGHTS ? new float[] {2} : null;
    return new Problem(work, x, target, classes, weight, posWeight, Double.NaN, null);
  }
}
