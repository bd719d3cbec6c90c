package io.github.fusedloss;

import io.github.fusedloss.opencl.ProfiledExecutor;
import java.util.List;

/** FusedLoss on a device whose kernels are timed by the device itself. */
public record Profiled(FusedLoss fused, ProfiledExecutor executor) implements AutoCloseable {
  /** Opens the best OpenCL device. */
  public static Profiled open() {
    try (FusedLoss best = FusedLoss.open("opencl")) {
      ProfiledExecutor executor = ProfiledExecutor.open(best.info());
      return new Profiled(
          new FusedLoss(new Engine(executor.executor(), List.of(), null, "profiled")), executor);
    }
  }

  /** Nanoseconds that the kernels since the last call of this took on the device. */
  public long kernelNanos() {
    return executor.context().kernelNanos();
  }

  @Override
  public void close() {
    fused.close();
  }
}
