package io.github.fusedloss.cpu;

import java.util.Arrays;

/** What the host's memory can do. */
final class CpuBandwidth {
  private CpuBandwidth() {}

  /** Floats that a thread copies at a time. */
  private static final int PART = 1 << 16;

  /** Bytes a second that a copy of n floats reads and writes, all threads together: a median. */
  static double ofCopies(int n, Workers workers) {
    float[] from = new float[n];
    float[] to = new float[n];
    double[] rates = new double[9];
    for (int i = -1; i < rates.length; i++) {
      long start = System.nanoTime();
      workers.run(
          (n + PART - 1) / PART,
          true,
          (part, scratch) -> {
            int at = (int) part * PART;
            System.arraycopy(from, at, to, at, Math.min(PART, n - at));
          });
      long nanos = Math.max(1, System.nanoTime() - start);
      if (i >= 0) {
        rates[i] = 8e9 * n / nanos;
      }
    }
    Arrays.sort(rates);
    return rates[rates.length / 2];
  }
}
