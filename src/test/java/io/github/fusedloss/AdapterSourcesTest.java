package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What can be seen of adapters and examples without their frameworks, which are gigabytes: that
 * they use of this library what it has, and that versions agree. {@code ci/adapters} does the rest.
 */
@Tag("once")
class AdapterSourcesTest {
  private static final Path ADAPTERS = Path.of("adapters");

  /** A type or public package of the library; adapters lie in packages of their own. */
  private static final Pattern OURS =
      Pattern.compile("io\\.github\\.fusedloss(\\.verify|\\.reference)?(\\.[A-Z]|$)");

  @TempDir Path output;

  /**
   * What a compiler says of the library's types. It complains of every type of a framework, too,
   * and lets pass what is done with one.
   */
  private List<String> complaints(Iterable<? extends JavaFileObject> sources) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> all = new DiagnosticCollector<>();
    List<String> options =
        List.of(
            "-proc:none",
            "--should-stop=ifError=FLOW", // Look into methods, too, where imports are missing.
            "-XDrichDiagnosticFormatter=false", // Say names in full,
            "-Xdiags:verbose", // and of a call what does not fit.
            "-Xmaxerrs",
            "100000",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            output.toString());
    compiler.getTask(null, null, all, options, null, sources).call();
    assertTrue(all.getDiagnostics().size() > 0, "no framework is missing");
    List<String> ours = new ArrayList<>();
    for (Diagnostic<? extends JavaFileObject> one : all.getDiagnostics()) {
      String message = one.getMessage(Locale.ROOT);
      if (one.getKind() == Diagnostic.Kind.ERROR && !frameworkIsMissing(one.getCode(), message)) {
        String file = Path.of(one.getSource().getName()).getFileName().toString();
        ours.add(file + ":" + one.getLineNumber() + ": " + message);
      }
    }
    return ours;
  }

  /** Whether that is why: a name is not there, or something that is inherited. */
  private static boolean frameworkIsMissing(String code, String message) {
    return switch (code.substring("compiler.err.".length())) {
      case "doesnt.exist" -> !message.contains("io.github.fusedloss");
      case "cant.resolve" -> true;
      case "cant.resolve.location", "cant.resolve.location.args" ->
          !OURS.matcher(message.substring(message.indexOf("location:"))).find();
      case "method.does.not.override.superclass", "override.weaker.access" -> true;
      default -> message.contains("cannot infer type-variable");
    };
  }

  @Test
  void sourcesUseWhatTheLibraryHas() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> adapters = Files.walk(ADAPTERS);
        Stream<Path> examples = Files.list(Path.of("examples"))) {
      Stream.concat(adapters.filter(file -> file.toString().matches(".*/(src|turns)/.*")), examples)
          .filter(file -> file.toString().endsWith(".java"))
          .forEach(files::add);
    }
    assertTrue(files.size() > modules().size(), files::toString);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      assertEquals(List.of(), complaints(manager.getJavaFileObjectsFromPaths(files)));
    }
  }

  /** The check itself: of these lines it finds those that are wrong. */
  @Test
  void findsWhatTheLibraryHasNot() {
    String source =
        String.join(
            "\n",
            "package io.github.fusedloss.made;",
            "import framework.Missing;",
            "import io.github.fusedloss.*;",
            "import io.github.fusedloss.NoSuchLoss;", // 4
            "class Made extends Missing {",
            "  @Override public void of(Missing given) {",
            "    Loss loss = CrossEntropy.DEFAULT.withZLoss(given.number());",
            "    loss.withNothing(1);", // 8
            "    CrossEntropy.DEFAULT.withZLoss(\"1\");", // 9
            "    given.take(loss, Reduction.SUM);",
            "    given.take(loss, Reduction.PRODUCT);", // 11
            "    inherited(loss);",
            "    Missing other = loss.name();",
            "    int name = loss.name();", // 14
            "  }",
            "}");
    JavaFileObject made =
        new SimpleJavaFileObject(URI.create("string:///Made.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignore) {
            return source;
          }
        };
    List<String> found = complaints(List.of(made));
    List<String> places = found.stream().map(c -> c.substring(0, c.indexOf(": "))).toList();
    List<String> wrong = Stream.of(4, 8, 9, 11, 14).map(line -> "Made.java:" + line).toList();
    assertEquals(wrong, places, found::toString);
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file);
  }

  private static String first(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertTrue(matcher.find(), () -> pattern + " in " + text);
    return matcher.group(1);
  }

  private static List<String> modules() throws IOException {
    return Pattern.compile("<module>(.*)</module>")
        .matcher(read(ADAPTERS.resolve("pom.xml")))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** Versions of the library in poms, and its coordinates where people read them. */
  @Test
  void versionsAgree() throws IOException {
    String version = first("<version>(.*)</version>", read(Path.of("pom.xml")));
    String parent = "fusedloss-adapters</artifactId>\\s*<version>(.*)</version>";
    assertEquals(version, first(parent, read(ADAPTERS.resolve("pom.xml"))));
    for (String module : modules()) {
      String pom = read(ADAPTERS.resolve(module + "/pom.xml"));
      assertEquals(version, first(parent, pom), module);
      String artifact = first("</parent>\\s*<artifactId>(.*)</artifactId>", pom);
      String readme = read(ADAPTERS.resolve(module + "/README.md"));
      String gradle = "io.github.fusedloss:" + artifact + ":" + version;
      assertTrue(readme.contains("`" + artifact + "` / `" + version + "`"), module);
      assertTrue(readme.contains(gradle), gradle);
    }
  }

  /** The versions in README are those that the adapters are tested with. */
  @Test
  void testedVersionsAgree() throws IOException {
    String table = read(ADAPTERS.resolve("README.md"));
    for (String module : modules()) {
      String row = first("(\\| \\[" + module + "\\].*)", table);
      String readme = read(ADAPTERS.resolve(module + "/README.md"));
      Matcher versions =
          Pattern.compile("<" + module + "\\.version>(.*)</")
              .matcher(read(ADAPTERS.resolve(module + "/pom.xml")));
      int found = 0;
      while (versions.find()) {
        assertTrue(row.contains(versions.group(1)), row + " for " + versions.group());
        assertTrue(readme.contains(versions.group(1)), module + " for " + versions.group());
        found++;
      }
      assertTrue(found > 0, module);
    }
  }
}
