package io.github.fusedloss.cpu;

import java.util.Objects;
import jdk.incubator.vector.FloatVector;

/**
 * The Vector API where this JVM has it. No class of it is loaded before the module is found, so
 * that a JVM without it never meets one.
 */
final class VectorSupport {
  private VectorSupport() {}

  private static final String MODULE = "jdk.incubator.vector";

  /** Found out once: a class that could not be initialised says why only the first time. */
  private static final String UNAVAILABILITY = look();

  /** Why not, and the cure; empty if it is there. */
  static String unavailability() {
    return UNAVAILABILITY;
  }

  private static String look() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return "the Vector API is not loaded: start java with --add-modules " + MODULE;
    }
    try {
      // Not VectorMath's: shorter vectors have no shorts of half their length.
      int lanes = FloatVector.SPECIES_PREFERRED.length();
      if (lanes < 4 || lanes > RowTile.VECTOR) {
        return "this JVM's vectors hold "
            + lanes
            + " floats, 4, 8 or 16 are needed: leave out -XX:MaxVectorSize, or set it to 16, 32 or"
            + " 64";
      }
      Objects.requireNonNull(VectorMath.SHORTS);
      return "";
    } catch (LinkageError e) {
      return "this JVM's Vector API is not the one FusedLoss knows: " + reason(e);
    }
  }

  /** What went wrong, not that a class could not be initialised. */
  private static Throwable reason(Throwable e) {
    return e instanceof ExceptionInInitializerError && e.getCause() != null
        ? reason(e.getCause())
        : e;
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
