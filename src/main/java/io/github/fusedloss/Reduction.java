package io.github.fusedloss;

/** How the losses of a batch are reduced to one; PyTorch's {@code reduction}. */
public enum Reduction {
  /** One loss for each element or row, not reduced. */
  NONE,
  /**
   * The sum of the losses over PyTorch's denominator: the number of losses, or the weights of the
   * targets.
   */
  MEAN,
  /** The sum of the losses. */
  SUM,
  /**
   * The sum of the losses over the length of the first axis, which is the divergence of a sample.
   * Only {@link KlDivLoss} has it.
   */
  BATCHMEAN
}
