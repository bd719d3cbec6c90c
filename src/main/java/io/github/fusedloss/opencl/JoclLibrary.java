package io.github.fusedloss.opencl;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jocl.CL;
import org.jocl.LibUtils;

/**
 * Loads JOCL's native library once. If that fails, it remembers why.
 *
 * <p>By itself JOCL writes {@code libJOCL_*.so} under a fixed name into {@code java.io.tmpdir}, and
 * loads whatever already lies there. So a second JVM that starts while the first still writes dies
 * of SIGBUS, and anyone who may write to a shared {@code /tmp} can plant code. This class takes the
 * library's bytes from JOCL's jar and compares them with the checksum below. Then it writes them to
 * a new directory that only this user may enter, where JOCL finds and loads them. The file is
 * unlinked as soon as it is mapped.
 */
final class JoclLibrary {
  private static final String VERSION = "2.0.6";
  private static final String LIBRARY = "JOCL_2_0_6";

  /** SHA-256 of the native libraries in jocl-2.0.6.jar; no other bytes are loaded. */
  static final Map<String, String> SHA256 =
      Map.of(
          "JOCL_2_0_6-windows-x86_64.dll",
          "528cff4e285023cc890db442abc266e80eafb5cbad14b4833eb4a798636ac56f",
          "libJOCL_2_0_6-apple-arm64.dylib",
          "c22fcb90d5bea8337cfbba21626ed73122bba34a20b502f5469fa1b80a02ab15",
          "libJOCL_2_0_6-apple-x86_64.dylib",
          "12175668829cca8f70e831fad546520ca7feb6320c42f28c301392821b17ed65",
          "libJOCL_2_0_6-linux-arm64.so",
          "841f10b3524448d3881e1969efb7194903ae94a5eb163fea02b8529064285dbc",
          "libJOCL_2_0_6-linux-x86_64.so",
          "3c1e47b563872984e1c9ac527a2e9e7b6aed4e31be0af708d852728af56c3ad5");

  private static final String NO_DRIVER = ", which no driver changes: ";
  private static final String TMPDIR = "java.io.tmpdir";
  // A property of JOCL: if it is set, JOCL unpacks the library once more, under another name.
  private static final String UNIQUE_NAMES = "uniqueLibraryNames";

  /** A reason why the library is not loaded; the message is one line with a cure. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    Refusal(String message) {
      super(message);
    }
  }

  private static boolean tried;
  private static String reason;

  private JoclLibrary() {}

  /** Returns null if {@code org.jocl.CL} may be used, else one line that says why not. */
  static synchronized String unavailableReason() {
    if (!tried) {
      tried = true;
      try {
        load();
      } catch (Refusal e) {
        reason = e.getMessage();
      }
    }
    return reason;
  }

  private static void load() throws Refusal {
    String name = fileName();
    checkLibraryPath(name);
    String shared = System.getProperty(TMPDIR);
    Path directory = unpack(name, shared);
    String unique = System.clearProperty(UNIQUE_NAMES);
    System.setProperty(TMPDIR, directory.toString());
    try {
      initialiseQuietly();
    } catch (ClassNotFoundException | LinkageError | UnsupportedOperationException e) {
      throw new Refusal(explain(e, shared));
    } finally {
      System.setProperty(TMPDIR, shared);
      if (unique != null) {
        System.setProperty(UNIQUE_NAMES, unique);
      }
      // On Unix a mapped library needs no file name. On Windows the file stays until the JVM has
      // ended.
      delete(directory);
    }
  }

  /** Returns the library's file name on this system, as JOCL forms it. */
  private static String fileName() throws Refusal {
    String name;
    try {
      name = LibUtils.createLibraryFileName(LibUtils.createPlatformLibraryName(LIBRARY));
    } catch (NoClassDefFoundError e) {
      throw new Refusal("JOCL is not on the class path: add org.jocl:jocl:" + VERSION);
    }
    if (!SHA256.containsKey(name)) {
      throw new Refusal(
          "JOCL has no native library for "
              + System.getProperty("os.name")
              + " on "
              + System.getProperty("os.arch")
              + NO_DRIVER
              + "take cpu:vector");
    }
    return name;
  }

