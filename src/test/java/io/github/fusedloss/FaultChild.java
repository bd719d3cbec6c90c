package io.github.fusedloss;

import io.github.fusedloss.FaultShim.Mode;
import io.github.fusedloss.verify.ReferenceCheck;
import io.github.fusedloss.verify.VerificationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Mains of the JVMs that {@link FaultTest} starts, with the shim in the driver's place. */
final class FaultChild {
  private static final FaultShim SHIM = FaultShim.here();
  private static final int FOR_EVER = Integer.MAX_VALUE;

  private FaultChild() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "corrupt" -> corrupt();
      case "hang" -> hang(args[1], args[2]);
      case "concurrent" -> concurrent();
      case "waits" -> waits();
      case "pieces" -> pieces();
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.out.println("end");
    System.exit(0);
  }

  private static FusedLoss open(String device) {
    DeviceSelector selector = DeviceSelector.named(device);
    return new FusedLoss(selector.open(CallPlacementTest::deviceOnly));
  }

  private static void expect(boolean met, String what) {
    if (!met) {
      throw new AssertionError(what);
    }
  }

  private static void right(FaultWork.Step step, FusedLoss fused) {
    expect(Arrays.equals(step.right(), step.run().apply(fused)), "bits of " + step.name());
  }

  private static void rightOnHost(FusedLoss fused, List<FaultWork.Step> steps) {
    steps.stream().filter(step -> !step.onDevice()).forEach(step -> right(step, fused));
  }

  private static final String READ = "clEnqueueReadBuffer";

  private static int reads() {
    return SHIM.calls().getOrDefault(READ, 0);
  }

  /**
   * A wrong word in any of the probe's reads rejects the device: when it is opened, or before the
   * first of its work that the question is about. Later ones are for the check.
   */
  private static void corrupt() {
    List<FaultWork.Step> steps = FaultWork.steps();
    SHIM.count();
    open("opencl").close();
    int opening = reads();
    for (int call = 1; call <= opening; call++) {
      SHIM.arm(READ, call, call, 0, Mode.CORRUPT);
      try {
        open("opencl").close();
        throw new AssertionError(READ + "@" + call + " passed");
      } catch (DeviceUnavailableException e) {
        expect(e.getMessage().contains("computes wrong bits"), e.getMessage());
      }
    }
    int rejected = opening;
    for (FaultWork.Step step : steps) {
      int probe;
      try (FusedLoss fused = open("opencl")) {
        SHIM.count();
        right(step, fused);
        probe = reads();
        SHIM.count();
        right(step, fused);
        probe -= reads();
      }
      for (int call = 1; call <= probe; call += 3) {
        try (FusedLoss fused = open("opencl")) {
          SHIM.arm(READ, call, call, 0, Mode.CORRUPT);
          for (String wanted : List.of("computes wrong bits", "was lost")) {
            try {
              int[] bits = step.run().apply(fused);
              String what = step.name() + ", " + READ + "@" + call;
              throw new AssertionError(what + " passed: " + Arrays.hashCode(bits));
            } catch (DeviceException e) {
              expect(e.isLost() && e.getMessage().contains(wanted), e.getMessage());
            }
          }
        }
        rejected++;
      }
    }
    System.out.println("rejected " + rejected);
    SHIM.arm(READ, 1, FOR_EVER, 0, Mode.CORRUPT);
    try (FusedLoss auto = open("auto")) {
      expect(auto.device().startsWith("cpu"), auto.device());
      expect(auto.choice().contains("wrong"), auto.choice());
      rightOnHost(auto, steps);
    }
    SHIM.disarm();
    try (FusedLoss auto = open("auto")) {
      SHIM.arm(READ, 1, FOR_EVER, 0, Mode.CORRUPT);
      // Not what it was asked about when it was opened; from then on the CPU is in its place.
      steps.stream()
          .filter(step -> step.name().equals("cross_entropy"))
          .forEach(step -> right(step, auto));
      rightOnHost(auto, steps);
    }
    SHIM.disarm();
    int caught = 0;
    try (FusedLoss fused = open("opencl").checkedBy(new ReferenceCheck())) {
      float[] x = new float[100];
      float[] t = new float[100];
      Arrays.fill(x, 1.5f);
      for (int call = 1; call <= 3; call++) { // The sum, the losses, the gradient.
        SHIM.arm("clEnqueueReadBuffer", call, call, 0, Mode.CORRUPT);
        try {
          fused
              .forwardAndGradient(
                  BinaryCrossEntropyWithLogits.DEFAULT.withReduction(Reduction.NONE),
                  Tensor.of(x, 100),
                  Tensor.of(t, 100))
              .close();
        } catch (VerificationException e) {
          caught++;
        }
      }
      SHIM.disarm();
      rightOnHost(fused, steps);
    }
    System.out.println("caught " + caught + " of 3");
    accused();
    expect(SHIM.liveInTheEnd() == 0, "leak of" + SHIM.living());
  }

  /** A device that finds fault with right operands: the word that says so is wrong. */
  private static void accused() {
    int lowHalfOfBad = 8; // Where LossTotals has the row, or the flag of binary cross entropy.
    for (FaultWork.Step step : FaultWork.steps()) {
      if (!List.of("nll_loss", "binary_cross_entropy").contains(step.name())) {
        continue;
      }
      try (FusedLoss fused = open("opencl")) {
        right(step, fused);
        SHIM.word(lowHalfOfBad);
        SHIM.arm(READ, 1, 1, 0, Mode.CORRUPT);
        for (String wanted : List.of("computes wrong bits", "was lost")) {
          try {
            Object result = step.run().apply(fused);
            throw new AssertionError(step.name() + " passed: " + result);
          } catch (DeviceException e) {
            expect(e.isLost() && e.getMessage().contains(wanted), e.getMessage());
          }
        }
        SHIM.word(0);
        SHIM.disarm();
      }
    }
    System.out.println("accused");
  }

  /** A call that never returns, while the device is opened, while it works, or while it closes. */
  private static void hang(String function, String when) {
    List<FaultWork.Step> steps = FaultWork.steps();
    if (when.equals("open")) {
      SHIM.arm(function, 1, FOR_EVER, 0, Mode.HANG);
    }
    try (FusedLoss auto = open("auto")) {
      if (when.equals("open")) {
        expect(auto.device().startsWith("cpu"), auto.device());
        expect(auto.choice().contains(function + " has not returned"), auto.choice());
        rightOnHost(auto, steps);
        return;
      }
      Tensor there = auto.upload(Tensor.of(new float[] {1, 2, 3}, 3));
      SHIM.arm(function, 1, FOR_EVER, 0, Mode.HANG);
      if (when.equals("work")) {
        for (FaultWork.Step step : steps) {
          // To whoever waits for a driver an interrupt is nothing, and it is not lost.
          Thread.currentThread().interrupt();
          if (!step.onDevice() || SHIM.faults() > 0) {
            right(step, auto);
          }
          expect(Thread.interrupted(), "an interrupt was swallowed by " + step.name());
        }
        expect(auto.device().startsWith("cpu"), auto.device());
        expect(auto.liveBytes() == 0, "live bytes " + auto.liveBytes());
        try {
          auto.sum(there);
          expect(false, "a tensor outlived its device");
        } catch (DeviceException e) {
          expect(e.isLost() && e.getMessage().contains("upload it again"), e.getMessage());
        }
        there.close();
        try {
          open("opencl").close();
          expect(false, "a device that hung was opened again");
        } catch (DeviceUnavailableException e) {
          expect(e.getMessage().contains(function + " has not returned"), e.getMessage());
        }
        SHIM.release(); // What comes back late does no harm.
        rightOnHost(auto, steps);
      }
    }
    expect(SHIM.faults() > 0, function + " was not called");
  }

  /** Faults in whichever thread meets them, while all compute; then closed while all compute. */
  private static void concurrent() throws Exception {
    int threads = 6; // more than there are processors
    List<FaultWork.Step> steps = FaultWork.steps();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    for (Mode mode : new Mode[] {Mode.FAIL, Mode.LOSE}) {
      for (int code : new int[] {-5, -36}) {
        FusedLoss fused = open("auto");
        SHIM.arm("clEnqueueNDRangeKernel", 20, 20 + threads, code, mode);
        inThreads(
            pool,
            threads,
            () -> {
              rightOnHost(fused, steps);
              rightOnHost(fused, steps);
              return null;
            });
        expect(SHIM.faults() > 0, "no fault");
        // The device is back where it can be, and goes again under those that use it.
        SHIM.arm("clFinish", 20, 20, code, mode);
        CountDownLatch computing = new CountDownLatch(threads);
        List<Future<?>> closers = new ArrayList<>();
        closers.add(
            Executors.newSingleThreadExecutor()
                .submit(
                    () -> {
                      computing.await();
                      fused.close();
                      return null;
                    }));
        inThreads(
            pool,
            threads,
            () -> {
              try {
                while (true) {
                  rightOnHost(fused, steps);
                  computing.countDown();
                }
              } catch (IllegalStateException e) {
                expect(e.getMessage().contains("closed"), e.toString());
                return null;
              }
            });
        closers.get(0).get();
        SHIM.disarm();
        expect(SHIM.liveInTheEnd() == 0, mode + " " + code + ": leak of" + SHIM.living());
      }
    }
  }

  private static void inThreads(ExecutorService pool, int threads, Callable<?> work)
      throws Exception {
    List<Future<?>> futures = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      futures.add(pool.submit(work));
    }
    for (Future<?> future : futures) {
      future.get();
    }
  }

  /**
   * Resources run out twice, at each call of each function in turn: the call that is tried again
   * fails, too, so that the piece is halved, and counts once. The rows are two blocks and some
   * more.
   */
  private static void pieces() {
    int rows = 2 * 4096 + 100;
    Random random = new Random(1);
    float[] logits = new float[rows * 3];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian();
    }
    Tensor x = Tensor.of(logits, rows, 3);
    Tensor y = Tensor.of(random.ints(rows, 0, 3).toArray(), rows);
    CrossEntropy loss = CrossEntropy.DEFAULT.withZLoss(0.1f);
    int retried = 0;
    try (FusedLoss fused = open("opencl")) {
      List<Double> right = sums(fused, loss, x, y);
      for (String function :
          List.of("clCreateBuffer", "clEnqueueNDRangeKernel", "clEnqueueCopyBuffer")) {
        for (int call = 1; ; call++) {
          SHIM.arm(function, call, call + 1, -5, Mode.FAIL);
          List<Double> sums = right;
          try {
            sums = sums(fused, loss, x, y);
            retried++;
          } catch (DeviceException e) {
            expect(!e.isLost(), e.toString()); // The last piece is too small to be halved.
          }
          boolean injected = SHIM.faults() > 0;
          SHIM.disarm();
          expect(sums.equals(right), sums + " after " + function + "@" + call + ", not " + right);
          if (!injected) {
            break;
          }
        }
      }
    }
    System.out.println("retried " + retried);
  }

  private static List<Double> sums(FusedLoss fused, Loss loss, Tensor x, Tensor y) {
    try (LossResult result = fused.forward(loss, x, y)) {
      return List.of(result.sum(), result.zLossSum());
    }
  }

  /** All transfers are blocking ones. */
  private static final List<String> WAITING =
      List.of(READ, "clEnqueueWriteBuffer", "clEnqueueMapBuffer", "clFinish", "clWaitForEvents");

  /** How often calls wait for the device, whose operands and results are there. */
  private static void waits() {
    try (FusedLoss fused = open("opencl")) {
      Tensor x = fused.upload(Tensor.of(new float[2 * 5000], 2, 5000));
      Tensor y = fused.upload(Tensor.of(new int[] {7, 4999}, 2));
      waits("binary_cross_entropy_with_logits", fused, BinaryCrossEntropyWithLogits.DEFAULT, x, x);
      waits("binary_cross_entropy", fused, BinaryCrossEntropy.DEFAULT, x, x);
      waits("cross_entropy", fused, CrossEntropy.DEFAULT, x, y);
      waits("cross_entropy of probabilities", fused, CrossEntropy.DEFAULT, x, x);
      waits("nll_loss", fused, NllLoss.DEFAULT, x, y);
      waits("softmax", () -> fused.softmax(x).close());
      waits("sigmoid", () -> fused.sigmoid(x).close());
      waits("sum", () -> fused.sum(x));
      waits("max", () -> fused.max(x));
    }
  }

  private static void waits(String name, FusedLoss fused, Loss loss, Tensor x, Tensor y) {
    waits(name, () -> fused.forwardAndGradient(loss, x, y).close());
  }

  private static void waits(String name, Runnable call) {
    call.run(); // The known answers come before the first.
    SHIM.count();
    call.run();
    System.out.println(
        name + ": " + WAITING.stream().mapToInt(f -> SHIM.calls().getOrDefault(f, 0)).sum());
    SHIM.disarm();
  }
}
