package io.github.fusedloss.opencl;

import static org.jocl.CL.CL_KERNEL_NUM_ARGS;
import static org.jocl.CL.CL_KERNEL_WORK_GROUP_SIZE;
import static org.jocl.CL.clCreateKernel;
import static org.jocl.CL.clReleaseKernel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_program;

/** The kernels of one program, each lent to one call at a time. */
final class Kernels {
  /** A kernel on loan: its arguments are state, so only one call at a time may have it. */
  static final class Lease implements Cl.Call {
    final cl_kernel kernel;
    final int arguments;
    final long maxWorkGroupSize;
    // Scalar arguments pass through here; a heap array would be pinned for it.
    final ByteBuffer scalar = Cl.memory(Long.BYTES);
    final Pointer scalarPointer = Pointer.to(scalar);

    private Lease(cl_kernel kernel, cl_device_id device, String deviceName) {
      this.kernel = kernel;
      this.arguments = Info.kernelInteger(kernel, CL_KERNEL_NUM_ARGS, deviceName);
      this.maxWorkGroupSize =
          Info.kernelWorkGroup(kernel, device, CL_KERNEL_WORK_GROUP_SIZE, deviceName);
    }

    /** Releases the kernel. */
    @Override
    public int run() {
      return clReleaseKernel(kernel);
    }
  }

  private final DeviceQueue queue;
  private final cl_program program;
  // A list, because it grows before it stores: without memory nothing is half done.
  private final Map<String, List<Lease>> idle = new HashMap<>();

  Kernels(DeviceQueue queue, cl_program program) {
    this.queue = queue;
    this.program = program;
  }

  /** Lends a kernel; to be called inside {@link DeviceQueue#enter}. */
  Lease lease(String name) {
    synchronized (idle) {
      List<Lease> leases = idle.get(name);
      if (leases != null && !leases.isEmpty()) {
        return leases.remove(leases.size() - 1);
      }
    }
    String device = queue.device().name();
    cl_kernel kernel =
        queue.createWithRetry("clCreateKernel " + name, rc -> clCreateKernel(program, name, rc));
    try {
      return new Lease(kernel, queue.deviceId(), device);
    } catch (Throwable e) {
      Cl.status(() -> clReleaseKernel(kernel));
      if (e instanceof OpenClException failure) {
        queue.noted(failure);
      }
      throw e;
    }
  }

  void giveBack(String name, Lease lease) {
    try {
      synchronized (idle) {
        idle.computeIfAbsent(name, n -> new ArrayList<>()).add(lease);
      }
    } catch (OutOfMemoryError e) {
      Cl.status(lease); // The next call makes its own.
    }
  }

  /** Releases all kernels; called once, when no call is running and all are given back. */
  void release() {
    for (List<Lease> leases : idle.values()) {
      leases.forEach(Cl::status);
    }
    idle.clear();
  }
}
