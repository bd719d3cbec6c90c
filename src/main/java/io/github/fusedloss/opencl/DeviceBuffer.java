package io.github.fusedloss.opencl;

import static org.jocl.CL.clEnqueueCopyBuffer;
import static org.jocl.CL.clEnqueueFillBuffer;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Objects;
import org.jocl.Pointer;
import org.jocl.cl_mem;

/**
 * Memory on one device.
 *
 * <p>Writes and reads block until the data has been moved, keep the order of everything enqueued
 * before, and leave the position of the caller's buffers alone. Offsets into device memory are in
 * bytes and must be multiples of the element's size.
 *
 * <p>All methods throw {@link IllegalStateException} once the buffer or its context is closed.
 * Closing while another thread uses the buffer is safe: its memory is given back after that call.
 */
@SuppressWarnings("try") // A Use is held, not looked at.
public final class DeviceBuffer implements AutoCloseable {
  private final OpenClContext context;
  // Null for size 0.
  private final BufferPool.Block block;
  private final cl_mem mem;
  private final long bytes;
  private int pins;
  private boolean closed;

  DeviceBuffer(OpenClContext context, BufferPool.Block block, long bytes) {
    this.context = context;
    this.block = block;
    this.mem = block == null ? null : block.mem();
    this.bytes = bytes;
  }

  /** Returns the size that was asked for. */
  public long bytes() {
    return bytes;
  }

  /** Returns the context the memory belongs to. */
  public OpenClContext context() {
    return context;
  }

  /** Writes {@code source[from .. from + count)} to the device at {@code byteOffset}. */
  public void write(long byteOffset, float[] source, int from, int count) {
    Objects.checkFromIndexSize(from, count, source.length);
    write(byteOffset, FloatBuffer.wrap(source, from, count));
  }

  /** Writes {@code source[from .. from + count)} to the device at {@code byteOffset}. */
  public void write(long byteOffset, short[] source, int from, int count) {
    Objects.checkFromIndexSize(from, count, source.length);
    write(byteOffset, ShortBuffer.wrap(source, from, count));
  }

  /** Writes the remaining shorts of a heap or direct buffer of either byte order. */
  public void write(long byteOffset, ShortBuffer source) {
    ShortBuffer buffer = source.slice();
    move(
        byteOffset,
        2L * buffer.remaining(),
        2,
        Transfer.Direction.WRITE,
        Transfer.direct(buffer),
        (chunk, done) -> chunk.asShortBuffer().put(slice(buffer, done, chunk)));
  }

  /** Writes {@code source[from .. from + count)} to the device at {@code byteOffset}. */
  public void write(long byteOffset, int[] source, int from, int count) {
    Objects.checkFromIndexSize(from, count, source.length);
    IntBuffer buffer = IntBuffer.wrap(source, from, count);
    move(
        byteOffset,
        4L * count,
        4,
        Transfer.Direction.WRITE,
        null,
        (chunk, done) -> chunk.asIntBuffer().put(slice(buffer, done, chunk)));
  }

  /** Writes {@code source[from .. from + count)} to the device at {@code byteOffset}. */
  public void write(long byteOffset, long[] source, int from, int count) {
    Objects.checkFromIndexSize(from, count, source.length);
    LongBuffer buffer = LongBuffer.wrap(source, from, count);
    move(
        byteOffset,
        8L * count,
        8,
        Transfer.Direction.WRITE,
        null,
        (chunk, done) -> chunk.asLongBuffer().put(slice(buffer, done, chunk)));
  }

  /** Writes the remaining floats of a heap or direct buffer of either byte order. */
  public void write(long byteOffset, FloatBuffer source) {
    FloatBuffer buffer = source.slice();
    move(
        byteOffset,
        4L * buffer.remaining(),
        4,
        Transfer.Direction.WRITE,
        Transfer.direct(buffer),
        (chunk, done) -> chunk.asFloatBuffer().put(slice(buffer, done, chunk)));
  }

