package io.github.fusedloss;

import io.github.fusedloss.backend.ElementType;
import io.github.fusedloss.backend.HostMemory;
import io.github.fusedloss.backend.Memory;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Elements with a shape, in C order: on the host around an array or buffer of the caller's, never
 * copied, or on a device ({@link FusedLoss#upload}). A host tensor needs no closing. Closing a
 * device tensor gives its memory back; it is safe while other threads compute with it.
 */
public final class Tensor implements AutoCloseable {
  private final Memory memory;
  private final FusedLoss owner;
  private final long[] shape;

  private Tensor(Memory memory, FusedLoss owner, long[] shape) {
    this.memory = memory;
    this.owner = owner;
    this.shape = shape;
  }

  /**
   * A float32 tensor around {@code values}.
   *
   * @param shape no dimensions for a scalar
   * @throws IllegalArgumentException if the shape does not hold exactly the values
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

  /** An int64 tensor around {@code values}; as {@link #of(float[], long...)}. */
  public static Tensor of(long[] values, long... shape) {
    return host(HostMemory.of(Checks.given("values", values)), shape);
  }

  private static Tensor host(HostMemory memory, long[] shape) {
    long size = size(shape);
    if (size != memory.length()) {
      throw new IllegalArgumentException(
          "values must have as many elements as shape "
              + text(shape)
              + ", "
              + size
              + ", got "
              + memory.length());
    }
    return new Tensor(memory, null, shape.clone());
  }

  static Tensor device(Memory memory, FusedLoss owner, long[] shape) {
    return new Tensor(memory, owner, shape.clone());
  }

  /** The number of elements of a shape. */
  static long size(long[] shape) {
    long size = 1;
    boolean empty = false;
    for (long dimension : Checks.given("shape", shape)) {
      if (dimension < 0) {
        throw new IllegalArgumentException(
            "shape must have no negative dimension, got " + text(shape));
      }
      empty |= dimension == 0;
    }
    if (empty) {
      return 0;
    }
    for (long dimension : shape) {
      try {
        size = Math.multiplyExact(size, dimension);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            "shape must hold fewer than 2^63 elements, got " + text(shape), e);
      }
    }
    return size;
  }

  /** A shape as Python writes it: (2, 3), (5,), (). */
  static String text(long[] shape) {
    String dimensions = Arrays.toString(shape);
    dimensions = dimensions.substring(1, dimensions.length() - 1);
    return "(" + dimensions + (shape.length == 1 ? ",)" : ")");
  }

  /** What the elements are. */
  public ElementType type() {
    return memory.type();
  }

  /** The dimensions, outermost first; a copy. */
  public long[] shape() {
    return shape.clone();
  }

  /** The number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /** The number of elements. */
  public long size() {
    return memory.length();
  }

  /** True if the elements are on a device. */
  public boolean isOnDevice() {
    return owner != null;
  }

  Memory memory() {
    return memory;
  }

  FusedLoss owner() {
    return owner;
  }

  /**
   * The elements of a float32 tensor as a new array.
   *
   * @throws IllegalStateException if the tensor is not float32, is closed, or is too large
   */
  public float[] toFloatArray() {
    if (size() > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(
          "a tensor of " + size() + " elements does not fit an array; use copyTo a buffer");
    }
    float[] values = new float[(int) size()];
    copyTo(FloatBuffer.wrap(values));
    return values;
  }

  /**
   * Copies the elements of a float32 tensor to the buffer, from its position on, which advances.
   *
   * @throws IllegalArgumentException if the buffer is read-only or too few elements remain in it
   * @throws IllegalStateException if the tensor is not float32 or is closed
   */
  public void copyTo(FloatBuffer values) {
    if (type() != ElementType.FLOAT32) {
      throw new IllegalStateException("only a float32 tensor can be copied, this is " + type());
    }
    if (Checks.given("values", values).isReadOnly()) {
      throw new IllegalArgumentException("values must be writable, got a read-only buffer");
    }
    if (values.remaining() < size()) {
      throw new IllegalArgumentException(
          "values must have room for " + size() + " elements, got " + values.remaining());
    }
    memory.acquire();
    try {
      if (owner != null) {
        owner.download(memory, values);
      } else {
        HostMemory host = (HostMemory) memory;
        if (host.floats() != null) {
          values.put(host.floats(), host.offset(), (int) size());
        } else {
          values.put(host.buffer().duplicate());
        }
      }
    } finally {
      memory.release();
    }
  }

  /**
   * The elements of an int32 or int64 tensor as a new array.
   *
   * @throws IllegalStateException if the tensor is float32 or closed
   */
  public long[] toLongArray() {
    if (type() == ElementType.FLOAT32) {
      throw new IllegalStateException("a float32 tensor has no indices; use toFloatArray");
    }
    memory.acquire();
    try {
      if (owner == null) {
        return ((HostMemory) memory).indices();
      }
      return size() == 0 ? new long[0] : owner.executor().downloadIndices(memory);
    } finally {
      memory.release();
    }
  }

  /** The only element of a float32 tensor of size 1. */
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
    return Checks.text(type()) + text(shape) + (isOnDevice() ? " on " + owner.device() : "");
  }
}
