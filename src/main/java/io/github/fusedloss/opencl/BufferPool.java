package io.github.fusedloss.opencl;

import static org.jocl.CL.CL_BUFFER_CREATE_TYPE_REGION;
import static org.jocl.CL.CL_MEM_ALLOC_HOST_PTR;
import static org.jocl.CL.CL_MEM_READ_WRITE;
import static org.jocl.CL.clCreateBuffer;
import static org.jocl.CL.clCreateSubBuffer;
import static org.jocl.CL.clReleaseMemObject;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jocl.cl_buffer_region;
import org.jocl.cl_mem;

/**
 * Owns every {@code cl_mem} of a context and reuses them.
 *
 * <p>A buffer may be given out again while the device still works on its former content. The queue
 * is in order, so whatever the new owner enqueues runs later.
 */
final class BufferPool {
  private static final long SMALLEST = 4096;

  /**
   * The property for tests with which every buffer is a new one, and none is released before the
   * context is closed.
   */
  private static final String FRESH = "fusedloss.opencl.fresh";

  /**
   * Memory of the device. A block of capacity 0 is a part of another block, and is not kept for
   * reuse. Releasing a block needs no new object, since there may be no memory for one.
   */
  static final class Block implements Cl.Call {
    private final long capacity;
    private cl_mem mem;

    private Block(long capacity) {
      this.capacity = capacity;
    }

    cl_mem mem() {
      return mem;
    }

    /** Releases the memory. */
    @Override
    public int run() {
      return clReleaseMemObject(mem);
    }
  }

  private final DeviceQueue queue;
  private final long maxAllocation;
  private final long flags;
  private final long maxRetained;
  private final long alignment;
  private final Set<Block> live = Collections.newSetFromMap(new IdentityHashMap<>());
  // The oldest is the first: blocks are found from the young end, and dropped from the old one. It
  // is a list because a list grows before it stores. A deque that has no memory to grow would keep
  // a block though its method throws.
  private final List<Block> free = new ArrayList<>();
  private long liveBytes;
  private long retainedBytes;
  private boolean closed;

  BufferPool(DeviceQueue queue, long maxRetained) {
    this.queue = queue;
    this.maxAllocation = queue.device().memory().maxAllocationBytes();
    this.maxRetained = maxRetained;
    alignment = Info.bufferAlignment(queue.deviceId(), queue.device().name());
    // Drivers of integrated GPUs map such memory without a copy.
    boolean integrated =
        queue.device().memory().isHosts() && queue.device().type() == OpenClDevice.Type.GPU;
    flags = CL_MEM_READ_WRITE | (integrated ? CL_MEM_ALLOC_HOST_PTR : 0);
    queue.whenMemoryIsShort(this::trim);
  }

  /**
   * Rounds up to 1/8 of a power of two: then there are few sizes to look for, and at most 1/8 of
   * memory is unused.
   */
  static long sizeClass(long bytes, long maxAllocation) {
    if (bytes <= SMALLEST) {
      return Math.min(SMALLEST, maxAllocation);
    }
    long step = Long.highestOneBit(bytes - 1) >> 3;
    long rounded = (bytes + step - 1) / step * step;
    return Math.min(rounded, maxAllocation);
  }

  /** Returns memory of at least this size; null for size 0, since OpenCL has no such buffers. */
  Block take(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes: expected 0 or more, got " + bytes);
    }
    if (bytes > maxAllocation) {
      throw OpenClException.of(
          OpenClException.Kind.RESOURCE,
          "clCreateBuffer",
          queue.device().name(),
          "a buffer of "
              + bytes
              + " bytes is more than the "
              + maxAllocation
              + " bytes that "
              + queue.device()
              + " allows for one buffer");
    }
    if (bytes == 0) {
      return null;
    }
    long capacity = sizeClass(bytes, maxAllocation);
    Block block = reuse(capacity);
    if (block == null) {
      block = new Block(capacity);
      block.mem =
          queue.createWithRetry(
              "clCreateBuffer of " + capacity + " bytes",
              rc -> clCreateBuffer(queue.context(), flags, capacity, null, rc));
    }
    return living(block);
  }

  /**
   * Returns the number of bytes of which the places where parts of buffers begin must be multiples.
   */
  long alignment() {
    return alignment;
  }

  /** Makes a part of a block, as kernels take it. The part must be recycled before the block. */
  Block part(Block whole, long from, long bytes) {
    Block part = new Block(0);
    part.mem =
        queue.createWithRetry(
            "clCreateSubBuffer of " + bytes + " bytes from " + from + " on",
            rc ->
                clCreateSubBuffer(
                    whole.mem,
                    CL_MEM_READ_WRITE,
                    CL_BUFFER_CREATE_TYPE_REGION,
                    new cl_buffer_region(from, bytes),
                    rc));
    return living(part);
  }

  private Block living(Block block) {
    try {
      synchronized (this) {
        live.add(block);
        liveBytes += block.capacity;
      }
      return block;
    } catch (Throwable e) {
      Cl.status(block);
      throw e;
    }
  }

  private synchronized Block reuse(long capacity) {
    if (Boolean.getBoolean(FRESH)) {
      return null;
    }
    for (int i = free.size() - 1; i >= 0; i--) {
      if (free.get(i).capacity == capacity) {
        retainedBytes -= capacity;
        return free.remove(i);
      }
    }
    return null;
  }

  /** Takes back the memory of a buffer that is closed and no longer in use by any call. */
  void recycle(Block block) {
    boolean kept;
    synchronized (this) {
      if (closed || !live.remove(block)) {
        return; // The context has already released everything.
      }
      liveBytes -= block.capacity;
      kept = block.capacity > 0 && block.capacity <= maxRetained && keep(block);
    }
    if (!kept) {
      Cl.status(block);
    }
    drop(maxRetained);
  }

  private boolean keep(Block block) {
    try {
      free.add(block);
    } catch (OutOfMemoryError e) {
      return false;
    }
    retainedBytes += block.capacity;
    return true;
  }

  void trim() {
    drop(0);
  }

  /** Releases the oldest blocks until at most so many bytes are kept. */
  private void drop(long keep) {
    for (Block block = oldest(keep); block != null; block = oldest(keep)) {
      // Not under the lock: if the driver hangs in this call, no other thread may hang.
      Cl.status(block);
    }
  }

  private synchronized Block oldest(long keep) {
    if (retainedBytes <= keep) {
      return null;
    }
    Block block = free.remove(0);
    retainedBytes -= block.capacity;
    return block;
  }

  /** Releases everything; called once, when no call is running. */
  void close() {
    List<Block> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(live);
      live.clear();
      liveBytes = 0;
    }
    trim();
    all.forEach(Cl::status);
  }

  /** Forgets everything and releases nothing, because the device hangs. */
  synchronized void abandon() {
    closed = true;
    live.clear();
    liveBytes = 0;
    free.clear();
    retainedBytes = 0;
  }

  synchronized long liveBytes() {
    return liveBytes;
  }

  synchronized long retainedBytes() {
    return retainedBytes;
  }
}
