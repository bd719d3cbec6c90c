package io.github.fusedloss.opencl;

import io.github.fusedloss.DeviceInfo;
import io.github.fusedloss.backend.Executor;

/** An OpenCL executor whose kernels are timed by the device: {@link OpenClContext#kernelNanos}. */
public record ProfiledExecutor(Executor executor, OpenClContext context) {
  /** Opens the device of an executor of backend opencl. */
  public static ProfiledExecutor open(DeviceInfo info) {
    int index = Integer.parseInt(info.name().substring("opencl:".length()));
    OpenClContext context = OpenClContext.open(OpenCl.devices().get(index), true);
    return new ProfiledExecutor(new OpenClExecutor(info, context), context);
  }
}
