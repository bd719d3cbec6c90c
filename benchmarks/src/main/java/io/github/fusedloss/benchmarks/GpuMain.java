package io.github.fusedloss.benchmarks;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.Profiled;
import io.github.fusedloss.benchmarks.Work.Function;
import io.github.fusedloss.benchmarks.Work.Options;
import java.util.Arrays;
import java.util.List;

/**
 * Our half of the GPU comparison, see benchmarks/gpu/run: the shapes given as arguments, such as
 * 8192x32000 for cross entropy, 268435456 for binary cross entropy of logits, each in float32,
 * float16 and bfloat16. One JSON line per work goes to stdout, progress to stderr.
 */
public final class GpuMain {
  private static final int WARM_UP = 20;
  private static final int REPEATS = 41;
  private static final List<ElementType> DTYPES =
      List.of(ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16);

  /** Has the fields that peers.py writes. Its median is the time of the kernels alone. */
  private record Line(
      String benchmark,
      String shape,
      String dtype,
      String provider,
      Double median_seconds,
      Double wall_seconds,
      long bytes,
      double copy_gigabytes_per_second,
      String device,
      String error) {}

  private GpuMain() {}

  /** Exit codes: 0 done, 1 a result was wrong. */
  public static void main(String[] args) {
    boolean failed = false;
    try (Profiled profiled = Profiled.open()) {
      FusedLossProvider provider = new FusedLossProvider(profiled.fused(), true);
      // Where time is short, float32 of all shapes comes first.
      for (ElementType dtype : DTYPES) {
        for (String shape : args) {
          for (boolean gradient : new boolean[] {false, true}) {
            Line line = measure(profiled, provider, work(shape, dtype, gradient));
            System.out.println(Measurement.GSON.toJson(line));
            System.out.flush();
            failed |= line.error != null;
            System.err.printf(
                "fusedloss %s %s %s: %s%n",
                line.benchmark,
                line.shape,
                line.dtype,
                line.error != null ? line.error : Measurement.time(line.median_seconds));
          }
        }
      }
    }
    System.exit(failed ? 1 : 0);
  }

  private static Work work(String shape, ElementType dtype, boolean gradient) {
    long[] sizes = Arrays.stream(shape.split("x")).mapToLong(Long::parseLong).toArray();
    Function function =
        sizes.length == 1 ? Function.BINARY_CROSS_ENTROPY_WITH_LOGITS : Function.CROSS_ENTROPY;
    return new Work(function, Options.NONE, sizes, dtype, gradient, true);
  }

  private static Line measure(Profiled profiled, Provider provider, Work work) {
    double copy = provider.copyBandwidth(work.bytes() / 2);
    double[] device = new double[REPEATS];
    double[] wall = new double[REPEATS];
    String error = null;
    Problem problem = Problem.of(work);
    try (Call call = provider.prepare(problem)) {
      call.run();
      Check.check(problem, call.outcome(), provider.roundsOnce());
      for (int i = -WARM_UP; i < REPEATS; i++) {
        profiled.kernelNanos();
        long start = System.nanoTime();
        call.run();
        long end = System.nanoTime();
        if (i >= 0) {
          wall[i] = (end - start) / 1e9;
          device[i] = profiled.kernelNanos() / 1e9;
        }
      }
    } catch (Exception e) {
      error = e.toString();
    }
    return new Line(
        work.benchmark(),
        work.shapeText(),
        work.dtypeText(),
        "fusedloss",
        error == null ? median(device) : null,
        error == null ? median(wall) : null,
        work.bytes(),
        copy / 1e9,
        provider.device(),
        error);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
