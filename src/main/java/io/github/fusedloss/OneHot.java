package io.github.fusedloss;

import java.util.stream.IntStream;

/** Turns class indices into class probabilities, as PyTorch's {@code one_hot}. */
public final class OneHot {
  private OneHot() {}

  /**
   * Returns one row of {@code classes} floats for each index: 1 at the index, 0 elsewhere.
   *
   * @param indices each in [0, classes)
   * @param classes at least 1
   * @return indices.length * classes floats, row by row
   * @throws IndexOutOfBoundsException if an index is out of range
   * @throws IllegalArgumentException if classes is below 1 or the result does not fit an array
   */
  public static float[] encode(long[] indices, int classes) {
    float[] rows = rows(Checks.given("indices", indices).length, classes);
    for (int i = 0; i < indices.length; i++) {
      long index = indices[i];
      if (index < 0 || index >= classes) {
        throw outOfRange(i, index, classes);
      }
      rows[i * classes + (int) index] = 1f;
    }
    return rows;
  }

  /** Encodes int indices as {@link #encode(long[], int)} encodes longs. */
  public static float[] encode(int[] indices, int classes) {
    Checks.given("indices", indices);
    return encode(IntStream.of(indices).asLongStream().toArray(), classes);
  }

  private static float[] rows(int count, int classes) {
    if (classes < 1) {
      throw new IllegalArgumentException("classes must be at least 1, got " + classes);
    }
    if ((long) count * classes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "indices.length * classes must fit an array, got " + (long) count * classes);
    }
    return new float[count * classes];
  }

  private static IndexOutOfBoundsException outOfRange(int i, long index, int classes) {
    return new IndexOutOfBoundsException(
        "indices[" + i + "] must be in [0, " + classes + "), got " + index);
  }
}
