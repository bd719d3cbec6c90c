package io.github.fusedloss.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fusedloss.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the environment can do to OpenCL, each in a JVM of its own. */
@EnabledOnOs(OS.LINUX)
@Tag("once") // It starts the JVMs it means itself.
class OpenClProcessTest {
  private static final String HAS_DEVICE = "io.github.fusedloss.opencl.OpenClTesting#hasDevice";
  private static final String HAS_POCL = "io.github.fusedloss.opencl.OpenClTesting#onlyPocl";

  @TempDir Path temp;

  private static ForkedJvm child(String mode) {
    // Small: it starts faster, and the tests are about the process, not the work.
    return ForkedJvm.of(OpenClChild.class, mode).options("-Xmx64m", "-XX:+UseSerialGC");
  }

  /** Discovery ended without a device, without a crash, and says {@code words} twice. */
  private static void assertNone(ForkedJvm.Result result, String... words) {
    assertEquals(0, result.exit(), result::toString);
    List<String> lines = result.out().lines().toList();
    assertEquals(2, lines.size(), result::toString);
    assertEquals(lines.get(0), lines.get(1));
    assertTrue(lines.get(0).startsWith("none: "), result::toString);
    for (String word : words) {
      assertTrue(lines.get(0).contains(word), () -> word + " is not in " + result);
    }
  }

  @Test
  void switchedOff() {
    assertNone(child("devices").options("-Dfusedloss.opencl=off").run(), "fusedloss.opencl=off");
    assertNone(child("devices").env("FUSEDLOSS_OPENCL", "off").run(), "FUSEDLOSS_OPENCL=off");
  }

  @Test
  void loaderIsGarbage() throws IOException {
    Files.write(temp.resolve("libOpenCL.so.1"), new byte[] {0});
    Files.write(temp.resolve("libOpenCL.so"), new byte[] {0});
    assertNone(
        child("devices").env("LD_LIBRARY_PATH", temp.toString()).run(),
        "no OpenCL loader",
        "apt-get install");
  }

  @Test
  void loaderHasNoOpenCl() throws IOException {
    // Any library will do that is not OpenCL's; this one comes with every JDK.
    Path other = Path.of(System.getProperty("java.home"), "lib", "libzip.so");
    Files.copy(other, temp.resolve("libOpenCL.so.1"));
    assertNone(
        child("devices").env("LD_LIBRARY_PATH", temp.toString()).run(),
        "lacks functions",
        ": reinstall it, or " + Drivers.advice());
  }

  @Test
  void everyReasonNamesACure() {
    // No test can mount a file system; the words are glibc's.
    assertTrue(
        JoclLibrary.explain(
                new UnsatisfiedLinkError("x.so: failed to map segment from shared object"), "/tmp")
            .contains("noexec"));
    assertEquals(
        "JOCL's native library could not be loaded (UnsatisfiedLinkError: one), which no driver"
            + " changes: on Linux it takes glibc and libstdc++; or take cpu:vector",
        JoclLibrary.explain(new UnsatisfiedLinkError("one\ntwo"), "/tmp"));
  }

  @Test
  void temporaryDirectoryIsUnwritable() {
    assertNone(
        child("devices").options("-Djava.io.tmpdir=/proc/nope").run(),
        "/proc/nope",
        "-Djava.io.tmpdir=");
  }

  @Test
  @EnabledIf(HAS_DEVICE)
  void noPlatform() {
    assertNone(
        child("devices").env("OCL_ICD_VENDORS", temp.toString() + "/").run(),
        "no platform",
        "install");
  }

  @Test
  @EnabledIf(HAS_POCL)
  void platformWithoutDevice() {
    assertNone(
        child("devices").env("POCL_DEVICES", "bogus").run(),
        "no OpenCL platform has",
        ": check the driver with `clinfo`, or " + Drivers.advice());
  }

  @Test
  @EnabledIf(HAS_POCL)
  void workGroupsOfOne() {
    ForkedJvm.Result result = child("compute").env("POCL_MAX_WORK_GROUP_SIZE", "1").succeed();
    assertTrue(result.out().contains("work-group of at most 1 work-items"), result::toString);
    assertTrue(result.out().endsWith("max 1 [3.0, 5.0, 7.0, 9.0]"), result::toString);
  }

