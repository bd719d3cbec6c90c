package io.github.fusedloss;

/** Judges results while a program runs; see {@link FusedLoss#checkedBy}. */
@FunctionalInterface
public interface ResultCheck {
  /**
   * Throws if a result is wrong.
   *
   * @param loss what was computed
   * @param input as given
   * @param target as given, with what came with it
   * @param upstream factor of the gradient
   * @param upstreams factor per loss of the gradient, or null
   * @param result what came out
   */
  void check(
      Loss loss, Tensor input, Target target, float upstream, Tensor upstreams, LossResult result);
}
