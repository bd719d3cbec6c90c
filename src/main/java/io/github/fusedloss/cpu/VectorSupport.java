package io.github.fusedloss.cpu;

import java.util.Objects;
import jdk.incubator.vector.FloatVector;

/**
 * The Vector API, if this JVM has it. None of its classes is loaded before its module is found, so
 * that a JVM without it never meets one.
 */
final class VectorSupport {
  private VectorSupport() {}

  private static final String MODULE = "jdk.incubator.vector";

  /** Found out once, because a class that could not be initialised says why only the first time. */
  private static final String UNAVAILABILITY = look();

  /** Says why the Vector API cannot be used, and what cures that; empty if it can. */
  static String unavailability() {
    return UNAVAILABILITY;
  }

  private static String look() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return "the Vector API is not loaded: start java with --add-modules " + MODULE;
    }
    try {
      // VectorMath cannot be asked: it fails if vectors are so short that no vector of shorts has
      // half their length.
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

  /** Returns the failure behind the message that a class could not be initialised. */
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
