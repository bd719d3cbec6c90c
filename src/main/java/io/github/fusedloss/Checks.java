package io.github.fusedloss;

import io.github.fusedloss.backend.Option;
import java.util.List;
import java.util.Locale;

/** Checks of arguments. Their messages say what was expected and what came. */
final class Checks {
  /**
   * The least denominator: with it, one over it is a float, and so is a probability divided by it.
   */
  private static final float LEAST_DENOMINATOR = 0x1p-126f;

  /**
   * The largest denominator: one over it, divided by the scaled sums of a softmax, is a normal
   * float.
   */
  private static final float LARGEST_DENOMINATOR = 0x1p64f;

  private Checks() {}

  /**
   * Returns the constant of an option that is given by itself or by its name.
   *
   * @param named the choices that a message names
   */
  static Enum<?> choice(Option option, Object value, List<? extends Enum<?>> named) {
    for (Enum<?> choice : option.choices()) {
      if (choice.equals(value) || choice.name().toLowerCase(Locale.ROOT).equals(value)) {
        return choice;
      }
    }
    throw new IllegalArgumentException(
        option.javaName() + " must be " + Option.choicesText(named) + ", got " + value);
  }

  static boolean flag(String name, Object value) {
    if (value instanceof Boolean given) {
      return given;
    }
    throw new IllegalArgumentException(name + " must be true or false, got " + value);
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
    Number given = number(option.javaName(), number);
    float value = given.floatValue();
    // The double is checked too: it may be out of range though it rounds to an end of the range, or
    // to 0.
    if (!option.isInRange(given.doubleValue()) || !option.isInRange(value)) {
      throw new IllegalArgumentException(
          option.javaName() + " must be " + option.rangeText() + ", got " + number);
    }
    return value + 0f; // This turns -0 into 0, so that it equals the default.
  }

  static long integer(Option option, Object value) {
    boolean given = value instanceof Long || value instanceof Integer;
    long number = given ? ((Number) value).longValue() : 0;
    boolean isAxis = option == Option.CLASS_AXIS;
    if (!given || isAxis && number != (int) number) {
      throw new IllegalArgumentException(
          option.javaName()
              + " must be "
              + (isAxis ? "an int" : "a long or an int")
              + ", got "
              + value);
    }
    return number;
  }

  private static Number number(String name, Object value) {
    if (value instanceof Number number) {
      return number;
    }
    throw new IllegalArgumentException(name + " must be a number, got " + value);
  }

  /** Returns the argument, which must not be null. */
  static <T> T given(String name, T argument) {
    if (argument == null) {
      throw new IllegalArgumentException(name + " must be given, got null");
    }
    return argument;
  }

  static String text(ElementType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }
}
