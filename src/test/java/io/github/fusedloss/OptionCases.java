package io.github.fusedloss;

import io.github.fusedloss.backend.Option;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Losses with options of the table, for tests that compare what was computed in two ways: a new
 * option is in all of them. Reductions and denominators are the tests' own.
 */
final class OptionCases {
  private static final Set<Option.Kind> KINDS =
      EnumSet.of(Option.Kind.TENSOR, Option.Kind.NUMBER, Option.Kind.FLAG, Option.Kind.CHOICE);

  private OptionCases() {}

  /** The options of a loss that change losses and gradients. */
  private static List<Option> of(Loss loss) {
    return Stream.of(Option.values())
        .filter(o -> o.isOf(loss.name()))
        .filter(o -> KINDS.contains(o.kind()))
        .toList();
  }

  /** How many subsets of its options a loss can be given. */
  static int subsets(Loss loss) {
    return 1 << of(loss).size();
  }

  /**
   * The loss with some of its options.
   *
   * @param subset a bit for each option, in the order of the table: 0 is none
   * @param weights of the options that take one, in turn
   */
  static Loss some(Loss loss, int subset, Tensor... weights) {
    Loss result = loss;
    int tensors = 0;
    for (Option option : of(loss)) {
      Object value =
          switch (option.kind()) {
            case TENSOR -> weights[tensors++ % weights.length];
            case NUMBER -> number(option);
            case CHOICE -> option.choices().get(option.choices().size() - 1);
            default -> true;
          };
      boolean needed = option == Option.BETA; // which is of one choice alone
      if ((subset >> of(loss).indexOf(option) & 1) != 0 && (!needed || isJsd(result))) {
        result = result.with(option.torchName(), value);
      }
    }
    return result;
  }

  private static boolean isJsd(Loss loss) {
    return loss instanceof Distillation d && d.divergence() == Divergence.JSD;
  }

  /** A number in the range that is not the default; no power of two. */
  private static float number(Option option) {
    return (Float) option.defaultValue() + (option == Option.SOFTCAP ? 7.3f : 0.1f);
  }

  /** Options of rows that take programs of their own, which are long to compile. */
  private static final Set<Option> COSTLY =
      EnumSet.of(Option.Z_LOSS, Option.SOFTCAP, Option.TEMPERATURE, Option.LOGIT_BIAS);

  /** The loss with all of its options but the costly ones: for tests that are not about these. */
  static Loss most(Loss loss, Tensor... weights) {
    List<Option> options = of(loss);
    int subset = 0;
    for (Option option : options) {
      subset |= COSTLY.contains(option) ? 0 : 1 << options.indexOf(option);
    }
    return some(loss, subset, weights);
  }

  /** The loss with all of its options. */
  static Loss all(Loss loss, Tensor... weights) {
    return some(loss, subsets(loss) - 1, weights);
  }

  /** The loss as it is, with each option alone, and with all. */
  static List<Loss> variants(Loss loss, Tensor... weights) {
    List<Loss> variants = new ArrayList<>(List.of(loss));
    for (int subset = 1; subset < subsets(loss); subset *= 2) {
      variants.add(some(loss, subset, weights));
    }
    if (subsets(loss) > 2) {
      variants.add(all(loss, weights));
    }
    return variants;
  }
}
