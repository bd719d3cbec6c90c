package io.github.fusedloss.cli;

/** Ends a command with one line on stderr and an exit code. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The exit code if the work was begun, and failed. */
  static final int FAILED = 1;

  /** The exit code for bad usage or bad input. */
  static final int BAD_INPUT = 2;

  final int code;

  Failure(int code, String message) {
    super(message);
    this.code = code;
  }

  static Failure input(String message) {
    return new Failure(BAD_INPUT, message);
  }
}
