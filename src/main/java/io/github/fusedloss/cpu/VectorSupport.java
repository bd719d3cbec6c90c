package io.github.fusedloss.cpu;

/** The Vector API where this JVM has it. */
final class VectorSupport {
  private VectorSupport() {}

  /** Why not, and the cure; empty if it is there. */
  static String unavailability() {
    return "not built yet";
  }

  static String shape() {
    return "";
  }

  static BlockKernels kernels() {
    throw new IllegalStateException(unavailability());
  }
}
