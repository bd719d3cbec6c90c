package io.github.fusedloss.reference;

/**
 * The (N, C, inner) view of a flat array: which elements make up row {@code r = n * inner + k}.
 *
 * @param n size before the class axis, at least 0
 * @param classes size of the class axis, at least 1
 * @param inner product of the sizes behind the class axis, at least 0
 */
record RowLayout(int n, int classes, int inner) {
  RowLayout {
    requireAtLeast("n", n, 0);
    requireAtLeast("classes", classes, 1);
    requireAtLeast("inner", inner, 0);
    // Arrays cannot be longer, so the index arithmetic below may use ints.
    if ((double) n * classes * inner > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "n * classes * inner: expected at most 2^31 - 1, got "
              + n
              + " * "
              + classes
              + " * "
              + inner);
    }
  }

  int rows() {
    return n * inner;
  }

  int elements() {
    return n * classes * inner;
  }

  /** Returns where class {@code c} of row {@code r} is in the flat array. */
  int index(int r, int c) {
    return (r / inner * classes + c) * inner + r % inner;
  }

  /** Returns row {@code r} of a flat array, as C doubles. */
  double[] row(float[] array, int r) {
    double[] row = new double[classes];
    for (int c = 0; c < classes; c++) {
      row[c] = array[index(r, c)];
    }
    return row;
  }

  static void requireLength(String name, int actual, int expected) {
    if (actual != expected) {
      throw new IllegalArgumentException(
          name + ": expected " + expected + " elements, got " + actual);
    }
  }

  private static void requireAtLeast(String name, int actual, int least) {
    if (actual < least) {
      throw new IllegalArgumentException(name + ": expected at least " + least + ", got " + actual);
    }
  }
}
