package io.github.fusedloss.opencl;

import static org.jocl.CL.clFinish;

import io.github.fusedloss.backend.Memory;
import java.util.Arrays;
import org.jocl.cl_event;

/**
 * One opened device: its context, its one in-order queue, the programs built for it, and its
 * memory.
 *
 * <p>Safe for use by any number of threads. {@link #close} waits for running calls; every later
 * call throws {@link IllegalStateException}. If the device was lost, every call throws an {@link
 * OpenClException} of kind {@code DEVICE_LOST}: close the context, and open a new one.
 */
@SuppressWarnings("try") // A Use is held, not looked at.
public final class OpenClContext implements AutoCloseable {
  private final DeviceQueue queue;
  private final BufferPool pool;
  private final KernelTimers timers;
  private final Programs programs;
  private volatile boolean abandoned;

  private OpenClContext(DeviceQueue queue, boolean profiling) {
    this.queue = queue;
    // A quarter of the device's memory: enough for the next call of the same size, and not all of
    // it.
    pool = new BufferPool(queue, queue.device().memory().bytes() / 4);
    timers = new KernelTimers(queue, profiling);
    programs = new Programs(queue, timers);
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
  public static OpenClContext open(OpenClDevice device, boolean profiling) {
    DeviceQueue queue = DeviceQueue.open(device, profiling);
    try {
      return new OpenClContext(queue, profiling);
    } catch (Throwable e) {
      queue.release();
      throw e;
    }
  }

  /** Returns the device. */
  public OpenClDevice device() {
    return queue.device();
  }

  /**
   * Keeps the context open until the returned object is closed, so that a concurrent {@link #close}
   * does not come between several calls in a row. This is cheap, and may be nested. But do not wait
   * in it for other threads that use the context: they wait for a {@code close} that has begun.
   *
   * @throws IllegalStateException if the context is closed
   */
  Lifetime.Use enter() {
    return queue.enter();
  }

  /**
   * Returns a program, built at the first call with these arguments and kept until the context is
   * closed.
   *
   * @param source OpenCL C
   * @param options build options; constants of this library, never a user's text
   * @throws OpenClException if it does not build; the message ends with the compiler's log
   */
  OpenClProgram program(String source, String options) {
    try (Lifetime.Use use = enter()) {
      return programs.get(source, options);
    }
  }

  /**
   * Returns device memory with undefined content, reused from an earlier buffer where one fits.
   *
   * @param bytes size, 0 or more
   * @throws OpenClException of kind {@code RESOURCE} if it is more than the device allows or has
   */
  DeviceBuffer allocate(long bytes) {
    try (Lifetime.Use use = enter()) {
      return new DeviceBuffer(queue, pool, bytes);
    }
  }

  /**
   * Returns whether kernels can use the memory where it is: a whole buffer, or a part that begins
   * where the device lets buffers begin.
   */
  boolean reaches(Memory memory) {
    return memory instanceof OpenClMemory there
        && (!there.isPart()
            || there.length() > 0 && there.first() * there.type().bytes() % pool.alignment() == 0);
  }

  /** Makes a buffer of a part of memory that kernels can {@linkplain #reaches reach}. */
  DeviceBuffer part(OpenClMemory memory) {
    long bytes = memory.type().bytes();
    try (Lifetime.Use use = enter()) {
      return new DeviceBuffer(memory.buffer(), memory.first() * bytes, memory.length() * bytes);
    }
  }

  /**
   * Returns whether the buffer is of this context; otherwise it means nothing here, or something
   * else.
   */
  boolean owns(DeviceBuffer buffer) {
    return buffer.isOn(queue);
  }

  /** Waits until the device has done everything that was given to it. */
  public void finish() {
    try (Lifetime.Use use = enter()) {
      queue.finish();
    }
  }

  /** Returns the bytes of all buffers that are not closed, as allocated on the device. */
  long liveBytes() {
    return pool.liveBytes();
  }

  /** Returns the bytes kept on the device for reuse. */
  long retainedBytes() {
    return pool.retainedBytes();
  }

  /** Gives the memory kept for reuse back to the device. */
  void trim() {
    try (Lifetime.Use use = enter()) {
      pool.trim();
    }
  }

  /**
   * Measures the device's own buffer copy, the speed limit that kernels are compared with. With
   * profiling the device measures the time, as it does for kernels, without the host's share.
   *
   * @param bytes size of each of the two buffers, at least 1; larger than the caches if the memory
   *     is to be measured
   * @param repeats number of timed copies, at least 1
   * @return bytes read plus bytes written per second, the median
   */
  double copyBandwidth(long bytes, int repeats) {
    if (bytes < 1 || repeats < 1) {
      throw new IllegalArgumentException(
          "bytes and repeats: expected at least 1, got " + bytes + " and " + repeats);
    }
    try (Lifetime.Use use = enter();
        DeviceBuffer from = allocate(bytes);
        DeviceBuffer to = allocate(bytes)) {
      from.zero();
      to.zero(); // Untouched pages would be allocated inside the measurement.
      timers.release(); // Earlier kernels are no part of the copies.
      double[] rates = new double[repeats];
      for (int i = -1; i < repeats; i++) {
        finish();
        cl_event event = timers.next();
        long start = System.nanoTime();
        to.copyFrom(from, 0, 0, bytes, event);
        timers.launched(event);
        finish();
        long wall = System.nanoTime() - start;
        long nanos = Math.max(1, event == null ? wall : timers.nanos());
        if (i >= 0) {
          rates[i] = 2e9 * bytes / nanos;
        }
      }
      Arrays.sort(rates);
      return (rates[(repeats - 1) / 2] + rates[repeats / 2]) / 2;
    }
  }

  /**
   * Waits for the device and adds up the time that its kernels took.
   *
   * @return nanoseconds on the device of all kernels since the last call of this method
   * @throws IllegalStateException if the context was not opened with profiling
   */
  public long kernelNanos() {
    try (Lifetime.Use use = enter()) {
      return timers.nanos();
    }
  }

  /**
   * Notes an exception and returns it. If it says that the device is lost, all later calls are
   * refused.
   */
  OpenClException noted(OpenClException e) {
    return queue.noted(e);
  }

  /**
   * Returns the exception for wrong results. The device is not trusted any more, and counts as
   * lost.
   */
  OpenClException wrongBits(String what) {
    return noted(
        OpenClException.of(
            OpenClException.Kind.DEVICE_LOST,
            "clEnqueueReadBuffer",
            device().name(),
            device() + " computes wrong bits: " + what));
  }

  /**
   * Gives the device up because it hangs: from now on it is not called. What it holds is not
   * released, because that would hang too, and because the driver may still work on it.
   */
  void abandon(OpenClException hang) {
    noted(hang);
    abandoned = true;
    Programs.noteHang(hang);
    OpenCl.giveUp(device(), hang);
    pool.abandon();
  }

  /**
   * Waits for running calls, then releases everything the context holds, its buffers included.
   * Closing again does nothing. Nor does closing if the device hangs, see {@link Watchdog}.
   *
   * @throws IllegalStateException if called inside this thread's own {@link #enter}
   */
  @Override
  public void close() {
    queue.lifetime().close(() -> abandoned, this::releaseUnlessItHangs);
  }

  private void releaseUnlessItHangs() {
    if (!abandoned) {
      try {
        Watchdog.run(device().name(), this::abandon, this::releaseAll);
      } catch (OpenClException e) {
        // It hangs, and has been abandoned.
      }
    }
  }

  private Void releaseAll() {
    // Statuses are ignored: nothing could be done about them.
    Cl.status(() -> clFinish(queue.handle()));
    timers.release();
    programs.release();
    pool.close();
    queue.release();
    return null;
  }

  @Override
  public String toString() {
    return queue.toString();
  }

  /** Returns the queue, for tests. */
  DeviceQueue queue() {
    return queue;
  }
}
