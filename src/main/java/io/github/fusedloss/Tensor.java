package io.github.fusedloss;

import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.List;

/**
 * Elements with a shape, in C order: on the host around arrays or buffers of the caller's, never
 * copied, or on a device ({@link FusedLoss#upload}). A host tensor needs no closing. Closing a
 * device tensor gives its memory back; it is safe while other threads compute with it.
 */
public final class Tensor implements AutoCloseable {
  /** Where a device tensor lives. */
  interface Owner {
    /** The device's name. */
    String device();

    /** Copies all elements to the host. */
    void download(Tensor from, HostMemory to);
  }

  private final Memory memory;
  // Null on the host.
  private final Owner owner;
  private final long[] shape;

  private Tensor(Memory memory, Owner owner, long[] shape) {
    this.memory = memory;
    this.owner = owner;
    this.shape = shape;
  }

  /**
   * A float32 tensor around {@code values}.
   *
   * @param shape no dimensions for a scalar
   * @throws IllegalArgumentException if the shape does not hold exactly the values, or the product
   *     of its dimensions, those of 0 left out, is 2^63 or more
   */
  public static Tensor of(float[] values, long... shape) {
    return host(HostMemory.of(Checks.given("values", values)), shape);
  }

  /** A float32 tensor around the buffer's remaining elements; as {@link #of(float[], long...)}. */
  public static Tensor of(FloatBuffer values, long... shape) {
    return host(HostMemory.of(Checks.given("values", values)), shape);
  }

  /** An int32 tensor around {@code values}; as {@link #of(float[], long...)}. */
  public static Tensor of(int[] values, long... shape) {
    return host(HostMemory.of(Checks.given("values", values)), shape);
  }

  /** An int32 tensor around the buffer's remaining elements; as {@link #of(float[], long...)}. */
  public static Tensor of(IntBuffer values, long... shape) {
    return host(HostMemory.of(Checks.given("values", values)), shape);
  }

  /** An int64 tensor around the buffer's remaining elements; as {@link #of(float[], long...)}. */
  public static Tensor of(LongBuffer values, long... shape) {
    return host(HostMemory.of(Checks.given("values", values)), shape);
  }

  /** An int8 tensor around {@code values}; as {@link #of(float[], long...)}. */
  public static Tensor of(byte[] values, long... shape) {
    return of(ElementType.INT8, values, shape);
  }

  /**
   * An int8 or uint8 tensor around {@code values}; as {@link #of(float[], long...)}.
   *
   * @param type INT8 or UINT8
   */
  public static Tensor of(ElementType type, byte[] values, long... shape) {
    if (type != ElementType.INT8 && type != ElementType.UINT8) {
      throw new IllegalArgumentException(
          "type must be int8 or uint8, got " + (type == null ? null : Checks.text(type)));
    }
    return host(HostMemory.of(type, Checks.given("values", values)), shape);
  }

  /** An int16 tensor around {@code values}; as {@link #of(float[], long...)}. */
  public static Tensor of(short[] values, long... shape) {
    return host(HostMemory.of(ElementType.INT16, Checks.given("values", values)), shape);
  }

  /** A tensor of truth values around {@code values}; as {@link #of(float[], long...)}. */
  public static Tensor of(boolean[] values, long... shape) {
    return host(HostMemory.of(Checks.given("values", values)), shape);
  }

  /**
   * A float32 tensor of copies of {@code values}, each rounded once to the nearest float, ties to
   * even; beyond the range of floats to infinity. As {@link #of(float[], long...)}.
   */
  public static Tensor of(double[] values, long... shape) {
    return of(TensorArrays.rounded(Checks.given("values", values)), shape);
  }

  /**
   * A float32 tensor of copies of rows that are equally long, of shape (rows, length).
   *
   * @throws IllegalArgumentException if one is null or of another length than the first
   */
  public static Tensor of(float[][] rows) {
    float[] values = TensorArrays.joined(Checks.given("rows", rows));
    return of(values, rows.length, rows.length == 0 ? 0 : rows[0].length);
  }

