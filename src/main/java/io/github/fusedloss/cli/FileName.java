package io.github.fusedloss.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A file that was named on the command line.
 *
 * @param argument the library's name for its content, such as {@code posWeight}
 * @param flag the flag that it was given for, such as {@code --pos-weight}
 * @param typed the name as the user typed it
 */
record FileName(String argument, String flag, String typed, Path path) {
  /** Makes a file name; null if none was given. */
  static FileName of(String argument, String flag, String typed) {
    return typed == null ? null : new FileName(argument, flag, typed, path(flag, typed));
  }

  private static Path path(String flag, String text) {
    if (text.isEmpty()) {
      throw Failure.input(flag + " must be a file name, got an empty one");
    }
    try {
      Path path = Path.of(text);
      if (text.indexOf('\ufffd') < 0 || Files.exists(path)) {
        return path;
      }
    } catch (InvalidPathException e) {
      if (text.indexOf('\0') >= 0) {
        throw Failure.input(flag + " must be a file name, got one with a character 0");
      }
    }
    // The JVM decodes arguments and encodes file names by the locale alone.
    throw Failure.input(
        flag
            + " must be a file name in the encoding of the locale, "
            + System.getProperty("sun.jnu.encoding")
            + ", got "
            + text
            + ": set LC_ALL to a locale of the name's encoding, C.UTF-8 for most, or rename it");
  }
}