  @Test
  @EnabledIf(HAS_DEVICE)
  void joclExceptionsSwitchedOnBySomeoneElse() {
    ForkedJvm.Result result = child("exceptionsEnabled").succeed();
    assertTrue(result.out().startsWith("UNSUPPORTED -11\n"), result::toString);
    assertTrue(result.out().endsWith("[3.0, 5.0, 7.0, 9.0]"), result::toString);
  }

  @Test
  @EnabledIf(HAS_DEVICE)
  void jvmsStartingTogetherNeitherCrashNorLeaveFiles() throws IOException {
    List<ForkedJvm.Running> running = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      running.add(child("devices").options("-Djava.io.tmpdir=" + temp).start());
    }
    for (ForkedJvm.Running jvm : running) {
      ForkedJvm.Result result = jvm.succeed();
      assertFalse(result.out().contains("none: "), result::toString);
      assertFalse(result.out().contains("not restored"), result::toString);
    }
    try (Stream<Path> left = Files.list(temp)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  @EnabledIf(HAS_DEVICE)
  void everythingIsReadWhereTheJvmHandsOutCopiesOfArrays() {
    ForkedJvm.Result result = child("compute").options("-Xcheck:jni").succeed();
    assertTrue(result.out().contains("[3.0, 5.0, 7.0, 9.0]"), result::toString);
    // Of what it may complain about, only the driver's signal handlers are out of our hands.
    assertFalse(result.out().contains("WARNING in native method"), result::toString);
    assertFalse(result.out().contains("FATAL ERROR"), result::toString);
  }

  @Test
  @EnabledIf(HAS_POCL)
  void driverThatCannotBuildSaysSo() {
    ForkedJvm.Result result = child("build").env("POCL_CACHE_DIR", "/proc/1").succeed();
    assertTrue(result.out().startsWith("UNSUPPORTED clBuildProgram failed on"), result::toString);
  }

  @Test
  @EnabledIf(HAS_DEVICE)
  void littleDirectMemoryIsSlowNotFatal() {
    // Less than one large staging buffer, enough for small ones.
    ForkedJvm.Result result =
        child("transfer").options("-Xmx256m", "-XX:MaxDirectMemorySize=1m").succeed();
    assertEquals("true", result.out(), result::toString);
  }

  @Test
  @EnabledIf(HAS_DEVICE)
  void shutdownHooksRunWhenTerminated() {
    ForkedJvm.Result result = child("terminate").run();
    assertEquals(128 + 15, result.exit(), result::toString); // SIGTERM
    assertTrue(result.out().endsWith("hook ran"), result::toString);
  }

  static Stream<Arguments> jvms() {
    // Division and null checks trap in the interpreter and in C1, and are coded out by C2.
    List<String> modes = List.of("-XX:+TieredCompilation", "-XX:TieredStopAtLevel=1", "-Xint");
    return ForkedJvm.javaHomes().stream()
        .flatMap(home -> modes.stream().map(mode -> Arguments.of(home, mode)));
  }

  @ParameterizedTest
  @MethodSource("jvms")
  @EnabledIf(HAS_DEVICE)
  void javaExceptionsWorkAfterDiscoveryBuildAndLaunch(Path home, String mode) {
    ForkedJvm.Result result = child("exceptions").home(home).options(mode).succeed();
    assertTrue(result.out().endsWith("\nUNSUPPORTED\n30000 30000 3"), result::toString);
  }

  /**
   * Of two signals FusedLoss raises the one that the program does not handle. If the program
   * handles both, it makes a fault instead.
   */
  @ParameterizedTest
  @CsvSource({"XCPU,SYS,1", "SYS,XCPU,1", "'XCPU,SYS',none,2"})
  @EnabledIf(HAS_DEVICE)
  void handlersOfTheProgramStayAndAreNotCalledWithoutNeed(String own, String raised, int count) {
    ForkedJvm.Result result =
        ForkedJvm.of(OpenClChild.class, "ownHandlers", own).options("-Xmx64m", "-Xint").run();
    assertEquals(0, result.exit(), result::toString);
    assertTrue(
        result.out().endsWith("30000 30000 3\nraised " + raised + "\nhandled 0 and " + count),
        result::toString);
  }

  @Test
  @EnabledIf(HAS_DEVICE)
  void javaExceptionsWorkWithoutTheModuleOfSignals() {
    // All modules of Java SE; jdk.unsupported is none of them.
    ForkedJvm.Result result = child("exceptions").options("--limit-modules=java.se").run();
    assertEquals(0, result.exit(), result::toString);
    assertTrue(result.out().endsWith("\n30000 30000 3"), result::toString);
  }
}
