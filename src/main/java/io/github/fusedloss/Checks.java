package io.github.fusedloss;

import io.github.fusedloss.backend.Option;
import java.util.List;
import java.util.Locale;

/** Checks of arguments, with messages that say what was expected and what came. */
final class Checks {
  /** One over it is a float, and so is a probability over it. */
  private static final float LEAST_DENOMINATOR = 0x1p-126f;

  /** One over it, divided by the scaled sums of a softmax, is a normal float. */
  private static final float LARGEST_DENOMINATOR = 0x1p64f;

  private Checks() {}

  /**
   * A constant, or its name.
   *
   * @param named what a message says there is
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
    // A double is checked, too: what rounds to an end of the range, or to 0, may be beyond it.
    if (!option.isInRange(given.doubleValue()) || !option.isInRange(value)) {
      throw new IllegalArgumentException(
          option.javaName() + " must be " + option.rangeText() + ", got " + number);
    }
    return value + 0f; // -0 is the default 0, and no other number.
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

  /** The argument, which may be anything but null. */
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
