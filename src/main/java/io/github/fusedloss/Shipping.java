package io.github.fusedloss;

import io.github.fusedloss.backend.Executor;
import io.github.fusedloss.backend.HostMemory;

/**
 * From how many elements on a call with host arrays is faster on a device, transfers included, than
 * on the CPU. The device is measured, which takes a few milliseconds; the CPU is not, because its
 * kernels run at a hundredth of their speed until HotSpot has compiled them.
 */
final class Shipping {
  private Shipping() {}

  /** Nanoseconds per element and thread of binary cross entropy with its gradient, measured. */
  private static final double VECTOR = 1.5;

  private static final double SCALAR = 20;

  /** More threads than this wait for memory. */
  private static final int THREADS = 8;

  private static final int SAMPLE = 1 << 20;

  /** The size from which on the device is worth it; {@link Long#MAX_VALUE} if none is. */
  static long from(Executor device, Executor cpu) {
    double call = nanos(device, 1);
    // Two arrays go to the device and one comes back.
    double element = 3 * Math.max(0, nanos(device, SAMPLE) - call) / SAMPLE;
    double own = cpu.info().name().equals("cpu:vector") ? VECTOR : SCALAR;
    int threads = Math.min(THREADS, Runtime.getRuntime().availableProcessors());
    return from(call, element, own / threads);
  }

  /** The same from nanoseconds per call and per element on the device, per element on the CPU. */
  static long from(double call, double element, double own) {
    return own > element ? (long) Math.ceil(call / (own - element)) : Long.MAX_VALUE;
  }

  /** The shortest of three sums of a host array. */
  private static double nanos(Executor device, int size) {
    HostMemory values = HostMemory.of(new float[size]);
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      device.sum(size, values);
      shortest = Math.min(shortest, System.nanoTime() - start);
    }
    return shortest;
  }
}
