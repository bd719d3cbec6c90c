package io.github.fusedloss;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * A loss and its options, checked and immutable. Two are equal if all options are, and an option
 * that was set to its default counts as not set.
 */
final class Options implements Serializable {
  private static final long serialVersionUID = 1;

  private final Function function;

  /** Those that differ from their defaults; a tensor as a {@link Weight}. */
  private final EnumMap<Option, Object> given;

  private Options(Function function, EnumMap<Option, Object> given) {
    this.function = function;
    this.given = given;
  }

  static Options defaults(Function function) {
    return new Options(function, new EnumMap<>(Option.class));
  }

  Function function() {
    return function;
  }

  /** The tensor of an option, or null if there is none. */
  Tensor tensor(Option option) {
    Weight weight = (Weight) given.get(option);
    return weight == null ? null : weight.tensor();
  }

  /** The value of an option that is an integer; its default for a loss that does not take it. */
  long integer(Option option) {
    return (Long) value(option);
  }

  /** The value of an option that is a float; its default for a loss that does not take it. */
  float number(Option option) {
    return (Float) value(option);
  }

  Reduction reduction() {
    return (Reduction) value(Option.REDUCTION);
  }

  OptionalDouble denominator() {
    Double value = (Double) value(Option.DENOMINATOR);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private Object value(Option option) {
    return given.getOrDefault(option, option.defaultValue());
  }

  /** A copy with another value of an option, checked alone and beside the others. */
  Options with(Option option, Object value) {
    if (!option.isOf(function.torchName())) {
      throw new IllegalArgumentException(
          option.javaName()
              + " is an option of "
              + String.join(" and ", option.losses())
              + ", not of "
              + function.torchName());
    }
    Object checked = checked(option, value);
    EnumMap<Option, Object> values = new EnumMap<>(given);
    if (Objects.equals(checked, option.defaultValue())) {
      values.remove(option);
    } else {
      values.put(option, checked);
    }
    Options options = new Options(function, values);
    if (options.denominator().isPresent() && options.reduction() != Reduction.MEAN) {
      throw new IllegalArgumentException(
          "denominator needs reduction mean, got " + text(options.reduction()));
    }
    return options;
  }

  private static Object checked(Option option, Object value) {
    String name = option.javaName();
    return switch (option.kind()) {
      case TENSOR -> {
        Tensor tensor = TensorChecks.weight(name, value);
        yield tensor == null ? null : new Weight(tensor);
      }
      case INTEGER -> Checks.integer(name, value);
      case NUMBER -> Checks.number(option, value);
      case REDUCTION -> Checks.reduction(value);
      case DENOMINATOR -> value == null ? null : (Object) Checks.denominator(value);
    };
  }

  private static String text(Object value) {
    return value instanceof Reduction r ? r.name().toLowerCase(Locale.ROOT) : value.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Options o && function == o.function && given.equals(o.given);
  }

  @Override
  public int hashCode() {
    return Objects.hash(function, given);
  }

  /** Such as cross_entropy(label_smoothing=0.1, reduction=sum): what differs from the defaults. */
  @Override
  public String toString() {
    return given.entrySet().stream()
        .map(e -> e.getKey().torchName() + "=" + text(e.getValue()))
        .collect(Collectors.joining(", ", function.torchName() + "(", ")"));
  }
}
