package io.github.fusedloss.cli;

import java.io.PrintStream;

/** Where a command writes: results to out, everything else to err. */
record Console(PrintStream out, PrintStream err) {
  /** Progress, for a person who watches. */
  void progress(String text) {
    if (Boolean.getBoolean("fusedloss.stderr.terminal")) {
      err.print("\r\u001b[K" + text);
      err.flush();
    }
  }
}
