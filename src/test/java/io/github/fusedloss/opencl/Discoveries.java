package io.github.fusedloss.opencl;

import io.github.fusedloss.DeviceInfo;
import io.github.fusedloss.backend.Executor;
import java.util.function.Function;

/** What tests outside this package ask about devices. */
public final class Discoveries {
  private Discoveries() {}

  /** For {@code @EnabledIf}: whether there is a device to test on. */
  public static boolean any() {
    return OpenClTesting.hasDevice();
  }

  /** Looks anew and returns how many devices are found; -1 if none is and no reason is given. */
  public static int devices() {
    OpenCl.Discovery found = OpenCl.discover();
    return found.devices().isEmpty() && (found.reason() == null || found.reason().isBlank())
        ? -1
        : found.devices().size();
  }

  /** Applies a function to an executor that computes whether or not its bits are right. */
  public static <T> T unguarded(Function<Executor, T> work) {
    OpenClDevice device = OpenClTesting.device();
    DeviceInfo info = new OpenClProvider().discover().get(device.index());
    try (OpenClContext context = OpenClContext.open(device)) {
      return work.apply(new OpenClExecutor(info, context));
    }
  }
}
