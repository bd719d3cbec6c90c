package io.github.fusedloss;

import io.github.fusedloss.backend.Function;
import io.github.fusedloss.backend.Option;

/**
 * Focal loss of logits: {@code weight * alpha_t * (1 - p_t)^gamma * bce}, with {@code bce} binary
 * cross entropy of logits (posWeight included), {@code 1 - p_t = t * (1 - sigmoid(x)) + (1 - t) *
 * sigmoid(x)} and {@code alpha_t = alpha * t + (1 - alpha) * (1 - t)}: torchvision's {@code
 * sigmoid_focal_loss} (Lin et al., Focal Loss for Dense Object Detection, 2017). Its reduction is
 * the mean unless another is given, as for all losses here; torchvision's is none.
 *
 * <p>Input and target are tensors of the same shape, of any rank: the input float32, float16 or
 * bfloat16, the target float32, of the input's type, integers or booleans. Targets are in [0, 1];
 * another one makes its loss and gradient NaN. Weights are float32 and broadcast to the input's
 * shape by NumPy's rules. All digits are kept: with the default options the loss of a logit of -15
 * with target 0 is about 2.1e-20, and not 0.
 */
@CheckReturnValue
public final class SigmoidFocalLoss extends TypedLoss<SigmoidFocalLoss> {
  /** The default options: alpha 0.25, gamma 2, no weights, reduction mean. */
  public static final SigmoidFocalLoss DEFAULT =
      new SigmoidFocalLoss(Options.defaults(Function.SIGMOID_FOCAL_LOSS));

  private static final long serialVersionUID = 1;

  private SigmoidFocalLoss(Options options) {
    super(options);
  }

  @Override
  SigmoidFocalLoss with(Options options) {
    return new SigmoidFocalLoss(options);
  }

  /** Returns the factor of the loss where the target is 1; below 0 if there is none. */
  public float alpha() {
    return options().number(Option.ALPHA);
  }

  /**
   * Returns a copy with this factor of the loss where the target is 1. Where the target is 0 the
   * factor is 1 - alpha.
   *
   * @param alpha finite and at most 1; below 0 for no such factors
   * @throws IllegalArgumentException if it is another
   */
  public SigmoidFocalLoss withAlpha(float alpha) {
    return with(options().with(Option.ALPHA, alpha));
  }

  /** Returns the exponent of the focusing factor {@code (1 - p_t)}. */
  public float gamma() {
    return options().number(Option.GAMMA);
  }

  /**
   * Returns a copy with this exponent of the focusing factor {@code (1 - p_t)}; with 0 the factor
   * is 1.
   *
   * @param gamma in [0, 1024]
   * @throws IllegalArgumentException if it is not in this range
   */
  public SigmoidFocalLoss withGamma(float gamma) {
    return with(options().with(Option.GAMMA, gamma));
  }

  /** Returns what is done to the logits before the loss is computed. */
  public LogitTransform logits() {
    return LogitTransform.of(options());
  }

  /**
   * Returns a copy that does this to the logits first. Gradients are with respect to the logits as
   * given.
   *
   * @param logits without a bias, because a bias is one number for each class and there are no
   *     classes
   * @throws IllegalArgumentException if there is a bias
   */
  public SigmoidFocalLoss withLogits(LogitTransform logits) {
    if (Checks.given("logits", logits).bias() != null) {
      throw new IllegalArgumentException(
          "logits must have no bias for sigmoid_focal_loss, which has no classes, got "
              + logits
              + ": add it to the input, whose gradient is the same");
    }
    return with(logits.in(options()));
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
  public SigmoidFocalLoss withPosWeight(Tensor posWeight) {
    return with(options().with(Option.POS_WEIGHT, posWeight));
  }
}