  /** Writes the remaining bytes of a heap or direct buffer, as they are. */
  public void write(long byteOffset, ByteBuffer source) {
    ByteBuffer buffer = source.slice();
    move(
        byteOffset,
        buffer.remaining(),
        1,
        Transfer.Direction.WRITE,
        Transfer.direct(buffer),
        (chunk, done) -> chunk.put(slice(buffer, done, chunk)));
  }

  /** Reads {@code count} floats from {@code byteOffset} into {@code target} at {@code from}. */
  public void read(long byteOffset, float[] target, int from, int count) {
    Objects.checkFromIndexSize(from, count, target.length);
    read(byteOffset, FloatBuffer.wrap(target, from, count));
  }

  /** Reads {@code count} shorts from {@code byteOffset} into {@code target} at {@code from}. */
  public void read(long byteOffset, short[] target, int from, int count) {
    Objects.checkFromIndexSize(from, count, target.length);
    read(byteOffset, ShortBuffer.wrap(target, from, count));
  }

  /** Fills what remains of a heap or direct buffer of either byte order. */
  public void read(long byteOffset, ShortBuffer target) {
    requireWritable(target.isReadOnly());
    ShortBuffer buffer = target.slice();
    move(
        byteOffset,
        2L * buffer.remaining(),
        2,
        Transfer.Direction.READ,
        Transfer.direct(buffer),
        (chunk, done) -> slice(buffer, done, chunk).put(chunk.asShortBuffer()));
  }

  /** Reads {@code count} ints from {@code byteOffset} into {@code target} at {@code from}. */
  public void read(long byteOffset, int[] target, int from, int count) {
    Objects.checkFromIndexSize(from, count, target.length);
    IntBuffer buffer = IntBuffer.wrap(target, from, count);
    move(
        byteOffset,
        4L * count,
        4,
        Transfer.Direction.READ,
        null,
        (chunk, done) -> slice(buffer, done, chunk).put(chunk.asIntBuffer()));
  }

  /** Reads {@code count} longs from {@code byteOffset} into {@code target} at {@code from}. */
  public void read(long byteOffset, long[] target, int from, int count) {
    Objects.checkFromIndexSize(from, count, target.length);
    LongBuffer buffer = LongBuffer.wrap(target, from, count);
    move(
        byteOffset,
        8L * count,
        8,
        Transfer.Direction.READ,
        null,
        (chunk, done) -> slice(buffer, done, chunk).put(chunk.asLongBuffer()));
  }

  /** Fills what remains of a heap or direct buffer of either byte order. */
  public void read(long byteOffset, FloatBuffer target) {
    requireWritable(target.isReadOnly());
    FloatBuffer buffer = target.slice();
    move(
        byteOffset,
        4L * buffer.remaining(),
        4,
        Transfer.Direction.READ,
        Transfer.direct(buffer),
        (chunk, done) -> slice(buffer, done, chunk).put(chunk.asFloatBuffer()));
  }

  /** Fills what remains of a heap or direct buffer with bytes, as they are. */
  public void read(long byteOffset, ByteBuffer target) {
    requireWritable(target.isReadOnly());
    ByteBuffer buffer = target.slice();
    move(
        byteOffset,
        buffer.remaining(),
        1,
        Transfer.Direction.READ,
        Transfer.direct(buffer),
        (chunk, done) -> slice(buffer, done, chunk).put(chunk));
  }

  /** Sets all bytes to 0. */
  public void zero() {
    try (OpenClContext.Use use = context.enter()) {
      pin();
      try {
        if (bytes > 0) {
          int pattern = bytes % 4 == 0 ? 4 : 1; // It must divide the size.
          context.checkWithRetry(
              "clEnqueueFillBuffer",
              () ->
                  clEnqueueFillBuffer(
                      context.queue(),
                      mem,
                      Pointer.to(Cl.memory(pattern)),
                      pattern,
                      0,
                      bytes,
                      0,
                      null,
                      null));
        }
      } finally {
        unpin();
      }
    }
  }

