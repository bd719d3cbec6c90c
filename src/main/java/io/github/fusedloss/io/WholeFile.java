package io.github.fusedloss.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes text files that appear whole or not at all, as {@link NpyWriter} does. */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Writes a file in UTF-8.
   *
   * @param file where to; its directory must exist
   * @throws IOException if it cannot be written; one line that names it and says why
   */
  public static void write(Path file, String text) throws IOException {
    Path target = NpyWriter.destination(file);
    try (TemporaryFile temporary = new TemporaryFile(target)) {
      NpyWriter.writeAll(
          temporary.channel(), ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      temporary.channel().force(true);
      temporary.move();
    } catch (NpyException e) {
      throw e;
    } catch (IOException e) {
      throw NpyException.io(file, "cannot be written", e);
    }
  }
}
