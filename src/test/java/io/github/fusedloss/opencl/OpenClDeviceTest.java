package io.github.fusedloss.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

class OpenClDeviceTest {
  // OpenCL 3.0 specification, CL_DEVICE_SINGLE_FP_CONFIG.
  private static final long DENORM = 1;
  private static final long INF_NAN = 2;
  private static final long ROUND_TO_NEAREST = 4;
  private static final long ENOUGH = DENORM | INF_NAN | ROUND_TO_NEAREST;

  @Test
  void whatADeviceMustHave() {
    assertNull(judge(true, true, true, true, ENOUGH), "software fma is right too");
    List<String> reasons =
        List.of(
            OpenClDevice.judge("OpenCL 1.1 x", true, true, true, true, ENOUGH),
            judge(false, true, true, true, ENOUGH),
            judge(true, false, true, true, ENOUGH),
            judge(true, true, false, true, ENOUGH),
            judge(true, true, true, false, ENOUGH),
            judge(true, true, true, true, ENOUGH & ~DENORM),
            judge(true, true, true, true, ENOUGH & ~INF_NAN),
            judge(true, true, true, true, ENOUGH & ~ROUND_TO_NEAREST));
    assertEquals(8, reasons.stream().distinct().count(), "each has its own reason");
    for (String reason : reasons) {
      assertTrue(reason.contains("; "), reason + " names no cure");
    }
    String subnormals = reasons.get(5);
    assertTrue(subnormals.contains("CL_DEVICE_SINGLE_FP_CONFIG lacks CL_FP_DENORM"), subnormals);
  }

  @Test
  void devicesThatWereNotDiscoveredAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> OpenClContext.open(OpenClTesting.gpu(0, 1)));
    assertThrows(
        IllegalArgumentException.class, () -> OpenClContext.open(OpenClTesting.gpu(-1, 1)));
    assertThrows(
        IllegalArgumentException.class, () -> OpenClContext.open(OpenClTesting.gpu(1 << 20, 1)));
  }

  @Test
  void eitherDevicesOrAReason() {
    assertEquals(OpenCl.devices().isEmpty(), OpenCl.unavailableReason().isPresent());
  }

  @Test
  @EnabledIf("io.github.fusedloss.opencl.OpenClTesting#hasDevice")
  void devicesAreNumberedAndDescribed() {
    List<OpenClDevice> devices = OpenCl.devices();
    for (int k = 0; k < devices.size(); k++) {
      OpenClDevice device = devices.get(k);
      assertEquals(k, device.index());
      assertTrue(device.units().maxWorkGroupSize() >= 1);
      // The full profile's least: 1 MiB a buffer, 32 KiB local.
      assertTrue(device.memory().maxAllocationBytes() >= 1 << 20);
      assertTrue(device.units().localMemoryBytes() >= 32 << 10);
      assertTrue(device.memory().bytes() >= device.memory().maxAllocationBytes());
      assertTrue(device.units().count() >= 1);
      assertTrue(device.memory().isHosts() || device.type() != OpenClDevice.Type.CPU);
      assertNotNull(device.type());
      assertTrue(device.toString().startsWith("opencl:" + k + " "), device.toString());
    }
  }

  @Test
  void statusesHaveTheirNamesAndMeanings() {
    // From cl.h, first and last of each run of numbers.
    assertEquals("CL_SUCCESS", Status.name(0));
    assertEquals("CL_KERNEL_ARG_INFO_NOT_AVAILABLE", Status.name(-19));
    assertEquals("CL_INVALID_VALUE", Status.name(-30));
    assertEquals("CL_INVALID_COMMAND_QUEUE", Status.name(-36));
    assertEquals("CL_INVALID_WORK_GROUP_SIZE", Status.name(-54));
    assertEquals("CL_INVALID_BUFFER_SIZE", Status.name(-61));
    assertEquals("CL_INVALID_GLOBAL_WORK_SIZE", Status.name(-63));
    assertEquals("CL_PLATFORM_NOT_FOUND_KHR", Status.name(-1001));
    for (int unknown : new int[] {1, -20, -29, -64, -9999, Integer.MIN_VALUE}) {
      assertEquals("unknown status", Status.name(unknown));
    }
    assertEquals(OpenClException.Kind.RESOURCE, OpenClException.Kind.of(-4));
    assertEquals(OpenClException.Kind.DEVICE_LOST, OpenClException.Kind.of(-36));
    assertEquals(OpenClException.Kind.UNAVAILABLE, OpenClException.Kind.of(-1001));
    assertEquals(OpenClException.Kind.BUG, OpenClException.Kind.of(-38));
  }

  @Test
  void kernelSourcesComeFromTheJarAlone() {
    String source = KernelSource.of("storage.cl");
    assertTrue(source.startsWith("#line 1 \"numerics.cl\"\n"), source.substring(0, 40));
    assertThrows(IllegalArgumentException.class, () -> KernelSource.of("no_such.cl"));
  }

  private static String judge(
      boolean little, boolean compiler, boolean available, boolean full, long config) {
    return OpenClDevice.judge("OpenCL 1.2 x", little, compiler, available, full, config);
  }
}
