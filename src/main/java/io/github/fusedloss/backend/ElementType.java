package io.github.fusedloss.backend;

/** What the elements of a {@link Memory} are. */
public enum ElementType {
  /** IEEE 754 binary32. */
  FLOAT32(4),
  /** 32-bit signed integer. */
  INT32(4),
  /** 64-bit signed integer. */
  INT64(8);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Size of one element in bytes. */
  public int bytes() {
    return bytes;
  }
}
