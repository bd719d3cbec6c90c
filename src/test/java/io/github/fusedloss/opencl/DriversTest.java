package io.github.fusedloss.opencl;

import static io.github.fusedloss.opencl.OpenClDevice.judge;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriversTest {
  /** Subnormals, infinities and NaN, round to nearest: as {@link OpenClDeviceTest} has them. */
  private static final long ENOUGH = 7;

  /** Systems have the names that Java gives them. */
  @ParameterizedTest
  @ValueSource(strings = {"Windows 11", "Windows Server 2022", "Linux"})
  void linksOfTheVendors(String system) {
    String advice = Drivers.advice(system);
    assertTrue(advice.contains("NVIDIA https://www.nvidia.com/"), advice);
    assertTrue(advice.matches(".*AMD https://\\S+amd\\.com.*"), advice);
    assertTrue(advice.matches(".*Intel https://\\S+intel\\.com.*"), advice);
    assertEquals(system.equals("Linux"), advice.contains("apt-get"), advice);
  }

  @Test
  void noDriverOfAMac() {
    assertTrue(Drivers.advice("Mac OS X").startsWith("on a Mac take cpu:vector"));
  }

  /** All that another driver may cure. */
  @Test
  void reasonsEndWithIt() {
    for (String reason :
        List.of(
            JoclLibrary.explain(new Error("Could not initialize native OpenCL library"), "/tmp"),
            OpenCl.notAsked(new IllegalStateException("anything")),
            OpenCl.givenUp("clFinish has not returned"),
            judge("OpenCL 3.0", true, false, true, true, ENOUGH),
            judge("OpenCL 3.0", true, true, false, true, ENOUGH),
            judge("OpenCL 3.0", true, true, true, false, ENOUGH),
            judge("OpenCL 3.0", true, true, true, true, ENOUGH & ~1),
            judge("OpenCL 3.0", true, true, true, true, ENOUGH & ~2),
            judge("OpenCL 3.0", true, true, true, true, ENOUGH & ~4))) {
      assertTrue(reason.matches(".*(; |: |, or | again )\\Q" + Drivers.advice() + "\\E"), reason);
    }
    assertEquals(
        "it has only OpenCL 1.1, 1.2 is needed; " + Drivers.advice(),
        judge("OpenCL 1.1 ", true, true, true, true, ENOUGH));
    assertEquals(
        "its driver says that it is not available; close what holds it, or " + Drivers.advice(),
        judge("OpenCL 3.0", true, true, false, true, ENOUGH));
  }

  @Test
  void whatNoDriverCuresSaysSo() {
    for (String reason :
        List.of(
            judge("OpenCL 3.0", false, true, true, true, ENOUGH),
            JoclLibrary.explain(new UnsatisfiedLinkError("any"), "/tmp"))) {
      assertTrue(reason.contains(", which no driver changes"), reason);
      assertFalse(reason.contains("https://"), reason);
    }
  }
}