  /** An int64 tensor around {@code values}; as {@link #of(float[], long...)}. */
  public static Tensor of(long[] values, long... shape) {
    return host(HostMemory.of(Checks.given("values", values)), shape);
  }

  /**
   * A float16 or bfloat16 tensor around numbers given by their bits; as {@link #of(float[],
   * long...)}. {@link ElementType#encode} makes them from floats.
   *
   * @param type FLOAT16 or BFLOAT16
   */
  public static Tensor of(ElementType type, short[] bits, long... shape) {
    sixteenBit(type);
    return host(HostMemory.of(type, Checks.given("bits", bits)), shape);
  }

  /**
   * A float32 tensor around the remaining elements of several buffers, one behind the other: an
   * array or buffer of Java's holds fewer than 2^31, a tensor any number. A row may begin in one
   * segment and end in another. As {@link #of(float[], long...)}.
   */
  public static Tensor of(List<FloatBuffer> segments, long... shape) {
    List<HostMemory> parts =
        Checks.given("segments", segments).stream()
            .map(s -> HostMemory.of(Checks.given("segments", s)))
            .toList();
    return host("segments", HostMemory.of(ElementType.FLOAT32, parts), shape);
  }

  /**
   * A float16 or bfloat16 tensor around the remaining bits of several buffers; as {@link #of(List,
   * long...)}.
   *
   * @param type FLOAT16 or BFLOAT16
   */
  public static Tensor of(ElementType type, List<ShortBuffer> segments, long... shape) {
    sixteenBit(type);
    List<HostMemory> parts =
        Checks.given("segments", segments).stream()
            .map(s -> HostMemory.of(type, Checks.given("segments", s)))
            .toList();
    return host("segments", HostMemory.of(type, parts), shape);
  }

  private static void sixteenBit(ElementType type) {
    if (type == null || !type.isSixteenBit()) {
      throw new IllegalArgumentException(
          "type must be float16 or bfloat16, got " + (type == null ? null : Checks.text(type)));
    }
  }

  private static Tensor host(HostMemory memory, long[] shape) {
    return host("values", memory, shape);
  }

  private static Tensor host(String name, HostMemory memory, long[] given) {
    long[] shape = Checks.given("shape", given).clone(); // What is checked is what counts.
    long size = Shapes.size(shape);
    if (size != memory.length()) {
      throw new IllegalArgumentException(
          name
              + " must have as many elements as shape "
              + Shapes.text(shape)
              + ", "
              + size
              + ", got "
              + memory.length());
    }
    return new Tensor(memory, null, shape);
  }

  /**
   * Around memory of the library's own.
   *
   * @param owner null on the host
   * @param dimensions of another tensor, or nobody else's: not copied
   */
  static Tensor around(Memory memory, Owner owner, long[] dimensions) {
    return new Tensor(memory, owner, dimensions);
  }

  /** As {@link #around} memory on a device, which is closed if there is no memory for a tensor. */
  static Tensor owning(Memory memory, Owner owner, long[] dimensions) {
    try {
      return new Tensor(memory, owner, dimensions);
    } catch (Throwable e) {
      memory.close();
      throw e;
    }
  }

  /** What the elements are. */
  public ElementType type() {
    return memory.type();
  }

  /** The dimensions, outermost first; a copy. */
  public long[] shape() {
    return shape.clone();
  }

  /** The dimensions themselves, which nobody may change: tensors share them. */
  long[] dimensions() {
    return shape;
  }

  /** The number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /** The number of elements. */
  public long size() {
    return memory.length();
  }

