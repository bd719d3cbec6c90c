package io.github.fusedloss.opencl;

import io.github.fusedloss.ElementType;
import io.github.fusedloss.backend.Memory;
import java.nio.ByteBuffer;

/** Host side of storage.cl and row_weights.cl: build options that say how operands are stored. */
final class Storage {
  private Storage() {}

  /** Returns the option for the type of the logits and their gradient. */
  static String input(ElementType type) {
    return option("INPUT", type);
  }

  /**
   * Returns the options for the types of logits, gradient and soft targets; class indices are no
   * soft targets.
   */
  static String of(Memory input, Memory target) {
    ElementType soft = target.type().isFloating() ? target.type() : ElementType.FLOAT32;
    return option("INPUT", input.type()) + option("TARGET", soft);
  }

  /**
   * Returns the options for the types of logits, gradient and the targets of elements, which may be
   * integers.
   */
  static String ofElements(Memory input, Memory target) {
    return option("INPUT", input.type()) + option("TARGET", target.type());
  }

  private static String option(String name, ElementType type) {
    return switch (type) {
      case FLOAT32 -> ""; // the default
      case FLOAT16 -> " -D " + name + "=F16";
      case BFLOAT16 -> " -D " + name + "=BF16";
      case INT8, INT16, INT32, INT64, UINT8, BOOL ->
          " -D " + name + "=INTEGER -D " + name + "_TYPE=" + integer(type);
    };
  }

  /** Returns OpenCL's name of a type of integers. */
  static String integer(ElementType type) {
    return switch (type) {
      case INT8 -> "char";
      case UINT8, BOOL -> "uchar";
      case INT16 -> "short";
      case INT32 -> "int";
      case INT64 -> "long";
      default -> throw new IllegalArgumentException("type must be of integers, got " + type);
    };
  }

  /** Returns the options for the type of row weights or a mask; nothing if there are none. */
  static String rowWeights(Memory rowWeights) {
    if (rowWeights == null) {
      return "";
    }
    return rowWeights.type().isFloating()
        ? " -D ROW_WEIGHT=float"
        : " -D ROW_WEIGHT=" + integer(rowWeights.type()) + " -D ROW_MASK";
  }

  /** Returns one of the integers that were read from a device. */
  static long integer(ElementType type, ByteBuffer from, int i) {
    return switch (type) {
      case INT8 -> from.get(i);
      case UINT8, BOOL -> Byte.toUnsignedInt(from.get(i));
      case INT16 -> from.getShort(2 * i);
      case INT32 -> from.getInt(4 * i);
      case INT64 -> from.getLong(8 * i);
      default -> throw new IllegalArgumentException("type must be of integers, got " + type);
    };
  }
}
