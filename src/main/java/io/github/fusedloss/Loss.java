package io.github.fusedloss;

/**
 * A loss with its options. Immutable: every option returns a changed copy, and defaults are
 * PyTorch's.
 */
public sealed interface Loss
    permits BinaryCrossEntropy, BinaryCrossEntropyWithLogits, CrossEntropy, NllLoss {
  /** PyTorch's name, such as {@code cross_entropy}. */
  String name();

  /** How the losses are reduced. */
  Reduction reduction();

  /**
   * What a mean divides by instead of PyTorch's denominator, for example the number of targets of
   * all micro-batches when gradients are accumulated; NaN if none was given.
   */
  double denominator();
}
