package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.backend.Option;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java snippet, compiled and run as it stands there. */
class ReadmeTest {
  @Test
  void snippetRuns(@TempDir Path dir) throws Exception {
    Matcher matcher = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL).matcher(readme());
    assertTrue(matcher.find(), "README.md has a Java snippet");
    Path source = dir.resolve("Snippet.java");
    Files.writeString(source, matcher.group(1));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertNotNull(compiler, "a JDK, not a JRE");
    assertEquals(
        0,
        compiler.run(
            null,
            null,
            null,
            "-proc:none",
            "-Xlint:all",
            "-Werror",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            dir.toString(),
            source.toString()));
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {dir.toUri().toURL()}, getClass().getClassLoader())) {
      loader
          .loadClass("Snippet")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("6 gradients on "), text);
    // PyTorch: cross_entropy of these logits without smoothing.
    assertTrue(text.contains("\n0.28698"), text);
    Matcher says =
        Pattern.compile("It prints this.*?```\\n(.*?)```", Pattern.DOTALL).matcher(readme());
    assertTrue(says.find(), "README.md says what the snippet prints");
    // The device differs from machine to machine.
    assertEquals(says.group(1).replaceAll(" on .*", ""), text.replaceAll(" on .*", ""));
  }

  /** README names the coordinates that `mvn install` installs. */
  @Test
  void namesTheCoordinates() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    Matcher matcher =
        Pattern.compile(
                "<groupId>(.*)</groupId>\\s*<artifactId>(.*)</artifactId>\\s*<version>(.*)</version>")
            .matcher(pom);
    assertTrue(matcher.find());
    String readme = readme();
    for (int i = 1; i <= 3; i++) {
      assertTrue(readme.contains(">" + matcher.group(i) + "<"), matcher.group(i));
    }
    String gradle = matcher.group(1) + ":" + matcher.group(2) + ":" + matcher.group(3);
    assertTrue(readme.contains('"' + gradle + '"'), gradle);
  }

  /** The cells of the table of options that say something: "CrossEntropy.withWeight", its text. */
  private static Map<String, String> cellsOfOptions() throws IOException {
    List<String> classes = List.of();
    Map<String, String> documented = new TreeMap<>();
    for (String line : readme().split("\n")) {
      List<String> cells =
          Stream.of(line.split("\\|", -1)).skip(1).map(c -> c.strip().replace("`", "")).toList();
      if (cells.contains("CrossEntropy")) {
        classes = cells.subList(1, cells.size() - 1);
        assertEquals(classesOfLosses(), new TreeSet<>(classes));
      } else if (line.startsWith("| `with")) {
        String method = cells.get(0).replaceAll("\\W.*", "");
        for (int i = 0; i < classes.size(); i++) {
          if (!cells.get(i + 1).isEmpty()) {
            documented.put(classes.get(i) + "." + method, cells.get(i + 1));
          }
        }
      }
    }
    return documented;
  }

  private static Set<String> classesOfLosses() {
    Set<String> losses = new TreeSet<>();
    for (Class<?> loss : TypedLoss.class.getPermittedSubclasses()) {
      losses.add(loss.getSimpleName());
    }
    return losses;
  }

  /** README's table of options says what the table in the code says. */
  @Test
  void hasTheTableOfOptions() throws Exception {
    Set<String> expected = new TreeSet<>();
    Set<String> withoutBias = new TreeSet<>();
    for (String name : classesOfLosses()) {
      String loss = named(name);
      boolean hasLogits = Option.SOFTCAP.isOf(loss);
      for (Option option : Option.values()) {
        // These three are set together, where a loss has more than one of them.
        String method = hasLogits && option.isOfLogits() ? "logits" : option.javaName();
        if (option.isOf(loss)) {
          expected.add(
              name
                  + ".with"
                  + method.substring(0, 1).toUpperCase(Locale.ROOT)
                  + method.substring(1));
        }
      }
      if (hasLogits && !Option.LOGIT_BIAS.isOf(loss)) {
        withoutBias.add(name + ".withLogits");
      }
    }
    Map<String, String> cells = cellsOfOptions();
    assertEquals(expected, cells.keySet());
    cells.values().removeIf(text -> !text.equals("without bias"));
    assertEquals(withoutBias, cells.keySet());
  }

  /** The table of options has a row for each withX, and a cell where a class has it. */
  @Test
  void namesTheOptions() throws Exception {
    Set<String> methods = new TreeSet<>();
    for (String name : classesOfLosses()) {
      for (Method m : Class.forName("io.github.fusedloss." + name).getMethods()) {
        // All have the method, and one refuses.
        boolean inherited = m.getName().equals("withWeight") && !Option.WEIGHT.isOf(named(name));
        if (m.getName().matches("with[A-Z].*") && !inherited) {
          methods.add(name + "." + m.getName());
        }
      }
    }
    assertFalse(methods.isEmpty());
    assertEquals(methods, cellsOfOptions().keySet());
  }

  /** PyTorch's name of the loss of this class. */
  private static String named(String loss) throws ReflectiveOperationException {
    Object plain = Class.forName("io.github.fusedloss." + loss).getField("DEFAULT").get(null);
    return ((Loss) plain).name();
  }

  /** Links to files and to headings, in all documents. */
  @Test
  void linksLeadSomewhere() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (String folder : List.of(".", "docs", "benchmarks", "adapters", "examples")) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(folder), "*.md")) {
        files.forEach(documents::add);
      }
    }
    for (Path document : documents) {
      Matcher link = Pattern.compile("\\]\\(([^)#]*)(#[^)]*)?\\)").matcher(read(document));
      while (link.find()) {
        if (link.group(1).startsWith("https:")) {
          continue;
        }
        String where = document + ": " + link.group();
        Path target =
            link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1)).normalize();
        assertTrue(Files.exists(target), where);
        assertTrue(link.group(2) == null || anchors(target).contains(link.group(2)), where);
      }
    }
  }

  private static List<String> anchors(Path document) throws IOException {
    return read(document)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceAll("^#+ |[^\\w -]", "").replace(' ', '-'))
        .map(heading -> "#" + heading.toLowerCase(Locale.ROOT))
        .toList();
  }

  private static String read(Path document) throws IOException {
    return Files.readString(document);
  }

  private static String readme() throws IOException {
    return read(Path.of("README.md"));
  }
}
