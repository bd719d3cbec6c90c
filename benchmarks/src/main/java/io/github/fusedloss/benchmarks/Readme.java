package io.github.fusedloss.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Writes what the README says about speed from results that are kept; see benchmarks/readme. */
public final class Readme {
  private static final String BEGIN = "<!-- benchmarks/readme writes what follows -->\n";
  private static final String END = "<!-- until here -->\n";

  /** The README's columns; the kept table has them all. */
  private static final List<String> COLUMNS =
      List.of(
          "copy",
          "opencl",
          "cpu:vector host",
          "cpu:scalar host",
          "auto host",
          "pytorch",
          "djl",
          "nd4j",
          "naive");

  private Readme() {}

  /** Arguments: the results (JSON lines) and the README, which has the two marker lines. */
  public static void main(String[] args) throws IOException {
    Path json = Path.of(args[0]);
    Path readme = Path.of(args[1]);
    List<Measurement> results = Files.readAllLines(json).stream().map(Measurement::parse).toList();
    String base = json.toString().replaceFirst("\\.jsonl?$", "");
    Chart.write(results, Path.of(base + ".png"));
    Files.writeString(Path.of(base + ".md"), page(results));
    String text = Files.readString(readme);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException(readme + " must have the lines " + BEGIN + "and " + END);
    }
    Files.writeString(
        readme,
        text.substring(0, begin + BEGIN.length()) + block(results, base) + text.substring(end));
  }

  /** Everything, with how and on what. */
  private static String page(List<Measurement> results) {
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    Report.table(results, new PrintStream(table, true, StandardCharsets.UTF_8));
    Set<String> devices = new LinkedHashSet<>();
    results.forEach(m -> devices.add(m.device()));
    devices.remove("");
    StringBuilder page = new StringBuilder();
    page.append("# Results\n\n").append(how(results)).append(":\n\n");
    devices.forEach(d -> page.append("- ").append(d).append('\n'));
    List<Measurement> disturbed = Report.disturbed(results);
    if (!disturbed.isEmpty()) {
      page.append("\nDisturbed by other work on the machine (the host's copy was slow then):\n\n");
      disturbed.forEach(
          m -> page.append("- ").append(m.provider()).append(", ").append(m.key()).append('\n'));
    }
    return page.append("\n```\n")
        .append(table.toString(StandardCharsets.UTF_8))
        .append("```\n")
        .toString();
  }

  /** The commands, most often one, and what they ran on. */
  private static String how(List<Measurement> results) {
    Set<String> commands = new LinkedHashSet<>();
    results.forEach(m -> commands.add("`" + m.command() + "`"));
    Measurement any = results.get(0);
    return String.join(", ", commands) + ", " + any.threads() + " threads, Java " + any.java();
  }

  private static String block(List<Measurement> results, String base) {
    StringBuilder text = new StringBuilder();
    text.append("Median time of a call, and in brackets the fraction of the fastest copy that it")
        .append(" reaches (see [benchmarks/](benchmarks/README.md)).\n")
        .append(how(results))
        .append("; ")
        .append(device(results, "copy"))
        .append("; OpenCL: ")
        .append(device(results, "opencl"))
        .append(".")
        .append(
            Report.disturbed(results).isEmpty()
                ? ""
                : " ~: something else was at work on the machine.")
        .append("\n\n| work | shape |");
    Map<String, Map<String, Measurement>> works = Report.byWork(results);
    List<Measurement> disturbed = Report.disturbed(results);
    List<String> columns =
        COLUMNS.stream()
            .filter(c -> works.values().stream().anyMatch(w -> w.containsKey(c)))
            .toList();
    columns.forEach(c -> text.append(' ').append(c).append(" |"));
    text.append("\n|---|---|").append("---:|".repeat(columns.size())).append('\n');
    works.forEach(
        (key, work) -> {
          Measurement any = work.values().iterator().next();
          text.append("| ")
              .append(any.benchmark())
              .append(" | ")
              .append(any.shapeAndType())
              .append(" |");
          columns.forEach(c -> text.append(' ').append(cell(work.get(c), disturbed)).append(" |"));
          text.append('\n');
        });
    text.append("\n![fraction of copy by kernel and provider](").append(base).append(".png)\n");
    for (Measurement m : results) {
      if (m.error() != null) {
        text.append("\nNot timed: ")
            .append(m.provider())
            .append(", ")
            .append(m.key())
            .append(": ")
            .append(m.error().replaceFirst("^.*Exception: ", ""))
            .append(".\n");
      }
    }
    return text.toString();
  }

  private static String device(List<Measurement> results, String provider) {
    return results.stream()
        .filter(m -> m.provider().equals(provider))
        .map(Measurement::device)
        .findFirst()
        .orElse("not measured");
  }

  private static String cell(Measurement m, List<Measurement> disturbed) {
    if (m == null || m.unsupported() != null) {
      return "";
    }
    if (m.error() != null) {
      return m.error().contains("WrongResult") ? "wrong" : "failed";
    }
    return (disturbed.contains(m) ? "~" : "")
        + Measurement.time(m.medianSeconds())
        + (m.fractionOfFastestCopy() == null
            ? ""
            : String.format(Locale.ROOT, " (%.2f)", m.fractionOfFastestCopy()));
  }
}
