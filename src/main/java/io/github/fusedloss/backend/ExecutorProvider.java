package io.github.fusedloss.backend;

import io.github.fusedloss.DeviceInfo;
import java.util.List;

/**
 * Finds and opens the executors of one backend; {@link java.util.ServiceLoader} finds the
 * providers.
 */
public interface ExecutorProvider {
  /**
   * The most threads that an executor may be asked for; a larger number is refused as a mistake.
   */
  int MOST_THREADS = 1024;

  /** Returns opencl or cpu: the part of {@link DeviceInfo#name()} before the colon. */
  String backend();

  /**
   * Lists the executors in a fixed order. Never throws: an executor that is broken is listed as not
   * usable.
   */
  List<DeviceInfo> discover();

  /** Says why {@link #discover()} is empty, and what would cure it; empty if it is not. */
  String unavailability();

  /**
   * Opens a usable executor.
   *
   * @param threads how many threads of the host compute one call, or 0 for the default; without
   *     effect if another device computes
   * @throws RuntimeException if it fails after all, with the reason
   */
  Executor open(DeviceInfo info, int threads);
}
