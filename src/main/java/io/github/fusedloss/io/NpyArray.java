package io.github.fusedloss.io;

/**
 * The content of one {@code .npy} file: a type, a shape, and the values in C order (last axis
 * fastest), whichever order the file had.
 *
 * <p>The values are in one of {@link #shorts()}, {@link #floats()}, {@link #ints()} and {@link
 * #longs()}, depending on {@link #type()}. These return the array itself, not a copy, since it may
 * be gigabytes: whoever writes into it changes what others see.
 */
public final class NpyArray {
  private final NpyType type;
  private final long[] shape;
  private final int size;
  private final Object values;

  /** Takes ownership of both arrays. */
  NpyArray(NpyType type, long[] shape, int size, Object values) {
    this.type = type;
    this.shape = shape;
    this.size = size;
    this.values = values;
  }

  /**
   * The type in the file.
   *
   * @return never null
   */
  public NpyType type() {
    return type;
  }

  /**
   * The dimensions, outermost first.
   *
   * @return a fresh copy; length 0 for a scalar (0-d) array
   */
  public long[] shape() {
    return shape.clone();
  }

  /**
   * The number of elements.
   *
   * @return the product of the shape, 1 for a 0-d array
   */
  public long size() {
    return size;
  }

  /**
   * Whether {@link #floats()} were converted from another floating-point type.
   *
   * @return true for F8 (rounded to nearest even)
   */
  public boolean converted() {
    return type == NpyType.F8;
  }

  /**
   * The bits of the numbers of an F2 or BF16 array.
   *
   * @return in C order; the array itself
   * @throws IllegalStateException for the other types
   */
  public short[] shorts() {
    return as(short[].class, "shorts()");
  }

  /**
   * The values of an array of floating-point numbers.
   *
   * @return in C order; the array itself, but of 16-bit types a new one
   * @throws IllegalStateException for the integer types
   */
  public float[] floats() {
    if (values instanceof short[] shorts) {
      float[] floats = new float[shorts.length];
      for (int i = 0; i < shorts.length; i++) {
        floats[i] = type.decode(shorts[i]);
      }
      return floats;
    }
    return as(float[].class, "floats()");
  }

  /**
   * The values of an I4, I2, I1, U2, U1 or B1 (0 or 1) array.
   *
   * @return in C order; the array itself
   * @throws IllegalStateException for the other types
   */
  public int[] ints() {
    return as(int[].class, "ints()");
  }

  /**
   * Whether the values are in {@link #longs()}.
   *
   * @return true for I8, U8 and U4
   */
  public boolean isLong() {
    return values instanceof long[];
  }

  /**
   * The values of an I8, U8 or U4 array.
   *
   * @return in C order; the array itself
   * @throws IllegalStateException for the other types
   */
  public long[] longs() {
    return as(long[].class, "longs()");
  }

  /** Returns the array itself, of any type. */
  Object values() {
    return values;
  }

  private <A> A as(Class<A> array, String asked) {
    if (array.isInstance(values)) {
      return array.cast(values);
    }
    String right = type.isFloating() ? "floats()" : isLong() ? "longs()" : "ints()";
    throw new IllegalStateException(
        "expected " + right + " for an array of type " + type + ", came " + asked);
  }

  /** Returns the type and shape, not the values. */
  @Override
  public String toString() {
    return "NpyArray[" + type + ", " + NpyHeader.tuple(shape) + "]";
  }
}
