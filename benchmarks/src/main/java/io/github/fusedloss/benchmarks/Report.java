package io.github.fusedloss.benchmarks;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table that a run prints. */
final class Report {
  private Report() {}

  /** Results by work, in the order of both. */
  static Map<String, Map<String, Measurement>> byWork(List<Measurement> results) {
    Map<String, Map<String, Measurement>> works = new LinkedHashMap<>();
    for (Measurement m : results) {
      works.computeIfAbsent(m.key(), k -> new LinkedHashMap<>()).put(m.provider(), m);
    }
    return works;
  }

  static void table(List<Measurement> results, PrintStream out) {
    out.println(
        "own: fraction of the device's own copy of the input, measured in the same process;"
            + " best: of the faster of that and the host's copy with all threads;"
            + " pytorch: times as fast as PyTorch");
    byWork(results)
        .forEach(
            (work, providers) -> {
              out.printf("%n%s%n", work);
              Measurement pytorch = providers.get("pytorch");
              providers.values().forEach(m -> out.println(line(m, pytorch)));
            });
  }

  private static String line(Measurement m, Measurement pytorch) {
    if (m.medianSeconds() == null) {
      return String.format("  %-18s %s", m.provider(), m.summary());
    }
    boolean comparable = pytorch != null && pytorch.medianSeconds() != null;
    return String.format(
        Locale.ROOT,
        "  %-18s %9s  %7s GB/s  own %s of %s GB/s  best %s of %s GB/s  pytorch %s",
        m.provider(),
        Measurement.time(m.medianSeconds()),
        number(m.fractionOfCopy() == null ? null : m.gigabytesPerSecond(), "%.1f"),
        number(m.fractionOfCopy(), "%.2f"),
        number(m.copyGigabytesPerSecond(), "%.1f"),
        number(m.fractionOfFastestCopy(), "%.2f"),
        number(m.fastestCopyGigabytesPerSecond(), "%.1f"),
        comparable ? number(pytorch.medianSeconds() / m.medianSeconds(), "%.1f") + "x" : "-");
  }

  private static String number(Double value, String format) {
    return value == null ? "-" : String.format(Locale.ROOT, format, value);
  }
}
