package io.github.fusedloss.cli;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command writes: results to out, everything else to err.
 *
 * @param terminal the terminal of a person who watches; null if there is none
 */
record Console(PrintStream out, PrintStream err, PrintStream terminal) {
  /**
   * The property with the file of the terminal that is stderr. The launcher sets it, because Java
   * cannot ask for it. What goes to stderr itself passes through the launcher, and may come before
   * or after what goes to stdout.
   */
  static final String TERMINAL = "fusedloss.stderr.terminal";

  static Console of(PrintStream out, PrintStream err) {
    return new Console(out, err, terminal(System.getProperty(TERMINAL)));
  }

  private static PrintStream terminal(String file) {
    try {
      return file == null
          ? null
          : new PrintStream(new FileOutputStream(file, true), true, StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      return null; // It is another user's terminal, after su.
    }
  }

  /** Shows progress, if there is a terminal. */
  void progress(String text) {
    if (terminal != null) {
      terminal.print("\r\u001b[K" + text);
      terminal.flush();
    }
  }
}
