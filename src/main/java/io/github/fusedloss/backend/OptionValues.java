package io.github.fusedloss.backend;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The values of all options: those that were given, and the defaults of the others. Immutable. */
public final class OptionValues implements Serializable {
  /** All options have their defaults. */
  public static final OptionValues DEFAULT = new OptionValues(new EnumMap<>(Option.class));

  private static final long serialVersionUID = 1;

  /** The values that differ from the defaults. */
  private final EnumMap<Option, Object> given;

  private OptionValues(EnumMap<Option, Object> given) {
    this.given = given;
  }

  /** Returns a copy with another value of one option. The value is not checked here. */
  public OptionValues with(Option option, Object value) {
    EnumMap<Option, Object> values = new EnumMap<>(given);
    if (Objects.equals(value, option.defaultValue())) {
      values.remove(option);
    } else {
      values.put(option, value);
    }
    return new OptionValues(values);
  }

  /** Returns the value of an option. */
  public Object get(Option option) {
    return given.getOrDefault(option, option.defaultValue());
  }

  /** Returns the value of an option that is an integer. */
  public long integer(Option option) {
    return (Long) get(option);
  }

  /** Returns the value of an option that is a float. */
  public float number(Option option) {
    return (Float) get(option);
  }

  /** Returns the value of an option that is on or off. */
  public boolean flag(Option option) {
    return (Boolean) get(option);
  }

  /** Returns the values that differ from the defaults, in the order of the table. */
  public Map<Option, Object> given() {
    return given;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OptionValues o && given.equals(o.given);
  }

  @Override
  public int hashCode() {
    return given.hashCode();
  }
}
