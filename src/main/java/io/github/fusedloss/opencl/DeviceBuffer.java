package io.github.fusedloss.opencl;

import static org.jocl.CL.clEnqueueCopyBuffer;
import static org.jocl.CL.clEnqueueFillBuffer;

import java.nio.Buffer;
import java.nio.ReadOnlyBufferException;
import org.jocl.Pointer;
import org.jocl.cl_event;
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
final class DeviceBuffer implements AutoCloseable {
  private final DeviceQueue queue;
  private final BufferPool pool;
  private final long bytes;
  // Null if the size is 0.
  private final BufferPool.Block block;

  /**
   * Held while the memory is mapped. PoCL 3.1 knows mappings by their address: if one thread unmaps
   * a place while another maps it, the other gets an invalid address.
   */
  private final Object mapping;

  // The buffer that this is a part of; null if it is no part.
  private final DeviceBuffer whole;

  private int pins;
  private boolean closed;

  /** Takes memory from the pool, inside {@link DeviceQueue#enter}. */
  DeviceBuffer(DeviceQueue queue, BufferPool pool, long bytes) {
    this.queue = queue;
    this.pool = pool;
    this.bytes = bytes;
    mapping = new Object();
    whole = null;
    this.block = pool.take(bytes); // Last: nothing may fail once memory is taken.
  }

  /**
   * Makes a part of another buffer, and keeps that buffer's memory from being given to others; to
   * be called inside {@link DeviceQueue#enter}.
   *
   * @param from a multiple of {@link BufferPool#alignment()}
   * @param bytes at least 1
   */
  DeviceBuffer(DeviceBuffer whole, long from, long bytes) {
    whole.checkRange(from, bytes, 1);
    queue = whole.queue;
    pool = whole.pool;
    this.bytes = bytes;
    mapping = whole.mapping;
    this.whole = whole;
    whole.pin();
    try {
      block = pool.part(whole.block, from, bytes);
    } catch (Throwable e) {
      whole.unpin();
      throw e;
    }
  }

  /** Returns the size that was asked for. */
  long bytes() {
    return bytes;
  }

  boolean isOn(DeviceQueue other) {
    return queue == other;
  }

  /**
   * Throws unless this is of the same context: to another one its memory means nothing, or
   * something else.
   */
  void requireOn(DeviceQueue other) {
    if (!isOn(other)) {
      throw new IllegalArgumentException(
          "buffer: expected one of this " + other + ", got a " + this + " of another context");
    }
  }

  /**
   * Writes the remaining elements of a heap or direct buffer of bytes, shorts, ints, longs or
   * floats to the device at {@code byteOffset}.
   */
  void write(long byteOffset, Buffer source) {
    move(byteOffset, Transfer.Direction.WRITE, HostData.of(source));
  }

  /**
   * Reads what lies from {@code byteOffset} on into the remaining elements of a heap or direct
   * buffer.
   */
  void read(long byteOffset, Buffer target) {
    if (target.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    move(byteOffset, Transfer.Direction.READ, HostData.of(target));
  }

  private void move(long byteOffset, Transfer.Direction direction, HostData<?> host) {
    checkRange(byteOffset, host.bytes(), host.elementBytes());
    try (Lifetime.Use use = queue.enter()) {
      pin();
      try {
        synchronized (mapping) {
          Transfer.run(queue, mem(), byteOffset, direction, host);
        }
      } finally {
        unpin();
      }
    }
  }

  /** Sets all bytes to 0. */
  void zero() {
    int pattern = bytes % 4 == 0 ? 4 : 1; // It must divide the size.
    enqueue(
        "clEnqueueFillBuffer",
        bytes,
        () ->
            clEnqueueFillBuffer(
                queue.handle(),
                mem(),
                Pointer.to(Cl.memory(pattern)),
                pattern,
                0,
                bytes,
                0,
                null,
                null));
  }

  /** Copies {@code count} bytes of another buffer of the same context; the two may not overlap. */
  void copyFrom(DeviceBuffer source, long sourceOffset, long byteOffset, long count) {
    copyFrom(source, sourceOffset, byteOffset, count, null);
  }

  /** Copies bytes of another buffer; {@code event} tells when that is done, and may be null. */
  void copyFrom(
      DeviceBuffer source, long sourceOffset, long byteOffset, long count, cl_event event) {
    source.requireOn(queue);
    source.checkRange(sourceOffset, count, 1);
    checkRange(byteOffset, count, 1);
    source.pin();
    try {
      enqueue(
          "clEnqueueCopyBuffer",
          count,
          () ->
              clEnqueueCopyBuffer(
                  queue.handle(),
                  source.mem(),
                  mem(),
                  sourceOffset,
                  byteOffset,
                  count,
                  0,
                  null,
                  event));
    } finally {
      source.unpin();
    }
  }

  /** Enqueues a command unless it is for 0 bytes, which OpenCL does not allow. */
  private void enqueue(String call, long count, Cl.Call command) {
    try (Lifetime.Use use = queue.enter()) {
      pin();
      try {
        if (count > 0) {
          queue.checkWithRetry(call, command);
        }
      } finally {
        unpin();
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
        return; // The last call that uses the memory gives it back.
      }
    }
    recycle();
  }

  @Override
  public String toString() {
    return "buffer of " + bytes + " bytes on " + queue.device();
  }

  /**
   * Returns the handle, null for size 0; to be used only between {@link #pin} and {@link #unpin}.
   */
  cl_mem mem() {
    return block == null ? null : block.mem();
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
      pool.recycle(block);
    }
    if (whole != null) {
      whole.unpin();
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
}
