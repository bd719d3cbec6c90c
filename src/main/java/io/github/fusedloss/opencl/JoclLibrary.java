package io.github.fusedloss.opencl;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jocl.CL;

/**
 * Loads JOCL's native library, once, and remembers why not.
 *
 * <p>Left alone, JOCL writes {@code libJOCL_*.so} under a fixed name into {@code java.io.tmpdir}
 * and loads whatever already lies there: a second JVM that starts while the first still writes dies
 * of SIGBUS, and anyone who may write to a shared {@code /tmp} can plant code. Here JOCL sees a
 * fresh directory that only this user may enter, and the file is unlinked as soon as it is mapped.
 */
final class JoclLibrary {
  private static final String TMPDIR = "java.io.tmpdir";

  private static boolean tried;
  private static String reason;

  private JoclLibrary() {}

  /** Returns null when {@code org.jocl.CL} may be used, else one line that says why not. */
  static synchronized String unavailableReason() {
    if (!tried) {
      tried = true;
      reason = load();
    }
    return reason;
  }

  private static String load() {
    String shared = System.getProperty(TMPDIR);
    Path directory;
    try {
      directory = Files.createTempDirectory(Path.of(shared), "fusedloss-");
      // The JDK caches java.io.tmpdir on the first temporary file; this makes it cache the
      // caller's value, should another thread come along while the property is ours.
      Files.delete(File.createTempFile("fusedloss", null, directory.toFile()).toPath());
    } catch (IOException | RuntimeException e) {
      return "the temporary directory "
          + shared
          + " cannot be written, so JOCL's native library"
          + " cannot be unpacked: start Java with -Djava.io.tmpdir=<a writable directory>";
    }
    System.setProperty(TMPDIR, directory.toString());
    try {
      initialiseQuietly();
      return null;
    } catch (ClassNotFoundException e) {
      return "JOCL is not on the class path: add org.jocl:jocl:2.0.6";
    } catch (LinkageError | UnsupportedOperationException e) {
      return explain(e, shared);
    } finally {
      System.setProperty(TMPDIR, shared);
      // A mapped library needs no name on Unix. Windows keeps it until the JVM has gone.
      delete(directory);
    }
  }

  /**
   * Initialises {@code org.jocl.CL} without its native code writing "Could not load ..." to the
   * standard output, where results belong. Its log level can only be set between two steps of that
   * one static initialiser, of which JOCL tells nobody but its logger: after "... DONE" the native
   * code is there, and this thread, being the one that initialises CL, may already call it.
   */
  private static void initialiseQuietly() throws ClassNotFoundException {
    Logger logger = Logger.getLogger("org.jocl.LibUtils");
    Level level = logger.getLevel();
    Filter filter = logger.getFilter();
    boolean[] silenced = new boolean[1];
    logger.setLevel(Level.FINE);
    logger.setFilter(
        message -> {
          if (message.getMessage().endsWith(" DONE")) {
            CL.setLogLevel(CL.LogLevel.LOG_QUIET);
            silenced[0] = true;
          }
          return false;
        });
    try {
      Class.forName("org.jocl.CL", true, JoclLibrary.class.getClassLoader());
      if (silenced[0]) { // Else someone else was first, and the level is theirs.
        CL.setLogLevel(CL.LogLevel.LOG_ERROR); // JOCL's own default
      }
    } finally {
      logger.setFilter(filter);
      logger.setLevel(level);
    }
  }

  static String explain(Throwable failure, String shared) {
    String text = String.valueOf(failure.getMessage());
    if (text.contains("Could not initialize native OpenCL library")) {
      return "no OpenCL loader could be loaded: install a GPU driver with OpenCL, or on Debian"
          + " `apt-get install ocl-icd-libopencl1 pocl-opencl-icd`";
    }
    if (text.contains("failed to map segment")) {
      return "the temporary directory "
          + shared
          + " forbids execution (noexec), so JOCL's native"
          + " library cannot be loaded: start Java with -Djava.io.tmpdir=<another directory>";
    }
    if (text.contains("No resource found with name")) {
      return "JOCL has no native library for "
          + System.getProperty("os.name")
          + " on "
          + System.getProperty("os.arch");
    }
    return "JOCL's native library could not be loaded: " + oneLine(failure);
  }

  static String oneLine(Throwable failure) {
    String text = failure.getClass().getSimpleName() + ": " + failure.getMessage();
    String line = text.strip().lines().findFirst().orElse("");
    return line.length() <= 200 ? line : line.substring(0, 200);
  }

  private static void delete(Path directory) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (!file.toFile().delete()) {
          file.toFile().deleteOnExit();
        }
      }
    } catch (IOException | RuntimeException e) {
      // Left for the system's own cleaning: nothing depends on it.
    }
    if (!directory.toFile().delete()) {
      directory.toFile().deleteOnExit();
    }
  }
}
