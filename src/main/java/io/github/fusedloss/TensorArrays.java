package io.github.fusedloss;

import io.github.fusedloss.backend.HostMemory;
import java.util.Arrays;
import java.util.function.Consumer;

/** Copies between a {@link Tensor} and arrays of other types. */
final class TensorArrays {
  private TensorArrays() {}

  /** Returns the values, each rounded once to the nearest float. */
  static float[] rounded(double[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }

  /** Returns the rows one after the other; throws unless they are equally long. */
  static float[] joined(float[][] rows) {
    int length = rows.length == 0 || rows[0] == null ? 0 : rows[0].length;
    if ((long) rows.length * length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "rows must have at most 2^31 - 9 elements together, which an array can hold, got "
              + rows.length
              + " rows of "
              + length);
    }
    float[] values = new float[rows.length * length];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] == null || rows[i].length != length) {
        throw new IllegalArgumentException(
            "rows must be equally long, "
                + length
                + ", got "
                + (rows[i] == null ? "null" : rows[i].length)
                + " at row "
                + i);
      }
      System.arraycopy(rows[i], 0, values, i * length, length);
    }
    return values;
  }

  /**
   * Returns n integers or truth values of a type as longs.
   *
   * @param download fills memory of that type
   */
  static long[] integers(ElementType type, int n, Consumer<HostMemory> download) {
    long[] values = new long[n];
    switch (type) {
      case INT64 -> download.accept(HostMemory.of(values));
      case INT32 -> {
        int[] ints = new int[n];
        download.accept(HostMemory.of(ints));
        Arrays.setAll(values, i -> ints[i]);
      }
      case INT16 -> {
        short[] shorts = new short[n];
        download.accept(HostMemory.of(type, shorts));
        Arrays.setAll(values, i -> shorts[i]);
      }
      case BOOL -> {
        boolean[] booleans = new boolean[n];
        download.accept(HostMemory.of(booleans));
        Arrays.setAll(values, i -> booleans[i] ? 1 : 0);
      }
      default -> {
        byte[] bytes = new byte[n];
        download.accept(HostMemory.of(type, bytes));
        boolean signed = type == ElementType.INT8;
        Arrays.setAll(values, i -> signed ? bytes[i] : Byte.toUnsignedInt(bytes[i]));
      }
    }
    return values;
  }
}
