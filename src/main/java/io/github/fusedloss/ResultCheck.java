package io.github.fusedloss;

/** Judges results while a program runs; see {@link FusedLoss#checkedBy}. */
@FunctionalInterface
public interface ResultCheck {
  /**
   * Throws if a result is wrong.
   *
   * @param loss the loss that was computed
   * @param input the input as the caller gave it
   * @param target the target as the caller gave it, with row weights and mask
   * @param upstream the factor of the gradient
   * @param upstreams one factor of the gradient for each loss, or null
   * @param result the result to judge
   */
  void check(
      Loss loss, Tensor input, Target target, float upstream, Tensor upstreams, LossResult result);
}
