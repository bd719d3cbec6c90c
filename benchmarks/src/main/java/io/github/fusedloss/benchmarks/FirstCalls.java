package io.github.fusedloss.benchmarks;

import static io.github.fusedloss.benchmarks.Work.Function.BINARY_CROSS_ENTROPY_WITH_LOGITS;
import static io.github.fusedloss.benchmarks.Work.Function.CROSS_ENTROPY;

import io.github.fusedloss.ElementType;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The first calls of a JVM with small host arrays, on {@code cpu} and {@code auto} beside the two
 * executors that they choose between. Each work and device has JVMs of its own, in turns. A stage
 * is what lies between one, ten, a hundred calls and so on.
 */
final class FirstCalls {
  /** The first argument of a JVM that measures. */
  private static final String CHILD = "--child";

  private static final int[] STAGES = {1, 10, 100, 1000, 10_000, 100_000, 1_000_000};

  /** No stage begins after so long. */
  private static final long LIMIT = 10_000_000_000L;

  /** The median of so many JVMs counts. */
  private static final int RUNS = 3;

  private static final List<String> DEVICES = List.of("cpu", "auto", "cpu:vector", "cpu:scalar");

  /** A small batch of few classes; rows longer than a vector; a batch of one output. */
  private static final List<Work> WORKS =
      List.of(
          work(CROSS_ENTROPY, true, 64, 10),
          work(CROSS_ENTROPY, false, 64, 10),
          work(CROSS_ENTROPY, true, 64, 1000),
          work(BINARY_CROSS_ENTROPY_WITH_LOGITS, true, 1000));

  private FirstCalls() {}

  private static Work work(Work.Function function, boolean gradient, long... shape) {
    return new Work(function, Work.Options.NONE, shape, ElementType.FLOAT32, gradient, false);
  }

  /** A table of all works. */
  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals(CHILD)) {
      child(args[1], WORKS.get(Integer.parseInt(args[2])));
      System.exit(0);
    }
    System.out.println(
        "Microseconds a call, the median of " + RUNS + " JVMs. The last two columns");
    System.out.println(
        "divide by the better of cpu:vector and cpu:scalar: in this stage alone, and");
    System.out.println("the time from the first call to the end of the stage.");
    System.out.println();
    System.out.println(
        "| work | calls up to | cpu | auto | cpu:vector | cpu:scalar | cpu, auto / better |"
            + " from the first call |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (int work = 0; work < WORKS.size(); work++) {
      table(work);
    }
  }

  private static void table(int work) throws Exception {
    double[][][] totals = new double[DEVICES.size()][RUNS][];
    for (int run = 0; run < RUNS; run++) {
      for (int i = 0; i < totals.length; i++) {
        totals[i][run] = parent(DEVICES.get(i), work);
      }
    }
    int stages =
        Arrays.stream(totals).flatMap(Arrays::stream).mapToInt(t -> t.length).min().orElse(0);
    double[][] ends = new double[totals.length][];
    for (int i = 0; i < totals.length; i++) {
      double[][] runs = totals[i];
      ends[i] = IntStream.range(0, stages).mapToDouble(s -> median(runs, s)).toArray();
    }
    for (int s = 0; s < stages; s++) {
      int stage = s;
      int calls = STAGES[s] - (s == 0 ? 0 : STAGES[s - 1]);
      double[] each =
          Arrays.stream(ends)
              .mapToDouble(e -> (e[stage] - (stage == 0 ? 0 : e[stage - 1])) / calls)
              .toArray();
      double[] all = Arrays.stream(ends).mapToDouble(e -> e[stage]).toArray();
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %.4g | %.4g | %.4g | %.4g | %s | %s |%n",
          WORKS.get(work).key(),
          STAGES[s],
          each[0] / 1e3,
          each[1] / 1e3,
          each[2] / 1e3,
          each[3] / 1e3,
          ratios(each),
          ratios(all));
    }
  }

  private static double median(double[][] runs, int stage) {
    double[] sorted = Arrays.stream(runs).mapToDouble(r -> r[stage]).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static String ratios(double[] times) {
    double better = Math.min(times[2], times[3]);
    return String.format(Locale.ROOT, "%.2f, %.2f", times[0] / better, times[1] / better);
  }

  /** Nanoseconds from the first call to the end of each stage. */
  private static double[] parent(String device, int work) throws Exception {
    Process process = Main.start(List.of(), FirstCalls.class, CHILD, device, "" + work);
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      if (process.waitFor() != 0 || line == null) {
        throw new IllegalStateException(device + " failed at " + WORKS.get(work).key());
      }
      return Stream.of(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }
  }

  private static void child(String device, Work work) throws Exception {
    Problem problem = AutoPlacement.problem(work);
    StringBuilder ends = new StringBuilder();
    try (Provider provider = new FusedLossProvider(device, false);
        Call call = provider.prepare(problem)) {
      long total = 0;
      int calls = 0;
      for (int stage : STAGES) {
        if (total > LIMIT) {
          break;
        }
        long start = System.nanoTime();
        while (calls < stage) {
          call.run();
          calls++;
        }
        total += System.nanoTime() - start;
        ends.append(ends.isEmpty() ? "" : " ").append(total);
      }
    }
    System.out.println(ends);
  }
}
