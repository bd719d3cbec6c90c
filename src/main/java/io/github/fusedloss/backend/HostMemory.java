package io.github.fusedloss.backend;

import java.nio.FloatBuffer;

/** Memory of the JVM: a Java array or a float buffer, used in place, never copied. */
public final class HostMemory extends Memory {
  private final Object array;
  private final int offset;
  private final FloatBuffer buffer;
  private final Runnable onFree;

  private HostMemory(
      ElementType type,
      long length,
      Object array,
      int offset,
      FloatBuffer buffer,
      Runnable onFree) {
    super(type, length);
    this.array = array;
    this.offset = offset;
    this.buffer = buffer;
    this.onFree = onFree;
  }

  /** A fresh array that an executor on the host hands out; {@code onFree} runs when it is freed. */
  public static HostMemory allocate(ElementType type, int length, Runnable onFree) {
    Object array =
        switch (type) {
          case FLOAT32 -> new float[length];
          case FLOAT16, BFLOAT16 -> new short[length];
          case INT32 -> new int[length];
          case INT64 -> new long[length];
        };
    return new HostMemory(type, length, array, 0, null, onFree);
  }

  /** The whole array. */
  public static HostMemory of(float[] values) {
    return new HostMemory(ElementType.FLOAT32, values.length, values, 0, null, null);
  }

  /** The whole array. */
  public static HostMemory of(int[] values) {
    return new HostMemory(ElementType.INT32, values.length, values, 0, null, null);
  }

  /** The whole array. */
  public static HostMemory of(long[] values) {
    return new HostMemory(ElementType.INT64, values.length, values, 0, null, null);
  }

  /** The whole array, the bits of FLOAT16 or BFLOAT16 numbers. */
  public static HostMemory of(ElementType type, short[] bits) {
    return new HostMemory(type, bits.length, bits, 0, null, null);
  }

  /** The buffer's remaining elements, from its position to its limit as they are now. */
  public static HostMemory of(FloatBuffer values) {
    if (values.hasArray()) {
      return new HostMemory(
          ElementType.FLOAT32,
          values.remaining(),
          values.array(),
          values.arrayOffset() + values.position(),
          null,
          null);
    }
    return new HostMemory(ElementType.FLOAT32, values.remaining(), null, 0, values.slice(), null);
  }

  /** The backing float array of FLOAT32, or null if the elements are in {@link #buffer()}. */
  public float[] floats() {
    return (float[]) array;
  }

  /** The backing array of FLOAT16 or BFLOAT16 memory. */
  public short[] shorts() {
    return (short[]) array;
  }

  /** Index of the first element in {@link #floats()}. */
  public int offset() {
    return offset;
  }

  /** The elements as a buffer at position 0, or null if they are in {@link #floats()}. */
  public FloatBuffer buffer() {
    return buffer;
  }

  /** The backing int array of INT32 memory. */
  public int[] ints() {
    return (int[]) array;
  }

  /** The backing long array of INT64 memory. */
  public long[] longs() {
    return (long[]) array;
  }

  /** Copies all elements to memory of the same type and length. */
  public void copyTo(HostMemory to) {
    int length = (int) length();
    if (buffer == null && to.buffer == null) {
      System.arraycopy(array, offset, to.array, to.offset, length);
    } else if (to.buffer == null) {
      buffer.duplicate().get(to.floats(), to.offset, length);
    } else if (buffer == null) {
      to.buffer.duplicate().put(floats(), offset, length);
    } else {
      to.buffer.duplicate().put(buffer.duplicate());
    }
  }

  /** True if writing to this memory would fail. */
  public boolean isReadOnly() {
    return buffer != null && buffer.isReadOnly();
  }

  @Override
  protected void free() {
    if (onFree != null) {
      onFree.run();
    }
  }
}
