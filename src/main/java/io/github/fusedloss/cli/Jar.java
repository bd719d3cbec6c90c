package io.github.fusedloss.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The main class of {@code java -jar target/fusedloss.jar}. It starts the command line with the
 * libraries in lib/ beside the jar. A class path in the manifest would do that too, but then javac
 * warns everybody who compiles against the jar about libraries that are not there.
 */
public final class Jar {
  private Jar() {}

  /** Runs the command line. */
  public static void main(String[] args)
      throws IOException, ReflectiveOperationException, URISyntaxException {
    URL self = Jar.class.getProtectionDomain().getCodeSource().getLocation();
    Path lib = Path.of(self.toURI()).resolveSibling("lib");
    if (!Files.isDirectory(lib)) {
      System.err.println(
          "fusedloss: the command line needs picocli, gson, jocl and commons-math3 in "
              + lib
              + ", where `mvn package` puts them; ./fusedloss in a checkout does all of it");
      System.exit(Failure.BAD_INPUT);
    }
    List<URL> path = new ArrayList<>(List.of(self));
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(lib, "*.jar")) {
      for (Path jar : jars) {
        path.add(jar.toUri().toURL());
      }
    }
    // The loader is open as long as the program runs.
    ClassLoader loader =
        new URLClassLoader(path.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    loader
        .loadClass(Jar.class.getPackageName() + ".Main")
        .getMethod("main", String[].class)
        .invoke(null, (Object) args);
  }
}
