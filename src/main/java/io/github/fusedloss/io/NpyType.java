package io.github.fusedloss.io;

import io.github.fusedloss.ElementType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The element types that are read from files. The floating-point types are also written to {@code
 * .npy} files.
 *
 * <p>They are little-endian, or big-endian if a file says so with {@code >}. {@code '=f4'} and
 * {@code 'f4'} mean "the order of the machine that wrote it", which the reader cannot know. They
 * are refused, as are all other types.
 */
public enum NpyType {
  /** IEEE binary16; held as its bits. */
  F2("<f2", 2),
  /**
   * The upper half of a binary32; held as its bits. NumPy has no name for it: what ml_dtypes saves
   * is described as two bytes of anything.
   */
  BF16("<V2", 2),
  /** IEEE binary32. */
  F4("<f4", 4),
  /** IEEE binary64; held as {@code float}, rounded to nearest even. */
  F8("<f8", 8),
  /** Signed 32-bit integer. */
  I4("<i4", 4),
  /** Signed 64-bit integer. */
  I8("<i8", 8),
  /** Unsigned 8-bit integer; held as {@code int}. */
  U1("|u1", 1),
  /** Signed 8-bit integer; held as {@code int}. */
  I1("|i1", 1),
  /** Signed 16-bit integer; held as {@code int}. */
  I2("<i2", 2),
  /** Unsigned 16-bit integer; held as {@code int}. */
  U2("<u2", 2),
  /** Unsigned 32-bit integer; held as {@code long}. */
  U4("<u4", 4),
  /** Unsigned 64-bit integer; held as {@code long}, from 2^63 on as 2^63 - 1. */
  U8("<u8", 8),
  /** Truth values, a byte each; held as {@code int}, 1 for all but 0. */
  B1("|b1", 1);

  /** The accepted descriptions, for messages. */
  static final String ACCEPTED =
      Arrays.stream(values()).map(t -> "'" + t.descr + "'").collect(Collectors.joining(", "));

  private final String descr;
  private final int bytes;

  NpyType(String descr, int bytes) {
    this.descr = descr;
    this.bytes = bytes;
  }

  /**
   * NumPy's name for this type.
   *
   * @return as headers spell it, such as {@code <f4}
   */
  public String descr() {
    return descr;
  }

  /**
   * The size of an element.
   *
   * @return bytes in a file
   */
  public int bytes() {
    return bytes;
  }

  /**
   * Whether the values are floating-point numbers.
   *
   * @return true for F2, BF16, F4 and F8
   */
  public boolean isFloating() {
    return isSixteenBit() || this == F4 || this == F8;
  }

  /**
   * Whether the values are floating-point numbers held as bits.
   *
   * @return true for F2 and BF16
   */
  public boolean isSixteenBit() {
    return this == F2 || this == BF16;
  }

  /** Returns the value of a number of a 16-bit floating-point type. */
  float decode(short bits) {
    return (this == F2 ? ElementType.FLOAT16 : ElementType.BFLOAT16).decode(bits);
  }

  /** Returns the bytes that a value takes in memory. */
  int heldBytes() {
    return isSixteenBit() ? Short.BYTES : isLong() ? Long.BYTES : Integer.BYTES;
  }

  private boolean isLong() {
    return this == I8 || this == U4 || this == U8;
  }

  /** Makes an array for so many values: a short[], float[], int[] or long[]. */
  Object array(int size) {
    if (isSixteenBit()) {
      return new short[size];
    }
    if (isFloating()) {
      return new float[size];
    }
    return isLong() ? new long[size] : new int[size];
  }

  /** Decodes the elements of a buffer from its beginning on, in the buffer's order. */
  void decode(ByteBuffer in, Object out, int at, int count) {
    switch (this) {
      case F2, BF16 -> in.asShortBuffer().get((short[]) out, at, count);
      case F4 -> in.asFloatBuffer().get((float[]) out, at, count);
      case I4 -> in.asIntBuffer().get((int[]) out, at, count);
      case I8 -> in.asLongBuffer().get((long[]) out, at, count);
      case F8 -> {
        float[] floats = (float[]) out;
        for (int i = 0; i < count; i++) {
          floats[at + i] = (float) in.getDouble(8 * i);
        }
      }
      case U4, U8 -> {
        long[] longs = (long[]) out;
        for (int i = 0; i < count; i++) {
          longs[at + i] = unsigned(in, i);
        }
      }
      default -> {
        int[] ints = (int[]) out;
        for (int i = 0; i < count; i++) {
          ints[at + i] = small(in, i);
        }
      }
    }
  }

  private long unsigned(ByteBuffer in, int i) {
    if (this == U4) {
      return Integer.toUnsignedLong(in.getInt(4 * i));
    }
    long value = in.getLong(8 * i);
    return value < 0 ? Long.MAX_VALUE : value;
  }

  private int small(ByteBuffer in, int i) {
    return switch (this) {
      case U1 -> Byte.toUnsignedInt(in.get(i));
      case I1 -> in.get(i);
      case B1 -> in.get(i) == 0 ? 0 : 1;
      case I2 -> in.getShort(2 * i);
      default -> Short.toUnsignedInt(in.getShort(2 * i));
    };
  }

  /**
   * Returns the type that a header's {@code descr} names, in either order, or null. A single byte
   * has no order, and NumPy says that BF16, two bytes of anything, has none.
   */
  static NpyType of(String descr) {
    for (NpyType type : values()) {
      boolean unordered = type.bytes == 1 || type == BF16;
      String name = type.descr.substring(1);
      if (descr.equals('<' + name)
          || descr.equals('>' + name)
          || unordered && descr.equals('|' + name)) {
        return type;
      }
    }
    return null;
  }
}
