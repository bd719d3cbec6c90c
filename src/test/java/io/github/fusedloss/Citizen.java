package io.github.fusedloss;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Mains of the JVMs that {@link Citizenship} starts. The last line says what came out: {@code N
 * wrong, N leaked}.
 */
public final class Citizen {
  private static volatile Object sink;

  private static int wrong;
  private static long leaked;

  private Citizen() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "compute" -> compute(1);
      case "churn" -> churn();
      case "fallback" -> fallback();
      case "signal" -> signal(args);
      case "jocl" -> Class.forName("org.jocl.CL");
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.out.println(wrong + " wrong, " + leaked + " leaked");
    // Threads of the driver, or of churn, must not keep this JVM.
    System.exit(0);
  }

  /**
   * Returns work for every path through the kernels: rows in a tile, beside each other, of several
   * blocks.
   */
  private static List<MixedLosses> work() {
    return List.of(
        new MixedLosses(4097, 70, 10, 1),
        new MixedLosses(65, 3, 1500, 1),
        new MixedLosses(1, 3, 4100, 1),
        new MixedLosses(1023, 2, 19, 17));
  }

  private static void compute(int rounds) {
    FusedLoss.devices();
    exceptionsMustArrive("discovery");
    List<MixedLosses> work = work();
    FusedLoss fused = FusedLoss.open("opencl");
    exceptionsMustArrive("opening");
    for (int round = 0; round < rounds; round++) {
      for (MixedLosses losses : work) {
        int bad = losses.wrong(fused);
        wrong += bad;
        if (bad > 0) {
          System.out.println("wrong bits in " + bad + " calls");
        }
        exceptionsMustArrive("computing");
      }
    }
    leaked += fused.liveBytes();
    fused.close();
    exceptionsMustArrive("closing");
  }

  private static void exceptionsMustArrive(String after) {
    List<String> missing = SignalExceptions.missing();
    if (!missing.isEmpty()) {
      wrong++;
      System.out.println("after " + after + " nothing was thrown by " + missing);
    }
  }

  /** Computes while other threads keep the collector moving what is alive. */
  private static void churn() throws InterruptedException {
    AtomicBoolean done = new AtomicBoolean();
    Thread[] threads = new Thread[2];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = new Thread(() -> litter(done));
      threads[i].start();
    }
    compute(5);
    done.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Arrays of 16 B to 512 KiB, the last 32 of them alive: young, old and humongous objects. */
  private static void litter(AtomicBoolean done) {
    byte[][] alive = new byte[32][];
    for (int i = 0; !done.get(); i++) {
      alive[i % alive.length] = new byte[16 << (i % 16)];
      sink = alive[i % alive.length];
    }
  }

  /** Without OpenCL: auto works, and asking for opencl says why not. */
  private static void fallback() {
    try (FusedLoss fused = FusedLoss.open()) {
      System.out.println("auto took " + fused.device());
      for (MixedLosses losses : work()) {
        wrong += losses.wrong(fused);
      }
      leaked += fused.liveBytes();
    }
    exceptionsMustArrive("falling back");
    try (FusedLoss fused = FusedLoss.open("opencl")) {
      System.out.println("opencl gave " + fused.device());
    } catch (DeviceUnavailableException e) {
      System.out.println("reason: " + e.getMessage());
    }
    exceptionsMustArrive("the refusal");
  }

  /** Sends itself signals, the last of which ends it, while the library is open. */
  private static void signal(String[] signals) throws IOException, InterruptedException {
    FusedLoss fused = FusedLoss.open("opencl");
    wrong += work().get(0).wrong(fused);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> System.out.println("hook ran\n" + wrong + " wrong, 0 leaked")));
    for (int i = 1; i < signals.length; i++) {
      String self = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("kill", "-" + signals[i], self).start().waitFor();
    }
    Thread.currentThread().join();
  }
}
