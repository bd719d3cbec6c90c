package io.github.fusedloss.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Writes the speed tables of the README and of docs/speed.md from kept results: benchmarks/readme.
 */
public final class Readme {
  private static final String BEGIN = "<!-- benchmarks/readme writes what follows -->\n";
  private static final String END = "<!-- until here -->\n";

  /** What the README shows: a few works, and of each the providers that a newcomer compares. */
  private static final List<String> FEW_WORKS =
      List.of(
          "binary_cross_entropy_with_logits forward+gradient 1000",
          "binary_cross_entropy_with_logits forward+gradient 16777216",
          "cross_entropy forward+gradient 4096x1000",
          "cross_entropy forward+gradient 1024x32768",
          "cross_entropy forward+gradient 32x19x256x256",
          "first result from the start of the JVM 3");

  private static final Map<String, String> FEW_PROVIDERS = new LinkedHashMap<>();

  static {
    FEW_PROVIDERS.put("auto host", "FusedLoss");
    FEW_PROVIDERS.put("pytorch", "PyTorch");
    FEW_PROVIDERS.put("djl", "DJL");
    FEW_PROVIDERS.put("naive", "plain loops");
  }

  /** The columns of docs/speed.md; the page beside the results has all. */
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

  /**
   * Arguments: the results (JSON lines), the README and docs/speed.md, with two marker lines each.
   */
  public static void main(String[] args) throws IOException {
    Path json = Path.of(args[0]);
    Path speed = Path.of(args[2]);
    List<Measurement> results = Files.readAllLines(json).stream().map(Measurement::parse).toList();
    String base = json.toString().replaceFirst("\\.jsonl?$", "");
    Path chart = Path.of(base + ".png");
    Chart.write(results, chart);
    Files.writeString(Path.of(base + ".md"), page(results));
    replaceBlock(Path.of(args[1]), fewWorks(results));
    Path link = speed.toAbsolutePath().getParent().relativize(chart.toAbsolutePath());
    replaceBlock(speed, allWorks(results, link));
  }

  private static void replaceBlock(Path file, String block) throws IOException {
    String text = Files.readString(file);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException(file + " must have the lines " + BEGIN + "and " + END);
    }
    Files.writeString(
        file, text.substring(0, begin + BEGIN.length()) + block + text.substring(end));
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

  /** The README's small table: times alone. */
  private static String fewWorks(List<Measurement> results) {
    Map<String, Map<String, Measurement>> works = Report.byWork(results);
    List<Measurement> disturbed = Report.disturbed(results);
    StringBuilder text = new StringBuilder("| work | shape |");
    FEW_PROVIDERS.values().forEach(name -> text.append(' ').append(name).append(" |"));
    text.append("\n|---|---|").append("---:|".repeat(FEW_PROVIDERS.size())).append('\n');
    for (String key : FEW_WORKS) {
      Map<String, Measurement> work = works.getOrDefault(key, Map.of());
      if (!work.isEmpty()) {
        text.append(work(work));
        FEW_PROVIDERS
            .keySet()
            .forEach(p -> text.append(' ').append(time(work.get(p), disturbed)).append(" |"));
        text.append('\n');
      }
    }
    Measurement any = results.get(0);
    return text.append("\n")
        .append(device(results, "copy").replaceFirst(",.*", ""))
        .append(", ")
        .append(any.threads())
        .append(" threads, Java ")
        .append(any.java())
        .append(".")
        .append(disturbedNote(disturbed))
        .append('\n')
        .toString();
  }

  /** All works, with fractions of a copy, the chart, and what was not timed. */
  private static String allWorks(List<Measurement> results, Path chart) {
    List<Measurement> disturbed = Report.disturbed(results);
    StringBuilder text = new StringBuilder();
    text.append(how(results))
        .append("; ")
        .append(device(results, "copy"))
        .append("; OpenCL: ")
        .append(device(results, "opencl"))
        .append(".")
        .append(disturbedNote(disturbed))
        .append("\n\n| work | shape |");
    Map<String, Map<String, Measurement>> works = Report.byWork(results);
    List<String> columns =
        COLUMNS.stream()
            .filter(c -> works.values().stream().anyMatch(w -> w.containsKey(c)))
            .toList();
    columns.forEach(c -> text.append(' ').append(c).append(" |"));
    text.append("\n|---|---|").append("---:|".repeat(columns.size())).append('\n');
    works.forEach(
        (key, work) -> {
          text.append(work(work));
          columns.forEach(c -> text.append(' ').append(cell(work.get(c), disturbed)).append(" |"));
          text.append('\n');
        });
    text.append("\n![fraction of copy by kernel and provider](").append(chart).append(")\n");
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

  /** The beginning of a work's line. */
  private static String work(Map<String, Measurement> work) {
    Measurement any = work.values().iterator().next();
    return "| " + any.benchmark() + " | " + any.shapeAndType() + " |";
  }

  private static String disturbedNote(List<Measurement> disturbed) {
    return disturbed.isEmpty() ? "" : " ~: other work ran on the machine meanwhile.";
  }

  private static String device(List<Measurement> results, String provider) {
    return results.stream()
        .filter(m -> m.provider().equals(provider))
        .map(Measurement::device)
        .findFirst()
        .orElse("not measured");
  }

  private static String cell(Measurement m, List<Measurement> disturbed) {
    return time(m, disturbed)
        + (m == null || m.fractionOfFastestCopy() == null
            ? ""
            : String.format(Locale.ROOT, " (%.2f)", m.fractionOfFastestCopy()));
  }

  private static String time(Measurement m, List<Measurement> disturbed) {
    if (m == null || m.unsupported() != null) {
      return "";
    }
    if (m.error() != null) {
      return m.error().contains("WrongResult") ? "wrong" : "failed";
    }
    return (disturbed.contains(m) ? "~" : "") + Measurement.time(m.medianSeconds());
  }
}
