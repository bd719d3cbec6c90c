package io.github.fusedloss.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures everything, each provider in a JVM of its own, and reports; see benchmarks/run. */
public final class Main {
  private static final String USAGE =
      "usage: benchmarks/run [--quick] [--json FILE] [PROVIDER...]\nproviders: "
          + String.join(", ", Providers.names(false));

  private static final List<String> SESSION =
      List.of(
          // Touched first: pages that the system has yet to hand out halve the speed of a copy.
          "-Xms2g",
          "-Xmx2g",
          "-XX:+AlwaysPreTouch",
          // All compilers from the start: the warm-up waits for them.
          "-XX:-UseDynamicNumberOfCompilerThreads",
          "-Djmh.ignoreLock=true",
          // ND4J and PyTorch count native memory against limits made for small heaps.
          "-Dorg.bytedeco.javacpp.maxBytes=8g",
          "-Dorg.bytedeco.javacpp.maxPhysicalBytes=16g");

  private static final Path TILES = Path.of("benchmarks/target/tiles");

  private Main() {}

  /** Exit codes: 0 done, 1 this library failed, 2 bad usage. */
  public static void main(String[] args) throws IOException, InterruptedException {
    boolean quick = false;
    Path json = Path.of("benchmarks/target/results.jsonl");
    List<String> providers = new ArrayList<>();
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--quick")) {
        quick = true;
      } else if (args[i].equals("--json") && i + 1 < args.length) {
        json = Path.of(args[++i]);
      } else if (Providers.names(false).contains(args[i])) {
        providers.add(args[i]);
      } else {
        System.err.println(USAGE);
        System.exit(args[i].equals("--help") ? 0 : 2);
      }
    }
    Files.createDirectories(json.toAbsolutePath().getParent()); // before the run, not after it
    List<Measurement> results =
        measure(quick, providers.isEmpty() ? Providers.names(quick) : providers);
    Files.write(json, results.stream().map(Measurement::json).toList());
    Path chart = Path.of(json.toString().replaceFirst("\\.jsonl?$", "") + ".png");
    Report.table(results, System.out);
    Chart.write(results, chart);
    for (Measurement m : Report.disturbed(results)) {
      System.err.printf(
          "disturbed: %s, %s: the host's copy was slow then; measure again on a quiet machine%n",
          m.provider(), m.key());
    }
    System.err.println("results: " + json + "\nchart: " + chart);
    boolean failed =
        results.stream().anyMatch(m -> m.error() != null && Providers.ours(m.provider()));
    System.exit(failed ? 1 : 0);
  }

  private static List<Measurement> measure(boolean quick, List<String> providers)
      throws IOException, InterruptedException {
    List<Work> works = Works.of(quick);
    System.err.println("computing what is right");
    Tile.write(TILES, works);
    List<String> options = new ArrayList<>(SESSION);
    options.add("-D" + Tile.DIRECTORY + "=" + TILES);
    // Each provider's works, and then its first result.
    int all = (works.size() + 1) * providers.size();
    List<Measurement> results = new ArrayList<>();
    for (String provider : providers) {
      int before = results.size();
      Process process =
          start(
              options,
              Session.class,
              provider,
              quick ? "quick" : "full",
              Integer.toString(before),
              Integer.toString(all));
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        out.lines().filter(l -> l.startsWith("{")).map(Measurement::parse).forEach(results::add);
      }
      int code = process.waitFor();
      // A JVM that died owes the rest.
      for (Work work : works.subList(results.size() - before, works.size())) {
        results.add(
            Measurement.without(work, provider, "", "error", "its JVM ended with code " + code));
      }
      Measurement first = FirstResult.measure(provider);
      results.add(first);
      System.err.println(first.progress(results.size(), all));
    }
    return results;
  }

  /** A JVM that measures: its standard output is ours to read, its errors are passed on. */
  static Process start(List<String> options, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Dbenchmarks.command=" + Machine.command(),
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("OMP_NUM_THREADS", Integer.toString(Machine.threads()));
    builder.environment().put("POCL_MAX_PTHREAD_COUNT", Integer.toString(Machine.threads()));
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
