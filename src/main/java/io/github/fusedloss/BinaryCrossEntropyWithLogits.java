package io.github.fusedloss;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;

/**
 * Binary cross entropy of logits: {@code weight * ((1 - t) * softplus(x) + posWeight * t *
 * softplus(-x))}, PyTorch's {@code binary_cross_entropy_with_logits}.
 *
 * <p>Input and target are tensors of the same shape, of any rank: float32, float16 or bfloat16, the
 * target float32 or of the input's type. Any finite target is accepted, as in PyTorch; accuracy is
 * promised for targets in [0, 1]. Weights are float32 and broadcast to the input's shape by NumPy's
 * rules.
 */
@CheckReturnValue
public final class BinaryCrossEntropyWithLogits extends TypedLoss<BinaryCrossEntropyWithLogits> {
  /** The default options: no weights, no label smoothing, reduction mean. */
  public static final BinaryCrossEntropyWithLogits DEFAULT =
      new BinaryCrossEntropyWithLogits(Options.defaults(Function.BINARY_CROSS_ENTROPY_WITH_LOGITS));

  private static final long serialVersionUID = 1;

  private BinaryCrossEntropyWithLogits(Options options) {
    super(options);
  }

  @Override
  BinaryCrossEntropyWithLogits with(Options options) {
    return new BinaryCrossEntropyWithLogits(options);
  }

  /** Returns the weight of the positive part of the loss, or null if there is none. */
  public Tensor posWeight() {
    return options().tensor(Option.POS_WEIGHT);
  }

  /**
   * Returns a copy with this weight of the positive part of the loss.
   *
   * @param posWeight float32, broadcast to the input's shape; null for none
   */
  public BinaryCrossEntropyWithLogits withPosWeight(Tensor posWeight) {
    return with(options().with(Option.POS_WEIGHT, posWeight));
  }

  /** Returns the share of the target that is spread over both classes. */
  public float labelSmoothing() {
    return options().number(Option.LABEL_SMOOTHING);
  }

  /**
   * Returns a copy with label smoothing e: a target t becomes {@code t * (1 - e) + e / 2}.
   * PyTorch's binary losses have no such option.
   *
   * @param labelSmoothing e, in [0, 1]
   * @throws IllegalArgumentException if it is not in this range
   */
  public BinaryCrossEntropyWithLogits withLabelSmoothing(float labelSmoothing) {
    return with(options().with(Option.LABEL_SMOOTHING, labelSmoothing));
  }
}
