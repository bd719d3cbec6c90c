package io.github.fusedloss;

import io.github.fusedloss.backend.RowShape;

/**
 * A tensor seen as rows along its class axis: axis 1, or axis 0 of one dimension.
 *
 * @param dimensions of the tensor
 */
record ClassAxis(RowShape shape, long[] dimensions) {

  static ClassAxis of(String name, Tensor tensor) {
    long[] shape = tensor.dimensions();
    if (shape.length == 0) {
      throw new IllegalArgumentException(
          name + " must have a class axis, (C), (N, C) or (N, C, d1, ...), got ()");
    }
    int axis = shape.length == 1 ? 0 : 1;
    if (shape[axis] > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          name + " must have fewer than 2^31 classes, got " + shape[axis]);
    }
    long inner = 1;
    for (int i = axis + 1; i < shape.length; i++) {
      inner *= shape[i];
    }
    return new ClassAxis(new RowShape(axis == 0 ? 1 : shape[0], (int) shape[axis], inner), shape);
  }

  int classes() {
    return shape.classes();
  }

  long rows() {
    return shape.rows();
  }

  /** The shape without the class axis. */
  long[] rowShape() {
    long[] shape = new long[dimensions.length - 1];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = rowDimension(i);
    }
    return shape;
  }

  private long rowDimension(int i) {
    return dimensions[i == 0 ? 0 : i + 1];
  }

  /** Whether a tensor has {@link #rowShape()}. */
  boolean hasOneEach(Tensor tensor) {
    boolean same = tensor.rank() == dimensions.length - 1;
    for (int i = 0; same && i < tensor.rank(); i++) {
      same = tensor.dimensions()[i] == rowDimension(i);
    }
    return same;
  }

  void needClasses() {
    if (classes() == 0) {
      throw new IllegalArgumentException("input must have at least one class, got none");
    }
  }
}
