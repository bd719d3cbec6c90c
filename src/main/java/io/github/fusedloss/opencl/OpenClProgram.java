package io.github.fusedloss.opencl;

import static org.jocl.CL.clBuildProgram;
import static org.jocl.CL.clCreateProgramWithSource;
import static org.jocl.CL.clReleaseProgram;

import org.jocl.cl_device_id;
import org.jocl.cl_program;

/** The kernels built from one source. They live as long as their context. */
final class OpenClProgram {
  /**
   * How often a build is tried if its compiler loses its files, which it does within milliseconds.
   */
  private static final int TRIES = 20;

  private final DeviceQueue queue;
  private final KernelTimers timers;
  private final cl_program program;
  private final Kernels kernels;

  private OpenClProgram(DeviceQueue queue, KernelTimers timers, cl_program program) {
    this.queue = queue;
    this.timers = timers;
    this.program = program;
    kernels = new Kernels(queue, program);
  }

  static OpenClProgram build(
      DeviceQueue queue, KernelTimers timers, String source, String options) {
    for (int left = TRIES - 1; ; left--) {
      try {
        return buildOnce(queue, timers, source, options);
      } catch (OpenClException e) {
        if (left == 0 || !lostItsFiles(e)) {
          throw e;
        }
      }
    }
  }

  /**
   * Returns true if a build failed because a file was missing, and not because of the source. While
   * LLVM compiles, its signal handlers are in place (see {@link SignalHandlers}), and before they
   * pass a signal on they delete the compiler's temporary files. HotSpot uses such signals all the
   * time, for null checks and safepoints of any thread.
   */
  static boolean lostItsFiles(OpenClException e) {
    return e.status() == Status.BUILD_PROGRAM_FAILURE
        && e.buildLog().contains("No such file or directory");
  }

  private static OpenClProgram buildOnce(
      DeviceQueue queue, KernelTimers timers, String source, String options) {
    String device = queue.device().name();
    cl_program program =
        Cl.create(
            "clCreateProgramWithSource",
            device,
            rc -> clCreateProgramWithSource(queue.context(), 1, new String[] {source}, null, rc));
    boolean built = false;
    try {
      cl_device_id[] ids = {queue.deviceId()};
      // With -w, compilers do not count their warnings on the stderr of the program.
      int rc = Cl.status(() -> clBuildProgram(program, 1, ids, "-w " + options, null, null));
      OpenCl.guardSignals(device);
      if (rc != Status.SUCCESS) {
        throw OpenClException.ofBuild(rc, device, Info.buildLog(program, ids[0]));
      }
      OpenClProgram result = new OpenClProgram(queue, timers, program);
      built = true;
      return result;
    } finally {
      if (!built) {
        Cl.status(() -> clReleaseProgram(program));
      }
    }
  }

  /**
   * Begins a call. The arguments must be bound in the order of the kernel's parameters.
   *
   * @param name kernel function
   */
  KernelCall kernel(String name) {
    return new KernelCall(queue, kernels, timers, name);
  }

  /** Releases program and kernels; called once, when no call is running. */
  void release() {
    kernels.release();
    Cl.status(() -> clReleaseProgram(program));
  }
}
