package io.github.fusedloss.backend;

import io.github.fusedloss.DeviceInfo;
import java.util.List;

/** Finds and opens the executors of one backend; found by {@link java.util.ServiceLoader}. */
public interface ExecutorProvider {
  /** Threads of one executor; more are taken for a mistake. */
  int MOST_THREADS = 1024;

  /** opencl or cpu: the part of {@link DeviceInfo#name()} before the colon. */
  String backend();

  /** What there is, in a fixed order. Never throws: what is broken is listed as not usable. */
  List<DeviceInfo> discover();

  /** Why {@link #discover()} is empty, and what would cure it; empty if it is not. */
  String unavailability();

  /**
   * Opens a usable executor.
   *
   * @param threads of the host that compute one call, or 0 for the default; of no meaning where
   *     another device computes
   * @throws RuntimeException if it fails after all, with the reason
   */
  Executor open(DeviceInfo info, int threads);
}
