package io.github.fusedloss.turns;

import java.util.Arrays;
import java.util.Locale;

/** Times a loss of this library and the framework's own in turns, in one process. */
public final class Turns {
  /** Runs before any that is timed: HotSpot compiles while they run. */
  private static final int WARM = 8;

  private static final int TURNS = 11;

  private Turns() {}

  /** What is timed. */
  @FunctionalInterface
  public interface Run {
    void run() throws Exception;
  }

  /** Prints one line: the medians of both, and ours divided by theirs. */
  public static void print(String work, Run ours, Run theirs) throws Exception {
    double[] own = new double[TURNS];
    double[] other = new double[TURNS];
    for (int i = -WARM; i < TURNS; i++) {
      double first = milliseconds(ours);
      double second = milliseconds(theirs);
      if (i >= 0) {
        own[i] = first;
        other[i] = second;
      }
    }
    Arrays.sort(own);
    Arrays.sort(other);
    double a = own[TURNS / 2];
    double b = other[TURNS / 2];
    System.out.printf(
        Locale.ROOT, "times: %s: %.3g ms, the framework's own %.3g: %.2f%n", work, a, b, a / b);
  }

  private static double milliseconds(Run run) throws Exception {
    long start = System.nanoTime();
    run.run();
    return (System.nanoTime() - start) / 1e6;
  }
}
