package io.github.fusedloss.opencl;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.Memory;

/** Host side of storage.cl: build options that say how floating-point operands are stored. */
final class Storage {
  private Storage() {}

  /** Of the logits and their gradient. */
  static String input(ElementType type) {
    return option("INPUT", type);
  }

  /** Of the logits and their gradient, and of soft targets. */
  static String of(Memory input, Memory target) {
    ElementType soft = target.type().isFloating() ? target.type() : ElementType.FLOAT32;
    return option("INPUT", input.type()) + option("TARGET", soft);
  }

  private static String option(String name, ElementType type) {
    return switch (type) {
      case FLOAT32 -> ""; // the default
      case FLOAT16 -> " -D " + name + "=F16";
      case BFLOAT16 -> " -D " + name + "=BF16";
      default -> throw new IllegalArgumentException(name + " must be floating-point, got " + type);
    };
  }
}
