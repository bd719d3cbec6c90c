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
import org.jocl.Pointer;
import org.jocl.cl_mem;

/**
 * Moves host data to and from the device. That takes one copy if the device shares the host's
 * memory, and two if it does not, or for a few KiB.
 *
 * <p>No Java heap array ever reaches OpenCL. JOCL would pin it for the whole wait, which stops the
 * garbage collector and every thread that allocates. Memory that the device shares is mapped and
 * copied by Java. For other devices, data passes through direct staging buffers, or comes straight
 * from a direct buffer of the caller.
 */
final class Transfer {
  /** Which way the data goes. */
  enum Direction {
    WRITE,
    READ
  }

  // A mapped chunk becomes a ByteBuffer, so it is less than 2 GiB, and a multiple of 8 bytes.
  private static final long MAP_CHUNK = 1L << 30;

  private Transfer() {}

  /** Moves all of the host data; blocks until that is done. */
  static void run(
      DeviceQueue queue, cl_mem mem, long offset, Direction direction, HostData<?> host) {
    long bytes = host.bytes();
    if (bytes == 0) {
      return;
    }
    // Mapping takes two commands; for little data the number of commands is what costs.
    if (queue.mapped() && bytes > Staging.SMALL) {
      map(queue, mem, offset, direction, host);
    } else if (host.isDirect()) {
      for (long done = 0; done < bytes; done += MAP_CHUNK) {
        long length = Math.min(MAP_CHUNK, bytes - done);
        enqueue(queue, mem, offset + done, length, direction, host.from(done));
      }
    } else {
      stage(queue, mem, offset, direction, host);
    }
  }

  private static void move(HostData<?> host, Direction direction, ByteBuffer chunk, long done) {
    if (direction == Direction.WRITE) {
      host.copyTo(chunk, done);
    } else {
      host.copyFrom(chunk, done);
    }
  }

  private static void map(
      DeviceQueue queue, cl_mem mem, long offset, Direction direction, HostData<?> host) {
    long bytes = host.bytes();
    long flags = direction == Direction.WRITE ? CL_MAP_WRITE_INVALIDATE_REGION : CL_MAP_READ;
    for (long done = 0; done < bytes; done += MAP_CHUNK) {
      long at = offset + done;
      long length = Math.min(MAP_CHUNK, bytes - done);
      ByteBuffer memory =
          queue.createWithRetry(
              "clEnqueueMapBuffer",
              rc ->
                  clEnqueueMapBuffer(
                      queue.handle(), mem, true, flags, at, length, 0, null, null, rc));
      try {
        move(host, direction, memory.duplicate().order(ByteOrder.nativeOrder()), done);
      } finally {
        queue.check(
            "clEnqueueUnmapMemObject",
            () -> clEnqueueUnmapMemObject(queue.handle(), mem, memory, 0, null, null));
      }
    }
  }

  private static void stage(
      DeviceQueue queue, cl_mem mem, long offset, Direction direction, HostData<?> host) {
    long bytes = host.bytes();
    ByteBuffer staging = Staging.take(bytes);
    try {
      int chunk = staging.capacity();
      for (long done = 0; done < bytes; done += chunk) {
        int length = (int) Math.min(chunk, bytes - done);
        ByteBuffer view = staging.slice(0, length).order(ByteOrder.nativeOrder());
        if (direction == Direction.WRITE) {
          move(host, direction, view, done);
          enqueue(queue, mem, offset + done, length, direction, staging);
        } else {
          enqueue(queue, mem, offset + done, length, direction, staging);
          move(host, direction, view, done);
        }
      }
    } finally {
      Staging.giveBack(staging);
    }
  }

  /** Waits for the command, so that the memory may be reused or collected afterwards. */
  private static void enqueue(
      DeviceQueue queue, cl_mem mem, long offset, long length, Direction direction, Buffer host) {
    // It points to the first element; a position would be ignored.
    Pointer pointer = Pointer.to(host);
    if (direction == Direction.WRITE) {
      queue.checkWithRetry(
          "clEnqueueWriteBuffer",
          () ->
              clEnqueueWriteBuffer(
                  queue.handle(), mem, true, offset, length, pointer, 0, null, null));
    } else {
      queue.checkWithRetry(
          "clEnqueueReadBuffer",
          () ->
              clEnqueueReadBuffer(
                  queue.handle(), mem, true, offset, length, pointer, 0, null, null));
    }
  }
}
