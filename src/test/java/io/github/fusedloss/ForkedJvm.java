package io.github.fusedloss;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a class's main in a JVM of its own, for what must be set before a JVM starts. */
public final class ForkedJvm {
  // Far beyond what any test needs, on a machine however loaded: it ends only what hangs.
  private static final long LIMIT_SECONDS = 600;

  /** How a JVM ended and what it said. */
  public record Result(int exit, String out, String err) {
    @Override
    public String toString() {
      return "exit " + exit + "\n--- stdout\n" + out + "\n--- stderr\n" + err;
    }
  }

  /** A JVM that was started. */
  public record Running(Process process, Path out, Path err) {
    /** Waits for its end; a JVM that hangs is ended, with exit code 137 or so. */
    public Result await() {
      try {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
        int exit = process.waitFor();
        return new Result(exit, readAndDelete(out), readAndDelete(err));
      } catch (InterruptedException e) {
        process.destroyForcibly();
        throw new IllegalStateException(e);
      }
    }

    /** Waits for its end, which has to be exit code 0. */
    public Result succeed() {
      Result result = await();
      if (result.exit != 0) {
        throw new AssertionError(result);
      }
      return result;
    }
  }

  private final Class<?> main;
  private Path home = Path.of(System.getProperty("java.home"));
  private final List<String> options = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private final Map<String, String> environment = new TreeMap<>();

  private ForkedJvm(Class<?> main) {
    this.main = main;
  }

  /** Begins with this JVM's Java and class path; nothing runs yet. */
  public static ForkedJvm of(Class<?> main, String... arguments) {
    ForkedJvm jvm = new ForkedJvm(main);
    Collections.addAll(jvm.arguments, arguments);
    return jvm;
  }

  /** Returns the homes of the JDKs to test on: this one and those where Linux puts them. */
  public static List<Path> javaHomes() {
    Set<Path> homes = new LinkedHashSet<>();
    try {
      homes.add(Path.of(System.getProperty("java.home")).toRealPath());
      Path usual = Path.of("/usr/lib/jvm");
      if (Files.isDirectory(usual)) {
        try (Stream<Path> found = Files.list(usual)) {
          for (Path candidate : found.sorted().toList()) {
            if (Files.isExecutable(candidate.resolve("bin/java"))) {
              homes.add(candidate.toRealPath());
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(homes);
  }

  /** Uses another JDK. */
  public ForkedJvm home(Path javaHome) {
    home = javaHome;
    return this;
  }

  /** Adds JVM options. */
  public ForkedJvm options(String... more) {
    Collections.addAll(options, more);
    return this;
  }

  /** Sets an environment variable. */
  public ForkedJvm env(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Starts the JVM and waits for its end. */
  public Result run() {
    return start().await();
  }

  /** Starts the JVM and waits for its end, which has to be exit code 0. */
  public Result succeed() {
    return start().succeed();
  }

  /** Starts the JVM. */
  public Running start() {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/java").toString());
    // The timeout is that of the tests, unless there is one among the options.
    String timeout = System.getProperty("fusedloss.opencl.timeout");
    if (timeout != null) {
      command.add("-Dfusedloss.opencl.timeout=" + timeout);
    }
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    try {
      // Files, not pipes: nobody has to read them while the JVM runs.
      Path out = Files.createTempFile("forked-jvm", ".out");
      Path err = Files.createTempFile("forked-jvm", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      // An agent or option meant for this JVM would print into the other's output.
      builder.environment().remove("JAVA_TOOL_OPTIONS");
      builder.environment().putAll(environment);
      return new Running(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String readAndDelete(Path file) {
    try {
      String text = Files.readString(file);
      Files.delete(file);
      return text.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
