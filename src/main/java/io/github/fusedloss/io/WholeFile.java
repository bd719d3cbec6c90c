package io.github.fusedloss.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Writes text files that appear whole or not at all, as {@link NpyWriter} does. */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Writes a file in UTF-8, and makes the directories for it that do not exist.
   *
   * @param file where to
   * @throws IOException if it cannot be written; one line that names it and says why. Directories
   *     that were made for it have been removed then
   */
  public static void write(Path file, String text) throws IOException {
    Deque<Path> made = new ArrayDeque<>();
    try {
      makeDirectory(file.toAbsolutePath().getParent(), made);
      Path target = NpyWriter.destination(file);
      try (TemporaryFile temporary = new TemporaryFile(target)) {
        NpyWriter.writeAll(
            temporary.channel(), ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        temporary.channel().force(true);
        temporary.move();
      }
      made.clear();
    } catch (NpyException e) {
      throw e;
    } catch (IOException e) {
      throw NpyException.io(file, "cannot be written", e);
    } finally {
      remove(made);
    }
  }

  /**
   * Makes a directory and those around it; {@code made} receives those that did not exist, the
   * innermost first.
   */
  private static void makeDirectory(Path directory, Deque<Path> made) throws IOException {
    if (directory == null || Files.isDirectory(directory)) {
      return;
    }
    makeDirectory(directory.getParent(), made);
    try {
      Files.createDirectory(directory);
      made.push(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
  }

  private static void remove(Deque<Path> made) {
    try {
      while (!made.isEmpty()) {
        Files.delete(made.pop());
      }
    } catch (IOException e) {
      // Another program has put something there, so it stays.
    }
  }
}
