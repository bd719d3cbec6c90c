package io.github.fusedloss.opencl;

import static org.jocl.CL.CL_MEM_READ_WRITE;
import static org.jocl.CL.clCreateBuffer;
import static org.jocl.CL.clReleaseMemObject;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jocl.cl_mem;

/**
 * Owns every {@code cl_mem} of a context and reuses them.
 *
 * <p>A buffer may be given out again while the device still works on its former content: the queue
 * is in order, so whatever its new owner enqueues runs later.
 */
final class BufferPool {
  private static final long SMALLEST = 4096;

  private record Free(cl_mem mem, long capacity) {}

  private final OpenClContext context;
  private final long maxAllocation;
  private final long maxRetained;
  private final Set<DeviceBuffer> live = Collections.newSetFromMap(new IdentityHashMap<>());
  // Oldest first: found from the young end, dropped from the old one.
  private final ArrayDeque<Free> free = new ArrayDeque<>();
  private long liveBytes;
  private long retainedBytes;
  private boolean closed;

  BufferPool(OpenClContext context, long maxAllocation, long maxRetained) {
    this.context = context;
    this.maxAllocation = maxAllocation;
    this.maxRetained = maxRetained;
  }

  /** Rounds up to 1/8 of a power of two: few sizes to look for, at most 1/8 of memory unused. */
  static long sizeClass(long bytes, long maxAllocation) {
    if (bytes <= SMALLEST) {
      return Math.min(SMALLEST, maxAllocation);
    }
    long step = Long.highestOneBit(bytes - 1) >> 3;
    long rounded = (bytes + step - 1) / step * step;
    return Math.min(rounded, maxAllocation);
  }

  DeviceBuffer allocate(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes: expected 0 or more, got " + bytes);
    }
    if (bytes > maxAllocation) {
      throw OpenClException.of(
          OpenClException.Kind.RESOURCE,
          "clCreateBuffer",
          context.device().name(),
          "a buffer of "
              + bytes
              + " bytes is more than the "
              + maxAllocation
              + " bytes that "
              + context.device()
              + " allows for one buffer");
    }
    if (bytes == 0) {
      return new DeviceBuffer(context, null, 0, 0); // OpenCL has no buffers of size 0.
    }
    long capacity = sizeClass(bytes, maxAllocation);
    cl_mem mem = reuse(capacity);
    if (mem == null) {
      mem =
          context.createWithRetry(
              "clCreateBuffer of " + capacity + " bytes",
              rc -> clCreateBuffer(context.handle(), CL_MEM_READ_WRITE, capacity, null, rc));
    }
    DeviceBuffer buffer = new DeviceBuffer(context, mem, bytes, capacity);
    synchronized (this) {
      live.add(buffer);
      liveBytes += capacity;
    }
    return buffer;
  }

  private synchronized cl_mem reuse(long capacity) {
    for (Iterator<Free> i = free.descendingIterator(); i.hasNext(); ) {
      Free candidate = i.next();
      if (candidate.capacity == capacity) {
        i.remove();
        retainedBytes -= capacity;
        return candidate.mem;
      }
    }
    return null;
  }

  /** Takes back the memory of a buffer that is closed and no longer in use by any call. */
  void recycle(DeviceBuffer buffer, cl_mem mem, long capacity) {
    synchronized (this) {
      if (closed || !live.remove(buffer)) {
        return; // The context has already released everything.
      }
      liveBytes -= capacity;
      if (capacity <= maxRetained) {
        free.addLast(new Free(mem, capacity));
        retainedBytes += capacity;
      }
    }
    if (capacity > maxRetained) {
      release(List.of(mem));
    }
    drop(maxRetained);
  }

  void trim() {
    drop(0);
  }

  /** Releases the oldest until at most so many bytes are kept. */
  private void drop(long keep) {
    List<cl_mem> oldest = new ArrayList<>();
    synchronized (this) {
      while (retainedBytes > keep) {
        Free first = free.removeFirst();
        retainedBytes -= first.capacity;
        oldest.add(first.mem);
      }
    }
    release(oldest);
  }

  /** Called once, when no call is running. */
  void close() {
    List<cl_mem> all = new ArrayList<>();
    synchronized (this) {
      closed = true;
      live.forEach(buffer -> all.add(buffer.mem()));
      live.clear();
      liveBytes = 0;
    }
    trim();
    release(all);
  }

  /** Forgets everything and releases nothing: the device hangs. */
  synchronized void abandon() {
    closed = true;
    live.clear();
    liveBytes = 0;
    free.clear();
    retainedBytes = 0;
  }

  /** Never while the lock is held: where a driver hangs in it, nobody else shall. */
  private static void release(List<cl_mem> mems) {
    mems.forEach(mem -> Cl.status(() -> clReleaseMemObject(mem)));
  }

  synchronized long liveBytes() {
    return liveBytes;
  }

  synchronized long retainedBytes() {
    return retainedBytes;
  }
}
