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
        "Median time of a call, and how many times as fast as PyTorch. own: fraction of the"
            + " device's own copy\nof as many bytes in the same process; best: of the faster of"
            + " that and the host's copy with all threads.");
    byWork(results)
        .forEach(
            (work, providers) -> {
              out.printf("%n%s%n", work);
              Measurement pytorch = providers.get("pytorch");
              providers.values().forEach(m -> out.println(line(m, pytorch)));
            });
  }

  /**
   * The measurements during which something else was at work: the host's copy, the same for all
   * providers, then took half as long again as at its best in this run.
   */
  static List<Measurement> disturbed(List<Measurement> results) {
    Map<Long, Double> best = new LinkedHashMap<>();
    List<Measurement> floors =
        results.stream().filter(m -> m.hostCopyGigabytesPerSecond() != null).toList();
    floors.forEach(m -> best.merge(m.bytes(), m.hostCopyGigabytesPerSecond(), Math::max));
    return floors.stream()
        .filter(m -> m.hostCopyGigabytesPerSecond() * 1.5 < best.get(m.bytes()))
        .toList();
  }

  private static String line(Measurement m, Measurement pytorch) {
    if (m.medianSeconds() == null) {
      return String.format("  %-16s %s", m.provider(), m.summary());
    }
    boolean comparable = pytorch != null && pytorch.medianSeconds() != null;
    String floors =
        m.fractionOfCopy() == null
            ? ""
            : String.format(
                Locale.ROOT,
                "%7.2f GB/s, own %.2f of %.1f GB/s, best %.2f of %.1f GB/s",
                m.gigabytesPerSecond(),
                m.fractionOfCopy(),
                m.copyGigabytesPerSecond(),
                m.fractionOfFastestCopy(),
                Math.max(m.copyGigabytesPerSecond(), m.hostCopyGigabytesPerSecond()));
    String times =
        comparable
            ? String.format(Locale.ROOT, "%8.2fx", pytorch.medianSeconds() / m.medianSeconds())
            : "";
    return String.format(
            "  %-16s %9s %9s  %s", m.provider(), Measurement.time(m.medianSeconds()), times, floors)
        .stripTrailing();
  }
}
