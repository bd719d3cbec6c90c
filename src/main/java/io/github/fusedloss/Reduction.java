package io.github.fusedloss;

/** What becomes of the losses of a batch; PyTorch's {@code reduction}. */
public enum Reduction {
  /** One loss for each element or row. */
  NONE,
  /** Their sum over PyTorch's denominator: the number of losses, or the weights of the targets. */
  MEAN,
  /** Their sum. */
  SUM,
  /**
   * Of {@link KlDivLoss} alone: their sum over the length of the first axis, which is the
   * divergence of a sample.
   */
  BATCHMEAN
}
