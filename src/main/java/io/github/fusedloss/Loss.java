package io.github.fusedloss;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;
import java.io.Serializable;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * A loss with its options. Immutable: {@code withX} returns a changed copy. Defaults are PyTorch's.
 *
 * <p>Two losses are equal if they are of one class and have equal options. A weight on the host is
 * compared by shape and values, one on a device (or too large for an array) is equal to itself
 * alone. A loss can be serialized; a weight is written as its values, and read as a tensor on the
 * host. The stream is for the same version of the library.
 */
@CheckReturnValue
public abstract sealed class Loss implements Serializable permits TypedLoss {
  private static final long serialVersionUID = 1;

  private final Options options;

  Loss(Options options) {
    this.options = options;
  }

  /** PyTorch's name, such as {@code cross_entropy}. */
  public final String name() {
    return function().torchName();
  }

  /** What it computes; of cross entropy, with class indices. */
  final Function function() {
    return options.function();
  }

  /** All options. */
  final Options options() {
    return options;
  }

  /** One of this class. */
  abstract Loss with(Options options);

  /** The weight, or null if there is none. */
  public final Tensor weight() {
    return options.tensor(Option.WEIGHT);
  }

  /** How the losses are reduced. */
  public final Reduction reduction() {
    return options.reduction();
  }

  /**
   * What a mean divides by instead of PyTorch's denominator, for example the number of targets of
   * all micro-batches when gradients are accumulated; empty if none was given.
   */
  public final OptionalDouble denominator() {
    return options.denominator();
  }

  /** What the losses' sum and gradients are divided by, of so many losses. */
  final double divisor(long count) {
    return reduction() == Reduction.MEAN ? denominator().orElse(count) : 1;
  }

  /**
   * With this weight, float32, or none if null: of each element for the binary losses, broadcast to
   * the input's shape by NumPy's rules; of each class, (C), for the others.
   */
  public abstract Loss withWeight(Tensor weight);

  /** With this reduction. */
  public abstract Loss withReduction(Reduction reduction);

  /**
   * With a mean that divides by {@code denominator}.
   *
   * @param denominator in [2^-126, 2^64]
   * @throws IllegalArgumentException if it is another, or the reduction is not {@link
   *     Reduction#MEAN}
   */
  public abstract Loss withDenominator(double denominator);

  /** With PyTorch's denominator: the number of losses, or the weights of the targets. */
  public abstract Loss withoutDenominator();

  /**
   * With an option by PyTorch's name, as programs need it that read options from elsewhere: {@code
   * with("label_smoothing", 0.1)} is {@code withLabelSmoothing(0.1f)}.
   *
   * @param value a {@link Tensor} or null, a number, or a {@link Reduction}
   * @throws IllegalArgumentException if this loss has no such option, or the value is none of its
   */
  public final Loss with(String option, Object value) {
    for (Option known : Option.values()) {
      if (known.torchName().equals(option)) {
        return with(options.with(known, value));
      }
    }
    throw new IllegalArgumentException(
        "option must be "
            + Arrays.stream(Option.values())
                .map(Option::torchName)
                .collect(Collectors.joining(", "))
            + ", got "
            + option);
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof Loss l && options.equals(l.options);
  }

  @Override
  public final int hashCode() {
    return options.hashCode();
  }

  /** Name and options as in Python, those that are not the default. */
  @Override
  public final String toString() {
    return options.toString();
  }
}
