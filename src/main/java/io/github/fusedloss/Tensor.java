package io.github.fusedloss;

import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.List;

/**
 * Elements with a shape, in C order. They are on the host, in arrays or buffers of the caller's
 * that are never copied, or on a device ({@link FusedLoss#upload}). A host tensor needs no closing.
 * Closing a device tensor gives its memory back, and is safe while other threads compute with it.
 */
public final class Tensor implements AutoCloseable {
  /** The device that a tensor lives on. */
  interface Owner {
    /** Returns the device's name. */
    String device();

    /** Copies all elements to the host. */
    void download(Tensor from, HostMemory to);
  }

  private final Memory memory;
  // Null if the elements are on the host.
  private final Owner owner;
  private final long[] shape;

  private Tensor(Memory memory, Owner owner, long[] shape) {
    this.memory = memory;
    this.owner = owner;
    this.shape = shape;
  }

  /**
   * Returns a float32 tensor around {@code values}.
   *
   * @param shape the dimensions, outermost first; none for a scalar
   * @throws IllegalArgumentException if the shape does not hold exactly the values, or the product
   *     of its dimensions, those of 0 left out, is 2^63 or more
   */
  public static Tensor of(float[] values, long... shape) {
    return host(HostMemory.of(Checks.given("values", values)), shape);
  }

  /** Wraps a buffer's remaining elements as float32; see {@link #of(float[], long...)}. */
  public static Tensor of(FloatBuffer values, long... shape) {
    return host(HostMemory.of(Checks.given("values", values)), shape);
  }

  /** Returns an int32 tensor around {@code values}; see {@link #of(float[], long...)}. */
  public static Tensor of(int[] values, long... shape) {
    return host(HostMemory.of(Checks.given("values", values)), shape);
  }

  /** Wraps a buffer's remaining elements as int32; see {@link #of(float[], long...)}. */
  public static Tensor of(IntBuffer values, long... shape) {
    return host(HostMemory.of(Checks.given("values", values)), shape);
  }

  /** Wraps a buffer's remaining elements as int64; see {@link #of(float[], long...)}. */
  public static Tensor of(LongBuffer values, long... shape) {
    return host(HostMemory.of(Checks.given("values", values)), shape);
  }

  /** Returns an int8 tensor around {@code values}; see {@link #of(float[], long...)}. */
  public static Tensor of(byte[] values, long... shape) {
    return of(ElementType.INT8, values, shape);
  }

  /**
   * Returns an int8 or uint8 tensor around {@code values}; see {@link #of(float[], long...)}.
   *
   * @param type INT8 or UINT8
   * @throws IllegalArgumentException if it is another type
   */
  public static Tensor of(ElementType type, byte[] values, long... shape) {
    if (type != ElementType.INT8 && type != ElementType.UINT8) {
      throw new IllegalArgumentException(
          "type must be int8 or uint8, got " + (type == null ? null : Checks.text(type)));
    }
    return host(HostMemory.of(type, Checks.given("values", values)), shape);
  }

  /** Returns an int16 tensor around {@code values}; see {@link #of(float[], long...)}. */
  public static Tensor of(short[] values, long... shape) {
    return host(HostMemory.of(ElementType.INT16, Checks.given("values", values)), shape);
  }

  /** Returns a tensor of truth values around {@code values}; see {@link #of(float[], long...)}. */
  public static Tensor of(boolean[] values, long... shape) {
    return host(HostMemory.of(Checks.given("values", values)), shape);
  }

  /**
   * Returns a float32 tensor of copies of {@code values}. Each is rounded once to the nearest
   * float, ties to even; beyond the range of floats to infinity. See {@link #of(float[], long...)}.
   */
  public static Tensor of(double[] values, long... shape) {
    return of(TensorArrays.rounded(Checks.given("values", values)), shape);
  }

  /**
   * Returns a float32 tensor of shape (rows, length), with copies of rows that are equally long.
   *
   * @throws IllegalArgumentException if one is null or of another length than the first
   */
  public static Tensor of(float[][] rows) {
    float[] values = TensorArrays.joined(Checks.given("rows", rows));
    return of(values, rows.length, rows.length == 0 ? 0 : rows[0].length);
  }

  /** Returns an int64 tensor around {@code values}; see {@link #of(float[], long...)}. */
  public static Tensor of(long[] values, long... shape) {
    return host(HostMemory.of(Checks.given("values", values)), shape);
  }

