package io.github.fusedloss.opencl;

import static org.jocl.CL.CL_KERNEL_NUM_ARGS;
import static org.jocl.CL.CL_KERNEL_WORK_GROUP_SIZE;
import static org.jocl.CL.clBuildProgram;
import static org.jocl.CL.clCreateKernel;
import static org.jocl.CL.clCreateProgramWithSource;
import static org.jocl.CL.clReleaseKernel;
import static org.jocl.CL.clReleaseProgram;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_program;

/** Kernels built from one source; lives as long as its context. */
@SuppressWarnings("try") // A Use is held, not looked at.
public final class OpenClProgram {
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

    /** Releases it. */
    @Override
    public int run() {
      return clReleaseKernel(kernel);
    }
  }

  private final OpenClContext context;
  private final cl_program program;
  // Lists: as in BufferPool.
  private final Map<String, List<Lease>> idle = new HashMap<>();

  private OpenClProgram(OpenClContext context, cl_program program) {
    this.context = context;
    this.program = program;
  }

  /** Of a build whose compiler loses its files on the way, which it does within milliseconds. */
  private static final int TRIES = 20;

  static OpenClProgram build(OpenClContext context, String source, String options) {
    for (int left = TRIES - 1; ; left--) {
      try {
        return buildOnce(context, source, options);
      } catch (OpenClException e) {
        if (left == 0 || !lostItsFiles(e)) {
          throw e;
        }
      }
    }
  }

  /**
   * True if a build failed for want of a file, not for what the source says. While LLVM compiles,
   * its signal handlers are in place (see {@link SignalHandlers}), and before they pass a signal on
   * they delete the compiler's temporary files. HotSpot uses such signals all the time, for null
   * checks and safepoints of any thread.
   */
  static boolean lostItsFiles(OpenClException e) {
    return e.status() == Status.BUILD_PROGRAM_FAILURE
        && e.buildLog().contains("No such file or directory");
  }

  private static OpenClProgram buildOnce(OpenClContext context, String source, String options) {
    String device = context.device().name();
    cl_program program =
        Cl.create(
            "clCreateProgramWithSource",
            device,
            rc -> clCreateProgramWithSource(context.handle(), 1, new String[] {source}, null, rc));
    boolean built = false;
    try {
      cl_device_id[] ids = {context.deviceId()};
      // -w: some compilers count their warnings on the stderr of whoever uses this library.
      int rc = Cl.status(() -> clBuildProgram(program, 1, ids, "-w " + options, null, null));
      OpenCl.guardSignals(device);
      if (rc != Status.SUCCESS) {
        throw OpenClException.ofBuild(rc, device, Info.buildLog(program, ids[0]));
      }
      OpenClProgram result = new OpenClProgram(context, program);
      built = true;
      return result;
    } finally {
      if (!built) {
        Cl.status(() -> clReleaseProgram(program));
      }
    }
  }

  /**
   * Begins a call: bind the arguments in the order of the kernel's parameters, then run.
   *
   * @param name kernel function
   */
  public KernelCall kernel(String name) {
    return new KernelCall(context, this, name);
  }

  /** Returns the largest work-group this kernel can have on this device. */
  public long maxWorkGroupSize(String kernel) {
    try (OpenClContext.Use use = context.enter()) {
      Lease lease = lease(kernel);
      giveBack(kernel, lease);
      return lease.maxWorkGroupSize;
    }
  }

  /** To be called inside {@link OpenClContext#enter}. */
  Lease lease(String name) {
    synchronized (idle) {
      List<Lease> leases = idle.get(name);
      if (leases != null && !leases.isEmpty()) {
        return leases.remove(leases.size() - 1);
      }
    }
    String device = context.device().name();
    cl_kernel kernel =
        context.createWithRetry("clCreateKernel " + name, rc -> clCreateKernel(program, name, rc));
    try {
      return new Lease(kernel, context.deviceId(), device);
    } catch (Throwable e) {
      Cl.status(() -> clReleaseKernel(kernel));
      if (e instanceof OpenClException failure) {
        context.noted(failure);
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

  /** Called once, by the closing context, when no call is running: all leases are back. */
  void release() {
    for (List<Lease> leases : idle.values()) {
      leases.forEach(Cl::status);
    }
    idle.clear();
    Cl.status(() -> clReleaseProgram(program));
  }
}
