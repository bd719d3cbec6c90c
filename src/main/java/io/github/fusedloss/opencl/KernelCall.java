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
 * <p>For one thread. Holds nothing on the device until it runs, so it need not be closed, and may
 * run any number of times.
 */
@SuppressWarnings("try") // A Use is held, not looked at.
public final class KernelCall {
  /** Scalar: size and bits. Buffer: the buffer. Local memory: its size. */
  private record Argument(Kind kind, long size, long bits, DeviceBuffer buffer) {}

  private enum Kind {
    SCALAR,
    BUFFER,
    LOCAL
  }

  private final OpenClContext context;
  private final OpenClProgram program;
  private final String name;
  private final List<Argument> arguments = new ArrayList<>();

  KernelCall(OpenClContext context, OpenClProgram program, String name) {
    this.context = context;
    this.program = program;
    this.name = name;
  }

  /** Binds a {@code global} pointer; a buffer of size 0 becomes NULL. */
  public KernelCall buffer(DeviceBuffer value) {
    context.requireOwn(value);
    return add(new Argument(Kind.BUFFER, Sizeof.cl_mem, 0, value));
  }

  /** Binds an {@code int} or {@code uint}. */
  public KernelCall int32(int value) {
    return add(new Argument(Kind.SCALAR, 4, value, null));
  }

  /** Binds a {@code long} or {@code ulong}. */
  public KernelCall int64(long value) {
    return add(new Argument(Kind.SCALAR, 8, value, null));
  }

  /** Binds a {@code float}. */
  public KernelCall float32(float value) {
    return add(new Argument(Kind.SCALAR, 4, Float.floatToRawIntBits(value), null));
  }

  /** Binds a {@code local} pointer to this many bytes, at least 1. */
  public KernelCall local(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes: expected at least 1, got " + bytes);
    }
    return add(new Argument(Kind.LOCAL, bytes, 0, null));
  }

  /**
   * Enqueues the kernel and returns without waiting for it.
   *
   * @param global number of work-items, a positive multiple of {@code local}
   * @param local work-group size, from 1 to {@link OpenClProgram#maxWorkGroupSize}
   */
  public void run(long global, long local) {
    run(new long[] {global}, new long[] {local});
  }

  /** As {@link #run(long, long)}, in one to three dimensions. */
  public void run(long[] global, long[] local) {
    try (OpenClContext.Use use = context.enter()) {
      enqueue(global, local);
    }
  }

  private KernelCall add(Argument argument) {
    arguments.add(argument);
    return this;
  }

  private void enqueue(long[] global, long[] local) {
    cl_event event = context.timer();
    OpenClProgram.Lease lease = program.lease(name);
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
      context.checkWithRetry(
          "clEnqueueNDRangeKernel " + name,
          () ->
              clEnqueueNDRangeKernel(
                  context.queue(),
                  lease.kernel,
                  global.length,
                  null,
                  global,
                  local,
                  0,
                  null,
                  event));
      context.launched(event);
    } finally {
      while (--pinned >= 0) {
        DeviceBuffer buffer = arguments.get(pinned).buffer;
        if (buffer != null) {
          buffer.unpin();
        }
      }
      program.giveBack(name, lease);
    }
  }

  private void check(OpenClProgram.Lease lease, long[] global, long[] local) {
    // A missing argument would be the previous call's, whose memory may be gone.
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
        items <= Math.max(lease.maxWorkGroupSize, context.device().maxWorkGroupSize()),
        "a work-group of at most %d work-items on %s, got %d",
        lease.maxWorkGroupSize,
        context.device(),
        items);
    if (items > lease.maxWorkGroupSize) {
      // Promised for the device, and withdrawn for this kernel: the device's fault.
      throw OpenClException.of(
          OpenClException.Kind.UNSUPPORTED,
          "clEnqueueNDRangeKernel " + name,
          context.device().name(),
          String.format(
              Locale.ROOT,
              "kernel %s may have %d work-items in a work-group on %s and needs %d",
              name,
              lease.maxWorkGroupSize,
              context.device(),
              items));
    }
  }

  private void require(boolean met, String expected, Object... values) {
    if (!met) {
      throw new IllegalArgumentException(
          "kernel " + name + ": expected " + String.format(Locale.ROOT, expected, values));
    }
  }

  private void bind(OpenClProgram.Lease lease) {
    for (int i = 0; i < arguments.size(); i++) {
      Argument a = arguments.get(i);
      Pointer value = null;
      if (a.kind == Kind.SCALAR) {
        // Little-endian like every device that is usable: the low half comes first.
        lease.scalar.putLong(0, a.bits);
        value = lease.scalarPointer;
      } else if (a.kind == Kind.BUFFER && a.buffer.mem() != null) {
        value = Pointer.to(a.buffer.mem());
      }
      Pointer bound = value;
      int index = i;
      int rc = Cl.status(() -> clSetKernelArg(lease.kernel, index, a.size, bound));
      if (rc != Status.SUCCESS) {
        throw context.failure("clSetKernelArg " + i + " of " + name, rc);
      }
    }
  }
}
