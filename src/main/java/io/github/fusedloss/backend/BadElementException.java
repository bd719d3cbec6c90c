package io.github.fusedloss.backend;

import java.util.Arrays;

/**
 * An element of an argument is out of range, so that the task cannot be computed: the caller's
 * mistake. If several elements are, the one at the lowest position is named, whichever executor
 * computes. At the same position the input comes before the target. Executors, which count
 * positions, throw this exception. The code that faces the caller knows the shape, and throws
 * {@link #forCaller} instead.
 */
public final class BadElementException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean index;
  private final String argument;
  private final long position;
  private final String problem;

  private BadElementException(boolean index, String argument, long position, String problem) {
    super(argument + "[" + position + "] " + problem);
    this.index = index;
    this.argument = argument;
    this.position = position;
    this.problem = problem;
  }

  /** Makes the exception for an index that is out of range. */
  static BadElementException index(String argument, long position, String wanted, long got) {
    return new BadElementException(true, argument, position, "must be " + wanted + ", got " + got);
  }

  /** Makes the exception for a number that is out of range. */
  static BadElementException value(String argument, long position, String wanted, float got) {
    return new BadElementException(false, argument, position, "must be " + wanted + ", got " + got);
  }

  /** Returns the name of the argument. */
  public String argument() {
    return argument;
  }

  /** Returns the position of the element in C order. */
  public long position() {
    return position;
  }

  /**
   * Returns the exception for the caller, an IndexOutOfBoundsException or IllegalArgumentException.
   * It names the element's index: {@code target[1, 2] must be ...}.
   *
   * @param shape the shape of the argument
   */
  public RuntimeException forCaller(long[] shape) {
    long[] at = new long[shape.length];
    long rest = position;
    for (int i = shape.length - 1; i >= 0; i--) {
      at[i] = rest % shape[i];
      rest /= shape[i];
    }
    String message = argument + (at.length == 0 ? "" : Arrays.toString(at)) + " " + problem;
    return index ? new IndexOutOfBoundsException(message) : new IllegalArgumentException(message);
  }
}
