package io.github.fusedloss.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

  /** What the system says about the threads of HotSpot's compilers. */
  static List<Path> compilers() throws IOException {
    List<Path> compilers = new ArrayList<>();
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path thread : threads) {
        try {
          if (Files.readString(thread.resolve("comm")).matches("C[12] Comp.*\\s")) {
            compilers.add(thread.resolve("stat"));
          }
        } catch (NoSuchFileException e) {
          // It has just ended.
        }
      }
    }
    return compilers;
  }

  /**
   * The processor time that they have used, in ticks of the system. Java's own count rises only
   * when a compilation ends.
   */
  static long time(List<Path> compilers) throws IOException {
    long ticks = 0;
    for (Path compiler : compilers) {
      String stat = Files.readString(compiler);
      // Behind the name in brackets: state, ten numbers, time of the user's and the system's.
      String[] numbers = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      ticks += Long.parseLong(numbers[11]) + Long.parseLong(numbers[12]);
    }
    return ticks;
  }
}
