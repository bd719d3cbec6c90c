package io.github.fusedloss;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where the heap is full a call ends with an OutOfMemoryError and with nothing else, all that it
 * held is given back, and the next call is as if nothing had been.
 */
@Tag("once") // It starts the JVMs it means itself.
class OutOfMemoryTest {
  static List<String> devices() {
    return FusedLoss.devices().stream()
        .filter(info -> info.usable() && !info.name().equals("cpu:vector")) // as cpu:scalar
        .map(DeviceInfo::name)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("devices")
  void everyAllocationMayFail(String device) {
    ForkedJvm.Result result =
        ForkedJvm.of(OutOfMemoryChild.class, device)
            .options("-Xmx10m", "-XX:+UseSerialGC", "-XX:-UseTLAB")
            // Full collections take most of the time, and are faster without.
            .options("-XX:-ClassUnloading")
            .options("-Dfusedloss.cpu.threads=1", "--add-modules", "jdk.incubator.vector")
            .succeed();
    assertTrue(result.out().endsWith("end"), result::toString);
    assertTrue(result.err().lines().allMatch(OutOfMemoryTest::expected), result::toString);
  }

  /** JOCL waits for unmappings on threads of its own, which find no room either, and say so. */
  private static boolean expected(String line) {
    return line.isEmpty()
        || line.contains("incubator")
        || line.contains("AsyncOpThread")
        || line.matches("\\s+at (java|org\\.jocl)\\..*");
  }
}
