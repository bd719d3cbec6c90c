package io.github.fusedloss.opencl;

import static org.jocl.CL.clEnqueueNDRangeKernel;
import static org.jocl.CL.clSetKernelArg;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_event;

/**
 * One launch of a kernel: {@code program.kernel("scale").buffer(x).float32(2).run(1024, 64)}.
 *
 * <p>For use by one thread. It holds nothing on the device until it runs, so it need not be closed,
 * and may run any number of times.
 */
@SuppressWarnings("try") // A Use is held, not looked at.
final class KernelCall {
  /** A buffer; or the bits of a scalar, if {@code buffer} is null. */
  private record Argument(long size, long bits, DeviceBuffer buffer) {}

  private final DeviceQueue queue;
  private final Kernels kernels;
  private final KernelTimers timers;
  private final String name;
  private final List<Argument> arguments = new ArrayList<>();

  KernelCall(DeviceQueue queue, Kernels kernels, KernelTimers timers, String name) {
    this.queue = queue;
    this.kernels = kernels;
    this.timers = timers;
    this.name = name;
  }

  /** Binds {@code global} pointers; a buffer of size 0 becomes NULL. */
  KernelCall buffer(DeviceBuffer... values) {
    for (DeviceBuffer value : values) {
      value.requireOn(queue);
      arguments.add(new Argument(Sizeof.cl_mem, 0, value));
    }
    return this;
  }

  /** Binds an {@code int} or {@code uint}. */
  KernelCall int32(int value) {
    arguments.add(new Argument(4, value, null));
    return this;
  }

  /** Binds some {@code long} or {@code ulong}. */
  KernelCall int64(long... values) {
    for (long value : values) {
      arguments.add(new Argument(8, value, null));
    }
    return this;
  }

  /** Binds some {@code float}. */
  KernelCall float32(float... values) {
    for (float value : values) {
      arguments.add(new Argument(4, Float.floatToRawIntBits(value), null));
    }
    return this;
  }

  /** Binds a number as two {@code float}s; the second is what the first leaves out. */
  KernelCall pair(double value) {
    float hi = (float) value;
    return float32(hi, (float) (value - hi));
  }

  /**
   * Enqueues the kernel and returns without waiting for it.
   *
   * @param global number of work-items, a positive multiple of {@code local}
   * @param local work-group size, from 1 to what the device allows this kernel
   */
  void run(long global, long local) {
    run(new long[] {global}, new long[] {local});
  }

  /** Enqueues the kernel as {@link #run(long, long)} does, in one to three dimensions. */
  void run(long[] global, long[] local) {
    try (Lifetime.Use use = queue.enter()) {
      enqueue(global, local);
    }
  }

  private void enqueue(long[] global, long[] local) {
    cl_event event = timers.next();
    Kernels.Lease lease = kernels.lease(name);
    int pinned = 0;
    try {
      check(lease, global, local);
      for (; pinned < arguments.size(); pinned++) {
        DeviceBuffer buffer = arguments.get(pinned).buffer;
        if (buffer != null) {
          buffer.pin();
        }
      }
      bind(lease);
      queue.checkWithRetry(
          "clEnqueueNDRangeKernel " + name,
          () ->
              clEnqueueNDRangeKernel(
                  queue.handle(),
                  lease.kernel,
                  global.length,
                  null,
                  global,
                  local,
                  0,
                  null,
                  event));
      timers.launched(event);
    } finally {
      while (--pinned >= 0) {
        DeviceBuffer buffer = arguments.get(pinned).buffer;
        if (buffer != null) {
          buffer.unpin();
        }
      }
      kernels.giveBack(name, lease);
    }
  }

  private void check(Kernels.Lease lease, long[] global, long[] local) {
    // A missing argument would be that of the previous call, whose memory may be gone.
    require(
        arguments.size() == lease.arguments,
        "%d arguments, got %d",
        lease.arguments,
        arguments.size());
    require(
        global.length >= 1 && global.length <= 3 && local.length == global.length,
        "1 to 3 dimensions in global and local alike, got %d and %d",
        global.length,
        local.length);
    long items = 1;
    for (int i = 0; i < global.length; i++) {
      require(
          local[i] >= 1 && global[i] >= 1 && global[i] % local[i] == 0,
          "a global size that is a positive multiple of the local size, got %d and %d",
          global[i],
          local[i]);
      items = Math.multiplyExact(items, local[i]);
    }
    require(
        items <= Math.max(lease.maxWorkGroupSize, queue.device().units().maxWorkGroupSize()),
        "a work-group of at most %d work-items on %s, got %d",
        lease.maxWorkGroupSize,
        queue.device(),
        items);
    if (items > lease.maxWorkGroupSize) {
      // The device promises so many and allows this kernel fewer: that is the device's fault.
      throw OpenClException.of(
          OpenClException.Kind.UNSUPPORTED,
          "clEnqueueNDRangeKernel " + name,
          queue.device().name(),
          String.format(
              Locale.ROOT,
              "kernel %s may have %d work-items in a work-group on %s and needs %d",
              name,
              lease.maxWorkGroupSize,
              queue.device(),
              items));
    }
  }

  private void require(boolean met, String expected, Object... values) {
    if (!met) {
      throw new IllegalArgumentException(
          "kernel " + name + ": expected " + String.format(Locale.ROOT, expected, values));
    }
  }

  private void bind(Kernels.Lease lease) {
    for (int i = 0; i < arguments.size(); i++) {
      Argument a = arguments.get(i);
      Pointer value = null;
      if (a.buffer == null) {
        // Usable devices are little-endian, so the low half comes first.
        lease.scalar.putLong(0, a.bits);
        value = lease.scalarPointer;
      } else if (a.buffer.mem() != null) {
        value = Pointer.to(a.buffer.mem());
      }
      Pointer bound = value;
      int index = i;
      int rc = Cl.status(() -> clSetKernelArg(lease.kernel, index, a.size, bound));
      if (rc != Status.SUCCESS) {
        throw queue.failure("clSetKernelArg " + i + " of " + name, rc);
      }
    }
  }
}
