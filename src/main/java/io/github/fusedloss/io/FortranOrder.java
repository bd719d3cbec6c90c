package io.github.fusedloss.io;

import java.util.Arrays;

/**
 * Walks a non-empty array's elements with the first axis fastest, and gives each one's place in C
 * order.
 */
final class FortranOrder {
  private final int[] shape;
  private final int[] strides;
  private final int[] index;
  private int place;

  /** The product of the shape must be positive and fit an int. */
  FortranOrder(long[] fullShape) {
    // Axes of length 1 are left out: a hostile header has 64 of them. Without them a step carries
    // once on average.
    shape = Arrays.stream(fullShape).filter(n -> n > 1).mapToInt(Math::toIntExact).toArray();
    strides = new int[shape.length];
    int stride = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape[axis];
    }
    index = new int[shape.length];
  }

  /** Writes the C-order positions of the next {@code count} elements. */
  void next(int[] places, int count) {
    for (int i = 0; i < count; i++) {
      places[i] = place;
      for (int axis = 0; axis < shape.length; axis++) {
        place += strides[axis];
        if (++index[axis] < shape[axis]) {
          break;
        }
        place -= shape[axis] * strides[axis];
        index[axis] = 0;
      }
    }
  }
}
