package io.github.fusedloss.backend;

/**
 * A weight broadcast over the elements of an input: element i of the input meets element {@code ((i
 * + first) / repeat) % period} of the values.
 *
 * @param values float32, {@code period} elements
 * @param repeat how many consecutive elements share a value, at least 1
 * @param period how many values there are before they start again, at least 1
 * @param first where the input begins in a larger one, or 0
 */
public record Operand(Memory values, long repeat, long period, long first) {
  /** Makes the weight of a whole input. */
  public Operand(Memory values, long repeat, long period) {
    this(values, repeat, period, 0);
  }
}
