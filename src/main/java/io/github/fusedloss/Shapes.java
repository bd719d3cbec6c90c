package io.github.fusedloss;

import java.util.Arrays;

/** Shapes of tensors: dimensions, outermost first. */
final class Shapes {
  private Shapes() {}

  /**
   * Returns the number of elements of a shape. A dimension of 0 does not excuse the others: the
   * product of any dimensions of a tensor is below 2^63, so that whoever multiplies them need not
   * check.
   */
  static long size(long[] shape) {
    long size = 1;
    boolean empty = false;
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException(
            "shape must have no negative dimension, got " + text(shape));
      }
      empty |= dimension == 0;
    }
    for (long dimension : shape) {
      try {
        size = Math.multiplyExact(size, dimension == 0 ? 1 : dimension);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            "shape must have dimensions whose product is below 2^63, those of 0 left out, got "
                + text(shape),
            e);
      }
    }
    return empty ? 0 : size;
  }

  /** Returns a shape as Python writes it: (2, 3), (5,), (). */
  static String text(long[] shape) {
    String dimensions = Arrays.toString(shape);
    dimensions = dimensions.substring(1, dimensions.length() - 1);
    return "(" + dimensions + (shape.length == 1 ? ",)" : ")");
  }
}
