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
 * compared by shape and values. One that is on a device, or too large for an array, is equal to
 * itself alone. A loss can be serialized; a weight is written as its values, and read as a tensor
 * on the host. The stream is for the same version of the library.
 */
@CheckReturnValue
public abstract sealed class Loss implements Serializable permits TypedLoss {
  private static final long serialVersionUID = 1;

  private final Options options;

  Loss(Options options) {
    this.options = options;
  }

  /** Returns PyTorch's name, such as {@code cross_entropy}. */
  public final String name() {
    return function().torchName();
  }

  /**
   * Returns what the loss computes. For cross entropy this is the function of class indices,
   * whatever the target.
   */
  final Function function() {
    return options.function();
  }

  /** Returns all options. */
  final Options options() {
    return options;
  }

  /** Returns a loss of this class with these options. */
  abstract Loss with(Options options);

  /** Returns the weight, or null if there is none. */
  public final Tensor weight() {
    return options.tensor(Option.WEIGHT);
  }

  /** Returns how the losses are reduced. */
  public final Reduction reduction() {
    return options.reduction();
  }

  /**
   * Returns what a mean divides by in the place of PyTorch's denominator; empty if none was given.
   * For example, it is the number of targets of all micro-batches when gradients are accumulated.
   */
  public final OptionalDouble denominator() {
    return options.denominator();
  }

  /** Returns what the sum and the gradients of so many losses are divided by. */
  final double divisor(long count) {
    return reduction() == Reduction.MEAN ? denominator().orElse(count) : 1;
  }

  /**
   * Returns a copy with this weight.
   *
   * @param weight float32, or null for none. Losses over elements have a weight of each element,
   *     broadcast to the input's shape by NumPy's rules; losses over rows have a weight of each
   *     class, (C)
   * @throws IllegalArgumentException if it is of another type, or this is a {@link Distillation},
   *     which has none
   */
  public abstract Loss withWeight(Tensor weight);

  /** Returns a copy with this reduction. */
  public abstract Loss withReduction(Reduction reduction);

  /**
   * Returns a copy whose mean divides by {@code denominator}.
   *
   * @param denominator in [2^-126, 2^64]
   * @throws IllegalArgumentException if it is not in this range, or the reduction is not {@link
   *     Reduction#MEAN}
   */
  public abstract Loss withDenominator(double denominator);

  /**
   * Returns a copy with PyTorch's denominator: the number of losses, or the weights of the targets.
   */
  public abstract Loss withoutDenominator();

  /**
   * Returns a copy with an option given by PyTorch's name, for programs that read options from
   * elsewhere: {@code with("label_smoothing", 0.1)} is {@code withLabelSmoothing(0.1f)}.
   *
   * @param value of the option's type: a {@link Tensor} or null, a number, a boolean, or a constant
   *     such as a {@link Reduction}
   * @throws IllegalArgumentException if this loss has no such option, or the option has no such
   *     value
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

  /** Returns the name and the options that differ from the defaults, as Python writes them. */
  @Override
  public final String toString() {
    return options.toString();
  }
}
