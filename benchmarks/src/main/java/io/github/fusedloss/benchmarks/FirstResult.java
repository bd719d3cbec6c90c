package io.github.fusedloss.benchmarks;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.benchmarks.Work.Function;
import io.github.fusedloss.benchmarks.Work.Options;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The first result from the start of a JVM: what a short program waits for. Everything in it is
 * cold but the files, which an unmeasured start has brought to memory, and a driver's own cache.
 */
final class FirstResult {
  /** Small: computing it takes no time that is worth mentioning. */
  private static final Work WORK =
      new Work(
          Function.BINARY_CROSS_ENTROPY_WITH_LOGITS,
          Options.NONE,
          new long[] {3},
          ElementType.FLOAT32,
          true,
          true);

  private static final String NAME = "first result from the start of the JVM";

  /** Ours; a peer starts once, for seconds. */
  private static final int STARTS = 3;

  /** The exit code of a JVM whose provider has no such function: it says what it lacks. */
  private static final int LACKING = 3;

  private FirstResult() {}

  /** The median of several starts. */
  static Measurement measure(String provider) throws IOException, InterruptedException {
    int starts = Providers.ours(provider) ? STARTS : 1;
    double[] seconds = new double[1 + starts];
    String device = null;
    for (int i = 0; i < seconds.length; i++) {
      long start = System.nanoTime();
      Process process = Main.start(List.of(), FirstResult.class, provider);
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        device = out.readLine();
        seconds[i] = (System.nanoTime() - start) / 1e9;
      }
      int code = process.waitFor();
      if (code == LACKING) {
        return Measurement.without(WORK, provider, "", "unsupported", device).of(NAME);
      }
      if (device == null) {
        return Measurement.without(WORK, provider, "", "error", "its JVM ended with code " + code)
            .of(NAME);
      }
    }
    seconds = Arrays.copyOfRange(seconds, 1, seconds.length);
    Arrays.sort(seconds);
    return Measurement.of(WORK, provider, device, seconds[starts / 2], 0, 0).of(NAME);
  }

  /** Entry of such a JVM: one line once the result is there. */
  public static void main(String[] args) throws Exception {
    var out = System.out;
    System.setOut(System.err); // libraries print
    float[] target = {1, 0, 1};
    Problem problem =
        new Problem(WORK, new float[] {1, -2, 3}, target, null, null, null, Double.NaN, null);
    try (Provider provider = Providers.open(args[0]);
        Call call = provider.prepare(problem)) {
      call.run();
      Call.Outcome outcome = call.outcome();
      if (!(Math.abs(outcome.scalar() - 0.1629) < 1e-3)) {
        throw new Check.WrongResultException("loss " + outcome.scalar());
      }
      out.println(provider.device());
    } catch (UnsupportedOperationException e) {
      out.println(e.getMessage());
      System.exit(LACKING);
    }
    System.exit(0); // some libraries leave threads behind
  }
}
