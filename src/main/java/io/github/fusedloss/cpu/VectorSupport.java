package io.github.fusedloss.cpu;

/**
 * The Vector API where this JVM has it. No class of it is loaded before the module is found, so
 * that a JVM without it never meets one.
 */
final class VectorSupport {
  private VectorSupport() {}

  private static final String MODULE = "jdk.incubator.vector";

  /** Why not, and the cure; empty if it is there. */
  static String unavailability() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return "the Vector API is not loaded: start java with --add-modules " + MODULE;
    }
    try {
      int lanes = VectorMath.LENGTH;
      return lanes >= 4 && lanes <= RowTile.VECTOR
          ? ""
          : "vectors of " + lanes + " floats are not supported: 4, 8 or 16 are";
    } catch (LinkageError e) {
      return "this JVM's Vector API is not the one FusedLoss knows: " + e;
    }
  }

  static String shape() {
    return VectorMath.LENGTH * Float.SIZE + "-bit";
  }

  static BlockKernels kernels() {
    String missing = unavailability();
    if (!missing.isEmpty()) {
      throw new IllegalStateException(missing);
    }
    return new VectorKernels();
  }
}