  /** Copies {@code count} bytes of another buffer of the same context; the two may not overlap. */
  public void copyFrom(DeviceBuffer source, long sourceOffset, long byteOffset, long count) {
    context.requireOwn(source);
    source.checkRange(sourceOffset, count, 1);
    checkRange(byteOffset, count, 1);
    try (OpenClContext.Use use = context.enter()) {
      source.pin();
      try {
        pin();
        try {
          if (count > 0) {
            context.checkWithRetry(
                "clEnqueueCopyBuffer",
                () ->
                    clEnqueueCopyBuffer(
                        context.queue(),
                        source.mem,
                        mem,
                        sourceOffset,
                        byteOffset,
                        count,
                        0,
                        null,
                        null));
          }
        } finally {
          unpin();
        }
      } finally {
        source.unpin();
      }
    }
  }

  /** Gives the memory back for reuse. Closing again, or after the context, does nothing. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      if (pins > 0) {
        return; // The last call that uses it gives it back.
      }
    }
    recycle();
  }

  @Override
  public String toString() {
    return "buffer of " + bytes + " bytes on " + context.device();
  }

  /** Returns the handle, null for size 0; to be used only between {@link #pin} and unpin. */
  cl_mem mem() {
    return mem;
  }

  /** Keeps the memory from being given to another buffer until {@link #unpin}. */
  synchronized void pin() {
    if (closed) {
      throw new IllegalStateException(this + " is closed");
    }
    pins++;
  }

  void unpin() {
    synchronized (this) {
      if (--pins > 0 || !closed) {
        return;
      }
    }
    recycle();
  }

  private void recycle() {
    if (block != null) {
      context.pool().recycle(this, block);
    }
  }

  BufferPool.Block block() {
    return block;
  }

  private void move(
      long byteOffset,
      long count,
      int elementBytes,
      Transfer.Direction direction,
      Transfer.Direct direct,
      Transfer.Mover mover) {
    checkRange(byteOffset, count, elementBytes);
    try (OpenClContext.Use use = context.enter()) {
      pin();
      try {
        Transfer.run(context, mem, byteOffset, count, direction, direct, mover);
      } finally {
        unpin();
      }
    }
  }

  private void checkRange(long byteOffset, long count, int elementBytes) {
    if (byteOffset % elementBytes != 0) {
      throw new IllegalArgumentException(
          "byteOffset: expected a multiple of " + elementBytes + ", got " + byteOffset);
    }
    if (byteOffset < 0 || count < 0 || byteOffset > bytes - count) {
      throw new IndexOutOfBoundsException(
          "byteOffset " + byteOffset + " with " + count + " bytes is outside a " + this);
    }
  }

  private static void requireWritable(boolean readOnly) {
    if (readOnly) {
      throw new java.nio.ReadOnlyBufferException();
    }
  }

  // Chunks other than the last are multiples of 8 bytes long, so these divisions are exact.
  private static FloatBuffer slice(FloatBuffer buffer, long done, ByteBuffer chunk) {
    return buffer.slice((int) (done / 4), chunk.remaining() / 4);
  }

  private static ShortBuffer slice(ShortBuffer buffer, long done, ByteBuffer chunk) {
    return buffer.slice((int) (done / 2), chunk.remaining() / 2);
  }

  private static IntBuffer slice(IntBuffer buffer, long done, ByteBuffer chunk) {
    return buffer.slice(buffer.position() + (int) (done / 4), chunk.remaining() / 4);
  }

  private static LongBuffer slice(LongBuffer buffer, long done, ByteBuffer chunk) {
    return buffer.slice(buffer.position() + (int) (done / 8), chunk.remaining() / 8);
  }

  private static ByteBuffer slice(ByteBuffer buffer, long done, ByteBuffer chunk) {
    return buffer.slice((int) done, chunk.remaining());
  }
}
