package io.github.fusedloss;

import io.github.fusedloss.FaultShim.Mode;
import io.github.fusedloss.opencl.Discoveries;
import io.github.fusedloss.opencl.OpenClException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Lets every OpenCL function this library calls fail, at its first and some later calls, with every
 * code worth a name, while {@link FaultWork} runs on {@code auto} and on the named device; {@code
 * ci/fault-sweep} runs it. After each fault: the JVM lives, the bits are the CPU's or the error is
 * the documented one, nothing that was created is left, at most one line was logged, and the next
 * calls are right.
 *
 * <p>A child JVM works through the faults and says so line by line; where it dies the next one goes
 * on behind the fault that killed it.
 */
final class FaultSweep {
  /** The counts of a sweep. */
  record Result(int injected, int deaths, int wrong, int leaked) {
    boolean clean() {
      return injected > 0 && deaths == 0 && wrong == 0 && leaked == 0;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "fault sweep: %d injected, %d jvm deaths, %d wrong bits, %d leaked objects",
          injected,
          deaths,
          wrong,
          leaked);
    }
  }

  private static final List<String> DISCOVERY =
      List.of("clGetPlatformIDs", "clGetPlatformInfo", "clGetDeviceIDs", "clGetDeviceInfo");

  /** Called when a device is opened, a kernel is first needed, or the device is closed. */
  private static final List<String> ONCE =
      List.of(
          "clCreateContext",
          "clCreateCommandQueue",
          "clCreateProgramWithSource",
          "clBuildProgram",
          "clGetProgramBuildInfo",
          "clCreateKernel",
          "clGetKernelInfo",
          "clGetKernelWorkGroupInfo",
          "clReleaseKernel",
          "clReleaseProgram",
          "clReleaseCommandQueue",
          "clReleaseContext");

  /** Called by every computation. */
  private static final List<String> ALWAYS =
      List.of(
          "clCreateBuffer",
          "clCreateSubBuffer",
          "clSetKernelArg",
          "clEnqueueNDRangeKernel",
          "clEnqueueReadBuffer",
          "clEnqueueWriteBuffer",
          "clEnqueueMapBuffer",
          "clEnqueueUnmapMemObject",
          "clEnqueueFillBuffer",
          "clEnqueueCopyBuffer",
          "clFinish",
          "clWaitForEvents",
          "clReleaseEvent",
          "clReleaseMemObject");

  // No memory (three kinds), no build, an earlier command failed, the queue is gone, the work-group
  // is too large, the buffer is too large, and NVIDIA's own for a device that crashed.
  private static final int[] CODES = {-4, -5, -6, -11, -14, -36, -54, -61, -9999};
  private static final int[] FEW_CODES = {-5, -36, -9999};
  private static final Set<Integer> LOSSES = Set.of(-14, -36, -9999);

  private static final int ALL = Integer.MAX_VALUE;

  /** No step of the work takes a second; a minute says that a child hangs. */
  private static final int CHILD_SECONDS = 60;

  /**
   * One planned fault. Calls are counted from before the device is opened, or, if {@code warm},
   * from when it has done all the work once, so that every kernel is there.
   */
  private record Fault(
      String function, int first, int last, int code, Mode mode, String device, boolean warm) {

    Fault(String function, int first, int code, String device, boolean warm) {
      this(function, first, first, code, Mode.FAIL, device, warm);
    }

    @Override
    public String toString() {
      return function
          + "@"
          + first
          + (mode == Mode.LOSE ? ".. all" : last == first ? "" : "+")
          + "="
          + code
          + (warm ? " on warm " : " on ")
          + device;
    }
  }

  private FaultSweep() {}

  /**
   * Runs the whole sweep, or a part of it: {@code FaultSweep DIRECTORY [FROM [TO]]}.
   *
   * @param args where the shim is built; the number of the first fault, and of the one behind the
   *     last
   */
  public static void main(String[] args) throws Exception {
    if (args[0].equals("child")) {
      new Child().run(args[1].equals("reduced"), Integer.parseInt(args[2]));
      System.exit(0); // No driver's thread keeps this JVM alive.
    }
    int from = args.length < 2 ? 0 : Integer.parseInt(args[1]);
    int to = args.length < 3 ? Integer.MAX_VALUE : Integer.parseInt(args[2]);
    Result result = run(Files.createDirectories(Path.of(args[0])), false, from, to);
    System.out.println(result);
    System.exit(result.clean() ? 0 : 1);
  }

  /**
   * Runs a sweep, with progress on stderr.
   *
   * @param directory for the shim
   * @param reduced some seventy faults instead of all
   */
  static Result run(Path directory, boolean reduced) throws IOException, InterruptedException {
    return run(directory, reduced, 0, Integer.MAX_VALUE);
  }

  private static Result run(Path directory, boolean reduced, int from, int to)
      throws IOException, InterruptedException {
    FaultShim.build(directory);
    int injected = 0;
    int deaths = 0;
    int wrong = 0;
    int leaked = 0;
    int next = from;
    int planned = to;
    while (next < planned) {
      ForkedJvm jvm =
          ForkedJvm.of(FaultSweep.class, "child", reduced ? "reduced" : "whole", "" + next)
              .options("-Xmx512m", "--add-modules", "jdk.incubator.vector");
      ForkedJvm.Running running = FaultShim.under(directory, jvm).start();
      String begun = null;
      try (BufferedReader out = Files.newBufferedReader(running.out())) {
        long heard = System.nanoTime();
        while (true) {
          String line = out.readLine();
          if (line == null) {
            boolean hangs = System.nanoTime() - heard > TimeUnit.SECONDS.toNanos(CHILD_SECONDS);
            if (hangs) {
              running.process().destroyForcibly();
            }
            boolean over = running.process().waitFor(20, TimeUnit.MILLISECONDS);
            line = out.readLine(); // What it said last.
            if (line == null && over) {
              break;
            }
            if (line == null) {
              continue;
            }
          }
          heard = System.nanoTime();
          if (line.startsWith("plan ")) {
            planned = Math.min(to, Integer.parseInt(line.substring(5)));
          } else if (line.startsWith("begin ")) {
            if (next == planned) {
              running.process().destroy();
              break;
            }
            begun = line.substring(6);
            next++;
            if (next % 100 == 0) {
              System.err.printf("fault sweep: %d of %d%n", next, planned);
            }
          } else if (line.startsWith("injected ")) {
            injected += Integer.parseInt(line.substring(9));
          } else if (line.startsWith("WRONG ")) {
            wrong++;
            System.err.println(line + " (" + begun + ")");
          } else if (line.startsWith("LEAK ")) {
            leaked += Integer.parseInt(line.split(" ")[1]);
            System.err.println(line + " (" + begun + ")");
          } else if (line.equals("end")) {
            begun = null;
          }
        }
      }
      ForkedJvm.Result result = running.await();
      if (next < planned && result.exit() != 0 || begun != null) {
        deaths++;
        System.err.println("DEATH " + begun + ": " + result);
        if (begun == null) {
          break; // Not a fault of ours, and it would come again.
        }
      }
    }
    return new Result(injected, deaths, wrong, leaked);
  }

  /** The JVM that runs with the shim. */
  private static final class Child {
    private final FaultShim shim = FaultShim.here();
    private final List<FaultWork.Step> steps = FaultWork.steps();
    private FusedLoss warm;
    private String warmDevice;
    private int uses;
    private int logged;

    Child() {
      Logger logger = Logger.getLogger(FusedLoss.class.getName());
      logger.setUseParentHandlers(false);
      logger.addHandler(
          new Handler() {
            @Override
            public void publish(LogRecord record) {
              logged++;
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
          });
    }

    void run(boolean reduced, int from) {
      List<Fault> plan = plan(reduced);
      System.out.println("plan " + plan.size());
      for (Fault fault : plan.subList(from, plan.size())) {
        if (fault.warm) {
          warmUp(fault.device);
        } else {
          coolDown();
        }
        System.out.println("begin " + fault);
        logged = 0;
        shim.arm(fault.function, fault.first, fault.last, fault.code, fault.mode);
        if (fault.device.equals("discovery")) {
          discover();
        } else if (fault.warm) {
          work(fault);
        } else {
          life(fault);
        }
        shim.disarm();
        System.out.println("injected " + (shim.faults() > 0 ? 1 : 0));
        if (logged > 1) {
          wrong("logged " + logged + " lines");
        }
        if (warm == null) {
          leaks();
        }
        System.out.println("end");
      }
      coolDown();
    }

    private static void wrong(String what) {
      System.out.println("WRONG " + what.lines().findFirst().orElse(""));
    }

    private void leaks() {
      int left = shim.liveInTheEnd();
      if (left != 0) {
        System.out.println("LEAK " + left + shim.living());
        shim.forgetLiving(); // It must not be reported again with every later fault.
      }
    }

    /** Opens a device, and lets it do everything once. */
    private void warmUp(String device) {
      if (warm != null && (!device.equals(warmDevice) || ++uses % 50 == 0)) {
        coolDown();
      }
      if (warm == null) {
        warm = open(device);
        warmDevice = device;
        steps.forEach(step -> step(warm, step, null));
      }
    }

    private void coolDown() {
      if (warm != null) {
        warm.close();
        warm = null;
        leaks();
      }
    }

    private List<Fault> plan(boolean reduced) {
      List<Fault> plan = new ArrayList<>();
      for (String function : reduced ? List.<String>of() : DISCOVERY) {
        for (int code : CODES) {
          plan.add(new Fault(function, 1, code, "discovery", false));
          plan.add(new Fault(function, 2, code, "discovery", false));
          plan.add(new Fault(function, 1, ALL, code, Mode.FAIL, "discovery", false));
        }
      }
      for (String device : List.of("auto", "opencl")) {
        shim.count();
        FusedLoss fused = open(device);
        Map<String, Integer> opening = shim.calls();
        steps.forEach(step -> step(fused, step, null));
        Map<String, Integer> first = shim.calls();
        shim.count();
        steps.forEach(step -> step(fused, step, null));
        Map<String, Integer> working = shim.calls();
        fused.close();
        shim.disarm();
        for (String function : ONCE) {
          int before = opening.getOrDefault(function, 0);
          if (reduced) {
            // Half of them go to each device: each costs an opening, and every step once more.
            if (ONCE.indexOf(function) % 2 == (device.equals("auto") ? 0 : 1)) {
              plan.add(new Fault(function, 1, -36, device, false));
            }
            continue;
          }
          boolean release = function.startsWith("clRelease");
          for (int code : release ? FEW_CODES : CODES) {
            plan.add(new Fault(function, 1, code, device, false));
          }
          int all = first.getOrDefault(function, 0);
          for (int code : all > before ? CODES : new int[0]) {
            plan.add(new Fault(function, before + 1, code, device, false)); // the first loss
          }
          for (int code : all > before ? FEW_CODES : new int[0]) {
            plan.add(new Fault(function, (before + all) / 2, code, device, false));
            plan.add(new Fault(function, all, code, device, false));
          }
          plan.add(new Fault(function, 1, 1, -36, Mode.LOSE, device, false));
        }
        for (String function : ALWAYS) {
          int all = working.getOrDefault(function, 0);
          if (reduced) {
            plan.add(new Fault(function, 1, -61, device, true));
            plan.add(new Fault(function, Math.max(1, all), -5, device, true));
            if (function.endsWith("Kernel")) {
              plan.add(new Fault(function, 1, -36, device, true));
            }
            continue;
          }
          for (int code : opening.containsKey(function) ? FEW_CODES : new int[0]) {
            plan.add(new Fault(function, 1, code, device, false));
          }
          Set<Integer> calls = new TreeSet<>(List.of(1, 2, Math.max(1, all / 2), Math.max(1, all)));
          for (int code : CODES) {
            // A loss costs a new device: once is enough.
            for (int call : LOSSES.contains(code) ? Set.of(1) : calls) {
              plan.add(new Fault(function, call, code, device, true));
            }
          }
          // Again and again, which no second try helps against; and the device gone for ever.
          plan.add(new Fault(function, 1, ALL, -4, Mode.FAIL, device, true));
          plan.add(new Fault(function, 1, ALL, -61, Mode.FAIL, device, true));
          plan.add(new Fault(function, Math.max(1, all / 2), ALL, -36, Mode.LOSE, device, true));
        }
      }
      return plan;
    }

    private void discover() {
      if (Discoveries.devices() < 0) {
        wrong("no device and no reason");
      }
      shim.disarm();
      if (Discoveries.devices() < 1) {
        wrong("no device without a fault");
      }
    }

    /** Everything is shipped to the device, however small. */
    private static FusedLoss open(String device) {
      DeviceSelector selector = DeviceSelector.named(device);
      return new FusedLoss(selector.open(CallPlacementTest::deviceOnly));
    }

    private FusedLoss opened(Fault fault) {
      try {
        return open(fault.device);
      } catch (DeviceUnavailableException e) {
        if (fault.device.equals("auto") || !documented(e.getCause(), fault)) {
          wrong("opening: " + e);
        }
        shim.disarm();
        // Once a function is enough to show that nothing is left of the failure.
        return fault.code == -36 ? open(fault.device) : null;
      }
    }

    /** A device is opened, works and is closed, and the fault comes somewhere on the way. */
    private void life(Fault fault) {
      List<FaultWork.Step> few =
          fault.function.startsWith("clRelease") ? steps.subList(0, 2) : steps;
      try (FusedLoss fused = opened(fault)) {
        if (fused == null) {
          return;
        }
        steps(fused, few, fault);
        shim.resume(); // Closing can fail too.
      }
    }

    /** The device that works already meets the fault, and goes on working if it was not lost. */
    private void work(Fault fault) {
      boolean lost = steps(warm, steps, fault);
      if (lost || LOSSES.contains(fault.code)) {
        coolDown(); // The next fault finds a new one.
      }
    }

    /**
     * Takes the steps with the fault somewhere among them, then without it unless the device has to
     * be opened anew; whether it told that it is lost.
     */
    private boolean steps(FusedLoss fused, List<FaultWork.Step> some, Fault fault) {
      boolean lost = false;
      for (FaultWork.Step step : some) {
        lost |= step(fused, step, fault);
      }
      shim.disarm();
      if (!lost || fault.device.equals("auto")) {
        some.forEach(step -> step(fused, step, null));
      }
      return lost;
    }

    /** Returns whether the device told that it is lost. */
    private boolean step(FusedLoss fused, FaultWork.Step step, Fault fault) {
      try {
        if (!Arrays.equals(step.right(), step.run().apply(fused))) {
          wrong("bits of " + step.name() + (fault == null ? " afterwards" : ""));
        }
        return false;
      } catch (DeviceException e) {
        boolean allowed = fault != null && (step.onDevice() || fault.device.equals("opencl"));
        if (!allowed || !documented(e, fault)) {
          wrong(step.name() + (fault == null ? " afterwards: " : ": ") + e);
        }
        return e.isLost();
      } catch (RuntimeException | Error e) {
        wrong(step.name() + ": " + e);
        return false;
      }
    }

    private static boolean documented(Throwable e, Fault fault) {
      if (!(e instanceof DeviceException failure)) {
        return false;
      }
      if (e instanceof OpenClException cl && cl.status() != 0) {
        return cl.status() == fault.code
            && cl.call().startsWith("cl")
            && cl.getMessage().contains(cl.device());
      }
      return failure.isLost() && failure.getMessage().contains("was lost");
    }
  }
}