  /** Checks the directories where JOCL looks before anywhere else. */
  private static void checkLibraryPath(String name) throws Refusal {
    for (String property : List.of("sun.boot.library.path", "java.library.path")) {
      for (String directory : System.getProperty(property, "").split(File.pathSeparator)) {
        File file = new File(directory.isEmpty() ? "." : directory, name);
        if (file.exists()) {
          try {
            verify(name, Files.readAllBytes(file.toPath()), file.toString());
          } catch (IOException | RuntimeException e) {
            throw new Refusal(
                file + " on " + property + " cannot be read, to check it: take it away");
          }
        }
      }
    }
  }

  /**
   * Writes the verified library into a new directory that only this user may enter; returns the
   * directory.
   */
  static Path unpack(String name, String shared) throws Refusal {
    byte[] library;
    try (InputStream in = LibUtils.class.getResourceAsStream("/lib/" + name)) {
      if (in == null) {
        throw new Refusal(
            "JOCL's jar has no lib/" + name + ": use org.jocl:jocl:" + VERSION + " as released");
      }
      library = in.readAllBytes();
    } catch (IOException e) {
      throw new Refusal("JOCL's jar cannot be read: " + oneLine(e));
    }
    verify(name, library, "lib/" + name + " in JOCL's jar");
    Path directory = null;
    try {
      // Made with permissions rwx------.
      directory = Files.createTempDirectory(Path.of(shared), "fusedloss-");
      // The JDK caches java.io.tmpdir on the first temporary file. This makes it cache the caller's
      // value, in case another thread makes one while the property has this class's value.
      Files.delete(File.createTempFile("fusedloss", null, directory.toFile()).toPath());
      Files.write(directory.resolve(name), library, StandardOpenOption.CREATE_NEW);
      return directory;
    } catch (IOException | RuntimeException e) {
      if (directory != null) {
        delete(directory);
      }
      throw new Refusal(
          "the temporary directory "
              + shared
              + " cannot be written, so JOCL's native library"
              + " cannot be unpacked: start Java with -Djava.io.tmpdir=<a writable directory>");
    }
  }

  /**
   * Compares a library with its checksum.
   *
   * @param where what the reason calls the library
   * @throws Refusal if it is not the one that JOCL was released with
   */
  static void verify(String name, byte[] library, String where) throws Refusal {
    String actual;
    try {
      actual = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(library));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every JVM has SHA-256.
    }
    if (!actual.equals(SHA256.get(name))) {
      throw new Refusal(
          where
              + " is not the library that JOCL "
              + VERSION
              + " was released with and is not loaded (SHA-256 "
              + actual
              + "): use org.jocl:jocl:"
              + VERSION
              + " as released");
    }
  }

  /**
   * Initialises {@code org.jocl.CL} without its native code writing "Could not load ..." to the
   * standard output, where results belong. The log level of that code can only be set between two
   * steps of CL's static initialiser, and JOCL announces these steps to nobody but its logger.
   * After the message "... DONE" the native code is there, and this thread, which initialises CL,
   * may already call it.
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
      if (silenced[0]) { // Otherwise another thread was first, and the level is its own.
        CL.setLogLevel(CL.LogLevel.LOG_ERROR); // JOCL's default
      }
    } finally {
      logger.setFilter(filter);
      logger.setLevel(level);
    }
  }

  static String explain(Throwable failure, String shared) {
    String text = String.valueOf(failure.getMessage());
    if (text.contains("Could not initialize native OpenCL library")) {
      return "no OpenCL loader could be loaded: " + Drivers.advice();
    }
    if (text.contains("failed to map segment")) {
      return "the temporary directory "
          + shared
          + " forbids execution (noexec), so JOCL's native"
          + " library cannot be loaded: start Java with -Djava.io.tmpdir=<another directory>";
    }
    return "JOCL's native library could not be loaded ("
        + oneLine(failure)
        + ")"
        + NO_DRIVER
        + "on Linux it takes glibc and libstdc++; or take cpu:vector";
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
      // It is left for the system to clean up: nothing depends on it.
    }
    if (!directory.toFile().delete()) {
      directory.toFile().deleteOnExit();
    }
  }
}
