package io.github.fusedloss.cpu;

import java.util.Arrays;

/** Measures how fast the host's memory is. */
final class CpuBandwidth {
  private CpuBandwidth() {}

  /** How many floats a thread copies at a time. */
  private static final int PART = 1 << 16;

  /**
   * Returns how many bytes a second a copy of n floats reads and writes, by all threads together: a
   * median.
   */
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
