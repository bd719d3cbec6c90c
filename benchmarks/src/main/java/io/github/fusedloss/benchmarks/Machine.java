package io.github.fusedloss.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where and how this runs. */
final class Machine {
  private Machine() {}

  /** Every provider's number of threads. */
  static int threads() {
    return Runtime.getRuntime().availableProcessors();
  }

  static String java() {
    return System.getProperty("java.vendor") + " " + System.getProperty("java.version");
  }

  /** The command that a person typed. */
  static String command() {
    return System.getProperty("benchmarks.command", "");
  }

  /** The processor's name as the system gives it. */
  static String processor() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(l -> l.startsWith("model name"))
          .map(l -> l.replaceFirst(".*:\\s*", ""))
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  /**
   * The processor time that HotSpot's compilers have used, in ticks of the system. Java's own count
   * rises only when a compilation ends.
   */
  static long compilerTime() throws IOException {
    long ticks = 0;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path thread : threads) {
        try {
          if (Files.readString(thread.resolve("comm")).matches("C[12] Comp.*\\s")) {
            // Behind the name in brackets: state, ten numbers, time of the user's and the system's.
            String[] stat = Files.readString(thread.resolve("stat")).split(".*\\) ")[1].split(" ");
            ticks += Long.parseLong(stat[11]) + Long.parseLong(stat[12]);
          }
        } catch (NoSuchFileException e) {
          // It has just ended.
        }
      }
    }
    return ticks;
  }
}
