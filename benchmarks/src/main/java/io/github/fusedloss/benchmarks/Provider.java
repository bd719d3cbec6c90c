package io.github.fusedloss.benchmarks;

/** A library, as a Java program would use it. One per JVM. */
interface Provider extends AutoCloseable {
  /** What computes: hardware, driver or version, for people. */
  String device();

  /**
   * The device's own copy, bytes read plus written per second; 0 for what computes in host memory,
   * whose floor is the host's copy.
   */
  default double copyBandwidth(long bytes) {
    return 0;
  }

  /**
   * Whether 16-bit numbers are only stored: computed with in float32, every result rounded once. A
   * provider whose steps each round to 16 bits says false and is checked less strictly.
   */
  default boolean roundsOnce() {
    return true;
  }

  /** Says what a library lacks, where a work needs it. */
  static void refuse(boolean needed, String what) {
    if (needed) {
      throw new UnsupportedOperationException(what);
    }
  }

  /**
   * Makes ready what a program has before its loop: tensors, uploads.
   *
   * @throws UnsupportedOperationException if the library has no such function: says what it lacks
   */
  Call prepare(Problem problem) throws Exception;

  @Override
  default void close() {}
}
