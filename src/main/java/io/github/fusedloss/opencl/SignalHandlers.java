package io.github.fusedloss.opencl;

/**
 * Gives the JVM its signal handlers back after an OpenCL driver took them.
 *
 * <p>HotSpot turns SIGFPE into ArithmeticException and SIGSEGV into NullPointerException,
 * safepoints and StackOverflowError. This is what PoCL 3.1 with LLVM 15 does to these handlers, as
 * read back with sigaction after every call:
 *
 * <ul>
 *   <li>{@code clGetPlatformIDs}: nothing.
 *   <li>{@code clGetDeviceIDs}: SIGFPE becomes PoCL's, whose handler steps over the division, so
 *       {@code 7 / 0} <em>returns 7</em> all over the program; SIGSEGV, SIGBUS, SIGILL, SIGABRT,
 *       SIGHUP, SIGINT, SIGQUIT, SIGUSR2 and SIGTERM become LLVM's.
 *   <li>{@code clBuildProgram}, whether it succeeds or not: all of them become LLVM's, again at
 *       every build. {@code 7 / 0} throws, because LLVM passes on what it takes, once.
 *   <li>{@code clCreateContext}, {@code clCreateKernel}, first and later launches with a new
 *       work-group size (each compiles): nothing.
 * </ul>
 *
 * <p>LLVM's handlers are one-shot: at their first signal they put all saved handlers back. So one
 * signal restores everything, and an {@link UnusedSignal} is raised for that. With LLVM 15 a null
 * dereference, which HotSpot leaves to the hardware, would serve as well: LLVM's handler returns,
 * and the faulting instruction runs again. The handler of LLVM 21 (PoCL 7.1) raises the signal anew
 * instead, from another place, where HotSpot does not expect it and ends the JVM. So a null
 * dereference is used only if there is no unused signal.
 *
 * <p>{@link #prepare} is called before discovery, {@link #restore} after discovery and after every
 * build. If another thread divides by zero during that one native call, the driver handles it.
 */
final class SignalHandlers {
  private static final String CURE =
      "the OpenCL driver replaced the JVM's signal handlers and they could not be restored:"
          + " set the environment variable POCL_SIGFPE_HANDLER=0, or start Java with"
          + " LD_PRELOAD=$JAVA_HOME/lib/libjsig.so";

  // Volatile, so that no compiler leaves out the operation that has to throw.
  private static volatile int zero;
  private static volatile int[] nothing;

  private SignalHandlers() {}

  /**
   * Restores the JVM's handlers if a driver took them.
   *
   * @return null if the JVM's own exceptions work, else one sentence with the cure
   */
  static synchronized String restore() {
    // It is done in any case: the checks below cannot see that SIGTERM or SIGQUIT are still the
    // driver's.
    heal();
    if (divisionThrows() && nullThrows() && recursionThrows()) {
      return null;
    }
    heal();
    return divisionThrows() && nullThrows() && recursionThrows() ? null : CURE;
  }

  private static final class Holder {
    static final UnusedSignal UNUSED = UnusedSignal.claim();
  }

  /**
   * Prepares the signal that will be raised, and returns it, or null. It must precede the first
   * call that may take the handlers.
   */
  static UnusedSignal prepare() {
    return Holder.UNUSED;
  }

  /** Restores the handlers without a check, between a call that takes them and {@link #restore}. */
  static void heal() {
    if (Holder.UNUSED == null || !Holder.UNUSED.raise()) {
      nullThrows();
    }
  }

  static boolean divisionThrows() {
    try {
      // The quotient is used, or a compiler could leave out the division.
      zero = (7 / zero) & 0;
      return false;
    } catch (ArithmeticException e) {
      return true;
    }
  }

  static boolean nullThrows() {
    try {
      zero = nothing.length & 0;
      return false;
    } catch (NullPointerException e) {
      return true;
    }
  }

  static boolean recursionThrows() {
    boolean[] overflowed = new boolean[1];
    // A small stack of its own is cheap, and does not depend on how deep the caller already is.
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                zero = recurse(1) & 0;
              } catch (StackOverflowError e) {
                overflowed[0] = true;
              }
            },
            "fusedloss-stack-canary",
            256 * 1024);
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return overflowed[0];
  }

  private static int recurse(int depth) {
    return zero == 0 ? recurse(depth + 1) + depth : depth;
  }
}
