package io.github.fusedloss;

/** What the elements of a tensor are. */
public enum ElementType {
  /** IEEE 754 binary32. */
  FLOAT32(4),
  /**
   * IEEE 754 binary16, for storage: elements are widened when read, and rounded once when written.
   */
  FLOAT16(2),
  /** The upper half of a binary32, for storage as with {@link #FLOAT16}. */
  BFLOAT16(2),
  /** 32-bit signed integer. */
  INT32(4),
  /** 64-bit signed integer. */
  INT64(8),
  /** Truth values: 1 is true, 0 false. */
  BOOL(1),
  /** 8-bit signed integer. */
  INT8(1),
  /** 8-bit unsigned integer. */
  UINT8(1),
  /** 16-bit signed integer. */
  INT16(2);

  private static final int INFINITY = 0x7f800000;

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Returns true for the three floating-point types. */
  public boolean isFloating() {
    return this == FLOAT32 || isSixteenBit();
  }

  /**
   * Returns true for {@link #FLOAT16} and {@link #BFLOAT16}, whose elements are held as bits in
   * shorts.
   */
  public boolean isSixteenBit() {
    return this == FLOAT16 || this == BFLOAT16;
  }

  /**
   * Returns the value of a number of this 16-bit type, which a float holds exactly.
   *
   * @param bits the bits of the number
   * @return the same number; a NaN stays some NaN
   * @throws IllegalStateException if this type does not have 16-bit floating-point numbers
   */
  public float decode(short bits) {
    if (this == BFLOAT16) {
      return Float.intBitsToFloat(bits << 16);
    }
    requireSixteenBit();
    int magnitude = bits & 0x7fff;
    // Multiplying is what moves the exponent to its place in a float; it is right for subnormal
    // halves too.
    float value =
        magnitude < 0x7c00
            ? Float.intBitsToFloat(magnitude << 13) * 0x1p112f
            : Float.intBitsToFloat(INFINITY | magnitude << 13);
    return Float.intBitsToFloat(Float.floatToRawIntBits(value) | (bits & 0x8000) << 16);
  }

  /**
   * Returns the number of this 16-bit type nearest to a value, ties to even. From half a spacing
   * above the largest number on, that is infinity.
   *
   * @param value any float
   * @return the bits of the number; 0x7e00 or 0x7fc0 for every NaN
   * @throws IllegalStateException if this type does not have 16-bit floating-point numbers
   */
  public short encode(float value) {
    int bits = Float.floatToRawIntBits(value);
    int magnitude = bits & 0x7fffffff;
    int sign = bits >>> 16 & 0x8000;
    if (this == BFLOAT16) {
      int rounded = magnitude + 0x7fff + (magnitude >>> 16 & 1) >>> 16;
      return (short) (magnitude > INFINITY ? 0x7fc0 : sign | rounded);
    }
    requireSixteenBit();
    if (magnitude > INFINITY) {
      return 0x7e00;
    }
    if (magnitude >= 0x47800000) { // 2^16
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x38800000) { // 2^-14: adding 1/2 rounds to a multiple of 2^-24
      float shifted = Float.intBitsToFloat(magnitude) + 0.5f;
      return (short) (sign | Float.floatToRawIntBits(shifted) - 0x3f000000);
    }
    return (short) (sign | magnitude - 0x38000000 + 0xfff + (magnitude >>> 13 & 1) >>> 13);
  }

  private void requireSixteenBit() {
    if (!isSixteenBit()) {
      throw new IllegalStateException(this + " has no numbers of 16 bits: FLOAT16 and BFLOAT16 do");
    }
  }
}
