package io.github.fusedloss.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
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
}
