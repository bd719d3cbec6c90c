package io.github.fusedloss.cli;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command writes: results to out, everything else to err.
 *
 * @param terminal of a person who watches; null if there is none
 */
record Console(PrintStream out, PrintStream err, PrintStream terminal) {
  /**
   * The file of the terminal that stderr is, which the launcher names: Java cannot ask for it. What
   * goes to stderr itself passes through the launcher, and would meet stdout in any order.
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
      return null; // Another user's, after su.
    }
  }

  /** Progress. */
  void progress(String text) {
    if (terminal != null) {
      terminal.print("\r\u001b[K" + text);
      terminal.flush();
    }
  }
}
