package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  }

  /** What it says to depend on is what `mvn install` installs. */
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

  @Test
  void namedDocumentsExist() throws IOException {
    Matcher matcher = Pattern.compile("\\]\\(([A-Za-z/_.]+)\\)").matcher(readme());
    while (matcher.find()) {
      assertTrue(Files.exists(Path.of(matcher.group(1))), matcher.group(1));
    }
  }

  private static String readme() throws IOException {
    return Files.readString(Path.of("README.md"));
  }
}
