package io.github.fusedloss.cli;

/** How far a long command is, for a person who watches, and how fast it was. */
final class Progress {
  /** Seconds between two lines. */
  private static final double PAUSE = 0.2;

  private final Console console;
  private final long bytes;
  private final long start = System.nanoTime();
  private double shown;

  /** Of work on so many bytes. */
  Progress(Console console, long bytes) {
    this.console = console;
    this.bytes = bytes;
  }

  private double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  /** This share of the work is done. */
  void to(double share) {
    double seconds = seconds();
    if (seconds - shown >= PAUSE) {
      shown = seconds;
      console.progress(
          "%3.0f%%  %.2f GB/s, %s left"
              .formatted(
                  100 * share, share * bytes / seconds / 1e9, time(seconds / share - seconds)));
    }
  }

  private static String time(double seconds) {
    long s = Math.round(seconds);
    return s < 60
        ? s + " s"
        : s < 3600 ? s / 60 + " min" : s / 3600 + " h " + s % 3600 / 60 + " min";
  }

  /** It is done. */
  void end() {
    console.progress("");
  }

  /** What was done, in a line. */
  String total(long rows) {
    double seconds = seconds();
    return "%d rows in %.3f s, %.2f GB/s".formatted(rows, seconds, bytes / seconds / 1e9);
  }
}
