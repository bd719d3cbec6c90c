package io.github.fusedloss.opencl;

import static org.jocl.CL.CL_CONTEXT_PLATFORM;
import static org.jocl.CL.CL_PROFILING_COMMAND_END;
import static org.jocl.CL.CL_PROFILING_COMMAND_START;
import static org.jocl.CL.CL_QUEUE_PROFILING_ENABLE;
import static org.jocl.CL.clCreateCommandQueue;
import static org.jocl.CL.clCreateContext;
import static org.jocl.CL.clEnqueueCopyBuffer;
import static org.jocl.CL.clFinish;
import static org.jocl.CL.clGetEventProfilingInfo;
import static org.jocl.CL.clReleaseCommandQueue;
import static org.jocl.CL.clReleaseContext;
import static org.jocl.CL.clReleaseEvent;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_event;

/**
 * One opened device: its context, one in-order queue, the programs built for it, its memory.
 *
 * <p>Safe for any number of threads. {@link #close} waits for running calls; every later call
 * throws {@link IllegalStateException}. A context whose device was lost answers every call with an
 * {@link OpenClException} of kind {@code DEVICE_LOST}: close it, open a new one.
 */
@SuppressWarnings("try") // A Use is held, not looked at.
public final class OpenClContext implements AutoCloseable {
  /** A stretch of work during which the context stays open; see {@link #enter}. */
  public interface Use extends AutoCloseable {
    /** Ends the stretch; on the thread that began it, exactly once. */
    @Override
    void close();
  }

  /**
   * Held while building: one at a time in the whole process. Several drivers' compilers do not like
   * company; PoCL 3.1 gives two builds of different contexts the same temporary file.
   */
  private static final ReentrantLock BUILDING = new ReentrantLock();

  // Set when BUILDING is held by a build that never ends.
  private static volatile boolean compilerHangs;

  private record ProgramKey(String source, String options) {}

  private final OpenClDevice device;
  private final cl_device_id deviceId;
  private final cl_context context;
  private final cl_command_queue queue;
  private final BufferPool pool;
  // Of the kernels since the last kernelNanos; null without profiling.
  private final List<cl_event> timers;
  private final Map<ProgramKey, OpenClProgram> programs = new ConcurrentHashMap<>();
  // Read: a call in progress. Write: closing.
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  // One for all: once the lock is held nothing may fail for want of memory.
  private final Use leave = lock.readLock()::unlock;
  private boolean closed;
  private volatile boolean closing;
  private volatile OpenClException lost;
  private volatile boolean abandoned;
  // Tests force the discrete-device path on a CPU device.
  private volatile boolean mapped;

  private OpenClContext(
      OpenClDevice device,
      cl_device_id deviceId,
      cl_context context,
      cl_command_queue queue,
      boolean profiling) {
    this.device = device;
    this.timers = profiling ? new ArrayList<>() : null;
    this.deviceId = deviceId;
    this.context = context;
    this.queue = queue;
    this.mapped = device.type() == OpenClDevice.Type.CPU;
    // A quarter of the device: enough for the next call of the same size, not the whole machine.
    this.pool = new BufferPool(this, device.maxAllocationBytes(), device.globalMemoryBytes() / 4);
  }

  /**
   * Opens a device.
   *
   * @param device one of {@link OpenCl#devices()}
   * @throws OpenClException if the device is not usable or its driver refuses
   */
  public static OpenClContext open(OpenClDevice device) {
    return open(device, false);
  }