  /**
   * Returns a float16 or bfloat16 tensor around numbers given by their bits; see {@link
   * #of(float[], long...)}. {@link ElementType#encode} makes bits from floats.
   *
   * @param type FLOAT16 or BFLOAT16
   * @throws IllegalArgumentException if it is another type
   */
  public static Tensor of(ElementType type, short[] bits, long... shape) {
    sixteenBit(type);
    return host(HostMemory.of(type, Checks.given("bits", bits)), shape);
  }

  /**
   * Returns a float32 tensor around the remaining elements of several buffers, one after the other.
   * An array or buffer in Java holds fewer than 2^31 elements, but a tensor any number. A row may
   * begin in one segment and end in another. See {@link #of(float[], long...)}.
   */
  public static Tensor of(List<FloatBuffer> segments, long... shape) {
    List<HostMemory> parts =
        Checks.given("segments", segments).stream()
            .map(s -> HostMemory.of(Checks.given("segments", s)))
            .toList();
    return host("segments", HostMemory.of(ElementType.FLOAT32, parts), shape);
  }

  /**
   * Returns a float16 or bfloat16 tensor around the remaining bits of several buffers; see {@link
   * #of(List, long...)}.
   *
   * @param type FLOAT16 or BFLOAT16
   * @throws IllegalArgumentException if it is another type
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
    long[] shape = Checks.given("shape", given).clone(); // The caller may change its own.
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
   * Returns a tensor around memory of the library's own.
   *
   * @param owner the device; null if the memory is on the host
   * @param dimensions not copied, so they must be those of another tensor or used by nobody else
   */
  static Tensor around(Memory memory, Owner owner, long[] dimensions) {
    return new Tensor(memory, owner, dimensions);
  }

  /**
   * Does what {@link #around} does with memory on a device; closes the memory if making the tensor
   * fails.
   */
  static Tensor owning(Memory memory, Owner owner, long[] dimensions) {
    try {
      return new Tensor(memory, owner, dimensions);
    } catch (Throwable e) {
      memory.close();
      throw e;
    }
  }

  /** Returns the type of the elements. */
  public ElementType type() {
    return memory.type();
  }

  /** Returns the dimensions, outermost first, as a copy. */
  public long[] shape() {
    return shape.clone();
  }

  /** Returns the dimensions themselves, which nobody may change: tensors share them. */
  long[] dimensions() {
    return shape;
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /** Returns the number of elements. */
  public long size() {
    return memory.length();
  }

  /**
   * Returns some rows, a range of the first dimension, as a tensor around the same memory: what is
   * written to one is written to both. On a device the rows take no memory of their own, and need
   * no closing; they are closed with this tensor.
   *
   * <p>Nothing is copied here. An OpenCL device gives kernels a part of a tensor only from some
   * places on, such as every multiple of 128 or 512 bytes. A part that begins elsewhere is copied
   * on the device for the time of each call.
   *
   * @param from the first row
   * @param count how many rows
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

  /** Returns true if the elements are on a device. */
  public boolean isOnDevice() {
    return owner != null;
  }

  Memory memory() {
    return memory;
  }

  /** Returns the memory of a tensor; null if the tensor is null. */
  static Memory memoryOf(Tensor tensor) {
    return tensor == null ? null : tensor.memory;
  }

  /**
   * Returns the elements of a floating-point tensor as a new array; float16 and bfloat16 are
   * widened.
   *
   * @throws IllegalStateException if the tensor is not floating-point, is closed, or is too large
   */
  public float[] toFloatArray() {
    requireArray();
    float[] values = new float[(int) size()];
    copyTo(FloatBuffer.wrap(values));
    return values;
  }

  /**
   * Copies the elements of a floating-point tensor to the buffer, from its position on, and
   * advances the position; float16 and bfloat16 are widened.
   *
   * @throws IllegalArgumentException if the buffer is read-only or too few elements remain in it
   * @throws IllegalStateException if the tensor is not floating-point or is closed
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
   * Returns the bits of a float16 or bfloat16 tensor's elements as a new array.
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
   * Returns the elements of a tensor of integers or truth values as a new array; true is 1.
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

  /**
   * Returns the only element of a floating-point tensor of size 1.
   *
   * @throws IllegalStateException if it has another size, is not floating-point, or is closed
   */
  public float item() {
    if (size() != 1) {
      throw new IllegalStateException("item needs one element, this tensor has " + size());
    }
    return toFloatArray()[0];
  }

  /** Gives device memory back; does nothing to a host tensor. Closing twice does nothing. */
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
