package io.github.fusedloss.benchmarks;

import io.github.fusedloss.FusedLoss;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures one provider in this JVM, which is the fork: JMH starts no further one. All works of a
 * provider so share a JVM, as they do in an application.
 */
final class Session implements AutoCloseable {
  private static final long FLOOR_NANOS = 50_000_000;

  /** Warm is what HotSpot's compilers have not worked for in so long. */
  private static final long QUIET_NANOS = 150_000_000;

  /** Between looks at the compilers. */
  private static final long LOOK_NANOS = 20_000_000;

  /** No JVM is quiet for good. */
  private static final long WARM_UP_NANOS = 10_000_000_000L;

  private static Session current;

  private final String name;
  private final Provider provider;
  private final FusedLoss host = FusedLoss.open("cpu");
  private final Map<Long, double[]> floors = new HashMap<>();
  private Exception failure;

  Session(String name, Provider provider) {
    this.name = name;
    this.provider = provider;
  }

  static Session current() {
    return current;
  }

  /** Makes a call ready; what it computes twice in a row has to be the reference's result. */
  Call prepare(Work work) throws Exception {
    try {
      Problem problem = Problem.of(work);
      Call call = provider.prepare(problem);
      try {
        // Twice: what the first call leaves behind, such as a gradient, must not add up.
        call.run();
        call.run();
        Check.check(problem, call.outcome(), provider.roundsOnce());
        warmUp(call);
        return call;
      } catch (Exception e) {
        call.close();
        throw e;
      }
    } catch (Exception e) {
      failure = e;
      throw e;
    }
  }

  /**
   * Calls until HotSpot is done with what is called: for a time alone it would be too short for
   * calls of many kernels, and too long for those of peers.
   */
  private static void warmUp(Call call) throws IOException {
    List<Path> compilers = Machine.compilers();
    long spent = Machine.time(compilers);
    long start = System.nanoTime();
    long quietSince = start;
    long now = start;
    while (now - quietSince < QUIET_NANOS && now - start < WARM_UP_NANOS) {
      for (long next = now + LOOK_NANOS; now < next; now = System.nanoTime()) {
        call.run();
      }
      long total = Machine.time(compilers);
      if (total != spent) {
        spent = total;
        quietSince = now;
      }
    }
  }

  /** Measures the works in turn. */
  void measure(List<Work> works, boolean quick, Consumer<Measurement> results) {
    for (Work work : works) {
      Measurement result = measure(work, quick);
      results.accept(result);
    }
  }

  private synchronized Measurement measure(Work work, boolean quick) {
    failure = null;
    current = this;
    try {
      RunResult result = new Runner(options(work, quick)).runSingle();
      double median = result.getPrimaryResult().getStatistics().getPercentile(50) / 1e9;
      double[] floor = work.movesMemory() ? floor(work.bytes() / 2) : new double[2];
      return Measurement.of(work, name, provider.device(), median, floor[0], floor[1]);
    } catch (RunnerException | RuntimeException | LinkageError e) {
      Throwable cause = failure == null ? e : failure;
      return cause instanceof UnsupportedOperationException
          ? Measurement.without(work, name, provider.device(), "unsupported", cause.getMessage())
          : Measurement.without(work, name, provider.device(), "error", cause.toString());
    }
  }

  private static Options options(Work work, boolean quick) {
    return new OptionsBuilder()
        .include("^" + KernelBenchmark.class.getName().replace(".", "\\.") + "\\.")
        .param("work", work.key())
        .forks(0)
        .threads(1)
        .warmupIterations(quick ? 0 : 1) // of JMH's own loop; the call is warm
        .warmupTime(TimeValue.seconds(1))
        .measurementIterations(quick ? 1 : 3)
        .measurementTime(TimeValue.milliseconds(quick ? 200 : 1000))
        .verbosity(VerboseMode.SILENT)
        .shouldFailOnError(true)
        .build();
  }

  /**
   * Rates of a copy of so many bytes (which moves twice as many) in this process: the device's own,
   * and the host's.
   */
  private double[] floor(long bytes) {
    return floors.computeIfAbsent(
        bytes,
        b -> {
          double ofHost = 0;
          double own = 0;
          // Each is a median of several copies. Small ones are soon done, so there are more of them
          // and the best counts: a floor must not be low for want of luck.
          long end = System.nanoTime() + FLOOR_NANOS;
          do {
            ofHost = Math.max(ofHost, host.copyBandwidth(b));
            own = Math.max(own, provider.copyBandwidth(b));
          } while (System.nanoTime() < end);
          return new double[] {own > 0 ? own : ofHost, ofHost};
        });
  }

  @Override
  public void close() {
    provider.close();
    host.close();
  }

  /**
   * Entry of a provider's JVM: provider, "quick" or "full", number of works before and in all. One
   * JSON line per work goes to stdout, progress to stderr.
   */
  public static void main(String[] args) throws Exception {
    boolean quick = args[1].equals("quick");
    int[] done = {Integer.parseInt(args[2])};
    // Libraries print to stdout; only results may.
    var out = System.out;
    System.setOut(System.err);
    try (Session session = new Session(args[0], Providers.open(args[0]))) {
      session.measure(
          Works.of(quick),
          quick,
          m -> {
            out.println(m.json());
            out.flush();
            System.err.println(m.progress(++done[0], Integer.parseInt(args[3])));
          });
    }
    System.exit(0); // some libraries leave threads behind
  }
}
