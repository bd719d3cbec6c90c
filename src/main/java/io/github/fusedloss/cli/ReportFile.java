package io.github.fusedloss.cli;

import io.github.fusedloss.io.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The page of {@code --report}. Its place is checked before anything is computed; directories that
 * are not there are made when there is something to put into them.
 */
final class ReportFile {
  private final Path page;

  /**
   * In the directory.
   *
   * @param inputs of the command, which it must not replace
   */
  ReportFile(FileName directory, List<FileName> inputs) {
    page = directory.path().resolve("index.html");
    Path there = existing(directory.path().toAbsolutePath());
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      throw Failure.input(
          "--report must be a directory that can be written, got " + directory.typed());
    }
    if (Files.exists(directory.path())) {
      FileName file = new FileName(directory.argument(), "--report", page.toString(), page);
      new ResultFiles(inputs).check(file);
    }
  }

  /** The directory, or what is there of its path. */
  private static Path existing(Path directory) {
    Path there = directory;
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    return there;
  }

  void write(String text) {
    Deque<Path> made = new ArrayDeque<>();
    try {
      for (Path at = page.toAbsolutePath().getParent(); !Files.exists(at); at = at.getParent()) {
        made.push(at);
      }
      Files.createDirectories(page.getParent());
      WholeFile.write(page, text);
    } catch (IOException e) {
      remove(made);
      throw new Failure(Failure.FAILED, e.getMessage());
    }
  }

  /** Directories that are empty, the innermost last. */
  private static void remove(Deque<Path> made) {
    try {
      while (!made.isEmpty()) {
        Files.deleteIfExists(made.removeLast());
      }
    } catch (IOException e) {
      // Somebody put something there: it stays.
    }
  }
}
