package io.github.fusedloss.opencl;

import io.github.fusedloss.DeviceInfo;
import io.github.fusedloss.DeviceInfo.DeviceType;
import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.ExecutorProvider;
import java.util.List;

/** The executors on the OpenCL devices of this machine. */
public final class OpenClProvider implements ExecutorProvider {
  @Override
  public String backend() {
    return "opencl";
  }

  @Override
  public List<DeviceInfo> discover() {
    return OpenCl.devices().stream().map(OpenClProvider::describe).toList();
  }

  private static DeviceInfo describe(OpenClDevice device) {
    String reason = OpenCl.unusableReason(device);
    DeviceType type = DeviceType.valueOf(device.type().name());
    int rank =
        switch (type) {
          case GPU -> 60;
          case ACCELERATOR -> 50;
          case CPU -> 40;
        };
    return new DeviceInfo(
        "opencl:" + device.index(),
        "opencl",
        device.name()
            + ", "
            + device.identity().platform()
            + ", driver "
            + device.identity().driverVersion()
            + ", "
            + device.units().count()
            + " compute units",
        type,
        reason == null,
        reason == null ? "" : reason,
        // Integrated graphics processors have fewer units than discrete ones.
        rank * 10000 + Math.min(9999, device.units().count()));
  }

  @Override
  public String unavailability() {
    return OpenCl.unavailableReason().orElse("");
  }

  @Override
  public Executor open(DeviceInfo info, int threads) {
    OpenClDevice device =
        OpenCl.devices().get(Integer.parseInt(info.name().substring("opencl:".length())));
    OpenClContext context =
        Watchdog.run(
            device.name(), hang -> OpenCl.giveUp(device, hang), () -> OpenClContext.open(device));
    boolean opened = false;
    try {
      Executor executor = new GuardedExecutor(new OpenClExecutor(info, context), context);
      opened = true;
      return executor;
    } finally {
      if (!opened) {
        context.close();
      }
    }
  }
}
