package io.github.fusedloss.backend;

/**
 * An element of an argument is none that the task can be computed with: the caller's mistake. Of
 * several the one at the lowest position is named, whichever executor computes; at the same
 * position the input's before the target's. Executors throw it, and what faces the caller throws
 * {@link #forCaller()} instead.
 */
public final class BadElementException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean index;
  private final String argument;
  private final long position;

  private BadElementException(
      boolean index, String argument, long position, String wanted, String got) {
    super(argument + "[" + position + "] must be " + wanted + ", got " + got);
    this.index = index;
    this.argument = argument;
    this.position = position;
  }

  /** For an index that is out of range. */
  static BadElementException index(String argument, long position, String wanted, long got) {
    return new BadElementException(true, argument, position, wanted, Long.toString(got));
  }

  /** For a number that is out of range. */
  static BadElementException value(String argument, long position, String wanted, float got) {
    return new BadElementException(false, argument, position, wanted, Float.toString(got));
  }

  /** Name of the argument. */
  public String argument() {
    return argument;
  }

  /** Position of the element in C order. */
  public long position() {
    return position;
  }

  /** What to throw to the caller: IndexOutOfBoundsException or IllegalArgumentException. */
  public RuntimeException forCaller() {
    return index
        ? new IndexOutOfBoundsException(getMessage())
        : new IllegalArgumentException(getMessage());
  }
}