  /**
   * Some of the rows, the first dimension, as a tensor around the same memory: what is written to
   * one is written to both. On a device the rows are no more of the device's memory, and need no
   * closing; they are closed with this tensor.
   *
   * <p>Nothing is copied here. An OpenCL device lets kernels have a part of a tensor only from some
   * places on, such as every multiple of 128 or 512 bytes. What begins elsewhere is copied on the
   * device for the time of each call.
   *
   * @param from the first row
   * @param count how many
   * @throws IllegalArgumentException if the tensor has no such rows
   */
  public Tensor rows(long from, long count) {
    if (rank() == 0 || from < 0 || count < 0 || from > shape[0] - count) {
      throw new IllegalArgumentException(
          "rows must be among the first dimension of "
              + Shapes.text(shape)
              + ", got "
              + count
              + " from "
              + from
              + " on");
    }
    long[] rows = shape.clone();
    rows[0] = count;
    long each = shape[0] == 0 ? 0 : size() / shape[0];
    return new Tensor(memory.slice(from * each, count * each), owner, rows);
  }

  /** True if the elements are on a device. */
  public boolean isOnDevice() {
    return owner != null;
  }

  Memory memory() {
    return memory;
  }

  /** The memory of a tensor, null of null. */
  static Memory memoryOf(Tensor tensor) {
    return tensor == null ? null : tensor.memory;
  }

  /**
   * The elements of a floating-point tensor as a new array; float16 and bfloat16 are widened.
   *
   * @throws IllegalStateException if the tensor has indices, is closed, or is too large
   */
  public float[] toFloatArray() {
    requireArray();
    float[] values = new float[(int) size()];
    copyTo(FloatBuffer.wrap(values));
    return values;
  }

  /**
   * Copies the elements of a floating-point tensor to the buffer, from its position on, which
   * advances; float16 and bfloat16 are widened.
   *
   * @throws IllegalArgumentException if the buffer is read-only or too few elements remain in it
   * @throws IllegalStateException if the tensor has indices or is closed
   */
  public void copyTo(FloatBuffer values) {
    if (!type().isFloating()) {
      throw new IllegalStateException("only floating-point can be copied, this is " + this);
    }
    if (Checks.given("values", values).isReadOnly()) {
      throw new IllegalArgumentException("values must be writable, got a read-only buffer");
    }
    if (values.remaining() < size()) {
      throw new IllegalArgumentException(
          "values must have room for " + size() + " elements, got " + values.remaining());
    }
    if (type().isSixteenBit()) {
      for (short bits : toShortArray()) {
        values.put(type().decode(bits));
      }
      return;
    }
    int length = (int) size();
    download(HostMemory.of(values.slice(values.position(), length)));
    values.position(values.position() + length);
  }

  /**
   * The bits of a float16 or bfloat16 tensor's elements as a new array.
   *
   * @throws IllegalStateException if the tensor is of another type, is closed, or is too large
   */
  public short[] toShortArray() {
    if (!type().isSixteenBit()) {
      throw new IllegalStateException("only float16 and bfloat16 are 16 bits, this is " + this);
    }
    requireArray();
    short[] bits = new short[(int) size()];
    download(HostMemory.of(type(), bits));
    return bits;
  }

  /**
   * The elements of a tensor of integers or truth values as a new array; true is 1.
   *
   * @throws IllegalStateException if the tensor is floating-point, closed, or too large
   */
  public long[] toLongArray() {
    if (type().isFloating()) {
      throw new IllegalStateException("only integers can be copied so, this is " + this);
    }
    requireArray();
    return TensorArrays.integers(type(), (int) size(), this::download);
  }

  private void requireArray() {
    if (size() > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(
          "a tensor of " + size() + " elements does not fit an array; use copyTo a buffer");
    }
  }

  private void download(HostMemory to) {
    memory.acquire();
    try {
      if (owner == null) {
        ((HostMemory) memory).copyTo(to);
      } else if (size() > 0) {
        owner.download(this, to);
      }
    } finally {
      memory.release();
    }
  }

  /** The only element of a floating-point tensor of size 1. */
  public float item() {
    if (size() != 1) {
      throw new IllegalStateException("item needs one element, this tensor has " + size());
    }
    return toFloatArray()[0];
  }

  /** Gives device memory back; does nothing to a host tensor. Idempotent. */
  @Override
  public void close() {
    if (owner != null) {
      memory.close();
    }
  }

  @Override
  public String toString() {
    return Checks.text(type()) + Shapes.text(shape) + (isOnDevice() ? " on " + owner.device() : "");
  }
}
