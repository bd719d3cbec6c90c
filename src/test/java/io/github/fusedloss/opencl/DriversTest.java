package io.github.fusedloss.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriversTest {
  /** As Java names them. */
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

  @Test
  void reasonsEndWithIt() {
    String advice = Drivers.advice();
    String loader =
        JoclLibrary.explain(new Error("Could not initialize native OpenCL library"), "/tmp");
    assertEquals("no OpenCL loader could be loaded: " + advice, loader);
    String compiler = OpenClDevice.judge("OpenCL 3.0", true, false, true, true, 7);
    assertEquals("its driver has no OpenCL C compiler; " + advice, compiler);
    String old = OpenClDevice.judge("OpenCL 1.1 ", true, true, true, true, 7);
    assertEquals("it has only OpenCL 1.1, 1.2 is needed; " + advice, old);
  }
}
