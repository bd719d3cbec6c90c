package io.github.fusedloss.opencl;

import static org.jocl.CL.CL_PROFILING_COMMAND_END;
import static org.jocl.CL.CL_PROFILING_COMMAND_START;
import static org.jocl.CL.clGetEventProfilingInfo;
import static org.jocl.CL.clReleaseEvent;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_event;

/** Measures the time that kernels take on the device, if the queue was opened with profiling. */
final class KernelTimers {
  private final DeviceQueue queue;
  // The events of kernels since the last nanos(); null without profiling.
  private final List<cl_event> events;

  KernelTimers(DeviceQueue queue, boolean profiling) {
    this.queue = queue;
    events = profiling ? new ArrayList<>() : null;
  }

  /** Returns the event that the next kernel is to be enqueued with; null without profiling. */
  cl_event next() {
    return events == null ? null : new cl_event();
  }

  /** Keeps the event of a kernel that was enqueued. */
  void launched(cl_event event) {
    if (event != null) {
      synchronized (events) {
        events.add(event);
      }
    }
  }

  /**
   * Waits for the device, and returns the time of all kernels since the last call of this method.
   */
  long nanos() {
    if (events == null) {
      throw new IllegalStateException(queue + " was opened without profiling");
    }
    queue.finish();
    synchronized (events) {
      long nanos = 0;
      for (cl_event event : events) {
        nanos += read(event, CL_PROFILING_COMMAND_END) - read(event, CL_PROFILING_COMMAND_START);
      }
      release();
      return nanos;
    }
  }

  private long read(cl_event event, int what) {
    ByteBuffer nanos = Cl.memory(Long.BYTES);
    queue.check(
        "clGetEventProfilingInfo",
        () -> clGetEventProfilingInfo(event, what, Sizeof.cl_ulong, Pointer.to(nanos), null));
    return nanos.getLong(0);
  }

  /** Forgets the kernels since the last {@link #nanos()}. */
  void release() {
    if (events != null) {
      synchronized (events) {
        events.forEach(event -> Cl.status(() -> clReleaseEvent(event)));
        events.clear();
      }
    }
  }
}
