package io.github.fusedloss;

import io.github.fusedloss.backend.Option;
import java.util.Arrays;
import java.util.Locale;

/** Checks of arguments, with messages that say what was expected and what came. */
final class Checks {
  /** One over it is a float, and so is a probability over it. */
  private static final float LEAST_DENOMINATOR = 0x1p-126f;

  /** One over it, divided by the scaled sums of a softmax, is a normal float. */
  private static final float LARGEST_DENOMINATOR = 0x1p64f;

  private Checks() {}

  static Reduction reduction(Object reduction) {
    if (reduction instanceof Reduction given) {
      return given;
    }
    throw new IllegalArgumentException("reduction must be none, mean or sum, got " + reduction);
  }

  static double denominator(Object denominator) {
    double value = number("denominator", denominator).doubleValue();
    if (!(value >= LEAST_DENOMINATOR && value <= LARGEST_DENOMINATOR)) {
      throw new IllegalArgumentException(
          "denominator must be positive, from "
              + LEAST_DENOMINATOR
              + " to "
              + LARGEST_DENOMINATOR
              + ", so that gradients divided by it are floats, got "
              + value);
    }
    return value;
  }

  static float number(Option option, Object number) {
    float value = number(option.javaName(), number).floatValue();
    if (!option.isInRange(value)) {
      throw new IllegalArgumentException(
          option.javaName() + " must be in " + option.rangeText() + ", got " + number);
    }
    return value;
  }

  static long integer(String name, Object value) {
    if (value instanceof Long || value instanceof Integer) {
      return ((Number) value).longValue();
    }
    throw new IllegalArgumentException(name + " must be a long or an int, got " + value);
  }

  private static Number number(String name, Object value) {
    if (value instanceof Number number) {
      return number;
    }
    throw new IllegalArgumentException(name + " must be a number, got " + value);
  }

  /** A weight, or null for none. */
  static Tensor weight(String name, Object weight) {
    if (weight != null && !(weight instanceof Tensor)) {
      throw new IllegalArgumentException(name + " must be a tensor, got " + weight);
    }
    Tensor tensor = (Tensor) weight;
    if (tensor != null) {
      type(name, tensor, ElementType.FLOAT32);
    }
    return tensor;
  }

  /** The argument, which may be anything but null. */
  static <T> T given(String name, T argument) {
    if (argument == null) {
      throw new IllegalArgumentException(name + " must be given, got null");
    }
    return argument;
  }

  static void tensor(String name, Tensor tensor) {
    if (tensor == null) {
      throw new IllegalArgumentException(name + " must be a tensor, got null");
    }
  }

  static void type(String name, Tensor tensor, ElementType expected) {
    tensor(name, tensor);
    if (tensor.type() != expected) {
      throw new IllegalArgumentException(
          name + " must be " + text(expected) + ", got " + text(tensor.type()));
    }
  }

  static void floating(String name, Tensor tensor) {
    tensor(name, tensor);
    if (!tensor.type().isFloating()) {
      throw new IllegalArgumentException(
          name + " must be float32, float16 or bfloat16, got " + text(tensor.type()));
    }
  }

  /** A floating-point operand beside an input: float32, or of the input's own type. */
  static void floatingLike(String name, Tensor tensor, Tensor input, String advice) {
    if (tensor.type() != ElementType.FLOAT32 && tensor.type() != input.type()) {
      throw new IllegalArgumentException(
          name
              + " must be float32"
              + (input.type() == ElementType.FLOAT32 ? "" : " or " + text(input.type()))
              + ", got "
              + text(tensor.type())
              + advice);
    }
  }

  static void sameShape(String name, Tensor tensor, String likeName, Tensor like) {
    if (!Arrays.equals(tensor.dimensions(), like.dimensions())) {
      throw new IllegalArgumentException(
          name
              + " must have the shape of the "
              + likeName
              + ", "
              + Tensor.text(like.dimensions())
              + ", got "
              + Tensor.text(tensor.dimensions())
              + Advice.shape(name, tensor.dimensions(), like.dimensions()));
    }
  }

  static String text(ElementType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }
}
