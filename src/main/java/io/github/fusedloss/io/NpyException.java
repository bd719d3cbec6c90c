package io.github.fusedloss.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * A {@code .npy} file is not what it should be.
 *
 * <p>The message is one printable line: the file, the place in it (a byte offset or a header key),
 * what was expected and what came. Text taken from the file is escaped and cut to a few dozen
 * characters.
 */
public final class NpyException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * The most characters that are quoted: enough to recognise a value, and too few to flood a log.
   */
  private static final int MAX_QUOTED = 60;

  NpyException(Path file, String place, String expected, String came) {
    super(name(file) + ": " + place + ": expected " + expected + ", came " + came);
  }

  /** Returns the same failure with a one-line message that names the file the caller asked for. */
  static IOException io(Path file, String doing, IOException cause) {
    return new IOException(name(file) + ": " + doing + ": " + reason(cause), cause);
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException f) {
      return escape(f.getFile() + " is no directory", Integer.MAX_VALUE);
    }
    if (e instanceof ClosedByInterruptException) {
      return "the thread was interrupted";
    }
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return escape(f.getReason(), Integer.MAX_VALUE);
    }
    if (e instanceof EOFException && e.getMessage() == null) {
      return "it ends early";
    }
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return escape(message, Integer.MAX_VALUE);
  }

  /** Returns a path as messages show it: whole, but on one line. */
  static String name(Path file) {
    return escape(file.toString(), Integer.MAX_VALUE);
  }

  /** Returns text from a file as messages show it: quoted, escaped, bounded. */
  static String quote(String text) {
    return "'" + escape(text, MAX_QUOTED) + "'";
  }

  /** Replaces whatever could break or disguise a line of output by backslash-u escapes. */
  static String escape(String text, int limit) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (out.length() >= limit) {
        return out.append("...").toString();
      }
      char c = text.charAt(i);
      if (isUnprintable(c)) {
        out.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static boolean isUnprintable(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT, // among them the marks that reverse the direction of writing
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }
}
