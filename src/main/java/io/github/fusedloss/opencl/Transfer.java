package io.github.fusedloss.opencl;

import static org.jocl.CL.CL_MAP_READ;
import static org.jocl.CL.CL_MAP_WRITE_INVALIDATE_REGION;
import static org.jocl.CL.clEnqueueMapBuffer;
import static org.jocl.CL.clEnqueueReadBuffer;
import static org.jocl.CL.clEnqueueUnmapMemObject;
import static org.jocl.CL.clEnqueueWriteBuffer;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.jocl.Pointer;
import org.jocl.cl_mem;

/**
 * Moves host data to and from the device at the cost of one copy where the device shares the host's
 * memory, two where it does not (and for a few KiB).
 *
 * <p>No Java heap array ever reaches OpenCL: JOCL would pin it for the whole wait, and with it stop
 * the garbage collector and every thread that allocates. A CPU device's memory is mapped and copied
 * by Java; any other is fed through direct staging buffers, or straight from a direct buffer.
 */
final class Transfer {
  /** Which way the data goes. */
  enum Direction {
    WRITE,
    READ
  }

  /** Copies one chunk between host data, from byte {@code done} on, and a native-order view. */
  @FunctionalInterface
  interface Mover {
    void move(ByteBuffer chunk, long done);
  }

  /** Host data that OpenCL may access itself: gives the memory from byte {@code done} on. */
  @FunctionalInterface
  interface Direct {
    Buffer from(long done);
  }

  // A mapped chunk becomes a ByteBuffer, so less than 2 GiB, and a multiple of 8 bytes.
  private static final long MAP_CHUNK = 1L << 30;

  private Transfer() {}

  /** Returns null unless OpenCL may read or write the buffer's memory itself. */
  static Direct direct(FloatBuffer buffer) {
    return buffer.isDirect() && buffer.order() == ByteOrder.nativeOrder()
        ? done -> buffer.slice((int) (done / 4), buffer.remaining() - (int) (done / 4))
        : null;
  }

  /** Returns null unless OpenCL may read or write the buffer's memory itself. */
  static Direct direct(ShortBuffer buffer) {
    return buffer.isDirect() && buffer.order() == ByteOrder.nativeOrder()
        ? done -> buffer.slice((int) (done / 2), buffer.remaining() - (int) (done / 2))
        : null;
  }

  /** Returns null unless OpenCL may read or write the buffer's memory itself. */
  static Direct direct(ByteBuffer buffer) {
    return buffer.isDirect()
        ? done -> buffer.slice((int) done, buffer.remaining() - (int) done)
        : null;
  }

  static void run(
      OpenClContext context,
      cl_mem mem,
      long offset,
      long bytes,
      Direction direction,
      Direct direct,
      Mover mover) {
    if (bytes == 0) {
      return;
    }
    // Mapping takes two commands, and for little data it is their number that costs.
    if (context.mapped() && bytes > Staging.SMALL) {
      map(context, mem, offset, bytes, direction, mover);
    } else if (direct != null) {
      for (long done = 0; done < bytes; done += MAP_CHUNK) {
        enqueue(
            context,
            mem,
            offset + done,
            Math.min(MAP_CHUNK, bytes - done),
            direction,
            direct.from(done));
      }
    } else {
      stage(context, mem, offset, bytes, direction, mover);
    }
  }

  private static void map(
      OpenClContext context,
      cl_mem mem,
      long offset,
      long bytes,
      Direction direction,
      Mover mover) {
    long flags = direction == Direction.WRITE ? CL_MAP_WRITE_INVALIDATE_REGION : CL_MAP_READ;
    for (long done = 0; done < bytes; done += MAP_CHUNK) {
      long at = offset + done;
      long length = Math.min(MAP_CHUNK, bytes - done);
      ByteBuffer memory =
          context.createWithRetry(
              "clEnqueueMapBuffer",
              rc ->
                  clEnqueueMapBuffer(
                      context.queue(), mem, true, flags, at, length, 0, null, null, rc));
      try {
        mover.move(memory.duplicate().order(ByteOrder.nativeOrder()), done);
      } finally {
        context.check(
            "clEnqueueUnmapMemObject",
            () -> clEnqueueUnmapMemObject(context.queue(), mem, memory, 0, null, null));
      }
    }
  }

  private static void stage(
      OpenClContext context,
      cl_mem mem,
      long offset,
      long bytes,
      Direction direction,
      Mover mover) {
    ByteBuffer staging = Staging.take(bytes);
    try {
      int chunk = staging.capacity();
      for (long done = 0; done < bytes; done += chunk) {
        int length = (int) Math.min(chunk, bytes - done);
        ByteBuffer view = staging.slice(0, length).order(ByteOrder.nativeOrder());
        if (direction == Direction.WRITE) {
          mover.move(view, done);
          enqueue(context, mem, offset + done, length, direction, staging);
        } else {
          enqueue(context, mem, offset + done, length, direction, staging);
          mover.move(view, done);
        }
      }
    } finally {
      Staging.giveBack(staging);
    }
  }

  /** Blocking, so that the memory may be reused or collected afterwards. */
  private static void enqueue(
      OpenClContext context,
      cl_mem mem,
      long offset,
      long length,
      Direction direction,
      Buffer host) {
    Pointer pointer = Pointer.to(host); // From its first element; positions would be ignored.
    if (direction == Direction.WRITE) {
      context.checkWithRetry(
          "clEnqueueWriteBuffer",
          () ->
              clEnqueueWriteBuffer(
                  context.queue(), mem, true, offset, length, pointer, 0, null, null));
    } else {
      context.checkWithRetry(
          "clEnqueueReadBuffer",
          () ->
              clEnqueueReadBuffer(
                  context.queue(), mem, true, offset, length, pointer, 0, null, null));
    }
  }
}
