package io.github.fusedloss;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;
import io.github.fusedloss.backend.OptionValues;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * A loss and its options, checked and immutable. Two are equal if all options are. An option that
 * was set to its default counts as not set.
 */
final class Options implements Serializable {
  private static final long serialVersionUID = 1;

  private final Function function;

  /** The values of the options; a tensor is held as a {@link Weight}. */
  private final OptionValues values;

  private Options(Function function, OptionValues values) {
    this.function = function;
    this.values = values;
  }

  static Options defaults(Function function) {
    return new Options(function, OptionValues.DEFAULT);
  }

  Function function() {
    return function;
  }

  /** Returns all values. Tensors among them are of use to this package alone. */
  OptionValues values() {
    return values;
  }

  /** Returns the tensor of an option, or null if there is none. */
  Tensor tensor(Option option) {
    Weight weight = (Weight) values.get(option);
    return weight == null ? null : weight.tensor();
  }

  /**
   * Returns the value of an option that is an integer; its default for a loss that does not have
   * it.
   */
  long integer(Option option) {
    return values.integer(option);
  }

  /** Returns the value of an option that is on or off. */
  boolean flag(Option option) {
    return values.flag(option);
  }

  /** Returns the value of an option that is one of several constants. */
  Object choice(Option option) {
    return values.get(option);
  }

  /**
   * Returns the value of an option that is a float; its default for a loss that does not have it.
   */
  float number(Option option) {
    return values.number(option);
  }

  /** Returns whether an option differs from its default. */
  boolean isGiven(Option option) {
    return values.given().containsKey(option);
  }

  Reduction reduction() {
    return (Reduction) values.get(Option.REDUCTION);
  }

  OptionalDouble denominator() {
    Double value = (Double) values.get(Option.DENOMINATOR);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /**
   * Returns a copy with another value of an option. The value is checked alone and beside the
   * others.
   */
  Options with(Option option, Object value) {
    if (!option.isOf(function.torchName())) {
      throw new IllegalArgumentException(
          option.javaName()
              + " is an option of "
              + String.join(" and ", option.losses())
              + ", not of "
              + function.torchName());
    }
    OptionValues changed = values.with(option, checked(option, value));
    if (option == Option.DIVERGENCE) {
      changed = changed.with(Option.BETA, Option.BETA.defaultValue());
    }
    if (option == Option.BETA && values.get(Option.DIVERGENCE) != Divergence.JSD) {
      throw new IllegalArgumentException(
          "beta needs divergence jsd, got " + text(values.get(Option.DIVERGENCE)));
    }
    Options options = new Options(function, changed);
    if (!function.reductions().contains(options.reduction())) {
      throw new IllegalArgumentException(
          "reduction "
              + text(options.reduction())
              + " is one of kl_div, not of "
              + function.torchName()
              + ": take mean or sum");
    }
    if (options.denominator().isPresent() && options.reduction() != Reduction.MEAN) {
      throw new IllegalArgumentException(
          "denominator needs reduction mean, got " + text(options.reduction()));
    }
    return options;
  }

  /**
   * Returns a copy for the losses of single rows, with reduction none. Options keep their values
   * only if they belong to a single row, see {@link Option#isOfSingleRows}.
   */
  Options ofSingleRows() {
    OptionValues rows = values;
    for (Option option : values.given().keySet()) {
      rows = option.isOfSingleRows() ? rows : rows.with(option, option.defaultValue());
    }
    return new Options(function, rows.with(Option.REDUCTION, Reduction.NONE));
  }

  private Object checked(Option option, Object value) {
    String name = option.javaName();
    return switch (option.kind()) {
      case TENSOR -> {
        Tensor tensor = TensorChecks.weight(name, value);
        yield tensor == null ? null : new Weight(tensor);
      }
      case INTEGER -> Checks.integer(option, value);
      case NUMBER -> Checks.number(option, value);
      case FLAG -> Checks.flag(name, value);
      case CHOICE -> Checks.choice(option, value, option.choices());
      case REDUCTION -> Checks.choice(option, value, function.reductions());
      case DENOMINATOR -> value == null ? null : (Object) Checks.denominator(value);
    };
  }

  private static String text(Object value) {
    return value instanceof Enum<?> e ? e.name().toLowerCase(Locale.ROOT) : value.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Options o && function == o.function && values.equals(o.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(function, values);
  }

  /**
   * Returns text such as cross_entropy(label_smoothing=0.1, reduction=sum), of what differs from
   * the defaults.
   */
  @Override
  public String toString() {
    return values.given().entrySet().stream()
        .map(e -> e.getKey().torchName() + "=" + text(e.getValue()))
        .collect(Collectors.joining(", ", function.torchName() + "(", ")"));
  }
}
