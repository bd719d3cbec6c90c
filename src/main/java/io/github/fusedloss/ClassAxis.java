package io.github.fusedloss;

import io.github.fusedloss.backend.Option;
import io.github.fusedloss.backend.RowShape;

/**
 * A tensor seen as rows along its class axis.
 *
 * @param dimensions the dimensions of the tensor
 * @param axis which of these dimensions holds the classes
 */
record ClassAxis(RowShape shape, long[] dimensions, int axis) {
  /** Sees a tensor along the default axis: axis 1, or axis 0 of a tensor of one dimension. */
  static ClassAxis of(String name, Tensor tensor) {
    return of(name, tensor, (Long) Option.CLASS_AXIS.defaultValue());
  }

  /**
   * Sees a tensor along a given axis.
   *
   * @param given from -1 down it counts from the last axis. A tensor of one dimension has no axis
   *     1, so that the default, 1, means axis 0
   */
  static ClassAxis of(String name, Tensor tensor, long given) {
    long[] shape = tensor.dimensions();
    if (shape.length == 0) {
      throw new IllegalArgumentException(
          name + " must have a class axis, (C), (N, C) or (N, C, d1, ...), got ()");
    }
    long axis = given < 0 ? given + shape.length : given;
    if (shape.length == 1 && given == (Long) Option.CLASS_AXIS.defaultValue()) {
      axis = 0;
    }
    if (axis < 0 || axis >= shape.length) {
      throw new IllegalArgumentException(
          "classAxis must be an axis of the "
              + name
              + " "
              + Shapes.text(shape)
              + ", from "
              + -shape.length
              + " to "
              + (shape.length - 1)
              + ", got "
              + given);
    }
    return of(name, shape, (int) axis);
  }

  private static ClassAxis of(String name, long[] shape, int axis) {
    if (shape[axis] > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          name + " must have fewer than 2^31 classes, got " + shape[axis]);
    }
    long batch = 1;
    for (int i = 0; i < axis; i++) {
      batch *= shape[i];
    }
    long inner = 1;
    for (int i = axis + 1; i < shape.length; i++) {
      inner *= shape[i];
    }
    return new ClassAxis(new RowShape(batch, (int) shape[axis], inner), shape, axis);
  }

  int classes() {
    return shape.classes();
  }

  long rows() {
    return shape.rows();
  }

  /** Returns the shape without the class axis. */
  long[] rowShape() {
    long[] shape = new long[dimensions.length - 1];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = rowDimension(i);
    }
    return shape;
  }

  private long rowDimension(int i) {
    return dimensions[i < axis ? i : i + 1];
  }

  /** Returns whether a tensor has the shape {@link #rowShape()}. */
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
