package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jocl.CL;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What GraalVM's native-image is told about the library, beside what there is: classes that native
 * code looks up by their names, and resources. No image is built here.
 */
@Tag("once")
class ReachabilityMetadataTest {
  private static final String METADATA =
      "/META-INF/native-image/io.github.fusedloss/fusedloss/reachability-metadata.json";

  private static String text() throws IOException {
    try (InputStream in = ReachabilityMetadataTest.class.getResourceAsStream(METADATA)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Set<String> all(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(m -> m.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyClassIsThere() throws IOException, ClassNotFoundException {
    Set<String> types = all("\"type\": \"([\\w.]+)\"", text());
    assertFalse(types.isEmpty());
    for (String type : types) {
      assertEquals(type, Class.forName(type, false, CL.class.getClassLoader()).getName());
    }
  }

  /** JOCL's native library has the names of the classes that it looks up, ended by a zero. */
  @Test
  void everyClassThatNativeCodeLooksUpIsListed() throws IOException {
    Set<String> listed = all("\"type\": \"([\\w.]+)\", \"jniAccessible\": true", text());
    try (InputStream in = CL.class.getResourceAsStream("/lib/libJOCL_2_0_6-linux-x86_64.so")) {
      String library = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      Set<String> names =
          all("\0((?:org/jocl|java/lang|java/nio)/\\w+)(?=\0)", library).stream()
              .map(name -> name.replace('/', '.'))
              .collect(Collectors.toCollection(TreeSet::new));
      assertTrue(names.contains("org.jocl.cl_mem"), names.toString());
      assertEquals(names, listed);
    }
  }

  /** The library's own resources are matched, and every pattern matches something. */
  @Test
  void everyResourceIsListed() throws IOException {
    Set<String> globs = all("\"glob\": \"([^\"]+)\"", text());
    List<String> resources;
    Path classes =
        Path.of(FusedLoss.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    try (Stream<Path> files = Files.walk(classes)) {
      resources =
          files
              .filter(Files::isRegularFile)
              .map(file -> classes.relativize(file).toString().replace('\\', '/'))
              .filter(name -> name.startsWith("io/") || name.contains("/services/"))
              .filter(name -> !name.endsWith(".class"))
              .toList();
    }
    for (String resource : resources) {
      assertTrue(globs.stream().anyMatch(glob -> matches(glob, resource)), resource);
    }
    for (String glob : globs) {
      boolean own = !glob.startsWith("lib/"); // JOCL's libraries
      assertEquals(own, resources.stream().anyMatch(name -> matches(glob, name)), glob);
    }
  }

  private static boolean matches(String glob, String name) {
    return FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(Path.of(name));
  }
}
