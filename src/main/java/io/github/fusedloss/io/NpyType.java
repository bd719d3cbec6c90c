package io.github.fusedloss.io;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The element types that are read from and written to {@code .npy} files.
 *
 * <p>All are little-endian. A file must say so: {@code '=f4'} and {@code 'f4'} mean "the order of
 * the machine that wrote it", which the reader cannot know, and are refused with all other types.
 */
public enum NpyType {
  /** IEEE binary16; held as its bits. */
  F2("<f2", 2),
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
   * @return true for F2, F4 and F8
   */
  public boolean isFloating() {
    return this == F2 || this == F4 || this == F8;
  }

  /** The type a header's {@code descr} names, or null. A single byte has no order: <u1 is |u1. */
  static NpyType of(String descr) {
    for (NpyType type : values()) {
      if (type.descr.equals(descr)
          || type.bytes == 1 && type.descr.replace('|', '<').equals(descr)) {
        return type;
      }
    }
    return null;
  }
}
