package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The JVM keeps its signals while a program computes on OpenCL: PoCL and LLVM take over their
 * handlers, at discovery and at every build. Each in a JVM of its own.
 */
@EnabledOnOs(OS.LINUX)
@EnabledIf("hasOpenCl")
@Tag("once") // It starts the JVMs it means itself.
class SignalsTest {
  private static volatile int sink;

  @TempDir Path cache;

  static boolean hasOpenCl() {
    return FusedLoss.devices().stream().anyMatch(i -> i.backend().equals("opencl") && i.usable());
  }

  static List<Path> jvms() {
    return ForkedJvm.javaHomes();
  }

  /** OpenClProcessTest does so with a small kernel in each of HotSpot's modes. */
  @ParameterizedTest
  @MethodSource("jvms")
  void exceptionsOfJavaArriveAfterEveryStep(Path home) {
    ForkedJvm.Result result =
        ForkedJvm.of(SignalsTest.class, "exceptions")
            .home(home)
            // Nothing built before: it is the compiler that takes the handlers.
            .env("POCL_CACHE_DIR", cache.toString())
            .succeed();
    assertEquals(
        """
        discovered: thrown
        opened: thrown
        uploaded: thrown
        cross entropy: thrown
        binary cross entropy: thrown
        refused: thrown
        closed: thrown""",
        result.out(),
        result::toString);
  }

  @Test
  void shutdownHooksRunWhenTheProgramIsTerminated() {
    ForkedJvm.Result result = ForkedJvm.of(SignalsTest.class, "terminate").run();
    assertEquals(128 + 15, result.exit(), result::toString); // SIGTERM
    assertTrue(result.out().endsWith("hook ran"), result::toString);
  }

  /** Runs in the forked JVMs. */
  public static void main(String[] args) throws Exception {
    if (args[0].equals("terminate")) {
      terminate();
    } else {
      exceptions();
    }
  }

  private static void exceptions() {
    for (DeviceInfo info : FusedLoss.devices()) {
      sink += info.rank();
    }
    report("discovered");
    try (FusedLoss fused = FusedLoss.open("opencl")) {
      report("opened");
      Tensor host = Tensor.of(new float[] {0.25f, 0.5f, 0.75f, 1}, 2, 2);
      Tensor y = Tensor.of(new int[] {1, 0}, 2);
      try (Tensor x = fused.upload(host)) {
        report("uploaded");
        fused.forwardAndGradient(CrossEntropy.DEFAULT, x, y).close();
        report("cross entropy");
        fused.forwardAndGradient(BinaryCrossEntropyWithLogits.DEFAULT, x, x).close();
        report("binary cross entropy");
        try {
          fused.forward(CrossEntropy.DEFAULT, x, Tensor.of(new int[] {7, 7}, 2)).close();
          System.out.print("not ");
        } catch (IndexOutOfBoundsException e) {
          report("refused");
        }
      }
    }
    report("closed");
  }

  private static void report(String step) {
    List<String> missing = SignalExceptions.missing();
    System.out.println(step + (missing.isEmpty() ? ": thrown" : ": not thrown by " + missing));
  }

  private static void terminate() throws Exception {
    FusedLoss fused = FusedLoss.open("opencl");
    Tensor x = fused.upload(Tensor.of(new float[] {0.25f, 0.5f}, 2));
    fused.forwardAndGradient(BinaryCrossEntropyWithLogits.DEFAULT, x, x).close();
    // The library is still open, as when a service is stopped.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook ran")));
    new ProcessBuilder("kill", "-TERM", Long.toString(ProcessHandle.current().pid())).start();
    Thread.currentThread().join();
  }
}
