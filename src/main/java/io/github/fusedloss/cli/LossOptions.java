package io.github.fusedloss.cli;

import io.github.fusedloss.BinaryCrossEntropy;
import io.github.fusedloss.BinaryCrossEntropyWithLogits;
import io.github.fusedloss.CrossEntropy;
import io.github.fusedloss.Distillation;
import io.github.fusedloss.KlDivLoss;
import io.github.fusedloss.Loss;
import io.github.fusedloss.NllLoss;
import io.github.fusedloss.SigmoidFocalLoss;
import io.github.fusedloss.SoftmaxFocalLoss;
import io.github.fusedloss.Tensor;
import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A loss and its options on one command line. The flags are made from the table of options. */
final class LossOptions {
  private static final List<Loss> LOSSES =
      List.of(
          BinaryCrossEntropy.DEFAULT,
          BinaryCrossEntropyWithLogits.DEFAULT,
          CrossEntropy.DEFAULT,
          NllLoss.DEFAULT,
          SigmoidFocalLoss.DEFAULT,
          KlDivLoss.DEFAULT,
          SoftmaxFocalLoss.DEFAULT,
          Distillation.DEFAULT);

  /** Adds a flag for each option of the table. */
  static class Flags implements IModelTransformer {
    /** Returns whether the command has a flag for this option. */
    boolean has(Option option) {
      return true;
    }

    /** Returns the only loss of the command, or null if it has several. */
    Loss only() {
      return null;
    }

    @Override
    public CommandSpec transform(CommandSpec command) {
      String whose = only() == null ? "the losses" : only().name();
      ArgGroupSpec.Builder group =
          ArgGroupSpec.builder().heading("%nOptions of " + whose + ":%n").validate(false);
      for (Option option : Option.values()) {
        if (!has(option)) {
          continue;
        }
        group.addArg(
            OptionSpec.builder(option.flag())
                .type(type(option))
                .arity(option.kind() == Option.Kind.FLAG ? "0..1" : "1")
                .fallbackValue("true") // of those that need no value
                .paramLabel(label(option))
                .description(description(option))
                .build());
      }
      return command.addArgGroup(group.build());
    }

    private static Class<?> type(Option option) {
      return switch (option.kind()) {
        case TENSOR, CHOICE, REDUCTION -> String.class;
        case INTEGER -> Long.class;
        case NUMBER, DENOMINATOR -> Double.class;
        case FLAG -> Boolean.class;
      };
    }

    private static String label(Option option) {
      return switch (option.kind()) {
        case TENSOR -> "W";
        case CHOICE -> Option.choicesText(option.choices()).replace(", ", "|").replace(" or ", "|");
        case REDUCTION -> "R";
        case INTEGER -> "K";
        case NUMBER -> "E";
        case DENOMINATOR -> "D";
        case FLAG -> "true|false";
      };
    }

    private String description(Option option) {
      List<String> losses = option.losses();
      boolean all = only() != null || losses.size() == LOSSES.size();
      return (all ? "" : "of " + String.join(", ", losses) + ": ")
          + option.description()
          + (option.kind() == Option.Kind.NUMBER ? ", " + option.rangeText() : "")
          + (option.defaultValue() == null || option.kind() == Option.Kind.FLAG
              ? ""
              : " (default: " + option.defaultText() + ")");
    }
  }

  /** The names of the losses, for the help. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return LOSSES.stream().map(Loss::name).iterator();
    }
  }

  private final Loss plain;
  private final Map<Option, Object> given = new EnumMap<>(Option.class);

  /** Takes the options that were given to the command, and refuses those of other losses. */
  LossOptions(String name, CommandSpec command) {
    plain =
        LOSSES.stream()
            .filter(loss -> loss.name().equals(name))
            .findFirst()
            .orElseThrow(() -> Failure.input("--loss must be " + names() + ", got " + name));
    for (Option option : Option.values()) {
      Object value = command.commandLine().getParseResult().matchedOptionValue(option.flag(), null);
      if (value != null) {
        if (!option.isOf(name)) {
          throw Failure.input(
              option.flag()
                  + " is an option of "
                  + String.join(" and ", option.losses())
                  + ", not of "
                  + name);
        }
        given.put(option, value);
      }
    }
  }

  private static String names() {
    return Option.either(LOSSES.stream().map(Loss::name).toList());
  }

  /** Returns whether the loss compares the input with a teacher. */
  boolean hasTeacher() {
    return Function.ofLoss(plain.name()).hasTeacher();
  }

  /** Returns whether the loss takes an option. */
  boolean has(Option option) {
    return option.isOf(plain.name());
  }

  /** Returns whether a penalty is added to the loss of each row. */
  boolean hasPenalty() {
    return ((Number) value(Option.PENALTY)).floatValue() > 0;
  }

  /** Returns what was given for an option, or else its default. */
  Object value(Option option) {
    return given.getOrDefault(option, option.defaultValue());
  }

  /** Returns the files that were given for weights. */
  List<FileName> files() {
    List<FileName> files = new ArrayList<>();
    given.forEach(
        (option, value) -> {
          if (option.kind() == Option.Kind.TENSOR) {
            files.add(file(option, value));
          }
        });
    return files;
  }

  private static FileName file(Option option, Object typed) {
    return FileName.of(option.javaName(), option.flag(), (String) typed);
  }

  /**
   * Returns the loss with its options.
   *
   * @param weights reads the weight in a file
   */
  Loss loss(java.util.function.Function<FileName, Tensor> weights) {
    Loss loss = plain;
    for (Map.Entry<Option, Object> entry : given.entrySet()) {
      Option option = entry.getKey();
      Object value = entry.getValue();
      loss =
          loss.with(
              option.torchName(),
              option.kind() == Option.Kind.TENSOR ? weights.apply(file(option, value)) : value);
    }
    return loss;
  }
}
