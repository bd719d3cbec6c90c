package io.github.fusedloss.cli;

import java.util.function.LongSupplier;

/** Shows how far a long command is, as a bar for a person who watches, and says how fast it was. */
final class Progress {
  /** Seconds between two bars. */
  private static final double PAUSE = 0.2;

  /** Characters of a bar. With the rate and the time it fits a line of 80. */
  private static final int WIDTH = 30;

  private final Console console;
  private final long bytes;
  private final LongSupplier clock;
  private final long start;
  private double shown;

  /** Begins work on so many bytes. */
  Progress(Console console, long bytes) {
    this(console, bytes, System::nanoTime);
  }

  /** Begins work that is timed by a clock of nanoseconds. */
  Progress(Console console, long bytes, LongSupplier clock) {
    this.console = console;
    this.bytes = bytes;
    this.clock = clock;
    start = clock.getAsLong();
  }

  private double seconds() {
    return (clock.getAsLong() - start) / 1e9;
  }

  /** Says which share of the work is done, which is always more than 0. */
  void to(double share) {
    double seconds = seconds();
    if (seconds - shown >= PAUSE) {
      shown = seconds;
      console.progress(
          "%s %3d %%  %s  %s left"
              .formatted(
                  bar(share),
                  (int) (100 * share),
                  rate(share * bytes / seconds),
                  time(Math.round(seconds / share - seconds))));
    }
  }

  private static String bar(double share) {
    int done = (int) (WIDTH * share);
    String head = done < WIDTH ? ">" : "";
    return "[" + ("=".repeat(done) + head + " ".repeat(WIDTH)).substring(0, WIDTH) + "]";
  }

  private static String rate(double rate) {
    return rate < 1e9 ? "%.0f MB/s".formatted(rate / 1e6) : "%.2f GB/s".formatted(rate / 1e9);
  }

  private static String time(long seconds) {
    long minutes = seconds / 60;
    return minutes < 60
        ? "%d:%02d".formatted(minutes, seconds % 60)
        : "%d:%02d:%02d".formatted(minutes / 60, minutes % 60, seconds % 60);
  }

  /**
   * Removes the bar when the work is done or has failed, so that the next output has the line to
   * itself.
   */
  void end() {
    console.progress("");
  }

  /** Returns what was done, in a line. */
  String total(long rows) {
    double seconds = seconds();
    return "%d rows in %.3f s, %s".formatted(rows, seconds, rate(bytes / seconds));
  }
}
