package io.github.fusedloss.backend;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Values of options, immutable: those that were given, and the defaults of all others. */
public final class OptionValues implements Serializable {
  /** All defaults. */
  public static final OptionValues DEFAULT = new OptionValues(new EnumMap<>(Option.class));

  private static final long serialVersionUID = 1;

  /** Those that differ from their defaults. */
  private final EnumMap<Option, Object> given;

  private OptionValues(EnumMap<Option, Object> given) {
    this.given = given;
  }

  /** These with another value of one option, which nobody checks here. */
  public OptionValues with(Option option, Object value) {
    EnumMap<Option, Object> values = new EnumMap<>(given);
    if (Objects.equals(value, option.defaultValue())) {
      values.remove(option);
    } else {
      values.put(option, value);
    }
    return new OptionValues(values);
  }

  /** The value of an option. */
  public Object get(Option option) {
    return given.getOrDefault(option, option.defaultValue());
  }

  /** The value of an option that is an integer. */
  public long integer(Option option) {
    return (Long) get(option);
  }

  /** The value of an option that is a float. */
  public float number(Option option) {
    return (Float) get(option);
  }

  /** The value of an option that is on or off. */
  public boolean flag(Option option) {
    return (Boolean) get(option);
  }

  /** Those that differ from their defaults, in the order of the table. */
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
