package io.github.fusedloss.cli;

import io.github.fusedloss.backend.Option;
import java.util.Locale;

/** A right value for each kind of option, as people type it. */
final class OptionTexts {
  private OptionTexts() {}

  static String right(Option option) {
    return switch (option.kind()) {
      case TENSOR -> throw new IllegalArgumentException(option + " takes a file");
      case INTEGER -> option == Option.CLASS_AXIS ? "1" : "-1";
      case NUMBER -> "0.125";
      case FLAG -> "true";
      case CHOICE -> option.choices().get(0).name().toLowerCase(Locale.ROOT);
      case REDUCTION -> "mean";
      case DENOMINATOR -> "3.5";
    };
  }

  static String wrong(Option option) {
    return switch (option.kind()) {
      case TENSOR -> "missing.npy";
      case INTEGER -> "1.5";
      case NUMBER -> option.isInRange(-0.5f) ? "1.5" : "-0.5";
      case FLAG -> "maybe";
      case CHOICE -> "neither";
      case REDUCTION -> "median";
      case DENOMINATOR -> "0";
    };
  }
}
