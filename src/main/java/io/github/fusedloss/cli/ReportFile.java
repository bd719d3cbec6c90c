package io.github.fusedloss.cli;

import io.github.fusedloss.ClassificationSummary;
import io.github.fusedloss.io.NpyWriter;
import io.github.fusedloss.io.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * The file of {@code --report}. Its place is checked before anything is computed. Directories that
 * do not exist are made when there is something to put into them.
 */
final class ReportFile {
  private final EvaluationPage page = new EvaluationPage();
  private final Path file;

  /**
   * Checks that the report can be written to a directory.
   *
   * @param inputs files that the command reads, which the report must not replace
   */
  ReportFile(FileName directory, List<FileName> inputs) {
    file = directory.path().resolve("index.html");
    Path there = existing(directory.path().toAbsolutePath());
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      throw Failure.input(
          "--report must be a directory that can be written, got " + directory.typed());
    }
    if (Files.exists(directory.path())) {
      new ResultFiles(inputs).refuseOverwriting(directory, destination());
    }
  }

  /** Returns the part of a directory's path that exists; a link that leads nowhere exists. */
  private static Path existing(Path directory) {
    Path there = directory;
    while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
      there = there.getParent();
    }
    return there;
  }

  private Path destination() {
    try {
      return NpyWriter.destination(file);
    } catch (IOException e) {
      throw Failure.input("--report must be a directory for a page: " + e.getMessage());
    }
  }

  void write(ClassificationSummary summary, List<Integer> topK) {
    try {
      WholeFile.write(file, page.of(summary, topK));
    } catch (IOException e) {
      throw new Failure(Failure.FAILED, e.getMessage());
    }
  }
}
