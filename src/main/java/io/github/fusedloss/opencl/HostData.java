package io.github.fusedloss.opencl;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The remaining elements of a heap or direct buffer of either byte order, as a device sees them: a
 * number of bytes in the host's order. The caller's buffer keeps its position.
 */
final class HostData<B extends Buffer> {
  /** How to handle buffers of one element type. */
  private record Type<B extends Buffer>(
      int bytes,
      Function<B, ByteOrder> order,
      Function<ByteBuffer, B> view,
      BiConsumer<B, B> put) {}

  private static final Type<FloatBuffer> FLOATS =
      new Type<>(4, FloatBuffer::order, ByteBuffer::asFloatBuffer, FloatBuffer::put);
  private static final Type<ShortBuffer> SHORTS =
      new Type<>(2, ShortBuffer::order, ByteBuffer::asShortBuffer, ShortBuffer::put);
  private static final Type<IntBuffer> INTS =
      new Type<>(4, IntBuffer::order, ByteBuffer::asIntBuffer, IntBuffer::put);
  private static final Type<LongBuffer> LONGS =
      new Type<>(8, LongBuffer::order, ByteBuffer::asLongBuffer, LongBuffer::put);
  // Bytes are copied whatever their order says.
  private static final Type<ByteBuffer> BYTES =
      new Type<>(1, b -> ByteOrder.nativeOrder(), b -> b, ByteBuffer::put);

  private final B elements;
  private final Type<B> type;

  private HostData(B elements, Type<B> type) {
    this.elements = elements;
    this.type = type;
  }

  static HostData<?> of(Buffer buffer) {
    if (buffer instanceof FloatBuffer floats) {
      return new HostData<>(floats.slice(), FLOATS);
    } else if (buffer instanceof ShortBuffer shorts) {
      return new HostData<>(shorts.slice(), SHORTS);
    } else if (buffer instanceof IntBuffer ints) {
      return new HostData<>(ints.slice(), INTS);
    } else if (buffer instanceof LongBuffer longs) {
      return new HostData<>(longs.slice(), LONGS);
    } else if (buffer instanceof ByteBuffer bytes) {
      return new HostData<>(bytes.slice(), BYTES);
    }
    throw new IllegalArgumentException("buffer: no device has elements as those of " + buffer);
  }

  int elementBytes() {
    return type.bytes;
  }

  long bytes() {
    return (long) elements.capacity() * type.bytes;
  }

  /** Returns whether OpenCL may read or write the memory itself. */
  boolean isDirect() {
    return elements.isDirect() && type.order.apply(elements) == ByteOrder.nativeOrder();
  }

  /** Returns the elements from byte {@code done} on. */
  Buffer from(long done) {
    return part(done, bytes() - done);
  }

  /** Fills a chunk of native byte order with the elements from byte {@code done} on. */
  void copyTo(ByteBuffer chunk, long done) {
    type.put.accept(type.view.apply(chunk), part(done, chunk.remaining()));
  }

  /** Writes a chunk of native byte order to the elements from byte {@code done} on. */
  void copyFrom(ByteBuffer chunk, long done) {
    type.put.accept(part(done, chunk.remaining()), type.view.apply(chunk));
  }

  // All chunks but the last have lengths that are multiples of 8 bytes, so these divisions are
  // exact.
  @SuppressWarnings("unchecked")
  private B part(long done, long length) {
    return (B) elements.slice((int) (done / type.bytes), (int) (length / type.bytes));
  }
}
