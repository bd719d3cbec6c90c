package io.github.fusedloss;

/**
 * A tensor seen as rows along its class axis: axis 1, or axis 0 of one dimension.
 *
 * @param batch product of the dimensions before the class axis
 * @param classes the class axis
 * @param inner product of the dimensions behind the class axis
 * @param rowShape the shape without the class axis
 */
record Rows(long batch, int classes, long inner, long[] rowShape) {

  static Rows of(String name, Tensor tensor) {
    long[] shape = tensor.shape();
    if (shape.length == 0) {
      throw new IllegalArgumentException(
          name + " must have a class axis, (C), (N, C) or (N, C, d1, ...), got ()");
    }
    int axis = shape.length == 1 ? 0 : 1;
    if (shape[axis] > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          name + " must have fewer than 2^31 classes, got " + shape[axis]);
    }
    long[] rowShape = new long[shape.length - 1];
    for (int i = 0; i < rowShape.length; i++) {
      rowShape[i] = shape[i < axis ? i : i + 1];
    }
    long inner = 1;
    for (int i = axis + 1; i < shape.length; i++) {
      inner *= shape[i];
    }
    return new Rows(axis == 0 ? 1 : shape[0], (int) shape[axis], inner, rowShape);
  }

  long rows() {
    return batch * inner;
  }

  void needClasses() {
    if (classes == 0) {
      throw new IllegalArgumentException("input must have at least one class, got none");
    }
  }
}
