package io.github.fusedloss.opencl;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.concurrent.Semaphore;

/** Mains of the JVMs that {@link OpenClProcessTest} starts. */
public final class OpenClChild {
  private static volatile int zero;
  private static volatile int[] nothing;
  private static volatile int sink;

  private OpenClChild() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "devices" -> devices();
      case "compute" -> compute();
      case "exceptions" -> exceptions();
      case "ownHandlers" -> ownHandlers(args[1].split(","));
      case "exceptionsEnabled" -> exceptionsEnabled();
      case "build" -> build();
      case "transfer" -> transfer();
      case "terminate" -> terminate();
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  /** Prints the devices, or why there are none, twice: the second answer is the memoised one. */
  private static void devices() {
    String tmpdir = System.getProperty("java.io.tmpdir");
    for (int i = 0; i < 2; i++) {
      System.out.println(
          OpenCl.unavailableReason().map(r -> "none: " + r).orElse("" + OpenCl.devices()));
    }
    if (!tmpdir.equals(System.getProperty("java.io.tmpdir"))) {
      System.out.println("java.io.tmpdir was not restored");
    }
  }

  private static void compute() {
    OpenClDevice device = OpenCl.devices().get(0);
    try (OpenClContext context = OpenClContext.open(device);
        DeviceBuffer x = context.allocate(16)) {
      OpenClProgram program = context.program(OpenClTesting.AXPB, "");
      long max = device.units().maxWorkGroupSize();
      x.write(0, FloatBuffer.wrap(new float[] {1, 2, 3, 4}));
      KernelCall call =
          program.kernel("axpb").buffer(x).buffer(x).float32(2).float32(1).int32(4).int64(0);
      call.run(4 * max, max);
      try {
        call.run(4 * max, 2 * max);
        System.out.println("a work-group of " + 2 * max + " was accepted");
      } catch (IllegalArgumentException e) {
        System.out.println(e.getMessage());
      }
      float[] y = new float[4];
      x.read(0, FloatBuffer.wrap(y));
      System.out.println("max " + max + " " + Arrays.toString(y));
    }
  }

  /**
   * Prints how often Java's own exceptions came where they must, after everything that may take the
   * signal handlers; often enough that interpreter, C1 and C2 all had their turn.
   */
  private static void exceptions() {
    compute();
    // Built, but not from any cache: the time is in it.
    try (OpenClContext context = OpenClContext.open(OpenCl.devices().get(0))) {
      context.program("// " + System.nanoTime() + "\n" + OpenClTesting.AXPB, "");
      try {
        context.program("nonsense", "");
      } catch (OpenClException e) {
        System.out.println(e.kind());
      }
    }
    int division = 0;
    int dereference = 0;
    for (int i = 0; i < 30_000; i++) {
      try {
        sink = 7 / zero;
      } catch (ArithmeticException e) {
        division++;
      }
      try {
        sink = nothing.length;
      } catch (NullPointerException e) {
        dereference++;
      }
    }
    int recursion = 0;
    for (int i = 0; i < 3; i++) {
      try {
        sink = deeper(1);
      } catch (StackOverflowError e) {
        recursion++;
      }
    }
    System.out.println(division + " " + dereference + " " + recursion);
  }

  /** The program handles these signals itself, and says how often, before and after one of each. */
  private static void ownHandlers(String[] names) throws Exception {
    Semaphore handled = new Semaphore(0);
    for (String name : names) {
      UnusedSignal.handle(
          name,
          (proxy, method, arguments) -> {
            handled.release();
            return null;
          });
    }
    exceptions();
    UnusedSignal raised = SignalHandlers.prepare();
    System.out.println("raised " + (raised == null ? "none" : raised.name()));
    int before = handled.drainPermits();
    for (String name : names) {
      String self = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("kill", "-" + name, self).start().waitFor();
    }
    handled.acquire(names.length);
    System.out.println("handled " + before + " and " + (names.length + handled.drainPermits()));
  }

  private static int deeper(int depth) {
    return zero == 0 ? deeper(depth + 1) + depth : depth;
  }

  /** Another user of JOCL may have chosen exceptions instead of statuses. */
  private static void exceptionsEnabled() {
    OpenCl.devices();
    org.jocl.CL.setExceptionsEnabled(true);
    try (OpenClContext context = OpenClContext.open(OpenCl.devices().get(0))) {
      context.program("nonsense", "");
    } catch (OpenClException e) {
      System.out.println(e.kind() + " " + e.status());
    }
    compute();
  }

  private static void build() {
    try (OpenClContext context = OpenClTesting.open()) {
      context.program(OpenClTesting.AXPB, "");
    } catch (OpenClException e) {
      System.out.println(e.kind() + " " + e.getMessage());
    }
  }

  /** More than a large staging buffer, in and out, the way of discrete devices. */
  private static void transfer() {
    float[] x = new float[Staging.LARGE / 4 + 1];
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
    }
    try (OpenClContext context = OpenClTesting.open();
        DeviceBuffer buffer = context.allocate(4L * x.length)) {
      context.queue().setMapped(false);
      buffer.write(0, FloatBuffer.wrap(x));
      buffer.read(0, FloatBuffer.wrap(y));
    }
    System.out.println(Arrays.equals(x, y));
  }

  /** Ends by the signal that services are stopped with; a shutdown hook must still run. */
  private static void terminate() throws Exception {
    compute();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook ran")));
    new ProcessBuilder("kill", "-TERM", Long.toString(ProcessHandle.current().pid())).start();
    Thread.currentThread().join();
  }
}