  /**
   * Opens a device.
   *
   * @param device one of {@link OpenCl#devices()}
   * @param profiling whether {@link #kernelNanos} shall work; costs a little for every kernel
   * @throws OpenClException if the device is not usable or its driver refuses
   */
  @SuppressWarnings("deprecation") // clCreateCommandQueue: all that OpenCL 1.2 has
  public static OpenClContext open(OpenClDevice device, boolean profiling) {
    OpenCl.Handles handles = OpenCl.handles(device);
    String reason = OpenCl.unusableReason(device);
    if (reason != null) {
      throw OpenClException.of(
          OpenClException.Kind.UNSUPPORTED,
          "clCreateContext",
          device.name(),
          device + " cannot be used: " + reason);
    }
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL_CONTEXT_PLATFORM, handles.platform());
    cl_device_id[] ids = {handles.device()};
    cl_context context =
        Cl.create(
            "clCreateContext",
            device.name(),
            rc -> clCreateContext(properties, 1, ids, null, null, rc));
    cl_command_queue queue = null;
    try {
      queue =
          Cl.create(
              "clCreateCommandQueue",
              device.name(),
              rc ->
                  clCreateCommandQueue(
                      context, ids[0], profiling ? CL_QUEUE_PROFILING_ENABLE : 0, rc));
      return new OpenClContext(device, ids[0], context, queue, profiling);
    } catch (Throwable e) {
      if (queue != null) {
        cl_command_queue made = queue;
        Cl.status(() -> clReleaseCommandQueue(made));
      }
      Cl.status(() -> clReleaseContext(context));
      throw e;
    }
  }

  /** Returns the device. */
  public OpenClDevice device() {
    return device;
  }

  /**
   * Keeps the context open until the returned object is closed, so that several calls in a row
   * cannot be torn apart by a concurrent {@link #close}. Cheap, and may be nested; but do not wait
   * in it for other threads that use the context, as those wait for a {@code close} that has begun.
   *
   * @throws IllegalStateException if the context is closed
   */
  public Use enter() {
    ReentrantReadWriteLock.ReadLock read = lock.readLock();
    read.lock();
    boolean entered = false;
    try {
      if (lost != null) {
        throw OpenClException.of(
            OpenClException.Kind.DEVICE_LOST,
            lost.call(),
            device.name(),
            this + " was lost and must be closed: " + lost.getMessage());
      }
      // A call that had begun before the closing may enter again.
      if (closed || (closing && lock.getReadHoldCount() == 1)) {
        throw new IllegalStateException(this + " is closed");
      }
      entered = true;
      return leave;
    } finally {
      if (!entered) {
        read.unlock();
      }
    }
  }

  /**
   * Returns a program, built at the first call with these arguments and kept until the context is
   * closed.
   *
   * @param source OpenCL C
   * @param options build options; constants of this library, never a user's text
   * @throws OpenClException if it does not build; the message ends with the compiler's log
   */
  public OpenClProgram program(String source, String options) {
    try (Use use = enter()) {
      ProgramKey key = new ProgramKey(source, options);
      OpenClProgram program = programs.get(key);
      return program == null ? build(key) : program;
    } catch (OpenClException e) {
      throw noted(e);
    }
  }

  private OpenClProgram build(ProgramKey key) {
    lockBuilding();
    try {
      OpenClProgram program = programs.get(key);
      if (program == null) {
        program = OpenClProgram.build(this, key.source, key.options);
        try {
          programs.put(key, program);
        } catch (Throwable e) {
          program.release();
          throw e;
        }
      }
      return program;
    } finally {
      BUILDING.unlock();
    }
  }

  /** Waits for the compiler, but not behind a build that hangs. */
  private void lockBuilding() {
    while (!tryLock(BUILDING)) {
      if (compilerHangs) {
        throw OpenClException.of(
            OpenClException.Kind.UNSUPPORTED,
            "clBuildProgram",
            device.name(),
            "nothing can be built any more: a driver's compiler hangs in this process");
      }
    }
  }

  /** Tries for a moment; an interrupt is not for this library. */
  private static boolean tryLock(Lock lock) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return lock.tryLock(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Returns device memory with undefined content, reused from an earlier buffer where one fits.
   *
   * @param bytes size, 0 or more
   * @throws OpenClException of kind {@code RESOURCE} if it is more than the device allows or has
   */
  public DeviceBuffer allocate(long bytes) {
    try (Use use = enter()) {
      return pool.allocate(bytes);
    }
  }

  /** Waits until the device has done everything that was given to it. */
  public void finish() {
    try (Use use = enter()) {
      check("clFinish", () -> clFinish(queue));
    }
  }

  /** Returns the bytes of all buffers that are not closed, as allocated on the device. */
  public long liveBytes() {
    return pool.liveBytes();
  }

  /** Returns the bytes kept on the device for reuse. */
  public long retainedBytes() {
    return pool.retainedBytes();
  }

  /** Gives the memory kept for reuse back to the device. */
  public void trim() {
    try (Use use = enter()) {
      pool.trim();
    }
  }

  /**
   * Measures the device's own buffer copy: the memory floor that kernels are compared with.
   *
   * @param bytes size of each of the two buffers, at least 1; larger than the caches to mean memory
   * @param repeats number of timed copies, at least 1
   * @return bytes read plus bytes written per second, the median
   */
  public double copyBandwidth(long bytes, int repeats) {
    if (bytes < 1 || repeats < 1) {
      throw new IllegalArgumentException(
          "bytes and repeats: expected at least 1, got " + bytes + " and " + repeats);
    }
    try (Use use = enter();
        DeviceBuffer from = allocate(bytes);
        DeviceBuffer to = allocate(bytes)) {
      from.zero();
      to.zero(); // Untouched pages would be allocated inside the measurement.
      double[] rates = new double[repeats];
      for (int i = -1; i < repeats; i++) {
        finish();
        long start = System.nanoTime();
        check(
            "clEnqueueCopyBuffer",
            () -> clEnqueueCopyBuffer(queue, from.mem(), to.mem(), 0, 0, bytes, 0, null, null));
        finish();
        long nanos = Math.max(1, System.nanoTime() - start);
        if (i >= 0) {
          rates[i] = 2e9 * bytes / nanos;
        }
      }
      Arrays.sort(rates);
      return (rates[(repeats - 1) / 2] + rates[repeats / 2]) / 2;
    }
  }

  /**
   * Waits for the device and adds up what its kernels took.
   *
   * @return nanoseconds on the device of all kernels since the last call of this
   * @throws IllegalStateException if the context was not opened with profiling
   */
  public long kernelNanos() {
    if (timers == null) {
      throw new IllegalStateException(this + " was opened without profiling");
    }
    try (Use use = enter()) {
      finish();
      synchronized (timers) {
        long nanos = 0;
        for (cl_event timer : timers) {
          nanos += profile(timer, CL_PROFILING_COMMAND_END);
          nanos -= profile(timer, CL_PROFILING_COMMAND_START);
        }
        releaseTimers();
        return nanos;
      }
    }
  }

  private long profile(cl_event timer, int what) {
    ByteBuffer nanos = Cl.memory(Long.BYTES);
    check(
        "clGetEventProfilingInfo",
        () -> clGetEventProfilingInfo(timer, what, Sizeof.cl_ulong, Pointer.to(nanos), null));
    return nanos.getLong(0);
  }

  private void releaseTimers() {
    timers.forEach(timer -> Cl.status(() -> clReleaseEvent(timer)));
    timers.clear();
  }

  /** The event that the next kernel is to be enqueued with; null without profiling. */
  cl_event timer() {
    return timers == null ? null : new cl_event();
  }

  /** Keeps the event of a kernel that was enqueued. */
  void launched(cl_event timer) {
    if (timer != null) {
      synchronized (timers) {
        timers.add(timer);
      }
    }
  }

  /**
   * The device hangs: from now on nothing is asked of it. What it holds is not released, because
   * that would hang too; a driver whose calls return may still be working on it.
   */
  void abandon(OpenClException hang) {
    noted(hang);
    abandoned = true;
    if (hang.call().contains("Program")) {
      compilerHangs = true;
    }
    OpenCl.giveUp(device, hang);
    pool.abandon();
  }

  /**
   * Waits for running calls, then releases everything the context holds, its buffers included.
   * Closing again does nothing. Neither does closing where the device hangs, see {@link Watchdog}.
   *
   * @throws IllegalStateException if called inside this thread's own {@link #enter}
   */
  @Override
  public void close() {
    if (lock.getReadHoldCount() > 0) {
      throw new IllegalStateException(this + " cannot be closed by a call that is using it");
    }
    closing = true;
    while (!tryLock(lock.writeLock())) {
      if (abandoned) {
        return; // What still runs will never end.
      }
    }
    try {
      if (closed) {
        return;
      }
      closed = true;
      if (!abandoned) {
        Watchdog.run(device.name(), this::abandon, this::releaseAll);
      }
    } catch (OpenClException e) {
      // It hangs, and is abandoned.
    } finally {
      lock.writeLock().unlock();
    }
  }

  private Void releaseAll() {
    // Statuses are of no use here: there is nothing left to do about them.
    Cl.status(() -> clFinish(queue));
    if (timers != null) {
      releaseTimers();
    }
    programs.values().forEach(OpenClProgram::release);
    programs.clear();
    pool.close();
    Cl.status(() -> clReleaseCommandQueue(queue));
    Cl.status(() -> clReleaseContext(context));
    return null;
  }

  @Override
  public String toString() {
    return "OpenCL context on " + device;
  }

  cl_context handle() {
    return context;
  }

  cl_command_queue queue() {
    return queue;
  }

  cl_device_id deviceId() {
    return deviceId;
  }

  boolean mapped() {
    return mapped;
  }

  void setMapped(boolean mapped) {
    this.mapped = mapped;
  }

  BufferPool pool() {
    return pool;
  }

  /** Memory of one context means nothing, or something else, to another. */
  void requireOwn(DeviceBuffer buffer) {
    if (buffer.context() != this) {
      throw new IllegalArgumentException(
          "buffer: expected one of this " + this + ", got a " + buffer + " of another context");
    }
  }

  /** Runs a call inside {@link #enter} and throws if it failed. */
  void check(String call, Cl.Call body) {
    int rc = Cl.status(body);
    if (rc != Status.SUCCESS) {
      throw failure(call, rc);
    }
  }

  /** As {@link #check}, but tries once more after giving unused memory back. */
  void checkWithRetry(String call, Cl.Call body) {
    int rc = Cl.status(body);
    // Drivers allocate late: what clCreateBuffer promised, an enqueue may be first to miss.
    if (Status.isResource(rc)) {
      reclaim();
      rc = Cl.status(body);
    }
    if (rc != Status.SUCCESS) {
      throw failure(call, rc);
    }
  }

  /** As {@link Cl#create}, but tries once more after giving unused memory back. */
  <T> T createWithRetry(String call, Cl.Create<T> create) {
    int[] rc = new int[1];
    T handle = Cl.tryCreate(rc, create);
    if (handle == null && Status.isResource(rc[0])) {
      reclaim();
      handle = Cl.tryCreate(rc, create);
    }
    if (handle == null) {
      throw failure(call, rc[0]);
    }
    return handle;
  }

  private void reclaim() {
    // Memory released while commands still use it comes back only when they are done.
    Cl.status(() -> clFinish(queue));
    pool.trim();
  }

  OpenClException failure(String call, int rc) {
    return noted(OpenClException.ofStatus(call, rc, device.name()));
  }

  /** The device is not to be trusted, and lost: it has said what is not so. */
  OpenClException wrongBits(String what) {
    return noted(
        OpenClException.of(
            OpenClException.Kind.DEVICE_LOST,
            "clEnqueueReadBuffer",
            device.name(),
            device + " computes wrong bits: " + what));
  }

  /** Returns the exception; if it tells of the device's loss, no later call gets through. */
  OpenClException noted(OpenClException e) {
    if (e.isLost() && lost == null) {
      lost = e;
    }
    return e;
  }
}
