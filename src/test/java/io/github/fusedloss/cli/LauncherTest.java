package io.github.fusedloss.cli;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script ./fusedloss, in checkouts that need no building, with scripts in place of java. */
@Tag("once")
class LauncherTest {
  private static final String INCUBATOR =
      "echo 'WARNING: Using incubator modules: jdk.incubator.vector' >&2\n";

  @TempDir Path dir;
  private Path checkout;

  @BeforeEach
  void checkout() throws IOException {
    checkout = checkout("checkout");
  }

  private Path checkout(String name) throws IOException {
    Path root = Files.createDirectory(dir.resolve(name));
    Files.createDirectories(root.resolve("kernels"));
    Files.createDirectories(root.resolve("src/main"));
    Files.createDirectories(root.resolve("target/lib"));
    Files.createFile(root.resolve("pom.xml"));
    Files.writeString(root.resolve("target/fusedloss.jar"), "the jar");
    Files.copy(Path.of("fusedloss"), root.resolve("fusedloss"));
    Path stamp = Files.createFile(root.resolve("target/launcher.stamp"));
    Files.setLastModifiedTime(stamp, FileTime.from(Instant.now().plusSeconds(60)));
    return root;
  }

  /** What java does when the launcher starts it. */
  private Path java(String script) throws IOException {
    Path home = dir.resolve("jdk");
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/usr/bin/env bash\n" + script);
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        home.resolve("release"),
        "JAVA_VERSION=\"17.0.1\"\nMODULES=\"java.base jdk.incubator.vector\"\n");
    return home;
  }

  private record Run(int code, String out, String err) {}

  private ProcessBuilder command(Path jdk, String... command) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(dir.resolve("out").toFile())
            .redirectError(dir.resolve("err").toFile());
    builder.environment().put("JAVA_HOME", jdk.toString());
    return builder;
  }

  private Process start(Path jdk, String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of(checkout.resolve("fusedloss").toString()));
    command.addAll(List.of(args));
    return command(jdk, command.toArray(new String[0])).start();
  }

  private Run end(Process process) throws IOException, InterruptedException {
    assertTrue(process.waitFor(10, TimeUnit.MINUTES), "it hangs");
    return new Run(
        process.exitValue(),
        Files.readString(dir.resolve("out")),
        Files.readString(dir.resolve("err")));
  }

  private Run run(Path jdk, String... args) throws IOException, InterruptedException {
    return end(start(jdk, args));
  }

  private void await(String said) throws IOException {
    while (!Files.exists(dir.resolve("out"))
        || !Files.readString(dir.resolve("out")).contains(said)) {
      Thread.onSpinWait();
    }
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
  }

  /**
   * Read at once after the return. The filter takes long for what comes before the line that it
   * drops: java has ended long before it, and a launcher that did not wait would return too early
   * in all of these runs.
   */
  @Test
  void everyLineIsThereWhenItReturns() throws Exception {
    int lines = 5000; // As many as fit a pipe of 64 KiB, so that java need not wait.
    Path jdk = java("printf 'line %s\\n' {1.." + lines + "} >&2; " + INCUBATOR + "exit 2");
    String all =
        IntStream.rangeClosed(1, lines).mapToObj(i -> "line " + i + "\n").collect(joining());
    for (int i = 0; i < 10; i++) {
      assertEquals(new Run(2, "", all), run(jdk), "run " + i);
    }
  }

  /** Only the one line goes, wherever the JVM's own warnings are, and bytes stay bytes. */
  @Test
  void dropsTheIncubatorLineAlone() throws Exception {
    String same = "WARNING: Using incubator modules: jdk.incubator.vector";
    Path jdk =
        java(
            "echo 'Picked up JAVA_TOOL_OPTIONS: -Da=b' >&2; echo '  a \\ warning' >&2\n"
                + INCUBATOR
                + INCUBATOR
                + "printf 'no end, \\033[K %s' 100% >&2; echo result; exit 1");
    assertEquals(
        new Run(
            1,
            "result\n",
            "Picked up JAVA_TOOL_OPTIONS: -Da=b\n  a \\ warning\n"
                + same
                + "\nno end, \033[K 100%"),
        run(jdk));
    assertEquals(new Run(1, "", "Unrecognized"), run(java("printf Unrecognized >&2; exit 1")));
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
  void passesSignalsOn(String name, int code) throws Exception {
    Path jdk =
        java(
            INCUBATOR
                + "trap 'echo got "
                + name
                + " >&2; exit "
                + code
                + "' "
                + name
                + "; echo up; while :; do :; done");
    // Where these tests run in the background of a script, signals may be ignored from the start.
    String launcher = checkout.resolve("fusedloss").toString();
    Process process = command(jdk, "env", "--default-signal=" + name, launcher).start();
    await("up");
    signal(name, process.pid());
    assertEquals(new Run(code, "up\n", "got " + name + "\n"), end(process));
  }

  /** Killed without a chance to say so. */
  @Test
  void endsAsJavaEnds() throws Exception {
    assertEquals(137, run(java(INCUBATOR + "kill -KILL $$")).code());
    assertEquals(134, run(java(INCUBATOR + "exit 134")).code());
    assertEquals(new Run(0, "", ""), run(java(INCUBATOR)));
    Run run = run(java("printf '<%s>' \"$@\""), "a b", "", "*", "--x=\"y'");
    assertTrue(run.out().endsWith(".cli.Main><a b><><*><--x=\"y'>"), run.out());
  }

  @Test
  void javaHasTheInput() throws Exception {
    Path jdk = java(INCUBATOR + "cat");
    Process process = start(jdk);
    process.getOutputStream().write("the input".getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().close();
    assertEquals(new Run(0, "the input", ""), end(process));
    String launcher = checkout.resolve("fusedloss").toString();
    Process closed = command(jdk, "bash", "-c", "exec \"$0\" <&-", launcher).start();
    closed.getOutputStream().close();
    assertEquals(new Run(0, "", ""), end(closed));
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX", "xx_YY.UTF-8"})
  void namesAreUtf8WhereTheLocaleHasNoLetters(String locale) throws Exception {
    Path jdk = java(INCUBATOR + "echo \"$LC_ALL\"");
    ProcessBuilder builder = command(jdk, checkout.resolve("fusedloss").toString());
    builder.environment().put("LC_ALL", locale);
    assertEquals("C.UTF-8\n", end(builder.start()).out());
  }

  /** A colon divides Java's class path; every entry has to be there all the same. */
  @ParameterizedTest
  @ValueSource(strings = {"with:colon", "with space", "ä", "ü:ö *"})
  void checkoutsOfAnyName(String name) throws Exception {
    String encoding = System.getProperty("sun.jnu.encoding");
    Assumptions.assumeTrue(Charset.forName(encoding).newEncoder().canEncode(name), encoding);
    checkout = checkout(name);
    Path jdk =
        java(
            INCUBATOR
                + "while [[ $1 != -cp ]]; do shift; done; IFS=:; set -f; set -- $2\n"
                + "echo $#; cat \"$1\"; ls -d \"${2%/\\*}\" >/dev/null");
    Run run = run(jdk);
    assertEquals("", run.err());
    assertEquals("2\nthe jar", run.out().substring(0, 9));
  }

  /** In a jar as Maven makes it, with the libraries beside it, and without them. */
  @Test
  void javaStartsTheJar() throws Exception {
    Matcher main =
        Pattern.compile("<mainClass>(.*)</mainClass>")
            .matcher(Files.readString(Path.of("pom.xml")));
    assertTrue(main.find());
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main.group(1));
    Path jar = dir.resolve("fusedloss.jar");
    Path classes = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
    Path java = Path.of(System.getProperty("java.home"));
    String[] command = {java.resolve("bin/java").toString(), "-jar", jar.toString(), "devices"};
    Run without = end(command(java, command).start());
    assertEquals(2, without.code(), without.err());
    assertTrue(without.err().startsWith("fusedloss: the command line needs"), without.err());
    Path lib = Files.createDirectory(dir.resolve("lib"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (entry.matches(".*/(picocli|gson|jocl|commons-math3)-[^/]*jar")) {
        Files.copy(Path.of(entry), lib.resolve(Path.of(entry).getFileName()));
      }
    }
    Run with = end(command(java, command).start());
    assertEquals(0, with.code(), with.err());
    assertTrue(with.out().contains("cpu:scalar"), with.out());
    // Only the report needs one more; that is said before the files are looked at.
    String[] evaluate = Arrays.copyOf(command, 10);
    List<String> words =
        List.of("evaluate", "--input", "x", "--target", "y", "--report", dir.toString());
    System.arraycopy(words.toArray(), 0, evaluate, 3, words.size());
    Run report = end(command(java, evaluate).start());
    assertEquals(2, report.code(), report.err());
    assertTrue(report.err().contains("--report needs Chart.js"), report.err());
  }
}
